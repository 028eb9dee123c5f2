//! Sends one request and streams its answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::Emit;
use crate::error::Result;
use crate::run::facts::RunView;
use crate::run::patch::RunPatch;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SendInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
    /// The request as it stands in the editor, saved or not.
    pub request: RequestFile,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SendOutput {
    pub run: RunView,
}

pub async fn run(bench: &Workbench, input: SendInput, emit: Emit<RunPatch>) -> Result<SendOutput> {
    let _ = (bench, input, emit);
    Err(crate::error::Error::internal("not yet", "send"))
}
