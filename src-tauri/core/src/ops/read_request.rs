//! A request file as it stands on disk.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadRequestInput {
    /// Relative to the workspace folder.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadRequestOutput {
    pub path: String,
    pub request: RequestFile,
    /// What the file was when it was read: hand it back on saving.
    pub stamp: String,
}

/// # Errors
/// `FileUnreadable`, `FileInvalid`, `BadInput`.
pub async fn run(bench: &Workbench, input: ReadRequestInput) -> Result<ReadRequestOutput> {
    let read = bench.workspace.read(&input.path)?;
    Ok(ReadRequestOutput {
        path: input.path,
        request: read.request,
        stamp: read.stamp,
    })
}
