//! `POST /v1/responses`.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use crate::fault::Fault;
use crate::routes::{Charged, House};
use crate::shelf::{Kept, standings};
use crate::turn::{self, Way};
use crate::{background, headers, stream};

pub(crate) async fn create(
    State(house): State<House>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    let since = Instant::now();
    check_key(&headers)?;
    let body = read(&body)?;
    let asked = |key: &str| body.get(key).and_then(Value::as_bool);
    let (streamed, background) = (
        asked("stream") == Some(true),
        asked("background") == Some(true),
    );
    let way = match (background, streamed) {
        (true, _) => Way::Background,
        (_, true) => Way::Stream,
        _ => Way::Whole,
    };
    let turn = turn::compose(&house, &body, repeat(&headers), way, &turn::shelved(&house))?;
    let (sample, charged) = (turn.sample, Charged(turn.input_tokens));
    if let Some(bill) = turn.bill {
        house.stores.ledger.book(bill);
    }
    // The head of a stream leaves with its first byte, that of a whole reply with its last.
    let speed = house.speed();
    let wait = match way {
        Way::Background => Duration::ZERO,
        Way::Stream => speed.scale(turn.first_byte),
        _ => speed.whole(turn.seconds, turn.visible_tokens),
    };

    let mut run = Kept::new(turn.id, Vec::new(), since, speed, turn.input);
    (run.background, run.streamed) = (background, streamed);
    // Only a stream in the background can be asked for again.
    let events;
    (run.events, events) = match way {
        Way::Background => (turn.events, Vec::new()),
        _ => (standings(&turn.events), turn.events),
    };
    let run = match asked("store") != Some(false) {
        true => house.stores.responses.put(run),
        false => Arc::new(run),
    };

    let due = since + wait;
    tokio::select! {
        () = sleep_until(due) => {}
        () = house.stop.cancelled() => return Ok(stream::cut_off().into_response()),
    }
    let mut response = match way {
        Way::Stream => event_stream(stream::body(events, speed, since, house.stop.clone())),
        Way::Background if streamed => follow(&house, &run, None, turn::padded(&body)),
        Way::Background => {
            Json(run.events.first().map(|first| &first.event["response"])).into_response()
        }
        _ => Json(stream::whole(events)).into_response(),
    };
    headers::mark(response.headers_mut(), sample);
    response.extensions_mut().insert(charged);
    Ok(response)
}

/// The stream of a background response from an event on, until it ends or is cancelled.
pub(crate) fn follow(house: &House, run: &Kept, after: Option<u64>, padded: bool) -> Response {
    let events = run.events_after(after);
    let events = if padded {
        events
    } else {
        background::bare(events)
    };
    let body = stream::body(events, house.speed(), run.since, house.stop.clone());
    if run.stop.is_cancelled() {
        // Only what came before is left of it.
        return event_stream(body);
    }
    let cancelled = run.stop.clone().cancelled_owned();
    let until = body.into_data_stream().take_until(cancelled);
    event_stream(Body::from_stream(until))
}

/// Any key will do, or none; but two kinds of key are refused, so that the refusal can be seen and tested.
pub(crate) fn check_key(headers: &HeaderMap) -> Result<(), Fault> {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let key = given
        .and_then(|value| value.split_once(' '))
        .map_or("", |(_, key)| key.trim());
    if !(key.starts_with("sk-invalid") || key.starts_with("sk-wrong")) {
        return Ok(());
    }
    let message = format!(
        "Incorrect API key provided: {}. You can find your API key at https://platform.openai.com/account/api-keys.",
        masked(key)
    );
    Err(Fault::new(StatusCode::UNAUTHORIZED, message).code("invalid_api_key"))
}

/// As the API masks a key: its first eight and last four characters, and a star for each other.
pub(crate) fn masked(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let shown = |at: usize| letters.len() > 16 && (at < 8 || at + 4 >= letters.len());
    let mask = |(at, letter): (usize, &char)| if shown(at) { *letter } else { '*' };
    letters.iter().enumerate().map(mask).collect()
}

pub(crate) fn read(body: &Bytes) -> Result<Value, Fault> {
    const UNREADABLE: &str = "We could not parse the JSON body of your request. (HINT: This likely means you \
        aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was \
        not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help \
        center at help.openai.com.)";
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(Value::Object(map)),
        _ => Err(Fault::new(StatusCode::BAD_REQUEST, UNREADABLE)),
    }
}

/// Which repeat of one request this is; a model would answer each a little differently.
pub(crate) fn repeat(headers: &HeaderMap) -> u64 {
    let given = headers
        .get("x-rheostat-repeat")
        .and_then(|value| value.to_str().ok());
    given
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(1)
        .max(1)
}

pub(crate) fn event_stream(body: Body) -> Response {
    let mut response = body.into_response();
    let kind = HeaderValue::from_static("text/event-stream; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_refused_key_is_not_told() {
        assert_eq!(
            masked("sk-invalid-0123456789abcd"),
            "sk-inval*************abcd"
        );
        assert_eq!(
            masked("sk-wrong"),
            "********",
            "a short key is hidden whole"
        );
    }
}
