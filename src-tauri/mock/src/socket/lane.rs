//! One lane: its requests are answered one after the other.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::memory::Memory;
use super::{Session, frame, steer};
use crate::check::parameter::invalid_type;
use crate::fault::Fault;
use crate::ledger::Entry;
use crate::script::Timed;
use crate::shelf::Kept;
use crate::tokens;
use crate::turn::{self, Turn, Way};

/// The connection is over.
struct Over;

struct Job {
    body: Value,
    /// The word that led to it, where it goes on from a steered response.
    steered: Option<Value>,
}

pub(super) async fn work(
    session: Arc<Session>,
    name: Option<String>,
    mut to_do: mpsc::Receiver<Value>,
) {
    while let Some(event) = to_do.recv().await {
        let Ok(_seat) = session.seats.acquire().await else {
            return;
        };
        let mut next = Some(Job {
            body: event,
            steered: None,
        });
        while let Some(job) = next {
            match answer(&session, &name, job).await {
                Ok(successor) => next = successor,
                Err(Over) => return,
            }
        }
    }
}

/// Answers one request. A steer leads to a further one.
async fn answer(session: &Session, lane: &Option<String>, job: Job) -> Result<Option<Job>, Over> {
    let since = Instant::now();
    let previous = job.body["previous_response_id"].as_str().map(str::to_owned);
    let (body, turn) = match compose(session, job.body) {
        Ok(composed) => composed,
        Err(fault) => {
            if let Some(id) = &previous {
                session.memory.forget(id);
            }
            let frame = match job.steered {
                Some(steered) => {
                    steer::failed(&steered, "successor_creation_failed", &fault.message)
                }
                None => frame::error(&fault, lane.as_deref()),
            };
            session.send(frame, lane).await?;
            return Ok(None);
        }
    };
    session.house.rate.take(turn.input_tokens);
    if let Some(bill) = turn.bill {
        session.house.stores.ledger.book(bill);
    }
    let mut run = Kept::new(
        turn.id,
        turn.events,
        since,
        session.house.speed(),
        turn.input,
    );
    let (steers, mut heard) = mpsc::channel(1);
    session.memory.begin(&run.id, steers);
    let mut word = None;
    for (number, timed) in run.events.iter().enumerate() {
        tokio::select! {
            biased;
            Some(input) = heard.recv() => {
                word = Some((number, input));
                break;
            }
            () = sleep_until(since + run.speed.scale(timed.at)) => {}
            () = session.ended.cancelled() => return Err(Over),
        }
        session.send(timed.event.clone(), lane).await?;
    }
    let mut successor = None;
    if let Some((number, input)) = word {
        let steer_id = format!(
            "steer_{}",
            crate::seed::Seed::of(&input, 1).hex(&run.id, 32)
        );
        let accepted = steer::accepted(&run.id, &steer_id, number);
        session.send(accepted, lane).await?;
        let end = cut_short(&run.events[..number], &run.events, number + 1);
        session.send(end.event.clone(), lane).await?;
        run.events.truncate(number);
        run.events.push(end);
        successor = Some(continued(&body, &run.id, input));
    }
    let last = run.events.last().map(|timed| &timed.event["response"]);
    let status = last.and_then(|response| response["status"].as_str());
    let status = status.unwrap_or_default().to_owned();
    if status == "failed"
        && let Some(id) = &previous
    {
        session.memory.forget(id);
    }
    let kept = match body["store"] == false {
        true => Arc::new(run),
        false => session.house.stores.responses.put(run),
    };
    session.memory.end(lane, kept, &status);
    Ok(successor)
}

/// The request as HTTP would bring it, with its reply.
fn compose(session: &Session, mut event: Value) -> Result<(Value, Turn), Fault> {
    let mut generate = true;
    if let Value::Object(map) = &mut event {
        for own in ["type", "stream_id", "stream"] {
            map.shift_remove(own);
        }
        match map.shift_remove("generate") {
            None | Some(Value::Null) => {}
            Some(Value::Bool(asked)) => generate = asked,
            Some(other) => return Err(invalid_type("generate", "a boolean", &other)),
        }
        if map.get("background") == Some(&Value::Bool(true)) {
            let message = "Unsupported parameter: 'background' is not supported over a WebSocket.";
            return Err(Fault::about("background", message).code("unsupported_parameter"));
        }
        // What is only loaded beforehand needs nothing to answer.
        if !generate && map.get("input").is_none_or(Value::is_null) {
            map.insert("input".to_owned(), json!([]));
        }
    }
    let shelved = turn::shelved(&session.house);
    let before = |id: &str| before(&session.memory, id).or_else(|| shelved(id));
    let mut turn = turn::compose(&session.house, &event, 1, Way::Socket, &before)?;
    if !generate {
        turn.events = loaded(turn.events);
        turn.bill = turn.bill.map(|bill| Entry { output: 0, ..bill });
    }
    Ok((event, turn))
}

fn before(memory: &Memory, id: &str) -> Option<Arc<Vec<Value>>> {
    memory.context(id)
}

/// Of a reply, what stays of it when nothing is to be generated: a beginning and an empty end.
fn loaded(events: Vec<Timed>) -> Vec<Timed> {
    let read = events.last().map_or(0, |timed| {
        timed.event["response"]["usage"]["input_tokens"]
            .as_u64()
            .unwrap_or(0)
    });
    let mut kept: Vec<Timed> = events.into_iter().take(2).collect();
    if let Some(begun) = kept.last().cloned() {
        let mut response = begun.event["response"].clone();
        response["status"] = json!("completed");
        response["completed_at"] = response["created_at"].clone();
        response["service_tier"] = json!("default");
        response["usage"] = tokens::usage(read, 0, 0, 0);
        kept.push(ended("response.completed", response, 2, begun.at));
    }
    kept
}

/// The end of a response that a steer took over, with the items that were done by then.
fn cut_short(sent: &[Timed], all: &[Timed], number: usize) -> Timed {
    let done = sent
        .iter()
        .filter(|timed| timed.event["type"] == "response.output_item.done");
    let output: Vec<Value> = done.map(|timed| timed.event["item"].clone()).collect();
    let mut response = all
        .first()
        .map_or(Value::Null, |timed| timed.event["response"].clone());
    let usage = all.last().map_or(Value::Null, |timed| {
        timed.event["response"]["usage"].clone()
    });
    let read = usage["input_tokens"].as_u64().unwrap_or(0);
    let spent = match output.iter().any(|item| item["type"] == "reasoning") {
        true => usage["output_tokens_details"]["reasoning_tokens"]
            .as_u64()
            .unwrap_or(0),
        false => 0,
    };
    let words = |item: &Value| {
        let said = item["content"][0]["text"]
            .as_str()
            .or(item["arguments"].as_str());
        tokens::count(said.unwrap_or_default())
    };
    response["status"] = json!("incomplete");
    response["incomplete_details"] = json!({"reason": "steered"});
    response["usage"] = tokens::usage(read, 0, spent, output.iter().map(words).sum());
    response["output"] = json!(output);
    let at = sent.last().map_or(0.0, |timed| timed.at);
    ended("response.incomplete", response, number, at)
}

fn ended(kind: &str, response: Value, number: usize, at: f64) -> Timed {
    let event = json!({"type": kind, "sequence_number": number, "response": response});
    Timed { at, event }
}

/// The request that goes on from a steered response.
fn continued(body: &Value, id: &str, input: Value) -> Job {
    let steered = json!({"input": input, "previous_response_id": id});
    let mut body = body.clone();
    body["input"] = match input {
        Value::String(text) => json!([{"role": "user", "content": text}]),
        items => items,
    };
    body["previous_response_id"] = json!(id);
    Job {
        body,
        steered: Some(steered),
    }
}

impl Session {
    async fn send(&self, mut frame: Value, lane: &Option<String>) -> Result<(), Over> {
        frame::in_lane(&mut frame, lane.as_deref());
        self.frames.send(frame).await.map_err(|_| Over)
    }
}
