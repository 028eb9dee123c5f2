//! From Responses: input items become messages.

use serde_json::{Map, Value, json};

use super::{Notes, parts};
use crate::catalog::endpoint::Endpoint;
use crate::place::{Body, join};

const TO: Endpoint = Endpoint::ChatCompletions;

/// What `include` asks for and Chat Completions has a parameter for.
pub(super) const LOGPROBS: &str = "message.output_text.logprobs";

/// Instructions are the first system message.
pub(super) fn instructions(value: &Value, out: &mut Body, notes: &mut Notes) {
    match value {
        Value::Null => {}
        Value::String(_) => {
            let said = messages(out);
            let first = json!({"role": "system", "content": value});
            out.insert("messages".into(), [first].into_iter().chain(said).collect());
        }
        _ => notes.lost("/instructions", "instructions should be a text."),
    }
}

pub(super) fn input(value: &Value, out: &mut Body, notes: &mut Notes) {
    let mut said = Vec::new();
    match value {
        Value::String(_) => said.push(json!({"role": "user", "content": value})),
        Value::Array(items) => {
            for (index, it) in items.iter().enumerate() {
                item(it, &join("/input", index), &mut said, notes);
            }
        }
        Value::Null => {}
        _ => notes.lost("/input", "input should be a text or a list."),
    }
    let before = messages(out);
    out.insert("messages".into(), before.into_iter().chain(said).collect());
}

/// Takes out what is there already: instructions and input come in either order.
fn messages(out: &mut Body) -> Vec<Value> {
    match out.shift_remove("messages") {
        Some(Value::Array(messages)) => messages,
        _ => Vec::new(),
    }
}

fn item(item: &Value, pointer: &str, said: &mut Vec<Value>, notes: &mut Notes) {
    let Some(fields) = item.as_object() else {
        notes.lost(pointer, "It is no object, so it could not be read.");
        return;
    };
    let field = |name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    match fields
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("message")
    {
        "message" => message(fields, pointer, said, notes),
        "function_call" => {
            notes.strangers(
                pointer,
                fields,
                &["type", "id", "status", "call_id", "name", "arguments"],
                TO,
            );
            let function = json!({"name": field("name"), "arguments": field("arguments")});
            call(
                said,
                json!({"id": field("call_id"), "type": "function", "function": function}),
            );
        }
        "custom_tool_call" => {
            notes.strangers(
                pointer,
                fields,
                &["type", "id", "status", "call_id", "name", "input"],
                TO,
            );
            let custom = json!({"name": field("name"), "input": field("input")});
            call(
                said,
                json!({"id": field("call_id"), "type": "custom", "custom": custom}),
            );
        }
        "function_call_output" | "custom_tool_call_output" => {
            notes.strangers(
                pointer,
                fields,
                &["type", "id", "status", "call_id", "output"],
                TO,
            );
            let place = join(pointer, "output");
            let content = parts::content(&field("output"), "tool", TO, &place, notes);
            said.push(json!({
                "role": "tool",
                "tool_call_id": field("call_id"),
                "content": content.unwrap_or_else(|| json!("")),
            }));
        }
        "reasoning" => notes.lost(
            pointer,
            "Chat Completions takes no reasoning back; the model thinks anew.",
        ),
        kind => notes.lost(
            pointer,
            format!("Chat Completions has no item of the type {kind:?}."),
        ),
    }
}

fn message(fields: &Map<String, Value>, pointer: &str, said: &mut Vec<Value>, notes: &mut Notes) {
    // Id and status are those of an earlier answer; they mean nothing to the model.
    notes.strangers(
        pointer,
        fields,
        &["type", "id", "status", "role", "content"],
        TO,
    );
    let role = fields.get("role").and_then(Value::as_str).unwrap_or("user");
    let content = fields.get("content").unwrap_or(&Value::Null);
    if let Some(content) = parts::content(content, role, TO, &join(pointer, "content"), notes) {
        said.push(json!({"role": role, "content": content}));
    }
}

/// A call belongs to the assistant's message right before it.
fn call(said: &mut Vec<Value>, call: Value) {
    let speaks = said
        .last_mut()
        .filter(|message| message["role"] == "assistant")
        .and_then(Value::as_object_mut);
    match speaks {
        Some(message) => {
            let calls = message.entry("tool_calls").or_insert_with(|| json!([]));
            if let Some(calls) = calls.as_array_mut() {
                calls.push(call);
            }
        }
        None => said.push(json!({"role": "assistant", "content": null, "tool_calls": [call]})),
    }
}

/// Of all that can be included, log probabilities alone have a parameter there.
pub(super) fn include(value: &Value, out: &mut Body, notes: &mut Notes) {
    if !value.is_array() && !value.is_null() {
        notes.lost(
            "/include",
            "include should be a list, so it could not be read.",
        );
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        if item == LOGPROBS {
            out.insert("logprobs".into(), Value::Bool(true));
        } else {
            notes.lost(
                join("/include", index),
                format!("Chat Completions cannot include {item}."),
            );
        }
    }
}
