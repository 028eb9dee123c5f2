//! The response object: what the request asked for, echoed, and what came of it (API.md 2.4).

use serde_json::{Map, Value, json};

use crate::check::Accepted;
use crate::check::strict;
use crate::reply::Ending;
use crate::seed::Seed;

/// The part of a response object that stays the same from `response.created` to the end.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    common: Map<String, Value>,
    /// The tier that the request asked for; the API names the one it used only at the end.
    asked_tier: String,
}

impl Shape {
    pub(crate) fn new(body: &Value, accepted: &Accepted<'_>, seed: Seed, created_at: u64) -> Self {
        let given = |key: &str, otherwise: Value| match body.get(key) {
            None | Some(Value::Null) => otherwise,
            Some(value) => value.clone(),
        };
        let reasoning = |key: &str| {
            body.pointer(&format!("/reasoning/{key}"))
                .cloned()
                .unwrap_or(Value::Null)
        };
        let retention = accepted.model.cache_retention.first().cloned();
        let common = json!({
            "id": format!("resp_{}", seed.hex("response", 48)),
            "object": "response",
            "created_at": created_at,
            "background": given("background", json!(false)),
            "error": null,
            "instructions": given("instructions", Value::Null),
            "max_output_tokens": given("max_output_tokens", Value::Null),
            "max_tool_calls": given("max_tool_calls", Value::Null),
            "model": accepted.model.snapshot,
            "parallel_tool_calls": given("parallel_tool_calls", json!(true)),
            "previous_response_id": given("previous_response_id", Value::Null),
            "prompt_cache_key": given("prompt_cache_key", Value::Null),
            "prompt_cache_retention": given("prompt_cache_retention", json!(retention)),
            "reasoning": {"effort": accepted.effort, "summary": reasoning("summary")},
            "safety_identifier": given("safety_identifier", Value::Null),
            "store": given("store", json!(true)),
            "temperature": given("temperature", json!(1.0)),
            "text": text(body),
            "tool_choice": given("tool_choice", json!("auto")),
            "tools": tools(body),
            "top_logprobs": given("top_logprobs", json!(0)),
            "top_p": given("top_p", json!(1.0)),
            "truncation": given("truncation", json!("disabled")),
            "user": given("user", Value::Null),
            "metadata": given("metadata", json!({})),
        });
        Shape {
            common: match common {
                Value::Object(map) => map,
                _ => Map::new(),
            },
            asked_tier: given("service_tier", json!("auto"))
                .as_str()
                .unwrap_or("auto")
                .to_owned(),
        }
    }

    pub(crate) fn in_progress(&self) -> Value {
        self.with(json!({
            "status": "in_progress",
            "completed_at": null,
            "incomplete_details": null,
            "output": [],
            "service_tier": self.asked_tier,
            "usage": null,
        }))
    }

    /// `completed_at` is left null: the sender fills it in from the clock when the event leaves.
    pub(crate) fn ended(&self, ending: Ending, output: Vec<Value>, usage: Value) -> Value {
        let (status, details) = match ending {
            Ending::Completed => ("completed", Value::Null),
            Ending::OutOfTokens => ("incomplete", json!({"reason": "max_output_tokens"})),
        };
        let used_tier = match self.asked_tier.as_str() {
            "auto" => "default",
            "fast" => "priority",
            other => other,
        };
        self.with(json!({
            "status": status,
            "completed_at": null,
            "incomplete_details": details,
            "output": output,
            "service_tier": used_tier,
            "usage": usage,
        }))
    }

    pub(crate) fn failed(&self, code: &str, message: &str) -> Value {
        self.with(json!({
            "status": "failed",
            "completed_at": null,
            "error": {"code": code, "message": message},
            "incomplete_details": null,
            "output": [],
            "service_tier": self.asked_tier,
            "usage": null,
        }))
    }

    fn with(&self, changing: Value) -> Value {
        let mut whole = self.common.clone();
        if let Value::Object(changing) = changing {
            whole.extend(changing);
        }
        Value::Object(whole)
    }
}

fn text(body: &Value) -> Value {
    let mut format = match body.pointer("/text/format") {
        Some(Value::Object(map)) => map.clone(),
        _ => Map::from_iter([("type".to_owned(), json!("text"))]),
    };
    if format.get("type") == Some(&json!("json_schema")) {
        format.entry("description").or_insert(Value::Null);
        format.entry("strict").or_insert(json!(false));
    }
    let verbosity = body.pointer("/text/verbosity").filter(|v| !v.is_null());
    json!({"format": format, "verbosity": verbosity.unwrap_or(&json!("medium"))})
}

/// A function without `strict` is taken as strict where its schema allows it (API.md 2.2).
fn tools(body: &Value) -> Value {
    let listed = body
        .get("tools")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let echoed = listed.into_iter().map(|mut tool| {
        if tool["type"] == "function"
            && let Value::Object(map) = &mut tool
        {
            map.entry("description").or_insert(Value::Null);
            map.entry("parameters").or_insert(Value::Null);
            if map.get("strict").is_none_or(Value::is_null) {
                let fits = map
                    .get("parameters")
                    .is_some_and(|schema| strict::fault(schema).is_none());
                map.insert("strict".to_owned(), json!(fits));
            }
        }
        tool
    });
    echoed.collect()
}
