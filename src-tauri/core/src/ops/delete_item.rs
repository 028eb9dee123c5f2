//! Moves a request or a folder out of the workspace, with a handle to put it back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::listing::TreeNews;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DeleteItemInput {
    /// Of a request or a folder, relative to the workspace folder.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DeleteItemOutput {
    /// For `restore_item`, for 30 days.
    pub handle: String,
    pub news: TreeNews,
}

/// # Errors
/// `BadInput` for what is not there; `FileUnwritable`: it is where it was then.
pub async fn run(bench: &Workbench, input: DeleteItemInput) -> Result<DeleteItemOutput> {
    bench
        .with_workspace(move |workspace| {
            let (handle, news) =
                workspace.changing(|workspace| workspace.delete_item(&input.path))?;
            Ok(DeleteItemOutput { handle, news })
        })
        .await
}
