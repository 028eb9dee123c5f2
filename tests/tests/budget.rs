//! What a run may cost is told before it is sent, and a limit stands before the first byte.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use rheostat_core::error::ErrorCode;
use rheostat_core::ops::arm_live::ArmLiveOutput;
use rheostat_core::ops::forecast_run::ForecastRunOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::RunStatus;
use rheostat_tests::engine::{Engine, request};
use rheostat_tests::scripted::{Scripted, Then, frame, stream_head};
use serde_json::{Value, json};

/// A live server whose answer costs 200 000 nano-dollars: 10 tokens in at $5, 5 out at $30 the million.
async fn server(text: &str) -> Scripted {
    let completed = json!({"type": "response.completed", "sequence_number": 1, "response": {
        "id": "resp_1", "status": "completed", "model": "gpt-5.5-2026-04-23", "service_tier": "default",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    }});
    let delta = json!({"type": "response.output_text.delta", "sequence_number": 0, "output_index": 0, "content_index": 0, "delta": text});
    let pieces = vec![stream_head(), frame(&delta), frame(&completed)];
    Scripted::start(pieces, Then::Close).await.unwrap()
}

async fn live(server: &Scripted) -> Engine {
    let engine = Engine::open_own().await.unwrap();
    connect(&engine, server).await;
    engine
}

async fn connect(engine: &Engine, server: &Scripted) {
    let connection = json!({ "mode": "live", "liveBaseUrl": server.base_url() });
    engine
        .call::<Value>("set_connection", connection)
        .await
        .unwrap();
    let key = json!({ "key": "sk-test-0123456789abcdef" });
    engine.call::<Value>("set_key", key).await.unwrap();
}

/// The small request with a cap of its own, and an output schema where one is given.
fn capped(cap: u64, schema: Option<Value>) -> Value {
    let mut request = serde_json::to_value(request().unwrap()).unwrap();
    request["body"]["max_output_tokens"] = cap.into();
    if let Some(schema) = schema {
        request["body"]["text"] = json!({ "format": { "type": "json_schema", "name": "out", "strict": true, "schema": schema } });
    }
    request
}

async fn forecast(
    engine: &Engine,
    request: &Value,
    efforts: &[&str],
    repeats: u32,
) -> ForecastRunOutput {
    let input = json!({ "request": request, "efforts": efforts, "repeats": repeats });
    engine.call("forecast_run", input).await.unwrap().0
}

async fn limit(engine: &Engine, limits: Value) {
    let input = json!({ "limits": limits });
    engine.call::<Value>("set_budget", input).await.unwrap();
}

fn send_input(request: &Value) -> Value {
    json!({ "ticket": "t", "request": request })
}

#[tokio::test]
async fn a_forecast_invents_nothing_and_learns_from_live_runs_only() {
    let server = server("hello").await;
    let engine = live(&server).await;
    let request = capped(1_000, None);
    let before = forecast(&engine, &request, &[], 1).await;
    let level = &before.levels[0];
    assert_eq!(
        (level.runs, level.cost, level.ms, before.cost),
        (0, None, None, None)
    );
    let text: u64 = [
        "gpt-5.5",
        "model",
        "low",
        "effort",
        "user",
        "role",
        "Say hello",
        "content",
    ]
    .map(str::len)
    .iter()
    .sum::<usize>() as u64;
    let worst = before.worst_cost.unwrap();
    assert!(
        worst >= 1_000 * 30_000 + text * 5_000 - 10 * 5_000,
        "{worst}: the cap and every byte"
    );
    assert!(
        worst < 1_000 * 30_000 + 200 * 5_000,
        "{worst}: and not much more"
    );

    engine
        .call::<SendOutput>("send", send_input(&request))
        .await
        .unwrap();
    let after = forecast(&engine, &request, &[], 3).await;
    assert_eq!(
        (after.levels[0].runs, after.cost, after.high_cost),
        (1, Some(600_000), Some(600_000))
    );
    assert_eq!((after.calls, after.worst_cost), (3, Some(3 * worst)));
    assert_eq!(
        (
            after.budget.spent_session,
            after.budget.spent_today,
            after.budget.reserved
        ),
        (200_000, 200_000, 0)
    );
    let all = forecast(&engine, &request, &["low", "high"], 1).await;
    assert_eq!(all.cost, None, "a level without a run leaves the sum open");
}

#[tokio::test]
async fn a_limit_stands_before_the_first_byte() {
    let server = server("hello").await;
    let engine = live(&server).await;
    let request = capped(1_000, None);
    limit(&engine, json!({ "perRun": 1_000_000 })).await;
    let refused = engine
        .call::<SendOutput>("send", send_input(&request))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::BudgetExceeded);
    assert!(forecast(&engine, &request, &[], 1).await.refusal.is_some());

    // Room for two of these runs at worst, not for five.
    limit(&engine, json!({ "perDay": 70_000_000 })).await;
    let grid = json!({ "ticket": "t", "request": request, "efforts": ["none", "low", "medium", "high", "xhigh"], "repeats": 1 });
    let refused = engine
        .call::<Value>("compare_efforts", grid)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::BudgetExceeded);
    assert_eq!(server.requests().len(), 0, "nothing was sent");
    let (SendOutput { run }, _) = engine.call("send", send_input(&request)).await.unwrap();
    assert_eq!(run.facts.status, RunStatus::Completed);

    // Kept across a start; samples are free.
    let engine = Engine::open_own_in(engine.close()).await.unwrap();
    let sample: SendOutput = engine
        .call("send", send_input(&capped(100_000, None)))
        .await
        .unwrap()
        .0;
    assert!(sample.run.facts.sample.is_some());
    connect(&engine, &server).await;
    let refused = engine
        .call::<SendOutput>("send", send_input(&capped(100_000, None)))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::BudgetExceeded);
}

#[tokio::test]
async fn limits_that_cannot_be_read_let_nothing_out_until_they_are_set_anew() {
    let server = server("hello").await;
    let folder = Engine::open_own().await.unwrap().close();
    let file = folder.path().join("data/limits.yaml");
    std::fs::write(&file, "perDay: plenty\n").unwrap();
    let engine = Engine::open_own_in(folder).await.unwrap();
    connect(&engine, &server).await;
    let request = capped(1_000, None);
    let refused = engine
        .call::<SendOutput>("send", send_input(&request))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileInvalid);
    assert!(
        refused.message.contains("limits.yaml"),
        "{}",
        refused.message
    );
    assert_eq!(server.requests().len(), 0);
    limit(&engine, json!({ "perDay": 1_000_000_000 })).await;
    engine
        .call::<SendOutput>("send", send_input(&request))
        .await
        .unwrap();
}

#[tokio::test]
async fn what_other_programs_send_through_is_held_to_the_limits_too() {
    let server = server("hello").await;
    let engine = live(&server).await;
    let sample = json!({ "mode": "sample", "liveBaseUrl": server.base_url() });
    engine
        .call::<Value>("set_connection", sample)
        .await
        .unwrap();
    let open = json!({ "open": true, "record": true });
    engine.call::<Value>("set_mock", open).await.unwrap();
    limit(&engine, json!({ "perDay": 1_000_000 })).await;
    let base_url = engine.workbench.stand_in().unwrap();
    let send = |cap: u64| {
        let body = capped(cap, None)["body"].clone();
        reqwest::Client::new()
            .post(format!("{base_url}/responses"))
            .json(&body)
            .send()
    };
    let refused = send(1_000).await.unwrap();
    assert_eq!(refused.status().as_u16(), 429);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "insufficient_quota");
    assert!(
        body["error"]["message"].as_str().unwrap().contains("$0.00"),
        "{body}"
    );
    assert_eq!(server.requests().len(), 0);
    assert_eq!(send(16).await.unwrap().status().as_u16(), 200);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn going_live_tells_where_recordings_no_longer_fit_the_schema() {
    let server = server(r#"{"city":"Bern"}"#).await;
    let engine = live(&server).await;
    let schema = |field: &str| json!({ "type": "object", "properties": { field: { "type": "string" } }, "required": [field], "additionalProperties": false });
    let request = capped(1_000, Some(schema("city")));
    engine
        .call::<SendOutput>("send", send_input(&request))
        .await
        .unwrap();
    let arm = |request: &Value| json!({ "request": request, "efforts": [], "repeats": 1 });
    let same: ArmLiveOutput = engine.call("arm_live", arm(&request)).await.unwrap().0;
    assert_eq!(
        same.recordings
            .iter()
            .map(|fit| fit.problems.len())
            .collect::<Vec<_>>(),
        [0]
    );
    assert!(same.key.is_some() && same.has_schema);
    let changed = capped(1_000, Some(schema("town")));
    let changed: ArmLiveOutput = engine.call("arm_live", arm(&changed)).await.unwrap().0;
    let problems = &changed.recordings[0].problems;
    assert!(
        problems.iter().any(|problem| problem.contains("town")),
        "{problems:?}"
    );
    assert_eq!(server.requests().len(), 1, "nothing is sent by asking");
}
