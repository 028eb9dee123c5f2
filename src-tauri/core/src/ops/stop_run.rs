//! Stops a stream, or one lane of it. What came is kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct StopRunInput {
    /// The ticket that the stream was started with.
    pub ticket: String,
    /// Only this lane; None stops all.
    pub lane: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct StopRunOutput {
    /// Something was still running.
    pub stopped: bool,
}

/// # Errors
/// None: a stream that is over is no error.
pub async fn run(bench: &Workbench, input: StopRunInput) -> Result<StopRunOutput> {
    Ok(StopRunOutput {
        stopped: bench.tickets.stop(&input.ticket, input.lane),
    })
}
