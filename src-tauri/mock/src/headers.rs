//! The headers of a reply.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::rate::Room;
use crate::seed::Seed;

pub(crate) const SAMPLE: HeaderName = HeaderName::from_static("x-rheostat-sample");

/// Left on a response that brings its own headers: a recorded one, or one from elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsRecorded;

/// Who wrote a reply. Never a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sample {
    /// Put together by rule for this request.
    Composed,
    /// Written beforehand by a person for a sample request.
    Written,
}

/// Says on the reply that no model wrote it.
pub(crate) fn mark(headers: &mut HeaderMap, sample: Sample) {
    let value = match sample {
        Sample::Composed => "composed",
        Sample::Written => "written",
    };
    headers.insert(SAMPLE, HeaderValue::from_static(value));
}

/// The headers that the API sends with every reply.
pub(crate) fn stamp(headers: &mut HeaderMap, seed: Seed, processing_ms: u64, room: &Room) {
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-request-id", format!("req_{}", seed.hex("request", 32)));
    set("openai-processing-ms", processing_ms.to_string());
    set("openai-organization", "rheostat-stand-in".to_owned());
    set("openai-version", "2020-10-01".to_owned());
    set(
        "x-ratelimit-limit-requests",
        room.limit_requests.to_string(),
    );
    set("x-ratelimit-limit-tokens", room.limit_tokens.to_string());
    set(
        "x-ratelimit-remaining-requests",
        room.remaining_requests.to_string(),
    );
    set(
        "x-ratelimit-remaining-tokens",
        room.remaining_tokens.to_string(),
    );
    set("x-ratelimit-reset-requests", room.reset_requests.clone());
    set("x-ratelimit-reset-tokens", room.reset_tokens.clone());
}
