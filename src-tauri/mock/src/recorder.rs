//! Makes a recording of an answer while it passes through.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

use crate::asked::Asked;
use crate::bend::is_stream;
use crate::controls::Controls;
use crate::frames::{self, Splitter};
use crate::keeper::Permit;
use crate::log::now_ms;
use crate::recording::{FORMAT, Head, LARGEST, Recording, Requested, Responded, Source};
use crate::tee::{Watcher, watched};

/// The answer, watched so that it is recorded once it is over; a part of it, marked as cut, where it breaks off.
pub(crate) fn recorded(
    controls: Arc<Controls>,
    from: From,
    asked: &Asked,
    response: Response,
    since: Instant,
) -> Response {
    let headers = response.headers();
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let streamed = is_stream(&response);
    let readable = streamed || kind.is_some_and(|kind| kind.starts_with("application/json"));
    // What could not be read again, or matched again, is of no use as a recording.
    if !readable || headers.contains_key(header::CONTENT_ENCODING) || asked.body.is_string() {
        return response;
    }
    let recorder = Recorder {
        head: Head {
            format: FORMAT,
            request: Requested {
                method: asked.method.to_string(),
                path: asked.path.clone(),
                body: asked.body.clone(),
            },
            response: Responded {
                status: response.status().as_u16(),
                headers: headers
                    .iter()
                    .map(|(name, value)| {
                        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                        (name.to_string(), value)
                    })
                    .collect(),
            },
            recorded_at: now_ms().saturating_sub(since.elapsed().as_millis() as u64),
            source: source(headers),
            name: String::new(),
            cut: false,
        },
        controls,
        from,
        since,
        splitter: streamed.then(Splitter::default),
        lines: Vec::new(),
        whole: Vec::new(),
        size: 0,
    };
    watched(response, recorder)
}

/// Another stand-in marks what it sends.
fn source(headers: &HeaderMap) -> Source {
    let marked = ["x-rheostat-sample", "x-rheostat-replay"];
    match marked.iter().any(|name| headers.contains_key(*name)) {
        true => Source::Sample,
        false => Source::Live,
    }
}

/// Where an answer comes from.
pub(crate) struct From {
    /// Its entry in the log.
    pub log_id: u64,
    pub base_url: String,
    /// Given back once the answer is over and kept.
    pub _permit: Permit,
}

struct Recorder {
    head: Head,
    controls: Arc<Controls>,
    from: From,
    since: Instant,
    splitter: Option<Splitter>,
    lines: Vec<(u64, String)>,
    whole: Vec<u8>,
    size: u64,
}

impl Recorder {
    fn event(&mut self, frame: &Bytes) {
        let ms = self.since.elapsed().as_millis() as u64;
        self.lines
            .extend(frames::data(frame).map(|data| (ms, data)));
    }
}

impl Watcher for Recorder {
    fn chunk(&mut self, bytes: &Bytes) {
        self.size += bytes.len() as u64;
        if self.size > LARGEST {
            self.whole.clear();
            self.lines.clear();
            return;
        }
        match &mut self.splitter {
            Some(splitter) => {
                for frame in splitter.push(bytes) {
                    self.event(&frame);
                }
            }
            None => self.whole.extend_from_slice(bytes),
        }
    }

    /// Written before the client sees the end, so that its next request finds it.
    fn ended(&mut self, whole: bool) {
        if self.size > LARGEST {
            tracing::warn!("an answer of more than 64 MB is not recorded");
            return;
        }
        let streamed = self.splitter.is_some();
        if !streamed {
            let ms = self.since.elapsed().as_millis() as u64;
            let body = String::from_utf8_lossy(&self.whole).into_owned();
            self.lines.push((ms, body));
        }
        let ended = !streamed || self.lines.last().is_some_and(|(_, data)| is_end(data));
        let recording = Recording {
            head: Head {
                // A stream is whole once its last event is there, whoever left first then.
                cut: if streamed { !ended } else { !whole },
                ..self.head.clone()
            },
            lines: std::mem::take(&mut self.lines),
        };
        let From {
            log_id, base_url, ..
        } = &self.from;
        self.controls.record(*log_id, base_url, &recording);
    }
}

/// Whether a stream may end after this event.
fn is_end(data: &str) -> bool {
    let event: Value = match serde_json::from_str(data) {
        Ok(event) => event,
        Err(_) => return data == "[DONE]",
    };
    let kind = event["type"].as_str().unwrap_or("");
    let ends = [".completed", ".incomplete", ".failed"];
    kind == "error"
        || (ends.iter().any(|end| kind.ends_with(end)) && kind.matches('.').count() == 1)
}
