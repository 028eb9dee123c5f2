//! Tools and the choice among them: flat in Responses, nested under their type in Chat Completions.

use serde_json::{Map, Value, json};

use super::Notes;
use crate::catalog::endpoint::Endpoint;
use crate::place::join;

/// What Chat Completions knows (API.md 3.3); each is nested under its own name there.
const SHARED: [&str; 2] = ["function", "custom"];

/// The tools in the form of `to`; `None` where there is no list.
pub(super) fn list(value: &Value, to: Endpoint, pointer: &str, notes: &mut Notes) -> Option<Value> {
    let Some(tools) = value.as_array() else {
        if !value.is_null() {
            notes.lost(pointer, "tools should be a list, so it could not be read.");
        }
        return None;
    };
    let carried = tools
        .iter()
        .enumerate()
        .filter_map(|(index, tool)| one(tool, to, &join(pointer, index), notes));
    Some(carried.collect())
}

fn one(tool: &Value, to: Endpoint, pointer: &str, notes: &mut Notes) -> Option<Value> {
    let kind = tool.get("type").and_then(Value::as_str).unwrap_or("");
    if to == Endpoint::ChatCompletions && !SHARED.contains(&kind) {
        notes.lost(
            pointer,
            format!("Chat Completions has functions and custom tools only, not {kind:?}."),
        );
        return None;
    }
    let mut shaped = shape(tool, to);
    if kind == "function" {
        settle_strict(&mut shaped, to, pointer, notes);
    }
    Some(shaped)
}

/// A tool in the form of `to`, whichever form it has now.
pub fn shape(tool: &Value, to: Endpoint) -> Value {
    let Some(fields) = tool.as_object() else {
        return tool.clone();
    };
    let kind = fields.get("type").and_then(Value::as_str).unwrap_or("");
    if !SHARED.contains(&kind) {
        return tool.clone();
    }
    let inner = fields.get(kind).and_then(Value::as_object);
    match (to, inner) {
        (Endpoint::Responses, Some(inner)) => {
            let beside = fields.iter().filter(|(key, _)| *key != kind);
            let all = beside
                .chain(inner)
                .map(|(key, value)| (key.clone(), value.clone()));
            let mut flat: Map<String, Value> = all.collect();
            grammar(&mut flat, to);
            Value::Object(flat)
        }
        (Endpoint::ChatCompletions, None) => {
            let inner = fields.iter().filter(|(key, _)| *key != "type");
            let mut inner: Map<String, Value> = inner
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            grammar(&mut inner, to);
            let mut outer = Map::from_iter([("type".to_owned(), json!(kind))]);
            outer.insert(kind.to_owned(), Value::Object(inner));
            Value::Object(outer)
        }
        _ => tool.clone(),
    }
}

/// A custom tool's grammar: flat in Responses, under `grammar` in Chat Completions.
fn grammar(tool: &mut Map<String, Value>, to: Endpoint) {
    let Some(format) = tool.get_mut("format").and_then(Value::as_object_mut) else {
        return;
    };
    if format.get("type") != Some(&json!("grammar")) {
        return;
    }
    match to {
        Endpoint::Responses => {
            if let Some(Value::Object(inner)) = format.shift_remove("grammar") {
                format.extend(inner);
            }
        }
        Endpoint::ChatCompletions if !format.contains_key("grammar") => {
            let mut inner = std::mem::take(format);
            inner.shift_remove("type");
            format.insert("type".into(), json!("grammar"));
            format.insert("grammar".into(), Value::Object(inner));
        }
        Endpoint::ChatCompletions => {}
    }
}

/// Left out, `strict` means "try it" on Responses and "no" on Chat Completions (API.md 2.2, 9).
fn settle_strict(tool: &mut Value, to: Endpoint, pointer: &str, notes: &mut Notes) {
    match to {
        Endpoint::Responses => {
            if let Some(fields) = tool.as_object_mut()
                && fields.get("strict").is_none_or(Value::is_null)
            {
                fields.insert("strict".into(), json!(false));
                notes.changed(
                    join(&join(pointer, "function"), "strict"),
                    "strict: false is written out: left out, Responses would try to make the schema strict.",
                );
            }
        }
        Endpoint::ChatCompletions => {
            if tool["function"].get("strict").is_none_or(Value::is_null) {
                notes.changed(
                    join(pointer, "strict"),
                    "strict is not set: Chat Completions takes that as false, Responses tries to make the schema strict.",
                );
            }
        }
    }
}

/// The choice in the form of `to`; `None` where it has no place there.
pub(super) fn choice(
    value: &Value,
    to: Endpoint,
    pointer: &str,
    notes: &mut Notes,
) -> Option<Value> {
    let Some(fields) = value.as_object() else {
        return Some(value.clone());
    };
    let kind = fields.get("type").and_then(Value::as_str).unwrap_or("");
    if SHARED.contains(&kind) {
        return Some(shape(value, to));
    }
    if kind != "allowed_tools" {
        if to == Endpoint::Responses {
            return Some(value.clone());
        }
        notes.lost(
            pointer,
            format!("Chat Completions has no tool {kind:?} to choose."),
        );
        return None;
    }
    let inner = fields.get(kind).and_then(Value::as_object);
    let held = inner.unwrap_or(fields);
    let tools = held.get("tools").and_then(Value::as_array);
    let tools: Vec<Value> = tools
        .into_iter()
        .flatten()
        .map(|tool| shape(tool, to))
        .collect();
    let kept: Vec<Value> = match to {
        Endpoint::Responses => tools,
        Endpoint::ChatCompletions => {
            let known = |tool: &Value| {
                tool["type"]
                    .as_str()
                    .is_some_and(|kind| SHARED.contains(&kind))
            };
            let (kept, lost): (Vec<_>, Vec<_>) = tools.into_iter().partition(known);
            if !lost.is_empty() {
                notes.lost(
                    join(pointer, "tools"),
                    "Chat Completions has functions and custom tools only.",
                );
            }
            kept
        }
    };
    let mut allowed = Map::new();
    allowed.extend(
        held.get("mode")
            .map(|mode| ("mode".to_owned(), mode.clone())),
    );
    allowed.insert("tools".into(), Value::Array(kept));
    Some(match to {
        Endpoint::ChatCompletions => json!({"type": "allowed_tools", "allowed_tools": allowed}),
        Endpoint::Responses => {
            let mut flat = Map::from_iter([("type".to_owned(), json!("allowed_tools"))]);
            flat.extend(allowed);
            Value::Object(flat)
        }
    })
}
