//! What is known of one run: its state, times, usage and bill, and the patches that change it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Error;
use crate::grade::checks::CheckOutcome;
use crate::money::bill::Bill;
use crate::openai::fault::Charged;
use crate::openai::usage::Usage;

/// How a run stands. Every way a run can end is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, Default)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum RunStatus {
    /// Waits for its turn under the concurrency limit.
    #[default]
    Waiting,
    Running,
    Completed,
    /// `response.incomplete`; the reason stands beside it.
    Incomplete,
    /// An HTTP error, `response.failed`, or `error` inside a 200.
    Failed,
    /// The connection ended without a terminal event. What came is kept.
    Cut,
    /// Stopped by the user. What came is kept.
    Stopped,
}

impl RunStatus {
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// What a running run is doing now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, Default)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Phase {
    #[default]
    Waiting,
    /// Sent; no event yet.
    Sending,
    /// Waits before the next attempt; `retry` tells how long.
    Retrying,
    /// `response.queued` (flex, background).
    Queued,
    Reasoning,
    Tool,
    Writing,
    Done,
}

/// Where a reply came from, when it is not the model's. A sample must never pass for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum SampleKind {
    /// Composed by the stand-in from the request.
    Composed,
    /// Written for one of the sample requests.
    Written,
    /// Recorded earlier, and served again; `replayed` says when and from where.
    Replayed,
}

/// When a reply that was served again was recorded. Its usage and its bill are those of then: nothing new was spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Replayed {
    /// ms since the epoch, UTC.
    pub recorded_at: i64,
    /// How long the answer took then, in ms.
    pub original_ms: u64,
    /// The real API answered; otherwise a stand-in did.
    pub live: bool,
}

/// A lane of the waterfall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum SpanKind {
    /// From send to the first byte of the answer.
    Connect,
    /// A wait between two attempts.
    Retry,
    /// The whole wait, where the answer was not streamed and phases are unknown.
    Waiting,
    Reasoning,
    Tool,
    Output,
}

/// One stretch of a run. Times are ms since the request was sent, on the monotonic clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Span {
    pub kind: SpanKind,
    /// The tool's name, for tools.
    pub label: Option<String>,
    pub start_ms: f64,
    /// None while it lasts.
    pub end_ms: Option<f64>,
}

/// A tool call that the model made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ToolCall {
    /// The item's type, such as `function_call` or `file_search_call`.
    pub kind: String,
    pub name: String,
    /// What its answer names: the call's id, or that of a request for approval.
    pub call_id: Option<String>,
    pub status: Option<String>,
}

impl ToolCall {
    /// Whether a text of the caller's answers it (API.md 2.4): all other calls the API answers itself, or they need more
    /// than a text.
    pub fn is_answered_by_the_caller(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "function_call" | "custom_tool_call" | "mcp_approval_request"
        )
    }
}

/// A wait before the next attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RetryWait {
    /// When the attempt is made, in ms since the send: what is left is this less `elapsed_ms`.
    pub retry_at_ms: f64,
    /// The attempt waited for, from 1.
    pub attempt: u32,
    /// How many are made at most.
    pub attempts_max: u32,
}

/// One try at sending the request, or at taking up the stream of a background response again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, Default)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// ms since the epoch, UTC.
    pub started_at: i64,
    /// ms since the send of the run at which this attempt went out.
    #[serde(default)]
    pub sent_ms: f64,
    /// How long was waited before it, in ms; None where it went out at once.
    #[serde(default)]
    pub waited_ms: Option<f64>,
    /// The `sequence_number` after which the stream of a background response was taken up again;
    /// None for a request that was sent.
    #[serde(default)]
    pub resumed_after: Option<u64>,
    /// None where no answer came.
    pub http_status: Option<u16>,
    /// OpenAI's `x-request-id`.
    pub request_id: Option<String>,
    /// ms since the send of the run until the answer's headers, or until it failed.
    pub answered_ms: Option<f64>,
    pub fault: Option<Error>,
    /// Whether this attempt may have been charged.
    #[serde(default)]
    pub charged: Charged,
    /// What it cost, in nano-dollars, where its answer reported usage and the price is known.
    #[serde(default)]
    pub cost: Option<u64>,
}

/// The environment that a run was sent in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RunEnvironment {
    pub id: String,
    /// As it was called then.
    pub name: String,
}

/// What a run goes on from: an earlier run of the same turn, whose calls were answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Continues {
    /// The run right before it.
    pub run_id: String,
    /// The run that the turn began with.
    pub first_run_id: String,
    /// Which run of the turn this is, from 2.
    pub step: u32,
    /// What the runs before it cost together, in nano-dollars; None where one of them has no known price.
    pub cost_before: Option<u64>,
    /// How long the runs before it took together, in ms, without the waits between them.
    pub ms_before: f64,
}

/// All that is known of one run but its texts, which may be long and travel as appends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, Default)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RunFacts {
    /// UUID v7.
    pub id: String,
    /// The id of the request file, if the run came from one.
    pub request_id: Option<String>,
    /// None where none was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub environment: Option<RunEnvironment>,
    /// Set where it goes on with a turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub continues: Option<Continues>,
    /// Which repeat of its level this is, from 1.
    pub repeat: u32,
    /// The model in the body as sent.
    pub model: String,
    /// The model that the response names, such as a dated snapshot.
    pub model_reported: Option<String>,
    /// The effort in the body as sent; None where the body leaves it to the model's default.
    pub effort_sent: Option<String>,
    /// The effort that the response says was used.
    pub effort_reported: Option<String>,
    /// Set where the reply did not come from a model.
    pub sample: Option<SampleKind>,
    /// Set for a recorded reply.
    #[serde(default)]
    pub replayed: Option<Replayed>,
    pub status: RunStatus,
    pub phase: Phase,
    /// The tool at work, in the tool phase.
    pub phase_label: Option<String>,
    /// ms since the send at which the phase began.
    pub phase_since_ms: f64,
    /// The wait before the next attempt, in the retrying phase.
    #[serde(default)]
    pub retry: Option<RetryWait>,
    /// When the request was sent, ms since the epoch, UTC.
    pub started_at: Option<i64>,
    /// ms since the send, as of this patch.
    pub elapsed_ms: f64,
    pub first_event_ms: Option<f64>,
    /// The first visible output: text, refusal or a tool call's first argument.
    pub first_output_ms: Option<f64>,
    pub total_ms: Option<f64>,
    pub spans: Vec<Span>,
    /// How many events have arrived.
    pub events: u32,
    pub usage: Option<Usage>,
    pub bill: Option<Bill>,
    /// Whether any attempt may have been charged. No only where that is certain.
    #[serde(default)]
    pub charged: Charged,
    /// `incomplete_details.reason`, for incomplete runs.
    pub incomplete_reason: Option<String>,
    /// The cap to try next, for a run whose cap went on reasoning and left no answer.
    #[serde(default)]
    pub suggested_cap: Option<u64>,
    pub fault: Option<Error>,
    /// One outcome per check of the request, once the run is over.
    pub checks: Vec<CheckOutcome>,
    pub tool_calls: Vec<ToolCall>,
    pub attempts: Vec<Attempt>,
    pub response_id: Option<String>,
    /// The tier that the response reports; it decides the price.
    pub service_tier: Option<String>,
    /// What was odd about the stream, in words: a gap in the numbering, a `done` that differs.
    pub oddities: Vec<String>,
}

impl RunFacts {
    /// Whether the model waits for somebody to answer its calls: the turn is not over yet.
    pub fn awaits_replies(&self) -> bool {
        self.status == RunStatus::Completed
            && self
                .tool_calls
                .iter()
                .any(ToolCall::is_answered_by_the_caller)
    }
}

/// Which of a run's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Section {
    Output,
    Refusal,
    /// A part of the summary that the model writes of its reasoning.
    Reasoning,
    /// The arguments of a tool call, in the order of `tool_calls`.
    ToolCall,
}

/// One text of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TextPart {
    pub section: Section,
    /// The part's place within its section, from 0.
    pub part: u32,
    pub text: String,
}

/// A change of one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TextChange {
    pub section: Section,
    pub part: u32,
    /// What to put at the end, or in place of all if `replace` is set.
    pub text: String,
    /// The `done` event differed from the deltas: its text wins.
    pub replace: bool,
}

/// A run as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RunView {
    pub facts: RunFacts,
    pub texts: Vec<TextPart>,
}

/// What changed in one lane since the last patch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LanePatch {
    /// The lane's place in the list of runs, from 0.
    pub lane: u32,
    /// The facts as they now are, if any changed but the clock and the count of events.
    pub facts: Option<RunFacts>,
    pub elapsed_ms: f64,
    pub events: u32,
    pub texts: Vec<TextChange>,
}
