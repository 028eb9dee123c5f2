//! The article's way to work, in the real window: run once live, keep the answer, replay it for nothing, and serve it to
//! another program.

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::scripted::{Scripted, Then, frame, stream_head};
use rheostat_tests::window::{Opening, Window};
use serde_json::{Value, json};

use crate::steps::{self, MIGRATION_REVIEW};

/// Says that it was written by a model, and what it cost: 10 tokens in at $5, 5 out at $30 the million.
async fn live_server() -> Result<Scripted> {
    let completed = json!({"type": "response.completed", "sequence_number": 1, "response": {
        "id": "resp_1", "status": "completed", "model": "gpt-5.5-2026-04-23", "service_tier": "default",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": "Written by a model."}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    }});
    let delta = json!({"type": "response.output_text.delta", "sequence_number": 0, "output_index": 0, "content_index": 0, "delta": "Written by a model."});
    let pieces = vec![stream_head(), frame(&delta), frame(&completed)];
    Ok(Scripted::start(pieces, Then::Close).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_answer_is_kept_replayed_and_served_to_another_program() -> Result<()> {
    let server = live_server().await?;
    let home = steps::used_home().await?;
    let window = Window::open(&Opening::of_application(&home)?).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;
    steps::go_live(&window, &server.base_url(), "sk-test-0123456789abcdef").await?;
    window.click("run").await?;
    steps::run_stands(&window, "completed").await?;
    window.click("save-as-mock").await?;

    window.click("connection").await?;
    window.click("mode-sample").await?;
    window.session().press(&[steps::ESCAPE]).await?;
    window.click("run").await?;
    window
        .until(
            "the replay to be marked as one",
            "const mark = document.querySelector('[data-testid=sample-mark]');
             const state = document.querySelector('[data-testid=run-state]');
             return mark !== null && mark.innerText.includes('Mock reply')
                 && state.dataset.status === 'completed'
                 && document.querySelector('[data-testid=recorded-at]') !== null",
        )
        .await?;
    assert_eq!(
        server.requests().len(),
        1,
        "the replay stayed on this computer"
    );

    window.click("nav-mock").await?;
    window.click("mock-open").await?;
    window
        .until(
            "the door to be open",
            "return document.querySelector('[data-testid=mock-open]').getAttribute('aria-checked') === 'true'",
        )
        .await?;
    let base_url = window.text("mock-base-url").await?;
    let sent = body_of(&server)?;
    let answer = reqwest::Client::new()
        .post(format!("{}/responses", base_url.trim()))
        .bearer_auth("any")
        .json(&sent)
        .send()
        .await?;
    let rung = answer.headers().get("x-rheostat-rung").cloned();
    assert_eq!(
        rung.as_ref().and_then(|rung| rung.to_str().ok()),
        Some("live_last")
    );
    assert!(answer.text().await?.contains("Written by a model."));
    window
        .until(
            "the other program's request in the log",
            "return document.querySelector('[data-testid=log-rows]')?.innerText.includes('Last real answer')",
        )
        .await?;
    window.close().await
}

/// What the window sent: another program that sends the same gets the same.
fn body_of(server: &Scripted) -> Result<Value> {
    let requests = server.requests();
    let text = requests
        .first()
        .and_then(|request| request.split_once("\r\n\r\n"));
    let (_, body) = text.ok_or_else(|| Failure::new("Nothing was sent."))?;
    Ok(serde_json::from_str(body)?)
}
