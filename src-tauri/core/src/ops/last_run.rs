//! The latest run of a request, to show when it is opened again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::run::facts::RunView;
use crate::run::replay;
use crate::run::turn::{self, TurnStep};
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
    /// The runs before it in the same turn, the first one first.
    pub earlier: Vec<TurnStep>,
}

/// # Errors
/// What reading the history fails with.
pub async fn run(bench: &Workbench, input: LastRunInput) -> Result<LastRunOutput> {
    bench
        .read_history(move |history| {
            let Some(run) = history.last_run(&input.request_id)? else {
                return Ok(LastRunOutput {
                    run: None,
                    earlier: Vec::new(),
                });
            };
            Ok(LastRunOutput {
                earlier: turn::earlier(history, &run.facts)?,
                run: Some(replay::view(history, run.facts)?),
            })
        })
        .await
}
