//! The latest run of a request, to show when it is opened again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::run::facts::RunView;
use crate::run::replay;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LastRunInput {
    pub request_id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LastRunOutput {
    pub run: Option<RunView>,
}

/// # Errors
/// What reading the history fails with.
pub async fn run(bench: &Workbench, input: LastRunInput) -> Result<LastRunOutput> {
    let run = bench
        .read_history(move |history| match history.last_run(&input.request_id)? {
            Some(run) => replay::view(history, run.facts).map(Some),
            None => Ok(None),
        })
        .await?;
    Ok(LastRunOutput { run })
}
