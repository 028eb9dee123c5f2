//! The history as a face lists it, over real sockets: whoever had a run made, it is there with its price, its waits and
//! what was sent.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::Duration;

use rheostat_core::contract::{self, Sink};
use rheostat_core::error::ErrorCode;
use rheostat_core::openai::fault::Charged;
use rheostat_core::ops::list_history::{HistoryRow, ListHistoryOutput};
use rheostat_core::ops::read_history_run::ReadHistoryRunOutput;
use rheostat_core::run::facts::{RunSource, RunStatus, SampleKind};
use rheostat_core::workbench::Workbench;
use rheostat_tests::engine::{Engine, request};
use rheostat_tests::scripted::{Reply, Scripted, Then, frame, http_with, stream_head};
use serde_json::{Value, json};

const KEY: &str = "sk-test-0123456789abcdef";

async fn call<T: serde::de::DeserializeOwned>(engine: &Engine, name: &str, input: Value) -> T {
    engine.call(name, input).await.unwrap().0
}

async fn list(engine: &Engine, filter: Value) -> ListHistoryOutput {
    let input = json!({ "filter": filter, "before": null, "limit": 50 });
    call(engine, "list_history", input).await
}

async fn whole(engine: &Engine, row: &HistoryRow) -> ReadHistoryRunOutput {
    call(engine, "read_history_run", json!({ "runId": row.id })).await
}

/// A live answer: 10 tokens in, 5 out, which is 200 000 nano-dollars.
fn good(text: &str) -> Reply {
    let response = json!({
        "id": "resp_1", "object": "response", "status": "completed", "model": "gpt-5.5-2026-04-23",
        "service_tier": "default", "reasoning": { "effort": "low" },
        "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    });
    Reply {
        pieces: vec![
            stream_head(),
            frame(
                &json!({"type": "response.output_text.delta", "sequence_number": 0, "output_index": 0, "content_index": 0, "delta": text}),
            ),
            frame(
                &json!({"type": "response.completed", "sequence_number": 1, "response": response}),
            ),
        ],
        then: Then::Close,
    }
}

async fn connect(engine: &Engine, mode: &str, server: &Scripted) {
    let connection = json!({ "mode": mode, "liveBaseUrl": server.base_url() });
    call::<Value>(engine, "set_connection", connection).await;
    call::<Value>(engine, "set_key", json!({ "key": KEY })).await;
}

async fn send(engine: &Engine) {
    let input = json!({ "ticket": "t", "request": request().unwrap() });
    call::<Value>(engine, "send", input).await;
}

#[tokio::test]
async fn what_another_program_sent_through_the_stand_in_is_listed_with_its_effort_and_price() {
    let server = Scripted::in_turn(vec![good("from upstream")])
        .await
        .unwrap();
    let engine = Engine::open_own().await.unwrap();
    connect(&engine, "sample", &server).await;
    call::<Value>(&engine, "set_mock", json!({ "open": true, "record": true })).await;
    send(&engine).await;
    let base_url = engine.workbench.stand_in().unwrap();
    let mut body = request().unwrap().body;
    body.insert("stream".to_owned(), true.into());
    let passed = reqwest::Client::new()
        .post(format!("{base_url}/responses"))
        .bearer_auth("the-other-programs-own-key")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(passed.text().await.unwrap().contains("from upstream"));

    let all = list(&engine, json!({})).await;
    let known: Vec<_> = all
        .rows
        .iter()
        .map(|row| {
            (
                row.source,
                row.effort_sent.as_deref(),
                row.status,
                row.sample,
                row.request_id.is_some(),
            )
        })
        .collect();
    let done = RunStatus::Completed;
    assert_eq!(
        known,
        [
            (RunSource::StandIn, Some("low"), done, None, false),
            (
                RunSource::Window,
                Some("low"),
                done,
                Some(SampleKind::Composed),
                true
            ),
        ]
    );
    assert_eq!(all.rows[0].cost, Some(200_000));
    assert_eq!(
        (all.totals.runs, all.totals.spent, all.totals.unpriced),
        (2, 200_000, 0),
        "a sample costs nothing"
    );

    let others = list(&engine, json!({ "sources": ["stand_in"] })).await;
    assert_eq!(others.rows, all.rows[..1]);
    assert_eq!((others.totals.runs, others.recorded), (1, 2));
    let by_answer = list(&engine, json!({ "text": "UPSTREAM", "kinds": ["live"] })).await;
    assert_eq!(by_answer.rows, all.rows[..1]);

    let run = whole(&engine, &all.rows[0]).await;
    assert_eq!(run.run.texts[0].text, "from upstream");
    assert_eq!(
        serde_json::from_str::<Value>(&run.sent).unwrap(),
        Value::Object(body)
    );
    assert_eq!(
        run.body.unwrap(),
        request().unwrap().body,
        "without the `stream` that sending adds"
    );
}

#[tokio::test]
async fn a_run_that_was_refused_first_shows_both_attempts_and_the_wait() {
    let limited = Reply::whole(http_with(
        "429 Too Many Requests",
        &[("content-type", "application/json"), ("retry-after-ms", "60")],
        &json!({"error": {"message": "Slow down", "type": "t", "param": null, "code": "rate_limit_exceeded"}})
            .to_string(),
    ));
    let server = Scripted::in_turn(vec![limited, good("hello")])
        .await
        .unwrap();
    let quick = |bench: &mut Workbench| bench.policy.first_wait = Duration::from_millis(2);
    let engine = Engine::open_with(&server.base_url(), quick).unwrap();
    connect(&engine, "live", &server).await;
    send(&engine).await;

    let listed = list(&engine, json!({})).await;
    let [row] = &listed.rows[..] else {
        panic!("one run: {listed:?}");
    };
    assert_eq!((row.attempts, row.cost), (2, Some(200_000)));
    let run = whole(&engine, row).await;
    let attempts: Vec<_> = run
        .run
        .facts
        .attempts
        .iter()
        .map(|attempt| (attempt.http_status, attempt.charged, attempt.cost))
        .collect();
    assert_eq!(
        attempts,
        [
            (Some(429), Charged::No, None),
            (Some(200), Charged::Yes, Some(200_000))
        ]
    );
    let waits: Vec<_> = run
        .run
        .facts
        .attempts
        .iter()
        .map(|attempt| attempt.waited_ms.is_some_and(|ms| ms >= 60.0))
        .collect();
    assert_eq!(waits, [false, true], "the wait stands before the second");
}

#[tokio::test]
async fn the_place_of_a_request_is_the_one_it_has_now() {
    let engine = Engine::open_own().await.unwrap();
    let made: Value = call(
        &engine,
        "create_request",
        json!({ "folder": "", "name": "Mine", "like": request().unwrap() }),
    )
    .await;
    let input = json!({ "ticket": "t", "request": made["opened"]["request"] });
    call::<Value>(&engine, "send", input).await;
    call::<Value>(&engine, "list_requests", json!({})).await;
    let row = list(&engine, json!({})).await.rows.remove(0);
    assert_eq!(
        (row.request_name.as_deref(), row.request_path.as_deref()),
        (Some("Mine"), made["opened"]["path"].as_str())
    );
    let path = json!({ "path": made["opened"]["path"] });
    call::<Value>(&engine, "delete_item", path).await;
    let row = list(&engine, json!({})).await.rows.remove(0);
    assert_eq!(
        (row.request_name.as_deref(), row.request_path),
        (Some("Mine"), None)
    );
}

#[tokio::test]
async fn what_can_not_be_listed_is_refused_by_name() {
    let engine = Engine::open_own().await.unwrap();
    for limit in [0, 201] {
        let input = json!({ "filter": {}, "before": null, "limit": limit });
        let refused = engine
            .call::<Value>("list_history", input)
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code, refused.place.as_deref()),
            (ErrorCode::BadInput, Some("limit"))
        );
    }
    let refused = engine
        .call::<Value>("read_history_run", json!({ "runId": "gone" }))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.place.as_deref()),
        (ErrorCode::BadInput, Some("gone"))
    );
}

#[tokio::test]
async fn a_run_is_news_to_who_watches_and_the_watch_can_be_stopped() {
    let engine = Engine::open_own().await.unwrap();
    let (sender, mut news) = tokio::sync::mpsc::unbounded_channel();
    let sink: Sink = std::sync::Arc::new(move |item: String| {
        let _ = sender.send(item);
    });
    let watching = tokio::spawn({
        let bench = std::sync::Arc::clone(&engine.workbench);
        async move { contract::dispatch(&bench, "watch_history", json!({ "ticket": "w" }), sink).await }
    });
    // The watch has looked once before anything happens: only what follows is news.
    let told = async {
        loop {
            send(&engine).await;
            let wait = tokio::time::timeout(Duration::from_secs(1), news.recv());
            if let Ok(item) = wait.await {
                return item;
            }
        }
    };
    let item: Value = serde_json::from_str(&told.await.unwrap()).unwrap();
    assert!(item["running"].is_u64(), "{item}");
    let stop = json!({ "ticket": "w", "lane": null });
    assert_eq!(
        call::<Value>(&engine, "stop_run", stop).await,
        json!({ "stopped": true })
    );
    watching.await.unwrap().unwrap();
}
