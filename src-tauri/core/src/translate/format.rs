//! The output format: flat in Responses' `text.format`, nested in Chat Completions' `response_format`.

use serde_json::{Map, Value, json};

use crate::catalog::endpoint::Endpoint;

/// A format in the form of `to`, whichever form it has now. What is no `json_schema` is the same on both.
pub fn to(format: &Value, to: Endpoint) -> Value {
    let Some(fields) = format.as_object() else {
        return format.clone();
    };
    if fields.get("type") != Some(&json!("json_schema")) {
        return format.clone();
    }
    match (to, fields.get("json_schema").and_then(Value::as_object)) {
        (Endpoint::Responses, Some(inner)) => flat(fields, inner),
        (Endpoint::ChatCompletions, None) => nested(fields),
        _ => format.clone(),
    }
}

fn flat(outer: &Map<String, Value>, inner: &Map<String, Value>) -> Value {
    let beside = outer.iter().filter(|(key, _)| *key != "json_schema");
    let all = beside.chain(inner.iter().filter(|(key, _)| *key != "type"));
    Value::Object(
        all.map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    )
}

fn nested(fields: &Map<String, Value>) -> Value {
    let inner = fields.iter().filter(|(key, _)| *key != "type");
    let inner: Map<String, Value> = inner
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    json!({"type": "json_schema", "json_schema": inner})
}
