//! One lane: a body is sent, its answer read as it arrives, folded and recorded.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::facts::{Attempt, RunFacts, RunStatus, SampleKind, Section, Span, SpanKind};
use super::fold::Fold;
use crate::body;
use crate::clock::Clock;
use crate::error::Error;
use crate::grade::checks::CheckSet;
use crate::history::{self, NewRun, Recorder};
use crate::money::bill;
use crate::money::prices::{self, PriceBook};
use crate::openai::fault::{self, AnswerHead};
use crate::openai::sse;
use crate::openai::transport::{Answer, Sending, Target, Transport};

/// Nothing for this long ends a stream, as in the official SDKs (API.md 4).
const IDLE_LIMIT: Duration = Duration::from_secs(600);
/// The most that is read of an answer that is no stream.
const ANSWER_LIMIT: usize = sse::EVENT_LIMIT;

/// As history names it.
const ENDPOINT: &str = "responses";

/// What all lanes of a stream share.
pub struct LaneContext {
    pub transport: Arc<Transport>,
    pub target: Target,
    /// The connection is the stand-in: every reply is a sample, whatever its headers say.
    pub stand_in: bool,
    pub recorder: Recorder,
    pub clock: Arc<dyn Clock>,
    pub prices: &'static PriceBook,
    pub checks: CheckSet,
    pub request_name: String,
}

/// One lane's work, and its state as the pacer reads it.
pub struct Lane {
    /// The body as it goes over the wire.
    pub body: Map<String, Value>,
    /// The comparison that it is a lane of.
    pub place: Option<history::Lane>,
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

impl Lane {
    /// Runs the lane to its end. Whatever happens, the run ends in a state that says so and stands
    /// in the history.
    pub async fn run(self, context: &LaneContext, stop: CancellationToken) {
        let state = Arc::clone(&self.state);
        state.sent.get_or_init(Instant::now);
        let body = Bytes::from(Value::Object(self.body.clone()).to_string());
        let facts = {
            let mut fold = state.fold();
            fold.sent(context.clock.now_ms());
            fold.facts().clone()
        };
        let (id, repeat) = (facts.id.clone(), facts.repeat);
        context.recorder.begin_run(NewRun {
            facts,
            request_name: Some(context.request_name.clone()),
            lane: self.place.clone(),
            endpoint: ENDPOINT.to_owned(),
            host: context.target.host(),
            body: body.clone(),
        });
        tokio::select! {
            biased;
            () = stop.cancelled() => {
                let at = state.elapsed_ms();
                state.fold().stopped(at);
            }
            () = self.exchange(context, Sending { run_id: &id, repeat, body }) => {}
        }
        settle(context, &state);
    }

    /// Sends, and reads to the end.
    async fn exchange(&self, context: &LaneContext, sending: Sending<'_>) {
        let id = sending.run_id;
        let state = &self.state;
        let host = context.target.host();
        let started_at = context.clock.now_ms();
        let answer = context
            .transport
            .post_responses(&context.target, sending)
            .await;
        let at = state.elapsed_ms();
        let mut attempt = Attempt {
            number: 1,
            started_at,
            http_status: None,
            request_id: None,
            answered_ms: Some(at),
            fault: None,
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(fault) => {
                attempt.fault = Some(fault.clone());
                self.attempted(context, id, attempt);
                state.fold().failed(at, fault);
                return;
            }
        };
        attempt.http_status = Some(answer.head.status);
        attempt.request_id.clone_from(&answer.head.request_id);
        let sample = sample_kind(&answer.head, context.stand_in);
        {
            let mut fold = state.fold();
            fold.connected(at);
            fold.edit(|facts| facts.sample = sample);
        }
        let success = (200..300).contains(&answer.head.status);
        if success && answer.head.content_type.starts_with("text/event-stream") {
            self.attempted(context, id, attempt);
            self.read_stream(context, id, answer, &host).await;
        } else {
            let fault = self.read_answer(context, id, answer, &host).await;
            attempt.fault = fault.clone();
            self.attempted(context, id, attempt);
            if let Some(fault) = fault {
                let at = state.elapsed_ms();
                state.fold().failed(at, fault);
            }
        }
    }

    fn attempted(&self, context: &LaneContext, id: &str, attempt: Attempt) {
        context.recorder.attempt(id, &attempt);
        self.state.fold().edit(|facts| facts.attempts.push(attempt));
    }

    async fn read_stream(&self, context: &LaneContext, id: &str, answer: Answer, host: &str) {
        let state = &self.state;
        let mut frames = sse::frames(answer.bytes());
        loop {
            let next = tokio::time::timeout(IDLE_LIMIT, frames.next()).await;
            let at = state.elapsed();
            let events = state.fold().facts().events;
            match next {
                Ok(Some(Ok(raw))) => {
                    state.fold().event(ms(at), &raw);
                    context.recorder.event(id, events, at, raw);
                }
                Ok(Some(Err(error))) => {
                    let mut fold = state.fold();
                    // After the terminal event a reset takes nothing away.
                    if !fold.is_terminal() {
                        fold.cut(ms(at), fault::of_stream(&error, events, host));
                    }
                    return;
                }
                Ok(None) => {
                    let mut fold = state.fold();
                    if !fold.is_terminal() {
                        fold.cut(ms(at), fault::no_terminal_event(events, host));
                    }
                    return;
                }
                Err(_) => {
                    state
                        .fold()
                        .cut(ms(at), fault::idle(IDLE_LIMIT.as_secs(), events, host));
                    return;
                }
            }
            let fold = state.fold();
            // An `error` may be followed by `response.failed` with the usage, then the end.
            if fold.is_terminal() && fold.facts().status != RunStatus::Failed {
                return;
            }
        }
    }

    /// Reads an answer that is no stream: the whole response, an error, or something else.
    async fn read_answer(
        &self,
        context: &LaneContext,
        id: &str,
        answer: Answer,
        host: &str,
    ) -> Option<Error> {
        let state = &self.state;
        let head = answer.head.clone();
        let text = match answer.text(ANSWER_LIMIT).await {
            Ok(text) => text,
            Err(error) => return Some(fault::of_connection(&error, host)),
        };
        let at = state.elapsed();
        if !(200..300).contains(&head.status) {
            return Some(fault::of_answer(&head, &text, host));
        }
        let response = serde_json::from_str::<Value>(&text)
            .ok()
            .filter(|value| value.get("object").and_then(Value::as_str) == Some("response"));
        let Some(response) = response else {
            return Some(
                fault::not_the_api(host, &head.content_type, Some(head.status)).detail(text),
            );
        };
        context.recorder.event(id, 0, at, text);
        let mut fold = state.fold();
        fold.edit(|facts| {
            facts.events = 1;
            facts.first_event_ms = Some(ms(at));
        });
        fold.fold_response(ms(at), &response);
        // Phases can't be told apart in an answer that came at once.
        fold.edit(|facts| {
            facts.spans = vec![Span {
                kind: SpanKind::Waiting,
                label: None,
                start_ms: 0.0,
                end_ms: Some(ms(at)),
            }]
        });
        None
    }
}

fn sample_kind(head: &AnswerHead, stand_in: bool) -> Option<SampleKind> {
    match head.sample.as_deref() {
        Some("written") => Some(SampleKind::Written),
        Some(_) => Some(SampleKind::Composed),
        None => stand_in.then_some(SampleKind::Composed),
    }
}

/// The run is over: its checks, its bill, its record.
fn settle(context: &LaneContext, state: &LaneState) {
    let mut fold = state.fold();
    let facts = fold.facts();
    let bill = facts.usage.map(|usage| {
        let region = context.prices.region(context.target.base_url.as_str());
        let model = facts.model_reported.as_deref().unwrap_or(&facts.model);
        bill::bill(
            context.prices,
            model,
            facts.service_tier.as_deref(),
            &usage,
            prices::day_of(context.clock.now_ms()),
            region,
        )
    });
    let checks = if facts.status == RunStatus::Completed {
        context.checks.evaluate(&fold.text(Section::Output))
    } else {
        Vec::new()
    };
    fold.edit(|facts| {
        facts.bill = bill;
        facts.checks = checks;
    });
    context.recorder.finish_run(fold.facts().clone());
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
        ..RunFacts::default()
    }
}
