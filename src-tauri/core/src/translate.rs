//! A body of one endpoint in the words of the other, and what could not go over (API.md 2, 3.3).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::{Parameter, ParameterTable};
use crate::place::{self, Body, join};

pub mod format;
pub mod parts;
mod to_chat;
mod to_responses;
pub mod tools;

pub(crate) use to_responses::{modern_choice, modern_tools};

/// A word about a place of the body that was translated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "TranslationRemark", rename_all = "camelCase")]
pub struct Remark {
    /// A JSON Pointer into the body that was translated.
    pub pointer: String,
    /// What happened to it, and why.
    pub message: String,
}

/// A body in the words of the other endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Translation {
    pub body: Body,
    /// What the other endpoint has no place for; it is not in `body`.
    pub lost: Vec<Remark>,
    /// What is there, but says something slightly different.
    pub changed: Vec<Remark>,
}

/// What a translation gathers on its way.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    lost: Vec<Remark>,
    changed: Vec<Remark>,
}

impl Notes {
    pub(crate) fn lost(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.lost.push(Remark {
            pointer: pointer.into(),
            message: message.into(),
        });
    }

    pub(crate) fn changed(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.changed.push(Remark {
            pointer: pointer.into(),
            message: message.into(),
        });
    }

    /// Says of each field of `fields` that is not among `known` that it has no place there.
    pub(crate) fn strangers(
        &mut self,
        pointer: &str,
        fields: &Map<String, Value>,
        known: &[&str],
        to: Endpoint,
    ) {
        for key in fields.keys().filter(|key| !known.contains(&key.as_str())) {
            self.lost(
                join(pointer, key),
                format!("{} has no place for {key} here.", to.name()),
            );
        }
    }
}

/// Translates `body`, which is written for `from`, into the words of the other endpoint. A name that
/// neither endpoint knows stays as it is.
pub fn translate(body: &Body, from: Endpoint, table: &ParameterTable) -> Translation {
    let mut out = Body::new();
    let mut notes = Notes::default();
    for (key, value) in body {
        let rows: Vec<&Parameter> = table.under(from, key).collect();
        if rows.is_empty() {
            out.entry(key.clone()).or_insert_with(|| value.clone());
            continue;
        }
        let nested = rows
            .iter()
            .all(|row| row.wire(from).is_some_and(|wire| wire.path.contains('.')));
        if !nested {
            for row in rows {
                carry(row, value, from, &mut out, &mut notes, body);
            }
            continue;
        }
        let Some(fields) = value.as_object() else {
            if !value.is_null() {
                notes.lost(
                    join("", key),
                    format!("{key} should be an object, so it could not be read."),
                );
            }
            continue;
        };
        for (name, value) in fields {
            match table.at(from, &format!("{key}.{name}")) {
                Some(row) => carry(row, value, from, &mut out, &mut notes, body),
                None => notes.lost(
                    join(&join("", key), name),
                    format!("{} does not know {key}.{name}.", from.name()),
                ),
            }
        }
    }
    settle(body, from, &mut out, &mut notes);
    Translation {
        body: out,
        lost: notes.lost,
        changed: notes.changed,
    }
}

/// Takes one parameter over.
fn carry(
    row: &Parameter,
    value: &Value,
    from: Endpoint,
    out: &mut Body,
    notes: &mut Notes,
    body: &Body,
) {
    let to = from.other();
    let here = row
        .wire(from)
        .map(|wire| wire.pointer())
        .unwrap_or_default();
    let to_chat = to == Endpoint::ChatCompletions;
    match row.id.as_str() {
        "input" if to_chat => to_chat::input(value, out, notes),
        "input" => to_responses::messages(value, out, notes),
        "instructions" => to_chat::instructions(value, out, notes),
        "tools" => {
            out.extend(tools::list(value, to, &here, notes).map(|list| ("tools".into(), list)))
        }
        "functions" => to_responses::functions(value, out, notes),
        "tool_choice" => {
            let choice = tools::choice(value, to, &here, notes);
            out.extend(choice.map(|choice| ("tool_choice".into(), choice)));
        }
        "function_call" => to_responses::function_call(value, out),
        "format" => {
            let path = row.wire(to).map_or("", |wire| wire.path.as_str());
            place::put(out, path, format::to(value, to));
        }
        "include" => to_chat::include(value, out, notes),
        "logprobs" => to_responses::logprobs(value, out),
        "max_tokens" if place::given(body, "max_completion_tokens").is_none() => {
            place::put(out, "max_output_tokens", value.clone());
        }
        _ => plain(row, value, from, out, notes),
    }
}

/// A parameter whose value means the same on both endpoints, or that the other one lacks.
fn plain(row: &Parameter, value: &Value, from: Endpoint, out: &mut Body, notes: &mut Notes) {
    let to = from.other();
    let here = row
        .wire(from)
        .map(|wire| wire.pointer())
        .unwrap_or_default();
    let Some(wire) = row.wire(to) else {
        // The default and null say nothing that would be missed.
        let silent = value.is_null() || row.default.as_ref() == Some(value) || idle(row, value);
        if !silent {
            notes.lost(here, format!("{} has no {}.", to.name(), words(row)));
        }
        return;
    };
    let taken = row.values(to);
    let refused = row
        .types
        .iter()
        .all(|kind| *kind == crate::catalog::parameters::ValueType::String)
        && !taken.is_empty()
        && row.values(from).iter().any(|known| value == known)
        && !taken.iter().any(|known| value == known);
    if !refused {
        place::put(out, &wire.path, value.clone());
    } else if let (true, Some(highest)) = (row.id == "effort", taken.last()) {
        notes.changed(
            here,
            format!(
                "{} goes no higher than {highest}, so the effort is {highest}.",
                to.name()
            ),
        );
        place::put(out, &wire.path, json!(highest));
    } else {
        notes.lost(
            here,
            format!("{} does not take {value} as {}.", to.name(), words(row)),
        );
    }
}

/// A value that changes nothing, where the table states no default.
fn idle(row: &Parameter, value: &Value) -> bool {
    row.id == "modalities" && *value == json!(["text"])
}

/// A label within a sentence.
fn words(row: &Parameter) -> String {
    let mut letters = row.label.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().collect::<String>() + letters.as_str(),
        None => row.id.clone(),
    }
}

/// What only the whole body shows.
fn settle(body: &Body, from: Endpoint, out: &mut Body, notes: &mut Notes) {
    if place::given(body, "store").is_none() {
        let (now, then) = match from {
            Endpoint::Responses => ("kept", "not kept"),
            Endpoint::ChatCompletions => ("not kept", "kept"),
        };
        notes.changed(
            "/store",
            format!(
                "store is not set: {} answers are {now} at OpenAI then, {} answers are {then}.",
                from.name(),
                from.other().name()
            ),
        );
    }
    // A choice without anything to choose from is refused.
    let tools = out.get("tools").and_then(Value::as_array);
    if tools.is_none_or(Vec::is_empty) && place::given(body, "tools").is_some() {
        out.shift_remove("tools");
        if let Some(choice) = out.shift_remove("tool_choice")
            && !matches!(choice.as_str(), Some("auto" | "none"))
        {
            notes.lost("/tool_choice", "No tool is left to choose from.");
        }
    }
}
