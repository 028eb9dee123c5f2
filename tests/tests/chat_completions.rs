//! A request written for Chat Completions runs like any other: streamed, whole, stopped at its cap, with tools, billed.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use rheostat_core::error::ErrorCode;
use rheostat_core::ops::compare_efforts::CompareEffortsOutput;
use rheostat_core::ops::last_run::LastRunOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::{RunStatus, RunView, SampleKind, Section, SpanKind};
use rheostat_tests::engine::Engine;
use rheostat_tests::scripted::{Scripted, Then, http, stream_head};
use serde_json::{Value, json};

fn request(more: Value) -> Value {
    let mut body = json!({ "model": "gpt-5.5", "reasoning_effort": "low", "messages": [{ "role": "user", "content": "Say hello" }] });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({ "id": "0199b3c0-0000-7000-8000-00000000e573", "name": "Chat", "endpoint": "chat_completions", "body": body })
}

async fn send(engine: &Engine, request: &Value) -> RunView {
    let input = json!({ "ticket": "t", "request": request });
    let (SendOutput { run }, _) = engine.call("send", input).await.unwrap();
    run
}

fn text(run: &RunView, section: Section) -> String {
    let parts = run.texts.iter().filter(|part| part.section == section);
    parts.map(|part| part.text.as_str()).collect()
}

fn data(value: &Value) -> Vec<u8> {
    format!("data: {value}\n\n").into_bytes()
}

fn chunk(delta: &Value, finish: &Value) -> Vec<u8> {
    data(
        &json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-5.5-2026-04-23", "service_tier": "default",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": null}], "usage": null}),
    )
}

fn used() -> Vec<u8> {
    data(
        &json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-5.5-2026-04-23", "choices": [],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "completion_tokens_details": {"reasoning_tokens": 2}}}),
    )
}

async fn live(pieces: Vec<Vec<u8>>) -> (RunView, Engine, Scripted) {
    let server = Scripted::start(pieces, Then::Close).await.unwrap();
    let engine = Engine::open_own().await.unwrap();
    let connection = json!({ "mode": "live", "liveBaseUrl": server.base_url() });
    engine
        .call::<Value>("set_connection", connection)
        .await
        .unwrap();
    let key = json!({ "key": "sk-test-0123456789abcdef" });
    engine.call::<Value>("set_key", key).await.unwrap();
    let run = send(&engine, &request(json!({}))).await;
    (run, engine, server)
}

#[tokio::test]
async fn a_stream_is_folded_billed_recorded_and_replayed() {
    let pieces = vec![
        stream_head(),
        chunk(&json!({"role": "assistant", "content": ""}), &Value::Null),
        chunk(&json!({"content": "hel"}), &Value::Null),
        chunk(&json!({"content": "lo"}), &Value::Null),
        chunk(&json!({}), &json!("stop")),
        used(),
        b"data: [DONE]\n\n".to_vec(),
    ];
    let (run, engine, server) = live(pieces).await;
    let facts = &run.facts;
    assert_eq!(
        (facts.status, text(&run, Section::Output).as_str()),
        (RunStatus::Completed, "hello")
    );
    let usage = facts.usage.unwrap();
    assert_eq!(
        (
            usage.input_tokens,
            usage.output_tokens,
            usage.reasoning_tokens
        ),
        (10, 5, 2)
    );
    assert_eq!(
        facts.bill.as_ref().unwrap().total,
        Some(200_000),
        "10 in at $5, 5 out at $30 the million"
    );
    assert_eq!(
        (facts.effort_sent.as_deref(), facts.sample),
        (Some("low"), None)
    );
    assert_eq!(facts.oddities, Vec::<String>::new());
    let sent = &server.requests()[0];
    assert!(sent.starts_with("POST /v1/chat/completions "), "{sent}");
    assert!(
        sent.contains(r#""stream_options":{"include_usage":true}"#),
        "usage is asked for: {sent}"
    );

    let last: LastRunOutput = engine
        .call(
            "last_run",
            json!({ "requestId": "0199b3c0-0000-7000-8000-00000000e573" }),
        )
        .await
        .unwrap()
        .0;
    assert_eq!(
        text(&last.run.unwrap(), Section::Output),
        "hello",
        "from its events"
    );

    let sample = json!({ "mode": "sample", "liveBaseUrl": server.base_url() });
    engine
        .call::<Value>("set_connection", sample)
        .await
        .unwrap();
    let again = send(&engine, &request(json!({}))).await;
    assert_eq!(
        (text(&again, Section::Output).as_str(), again.facts.sample),
        ("hello", Some(SampleKind::Replayed))
    );
}

#[tokio::test]
async fn ends_are_told_apart() {
    let cases = [
        (
            json!("length"),
            true,
            RunStatus::Incomplete,
            Some("max_output_tokens"),
        ),
        (
            json!("content_filter"),
            true,
            RunStatus::Incomplete,
            Some("content_filter"),
        ),
        (json!("tool_calls"), true, RunStatus::Completed, None),
        // The last chunk said that it is over: what closes the stream adds nothing.
        (json!("stop"), false, RunStatus::Completed, None),
        (Value::Null, false, RunStatus::Cut, None),
    ];
    for (finish, closed, status, reason) in cases {
        let mut pieces = vec![
            stream_head(),
            chunk(&json!({"content": "a"}), &Value::Null),
            chunk(&json!({}), &finish),
        ];
        if closed {
            pieces.push(b"data: [DONE]\n\n".to_vec());
        }
        let (run, ..) = live(pieces).await;
        assert_eq!(
            (run.facts.status, run.facts.incomplete_reason.as_deref()),
            (status, reason),
            "{finish}"
        );
    }
}

#[tokio::test]
async fn a_failure_within_the_stream_and_an_answer_at_once() {
    let error = json!({"error": {"message": "The server had an error", "type": "server_error", "param": null, "code": "server_error"}});
    let (run, ..) = live(vec![
        stream_head(),
        chunk(&json!({"content": "a"}), &Value::Null),
        data(&error),
    ])
    .await;
    assert_eq!(
        (run.facts.status, run.facts.fault.unwrap().code),
        (RunStatus::Failed, ErrorCode::ServerError)
    );

    let whole = json!({"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-5.5-2026-04-23",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": null, "refusal": null, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{\"at\":1}"}}]}}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}});
    let (run, ..) = live(vec![http("200 OK", "application/json", &whole.to_string())]).await;
    assert_eq!(
        (run.facts.status, text(&run, Section::ToolCall).as_str()),
        (RunStatus::Completed, r#"{"at":1}"#)
    );
    assert_eq!(run.facts.tool_calls[0].call_id.as_deref(), Some("call_1"));
    assert_eq!(
        run.facts
            .spans
            .iter()
            .map(|span| span.kind)
            .collect::<Vec<_>>(),
        [SpanKind::Waiting]
    );
}

#[tokio::test]
async fn the_stand_in_answers_it_at_every_level() {
    let engine = Engine::open_own().await.unwrap();
    let grid = json!({ "ticket": "t", "request": request(json!({})), "efforts": ["none", "low", "high"], "repeats": 1 });
    let (done, _) = engine
        .call::<CompareEffortsOutput>("compare_efforts", grid)
        .await
        .unwrap();
    for (effort, run) in ["none", "low", "high"].iter().zip(&done.runs) {
        assert_eq!(
            (run.facts.status, run.facts.effort_sent.as_deref()),
            (RunStatus::Completed, Some(*effort))
        );
        assert!(!text(run, Section::Output).is_empty() && run.facts.bill.is_some());
        assert!(run.facts.sample.is_some());
    }
    let tool = json!({ "reasoning_effort": "none", "tools": [{ "type": "function", "function": { "name": "look_up", "parameters": {
        "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"], "additionalProperties": false } } }], "tool_choice": "required" });
    let run = send(&engine, &request(tool)).await;
    assert_eq!(
        run.facts
            .tool_calls
            .iter()
            .map(|call| call.name.as_str())
            .collect::<Vec<_>>(),
        ["look_up"]
    );
    let arguments: Value = serde_json::from_str(&text(&run, Section::ToolCall)).unwrap();
    assert!(arguments["city"].is_string());
}
