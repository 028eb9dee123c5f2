//! Takes the files of an import away again, but for those that were changed since.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::workbench::Workbench;
use crate::workspace::folder::Workspace;
use crate::workspace::listing::TreeNews;
use crate::workspace::request_file;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct UndoImportInput {
    /// As `import_files` gave them.
    pub paths: Vec<String>,
    /// What each of them was when it was written, in the same order.
    pub stamps: Vec<String>,
    /// The folders that the import made. One that holds something else by now stays.
    pub folders: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct UndoImportOutput {
    /// How many files were taken away.
    pub removed: u32,
    /// Files that were changed or moved since, or can't be taken away; they are as they were.
    pub kept: Vec<String>,
    pub news: TreeNews,
}

/// # Errors
/// `BadInput` for a path outside of the workspace, and where stamps are missing: then nothing was taken away.
pub async fn run(bench: &Workbench, input: UndoImportInput) -> Result<UndoImportOutput> {
    if input.paths.len() != input.stamps.len() {
        return Err(Error::new(
            ErrorCode::BadInput,
            "Each file needs the stamp that it was written with.",
        )
        .place("stamps"));
    }
    bench
        .with_workspace(move |workspace| {
            let ((removed, kept), news) =
                workspace.changing(|workspace| take_away(workspace, &input))?;
            Ok(UndoImportOutput {
                removed,
                kept,
                news,
            })
        })
        .await
}

fn take_away(workspace: &Workspace, input: &UndoImportInput) -> Result<(u32, Vec<String>)> {
    let files = input
        .paths
        .iter()
        .map(|path| workspace.resolve(path))
        .collect::<Result<Vec<_>>>()?;
    let (mut removed, mut kept) = (0, Vec::new());
    for ((path, file), stamp) in input.paths.iter().zip(files).zip(&input.stamps) {
        let same =
            request_file::read_text(&file).is_ok_and(|text| request_file::stamp(&text) == *stamp);
        if same && std::fs::remove_file(&file).is_ok() {
            removed += 1;
        } else {
            kept.push(path.clone());
        }
    }
    // Inner ones first. One that is not empty refuses, and that is as it should be.
    for folder in input.folders.iter().rev() {
        let _ = std::fs::remove_dir(workspace.resolve(folder)?);
    }
    Ok((removed, kept))
}
