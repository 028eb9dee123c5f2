//! Serves a recorded answer again, in its own time or another.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::asked::Asked;
use crate::headers::{AsRecorded, SAMPLE};
use crate::options::Speed;
use crate::recording::{Recording, Source};
use crate::schedule::{self, Beat};
use crate::stream::{self, Due, What};
use crate::{convert, frames};

/// On every replay of a real answer, in place of the mark of a sample.
const REPLAY: HeaderName = HeaderName::from_static("x-rheostat-replay");
/// When it was recorded: milliseconds since 1970 in UTC.
const RECORDED_AT: HeaderName = HeaderName::from_static("x-rheostat-recorded-at");
/// How long the answer took then, in milliseconds.
const ORIGINAL_MS: HeaderName = HeaderName::from_static("x-rheostat-original-ms");

const EVENT_STREAM: &str = "text/event-stream; charset=utf-8";

/// How a recording answers a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Form {
    AsRecorded,
    /// The events that it would have been sent with, each with its milliseconds.
    Stream(Vec<(u64, String)>),
    /// The body that the stream would have been.
    Plain(String),
}

/// None where the recording cannot take the form that the request asks for.
pub(crate) fn form(recording: &Recording, asked: &Asked) -> Option<Form> {
    let ok = (200..300).contains(&recording.head.response.status);
    match (recording.streamed(), asked.streamed) {
        (true, false) => {
            let events: Vec<String> = recording
                .lines
                .iter()
                .map(|(_, data)| data.clone())
                .collect();
            convert::plain(&events).map(|body| Form::Plain(body.to_string()))
        }
        // An error is never streamed.
        (false, true) if ok => {
            let (ms, body) = recording.lines.last()?;
            let body: Value = serde_json::from_str(body).ok()?;
            let events = convert::events(&body, asked.include_usage())?;
            Some(Form::Stream(convert::spread(events, *ms)))
        }
        _ => Some(Form::AsRecorded),
    }
}

pub(crate) async fn response(
    recording: &Recording,
    form: Form,
    speed: Speed,
    since: Instant,
    stop: CancellationToken,
) -> Response {
    let (mut pieces, kind) = pieces(recording, form, speed);
    // The head leaves with the first byte.
    if let Some(first) = pieces.first_mut() {
        tokio::select! {
            () = sleep_until(since + first.after) => {}
            () = stop.cancelled() => return Response::new(stream::cut_off()),
        }
    }
    let mut response = match &mut pieces[..] {
        // A body of known length.
        [
            Due {
                what: What::Raw(bytes),
                ..
            },
        ] => Response::new(Body::from(std::mem::take(bytes))),
        _ => Response::new(stream::sent(pieces, since, stop)),
    };
    *response.status_mut() =
        StatusCode::from_u16(recording.head.response.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    for (name, value) in &recording.head.response.headers {
        let pair = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        );
        if let (Ok(name), Ok(value)) = pair {
            headers.insert(name, value);
        }
    }
    if let Some(kind) = kind {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    let mark = match recording.head.source {
        Source::Live => REPLAY,
        Source::Sample => SAMPLE,
    };
    headers.insert(mark, HeaderValue::from_static("recorded"));
    headers.insert(RECORDED_AT, HeaderValue::from(recording.head.recorded_at));
    headers.insert(ORIGINAL_MS, HeaderValue::from(recording.total_ms()));
    response.extensions_mut().insert(AsRecorded);
    response
}

/// What is sent and when, and the content type where it is not the recorded one.
fn pieces(recording: &Recording, form: Form, speed: Speed) -> (Vec<Due>, Option<&'static str>) {
    let total_ms = recording.total_ms();
    let (mut pieces, kind) = match form {
        Form::AsRecorded if recording.streamed() => (streamed(&recording.lines, speed), None),
        Form::Stream(lines) => (streamed(&lines, speed), Some(EVENT_STREAM)),
        Form::AsRecorded => {
            let body: String = recording
                .lines
                .iter()
                .map(|(_, body)| body.as_str())
                .collect();
            (vec![whole(body, total_ms, speed)], None)
        }
        Form::Plain(body) => (vec![whole(body, total_ms, speed)], Some("application/json")),
    };
    if recording.head.cut {
        pieces.push(Due {
            after: pieces.last().map_or(Duration::ZERO, |last| last.after),
            what: What::Cut,
        });
    }
    (pieces, kind)
}

fn streamed(lines: &[(u64, String)], speed: Speed) -> Vec<Due> {
    let profiled = matches!(speed, Speed::Profile(_));
    let beats: Vec<Beat> = lines
        .iter()
        .map(|(ms, data)| Beat {
            at: *ms as f64 / 1_000.0,
            // Only a profile needs them.
            tokens: match profiled {
                true => serde_json::from_str(data)
                    .ok()
                    .as_ref()
                    .and_then(schedule::tokens_of),
                false => None,
            },
        })
        .collect();
    let due = schedule::due(speed, &beats).into_iter();
    let pieces = due.zip(lines).map(|(after, (_, data))| Due {
        after,
        what: What::Raw(frames::frame(data)),
    });
    pieces.collect()
}

fn whole(body: String, ms: u64, speed: Speed) -> Due {
    let usage = |pointer: &str| {
        let body: Value = serde_json::from_str(&body).ok()?;
        body.pointer(pointer)?.as_u64()
    };
    let tokens = || {
        let all = usage("/usage/output_tokens").or_else(|| usage("/usage/completion_tokens"))?;
        let hidden = usage("/usage/output_tokens_details/reasoning_tokens")
            .or_else(|| usage("/usage/completion_tokens_details/reasoning_tokens"));
        Some(all.saturating_sub(hidden.unwrap_or(0)))
    };
    let tokens = match speed {
        Speed::Profile(_) => tokens().unwrap_or(0),
        Speed::Multiple(_) | Speed::Instant => 0,
    };
    Due {
        after: speed.whole(ms as f64 / 1_000.0, tokens),
        what: What::Raw(Bytes::from(body)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Profile;
    use crate::recording::{Head, Requested, Responded};
    use futures_util::StreamExt;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn recording(kind: &str, lines: &[(u64, &str)]) -> Recording {
        let request = json!({"model": "m", "input": "hi"});
        Recording {
            head: Head {
                format: 1,
                request: Requested {
                    method: "POST".to_owned(),
                    path: "/v1/responses".to_owned(),
                    body: request,
                },
                response: Responded {
                    status: 200,
                    headers: BTreeMap::from([("content-type".to_owned(), kind.to_owned())]),
                },
                recorded_at: 7,
                source: Source::Live,
                name: String::new(),
                cut: false,
            },
            lines: lines
                .iter()
                .map(|(ms, data)| (*ms, (*data).to_owned()))
                .collect(),
        }
    }

    const LINES: [(u64, &str); 4] = [
        (500, r#"{"type":"response.created"}"#),
        (
            900,
            r#"{"type":"response.output_text.delta","delta":"12345678"}"#,
        ),
        (
            1_000,
            r#"{"type":"response.output_text.delta","delta":"1"}"#,
        ),
        (
            4_000,
            r#"{"type":"response.completed","response":{"object":"response"}}"#,
        ),
    ];

    /// When each chunk came, in milliseconds after the request, and whether the body ended well.
    async fn arrivals(recording: &Recording, speed: Speed) -> (Vec<(u128, String)>, bool) {
        let since = Instant::now();
        let stop = CancellationToken::new();
        let response = response(recording, Form::AsRecorded, speed, since, stop).await;
        let mut body = response.into_body().into_data_stream();
        let mut chunks = Vec::new();
        while let Some(chunk) = body.next().await {
            let Ok(bytes) = chunk else {
                return (chunks, false);
            };
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            chunks.push((since.elapsed().as_millis(), text));
        }
        (chunks, true)
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_keeps_its_order_and_its_times() {
        let stream = recording("text/event-stream", &LINES);
        let profile = Profile {
            time_to_first_token_ms: 200,
            tokens_per_second: 4.0,
            jitter: 0.0,
        };
        let cases = [
            (Speed::Multiple(1.0), [500, 900, 1_000, 4_000]),
            (Speed::Multiple(10.0), [50, 90, 100, 400]),
            (Speed::Instant, [0, 0, 0, 0]),
            (Speed::Profile(profile), [0, 200, 700, 700]),
        ];
        for (speed, times) in cases {
            let (chunks, whole) = arrivals(&stream, speed).await;
            let expected: Vec<(u128, String)> = times
                .into_iter()
                .zip(LINES)
                .map(|(ms, (_, data))| {
                    let kind = serde_json::from_str::<Value>(data).unwrap()["type"].clone();
                    let kind = kind.as_str().unwrap();
                    // The timer has a grain of a millisecond.
                    (ms, format!("event: {kind}\ndata: {data}\n\n"))
                })
                .collect();
            assert!(whole);
            let rounded: Vec<_> = chunks
                .into_iter()
                .zip(&expected)
                .map(|((ms, text), (due, _))| (if ms == due + 1 { *due } else { ms }, text))
                .collect();
            assert_eq!(rounded, expected, "{speed:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_cut_answer_is_cut_again() {
        let mut cut = recording("text/event-stream", &LINES[..2]);
        cut.head.cut = true;
        let (chunks, whole) = arrivals(&cut, Speed::Multiple(1.0)).await;
        assert_eq!((chunks.len(), whole), (2, false));
    }

    #[test]
    fn each_kind_answers_the_other() {
        let asked = |streamed: bool| {
            Asked::new(
                "POST",
                "/v1/responses",
                json!({"model": "m", "input": "hi", "stream": streamed}),
                None,
            )
        };
        let stream = recording("text/event-stream", &LINES);
        let cut = recording("text/event-stream", &LINES[..3]);
        let body = json!({"object": "response", "status": "completed", "output": []});
        let plain = recording("application/json", &[(800, &body.to_string())]);
        let mut error = plain.clone();
        error.head.response.status = 429;
        assert_eq!(form(&stream, &asked(true)), Some(Form::AsRecorded));
        assert_eq!(
            form(&stream, &asked(false)),
            Some(Form::Plain(r#"{"object":"response"}"#.to_owned()))
        );
        assert_eq!(form(&cut, &asked(false)), None, "there is no whole to give");
        assert_eq!(form(&plain, &asked(false)), Some(Form::AsRecorded));
        assert_eq!(form(&error, &asked(true)), Some(Form::AsRecorded));
        let Some(Form::Stream(events)) = form(&plain, &asked(true)) else {
            panic!("a plain answer can be streamed");
        };
        let kinds: Vec<_> = events
            .iter()
            .map(|(ms, data)| {
                let event: Value = serde_json::from_str(data).unwrap();
                (*ms, event["type"].as_str().unwrap().to_owned())
            })
            .collect();
        let expected = [
            (0, "response.created"),
            (0, "response.in_progress"),
            (800, "response.completed"),
        ];
        assert_eq!(kinds, expected.map(|(ms, kind)| (ms, kind.to_owned())));
    }
}
