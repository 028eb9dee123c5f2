//! The input's tokens: about, counted here, and exactly, asked of the endpoint.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use rheostat_core::error::ErrorCode;
use rheostat_core::ops::count_tokens::CountTokensOutput;
use rheostat_tests::engine::{Engine, request};
use serde_json::{Value, json};

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
            { "role": "user", "content": [{ "type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo=" }] }
        ]);
    };
    let count = |input| engine.call::<CountTokensOutput>("count_tokens", input);
    let (about, _) = count(asked(fill, false)).await.unwrap();
    assert_eq!(
        (about.messages.as_slice(), about.texts),
        ([2, 0].as_slice(), 6)
    );
    assert!(about.has_media && about.tools > 10 && about.schema == 0);
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
