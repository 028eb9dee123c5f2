//! `POST /v1/responses`.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use crate::cut::cut;
use crate::failing::OVERFLOW;
use crate::fault::Fault;
use crate::routes::{Charged, House};
use crate::script::{self, Manner, Timed};
use crate::seed::Seed;
use crate::shape::Shape;
use crate::{check, compose, headers, stream, tokens, written};

pub(crate) async fn create(
    State(house): State<House>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    let since = Instant::now();
    check_key(&headers)?;
    let body = read(&body)?;
    let accepted = check::body(&house.knowledge.table, &house.knowledge.models, &body)?;
    let repeat = repeat(&headers);
    let seed = Seed::of(&body, repeat);
    let streamed = body.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let shape = Shape::new(&body, &accepted, seed, now());

    let input = tokens::input(&body);
    if input > accepted.model.context {
        if !streamed {
            return Err(Fault::about("input", OVERFLOW).code("context_length_exceeded"));
        }
        let events = script::failure(&shape, "context_length_exceeded", OVERFLOW);
        return Ok(event_stream(&house, events, since));
    }

    let found = written::find(&house.knowledge.written, &body, &accepted, repeat);
    let reply = match found {
        Some(reply) => reply,
        None => compose::reply(&house.knowledge, &body, &accepted, seed)?,
    };
    let reply = cut(reply, body.get("max_output_tokens").and_then(Value::as_u64));
    let cached = tokens::cached(input, repeat);
    let usage = tokens::usage(
        input,
        cached,
        reply.reasoning_tokens,
        reply.visible_tokens(),
    );
    let events = script::write(&reply, usage, &shape, manner(&body), seed);

    // The head of a stream leaves with its first byte, that of a whole reply with its last.
    let wait = if streamed {
        house.speed().scale(reply.pace.first_byte)
    } else {
        house.speed().whole(reply.seconds(), reply.visible_tokens())
    };
    let due = since + wait;
    tokio::select! {
        () = sleep_until(due) => {}
        () = house.stop.cancelled() => return Ok(stream::cut_off().into_response()),
    }
    let mut response = match streamed {
        true => event_stream(&house, events, since),
        false => Json(stream::whole(events)).into_response(),
    };
    headers::mark(response.headers_mut(), reply.sample);
    response.extensions_mut().insert(Charged(input));
    Ok(response)
}

/// Any key will do, or none; but two kinds of key are refused, so that the refusal can be seen and tested.
fn check_key(headers: &HeaderMap) -> Result<(), Fault> {
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

fn read(body: &Bytes) -> Result<Value, Fault> {
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
fn repeat(headers: &HeaderMap) -> u64 {
    let given = headers
        .get("x-rheostat-repeat")
        .and_then(|value| value.to_str().ok());
    given
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(1)
        .max(1)
}

fn manner(body: &Value) -> Manner {
    let includes = body.get("include").and_then(Value::as_array);
    Manner {
        summary: ["summary", "generate_summary"]
            .iter()
            .any(|key| body["reasoning"].get(key).is_some_and(Value::is_string)),
        obfuscation: body.pointer("/stream_options/include_obfuscation")
            != Some(&Value::Bool(false)),
        encrypted_reasoning: includes
            .is_some_and(|list| list.iter().any(|i| i == "reasoning.encrypted_content")),
    }
}

fn event_stream(house: &House, events: Vec<Timed>, since: Instant) -> Response {
    let mut response =
        stream::body(events, house.speed(), since, house.stop.clone()).into_response();
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
