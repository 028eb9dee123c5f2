//! Tells of the workspace as it is and of every change in it, until it is stopped by its ticket.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::Emit;
use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::listing::TreeNews;
use crate::workspace::watch;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WatchWorkspaceInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WatchWorkspaceOutput {}

/// # Errors
/// None: what stands in the way of watching is told in the stream, which goes on when it is over.
pub async fn run(
    bench: &Workbench,
    input: WatchWorkspaceInput,
    emit: Emit<TreeNews>,
) -> Result<WatchWorkspaceOutput> {
    let tokens = bench.tickets.open(&input.ticket, 1);
    let stopped = async {
        match tokens.first() {
            Some(token) => token.cancelled().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = watch::watch(&bench.workspace, |news| emit.send(news)) => {}
        () = stopped => {}
    }
    bench.tickets.close(&input.ticket);
    Ok(WatchWorkspaceOutput {})
}
