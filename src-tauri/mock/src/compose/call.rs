//! Calls of the caller's functions.

use serde_json::Value;

use super::object;
use crate::reply::Part;
use crate::seed::Seed;

/// More at once than this would be a surprise, however many tools there are.
const MOST_AT_ONCE: usize = 2;

/// The calls that the request asks for; none where it forbids them or has already answered one.
pub(crate) fn wanted(body: &Value, words: &[String], seed: Seed) -> Vec<Part> {
    let answered = body["input"].as_array().is_some_and(|items| {
        items
            .iter()
            .rev()
            // What was answered before the user spoke again does not count.
            .take_while(|item| item["role"] != "user")
            .any(|item| item["type"] == "function_call_output")
    });
    if answered || body["tool_choice"] == "none" {
        return Vec::new();
    }
    let tools = body["tools"].as_array().map_or(&[][..], Vec::as_slice);
    let choice = &body["tool_choice"];
    let chosen = |tool: &&Value| match choice["type"].as_str() {
        Some("function") => tool["name"] == choice["name"],
        Some("allowed_tools") => choice["tools"]
            .as_array()
            .is_some_and(|allowed| allowed.iter().any(|one| one["name"] == tool["name"])),
        // Another kind of tool was asked for by name.
        Some(_) => false,
        None => true,
    };
    let several = choice["type"] != "function" && body["parallel_tool_calls"] != false;
    let most = if several { MOST_AT_ONCE } else { 1 };
    tools
        .iter()
        .filter(|tool| tool["type"] == "function")
        .filter(chosen)
        .take(most)
        .enumerate()
        .map(|(index, tool)| Part::Call {
            name: tool["name"].as_str().unwrap_or_default().to_owned(),
            arguments: match &tool["parameters"] {
                Value::Null => "{}".to_owned(),
                schema => {
                    object::value(schema, words, seed.branch(&format!("call {index}"))).to_string()
                }
            },
        })
        .collect()
}
