//! A recorded stream as the plain answer to the same request, and a plain answer as a stream.

mod chat;
mod responses;

use serde_json::Value;

/// The body that the same answer would have had as a whole; none where the stream has no end or is of neither
/// endpoint.
pub(crate) fn plain(events: &[String]) -> Option<Value> {
    let parsed: Vec<Value> = events
        .iter()
        .filter_map(|data| serde_json::from_str(data).ok())
        .collect();
    let first = parsed.first()?;
    match first["object"].as_str() {
        Some("chat.completion.chunk") => chat::plain(&parsed),
        _ => responses::plain(&parsed),
    }
}

/// The data of the events that the same answer would have been sent with; none where the body is of neither
/// endpoint. `include_usage` is what the request's `stream_options` say.
pub(crate) fn events(body: &Value, include_usage: bool) -> Option<Vec<String>> {
    match body["object"].as_str() {
        Some("response") => Some(responses::events(body)),
        Some("chat.completion") => Some(chat::events(body, include_usage)),
        _ => None,
    }
}

/// The moment of each event of an answer that came as a whole after `total_ms`: as its text grows.
pub(crate) fn spread(events: Vec<String>, total_ms: u64) -> Vec<(u64, String)> {
    let lengths: Vec<usize> = events.iter().map(|data| spoken(data)).collect();
    let all = lengths.iter().sum::<usize>().max(1) as u64;
    let last = events.len().saturating_sub(1);
    let mut passed = 0;
    let timed = events.into_iter().zip(lengths).enumerate();
    timed
        .map(|(at, (data, length))| {
            passed += length as u64;
            // The end is the one moment that is known.
            let ms = if at == last {
                total_ms
            } else {
                total_ms * passed / all
            };
            (ms, data)
        })
        .collect()
}

fn spoken(data: &str) -> usize {
    let event: Value = serde_json::from_str(data).unwrap_or(Value::Null);
    crate::schedule::tokens_of(&event).unwrap_or(0) as usize
}
