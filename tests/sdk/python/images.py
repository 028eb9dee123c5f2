"""Pictures."""

import base64
import json
from typing import get_args

from openai.types import ImagesResponse
from openai.types.image_gen_stream_event import ImageGenStreamEvent
from proof import checked, client, collected, refused

EVENT_TYPES = get_args(get_args(ImageGenStreamEvent)[0])
ASKED = {"model": "gpt-image-2", "prompt": "A lighthouse", "size": "1024x1024", "quality": "low"}


def drawn():
    made = checked(client.images.generate(**ASKED))
    assert isinstance(made, ImagesResponse)
    return {
        "png": base64.b64decode(made.data[0].b64_json)[1:4].decode(),
        "size": made.size,
        "tokens": made.usage.output_tokens,
    }


def grown():
    events = collected(client.images.generate(**ASKED, stream=True, partial_images=2), EVENT_TYPES)
    return {"kinds": [event.type for event in events], "tokens": events[-1].usage.output_tokens}


def errors():
    return {"size": refused(lambda: client.images.generate(**{**ASKED, "size": "1000x1000"}))}


checks = [drawn, grown, errors]
print(json.dumps({check.__name__: check() for check in checks}))
