//! A file as it was.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::workbench::Workbench;
use crate::workspace::request_file::{self, RequestFile};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadVersionInput {
    /// Of a file, relative to the workspace folder.
    pub path: String,
    /// As `list_versions` gave it.
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadVersionOutput {
    pub text: String,
    /// What it reads as: it can be taken into the editor unsaved.
    pub request: Option<RequestFile>,
    /// Why it can't be read as a request.
    pub problem: Option<Error>,
}

/// # Errors
/// `BadInput` for a version that is none of the file's, `FileUnreadable`.
pub async fn run(bench: &Workbench, input: ReadVersionInput) -> Result<ReadVersionOutput> {
    bench
        .with_workspace(move |workspace| {
            let text = workspace.version_text(&input.path, &input.version)?;
            let (request, problem) = match request_file::parse(Path::new(&input.path), &text) {
                Ok(request) => (Some(request), None),
                Err(problem) => (None, Some(problem)),
            };
            Ok(ReadVersionOutput {
                text,
                request,
                problem,
            })
        })
        .await
}
