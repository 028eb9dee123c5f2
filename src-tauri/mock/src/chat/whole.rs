//! A completion as one object.

use serde_json::{Value, json};

use super::Completion;
use crate::reply::{Ending, Part, Reply};
use crate::seed::Seed;

pub(crate) fn object(completion: &Completion) -> Value {
    let head = &completion.head;
    let choice = |(index, reply): (usize, &Reply)| {
        json!({
            "index": index,
            "message": message(reply, choice_seed(head.seed, index)),
            "logprobs": null,
            "finish_reason": finish(reply),
        })
    };
    let choices: Vec<Value> = completion.choices.iter().enumerate().map(choice).collect();
    json!({
        "id": head.id,
        "object": "chat.completion",
        "created": head.created,
        "model": head.model,
        "choices": choices,
        "usage": completion.usage,
        "service_tier": head.tier,
        "system_fingerprint": null,
    })
}

fn message(reply: &Reply, seed: Seed) -> Value {
    let calls: Vec<Value> = calls(reply, seed)
        .map(|(id, name, arguments)| {
            json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
        })
        .collect();
    let text = if calls.is_empty() {
        json!(text(reply))
    } else {
        Value::Null
    };
    let mut message = json!({"role": "assistant", "content": text});
    if !calls.is_empty() {
        message["tool_calls"] = json!(calls);
    }
    message["refusal"] = Value::Null;
    message["annotations"] = json!([]);
    message
}

/// Empty where the limit left no visible word.
pub(super) fn text(reply: &Reply) -> String {
    let text = |part: &Part| match part {
        Part::Text(text) => Some(text.clone()),
        Part::Call { .. } => None,
    };
    reply.parts.iter().filter_map(text).collect()
}

/// The calls of a reply: their ids, names and arguments.
pub(super) fn calls(reply: &Reply, seed: Seed) -> impl Iterator<Item = (String, &str, &str)> {
    let calls = reply.parts.iter().filter_map(|part| match part {
        Part::Text(_) => None,
        Part::Call { name, arguments } => Some((name.as_str(), arguments.as_str())),
    });
    calls.enumerate().map(move |(index, (name, arguments))| {
        let id = seed.branch(&format!("part {index}")).hex("call", 24);
        (format!("call_{id}"), name, arguments)
    })
}

pub(super) fn finish(reply: &Reply) -> &'static str {
    let called = |part: &Part| matches!(part, Part::Call { .. });
    match reply.ending {
        Ending::OutOfTokens => "length",
        Ending::Completed if reply.parts.iter().any(called) => "tool_calls",
        Ending::Completed => "stop",
    }
}

pub(super) fn choice_seed(seed: Seed, index: usize) -> Seed {
    seed.branch(&format!("choice {index}"))
}
