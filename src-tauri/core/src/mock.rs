//! The stand-in as the engine steers it: its settings as a file of the workspace, what it replays from the history,
//! and what passes through it into the history.

pub mod forwarded;
pub mod keeper;
pub mod recording;
pub mod settings;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rheostat_mock::{Speed, StandIn, StartError, Upstream};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::Url;

use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};
use crate::money::budget::Allowance;
use crate::openai::transport::Target;
use keeper::HistoryKeeper;
use settings::MockSettings;

/// The folder of recordings within a workspace.
pub const RECORDINGS: &str = "recordings";

/// A stand-in of the engine's own.
pub struct Mock {
    stand_in: StandIn,
    /// Sent with the engine's own requests: they come in whatever the door says, and are never forwarded.
    own: SecretString,
    file: PathBuf,
    recordings: PathBuf,
    keeper: Arc<HistoryKeeper>,
    state: Mutex<State>,
}

/// Where requests go that nothing here answers.
pub struct ForwardTo<'a> {
    pub base_url: &'a Url,
    /// None: each client's own is passed on.
    pub key: Option<&'a SecretString>,
    /// Whose limits hold, and what is put on record.
    pub environment: Option<Allowance>,
}

struct State {
    settings: MockSettings,
    /// Why the file could not be followed; its place was taken by the usual settings.
    problem: Option<Error>,
    /// Why it listens elsewhere than the settings say.
    port_problem: Option<Error>,
}

impl Mock {
    /// Takes charge of a stand-in that runs: its settings are those of the workspace, its last real answers those of
    /// the history. `speed` goes before the file's.
    ///
    /// # Errors
    /// `BadInput` for a speed that can't be followed.
    pub fn open(
        stand_in: StandIn,
        workspace: &Path,
        keeper: HistoryKeeper,
        speed: Option<Speed>,
    ) -> Result<Self> {
        let file = workspace.join(settings::FILE);
        let (settings, problem) = match settings::read(&file) {
            Ok(settings) => (settings, None),
            Err(problem) => (MockSettings::default(), Some(problem)),
        };
        let own = SecretString::from(uuid::Uuid::new_v4().simple().to_string());
        let recordings = workspace.join(RECORDINGS);
        stand_in.set_own(Some(rheostat_mock::Secret::new(own.expose_secret())));
        let keeper = Arc::new(keeper);
        stand_in.set_keeper(Some(Arc::clone(&keeper) as Arc<dyn rheostat_mock::Keeper>));
        stand_in.set_recordings(Some(recordings.clone()));
        let mock = Self {
            stand_in,
            own,
            file,
            recordings,
            keeper,
            state: Mutex::new(State {
                settings,
                problem,
                port_problem: None,
            }),
        };
        let settings = mock.settings();
        mock.apply(&settings, speed)?;
        Ok(mock)
    }

    pub fn stand_in(&self) -> &StandIn {
        &self.stand_in
    }

    /// The base URL, such as `http://127.0.0.1:4010/v1`.
    ///
    /// # Errors
    /// `Internal`, if its own address were none.
    pub fn base_url(&self) -> Result<Url> {
        Target::base_url(&self.stand_in.base_url())
    }

    /// What the engine's own requests bear.
    pub fn own(&self) -> &SecretString {
        &self.own
    }

    /// What passed through it, as it stands in the history.
    pub fn keeper(&self) -> &HistoryKeeper {
        &self.keeper
    }

    /// The folder of recordings, which need not be there yet.
    pub fn recordings(&self) -> &Path {
        &self.recordings
    }

    pub fn settings(&self) -> MockSettings {
        self.lock().settings.clone()
    }

    /// Why `mock.yaml` could not be followed.
    pub fn problem(&self) -> Option<Error> {
        self.lock().problem.clone()
    }

    /// Why it listens elsewhere than the settings say.
    pub fn port_problem(&self) -> Option<Error> {
        self.lock().port_problem.clone()
    }

    /// Listens where the settings say, so that programs find it where they found it before. Where that port is
    /// taken it stays on the one that it has, and [`Self::port_problem`] says so.
    pub async fn listen_as_set(&self) {
        let port = self.settings().port;
        let moved = self.stand_in.move_to(port).await;
        self.lock().port_problem = moved.err().map(|error| {
            // Its own words name the option of the terminal.
            let said = match &error {
                StartError::PortInUse { port } => format!("Port {port} is in use."),
                StartError::PortRefused { port } => format!("The system refused port {port}."),
                other => other.to_string(),
            };
            Error::new(ErrorCode::BadInput, said)
                .place("port")
                .hint("It listens on a free port until Rheostat closes. Choose another port, or stop what uses this one.")
        });
    }

    /// Changes settings: followed at once, and kept in the file.
    ///
    /// # Errors
    /// `BadInput` with the field for what can't be followed, `FileUnwritable`. Everything stays as it was then.
    pub fn change(&self, change: impl FnOnce(&mut MockSettings)) -> Result<()> {
        let mut settings = self.settings();
        change(&mut settings);
        if self.lock().problem.is_some() {
            return Err(Error::new(
                ErrorCode::FileInvalid,
                format!(
                    "{} can't be read, and would be overwritten.",
                    settings::FILE
                ),
            )
            .place(self.file.display().to_string())
            .hint("Put it right in a text editor, or delete it, and start Rheostat again."));
        }
        let before = self.settings();
        self.apply(&settings, None)?;
        if let Err(error) = settings::write(&self.file, &settings) {
            self.apply(&before, None)?;
            return Err(error);
        }
        self.lock().settings = settings;
        Ok(())
    }

    /// Where requests of other programs go that nothing here answers; None to compose an answer. Not kept in the
    /// file: it may cost money, so every start begins without.
    ///
    /// # Errors
    /// `BadInput` for an address that can't be one.
    pub fn forward_to(&self, live: Option<ForwardTo<'_>>) -> Result<()> {
        let environment = live.as_ref().and_then(|live| live.environment.clone());
        let upstream = live.map(|live| Upstream {
            base_url: live.base_url.as_str().trim_end_matches('/').to_owned(),
            key: match live.key {
                Some(key) => rheostat_mock::UpstreamKey::Given(rheostat_mock::Secret::new(
                    key.expose_secret(),
                )),
                None => rheostat_mock::UpstreamKey::Pass,
            },
            record_errors: false,
        });
        self.stand_in
            .set_upstream(upstream)
            .map_err(|error| Error::new(ErrorCode::BadInput, error.to_string()).place("record"))?;
        self.keeper.set_environment(environment);
        Ok(())
    }

    /// A body of the request `id` is about to be sent: what the user chose for the request answers it, even where the
    /// body was not saved.
    pub fn about_to_send(&self, id: &str, endpoint: Endpoint, body: &Map<String, Value>) {
        let settings = self.settings();
        let Some(pinned) = settings.answers.get(id) else {
            return;
        };
        let mut ladder = self.stand_in.ladder();
        let key = key(endpoint, body);
        if ladder.pinned.get(&key.any_effort) != Some(pinned) {
            ladder.pinned.insert(key.any_effort, pinned.clone());
            self.stand_in.set_ladder(ladder);
        }
    }

    /// What answers the requests of the workspace, by their saved bodies.
    pub fn pin_saved<'a>(
        &self,
        saved: impl Iterator<Item = (&'a str, Endpoint, &'a Map<String, Value>)>,
    ) {
        let settings = self.settings();
        let mut ladder = settings.ladder();
        for (id, endpoint, body) in saved {
            if let Some(pinned) = settings.answers.get(id) {
                ladder
                    .pinned
                    .insert(key(endpoint, body).any_effort, pinned.clone());
            }
        }
        self.stand_in.set_ladder(ladder);
    }

    fn apply(&self, settings: &MockSettings, speed: Option<Speed>) -> Result<()> {
        let origins = settings.origins.iter().map(|text| settings::origin(text));
        let origins = origins.collect::<Result<Vec<_>>>()?;
        let refused = |place: &str, error: &dyn std::fmt::Display| {
            Error::new(ErrorCode::BadInput, error.to_string()).place(place.to_owned())
        };
        self.stand_in
            .set_rules(settings.rules.clone())
            .map_err(|error| refused("rules", &error))?;
        self.stand_in
            .set_speed(speed.unwrap_or(settings.speed))
            .map_err(|error| refused("speed", &error))?;
        let mut ladder = settings.ladder();
        ladder.pinned = self.stand_in.ladder().pinned;
        self.stand_in.set_ladder(ladder);
        self.stand_in.set_closed(!settings.open);
        self.stand_in.set_origins(origins);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The keys by which the stand-in knows a request.
pub fn key(endpoint: Endpoint, body: &Map<String, Value>) -> rheostat_mock::Key {
    rheostat_mock::Key::of("POST", &path(endpoint), &Value::Object(body.clone()))
}

/// The path of an endpoint on the wire.
pub fn path(endpoint: Endpoint) -> String {
    format!("/v1/{}", endpoint.path())
}

/// The endpoint of a recorded path; None for what asks no model.
pub fn endpoint(path: &str) -> Option<Endpoint> {
    let place = path.split('?').next()?.strip_prefix("/v1/")?;
    Endpoint::ALL
        .into_iter()
        .find(|endpoint| endpoint.path() == place)
}

/// The path of a recording by its file's name.
///
/// # Errors
/// `BadInput` for a name that is no recording's, or leads elsewhere.
pub fn recording_path(mock: &Mock, file: &str) -> Result<PathBuf> {
    let plain = Path::new(file).file_name().is_some_and(|name| name == file);
    if plain && file.ends_with(rheostat_mock::ENDING) {
        return Ok(mock.recordings().join(file));
    }
    Err(Error::new(
        ErrorCode::BadInput,
        format!("{file:?} is not the name of a recording."),
    )
    .place("file"))
}
