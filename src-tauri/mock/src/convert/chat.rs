//! Chat Completions: a completion and its chunks (API.md 3.3).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::script::pieces;

/// The completion that the chunks add up to; none where no choice was finished.
pub(crate) fn plain(chunks: &[Value]) -> Option<Value> {
    let mut whole = Map::new();
    let mut choices: BTreeMap<u64, Choice> = BTreeMap::new();
    let mut usage = Value::Null;
    for chunk in chunks {
        for (name, value) in chunk.as_object().into_iter().flatten() {
            match name.as_str() {
                "choices" | "obfuscation" => {}
                "usage" if value.is_null() => {}
                "usage" => usage = value.clone(),
                _ => {
                    whole.insert(name.clone(), value.clone());
                }
            }
        }
        for choice in chunk["choices"].as_array().into_iter().flatten() {
            let index = choice["index"].as_u64().unwrap_or(0);
            choices.entry(index).or_default().add(choice);
        }
    }
    if choices.is_empty()
        || choices
            .values()
            .any(|choice| choice.finish_reason.is_null())
    {
        return None;
    }
    let choices: Vec<Value> = choices
        .into_iter()
        .map(|(index, choice)| choice.whole(index))
        .collect();
    whole.insert("object".to_owned(), json!("chat.completion"));
    whole.insert("choices".to_owned(), json!(choices));
    whole.insert("usage".to_owned(), usage);
    Some(Value::Object(whole))
}

#[derive(Default)]
struct Choice {
    content: Option<String>,
    refusal: Option<String>,
    calls: BTreeMap<u64, Value>,
    finish_reason: Value,
}

impl Choice {
    fn add(&mut self, choice: &Value) {
        let delta = &choice["delta"];
        for (field, text) in [
            ("content", &mut self.content),
            ("refusal", &mut self.refusal),
        ] {
            if let Some(piece) = delta[field].as_str() {
                text.get_or_insert_default().push_str(piece);
            }
        }
        for call in delta["tool_calls"].as_array().into_iter().flatten() {
            let index = call["index"].as_u64().unwrap_or(0);
            match self.calls.get_mut(&index) {
                None => {
                    let mut first = call.clone();
                    if let Some(map) = first.as_object_mut() {
                        map.shift_remove("index");
                    }
                    self.calls.insert(index, first);
                }
                Some(known) => {
                    let more = call.pointer("/function/arguments").and_then(Value::as_str);
                    let so_far = known.pointer("/function/arguments").and_then(Value::as_str);
                    known["function"]["arguments"] =
                        json!(format!("{}{}", so_far.unwrap_or(""), more.unwrap_or("")));
                }
            }
        }
        if !choice["finish_reason"].is_null() {
            self.finish_reason = choice["finish_reason"].clone();
        }
    }

    fn whole(self, index: u64) -> Value {
        let mut message = json!({
            "role": "assistant",
            "content": self.content,
            "refusal": self.refusal,
            "annotations": [],
        });
        if !self.calls.is_empty() {
            message["tool_calls"] = self.calls.into_values().collect();
            // The first chunk of a call has an empty text; the whole has none.
            if message["content"] == "" {
                message["content"] = Value::Null;
            }
        }
        json!({
            "index": index,
            "message": message,
            "logprobs": null,
            "finish_reason": self.finish_reason,
        })
    }
}

pub(crate) fn events(completion: &Value, include_usage: bool) -> Vec<String> {
    let mut common = completion.clone();
    common["object"] = json!("chat.completion.chunk");
    common["usage"] = Value::Null;
    let chunk = |choices: Value| {
        let mut chunk = common.clone();
        chunk["choices"] = choices;
        chunk.to_string()
    };
    let mut events = Vec::new();
    for choice in completion["choices"].as_array().into_iter().flatten() {
        let index = &choice["index"];
        let mut send = |delta: Value, finish: &Value| {
            let logprobs = Value::Null;
            events.push(chunk(json!([
                {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
            ])));
        };
        let message = &choice["message"];
        let opening = match message["content"].as_str() {
            Some(_) => json!(""),
            None => Value::Null,
        };
        send(
            json!({"role": "assistant", "content": opening, "refusal": null}),
            &Value::Null,
        );
        for field in ["content", "refusal"] {
            for piece in pieces(message[field].as_str().unwrap_or("")) {
                send(json!({field: piece}), &Value::Null);
            }
        }
        let calls = message["tool_calls"].as_array();
        for (at, call) in calls.into_iter().flatten().enumerate() {
            let mut begun = call.clone();
            begun["index"] = json!(at);
            begun["function"]["arguments"] = json!("");
            send(json!({"tool_calls": [begun]}), &Value::Null);
            let arguments = call.pointer("/function/arguments").and_then(Value::as_str);
            for piece in pieces(arguments.unwrap_or("")) {
                let more = json!([{"index": at, "function": {"arguments": piece}}]);
                send(json!({"tool_calls": more}), &Value::Null);
            }
        }
        send(json!({}), &choice["finish_reason"]);
    }
    if include_usage {
        let mut last = common.clone();
        last["choices"] = json!([]);
        last["usage"] = completion["usage"].clone();
        events.push(last.to_string());
    }
    events.push("[DONE]".to_owned());
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_completion_goes_to_chunks_and_back() {
        let completion = |message: Value, finish: &str| {
            json!({
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": "gpt-5.5-2026-04-23",
                "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": finish}],
                "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
            })
        };
        let call = json!([{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{\"long\": \"enough\"}"}}]);
        let cases = [
            completion(
                json!({"role": "assistant", "content": "Grüße an alle", "refusal": null, "annotations": []}),
                "stop",
            ),
            completion(
                json!({"role": "assistant", "content": null, "refusal": "No, sorry.", "annotations": []}),
                "stop",
            ),
            completion(
                json!({"role": "assistant", "content": null, "refusal": null, "annotations": [], "tool_calls": call}),
                "tool_calls",
            ),
        ];
        for case in cases {
            let sent = events(&case, true);
            assert_eq!(sent.last().unwrap(), "[DONE]");
            let chunks: Vec<Value> = sent
                .iter()
                .filter_map(|data| serde_json::from_str(data).ok())
                .collect();
            let kinds: Vec<_> = chunks.iter().map(|chunk| chunk["object"].clone()).collect();
            assert_eq!(kinds, vec![json!("chat.completion.chunk"); chunks.len()]);
            assert_eq!(plain(&chunks), Some(case));
            assert_eq!(
                plain(&chunks[..chunks.len() - 2]),
                None,
                "without its end it is not whole"
            );
        }
    }

    #[test]
    fn usage_comes_only_where_it_is_asked_for() {
        let completion =
            json!({"object": "chat.completion", "choices": [], "usage": {"total_tokens": 5}});
        let chunk = |usage: Value| {
            json!({"object": "chat.completion.chunk", "choices": [], "usage": usage}).to_string()
        };
        assert_eq!(events(&completion, false), ["[DONE]"]);
        assert_eq!(
            events(&completion, true),
            [chunk(json!({"total_tokens": 5})), "[DONE]".to_owned()]
        );
    }
}
