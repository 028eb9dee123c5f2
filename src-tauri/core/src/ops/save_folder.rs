//! Writes down what a folder hands down, whole or not at all.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::defaults::FolderFile;
use crate::workspace::listing::TreeNews;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveFolderInput {
    /// "" for the workspace itself.
    pub path: String,
    pub folder: FolderFile,
    /// The stamp it was read with. If the file has changed since, nothing is written.
    pub stamp: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveFolderOutput {
    pub stamp: String,
    /// Requests below it may be shown in another way now.
    pub news: TreeNews,
}

/// # Errors
/// `FileChanged`, `FileUnwritable`, `BadInput`. The file is as it was.
pub async fn run(bench: &Workbench, input: SaveFolderInput) -> Result<SaveFolderOutput> {
    bench
        .with_workspace(move |workspace| {
            let (stamp, news) = workspace.changing(|workspace| {
                workspace.save_folder(&input.path, &input.folder, &input.stamp)
            })?;
            Ok(SaveFolderOutput { stamp, news })
        })
        .await
}
