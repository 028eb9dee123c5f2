//! One request that the API would run, with all that its reply will send.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::create::now;
use crate::cut::cut;
use crate::failing::OVERFLOW;
use crate::fault::Fault;
use crate::headers::Sample;
use crate::ledger::{Entry, Kind};
use crate::routes::House;
use crate::script::{self, Manner, Timed};
use crate::seed::Seed;
use crate::shape::Shape;
use crate::{background, check, compose, context, tokens, written};

/// How the reply travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Whole,
    Stream,
    /// Answered at once, written later.
    Background,
    /// No header could mark a written answer on a socket's frames, so all are composed.
    Socket,
    Batch,
}

#[derive(Debug)]
pub(crate) struct Turn {
    pub id: String,
    pub events: Vec<Timed>,
    /// Seconds at speed 1, until the head of a stream leaves and until all is written.
    pub first_byte: f64,
    pub seconds: f64,
    /// What is seen of the reply.
    pub visible_tokens: u64,
    pub sample: Sample,
    pub input_tokens: u64,
    pub input: Arc<Vec<Value>>,
    /// What it costs; nothing where it failed.
    pub bill: Option<Entry>,
}

/// The items that a further turn continues from, by the id of the response before it.
pub(crate) type Before<'a> = &'a dyn Fn(&str) -> Option<Arc<Vec<Value>>>;

/// What stands on the shelf, for a request that comes with no memory of its own.
pub(crate) fn shelved(house: &House) -> impl Fn(&str) -> Option<Arc<Vec<Value>>> {
    |id| house.stores.responses.find(id).map(|kept| kept.context())
}

pub(crate) fn compose(
    house: &House,
    body: &Value,
    repeat: u64,
    way: Way,
    before: Before<'_>,
) -> Result<Turn, Fault> {
    let knowledge = &house.knowledge;
    let kept = |id: &str| before(id).is_some();
    let accepted = check::body(&knowledge.table, &knowledge.models, body, &kept)?;
    let seed = Seed::of(body, repeat);
    let shape = Shape::new(body, &accepted, seed, now());
    let input = input(house, body, seed, before)?;
    let whole = with_all(body, &input);

    let read = tokens::input(&whole);
    if read > accepted.model.context {
        if matches!(way, Way::Whole | Way::Batch) {
            return Err(Fault::about("input", OVERFLOW).code("context_length_exceeded"));
        }
        let events = script::failure(&shape, "context_length_exceeded", OVERFLOW);
        let (id, events) = timed(house, events, way);
        return Ok(Turn {
            id,
            events,
            first_byte: 0.0,
            seconds: 0.0,
            visible_tokens: 0,
            sample: Sample::Composed,
            input_tokens: 0,
            input,
            bill: None,
        });
    }

    let found = match way {
        Way::Socket => None,
        _ => written::find(&knowledge.written, body, &accepted, repeat),
    };
    let reply = match found {
        Some(reply) => reply,
        None => compose::reply(knowledge, &whole, &accepted, seed)?,
    };
    let reply = cut(reply, body.get("max_output_tokens").and_then(Value::as_u64));
    let usage = tokens::usage(
        read,
        tokens::cached(read, repeat),
        reply.reasoning_tokens,
        reply.visible_tokens(),
    );
    let bill = Entry {
        kind: Kind::Text,
        snapshot: accepted.model.snapshot.clone(),
        model: accepted.model.id.clone(),
        input: read,
        cached: tokens::cached(read, repeat),
        output: reply.reasoning_tokens + reply.visible_tokens(),
        batch: way == Way::Batch,
    };
    let manner = Manner {
        deltas: !matches!(way, Way::Whole | Way::Batch),
        // A background stream can be taken up again with padding or without.
        obfuscation: way == Way::Background || padded(body),
        ..manner(body)
    };
    let events = script::write(&reply, usage, &shape, manner, seed);
    let (id, events) = timed(house, events, way);
    Ok(Turn {
        id,
        events,
        first_byte: reply.pace.first_byte,
        seconds: reply.seconds(),
        visible_tokens: reply.visible_tokens(),
        sample: reply.sample,
        input_tokens: read,
        input,
        bill: Some(bill),
    })
}

/// Every item that the model would read.
pub(crate) fn input(
    house: &House,
    body: &Value,
    seed: Seed,
    before: Before<'_>,
) -> Result<Arc<Vec<Value>>, Fault> {
    let own = context::own(body, &house.stores.responses, seed)?;
    let previous = body["previous_response_id"].as_str().and_then(before);
    let items = match previous {
        Some(earlier) => earlier.iter().cloned().chain(own).collect(),
        None => own,
    };
    context::check_calls(&items)?;
    Ok(Arc::new(items))
}

/// The request as it would be without anything kept: all of the input in its body.
pub(crate) fn with_all(body: &Value, input: &[Value]) -> Value {
    let refers = |item: &Value| item["type"] == "item_reference";
    let given = body["input"].as_array();
    let mut whole = body.clone();
    if body["previous_response_id"].is_string() || given.is_some_and(|all| all.iter().any(refers)) {
        whole["input"] = json!(input);
    }
    whole
}

/// The events as they will leave, with the id of the response that they tell of.
fn timed(house: &House, mut events: Vec<Timed>, way: Way) -> (String, Vec<Timed>) {
    if way == Way::Background {
        events = background::queued_first(events);
    }
    for timed in &mut events {
        if timed.event["type"] == "response.completed" {
            let response = &mut timed.event["response"];
            let took = house.speed().scale(timed.at).as_secs();
            response["completed_at"] = json!(response["created_at"].as_u64().unwrap_or(0) + took);
        }
    }
    let first = events.first().map(|timed| &timed.event["response"]["id"]);
    let id = first.and_then(Value::as_str).unwrap_or_default().to_owned();
    (id, events)
}

/// Whether the request wants the lengths of its deltas hidden.
pub(crate) fn padded(body: &Value) -> bool {
    body.pointer("/stream_options/include_obfuscation") != Some(&Value::Bool(false))
}

fn manner(body: &Value) -> Manner {
    let includes = body.get("include").and_then(Value::as_array);
    Manner {
        summary: ["summary", "generate_summary"]
            .iter()
            .any(|key| body["reasoning"].get(key).is_some_and(Value::is_string)),
        obfuscation: padded(body),
        encrypted_reasoning: includes
            .is_some_and(|list| list.iter().any(|i| i == "reasoning.encrypted_content")),
        deltas: true,
    }
}
