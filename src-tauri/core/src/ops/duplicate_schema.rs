//! A copy of a schema file beside it. No request refers to the copy.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DuplicateSchemaInput {
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DuplicateSchemaOutput {
    /// Of the copy.
    pub path: String,
}

/// # Errors
/// `FileUnreadable`, `FileInvalid`, `FileUnwritable`, `BadInput`.
pub async fn run(bench: &Workbench, input: DuplicateSchemaInput) -> Result<DuplicateSchemaOutput> {
    bench
        .with_workspace(move |workspace| {
            let path = workspace.duplicate_schema(&input.path)?;
            Ok(DuplicateSchemaOutput { path })
        })
        .await
}
