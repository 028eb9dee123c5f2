"""Runs the official Python SDK against the address in OPENAI_BASE_URL and prints what came of it as JSON."""

import json
from typing import get_args

from openai import OpenAI
from openai.types.model import Model
from openai.types.responses import Response, ResponseStreamEvent
from proof import MODEL, checked, client, collected, joined, kinds, numbered, refused
from pydantic import BaseModel, Field

EVENT_TYPES = get_args(get_args(ResponseStreamEvent)[0])


def created():
    raw = client.responses.with_raw_response.create(model=MODEL, input="Say hello.", reasoning={"effort": "low"})
    response = checked(raw.parse())
    assert isinstance(response, Response)
    assert response._request_id == raw.headers["x-request-id"]
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    return {
        "status": response.status,
        "items": [item.type for item in response.output],
        "sample": raw.headers["x-rheostat-sample"],
        "opening": response.output_text.split(". ")[0],
    }


def streamed():
    stream = client.responses.create(
        model=MODEL, input="Say hello.", stream=True, reasoning={"effort": "medium", "summary": "auto"}
    )
    events = collected(stream, EVENT_TYPES)
    end = events[-1].response
    assert joined(events, "response.output_text.delta") == end.output_text
    return {"kinds": kinds(events), "numbered": numbered(events)}


def accumulated():
    """The SDK's own accumulator fails on an event that is out of place."""
    deltas = ""
    with client.responses.stream(
        model=MODEL, input="Say hello.", reasoning={"effort": "low", "summary": "auto"}
    ) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                deltas += event.delta
        final = stream.get_final_response()
    return {"status": final.status, "equal": deltas == final.output_text}


def incomplete():
    response = checked(
        client.responses.create(
            model=MODEL, input="Say hello.", reasoning={"effort": "high"}, max_output_tokens=16
        )
    )
    return {
        "status": response.status,
        "why": response.incomplete_details.reason,
        "text": response.output_text,
    }


class Person(BaseModel):
    name: str
    age: int = Field(ge=0, le=150)


def structured():
    response = client.responses.parse(model=MODEL, input="Extract.", text_format=Person)
    assert isinstance(response.output_parsed, Person)
    return {"keys": list(response.output_parsed.model_dump())}


def called():
    tools = [
        {
            "type": "function",
            "name": "get_weather",
            "strict": True,
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
                "additionalProperties": False,
            },
        }
    ]
    messages = [{"role": "user", "content": "How is the weather?"}]
    events = collected(client.responses.create(model=MODEL, input=messages, tools=tools, stream=True), EVENT_TYPES)
    call = events[-1].response.output[-1]
    assert joined(events, "response.function_call_arguments.delta") == call.arguments
    answer = client.responses.create(
        model=MODEL,
        tools=tools,
        input=[
            *messages,
            *(item.to_dict() for item in events[-1].response.output),
            {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"},
        ],
    )
    return {
        "name": call.name,
        "arguments": list(json.loads(call.arguments)),
        "kinds": kinds(events),
        "then": checked(answer).output[-1].type,
    }


def models():
    ids = [checked(entry).id for entry in client.models.list()]
    one = client.models.retrieve("gpt-5.5-pro")
    assert isinstance(one, Model)
    return {"first": ids[0], "one": checked(one).id}


def errors():
    def ask(**body):
        return lambda: client.responses.create(**{"model": MODEL, "input": "hi", **body})

    stranger = OpenAI(api_key="sk-invalid-0123456789")
    return {
        "key": refused(lambda: stranger.responses.create(model=MODEL, input="hi")),
        "effort": refused(ask(reasoning={"effort": "minimal"})),
        "temperature": refused(ask(temperature=0.2, stream=True)),
        "model": refused(ask(model="gpt-none")),
        "page": refused(ask(extra_headers={"origin": "https://evil.example"})),
    }


checks = [created, streamed, accumulated, incomplete, structured, called, models, errors]
print(json.dumps({check.__name__: check() for check in checks}))
