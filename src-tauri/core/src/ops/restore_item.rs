//! Puts a deleted request or folder back: where it was, or beside what is there now.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::tree_change;
pub use super::tree_change::TreeChange as RestoreItemOutput;
use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RestoreItemInput {
    /// As `delete_item` gave it.
    pub handle: String,
}

/// # Errors
/// `BadInput` for a handle of nothing, or of another workspace; `FileUnwritable`: it can be tried again then.
pub async fn run(bench: &Workbench, input: RestoreItemInput) -> Result<RestoreItemOutput> {
    tree_change::make(bench, move |workspace| {
        workspace.restore_item(&input.handle)
    })
    .await
}
