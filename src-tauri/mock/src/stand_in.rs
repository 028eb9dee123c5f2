//! Starting the stand-in, asking it what it saw, and stopping it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::controls::{Controls, StandInState};
use crate::knowledge::Knowledge;
use crate::ladder::Ladder;
use crate::log::LogEntry;
use crate::options::{Options, Speed};
use crate::rate::Rate;
use crate::record::{Record, Recorded};
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
    port: u16,
    record: Arc<Record>,
    controls: Arc<Controls>,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
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
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = TcpListener::bind(wanted)
        .await
        .map_err(|source| refused(options.port, source))?;
    let port = listener
        .local_addr()
        .map_err(|source| refused(options.port, source))?
        .port();

    let controls = Arc::new(Controls::new(options.speed));
    let upstream = settings.upstream;
    controls.set_upstream(upstream.map(|up| Forwarder::new(up, port)).transpose()?);
    controls.set_rules(settings.rules);
    controls.set_ladder(settings.ladder);
    controls.set_recordings(settings.recordings.map(Recordings::open));
    controls.set_token(settings.token);
    let record = Arc::new(Record::default());
    let stop = CancellationToken::new();
    let house = House {
        port,
        controls: Arc::clone(&controls),
        knowledge: Arc::new(knowledge),
        record: Arc::clone(&record),
        rate: Arc::new(Rate::default()),
        stores: Arc::default(),
        stop: stop.clone(),
    };
    let router = routes::router(house);
    let ended = stop.clone().cancelled_owned();
    let serving = tokio::spawn(async move {
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
    Ok(StandIn {
        port,
        record,
        controls,
        stop,
        serving: Some(serving),
    })
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
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The requests that came in, oldest first. Only the last 1,000 are kept, and of their bodies 64 MB.
    pub fn requests(&self) -> Vec<Recorded> {
        self.record.all()
    }

    /// The log's entries after one, oldest first; all of them after 0. Only the last 1,000 are kept, and of
    /// their bodies 64 MB.
    pub fn log(&self, after_id: u64) -> Vec<LogEntry> {
        self.controls.log.after(after_id)
    }

    /// Tells of every request twice: when it comes in, and when its answer is over. Who falls behind by 256 is
    /// told so, and reads the log again.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<LogEntry>> {
        self.controls.log.subscribe()
    }

    /// Forgets the log. Its ids go on counting.
    pub fn clear_log(&self) {
        self.controls.log.clear();
    }

    /// How it is set now, and what came of its rules and recordings.
    pub fn state(&self) -> StandInState {
        self.controls.state(self.port)
    }

    /// Puts these rules in place of all others; their counts start at 0.
    ///
    /// # Errors
    /// One cannot be followed. None is changed then.
    pub fn set_rules(&self, rules: Vec<Rule>) -> Result<(), RuleError> {
        rule::check_all(&rules)?;
        self.controls.set_rules(rules);
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
        self.controls.set_speed(speed);
        Ok(())
    }

    pub fn set_ladder(&self, ladder: Ladder) {
        self.controls.set_ladder(ladder);
    }

    /// The folder of recordings, which need not be there yet; none to have no recordings.
    pub fn set_recordings(&self, folder: Option<PathBuf>) {
        self.controls.set_recordings(folder.map(Recordings::open));
    }

    /// Starts every sequence of recordings over.
    pub fn reset_sequences(&self) {
        self.controls.reset_sequences();
    }

    /// Where requests go that no recording answers. What comes back is recorded where a folder for recordings is
    /// set. With an upstream, requests leave this machine and may cost money.
    ///
    /// # Errors
    /// It cannot be reached by what it says. Nothing is changed then.
    pub fn set_upstream(&self, upstream: Option<Upstream>) -> Result<(), UpstreamError> {
        let forwarder = upstream.map(|upstream| Forwarder::new(upstream, self.port));
        self.controls.set_upstream(forwarder.transpose()?);
        Ok(())
    }

    /// The token that every request must bring from now on; none to take any key.
    pub fn set_token(&self, token: Option<Secret>) {
        self.controls.set_token(token);
    }

    /// Stops listening and cuts the streams that are still being sent.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(mut serving) = self.serving.take() {
            // A client that never finishes its upload must not hold the stop up.
            let patience = Duration::from_secs(1);
            if tokio::time::timeout(patience, &mut serving).await.is_err() {
                serving.abort();
            }
        }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
