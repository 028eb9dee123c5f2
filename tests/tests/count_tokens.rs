//! The input's tokens: about, counted here, and exactly, asked of the endpoint.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use base64::Engine as _;
use rheostat_core::error::ErrorCode;
use rheostat_core::ops::count_tokens::CountTokensOutput;
use rheostat_core::ops::forecast_run::ForecastRunOutput;
use rheostat_core::ops::lint_request::LintRequestOutput;
use rheostat_tests::engine::{Engine, request};
use serde_json::{Value, json};

/// The head of a PNG of 160 by 224 px: all that its size is read from.
const PICTURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAKAAAADgCAIAAAA=";

fn asked(change: impl FnOnce(&mut Value), exact: bool) -> Value {
    let mut request = serde_json::to_value(request().unwrap()).unwrap();
    change(&mut request);
    json!({ "request": request, "exact": exact })
}

#[tokio::test]
async fn about_is_told_part_by_part_and_exactly_by_the_endpoint() {
    let engine = Engine::open_own().await.unwrap();
    let fill = |request: &mut Value| {
        let body = &mut request["body"];
        body["instructions"] = json!("Answer in one word");
        body["tools"] = json!([{ "type": "function", "name": "f", "strict": false, "parameters": { "type": "object", "properties": {} } }]);
        body["input"] = json!([
            { "role": "user", "content": "Say hello" },
            { "role": "user", "content": [{ "type": "input_image", "image_url": PICTURE }, { "type": "input_text", "text": "Say hello" }] },
            { "role": "user", "content": [{ "type": "input_image", "image_url": "https://example.com/a.png" }, { "type": "input_file", "file_id": "file-1" }] }
        ]);
    };
    let count = |input| engine.call::<CountTokensOutput>("count_tokens", input);
    let (about, _) = count(asked(fill, false)).await.unwrap();
    assert_eq!(
        (about.messages.as_slice(), about.texts),
        ([2, 37, 0].as_slice(), 8),
        "5 by 7 patches of 32 px, and the text beside them"
    );
    assert_eq!(
        (about.instructions, about.pictures, about.uncounted),
        (4, 35, 2),
        "a picture elsewhere and a file are not counted"
    );
    assert!(about.tools > 10 && about.schema == 0);
    assert_eq!(about.total, 8 + 35 + about.tools);
    assert_eq!(about.exact, None);

    let (exact, _) = count(asked(|_| {}, true)).await.unwrap();
    assert!(
        exact.exact.unwrap() >= exact.texts && exact.sample,
        "{exact:?}"
    );

    let chat = |request: &mut Value| {
        request["endpoint"] = json!("chat_completions");
        request["body"] =
            json!({ "model": "gpt-5.5", "messages": [{ "role": "user", "content": "Say hello" }] });
    };
    let (about, _) = count(asked(chat, false)).await.unwrap();
    assert_eq!(about.texts, 2);
    let refused = count(asked(chat, true)).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.place.as_deref()),
        (ErrorCode::BadInput, Some("endpoint"))
    );
}

#[tokio::test]
async fn pictures_count_in_the_forecast_and_in_the_lint_as_they_do_in_the_messages() {
    let engine = Engine::open_own().await.unwrap();
    let pictures = |count: usize, url: &str, detail: &str| {
        let one = json!({ "type": "input_image", "image_url": url, "detail": detail });
        asked(
            |request| {
                request["body"]["max_output_tokens"] = json!(16);
                request["body"]["input"] = json!([{ "role": "user", "content": vec![one; count] }]);
            },
            false,
        )["request"]
            .clone()
    };
    let worst = async |request: &Value| {
        let input = json!({ "request": request, "efforts": [], "repeats": 1 });
        let (forecast, _) = engine
            .call::<ForecastRunOutput>("forecast_run", input)
            .await
            .unwrap();
        forecast.worst_cost.unwrap()
    };
    // At $5 a million tokens, API.md 1.2.
    let (none, one) = (
        worst(&pictures(0, "", "auto")).await,
        worst(&pictures(1, PICTURE, "auto")).await,
    );
    let text = worst(&pictures(1, "data:image/png;base64,", "auto")).await;
    assert!(one > none);
    assert_eq!(
        text - one,
        (10_000 - 35) * 5_000,
        "one whose size is not known may be as large as its detail allows"
    );

    // Each at most 10 000 patches, and 28 of them over 272 000 tokens.
    let large = format!("data:image/png;base64,{}", png(6_000, 6_000));
    let codes = async |request: &Value| {
        let input = json!({ "endpoint": "responses", "body": request["body"] });
        let (looked, _) = engine
            .call::<LintRequestOutput>("lint_request", input)
            .await
            .unwrap();
        let codes: Vec<_> = looked.findings.into_iter().map(|it| it.code).collect();
        codes
    };
    assert_eq!(codes(&pictures(27, &large, "auto")).await, [""; 0]);
    assert_eq!(
        codes(&pictures(28, &large, "auto")).await,
        ["long_context_price"]
    );
    assert_eq!(codes(&pictures(28, &large, "high")).await, [""; 0]);
    assert_eq!(
        codes(&pictures(106, &large, "auto")).await,
        ["input_over_window", "long_context_price"]
    );
    assert_eq!(
        codes(&pictures(28, PICTURE, "auto")).await,
        [""; 0],
        "small ones are counted as they are"
    );
}

/// The head of a PNG as base64.
fn png(width: u32, height: u32) -> String {
    let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    base64::engine::general_purpose::STANDARD.encode(head)
}

#[tokio::test]
async fn a_long_text_is_measured_by_whoever_looks_a_request_over() {
    let engine = Engine::open_own().await.unwrap();
    let text = "a b ".repeat(150_000);
    let body = json!({ "model": "gpt-5.5", "input": "{{text}}", "max_output_tokens": 128_000 });
    let looked = async |text: &str| {
        let input = json!({ "endpoint": "responses", "body": body, "variables": { "text": text } });
        let (looked, _) = engine
            .call::<LintRequestOutput>("lint_request", input)
            .await
            .unwrap();
        let codes: Vec<_> = looked.findings.into_iter().map(|it| it.code).collect();
        codes
    };
    assert_eq!(
        looked(&text).await,
        ["long_context_price"],
        "300 000 tokens, in a variable"
    );
    assert_eq!(
        looked(&text.repeat(4)).await,
        ["input_over_window", "long_context_price"]
    );
    assert_eq!(looked("short").await, [""; 0]);
}
