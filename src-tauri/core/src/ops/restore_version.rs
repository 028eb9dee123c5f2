//! Puts an earlier version into the file. What the file held is kept as a version itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::listing::TreeNews;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RestoreVersionInput {
    /// Of a file, relative to the workspace folder.
    pub path: String,
    /// As `list_versions` gave it.
    pub version: String,
    /// What the file was when it was read, "" where it is not there any more. If it has changed since, nothing
    /// is written.
    pub stamp: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RestoreVersionOutput {
    pub stamp: String,
    pub news: TreeNews,
}

/// # Errors
/// `FileChanged`, `FileUnwritable`, `BadInput`; `FileInvalid` for a version that is no request. The file is as
/// it was.
pub async fn run(bench: &Workbench, input: RestoreVersionInput) -> Result<RestoreVersionOutput> {
    bench
        .with_workspace(move |workspace| {
            let (stamp, news) = workspace.changing(|workspace| {
                workspace.restore_version(&input.path, &input.version, &input.stamp)
            })?;
            Ok(RestoreVersionOutput { stamp, news })
        })
        .await
}
