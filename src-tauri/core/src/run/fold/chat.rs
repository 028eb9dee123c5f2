//! Chat Completions, folded like a Responses stream: chunks, and the answer to a request without streaming (API.md 3.3).

use serde_json::{Value, json};

use super::Fold;
use crate::openai::fault::{self, Charged};
use crate::openai::usage;
use crate::run::facts::{Phase, RunStatus, Section, SpanKind};

/// What a Chat stream has said so far about its end.
#[derive(Debug, Default)]
pub(super) struct Chat {
    /// A chunk has come: `[DONE]` ends such a stream.
    begun: bool,
    /// The first choice's `finish_reason`.
    finish: Option<String>,
}

/// Calls stand behind the messages, whatever number of those there is.
const FIRST_CALL: u64 = 1_000;

impl Fold {
    /// Folds what may be a part of a Chat stream, or a whole answer. False where it is neither.
    pub(super) fn chat(&mut self, at_ms: f64, raw: &str) -> bool {
        let Ok(value) = serde_json::from_str::<Value>(raw) else {
            return false;
        };
        match value["object"].as_str() {
            Some("chat.completion.chunk") => self.chat_chunk(at_ms, &value),
            Some("chat.completion") => self.chat_answer(at_ms, &value),
            _ => match value.get("error").filter(|error| error.is_object()) {
                Some(error) if value.get("type").is_none() => {
                    self.failed(at_ms, fault::of_error_object(error, None));
                }
                _ => return false,
            },
        }
        true
    }

    /// `[DONE]`, or the end of the connection after the last chunk.
    pub fn chat_over(&mut self, at_ms: f64) {
        if self.chat.begun && self.chat.finish.is_some() && !self.terminal {
            self.chat_end(at_ms);
        }
    }

    fn chat_chunk(&mut self, at_ms: f64, chunk: &Value) {
        self.fold_response_head(chunk);
        if !self.chat.begun {
            self.chat.begun = true;
            // Chat tells nothing of the reasoning: until something is written it is at it, unless it does none.
            if self.facts.effort_sent.as_deref() != Some("none") {
                self.set_phase(Phase::Reasoning, None, at_ms);
            }
        }
        for choice in chunk["choices"].as_array().into_iter().flatten() {
            let output = choice["index"].as_u64().unwrap_or(0);
            let delta = &choice["delta"];
            let text = |key: &str| delta[key].as_str();
            self.append(at_ms, (Section::Output, output, 0), text("content"));
            self.append(at_ms, (Section::Refusal, output, 0), text("refusal"));
            for call in delta["tool_calls"].as_array().into_iter().flatten() {
                self.chat_call(at_ms, call);
            }
            if let Some(reason) = choice["finish_reason"].as_str().filter(|_| output == 0) {
                self.chat.finish = Some(reason.to_owned());
            }
        }
        self.chat_usage(chunk);
    }

    fn chat_call(&mut self, at_ms: f64, call: &Value) {
        let place = FIRST_CALL + call["index"].as_u64().unwrap_or(0);
        let function = &call["function"];
        if let Some(name) = function["name"].as_str() {
            self.open_span(place, SpanKind::Tool, Some(name.to_owned()), at_ms);
            self.tool_call(place, &item(call, name), name);
            self.set_phase(Phase::Tool, Some(name.to_owned()), at_ms);
        }
        let arguments = function["arguments"].as_str();
        self.append(at_ms, (Section::ToolCall, place, 0), arguments);
    }

    fn chat_answer(&mut self, at_ms: f64, answer: &Value) {
        self.fold_response_head(answer);
        for choice in answer["choices"].as_array().into_iter().flatten() {
            let output = choice["index"].as_u64().unwrap_or(0);
            let message = &choice["message"];
            let text = |key: &str| message[key].as_str();
            self.settle((Section::Output, output, 0), text("content"));
            self.settle((Section::Refusal, output, 0), text("refusal"));
            let calls = message["tool_calls"].as_array().into_iter().flatten();
            for (place, call) in (FIRST_CALL..).zip(calls) {
                let function = &call["function"];
                let name = function["name"].as_str().unwrap_or_default();
                self.tool_call(place, &item(call, name), name);
                let arguments = function["arguments"].as_str();
                self.settle((Section::ToolCall, place, 0), arguments);
            }
            if output == 0 {
                self.chat.finish = choice["finish_reason"].as_str().map(str::to_owned);
            }
        }
        self.chat_usage(answer);
        self.chat_end(at_ms);
    }

    fn chat_usage(&mut self, answer: &Value) {
        let Some(used) = usage::of_chat(&answer["usage"]) else {
            return;
        };
        if self.facts.sample.is_none() && used.input_tokens + used.output_tokens > 0 {
            self.facts.charged = Charged::Yes;
        }
        self.facts.usage = Some(used);
        self.dirty = true;
    }

    fn chat_end(&mut self, at_ms: f64) {
        self.terminal = true;
        let reason = match self.chat.finish.as_deref() {
            Some("length") => Some("max_output_tokens"),
            Some("content_filter") => Some("content_filter"),
            _ => None,
        };
        match reason {
            Some(reason) => {
                self.facts.incomplete_reason = Some(reason.to_owned());
                self.end(at_ms, RunStatus::Incomplete);
            }
            None => self.end(at_ms, RunStatus::Completed),
        }
    }
}

/// A call as Responses would tell it.
fn item(call: &Value, name: &str) -> Value {
    json!({ "type": "function_call", "name": name, "call_id": call["id"], "status": "completed" })
}
