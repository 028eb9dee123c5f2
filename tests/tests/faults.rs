//! What a server can do wrong, over real sockets: each ends in its own state, with its own words, and
//! what had come is kept.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use rheostat_core::error::ErrorCode;
use rheostat_core::ops::last_run::LastRunOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::{RunFacts, RunStatus, RunView};
use rheostat_tests::engine::{Engine, request};
use rheostat_tests::scripted::{Scripted, Then, frame, http, stream_head};
use serde_json::{Value, json};

fn created() -> Value {
    json!({"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1", "status": "in_progress", "model": "gpt-5.5-2026-04-23"}})
}

fn delta(number: u64, text: &str) -> Value {
    json!({"type": "response.output_text.delta", "sequence_number": number, "output_index": 0, "content_index": 0, "delta": text})
}

fn completed(number: u64, text: &str) -> Value {
    json!({"type": "response.completed", "sequence_number": number, "response": {
        "id": "resp_1", "status": "completed", "model": "gpt-5.5-2026-04-23", "service_tier": "default",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    }})
}

/// Sends the small request to a server that answers with `pieces`, live and with a key.
async fn send(pieces: Vec<Vec<u8>>, then: Then) -> (RunView, Engine, Scripted) {
    let server = Scripted::start(pieces, then).await.unwrap();
    let engine = Engine::open(&server.base_url()).unwrap();
    let live = json!({ "mode": "live", "liveBaseUrl": server.base_url() });
    engine.call::<Value>("set_connection", live).await.unwrap();
    engine
        .call::<Value>("set_key", json!({ "key": "sk-test-0123456789abcdef" }))
        .await
        .unwrap();
    let input = json!({ "ticket": "t", "request": request().unwrap() });
    let (SendOutput { run }, _) = engine.call("send", input).await.unwrap();
    (run, engine, server)
}

fn end(facts: &RunFacts) -> (RunStatus, Option<ErrorCode>) {
    (facts.status, facts.fault.as_ref().map(|fault| fault.code))
}

fn text(run: &RunView) -> &str {
    run.texts.first().map_or("", |part| part.text.as_str())
}

#[tokio::test]
async fn a_good_stream_is_answered_billed_checked_and_recorded() {
    let pieces = vec![
        stream_head(),
        frame(&created()),
        frame(&delta(1, "hello ")),
        frame(&delta(2, "there")),
        frame(&completed(3, "hello there")),
    ];
    let (run, engine, server) = send(pieces, Then::Close).await;
    assert_eq!(end(&run.facts), (RunStatus::Completed, None));
    assert_eq!(text(&run), "hello there");
    assert_eq!(
        run.facts.sample, None,
        "an answer of a live server is no sample"
    );
    let bill = run.facts.bill.as_ref().unwrap();
    assert_eq!(
        bill.total,
        Some(200_000),
        "10 in at $5, 5 out at $30 the million"
    );
    assert!(run.facts.checks.iter().all(|check| check.passed));
    assert_eq!(
        run.facts.attempts[0].request_id.as_deref(),
        Some("req_scripted")
    );
    let sent = server.requests().remove(0);
    assert!(
        sent.contains("authorization: Bearer sk-test-0123456789abcdef"),
        "the key goes out once: {sent}"
    );
    assert!(
        sent.contains(r#""stream":true"#),
        "a stream is asked for: {sent}"
    );
    let last = json!({ "requestId": request().unwrap().id });
    let (LastRunOutput { run: recorded, .. }, _) = engine.call("last_run", last).await.unwrap();
    assert_eq!(recorded.unwrap(), run, "the record holds the whole run");
}

#[tokio::test]
async fn an_html_page_is_told_from_the_api() {
    let page = "<!doctype html><title>Sign in</title>";
    for status in ["200 OK", "502 Bad Gateway", "404 Not Found"] {
        let (run, _, _) = send(vec![http(status, "text/html", page)], Then::Close).await;
        assert_eq!(
            end(&run.facts),
            (RunStatus::Failed, Some(ErrorCode::NotTheApi)),
            "{status}"
        );
        let fault = run.facts.fault.unwrap();
        assert!(
            fault.message.contains("127.0.0.1") && fault.hint.is_some(),
            "names the host and a next step: {fault:?}"
        );
    }
}

#[tokio::test]
async fn a_refused_key_is_named_and_never_repeated() {
    let body = json!({"error": {"message": "Incorrect API key provided: sk-test-****.", "type": "invalid_request_error", "param": null, "code": "invalid_api_key"}}).to_string();
    let (run, engine, _) = send(
        vec![http("401 Unauthorized", "application/json", &body)],
        Then::Close,
    )
    .await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Failed, Some(ErrorCode::KeyRejected))
    );
    engine.workbench.close();
    for entry in std::fs::read_dir(engine.folder.path().join("data"))
        .unwrap()
        .flatten()
    {
        if let Ok(bytes) = std::fs::read(entry.path()) {
            let found = bytes
                .windows(24)
                .any(|window| window == b"sk-test-0123456789abcdef");
            assert!(!found, "{} holds the key", entry.path().display());
        }
    }
}

#[tokio::test]
async fn a_cut_keeps_what_came() {
    let pieces = || {
        vec![
            stream_head(),
            frame(&created()),
            frame(&delta(1, "half of ")),
            b"event: response.output_te".to_vec(),
        ]
    };
    for then in [Then::Close, Then::Reset] {
        let (run, _, _) = send(pieces(), then).await;
        assert_eq!(
            end(&run.facts),
            (RunStatus::Cut, Some(ErrorCode::StreamCut)),
            "{then:?}"
        );
        assert_eq!(text(&run), "half of ", "{then:?}");
        assert_eq!(run.facts.bill, None, "no usage, no bill: never 0");
    }
}

#[tokio::test]
async fn stop_keeps_what_came() {
    let server = Scripted::start(
        vec![stream_head(), frame(&created()), frame(&delta(1, "so far"))],
        Then::Stall,
    )
    .await
    .unwrap();
    let engine = Engine::open(&server.base_url()).unwrap();
    let stop = async {
        // Until it is running there is nothing to stop.
        while !engine.workbench.tickets.stop("t", Some(9)) && server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        loop {
            let last = json!({ "requestId": request().unwrap().id });
            let (LastRunOutput { run, .. }, _) = engine.call("last_run", last).await.unwrap();
            if run.is_some_and(|run| text(&run) == "so far") {
                break;
            }
        }
        engine
            .call::<Value>("stop_run", json!({ "ticket": "t", "lane": null }))
            .await
            .unwrap()
    };
    let input = json!({ "ticket": "t", "request": request().unwrap() });
    let (sent, stopped) = tokio::join!(engine.call::<SendOutput>("send", input), stop);
    let (SendOutput { run }, _) = sent.unwrap();
    assert_eq!(stopped.0, json!({ "stopped": true }));
    assert_eq!(
        (end(&run.facts), text(&run)),
        ((RunStatus::Stopped, None), "so far")
    );
    assert!(
        run.facts.sample.is_some(),
        "what the stand-in's address answers is a sample"
    );
}

#[tokio::test]
async fn an_error_inside_a_200_is_one_failure() {
    let pieces = vec![
        stream_head(),
        frame(&created()),
        frame(
            &json!({"type": "error", "sequence_number": 1, "error": {"type": "insufficient_quota", "code": "insufficient_quota", "message": "No credit", "param": null}}),
        ),
        frame(
            &json!({"type": "response.failed", "sequence_number": 2, "response": {"id": "resp_1", "status": "failed", "error": {"code": "insufficient_quota", "message": "No credit"}, "output": [], "usage": null}}),
        ),
    ];
    let (run, _, _) = send(pieces, Then::Close).await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Failed, Some(ErrorCode::QuotaExceeded))
    );
    assert_eq!(run.facts.events, 3, "both stand in the record");
}

#[tokio::test]
async fn an_answer_without_a_stream_is_read_whole() {
    let response = completed(0, "hello at once")["response"].clone();
    let mut response = response;
    response["object"] = json!("response");
    let (run, _, _) = send(
        vec![http("200 OK", "application/json", &response.to_string())],
        Then::Close,
    )
    .await;
    assert_eq!(
        (end(&run.facts), text(&run)),
        ((RunStatus::Completed, None), "hello at once")
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_key() {
    let elsewhere = Scripted::start(vec![http("200 OK", "text/plain", "")], Then::Close)
        .await
        .unwrap();
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {}/responses\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        elsewhere.base_url()
    );
    let (run, _, _) = send(vec![answer.into_bytes()], Then::Close).await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Failed, Some(ErrorCode::NotTheApi))
    );
    assert_eq!(
        elsewhere.requests(),
        Vec::<String>::new(),
        "nothing reached the other address"
    );
}

#[tokio::test]
async fn nothing_listening_is_offline() {
    let port = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let engine = Engine::open(&format!("http://127.0.0.1:{port}/v1")).unwrap();
    let input = json!({ "ticket": "t", "request": request().unwrap() });
    let (SendOutput { run }, _) = engine.call("send", input).await.unwrap();
    assert_eq!(
        end(&run.facts),
        (RunStatus::Failed, Some(ErrorCode::Offline))
    );
    let fault = run.facts.fault.unwrap();
    assert!(
        fault.message.contains(&port.to_string()),
        "names the address: {fault:?}"
    );
}

#[tokio::test]
async fn live_without_a_key_sends_nothing() {
    let engine = Engine::open("http://127.0.0.1:9/v1").unwrap();
    let live = json!({ "mode": "live", "liveBaseUrl": "https://api.example.invalid/v1" });
    engine.call::<Value>("set_connection", live).await.unwrap();
    let input = json!({ "ticket": "t", "request": request().unwrap() });
    let refused = engine.call::<SendOutput>("send", input).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::KeyMissing);
}

#[tokio::test]
async fn a_key_never_travels_unencrypted_to_another_computer() {
    let engine = Engine::open("http://127.0.0.1:9/v1").unwrap();
    let plain = json!({ "mode": "live", "liveBaseUrl": "http://api.example.invalid/v1" });
    let refused = engine
        .call::<Value>("set_connection", plain)
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.place.as_deref()),
        (ErrorCode::BadInput, Some("baseUrl"))
    );
}

#[tokio::test]
async fn an_effort_that_the_model_lacks_is_refused_before_it_is_sent() {
    let engine = Engine::open("http://127.0.0.1:9/v1").unwrap();
    let mut request = request().unwrap();
    request.body["reasoning"]["effort"] = json!("minimal");
    let refused = engine
        .call::<SendOutput>("send", json!({ "ticket": "t", "request": request }))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.place.as_deref()),
        (ErrorCode::EffortUnsupported, Some("reasoning.effort"))
    );
    assert!(
        refused.message.contains("xhigh"),
        "says what is offered: {}",
        refused.message
    );
}
