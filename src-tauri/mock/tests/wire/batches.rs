//! Files, and batches over them.

use reqwest::multipart::{Form, Part};
use rheostat_mock::StandIn;
use serde_json::{Value, json};

use crate::talk::{at_speed, call, fault, instant, post, raw};

async fn upload(stand_in: &StandIn, name: &str, purpose: &str, text: &str) -> (u16, Value) {
    let file = Part::text(text.to_owned()).file_name(name.to_owned());
    let form = Form::new()
        .part("file", file)
        .text("purpose", purpose.to_owned());
    let url = format!("{}/files", stand_in.base_url());
    let response = reqwest::Client::new().post(url).multipart(form).send();
    let response = response.await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn begin(stand_in: &StandIn, text: &str, endpoint: &str) -> Value {
    let (_, file) = upload(stand_in, "in.jsonl", "batch", text).await;
    let body = json!({
        "input_file_id": file["id"],
        "endpoint": endpoint,
        "completion_window": "24h",
        "metadata": {"k": "v"},
    });
    let (status, batch) = call(stand_in, "POST", "/batches", Some(&body)).await;
    assert_eq!((status, &batch["status"]), (200, &json!("validating")));
    batch
}

async fn until(stand_in: &StandIn, batch: &Value, statuses: &[&str]) -> Value {
    let path = format!("/batches/{}", batch["id"].as_str().unwrap());
    loop {
        let (_, now) = call(stand_in, "GET", &path, None).await;
        if statuses.contains(&now["status"].as_str().unwrap()) {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn rows(stand_in: &StandIn, file: &Value) -> Vec<Value> {
    let path = format!("/files/{}/content", file.as_str().unwrap());
    let text = raw(stand_in, "GET", &path, None)
        .await
        .text()
        .await
        .unwrap();
    let row = |line: &str| serde_json::from_str(line).unwrap();
    text.lines().map(row).collect()
}

fn line(id: &str, body: Value) -> String {
    json!({"custom_id": id, "method": "POST", "url": "/v1/responses", "body": body}).to_string()
}

fn hello() -> Value {
    json!({"model": "gpt-5.5", "input": "hi", "reasoning": {"effort": "none"}})
}

#[tokio::test]
async fn a_file_is_kept_listed_read_and_deleted() {
    let stand_in = instant().await;
    let (status, file) = upload(&stand_in, "a.jsonl", "batch", "{}\n").await;
    let id = file["id"].as_str().unwrap().to_owned();
    let expected = json!({
        "id": id,
        "object": "file",
        "bytes": 3,
        "created_at": file["created_at"],
        "expires_at": file["created_at"].as_u64().unwrap() + 30 * 24 * 60 * 60,
        "filename": "a.jsonl",
        "purpose": "batch",
        "status": "processed",
        "status_details": null,
    });
    assert_eq!((status, file.clone()), (200, expected));
    assert!(id.starts_with("file-"));
    let (_, other) = upload(&stand_in, "b.txt", "user_data", "b").await;

    let path = format!("/files/{id}");
    assert_eq!(
        call(&stand_in, "GET", &path, None).await,
        (200, file.clone())
    );
    let list = |data: Value, more: bool| {
        let last = data.as_array().unwrap().len() - 1;
        json!({"object": "list", "first_id": data[0]["id"], "last_id": data[last]["id"], "has_more": more, "data": data})
    };
    assert_eq!(
        call(&stand_in, "GET", "/files", None).await,
        (200, list(json!([other, file]), false)),
        "newest first"
    );
    assert_eq!(
        call(&stand_in, "GET", "/files?order=asc&limit=1", None).await,
        (200, list(json!([file]), true))
    );
    assert_eq!(
        call(&stand_in, "GET", "/files?purpose=user_data", None).await,
        (200, list(json!([other]), false))
    );
    let content = raw(&stand_in, "GET", &format!("{path}/content"), None).await;
    assert_eq!(
        content.headers()["content-type"],
        "application/octet-stream"
    );
    assert_eq!(content.text().await.unwrap(), "{}\n");
    let sealed = format!("/files/{}/content", other["id"].as_str().unwrap());
    assert_eq!(
        call(&stand_in, "GET", &sealed, None).await,
        (
            400,
            fault(
                "Not allowed to download files of purpose: user_data",
                Value::Null,
                Value::Null
            )
        )
    );

    assert_eq!(
        call(&stand_in, "DELETE", &path, None).await,
        (200, json!({"id": id, "object": "file", "deleted": true}))
    );
    let gone = (
        404,
        fault(
            &format!("No such File object: {id}"),
            json!("id"),
            Value::Null,
        ),
    );
    for (method, path) in [
        ("GET", path.clone()),
        ("DELETE", path.clone()),
        ("GET", format!("{path}/content")),
    ] {
        assert_eq!(call(&stand_in, method, &path, None).await, gone);
    }
}

#[tokio::test]
async fn an_upload_must_say_what_it_is_for() {
    let stand_in = instant().await;
    let format = "Invalid file format for Batch API. Must be .jsonl";
    assert_eq!(
        upload(&stand_in, "a.txt", "batch", "x").await,
        (400, fault(format, Value::Null, Value::Null))
    );
    let purpose = "Invalid value: 'fun'. Supported values are: 'assistants', 'batch', 'fine-tune', 'vision', \
        'user_data', and 'evals'.";
    assert_eq!(
        upload(&stand_in, "a.txt", "fun", "x").await,
        (
            400,
            fault(purpose, json!("purpose"), json!("invalid_value"))
        )
    );
    let none = "The form could not be read. Files are sent as multipart/form-data.";
    assert_eq!(
        call(&stand_in, "POST", "/files", Some(&json!({}))).await,
        (400, fault(none, Value::Null, Value::Null))
    );
}

#[tokio::test]
async fn a_batch_answers_every_line_as_the_endpoint_would() {
    let stand_in = instant().await;
    let mut bad = hello();
    bad["temperature"] = json!(9);
    let text = [line("good", hello()), line("bad", bad.clone())].join("\n");
    let begun = begin(&stand_in, &text, "/v1/responses").await;
    let done = until(&stand_in, &begun, &["completed"]).await;

    let output = rows(&stand_in, &done["output_file_id"]).await;
    let (_, direct) = post(&stand_in, &hello()).await;
    let answer = &output[0]["response"];
    let expected = json!({
        "id": output[0]["id"],
        "custom_id": "good",
        "response": {"status_code": 200, "request_id": answer["request_id"], "body": answer["body"]},
        "error": null,
    });
    assert_eq!(output, [expected]);
    assert_eq!(
        answer["body"]["output"], direct["output"],
        "the same request, the same answer"
    );
    let errors = rows(&stand_in, &done["error_file_id"]).await;
    let (status, refusal) = post(&stand_in, &bad).await;
    assert_eq!(
        (
            &errors[0]["custom_id"],
            &errors[0]["response"]["status_code"],
            &errors[0]["response"]["body"]
        ),
        (&json!("bad"), &json!(status), &refusal)
    );

    let spent = &direct["usage"];
    let mut expected = begun.clone();
    for (key, value) in [
        ("status", json!("completed")),
        ("model", json!("gpt-5.5-2026-04-23")),
        (
            "request_counts",
            json!({"total": 2, "completed": 1, "failed": 1}),
        ),
        ("output_file_id", done["output_file_id"].clone()),
        ("error_file_id", done["error_file_id"].clone()),
        (
            "usage",
            json!({
                "input_tokens": spent["input_tokens"],
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": spent["output_tokens"],
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": spent["total_tokens"],
            }),
        ),
    ] {
        expected[key] = value;
    }
    for key in ["in_progress_at", "finalizing_at", "completed_at"] {
        expected[key] = begun["created_at"].clone();
    }
    assert_eq!(done, expected);
    let path = format!("/batches/{}/cancel", done["id"].as_str().unwrap());
    assert_eq!(
        call(&stand_in, "POST", &path, None).await,
        (
            409,
            fault(
                "Cannot cancel a batch with status 'completed'.",
                Value::Null,
                Value::Null
            )
        )
    );
    let (_, list) = call(&stand_in, "GET", "/batches", None).await;
    assert_eq!(list["data"], json!([done]));
}

#[tokio::test]
async fn a_batch_moves_at_the_stand_ins_pace_and_can_be_cancelled() {
    // A second of the reply is five hundredths of one here.
    let quick = at_speed(20.0).await;
    let text = line("a", hello());
    let begun = begin(&quick, &text, "/v1/responses").await;
    let running = until(&quick, &begun, &["in_progress"]).await;
    assert_eq!(
        running["request_counts"],
        json!({"total": 1, "completed": 0, "failed": 0})
    );
    until(&quick, &begun, &["completed"]).await;

    let slow = at_speed(0.5).await;
    let begun = begin(&slow, &text, "/v1/responses").await;
    let path = format!("/batches/{}/cancel", begun["id"].as_str().unwrap());
    let (status, cancelling) = call(&slow, "POST", &path, None).await;
    assert_eq!((status, &cancelling["status"]), (200, &json!("cancelling")));
    let cancelled = until(&slow, &begun, &["cancelled"]).await;
    assert_eq!(cancelled["output_file_id"], Value::Null);
    let rows = rows(&slow, &cancelled["error_file_id"]).await;
    assert_eq!(
        (&rows[0]["response"], &rows[0]["error"]),
        (
            &Value::Null,
            &json!({
                "code": "batch_cancelled",
                "message": "This request was not executed because the batch was cancelled.",
            })
        )
    );
}

#[tokio::test]
async fn the_first_bad_line_fails_the_batch() {
    let stand_in = instant().await;
    let good = line("a", hello());
    let with = |key: &str, value: Value| {
        let mut one: Value = serde_json::from_str(&line("b", hello())).unwrap();
        one[key] = value;
        one.to_string()
    };
    let body = |key: &str, value: Value| {
        let mut body = hello();
        body[key] = value;
        with("body", body)
    };
    let cases = [
        (
            "{",
            "invalid_json_line",
            "This line is not parseable as valid JSON.",
            Value::Null,
        ),
        (
            &good,
            "duplicate_custom_id",
            "The custom_id 'a' appears more than once. Each request in a batch needs its own.",
            json!("custom_id"),
        ),
        (
            &with("custom_id", Value::Null),
            "missing_required_parameter",
            "Missing required parameter: 'custom_id'.",
            json!("custom_id"),
        ),
        (
            &with("url", json!("/v1/other")),
            "invalid_url",
            "The URL provided for this request does not match the batch endpoint. Expected '/v1/responses', got '/v1/other'.",
            json!("url"),
        ),
        (
            &body("stream", json!(true)),
            "streaming_unsupported",
            "Streaming is not supported in the Batch API.",
            json!("body.stream"),
        ),
        (
            &body("model", Value::Null),
            "invalid_request",
            "The request has no 'model'.",
            json!("body.model"),
        ),
        (
            &body("model", json!("gpt-none")),
            "model_not_found",
            "The provided model 'gpt-none' is not supported by the Batch API.",
            json!("body.model"),
        ),
        (
            &body("model", json!("gpt-5.4")),
            "mismatched_model",
            "Each batch must have the same model on each request. The model 'gpt-5.4' differs from 'gpt-5.5'.",
            json!("body.model"),
        ),
    ];
    for (bad, code, message, param) in cases {
        let begun = begin(&stand_in, &format!("{good}\n{bad}\n"), "/v1/responses").await;
        let mut expected = begun.clone();
        expected["status"] = json!("failed");
        expected["failed_at"] = begun["created_at"].clone();
        expected["errors"] = json!({
            "object": "list",
            "data": [{"code": code, "message": message, "param": param, "line": 2}],
        });
        assert_eq!(until(&stand_in, &begun, &["failed"]).await, expected);
    }
    let begun = begin(&stand_in, "\n", "/v1/responses").await;
    let failed = until(&stand_in, &begun, &["failed"]).await;
    assert_eq!(failed["errors"]["data"][0]["code"], "empty_file");
}

#[tokio::test]
async fn a_batch_is_refused_before_it_begins() {
    let stand_in = instant().await;
    let whole =
        json!({"input_file_id": "file-x", "endpoint": "/v1/responses", "completion_window": "24h"});
    let cases = [
        (
            "completion_window",
            json!("1h"),
            "Invalid value: '1h'. Supported values are: '24h'.",
            json!("invalid_value"),
        ),
        (
            "input_file_id",
            Value::Null,
            "Missing required parameter: 'input_file_id'.",
            json!("missing_required_parameter"),
        ),
        (
            "window",
            json!(1),
            "Unknown parameter: 'window'.",
            json!("unknown_parameter"),
        ),
        (
            "endpoint",
            json!("/v1/embeddings"),
            "Rheostat's stand-in runs no batches of '/v1/embeddings'.",
            Value::Null,
        ),
    ];
    for (key, value, message, code) in cases {
        let mut body = whole.clone();
        body[key] = value;
        assert_eq!(
            call(&stand_in, "POST", "/batches", Some(&body)).await,
            (400, fault(message, json!(key), code))
        );
    }
    let (_, begun) = call(&stand_in, "POST", "/batches", Some(&whole)).await;
    let failed = until(&stand_in, &begun, &["failed"]).await;
    assert_eq!(
        failed["errors"]["data"],
        json!([{"code": "invalid_request", "message": "No such File object: file-x", "param": "file_id", "line": null}])
    );
    assert_eq!(
        call(&stand_in, "GET", "/batches/batch_x", None).await,
        (
            404,
            fault(
                "No batch found with id 'batch_x'.",
                Value::Null,
                Value::Null
            )
        )
    );
}
