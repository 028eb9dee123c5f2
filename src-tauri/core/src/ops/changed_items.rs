//! Files that are not as they were committed, where the workspace lies in a Git repository.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::versions::ChangedItem;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ChangedItemsInput {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ChangedItemsOutput {
    /// The workspace lies in a repository, and Git is there to ask.
    pub git: bool,
    /// By path.
    pub items: Vec<ChangedItem>,
}

/// # Errors
/// `FileUnreadable` with what Git says.
pub async fn run(bench: &Workbench, _: ChangedItemsInput) -> Result<ChangedItemsOutput> {
    let changed = bench
        .with_workspace(|workspace| workspace.changed_items())
        .await?;
    Ok(ChangedItemsOutput {
        git: changed.is_some(),
        items: changed.unwrap_or_default(),
    })
}
