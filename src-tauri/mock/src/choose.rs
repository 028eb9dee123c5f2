//! Chooses what answers a request: a rule, a recording, an upstream, or what is composed here.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::asked::Asked;
use crate::controls::given_key;
use crate::fault_kind::FaultKind;
use crate::ladder::{Ladder, Pinned, Rung};
use crate::log::{Log, LogWatcher};
use crate::recording::Recording;
use crate::recordings::Recordings;
use crate::replay::{self, Form};
use crate::routes::House;
use crate::rule::Action;
use crate::stream::{self, Due, What};
use crate::tee::{Watcher, watched};
use crate::{bend, convert, create, failing, frames, recorder};

const RUNG: HeaderName = HeaderName::from_static("x-rheostat-rung");
const RULE: HeaderName = HeaderName::from_static("x-rheostat-rule");

/// Left on a response for who sends its head.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Logged(pub u64);

pub(crate) async fn choose(State(house): State<House>, request: Request, next: Next) -> Response {
    let since = Instant::now();
    let (parts, body) = request.into_parts();
    // The layer above has read it and knows its size.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let asked = Asked::read(&parts, bytes, &house.knowledge);
    let log = &house.controls.log;
    let own = house.controls.is_own(&parts.headers);
    let mut begun = Begun {
        log: Arc::clone(log),
        id: log.begin(&asked, &parts.headers, own, since),
        answered: false,
    };
    let id = begun.id;
    let refusal = house.controls.refusal(&parts.headers);
    let (mut response, rung, rule) = match refusal {
        Some(refusal) => (refusal, None, None),
        None => {
            let turn = Turn {
                house: &house,
                ladder: house.controls.ladder(),
                parts,
                next,
                since,
                id,
                own,
            };
            turn.taken(asked).await
        }
    };
    let headers = response.headers_mut();
    if let Some(rung) = rung {
        headers.insert(RUNG, HeaderValue::from_static(rung.name()));
    }
    if let Some(rule) = rule
        .as_deref()
        .and_then(|id| HeaderValue::from_str(id).ok())
    {
        headers.insert(RULE, rule);
    }
    log.chosen(id, rung, rule);
    begun.answered = true;
    let watcher = LogWatcher {
        log: Arc::clone(log),
        id,
    };
    let mut response = watched(response, watcher);
    response.extensions_mut().insert(Logged(id));
    response
}

/// A client that goes away before the head must not stay in the log as one that waits.
struct Begun {
    log: Arc<Log>,
    id: u64,
    answered: bool,
}

impl Drop for Begun {
    fn drop(&mut self) {
        if !self.answered {
            let log = Arc::clone(&self.log);
            LogWatcher { log, id: self.id }.ended(false);
        }
    }
}

/// One request on its way to an answer.
struct Turn<'a> {
    house: &'a House,
    ladder: Arc<Ladder>,
    parts: Parts,
    next: Next,
    since: Instant,
    /// Its entry in the log.
    id: u64,
    /// The program that runs the stand-in asks: nothing of that may leave this machine.
    own: bool,
}

impl Turn<'_> {
    /// The answer, the rung that it came from, and the rule that decided.
    async fn taken(self, asked: Asked) -> (Response, Option<Rung>, Option<String>) {
        let pinned = self.ladder.pinned_for(&asked.key).cloned();
        let Some((id, action)) = self.house.controls.rule_for(&asked, pinned.as_ref()) else {
            let (response, rung) = self.climb(&asked, pinned).await;
            return (response, rung, None);
        };
        let response = match action {
            Action::Fault(kind) => self.failed(kind, &asked, pinned).await,
            Action::Answer(recording) => self.replayed(&recording, &asked).await,
            Action::Pin(name) => {
                let wanted = name.clone();
                let found = self
                    .house
                    .controls
                    .recorded(move |all| all.named(&wanted))
                    .await;
                match found {
                    Some(recording) => self.replayed(&recording, &asked).await,
                    None => missing(&format!(
                        "no recording named {name:?}, which rule {id:?} pins"
                    )),
                }
            }
        };
        (response, Some(Rung::Rule), Some(id))
    }

    async fn failed(self, kind: FaultKind, asked: &Asked, pinned: Option<Pinned>) -> Response {
        let key = create::masked(given_key(&self.parts.headers));
        let model = asked.model.as_deref().unwrap_or("gpt-5.5");
        if let Some(answer) = failing::answer(&kind, model, &key) {
            return answer;
        }
        let stop = self.house.stop.clone();
        match kind {
            FaultKind::SlowStart { ms } => {
                let late = std::time::Duration::from_millis(ms);
                tokio::select! {
                    () = sleep(late) => {}
                    () = stop.cancelled() => return stream::cut_off().into_response(),
                }
                self.climb(asked, pinned).await.0
            }
            FaultKind::Refusal { text } => self.refused(&text, asked, pinned).await,
            kind => {
                let (response, _) = self.climb(asked, pinned).await;
                match response.status() == StatusCode::SWITCHING_PROTOCOLS {
                    true => response,
                    false => bend::apply(&kind, response, stop),
                }
            }
        }
    }

    /// The plain answer to the request with a refusal in it, streamed where that was asked for.
    async fn refused(mut self, text: &str, asked: &Asked, pinned: Option<Pinned>) -> Response {
        let mut plainly = asked.clone();
        if let Value::Object(body) = &mut plainly.body {
            body.shift_remove("stream_options");
            body.insert("stream".to_owned(), json!(false));
            plainly.bytes = plainly_bytes(body);
        }
        plainly.streamed = false;
        self.parts.headers.remove(header::CONTENT_LENGTH);
        let (since, stop) = (self.since, self.house.stop.clone());
        let (response, _) = self.climb(&plainly, pinned).await;
        let (mut parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let answer = match serde_json::from_slice::<Value>(&bytes) {
            Ok(answer) if parts.status.is_success() => bend::refused(answer, text),
            _ => return Response::from_parts(parts, Body::from(bytes)),
        };
        parts.headers.remove(header::CONTENT_LENGTH);
        let events = convert::events(&answer, asked.include_usage()).filter(|_| asked.streamed);
        let Some(events) = events else {
            return Response::from_parts(parts, Body::from(answer.to_string()));
        };
        let pieces = events.iter().map(|data| Due {
            after: std::time::Duration::ZERO,
            what: What::Raw(frames::frame(data)),
        });
        let kind = HeaderValue::from_static("text/event-stream; charset=utf-8");
        parts.headers.insert(header::CONTENT_TYPE, kind);
        Response::from_parts(parts, stream::sent(pieces.collect(), since, stop))
    }

    /// The first rung that has an answer.
    async fn climb(self, asked: &Asked, pinned: Option<Pinned>) -> (Response, Option<Rung>) {
        let only = match pinned {
            Some(Pinned::LiveLast) => Some(Rung::LiveLast),
            Some(Pinned::Sequence) => Some(Rung::Sequence),
            Some(Pinned::Upstream) => Some(Rung::Upstream),
            Some(Pinned::Composed) => Some(Rung::Composed),
            Some(Pinned::Rule(_)) | None => None,
        };
        // A connection that is to become another one cannot be answered from a file.
        let upgrades = self.parts.headers.contains_key(header::UPGRADE);
        let rungs = match (upgrades, only) {
            (true, _) => vec![Rung::Composed],
            (false, Some(only)) => vec![only],
            (false, None) => self.ladder.rungs.clone(),
        };
        let mut looked = false;
        for rung in rungs {
            let found = match rung {
                Rung::Rule => None,
                Rung::LiveLast | Rung::Sequence => {
                    let again = std::mem::replace(&mut looked, true);
                    match self.found(rung, asked, again).await {
                        Some((recording, form)) => Some(self.served(&recording, form).await),
                        None => None,
                    }
                }
                Rung::Upstream if self.own => None,
                Rung::Upstream => self.forwarded(asked).await,
                Rung::Composed => {
                    let body = Body::from(asked.bytes.clone());
                    let request = Request::from_parts(self.parts, body);
                    return (self.next.run(request).await, Some(rung));
                }
            };
            if let Some(response) = found {
                return (response, Some(rung));
            }
        }
        (
            missing("no recording of this request, and composing is off"),
            None,
        )
    }

    /// The recording that a rung has, in the form that the request asks for.
    async fn found(
        &self,
        rung: Rung,
        asked: &Asked,
        again: bool,
    ) -> Option<(Arc<Recording>, Form)> {
        let (any_effort, at_end) = (self.ladder.any_effort, self.ladder.at_end);
        let key = asked.key.clone();
        let look = move |all: &mut Recordings| match rung {
            Rung::LiveLast => all.last_live(&key, any_effort),
            _ => all.next(&key, any_effort, at_end),
        };
        let controls = &self.house.controls;
        let in_files = match again {
            true => controls.recorded_again(look),
            false => controls.recorded(look).await,
        };
        let kept = match rung {
            Rung::LiveLast => controls.kept(&asked.key, any_effort).await,
            _ => None,
        };
        let both = in_files.into_iter().chain(kept);
        let recording = both.max_by_key(|found| found.head.recorded_at)?;
        let form = replay::form(&recording, asked)?;
        Some((recording, form))
    }

    /// A recording that was chosen by name comes in whatever form it has.
    async fn replayed(&self, recording: &Recording, asked: &Asked) -> Response {
        let form = replay::form(recording, asked).unwrap_or(Form::AsRecorded);
        self.served(recording, form).await
    }

    async fn served(&self, recording: &Recording, form: Form) -> Response {
        let (speed, stop) = (self.house.speed(), self.house.stop.clone());
        replay::response(recording, form, speed, self.since, stop).await
    }

    async fn forwarded(&self, asked: &Asked) -> Option<Response> {
        let controls = &self.house.controls;
        let forwarder = controls.upstream()?;
        let base_url = forwarder.upstream.base_url.clone();
        let permit = match controls.permit(&base_url, &asked.body).await {
            Ok(permit) => permit,
            Err(why) => return Some(over_budget(&why)),
        };
        let sent = Instant::now();
        let response = tokio::select! {
            response = forwarder.forward(&self.parts, asked, controls.has_token()) => response,
            () = self.house.stop.cancelled() => return Some(stream::cut_off().into_response()),
        };
        let real = response
            .extensions()
            .get::<crate::headers::AsRecorded>()
            .is_some();
        let fine = response.status().as_u16() < 400;
        Some(match real && (fine || forwarder.upstream.record_errors) {
            true => {
                let from = recorder::From {
                    log_id: self.id,
                    base_url,
                    _permit: permit,
                };
                recorder::recorded(Arc::clone(controls), from, asked, response, sent)
            }
            false => response,
        })
    }
}

fn plainly_bytes(body: &serde_json::Map<String, Value>) -> bytes::Bytes {
    bytes::Bytes::from(Value::Object(body.clone()).to_string())
}

/// No client may take this for a limit that waiting cures.
fn over_budget(why: &str) -> Response {
    let message = format!("Rheostat did not forward this. {why}");
    let body = failing::envelope(
        &message,
        "insufficient_quota",
        None,
        Some("insufficient_quota"),
    );
    failing::error(StatusCode::TOO_MANY_REQUESTS, body)
}

fn missing(what: &str) -> Response {
    let message = format!("Rheostat's stand-in has {what}.");
    let body = failing::envelope(
        &message,
        "invalid_request_error",
        None,
        Some("recording_missing"),
    );
    failing::error(StatusCode::NOT_FOUND, body)
}
