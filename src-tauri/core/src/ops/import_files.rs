//! Brings files of other tools into the workspace.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::blocking;
use crate::error::Result;
use crate::ops::import_preview::{self, ImportPreviewInput, ImportText};
use crate::workbench::Workbench;
use crate::workspace::import::{self, ImportKind, Imported, LeftOut};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ImportFilesInput {
    /// Files and folders of this machine.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Files that the face has read.
    #[serde(default)]
    pub files: Vec<ImportText>,
    /// What was pasted.
    #[serde(default)]
    pub text: Option<String>,
    /// Translate requests for Chat Completions; else they stay as they are.
    #[serde(default)]
    pub to_responses: bool,
    /// The folder of the workspace that it goes into, "" for its top.
    #[serde(default)]
    pub folder: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ImportFilesOutput {
    /// The new files, relative to the workspace folder.
    pub paths: Vec<String>,
    /// What each of them was when it was written, in the same order: for `undo_import`.
    pub stamps: Vec<String>,
    /// The folders that were not there before, outer ones first.
    pub folders: Vec<String>,
    pub left_out: Vec<LeftOut>,
    /// The formats that were found.
    pub kinds: Vec<ImportKind>,
}

/// # Errors
/// As `import_preview`; `BadInput` for a folder outside of the workspace; `FileUnwritable`: then nothing was imported.
pub async fn run(bench: &Workbench, input: ImportFilesInput) -> Result<ImportFilesOutput> {
    let Imported {
        kinds,
        items,
        left_out,
    } = import_preview::gather(ImportPreviewInput {
        paths: input.paths,
        files: input.files,
        text: input.text,
        to_responses: input.to_responses,
    })
    .await?;
    let workspace = bench.workspace.clone();
    let imported = Imported {
        kinds: Vec::new(),
        items,
        left_out: Vec::new(),
    };
    let written = blocking::run("The import stopped", move || {
        import::write(&workspace, &imported, &input.folder)
    })
    .await?;
    Ok(ImportFilesOutput {
        paths: written.paths,
        stamps: written.stamps,
        folders: written.folders,
        left_out,
        kinds,
    })
}
