//! A completion as the chunks of a stream, each with its moment.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Completion;
use super::whole::{calls, choice_seed, finish, text};
use crate::reply::Reply;
use crate::script::{Timed, paced, padding};
use crate::seed::{Dice, Seed};

const DONE: &str = "[DONE]";

pub(crate) fn all(completion: &Completion, body: &Value) -> Vec<Timed> {
    let options = &body["stream_options"];
    let counted = options["include_usage"] == true;
    let seed = completion.head.seed;
    let mut chunks = Chunks {
        completion,
        counted,
        padding: (options["include_obfuscation"] != false).then(|| seed.dice("obfuscation")),
        events: Vec::new(),
    };
    for (index, reply) in completion.choices.iter().enumerate() {
        chunks.choice(index, reply, choice_seed(seed, index));
    }
    // Several choices come at the same time.
    chunks.events.sort_by(|a, b| a.at.total_cmp(&b.at));
    let end = chunks.events.last().map_or(0.0, |timed| timed.at);
    if counted {
        let mut last = chunks.chunk(json!([]), 0);
        last["usage"] = completion.usage.clone();
        chunks.events.push(Timed {
            at: end,
            event: last,
        });
    }
    chunks.events.push(Timed {
        at: end,
        event: json!(DONE),
    });
    chunks.events
}

/// A chunk has no `event:` line, and the last one is no JSON.
pub(crate) fn frame(chunk: Value) -> Bytes {
    match chunk.as_str() {
        Some(word) => Bytes::from(format!("data: {word}\n\n")),
        None => Bytes::from(format!("data: {chunk}\n\n")),
    }
}

struct Chunks<'a> {
    completion: &'a Completion,
    counted: bool,
    padding: Option<Dice>,
    events: Vec<Timed>,
}

impl Chunks<'_> {
    fn choice(&mut self, index: usize, reply: &Reply, seed: Seed) {
        let start = reply.pace.first_byte + reply.pace.reasoning;
        let called: Vec<_> = calls(reply, seed).collect();
        let opening = match called.is_empty() {
            true => json!({"role": "assistant", "content": "", "refusal": null}),
            false => json!({"role": "assistant", "content": null}),
        };
        self.send(reply.pace.first_byte, index, opening, Value::Null);
        if called.is_empty() {
            let mut jitter = seed.dice("jitter");
            for (at, piece) in paced(&text(reply), start, reply.pace.writing, &mut jitter) {
                self.send(at, index, json!({"content": piece}), Value::Null);
            }
        }
        let each = reply.pace.writing / called.len().max(1) as f64;
        for (number, (id, name, arguments)) in called.into_iter().enumerate() {
            let begins = start + each * number as f64;
            let function = json!({"name": name, "arguments": ""});
            let call = json!({"index": number, "id": id, "type": "function", "function": function});
            self.send(begins, index, json!({"tool_calls": [call]}), Value::Null);
            let mut jitter = seed.dice("jitter");
            for (at, piece) in paced(arguments, begins, each, &mut jitter) {
                let call = json!({"index": number, "function": {"arguments": piece}});
                self.send(at, index, json!({"tool_calls": [call]}), Value::Null);
            }
        }
        self.send(reply.seconds(), index, json!({}), json!(finish(reply)));
    }

    fn send(&mut self, at: f64, index: usize, delta: Value, finish: Value) {
        let length = delta["content"].as_str().map_or(0, str::len);
        let choice =
            json!([{"index": index, "delta": delta, "logprobs": null, "finish_reason": finish}]);
        let event = self.chunk(choice, length);
        self.events.push(Timed { at, event });
    }

    fn chunk(&mut self, choices: Value, length: usize) -> Value {
        let head = &self.completion.head;
        let mut chunk = json!({
            "id": head.id,
            "object": "chat.completion.chunk",
            "created": head.created,
            "model": head.model,
            "service_tier": head.tier,
            "system_fingerprint": null,
            "choices": choices,
        });
        if self.counted {
            chunk["usage"] = Value::Null;
        }
        if let Some(dice) = &mut self.padding {
            chunk["obfuscation"] = json!(padding(length, dice));
        }
        chunk
    }
}
