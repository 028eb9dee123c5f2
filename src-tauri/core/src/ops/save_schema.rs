//! Writes a schema file, whole or not at all, if it still is what it was when it was read.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveSchemaInput {
    pub path: String,
    /// Kept as it is spelled.
    pub text: String,
    /// The stamp it was read with; "" writes a file anew that is gone.
    pub stamp: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveSchemaOutput {
    pub stamp: String,
}

/// # Errors
/// `FileInvalid` for a text that is no JSON, `FileChanged`, `FileUnwritable`, `BadInput`. The file is as it was.
pub async fn run(bench: &Workbench, input: SaveSchemaInput) -> Result<SaveSchemaOutput> {
    bench
        .with_workspace(move |workspace| {
            let stamp = workspace.save_schema(&input.path, &input.text, &input.stamp)?;
            Ok(SaveSchemaOutput { stamp })
        })
        .await
}
