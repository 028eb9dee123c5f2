"""Background responses, resumed streams, chains of turns, their items and their tokens."""

import json
import time
from typing import get_args

from openai.types.responses import Response, ResponseStreamEvent
from openai.types.responses.input_token_count_response import InputTokenCountResponse
from proof import MODEL, checked, client, collected, kinds, numbered, refused

EVENT_TYPES = get_args(get_args(ResponseStreamEvent)[0])


def polled():
    begun = checked(client.responses.create(model=MODEL, input="Say hello.", background=True))
    now = begun
    while now.status in ("queued", "in_progress"):
        time.sleep(0.01)
        now = checked(client.responses.retrieve(begun.id))
    assert isinstance(now, Response) and now.output_text
    again = client.responses.cancel(begun.id)
    return {"begun": begun.status, "ended": now.status, "cancelled": again.status}


def resumed():
    stream = client.responses.create(
        model=MODEL, input="Say hello.", background=True, stream=True, reasoning={"effort": "none"}
    )
    seen = []
    for event in stream:
        seen.append(checked(event))
        if event.sequence_number == 5:
            break
    stream.close()
    made = seen[0].response.id
    rest = collected(client.responses.retrieve(made, stream=True, starting_after=5), EVENT_TYPES)
    return {
        "kinds": kinds(seen + rest),
        "numbered": numbered(seen + rest),
        "whole": rest[-1].response.output_text == client.responses.retrieve(made).output_text,
    }


def continued():
    first = client.responses.create(model=MODEL, input="Say hello.")
    second = checked(client.responses.create(model=MODEL, input="Again.", previous_response_id=first.id))
    items = [checked(item) for item in client.responses.input_items.list(second.id, limit=1, order="asc")]
    counted = client.responses.input_tokens.count(
        model=MODEL, input="Again.", previous_response_id=first.id
    )
    assert isinstance(counted, InputTokenCountResponse)
    return {
        "items": [item.type for item in items],
        "counted": checked(counted).input_tokens == second.usage.input_tokens,
    }


def removed():
    made = client.responses.create(model=MODEL, input="Say hello.", reasoning={"effort": "none"})
    client.responses.delete(made.id)
    unkept = client.responses.create(model=MODEL, input="Say it.", store=False)
    return {
        "deleted": refused(lambda: client.responses.retrieve(made.id)),
        "unkept": refused(lambda: client.responses.retrieve(unkept.id)),
        "before": refused(
            lambda: client.responses.create(model=MODEL, input="More.", previous_response_id=made.id)
        ),
    }


checks = [polled, resumed, continued, removed]
print(json.dumps({check.__name__: check() for check in checks}))
