//! A reply as the events that a stream sends, each with its moment (API.md 3).

use serde_json::{Map, Value, json};

use crate::reply::{Ending, Part, Reply};
use crate::seed::{Dice, Seed};
use crate::shape::Shape;

/// One event and when it is due, in seconds from the request at speed 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timed {
    pub at: f64,
    pub event: Value,
}

/// What the request says about how the reply is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Manner {
    pub summary: bool,
    /// Sends texts piece by piece; a whole reply has no use for the pieces.
    pub deltas: bool,
    pub obfuscation: bool,
    pub encrypted_reasoning: bool,
}

pub(crate) fn write(
    reply: &Reply,
    usage: Value,
    shape: &Shape,
    manner: Manner,
    seed: Seed,
) -> Vec<Timed> {
    let mut script = Script {
        at: reply.pace.first_byte,
        events: Vec::new(),
        output: Vec::new(),
        piecewise: manner.deltas,
        padding: manner.obfuscation.then(|| seed.dice("obfuscation")),
        jitter: seed.dice("jitter"),
    };
    script.send("response.created", json!({"response": shape.in_progress()}));
    script.send(
        "response.in_progress",
        json!({"response": shape.in_progress()}),
    );
    if reply.reasoning_tokens > 0 {
        script.reasoning(reply, manner, seed);
    }
    let visible = reply.visible_tokens().max(1) as f64;
    for (index, part) in reply.parts.iter().enumerate() {
        // Only the last part can be the one that the limit cut.
        let ending = if index + 1 == reply.parts.len() {
            reply.ending
        } else {
            Ending::Completed
        };
        let seconds = reply.pace.writing * part.tokens() as f64 / visible;
        let item_seed = seed.branch(&format!("part {index}"));
        match part {
            Part::Text(text) => script.message(text, ending, seconds, item_seed),
            Part::Call { name, arguments } => {
                script.call(name, arguments, ending, seconds, item_seed)
            }
        }
    }
    let last = match reply.ending {
        Ending::Completed => "response.completed",
        Ending::OutOfTokens => "response.incomplete",
    };
    let response = shape.ended(reply.ending, std::mem::take(&mut script.output), usage);
    script.send(last, json!({"response": response}));
    script.events
}

/// A stream that fails before anything was written: `error`, then `response.failed` (API.md 3.2).
pub(crate) fn failure(shape: &Shape, code: &str, message: &str) -> Vec<Timed> {
    let mut script = Script {
        at: 0.0,
        events: Vec::new(),
        output: Vec::new(),
        piecewise: false,
        padding: None,
        jitter: Seed::from(0).dice("jitter"),
    };
    script.send("response.created", json!({"response": shape.in_progress()}));
    script.send(
        "response.in_progress",
        json!({"response": shape.in_progress()}),
    );
    let error = json!({"type": "invalid_request_error", "code": code, "message": message, "param": "input"});
    script.send("error", json!({"error": error}));
    script.send(
        "response.failed",
        json!({"response": shape.failed(code, message)}),
    );
    script.events
}

struct Script {
    at: f64,
    events: Vec<Timed>,
    /// The finished items, for the last event.
    output: Vec<Value>,
    piecewise: bool,
    padding: Option<Dice>,
    jitter: Dice,
}

impl Script {
    fn send(&mut self, kind: &str, fields: Value) {
        let mut event = Map::new();
        event.insert("type".to_owned(), json!(kind));
        event.insert("sequence_number".to_owned(), json!(self.events.len()));
        if let Value::Object(fields) = fields {
            event.extend(fields);
        }
        self.events.push(Timed {
            at: self.at,
            event: Value::Object(event),
        });
    }

    fn reasoning(&mut self, reply: &Reply, manner: Manner, seed: Seed) {
        let index = self.output.len();
        let id = format!("rs_{}", seed.hex("reasoning", 48));
        let end = self.at + reply.pace.reasoning;
        let mut item = json!({"id": id, "type": "reasoning", "summary": []});
        self.send(
            "response.output_item.added",
            json!({"output_index": index, "item": item}),
        );
        let parts: &[String] = if manner.summary { &reply.summary } else { &[] };
        let each = reply.pace.reasoning / parts.len().max(1) as f64;
        for (number, text) in parts.iter().enumerate() {
            let place = json!({"item_id": id, "output_index": index, "summary_index": number});
            self.send(
                "response.reasoning_summary_part.added",
                joined(
                    &place,
                    json!({"part": {"type": "summary_text", "text": ""}}),
                ),
            );
            self.deltas(
                "response.reasoning_summary_text.delta",
                &place,
                text,
                each,
                false,
            );
            self.send(
                "response.reasoning_summary_text.done",
                joined(&place, json!({"text": text})),
            );
            self.send(
                "response.reasoning_summary_part.done",
                joined(
                    &place,
                    json!({"part": {"type": "summary_text", "text": text}}),
                ),
            );
        }
        self.at = end;
        item["summary"] = parts
            .iter()
            .map(|text| json!({"type": "summary_text", "text": text}))
            .collect();
        if manner.encrypted_reasoning {
            // Opaque to every client; it holds nothing.
            item["encrypted_content"] = json!(format!("sample-{}", seed.hex("encrypted", 64)));
        }
        if reply.ending == Ending::OutOfTokens && reply.parts.is_empty() {
            item["status"] = json!("incomplete");
        }
        self.send(
            "response.output_item.done",
            json!({"output_index": index, "item": item}),
        );
        self.output.push(item);
    }

    fn message(&mut self, text: &str, ending: Ending, seconds: f64, seed: Seed) {
        let index = self.output.len();
        let id = format!("msg_{}", seed.hex("message", 48));
        let item = |status: &str, content: Value| {
            json!({
                "id": id,
                "type": "message",
                "status": status,
                "content": content,
                "phase": "final_answer",
                "role": "assistant",
            })
        };
        let part = |text: &str| json!({"type": "output_text", "annotations": [], "logprobs": [], "text": text});
        let place = json!({"item_id": id, "output_index": index, "content_index": 0});
        let begun = item("in_progress", json!([]));
        self.send(
            "response.output_item.added",
            json!({"output_index": index, "item": begun}),
        );
        self.send(
            "response.content_part.added",
            joined(&place, json!({"part": part("")})),
        );
        self.deltas("response.output_text.delta", &place, text, seconds, true);
        self.send(
            "response.output_text.done",
            joined(&place, json!({"text": text, "logprobs": []})),
        );
        self.send(
            "response.content_part.done",
            joined(&place, json!({"part": part(text)})),
        );
        let done = item(status(ending), json!([part(text)]));
        self.send(
            "response.output_item.done",
            json!({"output_index": index, "item": done}),
        );
        self.output.push(done);
    }

    fn call(&mut self, name: &str, arguments: &str, ending: Ending, seconds: f64, seed: Seed) {
        let index = self.output.len();
        let id = format!("fc_{}", seed.hex("function call", 48));
        let call_id = format!("call_{}", seed.hex("call", 24));
        let item = |status: &str, arguments: &str| {
            json!({
                "id": id,
                "type": "function_call",
                "status": status,
                "arguments": arguments,
                "call_id": call_id,
                "name": name,
            })
        };
        let place = json!({"item_id": id, "output_index": index});
        let begun = item("in_progress", "");
        self.send(
            "response.output_item.added",
            json!({"output_index": index, "item": begun}),
        );
        self.deltas(
            "response.function_call_arguments.delta",
            &place,
            arguments,
            seconds,
            false,
        );
        self.send(
            "response.function_call_arguments.done",
            joined(&place, json!({"arguments": arguments})),
        );
        let done = item(status(ending), arguments);
        self.send(
            "response.output_item.done",
            json!({"output_index": index, "item": done}),
        );
        self.output.push(done);
    }

    /// Sends a text piece by piece over some seconds, unevenly, as a model writes.
    fn deltas(&mut self, kind: &str, place: &Value, text: &str, seconds: f64, logprobs: bool) {
        let start = self.at;
        self.at = start + seconds;
        let Value::Object(place) = place else { return };
        if !self.piecewise {
            return;
        }
        for (at, piece) in paced(text, start, seconds, &mut self.jitter) {
            // Most of a reply is made here, so each is made in one go.
            let mut event = Map::with_capacity(place.len() + 5);
            let mut insert = |name: &str, value: Value| event.insert(name.to_owned(), value);
            insert("type", json!(kind));
            insert("sequence_number", json!(self.events.len()));
            for (name, value) in place {
                insert(name, value.clone());
            }
            insert("delta", json!(piece));
            if logprobs {
                insert("logprobs", json!([]));
            }
            if let Some(dice) = &mut self.padding {
                insert("obfuscation", json!(padding(piece.len(), dice)));
            }
            let event = Value::Object(event);
            self.events.push(Timed { at, event });
        }
    }
}

fn status(ending: Ending) -> &'static str {
    match ending {
        Ending::Completed => "completed",
        Ending::OutOfTokens => "incomplete",
    }
}

fn joined(place: &Value, more: Value) -> Value {
    let mut whole = place.clone();
    if let (Value::Object(whole), Value::Object(more)) = (&mut whole, more) {
        whole.extend(more);
    }
    whole
}

/// The pieces of a text, each with its moment.
pub(crate) fn paced<'a>(
    text: &'a str,
    start: f64,
    seconds: f64,
    jitter: &mut Dice,
) -> Vec<(f64, &'a str)> {
    let pieces = pieces(text);
    let weights: Vec<f64> = pieces
        .iter()
        .map(|piece| piece.len() as f64 * jitter.between(0.5, 1.5))
        .collect();
    let all: f64 = weights.iter().sum();
    let mut passed = 0.0;
    let timed = pieces.into_iter().zip(weights).map(|(piece, weight)| {
        passed += weight;
        (start + seconds * passed / all, piece)
    });
    timed.collect()
}

/// Random letters that hide the length of a delta from who watches the line.
pub(crate) fn padding(length: usize, dice: &mut Dice) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    (0..16 - length % 16)
        .filter_map(|_| dice.pick(LETTERS).map(|letter| char::from(*letter)))
        .collect()
}

/// Splits a text about where a tokenizer would: before white space, and within long words.
pub(crate) fn pieces(text: &str) -> Vec<&str> {
    const LONGEST: usize = 8;
    let mut pieces = Vec::new();
    let (mut start, mut length, mut before) = (0, 0, None::<char>);
    for (at, letter) in text.char_indices() {
        let word_starts = letter.is_whitespace() && before.is_some_and(|b| !b.is_whitespace());
        if at > start && (word_starts || length == LONGEST) {
            pieces.push(&text[start..at]);
            (start, length) = (at, 0);
        }
        length += 1;
        before = Some(letter);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_to_the_text() {
        let text = "Größe  of\n\nindistinguishable 数据库迁移数据库迁移 things";
        assert_eq!(pieces(text).concat(), text);
        assert_eq!(pieces("a bc  d"), ["a", " bc", "  d"]);
        assert_eq!(pieces("indistinguishable"), ["indistin", "guishabl", "e"]);
        assert_eq!(pieces(""), Vec::<&str>::new());
    }
}
