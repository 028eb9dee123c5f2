//! `POST /v1/responses/input_tokens`: what a request would cost to read.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::check::parameter::{choice, unknown_field};
use crate::create::{check_key, read};
use crate::fault::Fault;
use crate::routes::House;
use crate::seed::Seed;
use crate::{check, tokens, turn};

/// Of the parameters of a response, those that its input is made of, and one of its own (API.md 7).
const KNOWN: [&str; 12] = [
    "conversation",
    "input",
    "instructions",
    "model",
    "parallel_tool_calls",
    "personality",
    "previous_response_id",
    "reasoning",
    "text",
    "tool_choice",
    "tools",
    "truncation",
];
const PERSONALITIES: [&str; 2] = ["friendly", "pragmatic"];

pub(crate) async fn count(
    State(house): State<House>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Fault> {
    check_key(&headers)?;
    let mut body = read(&body)?;
    if let Value::Object(map) = &mut body {
        if let Some(stranger) = map.keys().find(|key| !KNOWN.contains(&key.as_str())) {
            return Err(unknown_field(stranger));
        }
        let personality = map.shift_remove("personality");
        if let Some(personality) = personality.filter(|value| !value.is_null()) {
            choice("personality", &PERSONALITIES, &personality)?;
        }
    }
    let before = turn::shelved(&house);
    let knowledge = &house.knowledge;
    let kept = |id: &str| before(id).is_some();
    check::body(&knowledge.table, &knowledge.models, &body, &kept)?;
    let input = turn::input(&house, &body, Seed::of(&body, 1), &before)?;
    let tokens = tokens::input(&turn::with_all(&body, &input));
    Ok(Json(
        json!({"object": "response.input_tokens", "input_tokens": tokens}),
    ))
}
