//! What the engine does about failures, over real sockets: which are tried again and how often, what a
//! wait looks like, how a background response outlives its connection, and the way out.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rheostat_core::error::ErrorCode;
use rheostat_core::openai::fault::Charged;
use rheostat_core::openai::network::Network;
use rheostat_core::openai::transport::Transport;
use rheostat_core::ops::last_run::LastRunOutput;
use rheostat_core::ops::list_events::ListEventsOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::{Phase, RunFacts, RunStatus, RunView, SpanKind};
use rheostat_core::run::patch::RunPatch;
use rheostat_core::workbench::Workbench;
use rheostat_tests::engine::{Engine, request};
use rheostat_tests::scripted::{Certificate, Reply, Scripted, Then, frame, http_with, stream_head};
use serde_json::{Value, json};

/// Short waits of our own, so that a test takes no longer than it must. The server's waits are its own.
fn quick(bench: &mut Workbench) {
    bench.policy.first_wait = Duration::from_millis(2);
    bench.timeouts.poll = Duration::from_millis(2);
}

/// An engine that goes live to `server`, with a key.
async fn live(server: &Scripted, change: impl FnOnce(&mut Workbench)) -> Engine {
    let engine = Engine::open_with(&server.base_url(), change).unwrap();
    let mode = json!({ "mode": "live", "liveBaseUrl": server.base_url() });
    engine.call::<Value>("set_connection", mode).await.unwrap();
    set_key(&engine, "sk-test-0123456789abcdef").await;
    engine
}

async fn set_key(engine: &Engine, key: &str) {
    let key = json!({ "key": key });
    engine.call::<Value>("set_key", key).await.unwrap();
}

/// Sends the small request with `more` in its body.
async fn send(engine: &Engine, ticket: &str, more: Value) -> (RunView, Vec<RunPatch>) {
    let mut request = request().unwrap();
    if let Value::Object(more) = more {
        request.body.extend(more);
    }
    let input = json!({ "ticket": ticket, "request": request });
    let (SendOutput { run }, patches) = engine.call("send", input).await.unwrap();
    (run, patches)
}

/// Sends to a server that gives `replies` in turn.
async fn run(replies: Vec<Reply>, more: Value) -> (RunView, Vec<RunPatch>, Engine, Scripted) {
    let server = Scripted::in_turn(replies).await.unwrap();
    let engine = live(&server, quick).await;
    let (run, patches) = send(&engine, "t", more).await;
    (run, patches, engine, server)
}

fn error(status: &str, headers: &[(&str, &str)], code: &str) -> Reply {
    let body =
        json!({"error": {"message": "Said so", "type": "some_error", "param": null, "code": code}});
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    Reply::whole(http_with(status, &all, &body.to_string()))
}

/// A reset without a byte of an answer.
fn reset() -> Reply {
    Reply {
        pieces: Vec::new(),
        then: Then::Reset,
    }
}

fn created() -> Value {
    json!({"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1", "status": "in_progress", "model": "gpt-5.5-2026-04-23"}})
}

fn delta(number: u64, text: &str) -> Value {
    json!({"type": "response.output_text.delta", "sequence_number": number, "output_index": 0, "content_index": 0, "delta": text})
}

fn response(status: &str, text: &str) -> Value {
    json!({
        "id": "resp_1", "object": "response", "status": status, "model": "gpt-5.5-2026-04-23", "service_tier": "default",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    })
}

/// The five events of a whole answer, numbered from 0.
fn events() -> Vec<Value> {
    vec![
        created(),
        delta(1, "hello "),
        delta(2, "there, "),
        delta(3, "you"),
        json!({"type": "response.completed", "sequence_number": 4, "response": response("completed", "hello there, you")}),
    ]
}

fn stream(events: &[Value], then: Then) -> Reply {
    let mut pieces = vec![stream_head()];
    pieces.extend(events.iter().map(frame));
    Reply { pieces, then }
}

fn good() -> Reply {
    stream(&events(), Then::Close)
}

fn answer(response: &Value) -> Reply {
    let headers = [("content-type", "application/json")];
    Reply::whole(http_with("200 OK", &headers, &response.to_string()))
}

fn end(facts: &RunFacts) -> (RunStatus, Option<ErrorCode>) {
    (facts.status, facts.fault.as_ref().map(|fault| fault.code))
}

fn text(run: &RunView) -> &str {
    run.texts.first().map_or("", |part| part.text.as_str())
}

/// Waits until the record of the run holds `wanted` text.
async fn recorded(engine: &Engine, wanted: &str) {
    loop {
        let last = json!({ "requestId": request().unwrap().id });
        let (LastRunOutput { run, .. }, _) = engine.call("last_run", last).await.unwrap();
        if run.is_some_and(|run| text(&run) == wanted) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn arrived(server: &Scripted, count: usize) {
    while server.requests().len() < count {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn each_failure_is_tried_as_often_as_the_table_says() {
    let yes: &[_] = &[("x-should-retry", "true"), ("retry-after-ms", "1")];
    let no: &[_] = &[("x-should-retry", "false")];
    let long: &[_] = &[("retry-after", "10000")];
    let rows: Vec<(&str, Reply, usize, ErrorCode)> = vec![
        (
            "408",
            error("408 Request Timeout", &[], ""),
            3,
            ErrorCode::ServerError,
        ),
        (
            "409",
            error("409 Conflict", &[], ""),
            3,
            ErrorCode::ServerError,
        ),
        (
            "429",
            error("429 Too Many Requests", &[], "rate_limit_exceeded"),
            3,
            ErrorCode::RateLimited,
        ),
        (
            "429 slow down",
            error("429 Too Many Requests", &[], "slow_down"),
            3,
            ErrorCode::RateLimited,
        ),
        (
            "500",
            error("500 Internal Server Error", &[], "server_error"),
            3,
            ErrorCode::ServerError,
        ),
        (
            "503",
            error("503 Service Unavailable", &[], "server_is_overloaded"),
            3,
            ErrorCode::Overloaded,
        ),
        ("no answer", reset(), 3, ErrorCode::Offline),
        (
            "400",
            error("400 Bad Request", yes, "unsupported_value"),
            1,
            ErrorCode::RequestRejected,
        ),
        (
            "401",
            error("401 Unauthorized", &[], "invalid_api_key"),
            1,
            ErrorCode::KeyRejected,
        ),
        (
            "403",
            error("403 Forbidden", &[], ""),
            1,
            ErrorCode::PermissionDenied,
        ),
        (
            "404",
            error("404 Not Found", &[], "model_not_found"),
            1,
            ErrorCode::ModelNotFound,
        ),
        (
            "413",
            error("413 Payload Too Large", &[], ""),
            1,
            ErrorCode::RequestRejected,
        ),
        (
            "422",
            error("422 Unprocessable Entity", &[], ""),
            1,
            ErrorCode::RequestRejected,
        ),
        (
            "422, asked to",
            error("422 Unprocessable Entity", yes, ""),
            3,
            ErrorCode::RequestRejected,
        ),
        (
            "500, asked not to",
            error("500 Internal Server Error", no, ""),
            1,
            ErrorCode::ServerError,
        ),
        (
            "429, hours",
            error("429 Too Many Requests", long, "rate_limit_exceeded"),
            1,
            ErrorCode::RateLimited,
        ),
        (
            "quota",
            error("429 Too Many Requests", yes, "insufficient_quota"),
            1,
            ErrorCode::QuotaExceeded,
        ),
        (
            "credit",
            error("429 Too Many Requests", yes, "credit_balance_exhausted"),
            1,
            ErrorCode::QuotaExceeded,
        ),
        (
            "limit",
            error("429 Too Many Requests", yes, "project_spend_limit_exceeded"),
            1,
            ErrorCode::QuotaExceeded,
        ),
        (
            "declined",
            error("400 Bad Request", yes, "invalid_prompt"),
            1,
            ErrorCode::PromptDeclined,
        ),
        (
            "declined as a 403",
            error("403 Forbidden", yes, "cyber_policy"),
            1,
            ErrorCode::PromptDeclined,
        ),
    ];
    for (name, reply, attempts, code) in rows {
        let (run, _, _, server) = run(vec![reply], json!({})).await;
        assert_eq!(end(&run.facts), (RunStatus::Failed, Some(code)), "{name}");
        assert_eq!(server.requests().len(), attempts, "{name}: requests");
        let numbers: Vec<_> = run
            .facts
            .attempts
            .iter()
            .map(|attempt| attempt.number)
            .collect();
        assert_eq!(numbers.len(), attempts, "{name}: attempts in the record");
        assert!(
            run.facts
                .attempts
                .iter()
                .all(|attempt| attempt.fault.is_some()),
            "{name}: each says why it failed"
        );
        let hint = run.facts.fault.unwrap().hint.unwrap();
        assert_eq!(
            hint.contains("Tried 3 times"),
            attempts == 3,
            "{name}: {hint}"
        );
    }
}

#[tokio::test]
async fn a_wait_that_the_server_names_is_kept_and_shown() {
    let limited = error(
        "429 Too Many Requests",
        &[("retry-after-ms", "60")],
        "rate_limit_exceeded",
    );
    let (run, patches, engine, server) =
        run(vec![limited.clone(), limited, good()], json!({})).await;
    assert_eq!(
        (end(&run.facts), text(&run)),
        ((RunStatus::Completed, None), "hello there, you")
    );
    let arrivals = server.arrivals();
    assert_eq!(arrivals.len(), 3);
    for pair in arrivals.windows(2) {
        assert!(
            pair[1] - pair[0] >= Duration::from_millis(60),
            "not before it was asked for"
        );
    }
    let facts = &run.facts;
    let known: Vec<_> = facts
        .attempts
        .iter()
        .map(|attempt| {
            (
                attempt.number,
                attempt.http_status,
                attempt.waited_ms.is_some(),
                attempt.charged,
            )
        })
        .collect();
    assert_eq!(
        known,
        [
            (1, Some(429), false, Charged::No),
            (2, Some(429), true, Charged::No),
            (3, Some(200), true, Charged::Yes)
        ]
    );
    assert_eq!(
        facts.attempts[0].fault.as_ref().unwrap().retry_after_ms,
        Some(60)
    );
    assert_eq!(facts.attempts[2].cost, facts.bill.as_ref().unwrap().total);
    assert_eq!((facts.charged, facts.retry.clone()), (Charged::Yes, None));
    assert_eq!(facts.oddities, Vec::<String>::new());
    let kinds: Vec<_> = facts.spans.iter().map(|span| span.kind).take(5).collect();
    assert_eq!(
        kinds,
        [
            SpanKind::Connect,
            SpanKind::Retry,
            SpanKind::Connect,
            SpanKind::Retry,
            SpanKind::Connect
        ]
    );
    let waits: Vec<_> = patches
        .iter()
        .flat_map(|patch| &patch.lanes)
        .filter_map(|lane| lane.facts.as_ref())
        .filter_map(|facts| facts.retry.as_ref().map(|retry| (facts, retry)))
        .collect();
    assert!(!waits.is_empty(), "a face sees the wait");
    for (facts, retry) in waits {
        assert_eq!((facts.phase, retry.attempts_max), (Phase::Retrying, 3));
        assert!(retry.retry_at_ms > facts.phase_since_ms && retry.attempt >= 2);
    }
    let last = json!({ "requestId": request().unwrap().id });
    let (LastRunOutput { run: kept, .. }, _) = engine.call("last_run", last).await.unwrap();
    assert_eq!(kept.unwrap(), run, "the record holds every attempt");
}

#[tokio::test]
async fn what_may_be_charged_twice_is_said() {
    let (run, _, _, _) = run(vec![reset(), good()], json!({})).await;
    assert_eq!(end(&run.facts), (RunStatus::Completed, None));
    assert_eq!(run.facts.attempts[0].charged, Charged::Maybe);
    assert!(
        run.facts
            .oddities
            .iter()
            .any(|odd| odd.contains("Attempt 1") && odd.contains("charged")),
        "{:?}",
        run.facts.oddities
    );
}

#[tokio::test]
async fn nothing_is_sent_again_once_a_stream_has_begun() {
    for then in [Then::Close, Then::Reset] {
        for events in [&[][..], &events()[..1], &events()[..2]] {
            let (run, _, _, server) = run(vec![stream(events, then)], json!({})).await;
            assert_eq!(
                end(&run.facts),
                (RunStatus::Cut, Some(ErrorCode::StreamCut))
            );
            assert_eq!(
                server.requests().len(),
                1,
                "{then:?} after {} events",
                events.len()
            );
            assert_eq!(run.facts.charged, Charged::Maybe);
        }
    }
    let half =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"id\""
            .to_vec();
    let reply = Reply {
        pieces: vec![half],
        then: Then::Close,
    };
    let (run, _, _, server) = run(vec![reply], json!({ "stream": false })).await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Cut, Some(ErrorCode::StreamCut))
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn stop_ends_a_wait() {
    let limited = error(
        "429 Too Many Requests",
        &[("retry-after", "100")],
        "rate_limit_exceeded",
    );
    let server = Scripted::in_turn(vec![limited]).await.unwrap();
    let engine = live(&server, quick).await;
    let stop = async {
        arrived(&server, 1).await;
        // Until the answer has been read, so that it is the wait that ends.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let all = json!({ "ticket": "t", "lane": null });
        engine.call::<Value>("stop_run", all).await.unwrap()
    };
    let both = async { tokio::join!(send(&engine, "t", json!({})), stop) };
    let ((run, _), _) = tokio::time::timeout(Duration::from_secs(20), both)
        .await
        .expect("it does not wait 100 s");
    assert_eq!(end(&run.facts), (RunStatus::Stopped, None));
    assert_eq!(
        (run.facts.retry.clone(), run.facts.charged),
        (None, Charged::No)
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_wait_holds_for_every_run_with_the_key_and_for_no_other() {
    let limited = error(
        "429 Too Many Requests",
        &[("retry-after-ms", "400")],
        "rate_limit_exceeded",
    );
    let server = Scripted::in_turn(vec![limited, good()]).await.unwrap();
    let engine = live(&server, quick).await;
    let other = live(&server, quick).await;
    set_key(&other, "sk-other-0123456789abcdef").await;
    let later = async {
        arrived(&server, 1).await;
        // The answer has to be read before it can hold anybody.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let (held, _) = send(&engine, "second", json!({})).await;
        held
    };
    let ((first, _), held) = tokio::join!(send(&engine, "first", json!({})), later);
    assert_eq!(
        (first.facts.status, held.facts.status),
        (RunStatus::Completed, RunStatus::Completed)
    );
    assert_eq!(first.facts.attempts.len(), 2);
    assert_eq!(held.facts.attempts.len(), 1, "it never ran into the limit");
    assert!(held.facts.attempts[0].waited_ms.is_some());
    assert_eq!(held.facts.spans[0].kind, SpanKind::Retry);
    let arrivals = server.arrivals();
    assert!(
        arrivals[1..]
            .iter()
            .all(|at| *at - arrivals[0] >= Duration::from_millis(400)),
        "nobody comes before the time"
    );
    let (free, _) = send(&other, "t", json!({})).await;
    assert_eq!(free.facts.attempts[0].waited_ms, None);
}

#[tokio::test]
async fn many_lanes_under_a_limit_all_end() {
    // The first 24 requests are refused, 1 in 2 after that, and in the end none.
    let limited = || {
        error(
            "429 Too Many Requests",
            &[("retry-after-ms", "20")],
            "rate_limit_exceeded",
        )
    };
    let mut replies: Vec<_> = (0..24).map(|_| limited()).collect();
    for _ in 0..20 {
        replies.extend([good(), limited()]);
    }
    replies.push(good());
    let server = Scripted::in_turn(replies).await.unwrap();
    let engine = live(&server, |bench| {
        quick(bench);
        bench.policy.max_retries = 8;
    })
    .await;
    let input =
        json!({ "ticket": "t", "request": request().unwrap(), "efforts": [], "repeats": 10 });
    let (compared, _) = engine
        .call::<Value>("compare_efforts", input)
        .await
        .unwrap();
    let runs: Vec<RunView> = serde_json::from_value(compared["runs"].clone()).unwrap();
    assert!(runs.len() >= 40);
    assert!(runs.iter().all(|run| run.facts.status.is_over()));
    let attempts: usize = runs.iter().map(|run| run.facts.attempts.len()).sum();
    assert_eq!(
        server.requests().len(),
        attempts,
        "every request is an attempt of a run"
    );
    let completed = runs
        .iter()
        .filter(|run| run.facts.status == RunStatus::Completed)
        .count();
    assert_eq!(completed, runs.len(), "the waits let every lane through");
}

#[tokio::test]
async fn a_background_stream_is_taken_up_after_any_event() {
    let background = || json!({ "background": true });
    for cut_after in 1..=4 {
        for then in [Then::Close, Then::Reset] {
            let all = events();
            // The server repeats the last event that had come: it must not count twice.
            let replies = vec![
                stream(&all[..cut_after], then),
                stream(&all[cut_after - 1..], Then::Close),
            ];
            let (run, _, engine, server) = run(replies, background()).await;
            let facts = &run.facts;
            assert_eq!(
                end(facts),
                (RunStatus::Completed, None),
                "cut after {cut_after}"
            );
            assert_eq!(text(&run), "hello there, you");
            assert_eq!((facts.events, facts.oddities.as_slice()), (5, &[][..]));
            let resumed = format!(
                "GET /v1/responses/resp_1?stream=true&starting_after={} ",
                cut_after - 1
            );
            assert!(
                server.requests()[1].starts_with(&resumed),
                "{}",
                server.requests()[1]
            );
            assert_eq!(facts.attempts.len(), 2);
            assert_eq!(facts.attempts[1].resumed_after, Some(cut_after as u64 - 1));
            assert_eq!(
                (facts.attempts[0].charged, facts.attempts[1].charged),
                (Charged::Yes, Charged::No)
            );
            let of = json!({ "runId": facts.id });
            let (listed, _): (ListEventsOutput, _) = engine.call("list_events", of).await.unwrap();
            assert_eq!(listed.total, 5, "the record holds each event once");
            assert!(listed.rows.iter().all(|row| !row.gap));
        }
    }
}

#[tokio::test]
async fn a_background_stream_cut_again_and_again_comes_through_while_it_gets_on() {
    let all = events();
    let mut replies = vec![stream(&all[..1], Then::Reset)];
    for number in 1..4 {
        replies.push(error(
            "503 Service Unavailable",
            &[],
            "server_is_overloaded",
        ));
        replies.push(stream(&all[number..=number], Then::Reset));
    }
    replies.push(stream(&all[4..], Then::Close));
    let (run, _, _, server) = run(replies, json!({ "background": true })).await;
    assert_eq!(
        (end(&run.facts), text(&run)),
        ((RunStatus::Completed, None), "hello there, you")
    );
    assert_eq!(server.requests().len(), 8);
}

#[tokio::test]
async fn a_background_stream_that_can_not_be_taken_up_keeps_what_came() {
    let cut = || stream(&events()[..2], Then::Reset);
    let gone = error("404 Not Found", &[], "");
    let (run, _, _, server) = self::run(vec![cut(), gone], json!({ "background": true })).await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Cut, Some(ErrorCode::ResponseExpired))
    );
    assert_eq!((text(&run), server.requests().len()), ("hello ", 2));

    let (run, _, _, server) = self::run(vec![cut(), reset()], json!({ "background": true })).await;
    assert_eq!(run.facts.status, RunStatus::Cut);
    assert_eq!(
        (text(&run), server.requests().len()),
        ("hello ", 3),
        "two tries, then no more"
    );
    let hint = run.facts.fault.unwrap().hint.unwrap();
    assert!(hint.contains("still be at work"), "{hint}");
}

#[tokio::test]
async fn a_background_answer_is_looked_for_until_it_is_there() {
    let replies = vec![
        answer(&json!({"id": "resp_1", "object": "response", "status": "queued"})),
        answer(&json!({"id": "resp_1", "object": "response", "status": "in_progress"})),
        error("500 Internal Server Error", &[], "server_error"),
        answer(&response("completed", "at last")),
    ];
    let (run, _, _, server) = run(replies, json!({ "background": true, "stream": false })).await;
    assert_eq!(
        (end(&run.facts), text(&run)),
        ((RunStatus::Completed, None), "at last")
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    assert!(
        requests[1..]
            .iter()
            .all(|request| request.starts_with("GET /v1/responses/resp_1 "))
    );
    assert_eq!(run.facts.charged, Charged::Yes);
}

#[tokio::test]
async fn stop_cancels_a_background_response() {
    let cancelled = json!({"id": "resp_1", "object": "response", "status": "cancelled", "usage": {"input_tokens": 10, "output_tokens": 2, "total_tokens": 12}});
    let replies = vec![stream(&events()[..2], Then::Stall), answer(&cancelled)];
    let server = Scripted::in_turn(replies).await.unwrap();
    let engine = live(&server, quick).await;
    let stop = async {
        recorded(&engine, "hello ").await;
        let all = json!({ "ticket": "t", "lane": null });
        engine.call::<Value>("stop_run", all).await.unwrap()
    };
    let ((run, _), _) = tokio::join!(send(&engine, "t", json!({ "background": true })), stop);
    assert_eq!(
        (end(&run.facts), text(&run)),
        ((RunStatus::Stopped, None), "hello ")
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(
        requests[1].starts_with("POST /v1/responses/resp_1/cancel "),
        "{}",
        requests[1]
    );
    assert_eq!(
        run.facts.charged,
        Charged::Yes,
        "what it had used is billed"
    );
    assert!(run.facts.bill.is_some());
}

#[tokio::test]
async fn silence_ends_a_stream_at_its_limit() {
    let server = Scripted::start(
        [
            vec![stream_head()],
            events()[..2].iter().map(frame).collect(),
        ]
        .concat(),
        Then::Stall,
    )
    .await
    .unwrap();
    let engine = live(&server, quick).await;
    let hurry = async {
        recorded(&engine, "hello ").await;
        tokio::time::pause();
    };
    let ((run, _), ()) = tokio::join!(send(&engine, "t", json!({})), hurry);
    assert_eq!(
        end(&run.facts),
        (RunStatus::Cut, Some(ErrorCode::StreamIdle))
    );
    assert_eq!(text(&run), "hello ");
    assert!(run.facts.total_ms.unwrap() >= 600_000.0);
    assert!(run.facts.fault.unwrap().message.contains("600 s"));
}

#[tokio::test]
async fn no_answer_and_too_long_a_run_are_named_by_their_limits() {
    let silent = || Reply {
        pieces: Vec::new(),
        then: Then::Stall,
    };
    let server = Scripted::in_turn(vec![silent()]).await.unwrap();
    let engine = live(&server, |bench| {
        quick(bench);
        bench.timeouts.first_byte = Duration::from_millis(40);
        bench.transport = Arc::new(Transport::new(&Network::default(), &bench.timeouts).unwrap());
    })
    .await;
    let (run, _) = send(&engine, "t", json!({})).await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Failed, Some(ErrorCode::TimedOut))
    );
    assert!(run.facts.fault.as_ref().unwrap().message.contains("40 ms"));
    assert_eq!(server.requests().len(), 3, "a timeout is tried again");
    assert_eq!(run.facts.charged, Charged::Maybe);

    // A server without TLS does not answer the handshake, which is part of connecting.
    let engine = Engine::open_with(&server.base_url(), |bench| {
        quick(bench);
        bench.timeouts.connect = Duration::from_millis(70);
        bench.transport = Arc::new(Transport::new(&Network::default(), &bench.timeouts).unwrap());
    })
    .unwrap();
    let secure = format!("https://{}/v1", server.authority());
    let mode = json!({ "mode": "live", "liveBaseUrl": secure });
    engine.call::<Value>("set_connection", mode).await.unwrap();
    let (run, _) = send(&engine, "t", json!({})).await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Failed, Some(ErrorCode::TimedOut))
    );
    assert!(run.facts.fault.as_ref().unwrap().message.contains("70 ms"));
    assert_eq!(run.facts.attempts.len(), 3);
    assert_eq!(run.facts.charged, Charged::No, "it was never sent");

    let server = Scripted::in_turn(vec![stream(&events()[..2], Then::Stall)])
        .await
        .unwrap();
    let engine = live(&server, |bench| {
        bench.timeouts.total = Some(Duration::from_millis(300))
    })
    .await;
    let (run, _) = send(&engine, "t", json!({})).await;
    assert_eq!(end(&run.facts), (RunStatus::Cut, Some(ErrorCode::TimedOut)));
    assert!(run.facts.fault.as_ref().unwrap().message.contains("300 ms"));
    assert_eq!(text(&run), "hello ");
}

#[tokio::test]
async fn a_cap_that_went_on_reasoning_gets_a_better_one() {
    let out = json!({
        "id": "resp_1", "object": "response", "status": "incomplete", "model": "gpt-5.5",
        "incomplete_details": {"reason": "max_output_tokens"}, "output": [{"type": "reasoning", "summary": []}],
        "usage": {"input_tokens": 10, "output_tokens": 6000, "output_tokens_details": {"reasoning_tokens": 6000}, "total_tokens": 6010}
    });
    let mut usual = response("completed", "hello");
    usual["usage"]["output_tokens"] = json!(9000);
    let replies = vec![answer(&out), answer(&usual), answer(&out)];
    let server = Scripted::in_turn(replies).await.unwrap();
    let engine = live(&server, quick).await;
    let capped = json!({ "stream": false, "max_output_tokens": 7000 });
    let (first, _) = send(&engine, "1", capped.clone()).await;
    assert_eq!(first.facts.status, RunStatus::Incomplete);
    assert_eq!(
        first.facts.suggested_cap,
        Some(15_000),
        "twice the cap, where nothing is known"
    );
    assert_eq!(first.facts.charged, Charged::Yes);
    let (_, _) = send(&engine, "2", json!({ "stream": false })).await;
    recorded(&engine, "hello").await;
    let (third, _) = send(&engine, "3", capped).await;
    assert_eq!(
        third.facts.suggested_cap,
        Some(12_000),
        "9 000 and room above it"
    );
}

/// Certificates made for these tests alone, good until 2124 but for the expired one.
fn tls_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/tls")
        .join(name)
}

/// Sends to a server with the certificate `name`, trusting the test authority or not.
async fn over_tls(name: &str, trusted: bool) -> (RunView, Scripted) {
    let certificate = Certificate {
        chain: tls_file(name),
        key: tls_file("server.key.pem"),
    };
    let server = Scripted::over_tls(vec![good()], &certificate)
        .await
        .unwrap();
    let network = Network {
        proxy: None,
        ca_file: trusted.then(|| tls_file("authority.pem")),
    };
    let engine = live(&server, |bench| {
        quick(bench);
        bench.transport = Arc::new(Transport::new(&network, &bench.timeouts).unwrap());
    })
    .await;
    let (run, _) = send(&engine, "t", json!({})).await;
    (run, server)
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_where_it_is_named() {
    let (run, _) = over_tls("good.pem", true).await;
    assert_eq!(
        (end(&run.facts), text(&run)),
        ((RunStatus::Completed, None), "hello there, you")
    );
}

#[tokio::test]
async fn certificates_are_refused_for_what_is_wrong_with_them() {
    let rows = [
        (
            "good.pem",
            false,
            "authority that this computer does not know",
        ),
        ("expired.pem", true, "has expired"),
        ("elsewhere.pem", true, "is for another name"),
    ];
    for (name, trusted, words) in rows {
        let (run, server) = over_tls(name, trusted).await;
        assert_eq!(
            end(&run.facts),
            (RunStatus::Failed, Some(ErrorCode::TlsFailed)),
            "{name}"
        );
        let fault = run.facts.fault.unwrap();
        assert!(fault.message.contains(words), "{name}: {fault:?}");
        assert_eq!(
            run.facts.attempts.len(),
            1,
            "{name}: it would be refused again"
        );
        assert_eq!(run.facts.charged, Charged::No, "{name}");
        assert_eq!(
            server.requests(),
            Vec::<String>::new(),
            "{name}: nothing was sent"
        );
    }
}

/// Sends to another computer over the proxy at `address`.
async fn over_proxy(address: &str) -> RunView {
    let engine = Engine::open_with("http://127.0.0.1:9/v1", |bench| {
        quick(bench);
        let network = Network {
            proxy: Some(format!("http://name:hunter22@{address}").into()),
            ca_file: None,
        };
        bench.transport = Arc::new(Transport::new(&network, &bench.timeouts).unwrap());
    })
    .unwrap();
    let mode = json!({ "mode": "live", "liveBaseUrl": "https://api.example.invalid/v1" });
    engine.call::<Value>("set_connection", mode).await.unwrap();
    set_key(&engine, "sk-test-0123456789abcdef").await;
    send(&engine, "t", json!({})).await.0
}

#[tokio::test]
async fn what_a_proxy_does_not_let_through_is_named() {
    let rows = [
        (
            "407 Proxy Authentication Required",
            "a name and a password",
            1,
        ),
        ("403 Forbidden", "did not connect to it", 3),
    ];
    for (status, words, tries) in rows {
        let server = Scripted::in_turn(vec![error(status, &[], "")])
            .await
            .unwrap();
        let run = over_proxy(&server.authority()).await;
        assert_eq!(
            end(&run.facts),
            (RunStatus::Failed, Some(ErrorCode::ProxyFailed)),
            "{status}: {:?}",
            run.facts.fault
        );
        let fault = run.facts.fault.unwrap();
        assert!(fault.message.contains(words), "{status}: {fault:?}");
        assert!(
            !format!("{fault:?}").contains("hunter22"),
            "{status}: {fault:?}"
        );
        assert_eq!(run.facts.charged, Charged::No);
        let requests = server.requests();
        assert_eq!(requests.len(), tries, "{status}");
        for request in requests {
            assert!(
                request.starts_with("CONNECT api.example.invalid:443 "),
                "{request}"
            );
            assert!(!request.contains("sk-test"), "the key is not the proxy's");
        }
    }
    let port = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let run = over_proxy(&format!("127.0.0.1:{port}")).await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Failed, Some(ErrorCode::ProxyFailed)),
        "{:?}",
        run.facts.fault
    );
    let fault = run.facts.fault.unwrap();
    assert!(fault.message.contains("could not be reached"), "{fault:?}");
}

#[tokio::test]
async fn a_body_that_grows_without_end_is_refused() {
    // 40 MB of zeros in 40 KB of gzip.
    let mut zeros = Vec::new();
    zeros.extend_from_slice(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n");
    zeros.extend_from_slice(include_bytes!("../fixtures/zeros.gz"));
    let (run, _, _, server) = run(vec![Reply::whole(zeros)], json!({ "stream": false })).await;
    assert_eq!(
        end(&run.facts),
        (RunStatus::Failed, Some(ErrorCode::StreamInvalid))
    );
    let fault = run.facts.fault.unwrap();
    assert!(fault.message.contains("larger than 32 MB"), "{fault:?}");
    assert_eq!(server.requests().len(), 1);
}
