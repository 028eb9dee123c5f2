//! The engine, opened: what every verb works with. Folders, time, the stand-in's address and the
//! environment's key come in as arguments.

pub mod fill;
pub mod live;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rheostat_mock::{SPEED_VARIABLE, Speed};
use secrecy::SecretString;
use serde_json::{Map, Value};
use url::Url;

use crate::auth::codex;
use crate::auth::keychain::{KEYCHAIN_VARIABLE, Keychain};
use crate::auth::{Keys, ReadVariable};
use crate::blocking;
use crate::body;
use crate::catalog::models::Catalog;
use crate::catalog::parameters::ParameterTable;
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, ErrorCode, Result};
use crate::grade::checks::CheckSet;
use crate::history::History;
use crate::mock::Mock;
use crate::mock::keeper::HistoryKeeper;
use crate::mock::settings::MockSettings;
use crate::money::budget::{Allowance, Hold};
use crate::money::prices::PriceBook;
use crate::openai::cooldown::Cooldowns;
use crate::openai::network::{CA_FILE_VARIABLE, Network, PROXY_VARIABLE};
use crate::openai::retry::Policy;
use crate::openai::timeouts::Timeouts;
use crate::openai::transport::{Target, Transport};
use crate::own_data;
use crate::paths::{DATA_VARIABLE, Paths, WORKSPACE_VARIABLE};
use crate::run::facts::{RunEnvironment, RunSource};
use crate::run::lane::LaneContext;
use crate::run::purse::Purse;
use crate::run::replay;
use crate::run::tickets::Tickets;
use crate::workspace::folder::Workspace;
use crate::workspace::request_file::RequestFile;
use crate::workspace::samples;
use crate::workspace::schemas;

/// OpenAI's own address (API.md 2).
pub const OPENAI: &str = "https://api.openai.com/v1";

pub use crate::auth::KEY_VARIABLE;

/// What an engine is opened with.
pub struct Setup {
    pub paths: Paths,
    pub stand_in: StandIn,
    /// `RHEOSTAT_SAMPLE_SPEED`, as the caller read it: the pace of replies, in place of the workspace's.
    pub sample_speed: Option<Speed>,
    /// `OPENAI_API_KEY`, as the caller read it from the environment.
    pub environment_key: Option<SecretString>,
    /// Reads any other variable that a secret reference names.
    pub variable: ReadVariable,
    /// Where keys are kept from one session to the next.
    pub keychain: Keychain,
    /// The folder of the Codex CLI; None where the system names no home folder.
    pub codex_home: Option<PathBuf>,
    /// The way out: `RHEOSTAT_PROXY` and `RHEOSTAT_CA_FILE`, as the caller read them.
    pub network: Network,
    pub clock: Arc<dyn Clock>,
    /// Show the sample comparison at once, as on a first start.
    pub show_sample: bool,
}

/// What answers where nothing is live.
pub enum StandIn {
    /// One that the engine takes charge of.
    Own(rheostat_mock::StandIn),
    /// Another one, by its base URL, such as `http://127.0.0.1:40123/v1`. It is used as it is.
    At(String),
}

/// A variable of the process's environment that is set to something.
fn set(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// The folders that the process's environment asks for.
///
/// # Errors
/// As [`Paths::find`].
pub fn paths_from_environment() -> Result<Paths> {
    Paths::find(set(DATA_VARIABLE), set(WORKSPACE_VARIABLE))
}

impl Setup {
    /// The set-up that the process's environment asks for: what a face's `main` opens. Nothing below
    /// reads the environment, so that a test can say what stands in it.
    ///
    /// # Errors
    /// As [`Paths::find`], and `BadInput` for a variable that can't be followed.
    pub fn from_environment(stand_in: rheostat_mock::StandIn) -> Result<Self> {
        let secret = |variable: &str| std::env::var(variable).ok().map(SecretString::from);
        let in_home = || etcetera::home_dir().ok().map(|home| home.join(".codex"));
        Ok(Self {
            paths: paths_from_environment()?,
            stand_in: StandIn::Own(stand_in),
            sample_speed: set(SPEED_VARIABLE)
                .map(|_| Speed::from_environment())
                .transpose()
                .map_err(|error| {
                    Error::new(ErrorCode::BadInput, error.to_string()).place(SPEED_VARIABLE)
                })?,
            environment_key: secret(KEY_VARIABLE),
            variable: Arc::new(secret),
            keychain: Keychain::of_system(std::env::var(KEYCHAIN_VARIABLE).ok().as_deref()),
            codex_home: set(codex::HOME_VARIABLE).or_else(in_home),
            network: Network {
                proxy: secret(PROXY_VARIABLE),
                ca_file: set(CA_FILE_VARIABLE),
            },
            clock: Arc::new(SystemClock),
            show_sample: false,
        })
    }
}

/// Where requests go.
#[derive(Debug, Clone)]
pub struct Route {
    pub live: bool,
    /// Where Live goes without an environment.
    pub live_base_url: Url,
    /// The environment in use.
    pub environment: Option<Chosen>,
}

/// An environment that was chosen. All else about it is read from its file when it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub id: String,
    /// As it was called when it was chosen: its file may be gone now.
    pub name: String,
    /// Where its file was then.
    pub path: String,
}

/// Everything that a verb may touch.
pub struct Workbench {
    pub workspace: Workspace,
    /// Why the workspace is a temporary one.
    pub workspace_problem: Option<Error>,
    pub history: Arc<History>,
    /// Why the history is in memory only.
    pub history_problem: Option<Error>,
    pub catalog: Arc<Catalog>,
    pub prices: &'static PriceBook,
    /// Why the user's own models or prices are left aside.
    pub data_problems: Vec<Error>,
    pub keys: Keys,
    pub transport: Arc<Transport>,
    /// How often a failed attempt is made again (API.md 4).
    pub policy: Policy,
    /// How long anything may take (API.md 4).
    pub timeouts: Timeouts,
    /// Waits that all runs of a key share.
    pub cooldowns: Arc<Cooldowns>,
    pub tickets: Tickets,
    /// What may be spent, what was, and what is held back.
    pub purse: Arc<Purse>,
    pub clock: Arc<dyn Clock>,
    pub paths: Paths,
    pub codex_home: Option<PathBuf>,
    /// Who its runs are put on record for.
    pub source: RunSource,
    /// Production environments that may be called in this session, each at the address it had then.
    confirmed: Mutex<HashSet<(String, String)>>,
    show_sample: AtomicBool,
    stand_in: Answering,
    route: Mutex<Route>,
    /// Keeps the temporary workspace as long as the engine.
    _temporary: Option<tempfile::TempDir>,
}

/// The stand-in, as the engine keeps it.
enum Answering {
    Own(Box<Mock>),
    At(Url),
}

impl Workbench {
    /// Opens the engine. A data folder that can't be written is no reason not to open: runs are kept
    /// in memory then, and `history_problem` says why.
    ///
    /// # Errors
    /// `Internal` where the data files shipped with Rheostat or the TLS set-up are broken; `BadInput`
    /// for a stand-in address that is none.
    pub fn open(setup: Setup) -> Result<Self> {
        let (history, history_problem) =
            match History::open(&setup.paths.data, Arc::clone(&setup.clock)) {
                Ok(history) => (history, None),
                Err(problem) => (History::in_memory(Arc::clone(&setup.clock))?, Some(problem)),
            };
        let (prices, price_problem) = own_data::open_prices(&setup.paths.data)?;
        let (catalog, model_problem) = own_data::open_models(&setup.paths.data)?;
        if let Err(problem) = replay::settle_cut_runs(&history, prices) {
            // They stay as they are: cut, without a bill. No reason not to open.
            tracing::warn!(%problem, "runs of an earlier process could not be settled");
        }
        let (workspace, workspace_problem, temporary) = open_workspace(&setup.paths)?;
        let settings = schemas::schema_of::<MockSettings>("The mock of Rheostat");
        if let Err(problem) = schemas::install(
            workspace.root(),
            &catalog,
            ParameterTable::builtin()?,
            &[("mock.json", settings)],
        ) {
            // An editor lacks completions then; nothing else does.
            tracing::warn!(%problem, "the schemas for editors could not be written");
        }
        let timeouts = Timeouts::default();
        let history = Arc::new(history);
        replay::find_words(&history);
        let purse = Arc::new(Purse::open(
            setup.paths.data.clone(),
            Arc::clone(&history),
            prices,
            Arc::clone(&catalog),
            Arc::clone(&setup.clock),
        ));
        let stand_in = match setup.stand_in {
            StandIn::At(base_url) => Answering::At(Target::base_url(&base_url)?),
            StandIn::Own(stand_in) => Answering::Own(Box::new(Mock::open(
                stand_in,
                workspace.root(),
                HistoryKeeper::new(Arc::clone(&history), prices, Arc::clone(&purse)),
                setup.sample_speed,
            )?)),
        };
        Ok(Self {
            workspace,
            workspace_problem,
            history,
            history_problem,
            catalog,
            prices,
            data_problems: model_problem.into_iter().chain(price_problem).collect(),
            keys: Keys::new(setup.environment_key, setup.variable, setup.keychain),
            transport: Arc::new(Transport::new(&setup.network, &timeouts)?),
            policy: Policy::default(),
            timeouts,
            cooldowns: Arc::default(),
            tickets: Tickets::default(),
            purse,
            clock: setup.clock,
            paths: setup.paths,
            codex_home: setup.codex_home,
            source: RunSource::Window,
            confirmed: Mutex::default(),
            show_sample: AtomicBool::new(setup.show_sample),
            stand_in,
            route: Mutex::new(Route {
                live: false,
                live_base_url: Target::base_url(OPENAI)?,
                environment: None,
            }),
            _temporary: temporary,
        })
    }

    /// Whether the first screen shows the sample comparison: asked for, or nothing was ever run. Once
    /// per start, so that a reloaded page does not start it again.
    ///
    /// # Errors
    /// What reading the history fails with.
    pub fn is_first_start(&self) -> Result<bool> {
        Ok(self.show_sample.swap(false, Ordering::Relaxed) || self.history.is_empty()?)
    }

    /// Reads the history off the async threads, with everything in it that was queued before.
    ///
    /// # Errors
    /// What `read` fails with.
    pub async fn read_history<T: Send + 'static>(
        &self,
        read: impl FnOnce(&History) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let history = Arc::clone(&self.history);
        blocking::run("Reading the history broke", move || {
            // What can't be written now is told elsewhere; what is there can still be read.
            let _ = history.recorder().flush_blocking();
            read(&history)
        })
        .await
    }

    /// Writes what is queued. The engine can still be used, but need not be.
    pub fn close(&self) {
        if let Err(problem) = self.history.recorder().flush_blocking() {
            tracing::error!(%problem, "the history could not be written to its end");
        }
    }

    /// Where requests go now.
    pub fn route(&self) -> Route {
        self.lock_route().clone()
    }

    pub fn set_route(&self, route: Route) {
        *self.lock_route() = route;
    }

    /// Where the stand-in listens.
    ///
    /// # Errors
    /// As [`Mock::base_url`].
    pub fn stand_in(&self) -> Result<Url> {
        match &self.stand_in {
            Answering::Own(mock) => mock.base_url(),
            Answering::At(base_url) => Ok(base_url.clone()),
        }
    }

    /// The stand-in that this engine is in charge of.
    ///
    /// # Errors
    /// `BadInput` where it uses another's.
    pub fn mock(&self) -> Result<&Mock> {
        match &self.stand_in {
            Answering::Own(mock) => Ok(mock),
            Answering::At(base_url) => Err(Error::new(
                ErrorCode::BadInput,
                format!("The mock at {base_url} belongs to another program."),
            )
            .hint("Change its settings where it was started.")),
        }
    }

    /// The stand-in as the next request finds it. It never gets a key.
    ///
    /// # Errors
    /// As [`Mock::base_url`].
    fn stand_in_target(&self) -> Result<Target> {
        Ok(Target {
            base_url: self.stand_in()?,
            key: None,
            organization: None,
            project: None,
            own: self.mock().ok().map(|mock| mock.own().clone()),
        })
    }

    /// Where the connection in use leads, with the key that goes there.
    ///
    /// # Errors
    /// As [`Self::live_lane_context`], where the connection is live.
    pub async fn target(&self) -> Result<Target> {
        if !self.route().live {
            return self.stand_in_target();
        }
        let live = self.live()?;
        self.check_confirmed(&live)?;
        Ok(live.target(self.key_for(&live).await?.as_ref()))
    }

    /// What all lanes of one stream of `request` share. The request is one that [`Self::fill`] gave.
    ///
    /// # Errors
    /// As [`Self::live_lane_context`], where the connection is live.
    pub async fn lane_context(&self, request: &RequestFile) -> Result<LaneContext> {
        if let Ok(mock) = self.mock() {
            mock.about_to_send(&request.id, request.endpoint, &request.body);
        }
        if self.route().live {
            return self.live_lane_context(request).await;
        }
        let environment = self.live().ok().and_then(|live| live.on_record());
        Ok(self.lane_context_for(
            request,
            self.stand_in_target()?,
            true,
            self.policy,
            environment,
        ))
    }

    /// As [`Self::lane_context`], to the live API whatever the connection in use.
    ///
    /// # Errors
    /// `ConfirmProduction`; `KeyMissing` where it goes to another computer without a key, and why a key can't be
    /// read; what [`Self::live`] fails with.
    pub async fn live_lane_context(&self, request: &RequestFile) -> Result<LaneContext> {
        let live = self.live()?;
        self.check_confirmed(&live)?;
        let key = self.key_for(&live).await?;
        let (target, policy) = (live.target(key.as_ref()), live.policy(self.policy));
        let mut context = self.lane_context_for(request, target, false, policy, live.on_record());
        context.allowance = live.allowance();
        Ok(context)
    }

    fn lane_context_for(
        &self,
        request: &RequestFile,
        target: Target,
        stand_in: bool,
        policy: Policy,
        environment: Option<RunEnvironment>,
    ) -> LaneContext {
        LaneContext {
            transport: Arc::clone(&self.transport),
            target,
            endpoint: request.endpoint,
            stand_in,
            history: Arc::clone(&self.history),
            recorder: self.history.recorder().clone(),
            clock: Arc::clone(&self.clock),
            prices: self.prices,
            checks: CheckSet::compile(&request.checks, body::output_schema(&request.body)),
            request_name: request.name.clone(),
            source: self.source,
            output_limit: body::model(&request.body)
                .and_then(|model| self.catalog.model(model))
                .map(|model| model.max_output_tokens),
            policy,
            environment,
            allowance: None,
            timeouts: self.timeouts,
            cooldowns: Arc::clone(&self.cooldowns),
        }
    }

    /// Holds back what each of `bodies` may cost at worst at `base_url`, all of them or none.
    ///
    /// # Errors
    /// As [`Purse::reserve`].
    pub async fn reserve(
        &self,
        base_url: &Url,
        allowance: Option<Allowance>,
        bodies: Vec<Map<String, Value>>,
    ) -> Result<Vec<Hold>> {
        let (base_url, workspace) = (base_url.clone(), self.workspace.clone());
        self.with_purse(move |purse| {
            purse.reserve(&base_url, allowance.as_ref(), &bodies, Some(&workspace))
        })
        .await
    }

    /// The most that one run of each of `bodies` can cost at `base_url`, as [`Purse::worst`].
    ///
    /// # Errors
    /// `Internal` where asking broke.
    pub async fn worst(
        &self,
        base_url: &Url,
        bodies: Vec<Map<String, Value>>,
    ) -> Result<Vec<Option<u64>>> {
        let (base_url, workspace) = (base_url.clone(), self.workspace.clone());
        self.with_purse(move |purse| {
            let worst = |body| purse.worst(&base_url, body, Some(&workspace));
            Ok(bodies.iter().map(worst).collect())
        })
        .await
    }

    /// Works on the workspace off the async threads.
    ///
    /// # Errors
    /// What `act` fails with.
    pub async fn with_workspace<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Workspace) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let workspace = self.workspace.clone();
        blocking::run("Working on the workspace broke", move || act(&workspace)).await
    }

    /// Asks the purse off the async threads.
    ///
    /// # Errors
    /// What `ask` fails with.
    pub async fn with_purse<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Purse) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let purse = Arc::clone(&self.purse);
        blocking::run("Asking the budget broke", move || ask(&purse)).await
    }

    /// The body of `request` as it is sent, at its own effort or another, with what its folders hand down.
    ///
    /// # Errors
    /// `BadInput` without a model, `EffortUnsupported` for an effort that the model does not offer;
    /// `FileInvalid`, `FileUnreadable` for a folder whose defaults can't be read.
    pub fn wire_body(
        &self,
        request: &RequestFile,
        effort: Option<&str>,
    ) -> Result<Map<String, Value>> {
        let request = &self.workspace.with_defaults(request)?;
        let model = body::model(&request.body)
            .filter(|model| !model.is_empty())
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::BadInput,
                    format!("{} names no model.", request.name),
                )
                .place("model")
                .hint("Set body.model, such as the first of the list.")
            })?;
        let body = effort.map_or_else(
            || request.body.clone(),
            |effort| body::with_effort(&request.body, request.endpoint, effort),
        );
        if let Some(effort) = body::effort(&body) {
            self.catalog.check_effort(model, effort)?;
        }
        Ok(body::to_send(
            &body,
            request.endpoint,
            self.catalog.model(model),
        ))
    }

    fn lock_route(&self) -> MutexGuard<'_, Route> {
        self.route.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The workspace folder, with the samples in it where it is new; a temporary one where it can't be
/// made.
fn open_workspace(paths: &Paths) -> Result<(Workspace, Option<Error>, Option<tempfile::TempDir>)> {
    let problem = match samples::install(&paths.workspace) {
        Ok(()) => {
            let workspace = Workspace::kept_in(paths.workspace.clone(), paths.data.clone());
            return Ok((workspace, None, None));
        }
        Err(problem) => problem,
    };
    let temporary = tempfile::Builder::new()
        .prefix("rheostat-")
        .tempdir()
        .map_err(|_| problem.clone())?;
    samples::install(temporary.path()).map_err(|_| problem.clone())?;
    let problem = Error::new(
        problem.code,
        format!(
            "{} The samples are in a temporary folder until Rheostat closes.",
            problem.message
        ),
    )
    .hint("Choose a folder that you may write, with RHEOSTAT_DATA or RHEOSTAT_WORKSPACE.");
    Ok((
        Workspace::kept_in(temporary.path().to_owned(), paths.data.clone()),
        Some(problem),
        Some(temporary),
    ))
}
