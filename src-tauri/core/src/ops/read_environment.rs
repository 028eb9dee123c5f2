//! One environment, to look at or to edit.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::auth::KeyLabel;
use crate::error::Result;
use crate::workbench::Workbench;
use crate::workbench::live::Live;
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
    /// The key that live calls use there, as far as that can be told without asking the keychain.
    pub key: Option<KeyLabel>,
}

/// # Errors
/// `BadInput` where there is none, `FileInvalid` where its file can't be used.
pub async fn run(bench: &Workbench, input: ReadEnvironmentInput) -> Result<ReadEnvironmentOutput> {
    let (read, environment) = bench.workspace.environment(&input.environment)?;
    let live = Live::in_environment(&read.path, environment.clone()).ok();
    Ok(ReadEnvironmentOutput {
        path: read.path,
        environment,
        stamp: read.stamp.unwrap_or_default(),
        key: live.and_then(|live| bench.keys.label(&live.key_place())),
    })
}
