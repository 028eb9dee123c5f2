//! The Responses API: a response object and its events (API.md 3.1, 3.2).

use serde_json::{Map, Value, json};

use crate::script::pieces;

/// The events between the first and the last of a tool call that the API runs itself.
const STEPS: [(&str, &[&str]); 5] = [
    (
        "web_search_call",
        &["in_progress", "searching", "completed"],
    ),
    (
        "file_search_call",
        &["in_progress", "searching", "completed"],
    ),
    (
        "code_interpreter_call",
        &["in_progress", "interpreting", "completed"],
    ),
    (
        "image_generation_call",
        &["in_progress", "generating", "completed"],
    ),
    ("mcp_list_tools", &["in_progress", "completed"]),
];

/// Items whose one long text is sent in deltas: the field, and the start of its events' kinds.
const WRITTEN: [(&str, &str, &str); 3] = [
    (
        "function_call",
        "arguments",
        "response.function_call_arguments",
    ),
    (
        "custom_tool_call",
        "input",
        "response.custom_tool_call_input",
    ),
    ("mcp_call", "arguments", "response.mcp_call_arguments"),
];

const ENDS: [&str; 3] = [
    "response.completed",
    "response.incomplete",
    "response.failed",
];

/// The response object of the terminal event.
pub(crate) fn plain(events: &[Value]) -> Option<Value> {
    let end = events.iter().rev().find(|event| {
        event["type"]
            .as_str()
            .is_some_and(|kind| ENDS.contains(&kind))
    })?;
    end.get("response")
        .filter(|response| response.is_object())
        .cloned()
}

pub(crate) fn events(response: &Value) -> Vec<String> {
    let mut writing = Writing { events: Vec::new() };
    let mut begun = response.clone();
    for (field, value) in [
        ("status", json!("in_progress")),
        ("output", json!([])),
        ("usage", Value::Null),
        ("error", Value::Null),
        ("incomplete_details", Value::Null),
        ("completed_at", Value::Null),
    ] {
        if begun.get(field).is_some() {
            begun[field] = value;
        }
    }
    writing.send("response.created", json!({"response": begun}));
    writing.send("response.in_progress", json!({"response": begun}));
    let output = response["output"].as_array();
    for (index, item) in output.into_iter().flatten().enumerate() {
        writing.item(index, item);
    }
    let end = match response["status"].as_str() {
        Some("failed") => {
            writing.send("error", json!({"error": error_of(response)}));
            "response.failed"
        }
        Some("incomplete") => "response.incomplete",
        _ => "response.completed",
    };
    writing.send(end, json!({"response": response}));
    writing.events
}

/// An error event has all four fields; the one in the response object may have but two.
fn error_of(response: &Value) -> Value {
    let error = &response["error"];
    json!({
        "type": error.get("type").unwrap_or(&error["code"]),
        "code": error["code"],
        "message": error["message"],
        "param": error["param"],
    })
}

struct Writing {
    events: Vec<String>,
}

impl Writing {
    fn send(&mut self, kind: &str, fields: Value) {
        let mut event = Map::new();
        event.insert("type".to_owned(), json!(kind));
        event.insert("sequence_number".to_owned(), json!(self.events.len()));
        if let Value::Object(fields) = fields {
            event.extend(fields);
        }
        self.events.push(Value::Object(event).to_string());
    }

    fn item(&mut self, index: usize, item: &Value) {
        let kind = item["type"].as_str().unwrap_or("");
        let place = json!({"item_id": item["id"], "output_index": index});
        let written = WRITTEN.iter().find(|(name, ..)| *name == kind);
        let mut begun = item.clone();
        // Some items have no status to begin with.
        if begun.get("status").is_some() {
            begun["status"] = json!("in_progress");
        }
        match (kind, written) {
            ("message", _) => begun["content"] = json!([]),
            ("reasoning", _) => {
                begun["summary"] = json!([]);
                // It is known only once the reasoning is over.
                if let Some(map) = begun.as_object_mut() {
                    map.shift_remove("encrypted_content");
                    map.shift_remove("status");
                }
            }
            (_, Some((_, field, _))) => begun[*field] = json!(""),
            _ => {}
        }
        self.send(
            "response.output_item.added",
            json!({"output_index": index, "item": begun}),
        );
        match (kind, written) {
            ("message", _) => self.contents(&place, item),
            ("reasoning", _) => self.summary(&place, item),
            (_, Some((_, field, start))) => {
                let text = item[*field].as_str().unwrap_or("");
                self.deltas(&format!("{start}.delta"), &place, text);
                self.send(
                    &format!("{start}.done"),
                    joined(&place, json!({*field: text})),
                );
            }
            _ => self.steps(kind, &place, item),
        }
        self.send(
            "response.output_item.done",
            json!({"output_index": index, "item": item}),
        );
    }

    fn contents(&mut self, place: &Value, item: &Value) {
        let contents = item["content"].as_array();
        for (number, part) in contents.into_iter().flatten().enumerate() {
            let place = joined(place, json!({"content_index": number}));
            let (field, start) = match part["type"].as_str() {
                Some("refusal") => ("refusal", "response.refusal"),
                Some("reasoning_text") => ("text", "response.reasoning_text"),
                _ => ("text", "response.output_text"),
            };
            let text = part[field].as_str().unwrap_or("");
            let mut begun = part.clone();
            begun[field] = json!("");
            if begun.get("annotations").is_some() {
                begun["annotations"] = json!([]);
            }
            if begun.get("logprobs").is_some() {
                begun["logprobs"] = json!([]);
            }
            self.send(
                "response.content_part.added",
                joined(&place, json!({"part": begun})),
            );
            let logprobs = start == "response.output_text";
            let delta_place = match logprobs {
                true => joined(&place, json!({"logprobs": []})),
                false => place.clone(),
            };
            self.deltas(&format!("{start}.delta"), &delta_place, text);
            let annotations = part["annotations"].as_array();
            for (at, annotation) in annotations.into_iter().flatten().enumerate() {
                self.send(
                    "response.output_text.annotation.added",
                    joined(
                        &place,
                        json!({"annotation_index": at, "annotation": annotation}),
                    ),
                );
            }
            let mut done = joined(&place, json!({field: text}));
            if logprobs {
                done["logprobs"] = part.get("logprobs").cloned().unwrap_or(json!([]));
            }
            self.send(&format!("{start}.done"), done);
            self.send(
                "response.content_part.done",
                joined(&place, json!({"part": part})),
            );
        }
    }

    fn summary(&mut self, place: &Value, item: &Value) {
        let summary = item["summary"].as_array();
        for (number, part) in summary.into_iter().flatten().enumerate() {
            let place = joined(place, json!({"summary_index": number}));
            let text = part["text"].as_str().unwrap_or("");
            let empty = json!({"part": {"type": "summary_text", "text": ""}});
            self.send(
                "response.reasoning_summary_part.added",
                joined(&place, empty),
            );
            self.deltas("response.reasoning_summary_text.delta", &place, text);
            self.send(
                "response.reasoning_summary_text.done",
                joined(&place, json!({"text": text})),
            );
            self.send(
                "response.reasoning_summary_part.done",
                joined(&place, json!({"part": part})),
            );
        }
    }

    fn steps(&mut self, kind: &str, place: &Value, item: &Value) {
        let steps = STEPS.iter().find(|(name, _)| *name == kind);
        for step in steps.map_or(&[][..], |(_, steps)| steps) {
            if let ("interpreting", Some(code)) = (*step, item["code"].as_str()) {
                self.deltas("response.code_interpreter_call_code.delta", place, code);
                self.send(
                    "response.code_interpreter_call_code.done",
                    joined(place, json!({"code": code})),
                );
            }
            self.send(&format!("response.{kind}.{step}"), place.clone());
        }
    }

    fn deltas(&mut self, kind: &str, place: &Value, text: &str) {
        for piece in pieces(text) {
            self.send(kind, joined(place, json!({"delta": piece})));
        }
    }
}

fn joined(place: &Value, more: Value) -> Value {
    let mut whole = place.clone();
    if let (Value::Object(whole), Value::Object(more)) = (&mut whole, more) {
        whole.extend(more);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> Value {
        json!({
            "id": "resp_1",
            "object": "response",
            "status": "completed",
            "completed_at": 2,
            "error": null,
            "output": [
                {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "First"}]},
                {"id": "ws_1", "type": "web_search_call", "status": "completed"},
                {
                    "id": "msg_1",
                    "type": "message",
                    "status": "completed",
                    "role": "assistant",
                    "content": [{
                        "type": "output_text",
                        "text": "A fact",
                        "annotations": [{"type": "url_citation", "url": "https://example.org"}],
                        "logprobs": [],
                    }],
                },
                {"id": "fc_1", "type": "function_call", "status": "completed", "name": "f", "call_id": "call_1", "arguments": "{}"},
            ],
            "usage": {"input_tokens": 1},
        })
    }

    #[test]
    fn a_plain_answer_is_sent_as_the_api_would() {
        let events: Vec<Value> = events(&response())
            .iter()
            .map(|data| serde_json::from_str(data).unwrap())
            .collect();
        let begun = json!({
            "id": "resp_1", "object": "response", "status": "in_progress", "completed_at": null, "error": null,
            "output": [], "usage": null,
        });
        let output = &response()["output"];
        let part = &output[2]["content"][0];
        let at = |id: &str, index: u64| json!({"item_id": id, "output_index": index});
        let place =
            |more: Value| joined(&at("msg_1", 2), joined(&json!({"content_index": 0}), more));
        let summary =
            |more: Value| joined(&at("rs_1", 0), joined(&json!({"summary_index": 0}), more));
        let expected = [
            ("response.created", json!({"response": begun})),
            ("response.in_progress", json!({"response": begun})),
            (
                "response.output_item.added",
                json!({"output_index": 0, "item": {"id": "rs_1", "type": "reasoning", "summary": []}}),
            ),
            (
                "response.reasoning_summary_part.added",
                summary(json!({"part": {"type": "summary_text", "text": ""}})),
            ),
            (
                "response.reasoning_summary_text.delta",
                summary(json!({"delta": "First"})),
            ),
            (
                "response.reasoning_summary_text.done",
                summary(json!({"text": "First"})),
            ),
            (
                "response.reasoning_summary_part.done",
                summary(json!({"part": {"type": "summary_text", "text": "First"}})),
            ),
            (
                "response.output_item.done",
                json!({"output_index": 0, "item": output[0]}),
            ),
            (
                "response.output_item.added",
                json!({"output_index": 1, "item": {"id": "ws_1", "type": "web_search_call", "status": "in_progress"}}),
            ),
            ("response.web_search_call.in_progress", at("ws_1", 1)),
            ("response.web_search_call.searching", at("ws_1", 1)),
            ("response.web_search_call.completed", at("ws_1", 1)),
            (
                "response.output_item.done",
                json!({"output_index": 1, "item": output[1]}),
            ),
            (
                "response.output_item.added",
                json!({"output_index": 2, "item": {"id": "msg_1", "type": "message", "status": "in_progress", "role": "assistant", "content": []}}),
            ),
            (
                "response.content_part.added",
                place(
                    json!({"part": {"type": "output_text", "text": "", "annotations": [], "logprobs": []}}),
                ),
            ),
            (
                "response.output_text.delta",
                place(json!({"logprobs": [], "delta": "A"})),
            ),
            (
                "response.output_text.delta",
                place(json!({"logprobs": [], "delta": " fact"})),
            ),
            (
                "response.output_text.annotation.added",
                place(json!({"annotation_index": 0, "annotation": part["annotations"][0]})),
            ),
            (
                "response.output_text.done",
                place(json!({"text": "A fact", "logprobs": []})),
            ),
            ("response.content_part.done", place(json!({"part": part}))),
            (
                "response.output_item.done",
                json!({"output_index": 2, "item": output[2]}),
            ),
            (
                "response.output_item.added",
                json!({"output_index": 3, "item": {"id": "fc_1", "type": "function_call", "status": "in_progress", "name": "f", "call_id": "call_1", "arguments": ""}}),
            ),
            (
                "response.function_call_arguments.delta",
                joined(&at("fc_1", 3), json!({"delta": "{}"})),
            ),
            (
                "response.function_call_arguments.done",
                joined(&at("fc_1", 3), json!({"arguments": "{}"})),
            ),
            (
                "response.output_item.done",
                json!({"output_index": 3, "item": output[3]}),
            ),
            ("response.completed", json!({"response": response()})),
        ];
        let expected: Vec<Value> = expected
            .into_iter()
            .enumerate()
            .map(|(number, (kind, fields))| {
                joined(&json!({"type": kind, "sequence_number": number}), fields)
            })
            .collect();
        assert_eq!(events, expected);
        assert_eq!(plain(&events), Some(response()), "and back");
    }

    #[test]
    fn a_stream_without_an_end_has_no_plain_form() {
        assert_eq!(
            plain(&[json!({"type": "response.created", "response": {}})]),
            None
        );
        let failed =
            json!({"status": "failed", "error": {"code": "server_error", "message": "no"}});
        let end = json!({"type": "response.failed", "response": failed});
        assert_eq!(plain(&[json!({"type": "error"}), end]), Some(failed));
    }
}
