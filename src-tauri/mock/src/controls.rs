//! What can be changed while the stand-in runs.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use crate::asked::Asked;
use crate::failing;
use crate::keeper::{Forwarded, Keeper, Permit};
use crate::key::Key;
use crate::ladder::{Ladder, Pinned};
use crate::log::Log;
use crate::options::Speed;
use crate::recording::Recording;
use crate::recordings::{Listed, Recordings};
use crate::rule::{Action, Rule};
use crate::rules::{RuleState, Rules};
use crate::upstream::{Forwarder, Secret, UpstreamState};

/// What the program that runs the stand-in sends with its own requests. Never forwarded, never in the log.
pub(crate) const OWN: HeaderName = HeaderName::from_static("x-rheostat-own");

#[derive(Debug)]
pub(crate) struct Controls {
    set: Mutex<Set>,
    rules: Mutex<Rules>,
    recordings: Mutex<Option<Recordings>>,
    pub log: Arc<Log>,
}

#[derive(Debug)]
struct Set {
    speed: Speed,
    ladder: Arc<Ladder>,
    upstream: Option<Arc<Forwarder>>,
    token: Option<Secret>,
    own: Option<Secret>,
    closed: bool,
    /// Web pages that may call, by their origins.
    origins: Vec<String>,
    keeper: Option<Arc<dyn Keeper>>,
}

/// How a stand-in is set, for a screen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "MockStandIn")]
pub struct StandInState {
    pub port: u16,
    pub speed: Speed,
    pub rules: Vec<RuleState>,
    pub ladder: Ladder,
    pub recordings: Option<RecordingsState>,
    pub upstream: Option<UpstreamState>,
    pub token_required: bool,
    /// Only the program that runs it may call.
    pub closed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "MockRecordings")]
pub struct RecordingsState {
    pub folder: PathBuf,
    pub files: Vec<Listed>,
    pub problems: Vec<String>,
}

impl Controls {
    pub(crate) fn new(speed: Speed) -> Self {
        Controls {
            set: Mutex::new(Set {
                speed,
                ladder: Arc::default(),
                upstream: None,
                token: None,
                own: None,
                closed: false,
                origins: Vec::new(),
                keeper: None,
            }),
            rules: Mutex::default(),
            recordings: Mutex::default(),
            log: Arc::default(),
        }
    }

    pub(crate) fn speed(&self) -> Speed {
        held(&self.set).speed
    }

    pub(crate) fn set_speed(&self, speed: Speed) {
        held(&self.set).speed = speed;
    }

    pub(crate) fn ladder(&self) -> Arc<Ladder> {
        Arc::clone(&held(&self.set).ladder)
    }

    pub(crate) fn set_ladder(&self, ladder: Ladder) {
        held(&self.set).ladder = Arc::new(ladder);
    }

    pub(crate) fn upstream(&self) -> Option<Arc<Forwarder>> {
        held(&self.set).upstream.clone()
    }

    pub(crate) fn set_upstream(&self, upstream: Option<Forwarder>) {
        held(&self.set).upstream = upstream.map(Arc::new);
    }

    pub(crate) fn set_token(&self, token: Option<Secret>) {
        held(&self.set).token = token;
    }

    pub(crate) fn set_own(&self, own: Option<Secret>) {
        held(&self.set).own = own;
    }

    pub(crate) fn set_closed(&self, closed: bool) {
        held(&self.set).closed = closed;
    }

    pub(crate) fn set_origins(&self, origins: Vec<String>) {
        held(&self.set).origins = origins;
    }

    /// Whether the user let pages of an origin in.
    pub(crate) fn names(&self, origin: &HeaderValue) -> bool {
        let set = held(&self.set);
        set.origins
            .iter()
            .any(|named| named.as_bytes() == origin.as_bytes())
    }

    pub(crate) fn set_keeper(&self, keeper: Option<Arc<dyn Keeper>>) {
        held(&self.set).keeper = keeper;
    }

    pub(crate) fn set_rules(&self, rules: Vec<Rule>) {
        *held(&self.rules) = Rules::new(rules);
    }

    pub(crate) fn set_recordings(&self, recordings: Option<Recordings>) {
        *held(&self.recordings) = recordings;
    }

    pub(crate) fn reset_sequences(&self) {
        if let Some(recordings) = &mut *held(&self.recordings) {
            recordings.reset();
        }
    }

    /// The rule that decides on a request, its own pin first.
    pub(crate) fn rule_for(
        &self,
        asked: &Asked,
        pinned: Option<&Pinned>,
    ) -> Option<(String, Action)> {
        let mut rules = held(&self.rules);
        match pinned {
            Some(Pinned::Rule(id)) => rules.pinned(id),
            _ => rules.take(asked),
        }
    }

    /// The rule that would decide, where that hangs neither on chance nor on a count.
    pub(crate) fn foreseen_rule(&self, asked: &Asked, pinned: Option<&Pinned>) -> Option<String> {
        let rules = held(&self.rules);
        match pinned {
            Some(Pinned::Rule(id)) => rules.all().into_iter().find(|state| state.rule.id == *id),
            _ => rules.all().into_iter().find(|state| state.is_sure(asked)),
        }
        .map(|state| state.rule.id)
    }

    /// Looks something up in the recordings as they are now; none where there is no folder.
    pub(crate) async fn recorded<T: Send + 'static>(
        self: &Arc<Self>,
        look: impl FnOnce(&mut Recordings) -> Option<T> + Send + 'static,
    ) -> Option<T> {
        if held(&self.recordings).is_none() {
            return None;
        }
        // The disk may be slow.
        let own = Arc::clone(self);
        let looking = tokio::task::spawn_blocking(move || {
            let mut recordings = held(&own.recordings);
            let recordings = recordings.as_mut()?;
            recordings.refresh();
            look(recordings)
        });
        looking.await.ok().flatten()
    }

    /// The same for a further look of one request, as the recordings were at its first.
    pub(crate) fn recorded_again<T>(
        &self,
        look: impl FnOnce(&mut Recordings) -> Option<T>,
    ) -> Option<T> {
        held(&self.recordings).as_mut().and_then(look)
    }

    /// What the keeper has for a request.
    pub(crate) async fn kept(&self, key: &Key, any_effort: bool) -> Option<Arc<Recording>> {
        let keeper = held(&self.set).keeper.clone()?;
        let key = key.clone();
        let looking = tokio::task::spawn_blocking(move || keeper.last_live(&key, any_effort));
        looking.await.ok().flatten().map(Arc::new)
    }

    /// Asks the keeper whether a request may go to the upstream.
    pub(crate) async fn permit(&self, base_url: &str, body: &Value) -> Result<Permit, String> {
        let Some(keeper) = held(&self.set).keeper.clone() else {
            return Ok(Box::new(()));
        };
        let (base_url, body) = (base_url.to_owned(), body.clone());
        let asking = tokio::task::spawn_blocking(move || keeper.may_forward(&base_url, &body));
        asking
            .await
            .unwrap_or_else(|broken| Err(broken.to_string()))
    }

    /// Keeps an answer that passed through.
    pub(crate) fn record(&self, log_id: u64, base_url: &str, recording: &Recording) {
        let keeper = held(&self.set).keeper.clone();
        if let Some(keeper) = keeper {
            keeper.forwarded(Forwarded {
                log_id,
                base_url,
                recording,
            });
        }
        if let Some(recordings) = &mut *held(&self.recordings)
            && let Err(error) = recordings.keep(recording)
        {
            tracing::error!(%error, folder = %recordings.folder().display(), "an answer could not be recorded");
        }
    }

    /// Whether the program that runs the stand-in sent a request itself.
    pub(crate) fn is_own(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(OWN).map_or(&b""[..], |value| value.as_bytes());
        let set = held(&self.set);
        let own = set.own.as_ref();
        own.is_some_and(|own| same(given, own.reveal().as_bytes()))
    }

    /// The refusal of a request of another program where none may call, or without the token where one is set.
    pub(crate) fn refusal(&self, headers: &HeaderMap) -> Option<Response> {
        if self.is_own(headers) {
            return None;
        }
        let set = held(&self.set);
        if set.closed {
            let message = "Rheostat's stand-in is switched off for other programs. Switch it on in the Mock screen.";
            let body = failing::envelope(message, "invalid_request_error", None, Some("mock_off"));
            return Some(failing::error(StatusCode::FORBIDDEN, body));
        }
        let token = set.token.as_ref()?;
        let given = given_key(headers);
        if same(given.as_bytes(), token.reveal().as_bytes()) {
            return None;
        }
        let shown = match given {
            "" => "",
            _ => "***",
        };
        Some(failing::invalid_key(shown))
    }

    pub(crate) fn has_token(&self) -> bool {
        held(&self.set).token.is_some()
    }

    pub(crate) fn state(&self, port: u16) -> StandInState {
        let recordings = held(&self.recordings).as_mut().map(|recordings| {
            recordings.refresh();
            RecordingsState {
                folder: recordings.folder().to_owned(),
                files: recordings.list(),
                problems: recordings.problems(),
            }
        });
        let set = held(&self.set);
        StandInState {
            port,
            speed: set.speed,
            rules: held(&self.rules).all(),
            ladder: (*set.ladder).clone(),
            recordings,
            upstream: set.upstream.as_ref().map(|forwarder| forwarder.state()),
            token_required: set.token.is_some(),
            closed: set.closed,
        }
    }
}

impl Ladder {
    pub(crate) fn pinned_for(&self, key: &Key) -> Option<&Pinned> {
        self.pinned
            .get(&key.exact)
            .or_else(|| self.pinned.get(&key.any_effort))
    }
}

/// The key of an `Authorization: Bearer` header; empty where there is none.
pub(crate) fn given_key(headers: &HeaderMap) -> &str {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let parts = given.and_then(|value| value.split_once(' '));
    parts.map_or("", |(scheme, key)| {
        match scheme.eq_ignore_ascii_case("bearer") {
            true => key.trim(),
            false => "",
        }
    })
}

/// Takes as long whether the first letter differs or the last.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differences == 0
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
