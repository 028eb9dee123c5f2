//! A request file as it stands on disk, and what its folders add to it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::workbench::Workbench;
use crate::workspace::defaults::Inherited;
use crate::workspace::request_file::{ReadRequest, RequestFile};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadRequestInput {
    /// Relative to the workspace folder.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadRequestOutput {
    pub path: String,
    pub request: RequestFile,
    /// What the file was when it was read: hand it back on saving.
    pub stamp: String,
    /// What its folders hand down. Where the body has something of its own at such a place, that is sent.
    pub inherited: Vec<Inherited>,
    /// Why it can't be said what it inherits; it is not sent until that is put right.
    pub inherited_problem: Option<Error>,
}

impl ReadRequestOutput {
    /// A request that was read or written at `path`.
    pub fn of(bench: &Workbench, path: String, read: ReadRequest) -> Self {
        let (inherited, problem) = match bench.workspace.inherited(&path, read.request.endpoint) {
            Ok(inherited) => (inherited, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        Self {
            path,
            request: read.request,
            stamp: read.stamp,
            inherited,
            inherited_problem: problem,
        }
    }
}

/// # Errors
/// `FileUnreadable`, `FileInvalid`, `BadInput`.
pub async fn run(bench: &Workbench, input: ReadRequestInput) -> Result<ReadRequestOutput> {
    let read = bench.workspace.read(&input.path)?;
    Ok(ReadRequestOutput::of(bench, input.path, read))
}
