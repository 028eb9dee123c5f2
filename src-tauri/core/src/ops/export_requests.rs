//! Requests as files of other tools. Nothing is written: the face says where they go.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::blocking;
use crate::error::{Error, ErrorCode, Result};
use crate::workbench::Workbench;
use crate::workspace::export::{
    ExportFile, ExportKind, ExportLeftOut, Outgoing, is_within, outgoing,
};
use crate::workspace::folder::Workspace;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ExportRequestsInput {
    /// These requests. None of these and no folder: all requests.
    #[serde(default)]
    pub request_ids: Vec<String>,
    /// The requests of this folder and the folders in it, relative to the workspace folder.
    #[serde(default)]
    pub folder: Option<String>,
    /// In what form.
    #[serde(rename = "as")]
    pub kind: ExportKind,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ExportRequestsOutput {
    pub files: Vec<ExportFile>,
    /// What the form can't say, and keys.
    pub left_out: Vec<ExportLeftOut>,
}

/// # Errors
/// `BadInput` where there is no such request, `FileUnreadable` and `FileInvalid` where one can't be read.
pub async fn run(bench: &Workbench, input: ExportRequestsInput) -> Result<ExportRequestsOutput> {
    let workspace = bench.workspace.clone();
    blocking::run("The export stopped", move || made(&workspace, &input)).await
}

/// What the export is made of.
pub(super) fn made(
    workspace: &Workspace,
    input: &ExportRequestsInput,
) -> Result<ExportRequestsOutput> {
    let exported = workspace.export(&chosen(workspace, input)?, input.kind)?;
    Ok(ExportRequestsOutput {
        files: exported.files,
        left_out: exported.left_out,
    })
}

fn chosen(workspace: &Workspace, input: &ExportRequestsInput) -> Result<Vec<Outgoing>> {
    let ids: HashSet<&str> = input.request_ids.iter().map(String::as_str).collect();
    let all = ids.is_empty() && input.folder.is_none();
    let outgoing = outgoing(workspace, |summary| {
        all || ids.contains(summary.id.as_str())
            || input
                .folder
                .as_deref()
                .is_some_and(|folder| is_within(folder, summary))
    })?;
    let found = |id: &&String| outgoing.iter().all(|one| one.request.id != **id);
    if let Some(missing) = input.request_ids.iter().find(found) {
        return Err(Error::new(
            ErrorCode::BadInput,
            format!("There is no request with the id {missing:?} in the workspace."),
        )
        .place("requestIds"));
    }
    if outgoing.is_empty() {
        let place = input.folder.as_deref().unwrap_or("the workspace");
        return Err(Error::new(
            ErrorCode::BadInput,
            format!("There are no requests in {place}."),
        )
        .place("folder"));
    }
    Ok(outgoing)
}
