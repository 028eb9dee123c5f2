//! The request log: what came in, what went out, and which rung it came from.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::broadcast;
use tokio::time::Instant;
use ts_rs::TS;

use crate::asked::Asked;
use crate::frames::{self, Splitter};
use crate::ladder::Rung;
use crate::mask;
use crate::recording::{FORMAT, Head, Recording, Requested, Responded, Source};
use crate::tee::Watcher;

/// Entries, and the bytes of their bodies, that are kept.
const MOST: usize = 1_000;
const MOST_BYTES: usize = 64 << 20;
/// Of one answer.
const LARGEST_ANSWER: usize = 4 << 20;
/// Of one request.
const LARGEST_REQUEST: usize = 1 << 20;

/// One request and its answer. Keys are masked everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "MockLogEntry")]
pub struct LogEntry {
    /// Counts from 1.
    pub id: u64,
    /// When it came in: milliseconds since 1970 in UTC.
    pub at_ms: u64,
    /// The program that runs the stand-in sent it.
    pub own: bool,
    pub method: String,
    /// With its query.
    pub path: String,
    /// The exact key of the request, for pins and rules.
    pub key: String,
    pub model: Option<String>,
    /// The effort asked for, else the model's own.
    pub effort: Option<String>,
    pub status: Option<u16>,
    pub rung: Option<Rung>,
    /// The id of the rule that decided.
    pub rule: Option<String>,
    /// From its coming in to the first byte of the body.
    pub first_byte_ms: Option<u64>,
    pub total_ms: Option<u64>,
    /// Of the body sent so far.
    pub bytes: u64,
    pub request_headers: BTreeMap<String, String>,
    /// The JSON body; a string where it wasn't JSON or is too long to keep, null where there was none.
    #[ts(type = "unknown")]
    pub request: Value,
    pub response_headers: BTreeMap<String, String>,
    /// The body as it was sent, chunk by chunk: milliseconds since the request came in, and text.
    pub response: Vec<(u64, String)>,
    /// `response` is all of the body so far; a long one is kept up to 4 MB.
    pub kept_whole: bool,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockOutcome", rename_all = "snake_case")]
pub enum Outcome {
    Running,
    Complete,
    /// It broke off: by a rule, by the client, or by the stop of the stand-in.
    Cut,
}

#[derive(Debug)]
pub(crate) struct Log {
    ring: Mutex<Ring>,
    news: broadcast::Sender<Arc<LogEntry>>,
}

#[derive(Debug, Default)]
struct Ring {
    last: u64,
    held: VecDeque<Held>,
    /// Of the bodies of all of them.
    bytes: usize,
}

#[derive(Debug)]
struct Held {
    entry: LogEntry,
    since: Instant,
    request_size: usize,
    chunks: Vec<(u64, Bytes)>,
    kept: usize,
}

impl Default for Log {
    fn default() -> Self {
        Log {
            ring: Mutex::default(),
            news: broadcast::channel(256).0,
        }
    }
}

impl Log {
    /// `own` where the program that runs the stand-in sent it.
    pub(crate) fn begin(
        &self,
        asked: &Asked,
        headers: &HeaderMap,
        own: bool,
        since: Instant,
    ) -> u64 {
        let request = match asked.bytes.len() {
            0..=LARGEST_REQUEST => mask::value(&asked.body),
            size => Value::String(format!("({size} bytes, too long to keep)")),
        };
        let mut ring = self.ring();
        ring.last += 1;
        let entry = LogEntry {
            id: ring.last,
            at_ms: now_ms(),
            own,
            method: asked.method.to_string(),
            path: mask::text(&asked.path),
            key: asked.key.exact.clone(),
            model: asked.model.as_deref().map(mask::text),
            effort: asked.effort.as_deref().map(mask::text),
            status: None,
            rung: None,
            rule: None,
            first_byte_ms: None,
            total_ms: None,
            bytes: 0,
            request_headers: mask::headers(&without_own(headers)),
            request,
            response_headers: BTreeMap::new(),
            response: Vec::new(),
            kept_whole: true,
            outcome: Outcome::Running,
        };
        let id = entry.id;
        ring.held.push_back(Held {
            entry,
            since,
            request_size: asked.bytes.len().min(LARGEST_REQUEST),
            chunks: Vec::new(),
            kept: 0,
        });
        ring.bytes += asked.bytes.len().min(LARGEST_REQUEST);
        let news = ring.held.back().filter(|_| self.heard()).map(Held::shown);
        ring.trim();
        drop(ring);
        self.tell(news);
        id
    }

    pub(crate) fn chosen(&self, id: u64, rung: Option<Rung>, rule: Option<String>) {
        self.change(id, |held| {
            held.entry.rung = rung;
            held.entry.rule = rule;
        });
    }

    /// The head as it leaves, with every header.
    pub(crate) fn head(&self, id: u64, status: u16, headers: &HeaderMap) {
        self.change(id, |held| {
            held.entry.status = Some(status);
            held.entry.response_headers = mask::headers(headers);
        });
    }

    fn chunk(&self, id: u64, bytes: &Bytes) {
        let mut ring = self.ring();
        let kept = ring.find(id).map(|held| {
            let ms = held.ms();
            held.entry.first_byte_ms.get_or_insert(ms);
            held.entry.bytes += bytes.len() as u64;
            if held.kept + bytes.len() > LARGEST_ANSWER {
                held.entry.kept_whole = false;
            }
            if !held.entry.kept_whole {
                return 0;
            }
            held.kept += bytes.len();
            // A copy, for the chunk may be a small part of a large buffer.
            held.chunks.push((ms, Bytes::copy_from_slice(bytes)));
            bytes.len()
        });
        ring.bytes += kept.unwrap_or(0);
        ring.trim();
    }

    fn ended(&self, id: u64, outcome: Outcome) {
        let heard = self.heard();
        let news = self.change(id, |held| {
            held.entry.total_ms = Some(held.ms());
            held.entry.outcome = outcome;
            heard.then(|| held.shown())
        });
        self.tell(news.flatten());
    }

    /// The entries after one, oldest first.
    pub(crate) fn after(&self, id: u64) -> Vec<LogEntry> {
        let ring = self.ring();
        let later = ring.held.iter().filter(|held| held.entry.id > id);
        later.map(Held::shown).collect()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<LogEntry>> {
        self.news.subscribe()
    }

    pub(crate) fn clear(&self) {
        let mut ring = self.ring();
        ring.held.clear();
        ring.bytes = 0;
    }

    fn heard(&self) -> bool {
        self.news.receiver_count() > 0
    }

    fn tell(&self, news: Option<LogEntry>) {
        if let Some(news) = news {
            // Nobody may be listening.
            let _ = self.news.send(Arc::new(news));
        }
    }

    fn change<T>(&self, id: u64, change: impl FnOnce(&mut Held) -> T) -> Option<T> {
        self.ring().find(id).map(change)
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Ring {
    fn find(&mut self, id: u64) -> Option<&mut Held> {
        let first = self.held.front()?.entry.id;
        let at = usize::try_from(id.checked_sub(first)?).ok()?;
        self.held.get_mut(at)
    }

    fn trim(&mut self) {
        while self.held.len() > MOST || (self.bytes > MOST_BYTES && self.held.len() > 1) {
            let oldest = self.held.pop_front();
            self.bytes -= oldest.map_or(0, |held| held.kept + held.request_size);
        }
    }
}

impl Held {
    fn ms(&self) -> u64 {
        self.since.elapsed().as_millis() as u64
    }

    fn shown(&self) -> LogEntry {
        let mut entry = self.entry.clone();
        entry.response = match entry.response_headers.get("content-encoding") {
            Some(coding) if !self.chunks.is_empty() => {
                vec![(0, format!("({} bytes, {coding})", self.kept))]
            }
            _ => texts(&self.chunks),
        };
        entry
    }
}

fn without_own(headers: &HeaderMap) -> HeaderMap {
    let mut shown = headers.clone();
    shown.remove(crate::controls::OWN);
    shown
}

/// Chunks as text: the bytes of a letter that was split stay together in the later one.
fn texts(chunks: &[(u64, Bytes)]) -> Vec<(u64, String)> {
    let mut held: Vec<u8> = Vec::new();
    let mut out: Vec<(u64, String)> = Vec::with_capacity(chunks.len());
    for (at, (ms, bytes)) in chunks.iter().enumerate() {
        held.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&held) {
            Err(error) if error.error_len().is_none() && at + 1 < chunks.len() => {
                error.valid_up_to()
            }
            _ => held.len(),
        };
        let rest = held.split_off(whole);
        out.push((*ms, mask::text(&String::from_utf8_lossy(&held))));
        held = rest;
    }
    out
}

/// Follows a body as it is sent.
pub(crate) struct LogWatcher {
    pub log: Arc<Log>,
    pub id: u64,
}

impl Watcher for LogWatcher {
    fn chunk(&mut self, bytes: &Bytes) {
        self.log.chunk(self.id, bytes);
    }

    fn ended(&mut self, whole: bool) {
        let outcome = if whole {
            Outcome::Complete
        } else {
            Outcome::Cut
        };
        self.log.ended(self.id, outcome);
    }
}

impl Recording {
    /// The answer of a log entry; none where it was not kept whole, or is still running.
    pub fn from_entry(entry: &LogEntry) -> Option<Recording> {
        let coded = entry.response_headers.contains_key("content-encoding");
        if !entry.kept_whole || coded || entry.outcome == Outcome::Running {
            return None;
        }
        let source = match entry.rung {
            Some(Rung::Upstream) => Source::Live,
            _ => Source::Sample,
        };
        let mut recording = Recording {
            head: Head {
                format: FORMAT,
                request: Requested {
                    method: entry.method.clone(),
                    path: entry.path.clone(),
                    body: entry.request.clone(),
                },
                response: Responded {
                    status: entry.status?,
                    headers: entry.response_headers.clone(),
                },
                recorded_at: entry.at_ms,
                source,
                name: String::new(),
                cut: entry.outcome == Outcome::Cut,
            },
            lines: Vec::new(),
        };
        if recording.streamed() {
            let mut splitter = Splitter::default();
            for (ms, text) in &entry.response {
                for frame in splitter.push(text.as_bytes()) {
                    recording
                        .lines
                        .extend(frames::data(&frame).map(|data| (*ms, data)));
                }
            }
        } else {
            let body = entry
                .response
                .iter()
                .map(|(_, text)| text.as_str())
                .collect();
            recording.lines.push((entry.total_ms?, body));
        }
        Some(recording)
    }
}

pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn begin(log: &Log, size: usize) -> u64 {
        let asked = Asked::new(
            "POST",
            "/v1/responses",
            json!({"input": "x".repeat(size)}),
            None,
        );
        log.begin(&asked, &HeaderMap::new(), false, Instant::now())
    }

    fn ids(log: &Log, after: u64) -> (Option<u64>, usize) {
        let entries = log.after(after);
        (entries.first().map(|entry| entry.id), entries.len())
    }

    #[tokio::test]
    async fn it_keeps_the_last_in_number_and_in_bytes() {
        let log = Log::default();
        for _ in 0..1_200 {
            begin(&log, 10);
        }
        assert_eq!(ids(&log, 0), (Some(201), 1_000));
        assert_eq!(ids(&log, 1_190), (Some(1_191), 10));
        log.clear();
        for _ in 0..20 {
            let id = begin(&log, 1);
            for _ in 0..8 {
                log.chunk(id, &Bytes::from(vec![b'x'; 1 << 20]));
            }
        }
        let entries = log.after(0);
        let last = entries.last().unwrap();
        assert_eq!((last.bytes, last.kept_whole), (8 << 20, false));
        assert_eq!(entries.len(), 15, "4 MB of each, and 64 MB in all");
    }

    #[test]
    fn a_letter_that_was_split_is_shown_whole() {
        let chunks = [b"a\xf0\x9f".as_slice(), b"\x99\x82b", b"\xff", b"c\xc3"];
        let chunks: Vec<_> = chunks
            .iter()
            .map(|chunk| (1, Bytes::from_static(chunk)))
            .collect();
        let texts: Vec<_> = texts(&chunks).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["a", "\u{1f642}b", "\u{fffd}", "c\u{fffd}"]);
    }
}
