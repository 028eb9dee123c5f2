"""What every proof with the Python SDK shares: the client, and a close look at what it built."""

import os
from itertools import groupby

from openai import OpenAI
from pydantic import BaseModel

client = OpenAI(admin_api_key=os.environ["OPENAI_API_KEY"])
MODEL = "gpt-5.5"

# Sent by the API, but in no type of the SDK.
UNTYPED = {"obfuscation", "store"}


def checked(model):
    """The SDK builds its objects without looking; here each one is held against its own type."""
    type(model).model_validate(model.to_dict(mode="json"))
    strangers = set(extras(model)) - UNTYPED
    assert not strangers, f"{type(model).__name__} has no field for {strangers}"
    return model


def extras(value):
    if isinstance(value, BaseModel):
        yield from value.model_extra or {}
        for field in type(value).model_fields:
            yield from extras(getattr(value, field, None))
    elif isinstance(value, list):
        for item in value:
            yield from extras(item)


def collected(stream, types):
    events = []
    for event in stream:
        assert isinstance(event, types), f"{event} has no type of its own"
        events.append(checked(event))
    return events


def kinds(events):
    return [kind for kind, _ in groupby(event.type for event in events)]


def numbered(events):
    return [event.sequence_number for event in events] == list(range(len(events)))


def joined(events, kind):
    return "".join(event.delta for event in events if event.type == kind)


def refused(call):
    """The class of the SDK's own error, with what it read from the reply."""
    import openai

    try:
        call()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code, error.param]
    return None
