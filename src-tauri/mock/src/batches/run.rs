//! One batch: its lines are composed at once, and come to be done in the stand-in's own pace.

use std::fmt::Write;
use std::sync::{Mutex, OnceLock};

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::lines::{self, Bad, Line};
use crate::create::now;
use crate::fault::Fault;
use crate::files::File;
use crate::options::Speed;
use crate::routes::House;
use crate::seed::Seed;
use crate::shelf::held;
use crate::turn::{self, Way};
use crate::{chat, images};

/// Seconds at speed 1. A batch may take a day; nobody waits that long for a stand-in.
const VALIDATING: f64 = 1.0;
const FINALIZING: f64 = 0.5;
const CANCELLING: f64 = 0.5;
/// Requests at work at the same time.
const AT_ONCE: usize = 16;
const DAY: u64 = 24 * 60 * 60;
/// Output files are deleted after thirty days.
const OUTPUT_LIFE: u64 = 30 * DAY;

#[derive(Debug)]
pub(crate) struct Batch {
    pub id: String,
    asked: Map<String, Value>,
    since: Instant,
    created_at: u64,
    speed: Speed,
    work: OnceLock<Result<Work, Bad>>,
    cancelled: Mutex<Option<f64>>,
    /// The ids of the files, once they are written.
    files: OnceLock<(Option<String>, Option<String>)>,
}

#[derive(Debug)]
struct Work {
    model: String,
    done: Vec<Done>,
}

/// A line with its answer.
#[derive(Debug)]
struct Done {
    custom_id: String,
    status: StatusCode,
    body: Value,
    /// In seconds from the creation, at speed 1.
    at: f64,
}

/// Where a batch stands, with the moments that led there.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Status {
    Validating,
    Failed,
    InProgress,
    Finalizing(f64),
    Completed(f64),
    Cancelling(f64),
    Cancelled(f64),
}

impl Batch {
    pub(super) fn new(id: String, asked: Map<String, Value>, speed: Speed) -> Self {
        Batch {
            id,
            asked,
            since: Instant::now(),
            created_at: now(),
            speed,
            work: OnceLock::new(),
            cancelled: Mutex::default(),
            files: OnceLock::new(),
        }
    }

    /// Composes every answer. It may take a while.
    pub(super) fn work(&self, house: &House) {
        let file_id = self.text("input_file_id");
        let file = house.stores.files.find(file_id);
        let endpoint = self.text("endpoint");
        let read = lines::read(file.as_deref(), file_id, endpoint, &house.knowledge);
        let work = read.map(|(lines, model)| {
            let mut free_at = [VALIDATING; AT_ONCE];
            let mut done = Vec::with_capacity(lines.len());
            for (index, line) in lines.into_iter().enumerate() {
                let (status, body, seconds) = answer(house, endpoint, &line);
                let free = &mut free_at[index % AT_ONCE];
                *free += seconds;
                done.push(Done {
                    custom_id: line.custom_id,
                    status,
                    body,
                    at: *free,
                });
            }
            let snapshot = house.knowledge.model(&model);
            Work {
                model: snapshot.map_or(model, |model| model.snapshot.clone()),
                done,
            }
        });
        // It is set nowhere else.
        let _ = self.work.set(work);
    }

    /// As it stands when it is created.
    pub(super) fn begun(&self) -> Value {
        self.shown(Status::Validating, None, 0.0)
    }

    pub(super) fn object(&self, house: &House) -> Value {
        let work = self.work.get().and_then(|work| work.as_ref().ok());
        let passed = self.passed();
        let status = self.status(passed);
        if let (Some(work), Status::Completed(_) | Status::Cancelled(_)) = (work, status) {
            self.files.get_or_init(|| self.write(house, work));
        }
        self.shown(status, work, passed)
    }

    pub(super) fn cancel(&self, house: &House) -> Result<Value, Fault> {
        let passed = self.passed();
        match self.status(passed) {
            Status::Validating | Status::InProgress | Status::Finalizing(_) => {
                *held(&self.cancelled) = Some(passed);
            }
            Status::Cancelling(_) | Status::Cancelled(_) => {}
            ended @ (Status::Completed(_) | Status::Failed) => {
                let message = format!("Cannot cancel a batch with status '{}'.", ended.word());
                return Err(Fault::new(StatusCode::CONFLICT, message));
            }
        }
        Ok(self.object(house))
    }

    /// Seconds at speed 1 since it was created; without end where nothing waits.
    fn passed(&self) -> f64 {
        match self.speed {
            Speed::Instant => f64::INFINITY,
            speed => {
                let unit = speed.scale(1.0).as_secs_f64();
                self.since.elapsed().as_secs_f64() / unit.max(f64::MIN_POSITIVE)
            }
        }
    }

    fn status(&self, passed: f64) -> Status {
        let Some(work) = self.work.get() else {
            return Status::Validating;
        };
        let cancelled = *held(&self.cancelled);
        match (work, cancelled) {
            (_, Some(at)) if passed < at + CANCELLING => Status::Cancelling(at),
            (_, Some(at)) => Status::Cancelled(at),
            _ if passed < VALIDATING => Status::Validating,
            (Err(_), None) => Status::Failed,
            (Ok(work), None) => {
                let end = work
                    .done
                    .iter()
                    .map(|done| done.at)
                    .fold(VALIDATING, f64::max);
                match passed {
                    passed if passed < end => Status::InProgress,
                    passed if passed < end + FINALIZING => Status::Finalizing(end),
                    _ => Status::Completed(end),
                }
            }
        }
    }

    fn shown(&self, status: Status, work: Option<&Work>, passed: f64) -> Value {
        let moment = |at: f64| {
            let seconds = if at.is_finite() { at } else { 0.0 };
            json!(self.created_at + self.speed.scale(seconds).as_secs())
        };
        let when = |reached: bool, at: f64| if reached { moment(at) } else { Value::Null };
        let begun = work.is_some() && status != Status::Validating;
        let (finalizing, completed) = match status {
            Status::Finalizing(end) => (Some(end), None),
            Status::Completed(end) => (Some(end), Some(end + FINALIZING)),
            _ => (None, None),
        };
        let (cancelling, cancelled) = match status {
            Status::Cancelling(at) => (Some(at), None),
            Status::Cancelled(at) => (Some(at), Some(at + CANCELLING)),
            _ => (None, None),
        };
        let at = |moment_of: Option<f64>| moment_of.map_or(Value::Null, moment);
        let failed = matches!(status, Status::Failed);
        let errors = match self.work.get() {
            Some(Err(bad)) if failed => bad.object(),
            _ => Value::Null,
        };
        let (output, error) = self.files.get().cloned().unwrap_or_default();
        let counted = work.filter(|_| begun);
        let until = cancelling.unwrap_or(passed);
        json!({
            "id": self.id,
            "object": "batch",
            "endpoint": self.text("endpoint"),
            "model": work.map(|work| &work.model),
            "errors": errors,
            "input_file_id": self.text("input_file_id"),
            "completion_window": self.text("completion_window"),
            "status": status.word(),
            "output_file_id": output,
            "error_file_id": error,
            "created_at": self.created_at,
            "in_progress_at": when(begun, VALIDATING),
            "expires_at": self.created_at + DAY,
            "finalizing_at": at(finalizing),
            "completed_at": at(completed),
            "failed_at": when(failed, VALIDATING),
            "expired_at": null,
            "cancelling_at": at(cancelling),
            "cancelled_at": at(cancelled),
            "request_counts": counts(counted, until),
            "usage": usage(work.filter(|_| completed.is_some() || cancelled.is_some()), until),
            "metadata": self.asked.get("metadata"),
        })
    }

    /// The files of what is done, and of what failed or was not done in time.
    fn write(&self, house: &House, work: &Work) -> (Option<String>, Option<String>) {
        let until = held(&self.cancelled).unwrap_or(f64::INFINITY);
        let (mut output, mut errors) = (String::new(), String::new());
        for (number, done) in work.done.iter().enumerate() {
            let seed = Seed::of(&json!([self.id, number]), 1);
            let id = format!("batch_req_{}", seed.hex("line", 32));
            let row = if done.at <= until {
                json!({
                    "id": id,
                    "custom_id": done.custom_id,
                    "response": {
                        "status_code": done.status.as_u16(),
                        "request_id": seed.hex("request", 32),
                        "body": done.body,
                    },
                    "error": null,
                })
            } else {
                let message = "This request was not executed because the batch was cancelled.";
                json!({
                    "id": id,
                    "custom_id": done.custom_id,
                    "response": null,
                    "error": {"code": "batch_cancelled", "message": message},
                })
            };
            let fine = done.at <= until && done.status.is_success();
            let file = if fine { &mut output } else { &mut errors };
            // Writing to a string does not fail.
            let _ = writeln!(file, "{row}");
        }
        (
            self.file(house, "output", output),
            self.file(house, "error", errors),
        )
    }

    fn file(&self, house: &House, kind: &str, text: String) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        let life = self.asked.get("output_expires_after");
        let life = life.and_then(|after| after["seconds"].as_u64());
        let created_at = now();
        let file = File {
            id: house.stores.files.id(),
            name: format!("{}_{kind}.jsonl", self.id),
            purpose: "batch_output".to_owned(),
            created_at,
            expires_at: Some(created_at + life.unwrap_or(OUTPUT_LIFE)),
            bytes: text.into(),
        };
        house
            .stores
            .files
            .put(file)
            .ok()
            .map(|file| file.id.clone())
    }

    fn text(&self, name: &str) -> &str {
        let value = self.asked.get(name).and_then(Value::as_str);
        value.unwrap_or_default()
    }
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Status::Validating => "validating",
            Status::Failed => "failed",
            Status::InProgress => "in_progress",
            Status::Finalizing(_) => "finalizing",
            Status::Completed(_) => "completed",
            Status::Cancelling(_) => "cancelling",
            Status::Cancelled(_) => "cancelled",
        }
    }
}

/// What the endpoint answers to a line, and how long it takes.
fn answer(house: &House, endpoint: &str, line: &Line) -> (StatusCode, Value, f64) {
    let answered = match endpoint {
        "/v1/responses" => response(house, &line.body),
        "/v1/chat/completions" => chat::object(house, &line.body),
        _ => images::object(house, &line.body),
    };
    match answered {
        Ok((body, seconds)) => (StatusCode::OK, body, seconds),
        Err(fault) => (fault.status, fault.body(), 0.0),
    }
}

fn response(house: &House, body: &Value) -> Result<(Value, f64), Fault> {
    if body["background"] == true {
        let message = "Background mode is not supported in the Batch API.";
        return Err(Fault::about("background", message).code("unsupported_parameter"));
    }
    let turn = turn::compose(house, body, 1, Way::Batch, &turn::shelved(house))?;
    let seconds = turn.seconds;
    if let Some(bill) = turn.bill {
        house.stores.ledger.book(bill);
    }
    Ok((crate::stream::whole(turn.events), seconds))
}

fn counts(work: Option<&Work>, until: f64) -> Value {
    let done = work.map_or(&[][..], |work| &work.done);
    let ended = done.iter().filter(|done| done.at <= until);
    let (fine, bad): (Vec<&Done>, Vec<&Done>) = ended.partition(|done| done.status.is_success());
    json!({"total": done.len(), "completed": fine.len(), "failed": bad.len()})
}

/// The sum over what was answered, whichever endpoint named its tokens how.
fn usage(work: Option<&Work>, until: f64) -> Value {
    let done = work.map_or(&[][..], |work| &work.done);
    let done = done.iter().filter(|done| done.at <= until);
    let usages: Vec<&Value> = done.map(|done| &done.body["usage"]).collect();
    let sum = |names: [&str; 2]| -> u64 {
        let one = |usage: &&Value| {
            let found = names.iter().find_map(|name| usage.pointer(name));
            found.and_then(Value::as_u64).unwrap_or(0)
        };
        usages.iter().map(one).sum()
    };
    let input = sum(["/input_tokens", "/prompt_tokens"]);
    let output = sum(["/output_tokens", "/completion_tokens"]);
    let cached = sum([
        "/input_tokens_details/cached_tokens",
        "/prompt_tokens_details/cached_tokens",
    ]);
    let reasoning = sum([
        "/output_tokens_details/reasoning_tokens",
        "/completion_tokens_details/reasoning_tokens",
    ]);
    json!({
        "input_tokens": input,
        "input_tokens_details": {"cached_tokens": cached},
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": input + output,
    })
}
