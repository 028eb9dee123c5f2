//! What a recorded run put out, item by item, as it came: from its raw events, or from the answer in one piece.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::catalog::endpoint::Endpoint;
use crate::error::Result;
use crate::history::History;

/// Events read at a time: bounded memory for a run of any length.
const PAGE: u32 = 2000;

/// What the model said in one response.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Responses: the response's id, "" where it was not told, and every item of its output.
    Items { id: String, items: Vec<Value> },
    /// Chat Completions: the message of the first choice.
    Message(Map<String, Value>),
}

/// What the run called `run_id` put out.
///
/// # Errors
/// What reading the history fails with.
pub fn said(history: &History, run_id: &str, endpoint: Endpoint) -> Result<Said> {
    let mut reading = Reading::default();
    let mut next = 0;
    loop {
        let events = history.run_events(run_id, next, PAGE)?;
        let Some(last) = events.last() else {
            return Ok(reading.finish(endpoint));
        };
        next = last.index + 1;
        for event in &events {
            reading.event(&event.raw);
        }
    }
}

/// The calls of a message of Chat Completions, as Responses tells them.
pub(super) fn calls_of(message: &Map<String, Value>) -> Vec<Value> {
    let calls = message.get("tool_calls").and_then(Value::as_array);
    let item = |call: &Value| json!({ "type": "function_call", "call_id": call["id"], "name": call["function"]["name"] });
    calls.into_iter().flatten().map(item).collect()
}

#[derive(Debug, Default)]
pub(super) struct Reading {
    id: String,
    /// Finished items by their place.
    done: BTreeMap<u64, Value>,
    /// The output as the end of the response tells it.
    whole: Vec<Value>,
    content: String,
    refusal: String,
    calls: BTreeMap<u64, Call>,
}

#[derive(Debug, Default)]
struct Call {
    id: String,
    name: String,
    arguments: String,
}

impl Reading {
    pub(super) fn event(&mut self, raw: &str) {
        // Of a long answer nearly all is deltas, which the finished items repeat.
        let telling = [
            "response.output_item.done",
            "\"response\"",
            "chat.completion",
        ];
        if !telling.iter().any(|part| raw.contains(part)) {
            return;
        }
        let Ok(event) = serde_json::from_str::<Value>(raw) else {
            return;
        };
        match event["object"].as_str() {
            Some("response") => return self.response(&event),
            Some("chat.completion.chunk") => return self.chunk(&event),
            Some("chat.completion") => return self.message(&event["choices"][0]["message"]),
            _ => {}
        }
        if event["type"] == "response.output_item.done" {
            let place = event["output_index"].as_u64().unwrap_or_default();
            self.done.insert(place, event["item"].clone());
        }
        if event["response"].is_object() {
            self.response(&event["response"]);
        }
    }

    fn response(&mut self, response: &Value) {
        if let Some(id) = response["id"].as_str() {
            id.clone_into(&mut self.id);
        }
        if let Some(output) = response["output"].as_array().filter(|all| !all.is_empty()) {
            self.whole.clone_from(output);
        }
    }

    fn chunk(&mut self, chunk: &Value) {
        let first = |choice: &&Value| choice["index"].as_u64().unwrap_or_default() == 0;
        for choice in chunk["choices"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(first)
        {
            let delta = &choice["delta"];
            self.content += delta["content"].as_str().unwrap_or_default();
            self.refusal += delta["refusal"].as_str().unwrap_or_default();
            for call in delta["tool_calls"].as_array().into_iter().flatten() {
                let place = call["index"].as_u64().unwrap_or_default();
                let known = self.calls.entry(place).or_default();
                let function = &call["function"];
                if let Some(id) = call["id"].as_str() {
                    id.clone_into(&mut known.id);
                }
                known.name += function["name"].as_str().unwrap_or_default();
                known.arguments += function["arguments"].as_str().unwrap_or_default();
            }
        }
    }

    fn message(&mut self, message: &Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.content = text(&message["content"]);
        self.refusal = text(&message["refusal"]);
        let calls = message["tool_calls"].as_array().into_iter().flatten();
        self.calls = (0..)
            .zip(calls)
            .map(|(place, call)| {
                let call = Call {
                    id: text(&call["id"]),
                    name: text(&call["function"]["name"]),
                    arguments: text(&call["function"]["arguments"]),
                };
                (place, call)
            })
            .collect();
    }

    pub(super) fn finish(self, endpoint: Endpoint) -> Said {
        if endpoint == Endpoint::Responses {
            let items = match self.whole.is_empty() {
                true => self.done.into_values().collect(),
                false => self.whole,
            };
            return Said::Items { id: self.id, items };
        }
        let content = match self.content.is_empty() {
            true => Value::Null,
            false => Value::String(self.content),
        };
        let mut message = Map::from_iter([
            ("role".to_owned(), json!("assistant")),
            ("content".to_owned(), content),
        ]);
        if !self.refusal.is_empty() {
            message.insert("refusal".into(), Value::String(self.refusal));
        }
        let calls = self.calls.into_values().map(|call| {
            json!({ "id": call.id, "type": "function", "function": { "name": call.name, "arguments": call.arguments } })
        });
        message.insert("tool_calls".into(), calls.collect());
        Said::Message(message)
    }
}
