//! Token counts and usage. They are estimates: four characters to a token.

use serde_json::{Value, json};

/// Prompts shorter than this are never cached, and longer ones in steps of 128 (API.md's prompt caching rules).
const CACHED_FROM: u64 = 1_024;
const CACHED_STEP: u64 = 128;

pub(crate) fn count(text: &str) -> u64 {
    (text.chars().count() as u64).div_ceil(4)
}

/// The input of a whole request: everything in the body that the model would read.
pub(crate) fn input(body: &Value) -> u64 {
    let read = ["instructions", "input", "tools"];
    let own: u64 = read
        .iter()
        .filter_map(|key| body.get(key))
        .map(reading)
        .sum();
    let schema = body
        .pointer("/text/format/schema")
        .map_or(0, |schema| count(&schema.to_string()));
    // A message costs a few tokens beyond its words.
    own + schema + 3
}

fn reading(value: &Value) -> u64 {
    match value {
        Value::String(text) => count(text),
        Value::Array(items) => items.iter().map(reading).sum(),
        Value::Object(map) if map.contains_key("parameters") => {
            count(&Value::Object(map.clone()).to_string())
        }
        Value::Object(map) => {
            let words: u64 = map
                .iter()
                .filter(|(key, _)| {
                    !matches!(
                        key.as_str(),
                        "type" | "role" | "id" | "status" | "phase" | "detail"
                    )
                })
                .map(|(key, inner)| match key.as_str() {
                    // A picture costs by its size, not by the length of its encoding.
                    "image_url" | "file_data" | "encrypted_content" => 765,
                    _ => reading(inner),
                })
                .sum();
            words + if map.contains_key("role") { 4 } else { 0 }
        }
        _ => 1,
    }
}

/// How much of the input comes from the cache: nothing the first time, the long common start on repeats.
pub(crate) fn cached(input: u64, repeat: u64) -> u64 {
    if repeat < 2 || input < CACHED_FROM {
        0
    } else {
        input / CACHED_STEP * CACHED_STEP
    }
}

pub(crate) fn usage(input: u64, cached: u64, reasoning: u64, visible: u64) -> Value {
    let output = reasoning + visible;
    json!({
        "input_tokens": input,
        "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": input + output,
    })
}
