//! The answers that a person wrote beforehand for the sample requests.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::check::Accepted;
use crate::headers::Sample;
use crate::reply::{Ending, Pace, Part, Reply};

/// One file of `replies/`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    /// What a request must have to be answered from this file.
    answers: Answers,
    /// Takes by effort level: a repeat of a request gets the next one.
    levels: BTreeMap<String, Vec<Take>>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    /// The start of the model's name.
    model: String,
    /// What the last user message must contain, white space aside: all that the answers depend on.
    prompt: Vec<String>,
    /// The properties of the schema that the request asks for; none where it asks for text.
    #[serde(default)]
    properties: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Take {
    /// Seconds at speed 1: until the first byte, reasoning, writing.
    seconds: (f64, f64, f64),
    reasoning_tokens: u64,
    #[serde(default)]
    summary: Vec<String>,
    answer: String,
}

/// The written answer for a request, if there is one. The visible tokens follow from the text.
pub(crate) fn find(
    written: &[Written],
    body: &Value,
    accepted: &Accepted<'_>,
    repeat: u64,
) -> Option<Reply> {
    let prompt = folded(&last_user_text(body)?);
    let file = written.iter().find(|file| {
        accepted.model.id.starts_with(&file.answers.model)
            && file
                .answers
                .prompt
                .iter()
                .all(|part| prompt.contains(&folded(part)))
            && asks_for(body, &file.answers.properties)
    })?;
    let takes = file.levels.get(&accepted.effort)?;
    let take = takes.get(((repeat - 1) % takes.len().max(1) as u64) as usize)?;
    let (first_byte, reasoning, writing) = take.seconds;
    Some(Reply {
        sample: Sample::Written,
        summary: take
            .summary
            .iter()
            .map(|part| part.trim_end().to_owned())
            .collect(),
        reasoning_tokens: take.reasoning_tokens,
        parts: vec![Part::Text(take.answer.trim_end().to_owned())],
        pace: Pace {
            first_byte,
            reasoning,
            writing,
        },
        ending: Ending::Completed,
    })
}

/// An edited request may ask for something else than the answers give: other fields, or a call.
fn asks_for(body: &Value, properties: &[String]) -> bool {
    let format = body.pointer("/text/format");
    let kind = format
        .and_then(|format| format["type"].as_str())
        .unwrap_or("text");
    let shaped = match format.and_then(|format| format["schema"]["properties"].as_object()) {
        Some(wanted) if kind == "json_schema" => wanted.keys().eq(properties),
        _ => kind == "text" && properties.is_empty(),
    };
    let tools = body
        .get("tools")
        .and_then(Value::as_array)
        .is_some_and(|tools| !tools.is_empty());
    shaped && (!tools || body["tool_choice"] == "none")
}

/// The text of the last item, where that is a message of the user's.
fn last_user_text(body: &Value) -> Option<String> {
    match body.get("input")? {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let last = items.last().filter(|item| item["role"] == "user")?;
            match &last["content"] {
                Value::String(text) => Some(text.clone()),
                Value::Array(parts) => {
                    let texts: Vec<&str> = parts
                        .iter()
                        .filter_map(|part| part["text"].as_str())
                        .collect();
                    Some(texts.join("\n"))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
