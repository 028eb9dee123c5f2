//! One environment, to look at or to edit.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::environment_file::EnvironmentFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadEnvironmentInput {
    /// Its id or its name.
    pub environment: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadEnvironmentOutput {
    /// Relative to the workspace folder, with forward slashes.
    pub path: String,
    pub environment: EnvironmentFile,
    /// What the file is, for `save_environment`.
    pub stamp: String,
}

/// # Errors
/// `BadInput` where there is none, `FileInvalid` where its file can't be used.
pub async fn run(bench: &Workbench, input: ReadEnvironmentInput) -> Result<ReadEnvironmentOutput> {
    let (read, environment) = bench.workspace.environment(&input.environment)?;
    Ok(ReadEnvironmentOutput {
        path: read.path,
        environment,
        stamp: read.stamp.unwrap_or_default(),
    })
}
