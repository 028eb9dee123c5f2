//! Starting the stand-in, asking it what it saw, and stopping it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::knowledge::Knowledge;
use crate::options::{Options, Speed};
use crate::rate::Rate;
use crate::record::{Record, Recorded};
use crate::routes::{self, House};

/// Why the stand-in did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("Port {port} is in use. Choose another with --port, or stop what uses it.")]
    PortInUse { port: u16 },
    #[error("The system refused port {port}. Choose one above 1023 with --port.")]
    PortRefused { port: u16 },
    #[error("A speed of {factor} cannot be followed. Give a number above zero.")]
    Speed { factor: f64 },
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
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

/// Starts a stand-in on 127.0.0.1. It must be called inside a tokio runtime.
pub async fn start(options: Options) -> Result<StandIn, StartError> {
    if let Speed::Multiple(factor) = options.speed
        && !(factor.is_finite() && factor > 0.0)
    {
        return Err(StartError::Speed { factor });
    }
    let knowledge = Knowledge::load()?;
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = TcpListener::bind(wanted)
        .await
        .map_err(|source| refused(options.port, source))?;
    let port = listener
        .local_addr()
        .map_err(|source| refused(options.port, source))?
        .port();

    let record = Arc::new(Record::default());
    let stop = CancellationToken::new();
    let house = House {
        port,
        speed: options.speed,
        knowledge: Arc::new(knowledge),
        record: Arc::clone(&record),
        rate: Arc::new(Rate::default()),
        stores: Arc::default(),
        stop: stop.clone(),
    };
    let router = routes::router(house);
    let ended = stop.clone().cancelled_owned();
    let serving = tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(ended);
        if let Err(error) = served.await {
            tracing::error!(%error, "the stand-in stopped serving");
        }
    });
    tracing::info!(port, "the stand-in listens");
    Ok(StandIn {
        port,
        record,
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
