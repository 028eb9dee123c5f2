//! What the model is given: that there is something, in the words of this endpoint.

use serde_json::Value;

use super::{Asked, Edit, Finding, Fix};
use crate::catalog::endpoint::Endpoint;
use crate::place::{self, Body, join};
use crate::translate::{parts, translate};

/// What can stand in place of `input` on Responses: it continues or fills in something kept there.
const INSTEAD: [&str; 3] = ["previous_response_id", "conversation", "prompt"];
/// API.md 2.1, 3.3.
const RESPONSES_ROLES: [&str; 4] = ["system", "developer", "user", "assistant"];
const CHAT_ROLES: [&str; 6] = [
    "system",
    "developer",
    "user",
    "assistant",
    "tool",
    "function",
];

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let key = asked.endpoint.input_key();
    let pointer = join("", key);
    let given = place::given(asked.body, key);
    // The other endpoint's name for it is told already, with its fix.
    let elsewhere = place::given(asked.body, asked.endpoint.other().input_key());
    let instead = asked.endpoint == Endpoint::Responses
        && INSTEAD
            .iter()
            .any(|path| place::given(asked.body, path).is_some());
    match given {
        None if elsewhere.is_none() && !instead => findings.push(
            Finding::error(
                "input_missing",
                &pointer,
                "There is nothing for the model to answer.",
            )
            .reason(format!("A request needs {key}.")),
        ),
        Some(Value::Array(items))
            if items.is_empty() && asked.endpoint == Endpoint::ChatCompletions =>
        {
            findings.push(
                Finding::error(
                    "input_missing",
                    &pointer,
                    "There is nothing for the model to answer.",
                )
                .reason("messages needs at least one message."),
            );
        }
        Some(Value::Array(items)) => {
            if asked.endpoint == Endpoint::Responses && chat_style(items) {
                findings.push(in_chat_form(asked, items, &pointer));
                return;
            }
            for (index, item) in items.iter().enumerate() {
                one(asked.endpoint, item, &join(&pointer, index), findings);
            }
        }
        _ => {}
    }
}

/// Messages as Chat Completions writes calls and their outputs.
fn chat_style(items: &[Value]) -> bool {
    items
        .iter()
        .all(|item| item.get("role").is_some() && item.get("type").is_none())
        && items
            .iter()
            .any(|item| item["role"] == "tool" || item.get("tool_calls").is_some())
}

fn in_chat_form(asked: &Asked, items: &[Value], pointer: &str) -> Finding {
    let alone = Body::from_iter([("messages".to_owned(), Value::from(items))]);
    let mut moved = translate(&alone, Endpoint::ChatCompletions, asked.table).body;
    let mut input = match moved.shift_remove("input") {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    // Instructions of the body itself stay; the first system message stays a message.
    if let Some(first) = moved.shift_remove("instructions") {
        input.insert(0, serde_json::json!({"role": "system", "content": first}));
    }
    Finding::error("input_shape", pointer, "The calls stand in the form of Chat Completions.")
        .reason("Responses has items of their own for a call and its output; the role tool is answered with 400.")
        .fix(Fix::safe("Bring them into this form", [Edit::set(pointer, input)]))
}

fn one(endpoint: Endpoint, item: &Value, pointer: &str, findings: &mut Vec<Finding>) {
    let Some(fields) = item.as_object() else {
        findings.push(
            Finding::error("wrong_type", pointer, "A message should be an object.")
                .reason("It has a role and a content."),
        );
        return;
    };
    let kind = fields.get("type").and_then(Value::as_str);
    if endpoint == Endpoint::Responses && kind.is_some_and(|kind| kind != "message") {
        return;
    }
    let role = fields.get("role").and_then(Value::as_str).unwrap_or("");
    let roles = match endpoint {
        Endpoint::Responses => &RESPONSES_ROLES[..],
        Endpoint::ChatCompletions => &CHAT_ROLES[..],
    };
    if !roles.contains(&role) {
        let message = if role.is_empty() {
            "A message has no role.".to_owned()
        } else {
            format!("There is no role {role:?} on {}.", endpoint.name())
        };
        findings.push(
            Finding::error("value_not_taken", join(pointer, "role"), message)
                .reason(format!("It is one of {}.", roles.join(", "))),
        );
        return;
    }
    let content = fields.get("content").and_then(Value::as_array);
    let place = join(pointer, "content");
    for (index, part) in content.into_iter().flatten().enumerate() {
        let kind = part.get("type").and_then(Value::as_str).unwrap_or("");
        let known = match (endpoint, role) {
            (Endpoint::Responses, "assistant") => &["output_text", "refusal"][..],
            (Endpoint::Responses, _) => &["input_text", "input_image", "input_file"],
            (Endpoint::ChatCompletions, "assistant") => &["text", "refusal"],
            (Endpoint::ChatCompletions, _) => &["text", "image_url", "input_audio", "file"],
        };
        if known.contains(&kind) {
            continue;
        }
        let here = join(&place, index);
        let converted = parts::convert(part, role, endpoint).filter(|new| {
            new["type"]
                .as_str()
                .is_some_and(|kind| known.contains(&kind))
        });
        let fix = converted.map(|new| {
            let label = format!("Make it {}", new["type"].as_str().unwrap_or_default());
            Fix::safe(label, [Edit::set(&here, new)])
        });
        findings.push(
            Finding::error(
                "part_type",
                join(&here, "type"),
                format!(
                    "{} has no content of the type {kind:?} for {role}.",
                    endpoint.name()
                ),
            )
            .reason(format!("It is one of {}.", known.join(", ")))
            .fix(fix),
        );
    }
}
