//! Copies a request or a folder beside itself. Copied requests have ids of their own, and no runs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::tree_change;
pub use super::tree_change::TreeChange as DuplicateItemOutput;
use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DuplicateItemInput {
    /// Of a request or a folder, relative to the workspace folder.
    pub path: String,
}

/// # Errors
/// `BadInput` for what is not there, `FileInvalid` for a request that can't be read, `FileUnwritable`.
pub async fn run(bench: &Workbench, input: DuplicateItemInput) -> Result<DuplicateItemOutput> {
    tree_change::make(bench, move |workspace| {
        workspace.duplicate_item(&input.path)
    })
    .await
}
