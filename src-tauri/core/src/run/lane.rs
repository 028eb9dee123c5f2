//! One lane: a body is sent, again where that may help, its answer read as it arrives, folded and recorded.

mod background;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Map, Value};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::bill;
use super::facts::{
    Attempt, Replayed, RetryWait, RunEnvironment, RunFacts, RunStatus, SampleKind, Section,
};
use super::fold::{Fold, whole_response};
use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::clock::Clock;
use crate::error::{Error, ErrorCode};
use crate::grade::checks::CheckSet;
use crate::history::{self, History, NewRun, Recorder};
use crate::media::Files;
use crate::money::budget::{Allowance, Hold};
use crate::money::figures::percentile_whole;
use crate::money::prices::PriceBook;
use crate::openai::cap;
use crate::openai::cooldown::{Cooldowns, Limit};
use crate::openai::event::EventHead;
use crate::openai::fault::{self, AnswerHead, Charged, Stage};
use crate::openai::retry::{self, Cause, Decision, Policy, Reason, RetryHeaders};
use crate::openai::sse;
use crate::openai::timeouts::Timeouts;
use crate::openai::transport::{Answer, Sending, Target, Transport};

/// The most that is read of an answer that is no stream, decoded.
const ANSWER_LIMIT: usize = sse::EVENT_LIMIT;

/// What all lanes of a stream share.
pub struct LaneContext {
    pub transport: Arc<Transport>,
    pub target: Target,
    pub endpoint: Endpoint,
    /// The connection is the stand-in: every reply is a sample, whatever its headers say.
    pub stand_in: bool,
    pub history: Arc<History>,
    pub recorder: Recorder,
    pub clock: Arc<dyn Clock>,
    pub prices: &'static PriceBook,
    pub checks: CheckSet,
    pub request_name: String,
    /// The model's largest output; None for a model that is not known here.
    pub output_limit: Option<u64>,
    pub policy: Policy,
    /// As it is put on record.
    pub environment: Option<RunEnvironment>,
    /// What may be spent in it.
    pub allowance: Option<Allowance>,
    pub timeouts: Timeouts,
    /// Shared by all streams: a rate limit counts by key, not by stream.
    pub cooldowns: Arc<Cooldowns>,
}

impl LaneContext {
    /// Of these files, what goes out. The stand-in is given their names: it reads no picture, and what it keeps and
    /// finds again is the body as it is on record.
    pub fn to_fill(&self, files: Files) -> Files {
        if self.stand_in {
            Files::default()
        } else {
            files
        }
    }
}

/// One lane's work, and its state as the pacer reads it.
pub struct Lane {
    /// The body as it goes over the wire.
    pub body: Map<String, Value>,
    /// The body as it is put on record, where that differs: secrets stand in it as `{{name}}`.
    pub kept: Option<Map<String, Value>>,
    /// The data of workspace files that the body names, put in as it goes out. What is on record names them.
    pub files: Files,
    /// The comparison that it is a lane of.
    pub place: Option<history::Lane>,
    /// What it may cost at worst, held back until it is over.
    pub hold: Option<Hold>,
    pub state: Arc<LaneState>,
}

/// The fold of a lane, shared between the task that feeds it and the pacer that reads it.
pub struct LaneState {
    fold: Mutex<Fold>,
    sent: std::sync::OnceLock<Instant>,
}

impl LaneState {
    pub fn new(facts: RunFacts) -> Self {
        Self {
            fold: Mutex::new(Fold::new(facts)),
            sent: std::sync::OnceLock::new(),
        }
    }

    pub fn fold(&self) -> MutexGuard<'_, Fold> {
        self.fold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Time since the send, on the monotonic clock.
    pub fn elapsed(&self) -> Duration {
        self.sent.get().map(Instant::elapsed).unwrap_or_default()
    }

    pub fn elapsed_ms(&self) -> f64 {
        ms(self.elapsed())
    }
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// An attempt that brought no response.
struct Failed {
    fault: Error,
    cause: Cause,
    headers: RetryHeaders,
    charged: Charged,
}

/// How the reading of a stream ended.
enum StreamEnd {
    /// The response said so itself.
    Over,
    /// The connection was lost, went silent or sent what can't be read.
    Lost(Error),
}

impl Lane {
    /// Runs the lane to its end. Whatever happens, the run ends in a state that says so and stands
    /// in the history.
    pub async fn run(self, context: &LaneContext, stop: CancellationToken) {
        let state = Arc::clone(&self.state);
        state.sent.get_or_init(Instant::now);
        let text = |body: &Map<String, Value>| Bytes::from(Value::Object(body.clone()).to_string());
        let body = if self.files.is_empty() {
            text(&self.body)
        } else {
            text(&self.files.put_into(&self.body))
        };
        let kept = match &self.kept {
            Some(kept) => text(kept),
            None if self.files.is_empty() => body.clone(),
            None => text(&self.body),
        };
        let facts = {
            let mut fold = state.fold();
            fold.edit(|facts| facts.environment.clone_from(&context.environment));
            fold.sent(context.clock.now_ms());
            fold.facts().clone()
        };
        let (id, repeat) = (facts.id.clone(), facts.repeat);
        context.recorder.begin_run(NewRun {
            facts,
            request_name: Some(context.request_name.clone()),
            lane: self.place.clone(),
            endpoint: context.endpoint.path().to_owned(),
            host: context.target.host(),
            body: kept,
        });
        let sending = Sending {
            run_id: &id,
            repeat,
            body,
        };
        let left_behind = tokio::select! {
            biased;
            () = stop.cancelled() => {
                let at = state.elapsed_ms();
                state.fold().stopped(at);
                true
            }
            limit = over_time(context.timeouts.total) => {
                let at = state.elapsed_ms();
                state.fold().cut(at, fault::over_time(limit, &context.target.host()));
                true
            }
            () = self.exchange(context, &sending) => false,
        };
        if left_behind {
            self.cancel_background(context, &id).await;
        }
        self.settle(context).await;
    }

    /// Sends, again where the policy says so, and reads to the end.
    async fn exchange(&self, context: &LaneContext, sending: &Sending<'_>) {
        let limit = Limit::of(&context.target);
        let attempts_max = context.policy.attempts_max();
        let mut wait = context.cooldowns.wait(&limit, retry::chance());
        for number in 1.. {
            let waited_ms = match wait {
                Some(wait) => Some(self.wait(context, wait, number, attempts_max, false).await),
                None => None,
            };
            self.begin_attempt(context, sending.run_id, waited_ms, None);
            let Some(failed) = self.attempt(context, sending).await else {
                return;
            };
            match self.decide(context, number, &failed) {
                Decision::Retry { after } => {
                    // Those who were told to wait for the same moment must not all come at once.
                    let shared = context.cooldowns.wait(&limit, retry::chance());
                    wait = Some(shared.unwrap_or(after).max(after));
                }
                Decision::GiveUp(reason) => {
                    let at = self.state.elapsed_ms();
                    let fault = given_up(failed.fault, reason, number, &context.policy);
                    self.state.fold().failed(at, fault);
                    return;
                }
            }
        }
    }

    /// What follows the failure of attempt `number`. Where it ran into a rate limit, all who share the
    /// limit wait.
    fn decide(&self, context: &LaneContext, number: u32, failed: &Failed) -> Decision {
        let (policy, now_ms) = (&context.policy, context.clock.now_ms());
        let decision = retry::decide(policy, number, &failed.as_retry(), now_ms, retry::chance());
        let wait = match decision {
            Decision::Retry { after } => Some(after),
            // Who gives up knows for the others how long to wait.
            Decision::GiveUp(Reason::Spent) => retry::named_wait(policy, &failed.headers, now_ms),
            Decision::GiveUp(_) => None,
        };
        if let (Cause::Status(429), Some(wait)) = (failed.cause, wait) {
            context.cooldowns.hold(&Limit::of(&context.target), wait);
        }
        decision
    }

    /// Waits before attempt `attempt`, and on for as long as others who use the same key are told to.
    /// Returns how long it was, in ms.
    async fn wait(
        &self,
        context: &LaneContext,
        wait: Duration,
        attempt: u32,
        attempts_max: u32,
        resumed: bool,
    ) -> f64 {
        let state = &self.state;
        let limit = Limit::of(&context.target);
        let since = state.elapsed_ms();
        let mut next = Some(wait);
        while let Some(wait) = next {
            let at = state.elapsed_ms();
            state.fold().waiting(
                at,
                RetryWait {
                    retry_at_ms: at + ms(wait),
                    attempt,
                    attempts_max,
                },
            );
            tokio::time::sleep(wait).await;
            next = context.cooldowns.wait(&limit, retry::chance());
        }
        let at = state.elapsed_ms();
        state.fold().waited(at, resumed);
        at - since
    }

    /// One attempt, to the end of its answer. Some where it brought no response.
    async fn attempt(&self, context: &LaneContext, sending: &Sending<'_>) -> Option<Failed> {
        let id = sending.run_id;
        let state = &self.state;
        let host = context.target.host();
        let answer = context
            .transport
            .post(&context.target, context.endpoint, sending.clone())
            .await;
        let at = state.elapsed_ms();
        state.fold().connected(at);
        let failed = match answer {
            Err(lost) => Failed::of_lost(lost),
            Ok(answer) => {
                let sample = sample_kind(&answer.head, context.stand_in);
                let replayed = replayed(&answer.head);
                state.fold().edit(|facts| {
                    facts.sample = sample;
                    facts.replayed = replayed;
                });
                self.answered(context, id, &answer.head);
                if is_success(answer.head.status) {
                    self.read_response(context, id, answer, &host).await;
                    return None;
                }
                refusal(context, answer, &host).await
            }
        };
        self.attempt_failed(context, id, &failed);
        Some(failed)
    }

    /// Reads the answer of a 200: from here on nothing is sent again.
    async fn read_response(&self, context: &LaneContext, id: &str, answer: Answer, host: &str) {
        if answer.is_stream() {
            if let StreamEnd::Lost(fault) = self.read_stream(context, id, answer, host).await {
                self.take_up_again(context, id, fault).await;
            }
            return;
        }
        match self.read_whole(context, id, answer, host).await {
            Ok(Some(response_id)) => self.poll(context, id, &response_id).await,
            Ok(None) => {}
            Err(fault) => self.end_with(fault),
        }
    }

    /// The run ends with a failure within a 200: lost, or something else than a response.
    fn end_with(&self, fault: Error) {
        let at = self.state.elapsed_ms();
        let mut fold = self.state.fold();
        match fault.code {
            ErrorCode::StreamCut | ErrorCode::StreamIdle => fold.cut(at, fault),
            _ => fold.failed(at, fault),
        }
    }

    /// The connection to a response is gone for good. What came is kept.
    fn cut(&self, fault: Error) {
        let at = self.state.elapsed_ms();
        self.state.fold().cut(at, fault);
    }

    fn begin_attempt(
        &self,
        context: &LaneContext,
        id: &str,
        waited_ms: Option<f64>,
        resumed_after: Option<u64>,
    ) {
        let sent_ms = self.state.elapsed_ms();
        // To take a stream up again costs nothing: what it brings belongs to the attempt that was sent.
        let charged = if context.stand_in || resumed_after.is_some() {
            Charged::No
        } else {
            Charged::Maybe
        };
        let mut fold = self.state.fold();
        fold.edit(|facts| {
            facts.charged = facts.charged.max(charged);
            facts.attempts.push(Attempt {
                number: u32::try_from(facts.attempts.len() + 1).unwrap_or(u32::MAX),
                started_at: context.clock.now_ms(),
                sent_ms,
                waited_ms,
                resumed_after,
                charged,
                ..Attempt::default()
            });
        });
        record_attempt(context, id, &fold);
    }

    /// The head of an answer to the last attempt is here.
    fn answered(&self, context: &LaneContext, id: &str, head: &AnswerHead) {
        let at = self.state.elapsed_ms();
        let mut fold = self.state.fold();
        fold.edit(|facts| {
            let sample = facts.sample.is_some();
            if let Some(attempt) = facts.attempts.last_mut() {
                attempt.answered_ms = Some(at);
                attempt.http_status = Some(head.status);
                attempt.request_id.clone_from(&head.request_id);
                if sample {
                    attempt.charged = Charged::No;
                }
            }
        });
        record_attempt(context, id, &fold);
    }

    /// The last attempt has brought nothing.
    fn attempt_failed(&self, context: &LaneContext, id: &str, failed: &Failed) {
        let at = self.state.elapsed_ms();
        let mut fold = self.state.fold();
        fold.edit(|facts| {
            let sample = facts.sample.is_some();
            if let Some(attempt) = facts.attempts.last_mut() {
                attempt.answered_ms.get_or_insert(at);
                attempt.fault = Some(failed.fault.clone());
                if attempt.resumed_after.is_none() {
                    attempt.charged = if sample { Charged::No } else { failed.charged };
                }
            }
        });
        record_attempt(context, id, &fold);
    }

    /// Reads a stream to its end. What was folded before, as its number tells, is passed over: a
    /// stream that is taken up again may repeat itself.
    async fn read_stream(
        &self,
        context: &LaneContext,
        id: &str,
        answer: Answer,
        host: &str,
    ) -> StreamEnd {
        let state = &self.state;
        let idle = context.timeouts.idle;
        let seen = state.fold().last_sequence();
        let mut frames = sse::frames(answer.bytes());
        loop {
            let next = tokio::time::timeout(idle, frames.next()).await;
            let at = state.elapsed();
            let mut fold = state.fold();
            let events = fold.facts().events;
            let lost = match next {
                Ok(Some(Ok(raw))) => {
                    if !is_repeat(&raw, seen) {
                        fold.event(ms(at), &raw);
                        context.recorder.event(id, events, at, raw);
                    }
                    None
                }
                Ok(Some(Err(error))) => Some(fault::of_stream(&error, events, host)),
                Ok(None) => {
                    fold.chat_over(ms(at));
                    Some(fault::no_terminal_event(events, host))
                }
                Err(_) => Some(fault::idle(idle, events, host)),
            };
            match lost {
                // After the terminal event a reset takes nothing away.
                Some(_) if fold.is_terminal() => return StreamEnd::Over,
                Some(fault) => return StreamEnd::Lost(fault),
                // An `error` may be followed by `response.failed` with the usage, then the end.
                None if fold.is_terminal() && fold.facts().status != RunStatus::Failed => {
                    return StreamEnd::Over;
                }
                None => {}
            }
        }
    }

    /// Reads an answer that is no stream. Gives the id of a response that is still at work.
    async fn read_whole(
        &self,
        context: &LaneContext,
        id: &str,
        answer: Answer,
        host: &str,
    ) -> Result<Option<String>, Error> {
        let state = &self.state;
        let head = answer.head.clone();
        let idle = context.timeouts.idle;
        let text = answer
            .text(ANSWER_LIMIT, idle)
            .await
            .map_err(|error| fault::of_body(&error, idle, host))?;
        let at = state.elapsed();
        let Some(response) = whole_response(&text) else {
            return Err(
                fault::not_the_api(host, &head.content_type, Some(head.status)).detail(text),
            );
        };
        let mut fold = state.fold();
        if let Some(response_id) = background::at_work(&response) {
            fold.progress(ms(at), &response);
            return Ok(Some(response_id));
        }
        let events = fold.facts().events;
        fold.event(ms(at), &text);
        context.recorder.event(id, events, at, text);
        if fold.facts().events == 1 {
            fold.without_phases(ms(at));
        }
        Ok(None)
    }

    /// The run is over: its checks, its bill, what was charged, its record.
    async fn settle(&self, context: &LaneContext) {
        let suggested_cap = self.suggested_cap(context).await;
        let mut fold = self.state.fold();
        let facts = fold.facts();
        let region = context.prices.region(context.target.base_url.as_str());
        let bill = bill::of_run(context.prices, facts, context.clock.now_ms(), region);
        // A call is no answer: what the checks are about comes later in the turn. A comparison ends here.
        let is_answer = self.place.is_some() || !facts.awaits_replies();
        let checks = if facts.status == RunStatus::Completed && is_answer {
            context.checks.evaluate(&fold.text(Section::Output))
        } else {
            Vec::new()
        };
        fold.edit(|facts| {
            facts.bill = bill;
            facts.checks = checks;
            facts.suggested_cap = suggested_cap;
            settle_charges(facts);
        });
        let facts = fold.facts();
        if let Some(attempt) = facts.attempts.last() {
            context.recorder.attempt(&facts.id, attempt);
        }
        context.recorder.finish_run(facts.clone());
    }

    /// The cap to try next, where all of it went on reasoning.
    async fn suggested_cap(&self, context: &LaneContext) -> Option<u64> {
        let facts = {
            let fold = self.state.fold();
            if !ran_out_in_reasoning(&fold) {
                return None;
            }
            fold.facts().clone()
        };
        let cap = body::output_cap(&self.body);
        let cap = cap.or_else(|| facts.usage.map(|usage| usage.output_tokens))?;
        let history = Arc::clone(&context.history);
        let usual = tokio::task::spawn_blocking(move || usual_output(&history, &facts)).await;
        cap::suggest(usual.ok().flatten(), cap, context.output_limit)
    }
}

impl Failed {
    fn as_retry(&self) -> retry::Failure<'_> {
        retry::Failure {
            cause: self.cause,
            billing: self.fault.code == ErrorCode::QuotaExceeded,
            declined: self.fault.code == ErrorCode::PromptDeclined,
            headers: &self.headers,
        }
    }
}

/// Ends when a limit for the whole run passes; never without one.
async fn over_time(limit: Option<Duration>) -> Duration {
    match limit {
        Some(limit) => {
            tokio::time::sleep(limit).await;
            limit
        }
        None => std::future::pending().await,
    }
}

/// Reads the error that stands in place of a response.
async fn refusal(context: &LaneContext, answer: Answer, host: &str) -> Failed {
    let head = answer.head.clone();
    // An explanation that does not arrive leaves the status to go by.
    let text = answer
        .text(ANSWER_LIMIT, context.timeouts.idle)
        .await
        .unwrap_or_default();
    let fault = fault::of_answer(&head, &text, host, context.clock.now_ms());
    Failed {
        charged: fault::charged(&fault, Stage::Answered),
        cause: Cause::Status(head.status),
        headers: head.retry,
        fault,
    }
}

/// The failure with what was tried against it.
fn given_up(fault: Error, reason: Reason, attempts: u32, policy: &Policy) -> Error {
    let hint = fault.hint.clone().unwrap_or_default();
    match reason {
        Reason::WaitTooLong => {
            let asked = fault
                .retry_after_ms
                .map_or_else(String::new, |ms| format!(" of {} s", ms.div_ceil(1000)));
            fault.hint(format!(
                "The server asks for a wait{asked}; Rheostat waits {} s at most by itself. Run it again then.",
                policy.server_wait_limit.as_secs()
            ))
        }
        Reason::Spent if attempts > 1 => fault.hint(format!("Tried {attempts} times. {hint}")),
        Reason::Spent | Reason::Final | Reason::ServerSaysNo => fault,
    }
}

fn record_attempt(context: &LaneContext, id: &str, fold: &Fold) {
    if let Some(attempt) = fold.facts().attempts.last() {
        context.recorder.attempt(id, attempt);
    }
}

/// Whether an event was seen before the stream was taken up again after number `seen`.
fn is_repeat(raw: &str, seen: Option<u64>) -> bool {
    let Some(seen) = seen else { return false };
    serde_json::from_str::<EventHead>(raw)
        .ok()
        .and_then(|head| head.sequence_number)
        .is_some_and(|number| number <= seen)
}

/// Whether a run used its cap up before it wrote anything (FEATURES M30).
fn ran_out_in_reasoning(fold: &Fold) -> bool {
    let facts = fold.facts();
    facts.status == RunStatus::Incomplete
        && facts.incomplete_reason.as_deref() == Some("max_output_tokens")
        && facts.tool_calls.is_empty()
        && fold.text(Section::Output).is_empty()
        && fold.text(Section::Refusal).is_empty()
}

/// The 95th percentile of what the same request put out at the same level, reasoning included.
fn usual_output(history: &History, facts: &RunFacts) -> Option<u64> {
    let effort = facts
        .effort_sent
        .as_ref()
        .or(facts.effort_reported.as_ref())?;
    let records = history
        .figures(
            facts.request_id.as_deref()?,
            &facts.model,
            facts.sample.is_some(),
        )
        .ok()?;
    let record = records.iter().find(|record| &record.effort == effort)?;
    let tokens: Vec<u64> = record
        .runs
        .iter()
        .filter_map(|run| run.output_tokens)
        .collect();
    percentile_whole(&tokens, 95.0)
}

/// What the attempt that brought the response came to, and what may have been charged over all.
fn settle_charges(facts: &mut RunFacts) {
    let sample = facts.sample.is_some();
    let used = facts
        .usage
        .is_some_and(|usage| usage.input_tokens + usage.output_tokens > 0);
    let stage = Stage::Begun {
        output: facts.first_output_ms.is_some(),
    };
    let within = facts
        .fault
        .as_ref()
        .filter(|_| facts.status == RunStatus::Failed)
        .map(|fault| fault::charged(fault, stage));
    let cost = facts.bill.as_ref().and_then(|bill| bill.total);
    let sent = |attempt: &Attempt| attempt.resumed_after.is_none();
    if let Some(last) = facts
        .attempts
        .iter_mut()
        .rev()
        .find(|attempt| sent(attempt))
    {
        if sample {
            last.charged = Charged::No;
        } else if used {
            last.charged = Charged::Yes;
            last.cost = cost;
        } else if last.http_status.is_some_and(is_success) {
            last.charged = within.unwrap_or(Charged::Maybe);
        }
    }
    let most = facts.attempts.iter().map(|attempt| attempt.charged).max();
    facts.charged = most.unwrap_or(Charged::No);
    // Nothing is paid twice without a word.
    let sends: Vec<_> = facts
        .attempts
        .iter()
        .filter(|attempt| sent(attempt))
        .collect();
    let doubtful: Vec<_> = sends
        .iter()
        .take(sends.len().saturating_sub(1))
        .filter(|attempt| attempt.charged == Charged::Maybe)
        .map(|attempt| {
            format!(
                "Attempt {} failed after it was sent, and may be charged beside the next one",
                attempt.number
            )
        })
        .collect();
    facts.oddities.extend(doubtful);
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

fn sample_kind(head: &AnswerHead, stand_in: bool) -> Option<SampleKind> {
    match head.sample.as_deref() {
        _ if head.recorded.is_some() => Some(SampleKind::Replayed),
        Some("written") => Some(SampleKind::Written),
        Some(_) => Some(SampleKind::Composed),
        None => stand_in.then_some(SampleKind::Composed),
    }
}

fn replayed(head: &AnswerHead) -> Option<Replayed> {
    head.recorded.map(|recorded| Replayed {
        recorded_at: recorded.at,
        original_ms: recorded.original_ms,
        live: head.sample.is_none(),
    })
}

/// The facts of a run before it is sent.
pub fn facts_before(
    id: String,
    request_id: &str,
    wire: &Map<String, Value>,
    repeat: u32,
) -> RunFacts {
    RunFacts {
        id,
        request_id: Some(request_id.to_owned()),
        repeat,
        model: body::model(wire).unwrap_or_default().to_owned(),
        effort_sent: body::effort(wire).map(str::to_owned),
        charged: Charged::No,
        ..RunFacts::default()
    }
}
