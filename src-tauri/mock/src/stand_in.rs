//! Starting the stand-in, asking it what it saw, and stopping it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::controls::{Controls, StandInState};
use crate::foresee::{self, Foreseen};
use crate::keeper::Keeper;
use crate::knowledge::Knowledge;
use crate::ladder::Ladder;
use crate::log::LogEntry;
use crate::options::{Options, Speed};
use crate::record::Recorded;
use crate::recordings::Recordings;
use crate::routes::{self, House};
use crate::rule::{self, Rule, RuleError};
use crate::upstream::{Forwarder, Secret, Upstream, UpstreamError};

/// Why the stand-in did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("Port {port} is in use. Choose another with --port, or stop what uses it.")]
    PortInUse { port: u16 },
    #[error("The system refused port {port}. Choose one above 1023 with --port.")]
    PortRefused { port: u16 },
    #[error("{reason}")]
    Speed { reason: String },
    #[error(transparent)]
    Rule(#[from] RuleError),
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    #[error("The stand-in could not listen on 127.0.0.1:{port}: {source}")]
    Listen {
        port: u16,
        #[source]
        source: std::io::Error,
    },
    #[error("The stand-in's own file {file} is broken: {reason}")]
    Data { file: &'static str, reason: String },
}

/// A running stand-in. Dropping it stops it.
#[derive(Debug)]
pub struct StandIn {
    /// Where it listens; all else stays when it moves.
    serving: Mutex<Serving>,
    house: House,
}

#[derive(Debug)]
struct Serving {
    port: u16,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

/// What a stand-in does from its first request on. Each can be set later as well.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub rules: Vec<Rule>,
    pub ladder: Ladder,
    /// The folder of its recordings.
    pub recordings: Option<PathBuf>,
    pub upstream: Option<Upstream>,
    /// Requests without it are refused.
    pub token: Option<Secret>,
    /// What the program that runs it sends as `x-rheostat-own`: such requests need no token and never leave this
    /// machine.
    pub own: Option<Secret>,
    /// Only requests of its own are answered.
    pub closed: bool,
    pub keeper: Option<Arc<dyn Keeper>>,
}

/// Starts a stand-in on 127.0.0.1. It must be called inside a tokio runtime.
pub async fn start(options: Options) -> Result<StandIn, StartError> {
    start_with(options, Settings::default()).await
}

/// Starts a stand-in that has its settings before the first request can come in.
pub async fn start_with(options: Options, settings: Settings) -> Result<StandIn, StartError> {
    if let Some(reason) = options.speed.problem() {
        return Err(StartError::Speed { reason });
    }
    rule::check_all(&settings.rules)?;
    let knowledge = Knowledge::load()?;
    let (listener, port) = listen(options.port).await?;
    let controls = Arc::new(Controls::new(options.speed));
    let upstream = settings.upstream;
    controls.set_upstream(upstream.map(|up| Forwarder::new(up, port)).transpose()?);
    controls.set_rules(settings.rules);
    controls.set_ladder(settings.ladder);
    controls.set_recordings(settings.recordings.map(Recordings::open));
    controls.set_token(settings.token);
    controls.set_own(settings.own);
    controls.set_closed(settings.closed);
    controls.set_keeper(settings.keeper);
    let house = House {
        port,
        controls,
        knowledge: Arc::new(knowledge),
        record: Arc::default(),
        rate: Arc::default(),
        stores: Arc::default(),
        stop: CancellationToken::new(),
    };
    Ok(StandIn {
        serving: Mutex::new(serve(listener, house.clone())),
        house,
    })
}

async fn listen(port: u16) -> Result<(TcpListener, u16), StartError> {
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(wanted)
        .await
        .map_err(|source| refused(port, source))?;
    let port = listener
        .local_addr()
        .map_err(|source| refused(port, source))?
        .port();
    Ok((listener, port))
}

fn serve(listener: TcpListener, house: House) -> Serving {
    let (port, stop) = (house.port, house.stop.clone());
    let router = routes::router(house);
    let ended = stop.clone().cancelled_owned();
    let task = tokio::spawn(async move {
        // An event must not wait until the client has acknowledged the one before it.
        let listener = listener.tap_io(|connection| {
            if let Err(error) = connection.set_nodelay(true) {
                tracing::warn!(%error, "events may be held back");
            }
        });
        let served = axum::serve(listener, router).with_graceful_shutdown(ended);
        if let Err(error) = served.await {
            tracing::error!(%error, "the stand-in stopped serving");
        }
    });
    tracing::info!(port, "the stand-in listens");
    Serving {
        port,
        stop,
        task: Some(task),
    }
}

fn refused(port: u16, source: std::io::Error) -> StartError {
    match source.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortInUse { port },
        std::io::ErrorKind::PermissionDenied => StartError::PortRefused { port },
        _ => StartError::Listen { port, source },
    }
}

impl StandIn {
    /// The base URL that takes the place of `https://api.openai.com/v1`.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port())
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.serving().port
    }

    /// Listens on another port of 127.0.0.1 from now on; 0 takes any free one. Streams over the old one are cut.
    /// Everything else stays: rules and their counts, the log, what was stored. It must be called inside a tokio
    /// runtime.
    ///
    /// # Errors
    /// The port can't be had. It goes on listening where it was then.
    pub async fn move_to(&self, port: u16) -> Result<(), StartError> {
        if port == self.port() {
            return Ok(());
        }
        let (listener, port) = listen(port).await?;
        let house = House {
            port,
            stop: CancellationToken::new(),
            ..self.house.clone()
        };
        let old = std::mem::replace(&mut *self.serving(), serve(listener, house));
        old.stop.cancel();
        Ok(())
    }

    fn serving(&self) -> MutexGuard<'_, Serving> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The requests that came in, oldest first. Only the last 1,000 are kept, and of their bodies 64 MB.
    pub fn requests(&self) -> Vec<Recorded> {
        self.house.record.all()
    }

    /// The log's entries after one, oldest first; all of them after 0. Only the last 1,000 are kept, and of
    /// their bodies 64 MB.
    pub fn log(&self, after_id: u64) -> Vec<LogEntry> {
        self.house.controls.log.after(after_id)
    }

    /// Tells of every request twice: when it comes in, and when its answer is over. Who falls behind by 256 is
    /// told so, and reads the log again.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<LogEntry>> {
        self.house.controls.log.subscribe()
    }

    /// Forgets the log. Its ids go on counting.
    pub fn clear_log(&self) {
        self.house.controls.log.clear();
    }

    /// How it is set now, and what came of its rules and recordings.
    pub fn state(&self) -> StandInState {
        self.house.controls.state(self.port())
    }

    /// Puts these rules in place of all others; their counts start at 0.
    ///
    /// # Errors
    /// One cannot be followed. None is changed then.
    pub fn set_rules(&self, rules: Vec<Rule>) -> Result<(), RuleError> {
        rule::check_all(&rules)?;
        self.house.controls.set_rules(rules);
        Ok(())
    }

    /// For replies that start from now on.
    ///
    /// # Errors
    /// It cannot be followed.
    pub fn set_speed(&self, speed: Speed) -> Result<(), StartError> {
        if let Some(reason) = speed.problem() {
            return Err(StartError::Speed { reason });
        }
        self.house.controls.set_speed(speed);
        Ok(())
    }

    pub fn ladder(&self) -> Ladder {
        (*self.house.controls.ladder()).clone()
    }

    pub fn set_ladder(&self, ladder: Ladder) {
        self.house.controls.set_ladder(ladder);
    }

    /// The folder of recordings, which need not be there yet; none to have no recordings.
    pub fn set_recordings(&self, folder: Option<PathBuf>) {
        self.house
            .controls
            .set_recordings(folder.map(Recordings::open));
    }

    /// Starts every sequence of recordings over.
    pub fn reset_sequences(&self) {
        self.house.controls.reset_sequences();
    }

    /// Where requests go that no recording answers. What comes back is recorded where a folder for recordings is
    /// set. With an upstream, requests leave this machine and may cost money.
    ///
    /// # Errors
    /// It cannot be reached by what it says. Nothing is changed then.
    pub fn set_upstream(&self, upstream: Option<Upstream>) -> Result<(), UpstreamError> {
        let forwarder = upstream.map(|upstream| Forwarder::new(upstream, self.port()));
        self.house.controls.set_upstream(forwarder.transpose()?);
        Ok(())
    }

    /// The token that every request must bring from now on; none to take any key.
    pub fn set_token(&self, token: Option<Secret>) {
        self.house.controls.set_token(token);
    }

    /// What the program that runs it sends as `x-rheostat-own` from now on.
    pub fn set_own(&self, own: Option<Secret>) {
        self.house.controls.set_own(own);
    }

    pub fn set_keeper(&self, keeper: Option<Arc<dyn Keeper>>) {
        self.house.controls.set_keeper(keeper);
    }

    /// Web pages of these origins, such as `http://localhost:5173`, may call from now on; no others.
    pub fn set_origins(&self, origins: Vec<String>) {
        self.house.controls.set_origins(origins);
    }

    /// Whether only requests of its own are answered, from now on.
    pub fn set_closed(&self, closed: bool) {
        self.house.controls.set_closed(closed);
    }

    /// What would answer a request of the program that runs it. `path` with its query.
    pub async fn foresee(&self, method: &str, path: &str, body: &serde_json::Value) -> Foreseen {
        foresee::foresee(&self.house, method, path, body).await
    }

    /// Stops listening and cuts the streams that are still being sent.
    pub async fn stop(self) {
        let task = {
            let mut serving = self.serving();
            serving.stop.cancel();
            serving.task.take()
        };
        if let Some(mut task) = task {
            // A client that never finishes its upload must not hold the stop up.
            let patience = Duration::from_secs(1);
            if tokio::time::timeout(patience, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving().stop.cancel();
    }
}
