//! `rheostat mock`: the stand-in on a port of its own, until Ctrl-C.

use rheostat_core::error::{Error, ErrorCode};
use rheostat_mock::{Options, Speed};

use crate::say;

/// Serves until it is interrupted.
pub async fn serve(port: u16, speed: Speed) -> Result<bool, Error> {
    let stand_in = rheostat_mock::start(Options { port, speed })
        .await
        .map_err(|error| Error::new(ErrorCode::BadInput, error.to_string()).place("--port"))?;
    say::print(&format!("Sample replies at {}", stand_in.base_url()))?;
    eprintln!(
        "Point a client at it with OPENAI_BASE_URL={} and any key. Ctrl-C ends it.",
        stand_in.base_url()
    );
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| Error::internal("Ctrl-C could not be waited for", error))?;
    stand_in.stop().await;
    Ok(true)
}
