//! `POST /v1/images/generations`: pictures that say on their face that no model drew them.

mod check;
mod picture;
pub(crate) mod table;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use crate::create::{self, check_key, event_stream, now, read};
use crate::fault::Fault;
use crate::ledger::{Entry, Kind};
use crate::routes::House;
use crate::script::Timed;
use crate::seed::Seed;
use crate::turn::Way;
use crate::{stream, tokens};
use check::Wanted;

/// Each partial picture of a stream costs this much more.
const PARTIAL_TOKENS: u64 = 100;

pub(crate) async fn create(
    State(house): State<House>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    let since = Instant::now();
    check_key(&headers)?;
    let body = read(&body)?;
    let repeat = create::repeat(&headers);
    let wanted = check::body(&house.knowledge.images, &body)?;
    let streamed = body["stream"] == true;
    let seconds = wanted.quality.seconds;
    let drawing = {
        let (house, wanted, body) = (house.clone(), wanted.clone(), body.clone());
        // A large picture takes a while to draw.
        tokio::task::spawn_blocking(move || match streamed {
            true => events(&house, &body, &wanted, repeat).map(Drawn::Events),
            false => whole(&house, &body, &wanted, repeat).map(Drawn::Whole),
        })
    };
    let drawn = drawing.await.map_err(|_| undrawn())??;
    let partial = if streamed { wanted.partial } else { 0 };
    book(&house, &usage(&body, &wanted, partial), Way::Whole);
    match drawn {
        Drawn::Events(events) => {
            let body = stream::body(events, house.speed(), since, house.stop.clone());
            Ok(event_stream(body))
        }
        Drawn::Whole(object) => {
            tokio::select! {
                () = sleep_until(since + house.speed().scale(seconds)) => {}
                () = house.stop.cancelled() => return Ok(stream::cut_off().into_response()),
            }
            Ok(Json(object).into_response())
        }
    }
}

/// The whole answer, for a line of a batch.
pub(crate) fn object(house: &House, body: &Value) -> Result<(Value, f64), Fault> {
    let wanted = check::body(&house.knowledge.images, body)?;
    book(house, &usage(body, &wanted, 0), Way::Batch);
    Ok((whole(house, body, &wanted, 1)?, wanted.quality.seconds))
}

fn book(house: &House, usage: &Value, way: Way) {
    let Some(model) = house.knowledge.images.models.first() else {
        return;
    };
    let tokens = |key: &str| usage[key].as_u64().unwrap_or(0);
    house.stores.ledger.book(Entry {
        kind: Kind::Image,
        snapshot: model.snapshot.clone(),
        model: model.id.clone(),
        input: tokens("input_tokens"),
        cached: 0,
        output: tokens("output_tokens"),
        batch: way == Way::Batch,
    });
}

enum Drawn {
    Events(Vec<Timed>),
    Whole(Value),
}

fn whole(house: &House, body: &Value, wanted: &Wanted, repeat: u64) -> Result<Value, Fault> {
    let mut data = Vec::new();
    for number in 0..wanted.number {
        data.push(json!({"b64_json": drawn(house, body, wanted, repeat, number, 1.0)?}));
    }
    Ok(json!({
        "created": now(),
        "background": "opaque",
        "data": data,
        "output_format": "png",
        "quality": wanted.quality.name,
        "size": wanted.size(),
        "usage": usage(body, wanted, 0),
    }))
}

fn events(house: &House, body: &Value, wanted: &Wanted, repeat: u64) -> Result<Vec<Timed>, Fault> {
    let created_at = now();
    let mut events = Vec::new();
    let steps = wanted.partial + 1;
    for number in 0..wanted.number {
        for step in 1..=steps {
            let share = step as f64 / steps as f64;
            let last = step == steps;
            let mut event = json!({
                "type": if last { "image_generation.completed" } else { "image_generation.partial_image" },
                "b64_json": drawn(house, body, wanted, repeat, number, share)?,
                "background": "opaque",
                "created_at": created_at,
                "output_format": "png",
                "quality": wanted.quality.name,
                "size": wanted.size(),
            });
            if last {
                let mut usage = usage(body, &wanted.one(), wanted.partial);
                if let Value::Object(usage) = &mut usage {
                    // A stream tells it in less detail.
                    usage.shift_remove("output_tokens_details");
                }
                event["usage"] = usage;
            } else {
                event["partial_image_index"] = json!(step - 1);
            }
            let at = wanted.quality.seconds * share;
            events.push(Timed { at, event });
        }
    }
    events.sort_by(|a, b| a.at.total_cmp(&b.at));
    Ok(events)
}

fn drawn(
    house: &House,
    body: &Value,
    wanted: &Wanted,
    repeat: u64,
    number: u64,
    share: f64,
) -> Result<String, Fault> {
    let seed = Seed::of(body, repeat).branch(&format!("picture {number}"));
    let letters = &house.knowledge.images.letters;
    let png = picture::draw(wanted.width, wanted.height, letters, seed, share);
    png.map(|bytes| STANDARD.encode(bytes)).ok_or_else(undrawn)
}

fn usage(body: &Value, wanted: &Wanted, partial: u64) -> Value {
    let read = tokens::count(body["prompt"].as_str().unwrap_or_default());
    let output = (wanted.quality.tokens(wanted.width, wanted.height) + partial * PARTIAL_TOKENS)
        * wanted.number;
    json!({
        "input_tokens": read,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": read},
        "output_tokens": output,
        "output_tokens_details": {"image_tokens": output, "text_tokens": 0},
        "total_tokens": read + output,
    })
}

fn undrawn() -> Fault {
    let message = "Rheostat's stand-in could not draw the picture.";
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, message)
}
