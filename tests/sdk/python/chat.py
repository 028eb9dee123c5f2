"""Chat Completions."""

import json

from openai.types.chat import ChatCompletion, ChatCompletionChunk
from proof import MODEL, checked, client, collected, refused
from pydantic import BaseModel, Field

HELLO = [{"role": "user", "content": "Say hello."}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


def whole():
    raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=HELLO)
    made = checked(raw.parse())
    assert isinstance(made, ChatCompletion)
    usage = made.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    return {
        "finish": made.choices[0].finish_reason,
        "opening": made.choices[0].message.content.split(". ")[0],
        "reasoned": usage.completion_tokens_details.reasoning_tokens > 0,
        "sample": raw.headers["x-rheostat-sample"],
    }


def streamed():
    stream = client.chat.completions.create(
        model=MODEL, messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = collected(stream, ChatCompletionChunk)
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    whole = client.chat.completions.create(model=MODEL, messages=HELLO)
    return {
        "equal": text == whole.choices[0].message.content,
        "finish": chunks[-2].choices[0].finish_reason,
        "usage": chunks[-1].usage == whole.usage,
        "last": len(chunks[-1].choices),
    }


def accumulated():
    """The SDK's own accumulator fails on a chunk that is out of place."""
    with client.chat.completions.stream(model=MODEL, messages=HELLO, tools=[TOOL]) as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion()
    call = final.choices[0].message.tool_calls[0]
    return {"name": call.function.name, "arguments": list(json.loads(call.function.arguments))}


def called():
    first = checked(client.chat.completions.create(model=MODEL, messages=HELLO, tools=[TOOL]))
    message = first.choices[0].message
    call = message.tool_calls[0]
    answer = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    second = client.chat.completions.create(
        model=MODEL, messages=[*HELLO, message.to_dict(), answer], tools=[TOOL]
    )
    return {
        "finish": first.choices[0].finish_reason,
        "name": call.function.name,
        "then": checked(second).choices[0].finish_reason,
    }


class Person(BaseModel):
    name: str
    age: int = Field(ge=0, le=150)


def structured():
    made = client.chat.completions.parse(model=MODEL, messages=HELLO, response_format=Person)
    assert isinstance(made.choices[0].message.parsed, Person)
    return {"keys": list(made.choices[0].message.parsed.model_dump())}


def errors():
    def ask(**body):
        return lambda: client.chat.completions.create(**{"model": MODEL, "messages": HELLO, **body})

    return {
        "pro": refused(ask(model="gpt-5.5-pro")),
        "max_tokens": refused(ask(max_tokens=100)),
        "effort": refused(ask(tools=[TOOL], reasoning_effort="high")),
        "temperature": refused(ask(temperature=0.2)),
    }


checks = [whole, streamed, accumulated, called, structured, errors]
print(json.dumps({check.__name__: check() for check in checks}))
