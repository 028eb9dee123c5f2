//! Moves a schema file out of the workspace, with a handle for `restore_item`. Requests keep their references to it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DeleteSchemaInput {
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DeleteSchemaOutput {
    /// For `restore_item`, for 30 days.
    pub handle: String,
}

/// # Errors
/// `BadInput` for what is not there; `FileUnwritable`: it is where it was then.
pub async fn run(bench: &Workbench, input: DeleteSchemaInput) -> Result<DeleteSchemaOutput> {
    bench
        .with_workspace(move |workspace| {
            let handle = workspace.delete_schema(&input.path)?;
            Ok(DeleteSchemaOutput { handle })
        })
        .await
}
