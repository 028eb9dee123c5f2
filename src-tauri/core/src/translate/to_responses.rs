//! From Chat Completions: messages become input items.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::to_chat::LOGPROBS;
use super::{Notes, parts, tools};
use crate::catalog::endpoint::Endpoint;
use crate::place::{Body, join};

const TO: Endpoint = Endpoint::Responses;

pub(super) fn messages(value: &Value, out: &mut Body, notes: &mut Notes) {
    let Some(messages) = value.as_array() else {
        match value {
            Value::Null => {}
            Value::String(_) => {
                out.insert("input".into(), value.clone());
            }
            _ => notes.lost("/messages", "messages should be a list."),
        }
        return;
    };
    let mut reader = Reader {
        items: Vec::new(),
        custom: HashSet::new(),
        notes,
    };
    for (index, message) in messages.iter().enumerate() {
        match message.as_object() {
            Some(fields) if index == 0 && opens(fields) => {
                out.insert("instructions".into(), message["content"].clone());
            }
            Some(fields) => reader.message(fields, &join("/messages", index)),
            None => reader.notes.lost(
                join("/messages", index),
                "It is no object, so it could not be read.",
            ),
        }
    }
    out.insert("input".into(), Value::Array(reader.items));
}

/// A first system message of nothing but text: Responses calls that instructions.
fn opens(message: &Map<String, Value>) -> bool {
    message.len() == 2
        && message.get("role") == Some(&json!("system"))
        && message.get("content").is_some_and(Value::is_string)
}

struct Reader<'a> {
    items: Vec<Value>,
    /// The calls of custom tools: their outputs are items of a type of their own.
    custom: HashSet<String>,
    notes: &'a mut Notes,
}

impl Reader<'_> {
    fn message(&mut self, fields: &Map<String, Value>, pointer: &str) {
        let role = fields.get("role").and_then(Value::as_str).unwrap_or("user");
        match role {
            "tool" => self.output(fields, pointer),
            "function" => self.notes.lost(
                pointer,
                "The role function is deprecated and has no place in Responses.",
            ),
            "assistant" => {
                let known = ["role", "content", "refusal", "tool_calls"];
                self.notes.strangers(pointer, fields, &known, TO);
                self.content(fields, role, pointer);
                self.calls(fields, pointer);
            }
            _ => {
                self.notes
                    .strangers(pointer, fields, &["role", "content"], TO);
                self.content(fields, role, pointer);
            }
        }
    }

    fn content(&mut self, fields: &Map<String, Value>, role: &str, pointer: &str) {
        let content = fields.get("content").filter(|content| !content.is_null());
        let refusal = fields.get("refusal").filter(|refusal| !refusal.is_null());
        let place = join(pointer, "content");
        let carried =
            content.and_then(|content| parts::content(content, role, TO, &place, self.notes));
        let whole = match (carried, refusal) {
            (carried, None) => carried,
            (carried, Some(refusal)) => {
                let mut parts = match carried {
                    Some(Value::Array(parts)) => parts,
                    Some(text) => vec![json!({"type": "output_text", "text": text})],
                    None => Vec::new(),
                };
                parts.push(json!({"type": "refusal", "refusal": refusal}));
                Some(Value::Array(parts))
            }
        };
        self.items
            .extend(whole.map(|content| json!({"role": role, "content": content})));
    }

    fn calls(&mut self, fields: &Map<String, Value>, pointer: &str) {
        let calls = fields.get("tool_calls").and_then(Value::as_array);
        for (index, call) in calls.into_iter().flatten().enumerate() {
            match call["type"].as_str() {
                Some("function") | None => self.items.push(json!({
                    "type": "function_call",
                    "call_id": call["id"],
                    "name": call["function"]["name"],
                    "arguments": call["function"]["arguments"],
                })),
                Some("custom") => {
                    self.custom
                        .extend(call["id"].as_str().map(ToOwned::to_owned));
                    self.items.push(json!({
                        "type": "custom_tool_call",
                        "call_id": call["id"],
                        "name": call["custom"]["name"],
                        "input": call["custom"]["input"],
                    }));
                }
                Some(kind) => self.notes.lost(
                    join(&join(pointer, "tool_calls"), index),
                    format!("Responses has no call of the type {kind:?}."),
                ),
            }
        }
    }

    fn output(&mut self, fields: &Map<String, Value>, pointer: &str) {
        let known = ["role", "content", "tool_call_id"];
        self.notes.strangers(pointer, fields, &known, TO);
        let id = fields.get("tool_call_id").cloned().unwrap_or(Value::Null);
        let custom = id.as_str().is_some_and(|id| self.custom.contains(id));
        let content = fields.get("content").unwrap_or(&Value::Null);
        let place = join(pointer, "content");
        let output = parts::content(content, "tool", TO, &place, self.notes);
        self.items.push(json!({
            "type": if custom { "custom_tool_call_output" } else { "function_call_output" },
            "call_id": id,
            "output": output.unwrap_or_else(|| json!("")),
        }));
    }
}

/// The old form of function tools.
pub(super) fn functions(value: &Value, out: &mut Body, notes: &mut Notes) {
    let nested: Vec<Value> = modern_tools(value);
    if let Some(Value::Array(list)) = tools::list(&Value::Array(nested), TO, "/functions", notes) {
        let known = out.entry("tools").or_insert_with(|| json!([]));
        if let Some(known) = known.as_array_mut() {
            known.extend(list);
        }
    }
}

/// `functions` as Chat Completions' `tools`.
pub(crate) fn modern_tools(functions: &Value) -> Vec<Value> {
    let functions = functions.as_array().into_iter().flatten();
    functions
        .map(|function| json!({"type": "function", "function": function}))
        .collect()
}

/// `function_call` as Chat Completions' `tool_choice`.
pub(crate) fn modern_choice(choice: &Value) -> Value {
    match choice.get("name") {
        Some(name) => json!({"type": "function", "function": {"name": name}}),
        None => choice.clone(),
    }
}

/// The old form of the tool choice.
pub(super) fn function_call(value: &Value, out: &mut Body) {
    let choice = tools::shape(&modern_choice(value), TO);
    out.entry("tool_choice").or_insert(choice);
}

/// `logprobs` is an entry of `include`.
pub(super) fn logprobs(value: &Value, out: &mut Body) {
    if value == &Value::Bool(true) {
        let list = out.entry("include").or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(json!(LOGPROBS));
        }
    }
}
