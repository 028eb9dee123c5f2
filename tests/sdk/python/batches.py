"""Files, and a batch from end to end."""

import json
import time

from openai.types import Batch, FileDeleted, FileObject
from openai.types.responses import Response
from proof import MODEL, checked, client, refused


def line(name, **body):
    request = {"model": MODEL, "input": "Say hello.", **body}
    return json.dumps({"custom_id": name, "method": "POST", "url": "/v1/responses", "body": request})


def until_ended(batch):
    while batch.status not in ("completed", "failed", "cancelled", "expired"):
        time.sleep(0.01)
        batch = checked(client.batches.retrieve(batch.id))
    return batch


def begun(text):
    file = client.files.create(file=("in.jsonl", text.encode()), purpose="batch")
    assert isinstance(file, FileObject)
    batch = client.batches.create(
        input_file_id=checked(file).id, endpoint="/v1/responses", completion_window="24h"
    )
    assert isinstance(batch, Batch)
    return checked(batch)


def rows(file_id):
    return [json.loads(row) for row in client.files.content(file_id).text.splitlines()]


def ran():
    batch = begun("\n".join([line("good"), line("bad", temperature=9)]))
    done = until_ended(batch)
    good, bad = rows(done.output_file_id), rows(done.error_file_id)
    Response.model_validate(good[0]["response"]["body"])
    return {
        "begun": batch.status,
        "ended": done.status,
        "counts": done.request_counts.to_dict(),
        "good": [good[0]["custom_id"], good[0]["response"]["status_code"]],
        "bad": [bad[0]["custom_id"], bad[0]["response"]["status_code"]],
        "listed": [one.id for one in client.batches.list(limit=1)] == [batch.id],
        "late": refused(lambda: client.with_options(max_retries=0).batches.cancel(batch.id)),
    }


def failed():
    batch = until_ended(begun("\n".join([line("same"), line("same")])))
    error = batch.errors.data[0]
    return {"status": batch.status, "code": error.code, "line": error.line}


def files():
    kept = [checked(file) for file in client.files.list(purpose="batch")]
    gone = checked(client.files.delete(kept[0].id))
    assert isinstance(gone, FileDeleted)
    return {
        "names": sorted({file.filename for file in kept}),
        "deleted": gone.deleted,
        "gone": refused(lambda: client.files.retrieve(kept[0].id)),
    }


checks = [ran, failed, files]
print(json.dumps({check.__name__: check() for check in checks}))
