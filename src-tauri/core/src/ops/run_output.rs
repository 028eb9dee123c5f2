//! What one recorded run answered, as text.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::run::facts::RunFacts;
use crate::run::replay;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RunOutputInput {
    pub run_id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RunOutputOutput {
    pub facts: RunFacts,
    /// The output alone: no reasoning, no refusal. Empty where there was none.
    pub text: String,
}

/// # Errors
/// `BadInput` where the history has no such run, and what reading it fails with.
pub async fn run(bench: &Workbench, input: RunOutputInput) -> Result<RunOutputOutput> {
    bench
        .read_history(move |history| {
            let Some(run) = history.run(&input.run_id)? else {
                return Err(Error::new(
                    ErrorCode::BadInput,
                    "This run is no longer in the history.",
                )
                .place(input.run_id));
            };
            let text = replay::output(history, &input.run_id)?;
            Ok(RunOutputOutput {
                facts: run.facts,
                text,
            })
        })
        .await
}
