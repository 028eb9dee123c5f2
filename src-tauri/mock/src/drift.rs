//! What changed in the API's answers between two recordings: events and fields, not words.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::recording::Recording;

/// Their contents are the request's own, not the API's.
const OWN: [&str; 4] = ["metadata", "schema", "parameters", "variables"];

/// The form of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Shape {
    /// The kinds of its events in the order of their first coming; empty where it was not streamed.
    pub events: Vec<String>,
    /// Every field by its path, with the types that its values had. A path starts with the kind of the event;
    /// `output[message]` stands for the entries of `output` of that type.
    pub fields: BTreeMap<String, BTreeSet<&'static str>>,
}

/// One difference: an event, a field, a type or the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "MockDifference")]
pub struct Difference {
    /// `event …` for a kind of event, `order` for the order of events, else the path of a field.
    pub path: String,
    /// None where it was not there.
    pub was: Option<String>,
    /// None where it is gone.
    pub now: Option<String>,
}

pub fn shape(recording: &Recording) -> Shape {
    let mut shape = Shape::default();
    let streamed = recording.streamed();
    for (_, data) in &recording.lines {
        let value: Value = match serde_json::from_str(data) {
            Ok(value) => value,
            Err(_) => Value::String(data.clone()),
        };
        let mut start = String::new();
        if streamed {
            let kind = value["type"].as_str().or(value["object"].as_str());
            start = kind.or(value.as_str()).unwrap_or("event").to_owned();
            if !shape.events.contains(&start) {
                shape.events.push(start.clone());
            }
        }
        shape.walk(&start, &value);
    }
    shape
}

impl Shape {
    fn walk(&mut self, path: &str, value: &Value) {
        let types = self.fields.entry(path.to_owned()).or_default();
        types.insert(type_of(value));
        let last = path.rsplit('.').next().unwrap_or(path);
        if OWN.contains(&last) {
            return;
        }
        match value {
            Value::Object(map) => {
                for (name, inner) in map {
                    match path {
                        "" => self.walk(name, inner),
                        path => self.walk(&format!("{path}.{name}"), inner),
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    let kind = item["type"].as_str().unwrap_or("");
                    self.walk(&format!("{path}[{kind}]"), item);
                }
            }
            _ => {}
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        // A whole number today may be a decimal tomorrow.
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// What is new, gone or of another type. What only one of the two happened to hold is none: the fields of an
/// object that is null on the other side, the entries of a list without any of their type, and null itself.
pub fn drift(old: &Shape, new: &Shape) -> Vec<Difference> {
    let mut found = Vec::new();
    let events: BTreeSet<&String> = old.events.iter().chain(&new.events).collect();
    for kind in events {
        let told = |shape: &Shape| shape.events.contains(kind).then(|| "sent".to_owned());
        let (was, now) = (told(old), told(new));
        if was != now {
            let path = format!("event {kind}");
            found.push(Difference { path, was, now });
        }
    }
    let common = |one: &Shape, other: &Shape| {
        let both = one.events.iter().filter(|kind| other.events.contains(kind));
        both.cloned().collect::<Vec<_>>().join(", ")
    };
    let (was, now) = (common(old, new), common(new, old));
    if was != now {
        let path = "order".to_owned();
        found.push(Difference {
            path,
            was: Some(was),
            now: Some(now),
        });
    }
    let paths: BTreeSet<&String> = old.fields.keys().chain(new.fields.keys()).collect();
    for path in paths {
        let (was, now) = (told(old, path), told(new, path));
        if was != now && could_be(old, path) && could_be(new, path) {
            let path = path.clone();
            found.push(Difference { path, was, now });
        }
    }
    found
}

/// The types of a field, null aside; none where it is not there. A field that was only ever null is `null`.
fn told(shape: &Shape, path: &str) -> Option<String> {
    let types = shape.fields.get(path)?;
    let real: Vec<&str> = types
        .iter()
        .copied()
        .filter(|kind| *kind != "null")
        .collect();
    Some(match real.is_empty() {
        true => "null".to_owned(),
        false => real.join(" or "),
    })
}

/// Whether a shape could tell of this path at all, and of its type.
fn could_be(shape: &Shape, path: &str) -> bool {
    if let Some(types) = shape.fields.get(path) {
        return types.iter().any(|kind| *kind != "null");
    }
    let Some(at) = path.rfind(['.', '[']) else {
        return shape.events.is_empty();
    };
    // An entry of a type that did not come.
    if path[at..].starts_with('[') {
        return false;
    }
    // A dot within the kind of an event, not between fields.
    match shape.fields.get(&path[..at]) {
        Some(types) => types.contains("object"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{FORMAT, Head, Requested, Responded, Source};
    use serde_json::json;

    fn recording(kind: &str, events: &[Value]) -> Recording {
        let headers = BTreeMap::from([("content-type".to_owned(), kind.to_owned())]);
        Recording {
            head: Head {
                format: FORMAT,
                request: Requested {
                    method: "POST".to_owned(),
                    path: "/v1/responses".to_owned(),
                    body: Value::Null,
                },
                response: Responded {
                    status: 200,
                    headers,
                },
                recorded_at: 0,
                source: Source::Live,
                name: String::new(),
                cut: false,
            },
            lines: events.iter().map(|event| (1, event.to_string())).collect(),
        }
    }

    fn between(old: &[Value], new: &[Value]) -> Vec<(String, Option<String>, Option<String>)> {
        let shape = |events| shape(&recording("text/event-stream", events));
        let differences = drift(&shape(old), &shape(new)).into_iter();
        differences
            .map(|found| (found.path, found.was, found.now))
            .collect()
    }

    fn told(path: &str, was: &str, now: &str) -> (String, Option<String>, Option<String>) {
        let side = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (path.to_owned(), side(was), side(now))
    }

    #[test]
    fn a_shape_has_events_and_fields() {
        let got = shape(&recording(
            "application/json",
            &[json!({
                "id": "x",
                "error": null,
                "metadata": {"mine": 1},
                "output": [{"type": "message", "content": [{"type": "output_text", "text": "hi"}]}],
            })],
        ));
        let expected = [
            ("", "object"),
            ("error", "null"),
            ("id", "string"),
            ("metadata", "object"),
            ("output", "array"),
            ("output[message]", "object"),
            ("output[message].content", "array"),
            ("output[message].content[output_text]", "object"),
            ("output[message].content[output_text].text", "string"),
            ("output[message].content[output_text].type", "string"),
            ("output[message].type", "string"),
        ];
        let fields: Vec<_> = got
            .fields
            .iter()
            .map(|(path, types)| {
                (
                    path.as_str(),
                    types.iter().copied().collect::<Vec<_>>().join("|"),
                )
            })
            .collect();
        assert_eq!(fields, expected.map(|(path, kind)| (path, kind.to_owned())));
        assert_eq!(got.events, Vec::<String>::new());
    }

    #[test]
    fn words_lengths_and_nulls_are_no_drift() {
        let old = [
            json!({"type": "response.created", "response": {"error": null, "output": []}}),
            json!({"type": "response.output_text.delta", "delta": "a"}),
            json!({"type": "response.completed", "response": {"error": {"code": "x"}, "output": [{"type": "message", "id": "m"}]}}),
        ];
        let new = [
            json!({"type": "response.created", "response": {"error": null, "output": []}}),
            json!({"type": "response.output_text.delta", "delta": "b"}),
            json!({"type": "response.output_text.delta", "delta": "c"}),
            json!({"type": "response.completed", "response": {"error": null, "output": [{"type": "reasoning", "summary": []}]}}),
        ];
        assert_eq!(between(&old, &new), []);
        assert_eq!(between(&new, &old), []);
    }

    #[test]
    fn what_is_new_gone_or_other_is_named() {
        let old = [
            json!({"type": "a", "id": "x", "count": 1, "old": true}),
            json!({"type": "b"}),
            json!({"type": "gone"}),
        ];
        let new = [
            json!({"type": "b"}),
            json!({"type": "a", "id": "x", "count": "1", "new": {"inner": 1}}),
            json!({"type": "fresh"}),
        ];
        assert_eq!(
            between(&old, &new),
            [
                told("event fresh", "", "sent"),
                told("event gone", "sent", ""),
                told("order", "a, b", "b, a"),
                told("a.count", "number", "string"),
                told("a.new", "", "object"),
                told("a.old", "boolean", ""),
            ]
        );
    }
}
