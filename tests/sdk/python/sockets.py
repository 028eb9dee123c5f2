"""Responses over a WebSocket."""

import json
from typing import get_args

from openai.types.responses.responses_server_event import ResponsesServerEvent
from proof import MODEL, checked, client, kinds, numbered

EVENT_TYPES = get_args(get_args(ResponsesServerEvent)[0])
ENDS = ("response.completed", "response.incomplete", "response.failed", "error")


def turn(connection, **body):
    connection.response.create(model=MODEL, reasoning={"effort": "none"}, **body)
    events = []
    while not events or events[-1].type not in ENDS:
        event = connection.recv()
        assert isinstance(event, EVENT_TYPES), f"{event} has no type of its own"
        events.append(checked(event))
    return events


def spoken():
    with client.responses.connect() as connection:
        first = turn(connection, input="Say hello.", store=False)
        made = first[-1].response.id
        second = turn(connection, input="Again.", store=False, previous_response_id=made, stream_id="main")
        loaded = turn(connection, instructions="Be brief.", generate=False)
        error = turn(connection, input="More.", previous_response_id="resp_gone")
    return {
        "kinds": kinds(first),
        "numbered": numbered(first) and numbered(second),
        "before": second[-1].response.previous_response_id == made,
        "lane": second[-1].stream_id,
        "loaded": [kinds(loaded), len(loaded[-1].response.output)],
        "error": [error[-1].status, error[-1].error.code],
    }


print(json.dumps({"spoken": spoken()}))
