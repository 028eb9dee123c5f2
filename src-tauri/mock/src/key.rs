//! What makes two requests the same, so that a recording of one answers the other.
//!
//! A key is a hash over method, path and body, whatever the order of the body's fields. Left out of it is
//! what does not change what a model would answer:
//!
//! - `stream`, `stream_options`: how the answer travels. A recording of either kind answers both.
//! - `metadata`, `store`, `user`, `safety_identifier`: what the account keeps and files the request under.
//! - `prompt_cache_key`: where a cache looks; it changes the price, not the answer.
//! - a field set to null at the top level, which the API reads as a field left out.
//!
//! Keys of an account are masked in the hashed text as they are in recordings, so both give one hash.

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::mask;

const LEFT_OUT: [&str; 7] = [
    "stream",
    "stream_options",
    "metadata",
    "store",
    "prompt_cache_key",
    "safety_identifier",
    "user",
];

/// 128 bits are more than recordings of a lifetime need.
const DIGITS: usize = 32;

/// The two keys of a request, each 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "MockKey")]
pub struct Key {
    /// Two requests that differ in their effort alone have different ones.
    pub exact: String,
    /// The effort left out as well.
    pub any_effort: String,
}

impl Key {
    /// `path` with its query; `body` null where there is none.
    pub fn of(method: &str, path: &str, body: &Value) -> Self {
        let mut body = body.clone();
        if let Value::Object(map) = &mut body {
            map.retain(|name, inner| !LEFT_OUT.contains(&name.as_str()) && !inner.is_null());
            drop_empty_reasoning(map);
        }
        let exact = hash(method, path, &body);
        if let Value::Object(map) = &mut body {
            map.shift_remove("reasoning_effort");
            if let Some(Value::Object(reasoning)) = map.get_mut("reasoning") {
                reasoning.shift_remove("effort");
            }
            drop_empty_reasoning(map);
        }
        Key {
            exact,
            any_effort: hash(method, path, &body),
        }
    }
}

fn drop_empty_reasoning(map: &mut Map<String, Value>) {
    if map
        .get("reasoning")
        .and_then(Value::as_object)
        .is_some_and(Map::is_empty)
    {
        map.shift_remove("reasoning");
    }
}

fn hash(method: &str, path: &str, body: &Value) -> String {
    let mut text = format!("{method} {}\n", mask::text(path));
    canonical(body, &mut text);
    let digest = Sha256::digest(text.as_bytes());
    let mut digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(DIGITS);
    digits
}

fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort();
            out.push('{');
            for name in names {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                if let Some(inner) = map.get(name) {
                    canonical(inner, out);
                }
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::String(text) => out.push_str(&Value::from(mask::text(text)).to_string()),
        // 1 and 1.0 are one number to the API.
        Value::Number(number) => match number.as_f64() {
            Some(decimal) if number.is_f64() => out.push_str(&format!("{decimal}")),
            _ => out.push_str(&number.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(body: Value) -> Key {
        Key::of("POST", "/v1/responses", &body)
    }

    #[test]
    fn how_a_request_travels_does_not_count() {
        let plain = of(json!({"model": "m", "input": "hi", "temperature": 1}));
        let other = of(json!({
            "stream": true,
            "stream_options": {"include_obfuscation": false},
            "temperature": 1.0,
            "metadata": {"a": "b"},
            "store": false,
            "prompt_cache_key": "k",
            "safety_identifier": "s",
            "user": "u",
            "instructions": null,
            "reasoning": {},
            "input": "hi",
            "model": "m",
        }));
        assert_eq!(plain, other);
    }

    #[test]
    fn the_effort_counts_in_one_of_the_two() {
        let body =
            |effort: &str| json!({"model": "m", "input": "hi", "reasoning": {"effort": effort}});
        let (low, high) = (of(body("low")), of(body("high")));
        let without = of(json!({"model": "m", "input": "hi"}));
        assert_ne!(low.exact, high.exact);
        assert_eq!(low.any_effort, high.any_effort);
        assert_eq!(low.any_effort, without.any_effort);
        let chat = |effort: &str| {
            Key::of(
                "POST",
                "/v1/chat/completions",
                &json!({"model": "m", "reasoning_effort": effort}),
            )
        };
        assert_eq!(chat("low").any_effort, chat("high").any_effort);
        assert_ne!(chat("low").exact, chat("high").exact);
    }

    #[test]
    fn method_path_and_words_count() {
        let body = json!({"model": "m", "input": "hi"});
        let keys = [
            Key::of("POST", "/v1/responses", &body),
            Key::of("GET", "/v1/responses", &body),
            Key::of("POST", "/v1/chat/completions", &body),
            Key::of(
                "POST",
                "/v1/responses",
                &json!({"model": "m", "input": "ho"}),
            ),
        ];
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(keys.iter().position(|other| other == key), Some(at));
        }
    }

    #[test]
    fn a_masked_body_has_the_key_of_the_plain_one() {
        let body = json!({"input": "use sk-test-planted-0001"});
        assert_eq!(of(mask::value(&body)), of(body));
    }
}
