//! The failures that spoil an answer on its way, event by event.

use std::collections::VecDeque;
use std::io;
use std::io::Write;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::failing::{OVERFLOW, OVERLOADED, QUOTA, SERVER_ERROR};
use crate::fault_kind::{FaultKind, StreamCode};
use crate::frames::{self, Splitter};
use crate::stream;

/// Long enough for the first half of a letter to travel alone.
const BETWEEN_HALVES: Duration = Duration::from_millis(2);

/// An answer with the failure in it. One that is whole, not a stream, counts as a single event.
pub(crate) fn apply(kind: &FaultKind, mut response: Response, stop: CancellationToken) -> Response {
    if let FaultKind::WrongContentType { content_type } = kind {
        if let Ok(value) = HeaderValue::from_str(content_type) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        return response;
    }
    let streamed = is_stream(&response);
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    if matches!(kind, FaultKind::Gzip {}) {
        parts
            .headers
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let bending = Bending {
        kind: kind.clone(),
        from: body.into_data_stream(),
        splitter: streamed.then(Splitter::default),
        whole: Vec::new(),
        count: 0,
        done: false,
        queue: VecDeque::new(),
        gzip: matches!(kind, FaultKind::Gzip {})
            .then(|| GzEncoder::new(Vec::new(), Compression::default())),
        begun: Value::Null,
        stop,
    };
    let body = Body::from_stream(futures_util::stream::unfold(
        bending,
        |mut bending| async move {
            let piece = bending.next().await?;
            Some((piece, bending))
        },
    ));
    Response::from_parts(parts, body)
}

pub(crate) fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}

enum Piece {
    Send(Bytes),
    Pause(Duration),
    /// Nothing more, and no end.
    Hang,
    Break(io::Error),
    End,
}

struct Bending {
    kind: FaultKind,
    from: BodyDataStream,
    /// None where the answer is a whole.
    splitter: Option<Splitter>,
    whole: Vec<u8>,
    /// Events so far.
    count: usize,
    /// The answer has ended.
    done: bool,
    queue: VecDeque<Piece>,
    gzip: Option<GzEncoder<Vec<u8>>>,
    /// The response object of the first event.
    begun: Value,
    stop: CancellationToken,
}

impl Bending {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            match self.queue.pop_front() {
                Some(Piece::Send(bytes)) => return Some(Ok(bytes)),
                Some(Piece::Pause(pause)) => sleep(pause).await,
                Some(Piece::Hang) => {
                    self.stop.cancelled().await;
                    self.over();
                    return Some(Err(stream::stopped()));
                }
                Some(Piece::Break(error)) => {
                    self.over();
                    return Some(Err(error));
                }
                Some(Piece::End) => return None,
                None if self.done => return None,
                None => self.read().await,
            }
        }
    }

    fn over(&mut self) {
        self.queue.clear();
        self.queue.push_back(Piece::End);
    }

    /// Takes one chunk of the answer, or its end, and queues what becomes of it.
    async fn read(&mut self) {
        match self.from.next().await {
            Some(Ok(chunk)) => match &mut self.splitter {
                Some(splitter) => {
                    for event in splitter.push(&chunk) {
                        self.event(event);
                    }
                }
                None => self.whole.extend_from_slice(&chunk),
            },
            Some(Err(error)) => self.queue.push_back(Piece::Break(io::Error::other(error))),
            None => {
                self.done = true;
                let rest = match &mut self.splitter {
                    Some(splitter) => splitter.rest(),
                    None => Some(Bytes::from(std::mem::take(&mut self.whole))),
                };
                match (&self.splitter, rest) {
                    (Some(_), Some(rest)) => self.event(rest),
                    (None, Some(whole)) => self.answer(whole),
                    (_, None) => {}
                }
                if let Some(gzip) = self.gzip.take()
                    && let Ok(last) = gzip.finish()
                {
                    self.send(last);
                }
            }
        }
    }

    fn send(&mut self, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        if !bytes.is_empty() {
            self.queue.push_back(Piece::Send(bytes));
        }
    }

    fn event(&mut self, event: Bytes) {
        // What follows an end was never sent.
        if matches!(
            self.queue.back(),
            Some(Piece::Hang | Piece::Break(_) | Piece::End)
        ) {
            return;
        }
        let at = self.count;
        self.count += 1;
        match self.kind.clone() {
            FaultKind::Stall { after_events } if at >= after_events => {
                self.queue.push_back(Piece::Hang);
            }
            FaultKind::Drip { ms } => self.drip(&event, ms),
            FaultKind::CutMidEvent { after_events } if at >= after_events => self.cut(&event),
            FaultKind::MalformedJson { at_event } if at == at_event => {
                self.send(malformed_event(&event));
            }
            FaultKind::ErrorInStream {
                after_events,
                code,
                flat,
            } => {
                if at == 0 {
                    self.begun = frames::data(&event)
                        .and_then(|data| serde_json::from_str(&data).ok())
                        .unwrap_or(Value::Null);
                }
                if at < after_events {
                    self.send(event);
                } else {
                    for data in failure(&self.begun, at, code, flat) {
                        self.send(frames::frame(&data));
                    }
                    self.queue.push_back(Piece::End);
                }
            }
            FaultKind::SplitUtf8 {} => {
                if at == 0 {
                    // So that there is always one such letter; clients leave comments unread.
                    self.split(": \u{1f642}\n\n".as_bytes());
                }
                self.split(&event);
            }
            FaultKind::Crlf {} => {
                let text = String::from_utf8_lossy(&event).replace('\n', "\r\n");
                self.send(text);
            }
            FaultKind::Comments {} => {
                self.send(": keep-alive\n\n");
                self.send(event);
            }
            FaultKind::HugeEvent { bytes } => {
                let data = frames::data(&event).unwrap_or_default();
                let mut value: Value = serde_json::from_str(&data).unwrap_or(Value::Null);
                if !self.whole.is_empty() || crate::schedule::tokens_of(&value).is_none() {
                    return self.send(event);
                }
                // Only the first one: the mark is not needed for anything else in a stream.
                self.whole.push(1);
                value["obfuscation"] = json!("x".repeat(bytes));
                self.send(frames::frame(&value.to_string()));
            }
            FaultKind::Gzip {} => self.compress(&event),
            _ => self.send(event),
        }
    }

    /// An answer that is a whole.
    fn answer(&mut self, whole: Bytes) {
        let parsed = serde_json::from_slice::<Value>(&whole);
        match (self.kind.clone(), parsed) {
            (FaultKind::Stall { .. }, _) => {
                self.send(whole.slice(..whole.len() / 2));
                self.queue.push_back(Piece::Hang);
            }
            (FaultKind::Drip { ms }, _) => self.drip(&whole, ms),
            (FaultKind::CutMidEvent { .. }, _) => self.cut(&whole),
            (FaultKind::MalformedJson { .. }, _) => self.send(whole.slice(..whole.len() / 2)),
            (FaultKind::SplitUtf8 {}, _) => self.split(&whole),
            (FaultKind::Gzip {}, _) => self.compress(&whole),
            (FaultKind::HugeEvent { bytes }, Ok(mut value)) if value.is_object() => {
                value["obfuscation"] = json!("x".repeat(bytes));
                self.send(value.to_string());
            }
            (FaultKind::ErrorInStream { code, .. }, Ok(mut value))
                if value["object"] == "response" =>
            {
                fail(&mut value, code);
                self.send(value.to_string());
            }
            _ => self.send(whole),
        }
    }

    fn drip(&mut self, bytes: &Bytes, ms: u64) {
        for at in 0..bytes.len() {
            self.send(bytes.slice(at..=at));
            self.queue
                .push_back(Piece::Pause(Duration::from_millis(ms)));
        }
    }

    fn cut(&mut self, event: &Bytes) {
        self.send(event.slice(..event.len() / 2));
        self.queue.push_back(Piece::Pause(stream::BEFORE_CUT));
        let error = io::Error::other("a rule cut the answer here");
        self.queue.push_back(Piece::Break(error));
    }

    /// Every letter of more than one byte goes half into one chunk, half into the next.
    fn split(&mut self, bytes: &[u8]) {
        let mut from = 0;
        for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte >= 0xc0) {
            self.send(Bytes::copy_from_slice(&bytes[from..=at]));
            self.queue.push_back(Piece::Pause(BETWEEN_HALVES));
            from = at + 1;
        }
        self.send(Bytes::copy_from_slice(&bytes[from..]));
    }

    /// Flushed after each event, or none would come before the last.
    fn compress(&mut self, bytes: &[u8]) {
        let Some(gzip) = &mut self.gzip else {
            return;
        };
        if gzip.write_all(bytes).and_then(|()| gzip.flush()).is_ok() {
            let ready = std::mem::take(gzip.get_mut());
            self.send(ready);
        }
    }
}

/// The same event, its data cut in the middle.
fn malformed_event(event: &[u8]) -> String {
    let text = String::from_utf8_lossy(event);
    let lines = text.lines().map(|line| match line.starts_with("data:") {
        true => {
            let half = (line.len() / 2..line.len()).find(|at| line.is_char_boundary(*at));
            &line[..half.unwrap_or(line.len())]
        }
        false => line,
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn error_of(code: StreamCode) -> (&'static str, &'static str, &'static str) {
    match code {
        StreamCode::ServerError => ("server_error", "server_error", SERVER_ERROR),
        StreamCode::ServerIsOverloaded => (
            "service_unavailable_error",
            "server_is_overloaded",
            OVERLOADED,
        ),
        StreamCode::RateLimitExceeded => (
            "tokens",
            "rate_limit_exceeded",
            "Rate limit reached. Please try again in 120ms.",
        ),
        StreamCode::InsufficientQuota => ("insufficient_quota", "insufficient_quota", QUOTA),
        StreamCode::ContextLengthExceeded => {
            ("invalid_request_error", "context_length_exceeded", OVERFLOW)
        }
    }
}

/// The last events of a stream that fails; a stream of chunks has but the one.
fn failure(begun: &Value, number: usize, code: StreamCode, flat: bool) -> Vec<String> {
    let (kind, name, message) = error_of(code);
    let error = json!({"type": kind, "code": name, "message": message, "param": null});
    if begun["type"].is_null() {
        return vec![json!({"error": error}).to_string()];
    }
    let told = match flat {
        true => {
            json!({"type": "error", "code": name, "message": message, "param": null, "sequence_number": number})
        }
        false => json!({"type": "error", "sequence_number": number, "error": error}),
    };
    let mut response = begun["response"].clone();
    fail(&mut response, code);
    let failed =
        json!({"type": "response.failed", "sequence_number": number + 1, "response": response});
    vec![told.to_string(), failed.to_string()]
}

fn fail(response: &mut Value, code: StreamCode) {
    let (_, name, message) = error_of(code);
    for (field, value) in [
        ("status", json!("failed")),
        ("error", json!({"code": name, "message": message})),
        ("completed_at", Value::Null),
        ("output", json!([])),
        ("usage", Value::Null),
    ] {
        response[field] = value;
    }
}

/// A plain answer that refuses, in either endpoint's form; as it was where it has no text to replace.
pub(crate) fn refused(mut answer: Value, text: &str) -> Value {
    if let Some(items) = answer["output"].as_array_mut() {
        items.retain(|item| matches!(item["type"].as_str(), Some("message" | "reasoning")));
        if let Some(message) = items.iter_mut().find(|item| item["type"] == "message") {
            message["content"] = json!([{"type": "refusal", "refusal": text}]);
        } else {
            let id = answer["id"].as_str().unwrap_or("").replace("resp_", "msg_");
            let message = json!({
                "id": id,
                "type": "message",
                "status": "completed",
                "content": [{"type": "refusal", "refusal": text}],
                "role": "assistant",
            });
            if let Some(items) = answer["output"].as_array_mut() {
                items.push(message);
            }
        }
    }
    for choice in answer["choices"].as_array_mut().into_iter().flatten() {
        choice["message"] =
            json!({"role": "assistant", "content": null, "refusal": text, "annotations": []});
        choice["finish_reason"] = json!("stop");
    }
    answer
}
