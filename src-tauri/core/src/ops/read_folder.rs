//! What a folder hands down, and what it is handed down itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::defaults::{self, FolderFile, Inherited};
use crate::workspace::names;
use crate::workspace::request_file::Endpoint;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadFolderInput {
    /// "" for the workspace itself.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadFolderOutput {
    pub path: String,
    pub folder: FolderFile,
    /// What its `folder.yaml` was when it was read, "" where there is none: hand it back on saving.
    pub stamp: String,
    /// What the folders above hand down to it.
    pub inherited: Vec<Inherited>,
}

/// # Errors
/// `FileUnreadable`, `FileInvalid`, `BadInput`.
pub async fn run(bench: &Workbench, input: ReadFolderInput) -> Result<ReadFolderOutput> {
    bench
        .with_workspace(move |workspace| {
            let (folder, stamp) = workspace.read_folder(&input.path)?;
            let mut chain = workspace.chain(&names::join(&input.path, names::FOLDER_FILE))?;
            chain.retain(|(from, _)| *from != input.path);
            Ok(ReadFolderOutput {
                path: input.path,
                folder,
                stamp,
                inherited: defaults::inherited(&chain, Endpoint::Responses),
            })
        })
        .await
}
