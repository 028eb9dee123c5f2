//! The parts of a message's content: text, pictures, files, refusals.

use serde_json::{Map, Value, json};

use super::Notes;
use crate::catalog::endpoint::Endpoint;
use crate::place::join;

/// The type of a text part on an endpoint, by who says it.
pub fn text_type(to: Endpoint, role: &str) -> &'static str {
    match (to, role) {
        (Endpoint::ChatCompletions, _) => "text",
        (Endpoint::Responses, "assistant") => "output_text",
        (Endpoint::Responses, _) => "input_text",
    }
}

/// Content in the words of `to`. `None`: nothing of it could go over.
pub(super) fn content(
    content: &Value,
    role: &str,
    to: Endpoint,
    pointer: &str,
    notes: &mut Notes,
) -> Option<Value> {
    let Value::Array(parts) = content else {
        return Some(content.clone());
    };
    let carried: Vec<Value> = parts
        .iter()
        .enumerate()
        .filter_map(|(index, part)| one(part, role, to, &join(pointer, index), notes))
        .collect();
    (parts.is_empty() || !carried.is_empty()).then_some(Value::Array(carried))
}

/// A part in the words of `to`, whichever endpoint's words it is in now; `None` where `to` has no place
/// for it.
pub fn convert(part: &Value, role: &str, to: Endpoint) -> Option<Value> {
    one(part, role, to, "", &mut Notes::default())
}

fn one(part: &Value, role: &str, to: Endpoint, pointer: &str, notes: &mut Notes) -> Option<Value> {
    let Some(fields) = part.as_object() else {
        notes.lost(pointer, "It is no object, so it could not be read.");
        return None;
    };
    let kind = fields.get("type").and_then(Value::as_str).unwrap_or("");
    let text = |name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    match kind {
        "text" | "input_text" | "output_text" => {
            // A reader adds these to what it says itself; empty ones hold nothing.
            let said = ["annotations", "logprobs"]
                .into_iter()
                .filter(|name| text(name) == json!([]));
            let known: Vec<&str> = ["type", "text"].into_iter().chain(said).collect();
            notes.strangers(pointer, fields, &known, to);
            Some(json!({"type": text_type(to, role), "text": text("text")}))
        }
        "refusal" => {
            notes.strangers(pointer, fields, &["type", "refusal"], to);
            Some(json!({"type": "refusal", "refusal": text("refusal")}))
        }
        "input_image" | "image_url" => image(fields, to, pointer, notes),
        "input_file" | "file" => file(fields, to, pointer, notes),
        "input_audio" => {
            notes.lost(pointer, "Responses takes no audio.");
            None
        }
        _ => {
            notes.lost(
                pointer,
                format!("{} has no content of the type {kind:?}.", to.name()),
            );
            None
        }
    }
}

fn image(
    fields: &Map<String, Value>,
    to: Endpoint,
    pointer: &str,
    notes: &mut Notes,
) -> Option<Value> {
    let nested = fields.get("image_url").and_then(Value::as_object);
    let (url, detail) = match nested {
        Some(inner) => {
            notes.strangers(&join(pointer, "image_url"), inner, &["url", "detail"], to);
            notes.strangers(pointer, fields, &["type", "image_url"], to);
            (inner.get("url"), inner.get("detail"))
        }
        None => {
            let known = ["type", "image_url", "detail", "file_id"];
            notes.strangers(pointer, fields, &known, to);
            (fields.get("image_url"), fields.get("detail"))
        }
    };
    let id = fields.get("file_id").filter(|id| !id.is_null());
    match to {
        Endpoint::ChatCompletions => {
            if id.is_some() {
                notes.lost(
                    pointer,
                    "Chat Completions takes a picture by its URL or its data, not by a file's id.",
                );
                return None;
            }
            let mut inner = Map::new();
            inner.extend(url.map(|url| ("url".to_owned(), url.clone())));
            inner.extend(detail.map(|detail| ("detail".to_owned(), detail.clone())));
            Some(json!({"type": "image_url", "image_url": inner}))
        }
        Endpoint::Responses => {
            let mut part = Map::from_iter([("type".to_owned(), json!("input_image"))]);
            part.extend(url.map(|url| ("image_url".to_owned(), url.clone())));
            part.extend(id.map(|id| ("file_id".to_owned(), id.clone())));
            part.extend(detail.map(|detail| ("detail".to_owned(), detail.clone())));
            Some(Value::Object(part))
        }
    }
}

fn file(
    fields: &Map<String, Value>,
    to: Endpoint,
    pointer: &str,
    notes: &mut Notes,
) -> Option<Value> {
    const CARRIED: [&str; 3] = ["filename", "file_data", "file_id"];
    let nested = fields.get("file").and_then(Value::as_object);
    let inner = nested.unwrap_or(fields);
    match to {
        Endpoint::ChatCompletions => {
            if inner.get("file_url").is_some_and(|url| !url.is_null()) {
                notes.lost(
                    pointer,
                    "Chat Completions takes a file by its data or its id, not by a URL.",
                );
                return None;
            }
            notes.strangers(
                pointer,
                inner,
                &["type", "filename", "file_data", "file_id"],
                to,
            );
            let file: Map<String, Value> = pick(inner, &CARRIED);
            Some(json!({"type": "file", "file": file}))
        }
        Endpoint::Responses => {
            let known = [
                "type",
                "filename",
                "file_data",
                "file_id",
                "file_url",
                "detail",
            ];
            let place = if nested.is_some() {
                join(pointer, "file")
            } else {
                pointer.to_owned()
            };
            notes.strangers(&place, inner, &known, to);
            let mut part = Map::from_iter([("type".to_owned(), json!("input_file"))]);
            part.extend(pick(inner, &known[1..]));
            Some(Value::Object(part))
        }
    }
}

fn pick(fields: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let known = fields
        .iter()
        .filter(|(key, _)| names.contains(&key.as_str()));
    known
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
