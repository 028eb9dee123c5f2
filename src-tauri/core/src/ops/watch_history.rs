//! Tells when a run begins or ends, in this process or in another one that writes the same history.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::Emit;
use crate::error::Result;
use crate::workbench::Workbench;

/// How often it looks: another process can't say that it wrote. A look costs two steps in an index.
const LOOK_EVERY: Duration = Duration::from_millis(400);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WatchHistoryInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
}

/// Runs began or ended since the last news, or since the start: read the list again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct HistoryNews {
    /// Runs that are going on.
    pub running: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WatchHistoryOutput {}

/// Ends when it is stopped by its ticket.
///
/// # Errors
/// None: a history that can't be read for a while is looked at again.
pub async fn run(
    bench: &Workbench,
    input: WatchHistoryInput,
    emit: Emit<HistoryNews>,
) -> Result<WatchHistoryOutput> {
    let tokens = bench.tickets.open(&input.ticket, 1);
    let watch = async {
        let mut known = None;
        loop {
            let history = Arc::clone(&bench.history);
            let now = tokio::task::spawn_blocking(move || history.pulse()).await;
            if let Ok(Ok(now)) = now {
                if known.is_some_and(|known| known != now) {
                    emit.send(&HistoryNews {
                        running: now.running,
                    });
                }
                known = Some(now);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let stopped = async {
        match tokens.first() {
            Some(token) => token.cancelled().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = watch => {}
        () = stopped => {}
    }
    bench.tickets.close(&input.ticket);
    Ok(WatchHistoryOutput {})
}
