//! What a file of the workspace was before: commits and saves, the newest first.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::workbench::Workbench;
use crate::workspace::versions::Version;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListVersionsInput {
    /// Of a file, relative to the workspace folder.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListVersionsOutput {
    pub versions: Vec<Version>,
    /// Why commits are missing among them.
    pub problem: Option<Error>,
}

/// # Errors
/// `BadInput` for a path that leads out, `FileUnreadable`.
pub async fn run(bench: &Workbench, input: ListVersionsInput) -> Result<ListVersionsOutput> {
    bench
        .with_workspace(move |workspace| {
            let (versions, problem) = workspace.versions(&input.path)?;
            Ok(ListVersionsOutput { versions, problem })
        })
        .await
}
