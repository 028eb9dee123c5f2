//! A new folder.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::tree_change;
pub use super::tree_change::TreeChange as CreateFolderOutput;
use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CreateFolderInput {
    /// Where to make it, "" for the top.
    pub folder: String,
    pub name: String,
}

/// # Errors
/// `BadInput` for a name that some system refuses, `NameTaken`, `FileUnwritable`.
pub async fn run(bench: &Workbench, input: CreateFolderInput) -> Result<CreateFolderOutput> {
    tree_change::make(bench, move |workspace| {
        workspace.create_folder(&input.folder, &input.name)
    })
    .await
}
