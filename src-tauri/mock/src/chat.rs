//! `POST /v1/chat/completions`: the older form of the same replies.

mod check;
mod chunk;
pub(crate) mod table;
mod translate;
mod whole;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use crate::check::Accepted;
use crate::create::{self, check_key, event_stream, now, read};
use crate::cut::cut;
use crate::failing::OVERFLOW;
use crate::fault::Fault;
use crate::headers::{self, Sample};
use crate::ledger::{Entry, Kind};
use crate::reply::Reply;
use crate::routes::{Charged, House};
use crate::seed::Seed;
use crate::turn::Way;
use crate::{compose, stream, tokens, written};

/// All that a completion will say.
pub(crate) struct Completion {
    /// What stays the same in every chunk and in the whole.
    head: Head,
    choices: Vec<Reply>,
    input_tokens: u64,
    pub usage: Value,
}

#[derive(Debug, Clone)]
struct Head {
    id: String,
    created: u64,
    model: String,
    tier: String,
    seed: Seed,
}

pub(crate) async fn create(
    State(house): State<House>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    let since = Instant::now();
    check_key(&headers)?;
    let body = read(&body)?;
    let completion = compose(&house, &body, create::repeat(&headers), Way::Whole)?;
    let sample = completion.sample();
    let charged = Charged(completion.input_tokens);
    let streamed = body["stream"] == true;
    let speed = house.speed();
    let wait = |reply: &Reply| match streamed {
        true => speed.scale(reply.pace.first_byte),
        false => speed.whole(reply.seconds(), reply.visible_tokens()),
    };
    let slowest = completion.choices.iter().map(wait).max();
    tokio::select! {
        () = sleep_until(since + slowest.unwrap_or_default()) => {}
        () = house.stop.cancelled() => return Ok(stream::cut_off().into_response()),
    }
    let mut response = if streamed {
        let events = chunk::all(&completion, &body);
        event_stream(stream::framed(
            events,
            speed,
            since,
            house.stop.clone(),
            chunk::frame,
        ))
    } else {
        Json(whole::object(&completion)).into_response()
    };
    headers::mark(response.headers_mut(), sample);
    response.extensions_mut().insert(charged);
    Ok(response)
}

/// The whole completion as one object, for a line of a batch.
pub(crate) fn object(house: &House, body: &Value) -> Result<(Value, f64), Fault> {
    let completion = compose(house, body, 1, Way::Batch)?;
    let slowest = completion.choices.iter().map(Reply::seconds);
    Ok((whole::object(&completion), slowest.fold(0.0, f64::max)))
}

fn compose(house: &House, body: &Value, repeat: u64, way: Way) -> Result<Completion, Fault> {
    let knowledge = &house.knowledge;
    let (model, effort) = check::body(knowledge, body)?;
    let accepted = Accepted { model, effort };
    let same = translate::body(body);
    let input_tokens = tokens::input(&same);
    if input_tokens > model.context {
        return Err(Fault::about("messages", OVERFLOW).code("context_length_exceeded"));
    }
    let limit = body["max_completion_tokens"].as_u64();
    let mut choices = Vec::new();
    for number in 0..body["n"].as_u64().unwrap_or(1) {
        // A further choice differs as a further repeat does.
        let turn = repeat.saturating_add(number);
        let found = written::find(&knowledge.written, &same, &accepted, turn);
        let reply = match found {
            Some(reply) => reply,
            None => compose::reply(knowledge, &same, &accepted, Seed::of(body, turn))?,
        };
        choices.push(cut(reply, limit));
    }
    let cached = tokens::cached(input_tokens, repeat);
    let usage = usage(input_tokens, cached, &choices);
    house.stores.ledger.book(Entry {
        kind: Kind::Text,
        snapshot: model.snapshot.clone(),
        model: model.id.clone(),
        input: input_tokens,
        cached,
        output: usage["completion_tokens"].as_u64().unwrap_or(0),
        batch: way == Way::Batch,
    });
    let seed = Seed::of(body, repeat);
    Ok(Completion {
        head: Head {
            id: format!("chatcmpl-{}", seed.hex("completion", 32)),
            created: now(),
            model: model.snapshot.clone(),
            tier: used_tier(body["service_tier"].as_str()).to_owned(),
            seed,
        },
        choices,
        input_tokens,
        usage,
    })
}

impl Completion {
    fn sample(&self) -> Sample {
        let composed = |reply: &Reply| reply.sample == Sample::Composed;
        if self.choices.iter().any(composed) {
            Sample::Composed
        } else {
            Sample::Written
        }
    }
}

fn used_tier(asked: Option<&str>) -> &str {
    match asked {
        None | Some("auto") => "default",
        Some("fast") => "priority",
        Some(other) => other,
    }
}

fn usage(input: u64, cached: u64, choices: &[Reply]) -> Value {
    let reasoning: u64 = choices.iter().map(|reply| reply.reasoning_tokens).sum();
    let visible: u64 = choices.iter().map(Reply::visible_tokens).sum();
    let output = reasoning + visible;
    json!({
        "prompt_tokens": input,
        "completion_tokens": output,
        "total_tokens": input + output,
        "prompt_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    })
}
