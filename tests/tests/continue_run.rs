//! A call of a function pauses the turn: a reply goes on with it, over real sockets, on both endpoints.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::ops::continue_run::ContinueRunOutput;
use rheostat_core::ops::last_run::LastRunOutput;
use rheostat_core::ops::request_figures::RequestFiguresOutput;
use rheostat_core::ops::send::SendOutput;
use rheostat_core::run::facts::{RunStatus, RunView, Section};
use rheostat_tests::engine::Engine;
use rheostat_tests::environments::{TOKEN, answer, body, choose, engine, staging, stands_in};
use rheostat_tests::scripted::{Reply, Scripted, Then, frame, http_with, stream_head};
use serde_json::{Value, json};

const ID: &str = "0199b3c0-0000-7000-8000-00000000e574";

fn look_up(name: &str) -> Value {
    json!({"type": "function", "name": name, "strict": true, "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": false}})
}

/// A request with tools, on Responses.
fn request(more: Value) -> Value {
    let mut body = json!({"model": "gpt-5.5", "reasoning": {"effort": "low"}, "input": "How warm is it?", "tools": [look_up("look_up")]});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({"id": ID, "name": "Weather", "endpoint": "responses", "body": body,
        "checks": [{"name": "Says something", "pattern": "."}]})
}

async fn send(engine: &Engine, request: &Value) -> RunView {
    let input = json!({"ticket": "t", "request": request});
    let (SendOutput { run }, _) = engine.call("send", input).await.unwrap();
    run
}

async fn go_on(
    engine: &Engine,
    request: &Value,
    run: &RunView,
    replies: Value,
) -> Result<RunView, Error> {
    let input = json!({"ticket": "t", "request": request, "runId": run.facts.id, "replies": replies, "freeChoice": false});
    let (ContinueRunOutput { run }, _) = engine.call("continue_run", input).await?;
    Ok(run)
}

/// The same reply to every call of a run.
fn replies(run: &RunView, output: &str) -> Value {
    let calls = run.facts.tool_calls.iter();
    calls
        .map(|call| json!({"callId": call.call_id, "output": output}))
        .collect()
}

async fn last(engine: &Engine) -> LastRunOutput {
    let (last, _) = engine
        .call("last_run", json!({"requestId": ID}))
        .await
        .unwrap();
    last
}

async fn kept(engine: &Engine, run: &RunView) -> Value {
    let id = run.facts.id.clone();
    let bytes = engine
        .workbench
        .read_history(move |history| history.run_body(&id))
        .await
        .unwrap();
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

fn text(run: &RunView, section: Section) -> String {
    let parts = run.texts.iter().filter(|part| part.section == section);
    parts.map(|part| part.text.as_str()).collect()
}

/// A live response that ends with calls. It costs 200 000 nano-dollars.
fn calls(id: &str, output: Value) -> Reply {
    let completed = json!({"type": "response.completed", "sequence_number": 0, "response": {
        "id": id, "status": "completed", "model": "gpt-5.5-2026-04-23", "service_tier": "default", "output": output,
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    }});
    Reply::whole([stream_head(), frame(&completed)].concat())
}

fn call(id: &str, arguments: &str) -> Value {
    json!({"type": "function_call", "id": format!("fc_{id}"), "call_id": id, "name": "look_up", "arguments": arguments, "status": "completed"})
}

fn reasoning() -> Value {
    json!({"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA"})
}

async fn live(replies: Vec<Reply>) -> (Engine, Scripted) {
    let server = Scripted::in_turn(replies).await.unwrap();
    let engine = Engine::open_own().await.unwrap();
    let connection = json!({"mode": "live", "liveBaseUrl": server.base_url()});
    engine
        .call::<Value>("set_connection", connection)
        .await
        .unwrap();
    let key = json!({"key": "sk-test-0123456789abcdef"});
    engine.call::<Value>("set_key", key).await.unwrap();
    (engine, server)
}

#[tokio::test]
async fn on_the_mock_a_call_waits_and_its_reply_brings_the_answer() {
    let engine = Engine::open_own().await.unwrap();
    let request = request(json!({}));
    let first = send(&engine, &request).await;
    assert_eq!(first.facts.status, RunStatus::Completed);
    assert!(first.facts.awaits_replies());
    assert_eq!(
        (first.facts.checks.len(), text(&first, Section::Output)),
        (0, String::new()),
        "a call is no answer: nothing is judged yet"
    );

    let second = go_on(&engine, &request, &first, replies(&first, "21 degrees"))
        .await
        .unwrap();
    assert!(!second.facts.awaits_replies() && !text(&second, Section::Output).is_empty());
    assert!(second.facts.checks.iter().all(|check| check.passed));
    assert_eq!(second.facts.checks.len(), 1);
    let link = second.facts.continues.clone().unwrap();
    assert_eq!(
        (link.run_id, link.first_run_id, link.step),
        (first.facts.id.clone(), first.facts.id.clone(), 2)
    );
    assert_eq!(
        link.cost_before,
        first.facts.bill.as_ref().unwrap().total,
        "the turn's cost is this and the second bill"
    );

    let input = kept(&engine, &second).await["input"].clone();
    let kinds: Vec<_> = input
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap_or("message").to_owned())
        .collect();
    assert_eq!(
        kinds,
        [
            "message",
            "reasoning",
            "function_call",
            "function_call_output"
        ],
        "all of it goes back"
    );

    let shown = last(&engine).await;
    assert_eq!(shown.run.unwrap().facts.id, second.facts.id);
    let step = &shown.earlier[0];
    assert_eq!(
        (step.run.facts.id.as_str(), step.replies[0].output.as_str()),
        (first.facts.id.as_str(), "21 degrees")
    );

    let (figures, _) = engine
        .call::<RequestFiguresOutput>(
            "request_figures",
            json!({"requestId": ID, "model": "gpt-5.5"}),
        )
        .await
        .unwrap();
    let low = figures
        .efforts
        .iter()
        .find(|it| it.effort == "low")
        .unwrap();
    assert_eq!(
        low.runs, 1,
        "what goes on with a turn is no run of the request as it stands"
    );
}

#[tokio::test]
async fn parallel_calls_need_a_reply_each() {
    let engine = Engine::open_own().await.unwrap();
    let request = request(json!({"tools": [look_up("look_up"), look_up("look_down")]}));
    let first = send(&engine, &request).await;
    let [one, two] = [0, 1].map(|at| first.facts.tool_calls[at].call_id.clone().unwrap());
    assert_ne!(one, two);

    let reply = |id: &str| json!({"callId": id, "output": "{not JSON"});
    for (given, place) in [
        (json!([]), &one),
        (json!([reply(&one)]), &two),
        (
            json!([reply(&one), reply(&two), reply("call_x")]),
            &"call_x".to_owned(),
        ),
        (json!([reply(&one), reply(&two), reply(&one)]), &one),
    ] {
        let error = go_on(&engine, &request, &first, given).await.unwrap_err();
        assert_eq!(
            (error.code, error.place.as_ref()),
            (ErrorCode::BadInput, Some(place)),
            "{error}"
        );
    }
    assert_eq!(
        last(&engine).await.run.unwrap().facts.id,
        first.facts.id,
        "nothing was sent"
    );

    // A reply is any text; whether it is JSON is between the tool and the model.
    let given = json!([reply(&two), reply(&one)]);
    let second = go_on(&engine, &request, &first, given).await.unwrap();
    assert!(!text(&second, Section::Output).is_empty());

    let over = go_on(&engine, &request, &second, json!([]))
        .await
        .unwrap_err();
    assert_eq!(
        (over.code, over.place.as_deref()),
        (ErrorCode::BadInput, Some("runId")),
        "an answered turn is over"
    );
    let other = json!({"id": "0199b3c0-0000-7000-8000-00000000e575", "name": "Other", "body": {}});
    let strange = go_on(&engine, &other, &first, replies(&first, "x"))
        .await
        .unwrap_err();
    assert_eq!(strange.message, "The run to continue is not one of Other.");
}

#[tokio::test]
async fn a_chat_turn_takes_two_steps_too() {
    let engine = Engine::open_own().await.unwrap();
    let tool = json!({"type": "function", "function": {"name": "look_up", "parameters": look_up("")["parameters"]}});
    let request = json!({"id": ID, "name": "Chat", "endpoint": "chat_completions", "body": {
        "model": "gpt-5.5", "reasoning_effort": "none", "tools": [tool], "tool_choice": "required",
        "messages": [{"role": "user", "content": "How warm is it?"}]}});
    let first = send(&engine, &request).await;
    let input = json!({"ticket": "t", "request": request, "runId": first.facts.id,
        "replies": replies(&first, "21"), "freeChoice": true});
    let (ContinueRunOutput { run: second }, _) = engine.call("continue_run", input).await.unwrap();
    assert!(!text(&second, Section::Output).is_empty());
    let sent = kept(&engine, &second).await;
    assert_eq!(sent["tool_choice"], "auto", "it may answer now");
    let messages = sent["messages"].as_array().unwrap();
    let id = first.facts.tool_calls[0].call_id.clone().unwrap();
    assert_eq!(
        (&messages[1]["role"], &messages[1]["tool_calls"][0]["id"]),
        (&json!("assistant"), &json!(id))
    );
    assert_eq!(
        messages[2],
        json!({"role": "tool", "tool_call_id": id, "content": "21"})
    );
    assert_eq!(last(&engine).await.earlier[0].replies[0].output, "21");
}

#[tokio::test]
async fn live_the_items_go_back_as_they_came_step_after_step() {
    let (engine, server) = live(vec![
        calls("resp_a", json!([reasoning(), call("a", "{}")])),
        // What may be tried again is: a turn goes on under the rules of every run.
        Reply::whole(http_with(
            "429 Too Many Requests",
            &[("content-type", "application/json"), ("retry-after-ms", "1")],
            r#"{"error":{"message":"Slow down","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}"#,
        )),
        calls("resp_b", json!([call("b", "{}")])),
        answer(),
    ])
    .await;
    let request = request(json!({"store": false, "include": ["reasoning.encrypted_content"]}));
    let first = send(&engine, &request).await;
    let second = go_on(&engine, &request, &first, replies(&first, "1"))
        .await
        .unwrap();
    assert_eq!(second.facts.attempts.len(), 2);
    let third = go_on(&engine, &request, &second, replies(&second, "2"))
        .await
        .unwrap();
    assert_eq!(text(&third, Section::Output), "hello");

    let seen = server.requests();
    let output = |id: &str, text: &str| json!({"type": "function_call_output", "call_id": id, "output": text});
    let whole = json!([
        {"role": "user", "content": "How warm is it?"}, reasoning(), call("a", "{}"), output("a", "1"),
        call("b", "{}"), output("b", "2"),
    ]);
    assert_eq!(body(&seen[3])["input"], whole);
    assert_eq!(
        body(&seen[1])["input"].as_array().unwrap(),
        &whole.as_array().unwrap()[..4]
    );
    assert_eq!(body(&seen[3])["tools"], request["body"]["tools"]);

    let link = third.facts.continues.clone().unwrap();
    assert_eq!(
        (link.step, link.first_run_id, link.cost_before),
        (3, first.facts.id.clone(), Some(400_000)),
        "two runs at 200 000 each came before"
    );
    let steps = last(&engine).await.earlier;
    let told: Vec<_> = steps
        .iter()
        .map(|step| (step.run.facts.id.as_str(), step.replies[0].output.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (first.facts.id.as_str(), "1"),
            (second.facts.id.as_str(), "2")
        ]
    );
}

#[tokio::test]
async fn what_is_stored_is_named_by_its_response() {
    let (engine, server) = live(vec![
        calls("resp_a", json!([reasoning(), call("a", "{}")])),
        answer(),
    ])
    .await;
    let request = request(json!({"store": true}));
    let first = send(&engine, &request).await;
    go_on(&engine, &request, &first, replies(&first, "1"))
        .await
        .unwrap();
    let sent = body(&server.requests()[1]);
    assert_eq!(
        (&sent["previous_response_id"], &sent["input"]),
        (
            &json!("resp_a"),
            &json!([{"type": "function_call_output", "call_id": "a", "output": "1"}])
        )
    );
}

#[tokio::test]
async fn a_turn_can_be_stopped_and_begun_again_from_the_same_call() {
    let stalled = Reply {
        pieces: vec![
            stream_head(),
            frame(
                &json!({"type": "response.output_text.delta", "sequence_number": 0, "output_index": 0, "content_index": 0, "delta": "hel"}),
            ),
        ],
        then: Then::Stall,
    };
    let (engine, _server) = live(vec![
        calls("resp_a", json!([call("a", "{}")])),
        stalled,
        answer(),
    ])
    .await;
    let request = request(json!({}));
    let first = send(&engine, &request).await;
    let stop = async {
        loop {
            let (done, _) = engine
                .call::<Value>("stop_run", json!({"ticket": "t", "lane": null}))
                .await
                .unwrap();
            if done["stopped"] == true {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let (stopped, ()) = tokio::join!(go_on(&engine, &request, &first, replies(&first, "1")), stop);
    let stopped = stopped.unwrap();
    assert_eq!(stopped.facts.status, RunStatus::Stopped);
    assert_eq!(stopped.facts.continues.unwrap().step, 2);
}

#[tokio::test]
async fn a_limit_stands_before_the_next_step_too() {
    let (engine, server) = live(vec![calls("resp_a", json!([call("a", "{}")])), answer()]).await;
    let request = request(json!({"max_output_tokens": 1000}));
    let first = send(&engine, &request).await;
    let limits = json!({"limits": {"perRun": 1_000, "perSession": null, "perDay": null}});
    engine.call::<Value>("set_budget", limits).await.unwrap();
    let refused = go_on(&engine, &request, &first, replies(&first, "1"))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::BudgetExceeded);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_turn_stays_where_it_began() {
    let (engine, server) = live(vec![calls("resp_a", json!([call("a", "{}")]))]).await;
    let request = request(json!({}));
    let switch = |mode: &'static str| {
        engine.call::<Value>(
            "set_connection",
            json!({"mode": mode, "liveBaseUrl": server.base_url()}),
        )
    };
    let began_live = send(&engine, &request).await;
    switch("sample").await.unwrap();
    let began_on_mock = send(&engine, &request).await;
    let here = go_on(&engine, &request, &began_live, replies(&began_live, "1"))
        .await
        .unwrap_err();
    assert_eq!(
        here.message,
        "This turn began Live, and the connection is Mock now."
    );
    switch("live").await.unwrap();
    let there = go_on(
        &engine,
        &request,
        &began_on_mock,
        replies(&began_on_mock, "1"),
    )
    .await
    .unwrap_err();
    assert_eq!(
        (there.code, there.place.as_deref()),
        (ErrorCode::BadInput, Some("connection"))
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_secret_goes_back_where_the_user_wrote_it_and_nowhere_else() {
    let server = Scripted::in_turn(vec![
        calls("resp_a", json!([call("a", "{\"key\":\"{{token}}\"}")])),
        answer(),
    ])
    .await
    .unwrap();
    let more = "variables:\n  token: {secret: env:STAGING_TOKEN}\n";
    let engine = engine(&[("environments/staging.yaml", &staging(&server, more))]).await;
    choose(&engine, "live", "Staging").await.unwrap();
    let request = request(json!({"input": "Use {{token}}", "instructions": "{{token}}"}));
    let first = send(&engine, &request).await;
    go_on(
        &engine,
        &request,
        &first,
        replies(&first, "The tool says {{token}}"),
    )
    .await
    .unwrap();

    let sent = body(&server.requests()[1]);
    assert_eq!(sent["instructions"], TOKEN);
    assert_eq!(sent["input"][0]["content"], format!("Use {TOKEN}"));
    assert_eq!(
        sent["input"][1]["arguments"], "{\"key\":\"{{token}}\"}",
        "the model's own words"
    );
    assert_eq!(sent["input"][2]["output"], "The tool says {{token}}");
    engine.workbench.close();
    assert_eq!(stands_in(engine.folder.path(), TOKEN), Vec::<String>::new());
}
