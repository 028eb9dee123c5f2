//! Everything in the tree, read to the end.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::listing::FolderSummary;
use crate::workspace::request_file::RequestSummary;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListRequestsInput {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListRequestsOutput {
    /// In the order of the tree, the workspace itself first.
    pub folders: Vec<FolderSummary>,
    /// In the order of the tree.
    pub requests: Vec<RequestSummary>,
}

/// # Errors
/// `WorkspaceGone`.
pub async fn run(bench: &Workbench, _: ListRequestsInput) -> Result<ListRequestsOutput> {
    let listing = bench
        .with_workspace(|workspace| workspace.listing())
        .await?;
    Ok(ListRequestsOutput {
        folders: listing.folders,
        requests: listing.requests,
    })
}
