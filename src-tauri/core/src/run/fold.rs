//! Events to state: a pure fold. The same events give the same state however they were cut up.

mod chat;

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};

use serde_json::Value;

use self::chat::Chat;
use super::facts::{
    LanePatch, Phase, RetryWait, RunFacts, RunStatus, RunView, Section, Span, SpanKind, TextChange,
    TextPart, ToolCall,
};
use crate::error::{Error, ErrorCode};
use crate::openai::event::{Event, EventHead, value};
use crate::openai::fault::{self, Charged};
use crate::openai::usage::Usage;

/// An MCP server's tool that must not run before somebody says so (API.md 2.4).
const APPROVAL: &str = "mcp_approval_request";

fn is_call(kind: &str) -> bool {
    kind.ends_with("_call") || kind == APPROVAL
}

/// Oddities are told to a reader; a broken server must not fill the memory with them.
const ODDITIES_SHOWN: usize = 20;

/// One run as its events tell it. Times are ms since the send.
#[derive(Debug, Default)]
pub struct Fold {
    facts: RunFacts,
    texts: BTreeMap<(Section, u32), String>,
    /// Wire places to parts. Keyed by place, not by item id: a proxy may rotate ids (API.md 3.2).
    parts: HashMap<(Section, u64, u64), u32>,
    /// The span that each open item of the output fills.
    open_spans: HashMap<u64, usize>,
    last_sequence: Option<u64>,
    /// What the run was doing when a wait for the next attempt began.
    before_wait: Option<(Phase, Option<String>)>,
    /// Where the last stretch ended: what follows without a sign of its own began here.
    boundary_ms: f64,
    /// The answer is over; what still comes is noted, not folded.
    terminal: bool,
    chat: Chat,
    dirty: bool,
    changes: Vec<TextChange>,
}

impl Fold {
    /// A run that has not been sent.
    pub fn new(facts: RunFacts) -> Self {
        Self {
            facts,
            dirty: true,
            ..Self::default()
        }
    }

    pub fn facts(&self) -> &RunFacts {
        &self.facts
    }

    /// Changes facts from outside the stream: attempts, the bill, the outcomes of checks.
    pub fn edit(&mut self, change: impl FnOnce(&mut RunFacts)) {
        change(&mut self.facts);
        self.dirty = true;
    }

    /// Whether an event has said how the response ended.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// The whole text of a section, its parts in order.
    pub fn text(&self, section: Section) -> String {
        self.texts
            .iter()
            .filter(|((of, _), _)| *of == section)
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    pub fn view(&self) -> RunView {
        let texts = self
            .texts
            .iter()
            .map(|(&(section, part), text)| TextPart {
                section,
                part,
                text: text.clone(),
            })
            .collect();
        RunView {
            facts: self.facts.clone(),
            texts,
        }
    }

    /// The request has gone out.
    pub fn sent(&mut self, started_at: i64) {
        self.edit(|facts| {
            facts.status = RunStatus::Running;
            facts.phase = Phase::Sending;
            facts.started_at = Some(started_at);
            facts.spans.push(Span {
                kind: SpanKind::Connect,
                label: None,
                start_ms: 0.0,
                end_ms: None,
            });
        });
    }

    /// The head of the answer is here, or the attempt has failed.
    pub fn connected(&mut self, at_ms: f64) {
        self.close_kind(SpanKind::Connect, at_ms);
        self.boundary_ms = at_ms;
        self.dirty = true;
    }

    /// A wait for the next attempt begins, or its end has moved.
    pub fn waiting(&mut self, at_ms: f64, wait: RetryWait) {
        if self.facts.attempts.is_empty() {
            // Held back before anything was sent.
            self.facts
                .spans
                .retain(|span| span.kind != SpanKind::Connect);
        }
        if self.facts.retry.is_none() {
            self.before_wait = Some((self.facts.phase, self.facts.phase_label.take()));
            self.close_kind(SpanKind::Connect, at_ms);
            self.facts.spans.push(Span {
                kind: SpanKind::Retry,
                label: None,
                start_ms: at_ms,
                end_ms: None,
            });
            self.set_phase(Phase::Retrying, None, at_ms);
        }
        self.facts.retry = Some(wait);
        self.dirty = true;
    }

    /// The wait is over. A request that goes out again begins anew; a stream that is taken up again
    /// goes on where it was.
    pub fn waited(&mut self, at_ms: f64, resumed: bool) {
        self.facts.retry = None;
        self.close_kind(SpanKind::Retry, at_ms);
        let before = self.before_wait.take();
        if let (true, Some((phase, label))) = (resumed, before) {
            self.set_phase(phase, label, at_ms);
        } else {
            self.facts.spans.push(Span {
                kind: SpanKind::Connect,
                label: None,
                start_ms: at_ms,
                end_ms: None,
            });
            self.set_phase(Phase::Sending, None, at_ms);
        }
    }

    /// How a background response stands, by the answer to a look at it.
    pub fn progress(&mut self, at_ms: f64, response: &Value) {
        self.fold_response_head(response);
        let phase = match response.get("status").and_then(Value::as_str) {
            Some("queued") => Phase::Queued,
            _ => Phase::Reasoning,
        };
        self.set_phase(phase, None, at_ms);
    }

    /// An answer that came at once: the phases within it can't be told apart.
    pub fn without_phases(&mut self, at_ms: f64) {
        let spans = &mut self.facts.spans;
        let last = spans
            .iter()
            .rposition(|span| span.kind == SpanKind::Connect)
            .unwrap_or(spans.len());
        let start_ms = spans.get(last).map_or(0.0, |span| span.start_ms);
        spans.truncate(last);
        spans.push(Span {
            kind: SpanKind::Waiting,
            label: None,
            start_ms,
            end_ms: Some(at_ms),
        });
        self.dirty = true;
    }

    /// The number of the last event; None before the first, and where events are not numbered.
    pub fn last_sequence(&self) -> Option<u64> {
        self.last_sequence
    }

    /// One event of the stream, as it came.
    pub fn event(&mut self, at_ms: f64, raw: &str) {
        self.facts.events += 1;
        self.facts.elapsed_ms = at_ms;
        if self.facts.first_event_ms.is_none() {
            self.facts.first_event_ms = Some(at_ms);
            self.dirty = true;
        }
        // Some proxies close a Responses stream as a Chat stream is closed (API.md 3.2).
        if raw.trim() == "[DONE]" {
            self.chat_over(at_ms);
            return;
        }
        let event = match Event::read(raw) {
            Ok(event) => event,
            Err(why) => {
                if !self.terminal && self.chat(at_ms, raw) {
                    return;
                }
                // The answer to a request without streaming is recorded as it came, too.
                if let Some(response) = whole_response(raw).filter(|_| !self.terminal) {
                    self.fold_response(at_ms, &response);
                    return;
                }
                // Its number is still good: one broken event is not a gap as well.
                let head: EventHead = serde_json::from_str(raw).unwrap_or_default();
                self.follow_sequence(head.sequence_number);
                self.odd(format!(
                    "Event {} could not be read: {why}",
                    self.facts.events - 1
                ));
                return;
            }
        };
        self.follow_sequence(event.sequence_number);
        if self.terminal && event.kind != "response.failed" {
            self.odd(format!("{} came after the response was over", event.kind));
            return;
        }
        self.fold_event(at_ms, &event);
    }

    fn follow_sequence(&mut self, number: Option<u64>) {
        let Some(number) = number else {
            if self.facts.events == 1 {
                self.odd("The events are not numbered".into());
            }
            return;
        };
        let expected = self.last_sequence.map_or(0, |last| last + 1);
        if number != expected {
            self.odd(format!(
                "The numbering goes from {} to {number}",
                self.last_sequence
                    .map_or("its start".into(), |last| last.to_string())
            ));
        }
        self.last_sequence = Some(number);
    }

    fn fold_event(&mut self, at_ms: f64, event: &Event<'_>) {
        let output = event.output_index.unwrap_or(0);
        let content = event.content_index.unwrap_or(0);
        let summary = event.summary_index.unwrap_or(0);
        match event.kind.as_ref() {
            "response.created" | "response.in_progress" => {
                if let Some(response) = event.response {
                    self.fold_response_head(&value(response));
                }
                // At effort none there is nothing to think about: it is still on its way.
                if self
                    .facts
                    .effort_reported
                    .as_deref()
                    .or(self.facts.effort_sent.as_deref())
                    != Some("none")
                {
                    self.set_phase(Phase::Reasoning, None, at_ms);
                }
            }
            "response.queued" => {
                if let Some(response) = event.response {
                    self.fold_response_head(&value(response));
                }
                self.set_phase(Phase::Queued, None, at_ms);
            }
            "response.output_item.added" => {
                if let Some(item) = event.item {
                    self.item_added(at_ms, output, &value(item));
                }
            }
            "response.output_item.done" => {
                if let Some(item) = event.item {
                    self.item_done(at_ms, output, &value(item));
                }
            }
            "response.output_text.delta" => self.append(
                at_ms,
                (Section::Output, output, content),
                event.delta.as_deref(),
            ),
            "response.output_text.done" => {
                self.settle((Section::Output, output, content), event.text.as_deref())
            }
            "response.refusal.delta" => self.append(
                at_ms,
                (Section::Refusal, output, content),
                event.delta.as_deref(),
            ),
            "response.refusal.done" => self.settle(
                (Section::Refusal, output, content),
                event.refusal.as_deref(),
            ),
            "response.reasoning_summary_text.delta" => self.append(
                at_ms,
                (Section::Reasoning, output, summary),
                event.delta.as_deref(),
            ),
            "response.reasoning_summary_text.done" => {
                self.settle((Section::Reasoning, output, summary), event.text.as_deref())
            }
            "response.function_call_arguments.delta"
            | "response.custom_tool_call_input.delta"
            | "response.mcp_call_arguments.delta" => {
                self.append(
                    at_ms,
                    (Section::ToolCall, output, 0),
                    event.delta.as_deref(),
                );
            }
            "response.function_call_arguments.done" | "response.mcp_call_arguments.done" => {
                self.settle((Section::ToolCall, output, 0), event.arguments.as_deref())
            }
            "response.custom_tool_call_input.done" => {
                self.settle((Section::ToolCall, output, 0), event.input.as_deref())
            }
            "response.completed" | "response.incomplete" | "response.failed" => {
                if let Some(response) = event.response {
                    self.fold_response(at_ms, &value(response));
                }
            }
            "error" => self.failed(at_ms, fault::of_error_object(&event.error_value(), None)),
            // Kept in the history and listed among the events; it changes nothing here.
            _ => {}
        }
    }

    /// A whole response: the terminal event's, or the answer to a request without streaming.
    pub fn fold_response(&mut self, at_ms: f64, response: &Value) {
        self.fold_response_head(response);
        let items = response
            .get("output")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        for (output, item) in (0u64..).zip(items) {
            self.item_texts(output, item);
        }
        self.fold_usage(response, items);
        self.terminal = true;
        match response.get("status").and_then(Value::as_str) {
            Some("incomplete") => {
                let reason = response
                    .pointer("/incomplete_details/reason")
                    .and_then(Value::as_str)
                    .unwrap_or("unknown");
                self.facts.incomplete_reason = Some(reason.to_owned());
                self.end(at_ms, RunStatus::Incomplete);
            }
            Some("cancelled") => self.end(at_ms, RunStatus::Stopped),
            Some("failed") => {
                let error = response.get("error").filter(|error| error.is_object());
                let fault = error.map_or_else(
                    || {
                        Error::new(
                            ErrorCode::ServerError,
                            "The response failed and gives no reason.",
                        )
                        .hint("Run it again.")
                    },
                    |error| fault::of_error_object(error, None),
                );
                self.failed(at_ms, fault);
            }
            _ => self.end(at_ms, RunStatus::Completed),
        }
    }

    /// The answer to the cancelling of a run that is over: what it came to, which may cost.
    pub fn cancelled(&mut self, response: &Value) {
        let items = response
            .get("output")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        self.fold_response_head(response);
        self.fold_usage(response, items);
    }

    fn fold_usage(&mut self, response: &Value, items: &[Value]) {
        let Some(usage) = response.get("usage").filter(|usage| usage.is_object()) else {
            return;
        };
        let usage = usage_of(usage, response, items);
        if self.facts.sample.is_none() && usage.input_tokens + usage.output_tokens > 0 {
            self.facts.charged = Charged::Yes;
        }
        self.facts.usage = Some(usage);
    }

    fn fold_response_head(&mut self, response: &Value) {
        let text = |key: &str| response.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(id) = text("id") {
            self.facts.response_id = Some(id);
        }
        if let Some(tier) = text("service_tier") {
            self.facts.service_tier = Some(tier);
        }
        if let Some(effort) = response
            .pointer("/reasoning/effort")
            .and_then(Value::as_str)
        {
            self.facts.effort_reported = Some(effort.to_owned());
        }
        if let Some(model) = text("model").filter(|model| !model.is_empty()) {
            self.facts.model_reported = Some(model);
        }
        self.dirty = true;
    }

    /// The run has ended with `fault`: by the API, or by the connection. The first cause stands.
    pub fn failed(&mut self, at_ms: f64, fault: Error) {
        self.terminal = true;
        if self.facts.fault.is_none() {
            self.facts.fault = Some(fault);
        }
        self.end(at_ms, RunStatus::Failed);
    }

    /// The connection ended before the response did.
    pub fn cut(&mut self, at_ms: f64, fault: Error) {
        self.facts.fault = Some(fault);
        self.end(at_ms, RunStatus::Cut);
    }

    /// The user stopped it.
    pub fn stopped(&mut self, at_ms: f64) {
        self.end(at_ms, RunStatus::Stopped);
    }

    fn end(&mut self, at_ms: f64, status: RunStatus) {
        for span in &mut self.facts.spans {
            span.end_ms.get_or_insert(at_ms);
        }
        self.open_spans.clear();
        self.facts.status = status;
        self.facts.phase = Phase::Done;
        self.facts.phase_label = None;
        self.facts.retry = None;
        self.facts.phase_since_ms = at_ms;
        self.facts.elapsed_ms = at_ms;
        self.facts.total_ms = Some(at_ms);
        self.dirty = true;
    }

    fn set_phase(&mut self, phase: Phase, label: Option<String>, at_ms: f64) {
        if self.facts.phase != phase || self.facts.phase_label != label {
            self.facts.phase = phase;
            self.facts.phase_label = label;
            self.facts.phase_since_ms = at_ms;
            self.dirty = true;
        }
    }

    fn item_added(&mut self, at_ms: f64, output: u64, item: &Value) {
        let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
        let name = item.get("name").and_then(Value::as_str);
        match kind {
            "reasoning" => {
                self.open_span(output, SpanKind::Reasoning, None, self.boundary_ms);
                self.set_phase(Phase::Reasoning, None, at_ms);
            }
            "message" => self.set_phase(Phase::Writing, None, at_ms),
            kind if is_call(kind) => {
                let name = name.unwrap_or(kind.trim_end_matches("_call")).to_owned();
                self.open_span(output, SpanKind::Tool, Some(name.clone()), self.boundary_ms);
                self.tool_call(output, item, &name);
                self.set_phase(Phase::Tool, Some(name), at_ms);
            }
            _ => {}
        }
        self.dirty = true;
    }

    fn item_done(&mut self, at_ms: f64, output: u64, item: &Value) {
        if let Some(index) = self.open_spans.remove(&output) {
            self.close_span(index, at_ms);
        }
        self.boundary_ms = at_ms;
        self.item_texts(output, item);
        if item.get("type").and_then(Value::as_str) != Some("message") {
            self.set_phase(Phase::Reasoning, None, at_ms);
        }
        self.dirty = true;
    }

    /// The texts of a finished item: they stand over the deltas.
    fn item_texts(&mut self, output: u64, item: &Value) {
        let parts = |key: &str| {
            item.get(key)
                .and_then(Value::as_array)
                .map_or(&[][..], Vec::as_slice)
        };
        let text =
            |part: &Value, key: &str| part.get(key).and_then(Value::as_str).map(str::to_owned);
        match item.get("type").and_then(Value::as_str).unwrap_or_default() {
            "message" => {
                for (content, part) in (0u64..).zip(parts("content")) {
                    match part.get("type").and_then(Value::as_str) {
                        Some("output_text") => self.settle(
                            (Section::Output, output, content),
                            text(part, "text").as_deref(),
                        ),
                        Some("refusal") => self.settle(
                            (Section::Refusal, output, content),
                            text(part, "refusal").as_deref(),
                        ),
                        _ => {}
                    }
                }
            }
            "reasoning" => {
                for (summary, part) in (0u64..).zip(parts("summary")) {
                    self.settle(
                        (Section::Reasoning, output, summary),
                        text(part, "text").as_deref(),
                    );
                }
            }
            kind if is_call(kind) => {
                let name =
                    text(item, "name").unwrap_or_else(|| kind.trim_end_matches("_call").to_owned());
                self.tool_call(output, item, &name);
                let arguments = text(item, "arguments").or_else(|| text(item, "input"));
                self.settle((Section::ToolCall, output, 0), arguments.as_deref());
            }
            _ => {}
        }
    }

    fn tool_call(&mut self, output: u64, item: &Value, name: &str) {
        let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
        let call = ToolCall {
            kind: text("type").unwrap_or_default(),
            name: name.to_owned(),
            call_id: text("call_id").or_else(|| text("id").filter(|_| item["type"] == APPROVAL)),
            status: text("status"),
        };
        let part = self.part((Section::ToolCall, output, 0)) as usize;
        match self.facts.tool_calls.get_mut(part) {
            Some(known) => *known = call,
            None => self.facts.tool_calls.push(call),
        }
        self.dirty = true;
    }

    fn open_span(&mut self, output: u64, kind: SpanKind, label: Option<String>, start_ms: f64) {
        if !self.open_spans.contains_key(&output) {
            self.open_spans.insert(output, self.facts.spans.len());
            self.facts.spans.push(Span {
                kind,
                label,
                start_ms,
                end_ms: None,
            });
            self.dirty = true;
        }
    }

    fn close_span(&mut self, index: usize, at_ms: f64) {
        if let Some(span) = self.facts.spans.get_mut(index) {
            span.end_ms.get_or_insert(at_ms);
        }
    }

    /// Closes the last open span of a kind that has no place in the output.
    fn close_kind(&mut self, kind: SpanKind, at_ms: f64) {
        let open = |span: &&mut Span| span.kind == kind && span.end_ms.is_none();
        if let Some(span) = self.facts.spans.iter_mut().rev().find(open) {
            span.end_ms = Some(at_ms);
        }
    }

    /// The part that a wire place fills, numbered in the order in which places first speak.
    fn part(&mut self, place: (Section, u64, u64)) -> u32 {
        if let Some(&part) = self.parts.get(&place) {
            return part;
        }
        let count = self
            .parts
            .keys()
            .filter(|(section, ..)| *section == place.0)
            .count();
        let part = u32::try_from(count).unwrap_or(u32::MAX);
        self.parts.insert(place, part);
        part
    }

    fn append(&mut self, at_ms: f64, place: (Section, u64, u64), delta: Option<&str>) {
        let Some(delta) = delta.filter(|delta| !delta.is_empty()) else {
            return;
        };
        let section = place.0;
        if section != Section::Reasoning {
            if self.facts.first_output_ms.is_none() {
                self.facts.first_output_ms = Some(at_ms);
                self.dirty = true;
            }
            if section != Section::ToolCall {
                self.open_span(place.1, SpanKind::Output, None, at_ms);
                self.set_phase(Phase::Writing, None, at_ms);
            }
        }
        let part = self.part(place);
        self.texts
            .entry((section, part))
            .or_default()
            .push_str(delta);
        match self.changes.last_mut() {
            Some(last) if last.section == section && last.part == part => last.text.push_str(delta),
            _ => self.changes.push(TextChange {
                section,
                part,
                text: delta.to_owned(),
                replace: false,
            }),
        }
    }

    /// The whole text of a place, from a `done` event: it wins over the deltas.
    fn settle(&mut self, place: (Section, u64, u64), text: Option<&str>) {
        let Some(text) = text else { return };
        if text.is_empty() && !self.parts.contains_key(&place) {
            return;
        }
        let section = place.0;
        let part = self.part(place);
        match self.texts.entry((section, part)) {
            Entry::Vacant(vacant) => {
                vacant.insert(text.to_owned());
                self.changes.push(TextChange {
                    section,
                    part,
                    text: text.to_owned(),
                    replace: true,
                });
            }
            Entry::Occupied(mut known) if known.get() != text => {
                known.insert(text.to_owned());
                self.changes.push(TextChange {
                    section,
                    part,
                    text: text.to_owned(),
                    replace: true,
                });
                self.odd(
                    "A finished text differs from its deltas; the finished one is shown".into(),
                );
            }
            Entry::Occupied(_) => {}
        }
    }

    fn odd(&mut self, what: String) {
        if self.facts.oddities.len() < ODDITIES_SHOWN && !self.facts.oddities.contains(&what) {
            self.facts.oddities.push(what);
            self.dirty = true;
        }
    }

    /// What has changed since the last call; None if only the clock moved on a run that is over.
    pub fn take_patch(&mut self, lane: u32, elapsed_ms: f64) -> Option<LanePatch> {
        let running = self.facts.status == RunStatus::Running;
        if !self.dirty && self.changes.is_empty() && !running {
            return None;
        }
        if running {
            self.facts.elapsed_ms = elapsed_ms;
        }
        let facts = std::mem::take(&mut self.dirty).then(|| self.facts.clone());
        Some(LanePatch {
            lane,
            facts,
            elapsed_ms: self.facts.elapsed_ms,
            events: self.facts.events,
            texts: std::mem::take(&mut self.changes),
        })
    }
}

/// The response that `raw` is, if it is one of either endpoint, and no event.
pub fn whole_response(raw: &str) -> Option<Value> {
    serde_json::from_str::<Value>(raw).ok().filter(|value| {
        let object = value.get("object").and_then(Value::as_str);
        matches!(object, Some("response" | "chat.completion"))
    })
}

/// Reads `usage` (API.md 2.4); fields that a response lacks are 0.
fn usage_of(usage: &Value, response: &Value, items: &[Value]) -> Usage {
    let number = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
    Usage {
        input_tokens: number("/input_tokens"),
        cached_tokens: number("/input_tokens_details/cached_tokens"),
        cache_write_tokens: number("/input_tokens_details/cache_write_tokens"),
        output_tokens: number("/output_tokens"),
        reasoning_tokens: number("/output_tokens_details/reasoning_tokens"),
        web_searches: response
            .pointer("/tool_usage/web_search/num_requests")
            .and_then(Value::as_u64)
            .unwrap_or(0),
        file_searches: items
            .iter()
            .filter(|item| item.get("type").and_then(Value::as_str) == Some("file_search_call"))
            .count() as u64,
    }
}
