//! One request at several efforts, side by side: the main job.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::Emit;
use crate::error::Result;
use crate::grade::comparison::ComparisonSummary;
use crate::run::facts::RunView;
use crate::run::patch::RunPatch;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CompareEffortsInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
    pub request: RequestFile,
    /// Empty: every effort of the model.
    pub efforts: Vec<String>,
    /// Runs per level, 1 to 10.
    pub repeats: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CompareEffortsOutput {
    /// UUID v7.
    pub id: String,
    pub request_id: String,
    pub request_name: String,
    /// ms since the epoch, UTC.
    pub started_at: i64,
    pub efforts: Vec<String>,
    pub repeats: u32,
    /// Lane `effort x repeats + repeat`: all repeats of a level lie together.
    pub runs: Vec<RunView>,
    pub summary: ComparisonSummary,
}

pub async fn run(
    bench: &Workbench,
    input: CompareEffortsInput,
    emit: Emit<RunPatch>,
) -> Result<CompareEffortsOutput> {
    let _ = (bench, input, emit);
    Err(crate::error::Error::internal("not yet", "compare_efforts"))
}
