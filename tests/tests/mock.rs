//! The stand-in as the engine steers it, over real sockets: what was answered live is replayed, what passes through is
//! booked, and who may call is decided at the door.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use reqwest::StatusCode;
use rheostat_core::error::ErrorCode;
use rheostat_core::openai::fault::Charged;
use rheostat_core::ops::mock_state::MockStateOutput;
use rheostat_core::ops::open_workbench::OpenWorkbenchOutput;
use rheostat_core::ops::save_as_mock::SaveAsMockOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::{Replayed, RunFacts, RunStatus, RunView, SampleKind};
use rheostat_mock::{Rung, Speed};
use rheostat_tests::engine::{Engine, request};
use rheostat_tests::scripted::{Reply, Scripted, Then, frame, stream_head};
use serde_json::{Value, json};

const KEY: &str = "sk-test-0123456789abcdef";

/// A live server's answer: 10 tokens in, 5 out. `extra` goes into the response object.
fn answer(text: &str, extra: &Value) -> Vec<Vec<u8>> {
    let mut response = json!({
        "id": "resp_1", "object": "response", "status": "completed", "model": "gpt-5.5-2026-04-23",
        "service_tier": "default",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    });
    let fields = response.as_object_mut().unwrap();
    fields.extend(extra.as_object().unwrap().clone());
    vec![
        stream_head(),
        frame(
            &json!({"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1", "status": "in_progress", "model": "gpt-5.5-2026-04-23"}}),
        ),
        frame(
            &json!({"type": "response.output_text.delta", "sequence_number": 1, "output_index": 0, "content_index": 0, "delta": text}),
        ),
        frame(&json!({"type": "response.completed", "sequence_number": 2, "response": response})),
    ]
}

async fn live_server(text: &str) -> Scripted {
    Scripted::start(answer(text, &json!({})), Then::Close)
        .await
        .unwrap()
}

async fn connect(engine: &Engine, mode: &str, server: &Scripted) {
    let connection = json!({ "mode": mode, "liveBaseUrl": server.base_url() });
    engine
        .call::<Value>("set_connection", connection)
        .await
        .unwrap();
    engine
        .call::<Value>("set_key", json!({ "key": KEY }))
        .await
        .unwrap();
}

async fn send(engine: &Engine) -> RunView {
    let input = json!({ "ticket": "t", "request": request().unwrap() });
    let (SendOutput { run }, _) = engine.call("send", input).await.unwrap();
    run
}

async fn call<T: serde::de::DeserializeOwned>(engine: &Engine, name: &str, input: Value) -> T {
    engine.call(name, input).await.unwrap().0
}

async fn spent(engine: &Engine) -> u64 {
    call::<OpenWorkbenchOutput>(engine, "open_workbench", json!({}))
        .await
        .spent_today
}

fn text(run: &RunView) -> &str {
    run.texts.first().map_or("", |part| part.text.as_str())
}

fn total(facts: &RunFacts) -> Option<u64> {
    facts.bill.as_ref().and_then(|bill| bill.total)
}

/// What another program sends: the same request, with a key of its own.
async fn from_outside(engine: &Engine, key: &str) -> reqwest::Response {
    let base_url = engine.workbench.stand_in().unwrap();
    let mut body = request().unwrap().body;
    body.insert("stream".to_owned(), true.into());
    reqwest::Client::new()
        .post(format!("{base_url}/responses"))
        .bearer_auth(key)
        .json(&body)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_last_live_answer_is_replayed_with_its_cost_and_nothing_new_is_spent() {
    let server = live_server("hello from the model").await;
    let engine = Engine::open_own().await.unwrap();
    connect(&engine, "live", &server).await;
    let live = send(&engine).await;
    assert_eq!(
        (live.facts.sample, total(&live.facts)),
        (None, Some(200_000))
    );
    assert_eq!(spent(&engine).await, 200_000);

    connect(&engine, "sample", &server).await;
    let again = send(&engine).await;
    let facts = &again.facts;
    assert_eq!(text(&again), "hello from the model");
    assert_eq!(
        (facts.status, facts.sample),
        (RunStatus::Completed, Some(SampleKind::Replayed))
    );
    let replayed = facts.replayed.unwrap();
    let expected = Replayed {
        recorded_at: live.facts.started_at.unwrap(),
        live: true,
        ..replayed
    };
    assert_eq!(replayed, expected);
    assert_eq!((total(facts), facts.charged), (Some(200_000), Charged::No));
    assert_eq!(spent(&engine).await, 200_000, "a replay is no new spend");
    assert_eq!(server.requests().len(), 1, "and nothing went out");
}

#[tokio::test]
async fn a_saved_answer_outlives_the_history_and_holds_no_key() {
    let server = live_server("kept").await;
    let engine = Engine::open_own().await.unwrap();
    connect(&engine, "live", &server).await;
    let live = send(&engine).await;
    let save = json!({ "runId": live.facts.id });
    let saved: SaveAsMockOutput = call(&engine, "save_as_mock", save.clone()).await;
    let twice: SaveAsMockOutput = call(&engine, "save_as_mock", save).await;
    assert_eq!((saved.known, twice.known), (false, true));
    assert_eq!(saved.file, twice.file);
    assert_eq!(saved.name, "A small request, low");
    let folder = engine.close();
    let path = folder.path().join("workspace/recordings").join(&saved.file);
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(
        written.contains("kept") && !written.contains(KEY),
        "{written}"
    );

    std::fs::remove_dir_all(folder.path().join("data")).unwrap();
    let engine = Engine::open_own_in(folder).await.unwrap();
    let again = send(&engine).await;
    assert_eq!(
        (text(&again), again.facts.sample),
        ("kept", Some(SampleKind::Replayed))
    );

    let removed: Value = call(&engine, "remove_recording", json!({ "file": saved.file })).await;
    assert!(!path.exists());
    let composed = send(&engine).await;
    assert_eq!(composed.facts.sample, Some(SampleKind::Composed));
    let back = json!({ "file": saved.file, "text": removed["text"] });
    let state: MockStateOutput = call(&engine, "restore_recording", back).await;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    assert_eq!(state.recordings.len(), 1);
}

#[tokio::test]
async fn names_that_lead_elsewhere_are_refused() {
    let engine = Engine::open_own().await.unwrap();
    for file in [
        "../mock.yaml",
        "/etc/passwd",
        "a/b.recording.jsonl",
        "mock.yaml",
        "",
    ] {
        let refused = engine
            .call::<Value>("remove_recording", json!({ "file": file }))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code, refused.place.as_deref()),
            (ErrorCode::BadInput, Some("file")),
            "{file}"
        );
    }
}

#[tokio::test]
async fn other_programs_come_in_only_where_the_door_is_open() {
    let engine = Engine::open_own().await.unwrap();
    let closed = from_outside(&engine, "any").await;
    let status = closed.status();
    let body: Value = closed.json().await.unwrap();
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::FORBIDDEN, &json!("mock_off"))
    );
    assert_eq!(
        send(&engine).await.facts.status,
        RunStatus::Completed,
        "its own come in"
    );

    let state: MockStateOutput = call(&engine, "set_mock", json!({ "open": true })).await;
    assert!(state.open && !state.token_required);
    assert_eq!(from_outside(&engine, "any").await.status(), StatusCode::OK);

    let state: MockStateOutput =
        call(&engine, "set_mock", json!({ "token": "a-long-token" })).await;
    assert!(state.token_required);
    assert_eq!(
        from_outside(&engine, "any").await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        from_outside(&engine, "a-long-token").await.status(),
        StatusCode::OK
    );
    assert_eq!(send(&engine).await.facts.status, RunStatus::Completed);
}

#[tokio::test]
async fn a_web_page_comes_in_only_by_its_named_origin() {
    let engine = Engine::open_own().await.unwrap();
    call::<MockStateOutput>(&engine, "set_mock", json!({ "open": true })).await;
    let base_url = engine.workbench.stand_in().unwrap();
    let page = |method: reqwest::Method, origin: &'static str| {
        reqwest::Client::new()
            .request(method, format!("{base_url}/models"))
            .header("origin", origin)
            .header("sec-fetch-site", "cross-site")
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization")
            .send()
    };
    let mine = "http://localhost:5173";
    assert_eq!(
        page(reqwest::Method::GET, mine).await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    let set = json!({ "origins": ["http://localhost:5173/"] });
    call::<MockStateOutput>(&engine, "set_mock", set).await;
    let asked = page(reqwest::Method::OPTIONS, mine).await.unwrap();
    assert_eq!(asked.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        asked.headers()["access-control-allow-headers"],
        "authorization"
    );
    let got = page(reqwest::Method::GET, mine).await.unwrap();
    assert_eq!(
        (got.status(), &got.headers()["access-control-allow-origin"]),
        (StatusCode::OK, &mine.parse().unwrap())
    );
    let other = page(reqwest::Method::GET, "http://localhost:5174")
        .await
        .unwrap();
    assert_eq!(other.status(), StatusCode::FORBIDDEN);
    let wrong = json!({ "origins": ["localhost"] });
    let refused = engine.call::<Value>("set_mock", wrong).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.place.as_deref()),
        (ErrorCode::BadInput, Some("origins"))
    );
}

#[tokio::test]
async fn what_passes_through_is_recorded_priced_and_never_of_our_own() {
    let server = live_server("from upstream").await;
    let engine = Engine::open_own().await.unwrap();
    connect(&engine, "sample", &server).await;
    let state: MockStateOutput =
        call(&engine, "set_mock", json!({ "open": true, "record": true })).await;
    assert_eq!(state.records_from, Some(server.base_url()));

    let own = send(&engine).await;
    assert_eq!(
        own.facts.sample,
        Some(SampleKind::Composed),
        "on mock nothing goes out"
    );
    assert_eq!(server.requests().len(), 0);

    let passed = from_outside(&engine, "the-other-programs-own-key").await;
    assert_eq!(passed.status(), StatusCode::OK);
    let body = passed.text().await.unwrap();
    assert!(body.contains("from upstream"), "{body}");
    let sent = server.requests();
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].contains(&format!("Bearer {KEY}")),
        "the key of this window goes along"
    );
    assert!(!sent[0].contains("x-rheostat"), "{}", sent[0]);

    let log: Value = call(&engine, "list_mock_log", json!({})).await;
    let rows = log["rows"].as_array().unwrap();
    let row = rows.last().unwrap();
    assert_eq!(
        (&row["rung"], &row["cost"], &row["own"]),
        (&json!("upstream"), &json!(200_000), &json!(false))
    );
    assert_eq!(spent(&engine).await, 200_000, "it was spent, by whomever");
    let run_id = row["runId"].as_str().unwrap().to_owned();
    let history = std::sync::Arc::clone(&engine.workbench.history);
    let stored = history.run(&run_id).unwrap().unwrap();
    assert_eq!(
        (
            stored.facts.status,
            stored.facts.effort_sent.as_deref(),
            stored.facts.sample,
            stored.facts.events
        ),
        (RunStatus::Completed, Some("low"), None, 3)
    );
    assert_eq!(
        stored.request_name.as_deref(),
        Some("Recorded through the mock")
    );

    let again = from_outside(&engine, "any").await;
    assert_eq!(again.headers()["x-rheostat-rung"], "live_last");
    assert_eq!(
        server.requests().len(),
        1,
        "recorded once, replayed from then on"
    );
}

#[tokio::test]
async fn settings_live_in_the_workspace_and_a_broken_file_is_left_alone() {
    let engine = Engine::open_own().await.unwrap();
    let rules = json!({ "rules": [{
        "id": "limited", "name": "Rate limit", "enabled": true, "matches": { "effort": "low" },
        "action": { "fault": { "kind": "insufficient_quota", "code": "insufficient_quota" } }
    }]});
    call::<MockStateOutput>(&engine, "set_mock_rules", rules).await;
    let failed = send(&engine).await;
    assert_eq!(failed.facts.fault.unwrap().code, ErrorCode::QuotaExceeded);
    let folder = engine.close();

    let engine = Engine::open_own_in(folder).await.unwrap();
    let failed = send(&engine).await;
    assert_eq!(
        failed.facts.fault.unwrap().code,
        ErrorCode::QuotaExceeded,
        "after a restart too"
    );
    let wrong = json!({ "rules": [{ "id": "x", "action": { "pin": "" } }] });
    let refused = engine
        .call::<Value>("set_mock_rules", wrong)
        .await
        .unwrap_err();
    assert!(
        refused.message.contains("action.pin"),
        "{}",
        refused.message
    );
    let state: MockStateOutput = call(&engine, "mock_state", json!({})).await;
    assert_eq!(state.rules.len(), 1, "the old ones stay");

    let folder = engine.close();
    let file = folder.path().join("workspace/mock.yaml");
    std::fs::write(&file, "rules: [\n").unwrap();
    let engine = Engine::open_own_in(folder).await.unwrap();
    let state: MockStateOutput = call(&engine, "mock_state", json!({})).await;
    assert!(
        state.problems[0].contains("mock.yaml"),
        "{:?}",
        state.problems
    );
    let refused = engine
        .call::<Value>("set_mock", json!({ "open": true }))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileInvalid);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "rules: [\n");
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_and_the_old_one_kept() {
    let engine = Engine::open_own().await.unwrap();
    let before = engine.workbench.stand_in().unwrap();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let state: MockStateOutput = call(&engine, "set_mock", json!({ "port": port })).await;
    let problem = state.port_problem.unwrap();
    // The window has no command line to point at.
    assert_eq!(problem.message, format!("Port {port} is in use."));
    assert_eq!(engine.workbench.stand_in().unwrap(), before);
    drop(taken);
    let state: MockStateOutput = call(&engine, "set_mock", json!({ "port": port })).await;
    assert_eq!(
        (state.port_problem, state.base_url),
        (None, format!("http://127.0.0.1:{port}/v1"))
    );
    assert_eq!(
        send(&engine).await.facts.status,
        RunStatus::Completed,
        "runs follow it"
    );
}

#[tokio::test]
async fn one_request_can_be_pinned_and_its_answer_is_foreseen() {
    let server = live_server("live").await;
    let engine = Engine::open_own().await.unwrap();
    connect(&engine, "live", &server).await;
    let created: Value = call(
        &engine,
        "create_request",
        json!({ "folder": "", "name": "Pinned", "like": request().unwrap() }),
    )
    .await;
    let own = &created["opened"]["request"];
    let run = json!({ "ticket": "t", "request": own });
    call::<SendOutput>(&engine, "send", run.clone()).await;
    connect(&engine, "sample", &server).await;
    let of = |state: &MockStateOutput| {
        let mut all = state.requests.iter();
        let one = all.find(|request| request.id == own["id"]).unwrap();
        (
            one.answered_by,
            one.chosen.clone(),
            one.last_live_at.is_some(),
        )
    };
    let state: MockStateOutput = call(&engine, "mock_state", json!({})).await;
    assert_eq!(of(&state), (Some(Rung::LiveLast), None, true));

    let pin = json!({ "requestId": own["id"], "answer": "composed" });
    let state: MockStateOutput = call(&engine, "pin_mock", pin).await;
    assert_eq!(
        of(&state),
        (
            Some(Rung::Composed),
            Some(rheostat_mock::Pinned::Composed),
            true
        )
    );
    let SendOutput { run: sent } = call(&engine, "send", run.clone()).await;
    assert_eq!(sent.facts.sample, Some(SampleKind::Composed));

    let unpin = json!({ "requestId": own["id"], "answer": null });
    let state: MockStateOutput = call(&engine, "pin_mock", unpin).await;
    assert_eq!(of(&state).0, Some(Rung::LiveLast));
    let SendOutput { run: sent } = call(&engine, "send", run).await;
    assert_eq!(sent.facts.sample, Some(SampleKind::Replayed));
}

#[tokio::test]
async fn drift_is_told_by_shape_against_the_last_answer_or_a_fresh_one() {
    let replies = [json!({}), json!({ "moderation": { "flagged": false } })];
    let replies = replies.iter().map(|extra| Reply {
        pieces: answer("hi", extra),
        then: Then::Close,
    });
    let server = Scripted::in_turn(replies.collect()).await.unwrap();
    let engine = Engine::open_own().await.unwrap();
    connect(&engine, "live", &server).await;
    let live = send(&engine).await;
    let saved: SaveAsMockOutput =
        call(&engine, "save_as_mock", json!({ "runId": live.facts.id })).await;
    connect(&engine, "sample", &server).await;
    let same = json!({ "ticket": "d", "file": saved.file, "fresh": false });
    let report: Value = call(&engine, "mock_drift", same).await;
    assert_eq!(
        (&report["differences"], &report["cost"]),
        (&json!([]), &Value::Null)
    );
    let fresh = json!({ "ticket": "d", "file": saved.file, "fresh": true });
    let report: Value = call(&engine, "mock_drift", fresh).await;
    let paths: Vec<_> = report["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].clone())
        .collect();
    assert!(
        paths
            .iter()
            .any(|path| path.as_str().unwrap().contains("moderation")),
        "{report}"
    );
    assert_eq!(report["cost"], 200_000);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn speed_is_followed_and_kept() {
    let engine = Engine::open_own().await.unwrap();
    let set = json!({ "speed": { "profile": { "time_to_first_token_ms": 5, "tokens_per_second": 90_000.0, "jitter": 0.5 } } });
    let state: MockStateOutput = call(&engine, "set_mock", set).await;
    assert!(matches!(state.speed, Speed::Profile(_)));
    let wrong = json!({ "speed": { "multiple": 0.0 } });
    let refused = engine.call::<Value>("set_mock", wrong).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.place.as_deref()),
        (ErrorCode::BadInput, Some("speed"))
    );
    assert_eq!(send(&engine).await.facts.status, RunStatus::Completed);
}
