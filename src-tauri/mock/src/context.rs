//! The items that a turn is answered from: those of the turns before it, and the request's own.

use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::fault::Fault;
use crate::seed::Seed;
use crate::shelf::Shelf;

/// The request's own items, each with an id as the API gives it.
pub(crate) fn own(body: &Value, shelf: &Shelf, seed: Seed) -> Result<Vec<Value>, Fault> {
    let given = match &body["input"] {
        Value::String(text) => vec![json!({"role": "user", "content": text})],
        Value::Array(items) => items.clone(),
        _ => Vec::new(),
    };
    let mut items = Vec::with_capacity(given.len());
    for (index, item) in given.into_iter().enumerate() {
        items.push(match item {
            Value::Object(map) if map.get("type") == Some(&json!("item_reference")) => {
                referred(&map, shelf)?
            }
            Value::Object(map) => named(map, seed.branch(&format!("item {index}"))),
            other => other,
        });
    }
    Ok(items)
}

fn referred(reference: &Map<String, Value>, shelf: &Shelf) -> Result<Value, Fault> {
    let id = reference
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    shelf.item(id).ok_or_else(|| {
        let message = format!(
            "Item with id '{id}' not found. Items are not persisted when `store` is set to false. Try again with \
             `store` set to true, or remove this item from your input."
        );
        Fault::new(StatusCode::NOT_FOUND, message).param("input")
    })
}

fn named(mut item: Map<String, Value>, seed: Seed) -> Value {
    let kind = item
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("message")
        .to_owned();
    item.insert("type".to_owned(), json!(kind));
    let prefix = match kind.as_str() {
        "message" => "msg",
        "reasoning" => "rs",
        "function_call" => "fc",
        "function_call_output" => "fco",
        _ => "item",
    };
    if item.get("id").is_none_or(Value::is_null) {
        let id = format!("{prefix}_{}", seed.hex("item", 48));
        item.insert("id".to_owned(), json!(id));
    }
    if matches!(
        kind.as_str(),
        "message" | "function_call" | "function_call_output"
    ) {
        item.entry("status").or_insert(json!("completed"));
    }
    if kind == "message" {
        let said = item.get("role") == Some(&json!("assistant"));
        if let Some(content) = item.get_mut("content") {
            *content = parts(content.take(), said);
        }
    }
    Value::Object(item)
}

/// Content as parts, with what the API fills in.
fn parts(content: Value, said: bool) -> Value {
    let mut parts = match content {
        Value::String(text) if said => vec![json!({"type": "output_text", "text": text})],
        Value::String(text) => vec![json!({"type": "input_text", "text": text})],
        Value::Array(parts) => parts,
        other => vec![other],
    };
    for part in &mut parts {
        let kind = part["type"].as_str().unwrap_or_default().to_owned();
        if let Value::Object(part) = part {
            match kind.as_str() {
                "output_text" => {
                    part.entry("annotations").or_insert(json!([]));
                    part.entry("logprobs").or_insert(json!([]));
                }
                "input_image" => {
                    part.entry("detail").or_insert(json!("auto"));
                }
                _ => {}
            }
        }
    }
    Value::Array(parts)
}

/// Every call needs its output, and every output its call before it.
pub(crate) fn check_calls(items: &[Value]) -> Result<(), Fault> {
    let refused =
        |message: String| Err(Fault::new(StatusCode::BAD_REQUEST, message).param("input"));
    let mut open: Vec<&str> = Vec::new();
    let mut called: HashSet<&str> = HashSet::new();
    for item in items {
        let id = item["call_id"].as_str().unwrap_or_default();
        match item["type"].as_str() {
            Some("function_call") => {
                open.push(id);
                called.insert(id);
            }
            Some("function_call_output") if !called.contains(id) => {
                return refused(format!(
                    "No tool call found for function call output with call_id {id}."
                ));
            }
            Some("function_call_output") => open.retain(|one| *one != id),
            _ => {}
        }
    }
    match open.first() {
        None => Ok(()),
        Some(id) => refused(format!("No tool output found for function call {id}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_outputs_come_in_pairs() {
        let call = |id: &str| json!({"type": "function_call", "call_id": id});
        let output = |id: &str| json!({"type": "function_call_output", "call_id": id});
        let verdict = |items: &[Value]| check_calls(items).map_err(|fault| fault.message);
        assert_eq!(
            verdict(&[call("a"), call("b"), output("b"), output("a")]),
            Ok(()),
            "the order of the outputs is free"
        );
        assert_eq!(
            verdict(&[output("a"), call("a")]),
            Err("No tool call found for function call output with call_id a.".to_owned())
        );
        assert_eq!(
            verdict(&[call("a"), call("b"), output("a")]),
            Err("No tool output found for function call b.".to_owned())
        );
    }

    #[test]
    fn an_item_gets_what_the_api_fills_in() {
        let body = json!({"input": [
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": "ho", "id": "msg_1"},
        ]});
        let items = own(&body, &Shelf::default(), Seed::from(1)).unwrap();
        let first = items[0]["id"].clone();
        assert_eq!(
            items,
            [
                json!({
                    "role": "user",
                    "content": [{"type": "input_text", "text": "hi"}],
                    "type": "message",
                    "id": first,
                    "status": "completed",
                }),
                json!({
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "ho", "annotations": [], "logprobs": []}],
                    "id": "msg_1",
                    "type": "message",
                    "status": "completed",
                }),
            ]
        );
    }
}
