//! Writes a request back to its file, whole or not at all.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::request_file::{RequestFile, RequestSummary};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveRequestInput {
    pub path: String,
    pub request: RequestFile,
    /// The stamp it was read with. If the file has changed since, nothing is written.
    pub stamp: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveRequestOutput {
    pub stamp: String,
    pub summary: RequestSummary,
}

/// # Errors
/// `FileChanged`, `FileUnwritable`, `BadInput`. The file is as it was.
pub async fn run(bench: &Workbench, input: SaveRequestInput) -> Result<SaveRequestOutput> {
    let (stamp, summary) = bench
        .workspace
        .save(&input.path, &input.request, &input.stamp)?;
    Ok(SaveRequestOutput { stamp, summary })
}
