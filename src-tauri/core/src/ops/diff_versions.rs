//! What is different between two versions of a file: parameters by their path, prompts by their lines.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::differences::{FieldChange, differences};
use crate::workspace::folder::Workspace;
use crate::workspace::request_file;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DiffVersionsInput {
    /// Of a file, relative to the workspace folder.
    pub path: String,
    /// The earlier one, as `list_versions` gave it; `null`: the file as it is.
    pub before: Option<String>,
    /// The later one; `null`: the file as it is.
    pub after: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DiffVersionsOutput {
    /// In the order of the later one; empty where both are the same.
    pub changes: Vec<FieldChange>,
}

/// # Errors
/// `BadInput` for a version that is none of the file's, `FileUnreadable`.
pub async fn run(bench: &Workbench, input: DiffVersionsInput) -> Result<DiffVersionsOutput> {
    bench
        .with_workspace(move |workspace| {
            let before = text(workspace, &input.path, input.before.as_deref())?;
            let after = text(workspace, &input.path, input.after.as_deref())?;
            Ok(DiffVersionsOutput {
                changes: differences(&input.path, &before, &after),
            })
        })
        .await
}

fn text(workspace: &Workspace, path: &str, version: Option<&str>) -> Result<String> {
    match version {
        Some(version) => workspace.version_text(path, version),
        None => request_file::read_text(&workspace.resolve(path)?),
    }
}
