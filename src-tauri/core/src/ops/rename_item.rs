//! Gives a request or a folder another name.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::tree_change;
pub use super::tree_change::TreeChange as RenameItemOutput;
use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RenameItemInput {
    /// Of a request or a folder, relative to the workspace folder.
    pub path: String,
    pub name: String,
}

/// # Errors
/// `BadInput` for a name that can't be, `NameTaken`, `FileInvalid` for a request that can't be read, `FileUnwritable`.
pub async fn run(bench: &Workbench, input: RenameItemInput) -> Result<RenameItemOutput> {
    let from = input.path.clone();
    tree_change::carry_out(bench, &from, move |workspace| {
        workspace.rename_item(&input.path, &input.name)
    })
    .await
}
