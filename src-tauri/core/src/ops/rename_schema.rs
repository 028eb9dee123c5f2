//! Another name for a schema file; the requests that refer to it follow.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::schema_use::RepointedRequest;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RenameSchemaInput {
    pub path: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RenameSchemaOutput {
    /// Where the schema is now.
    pub path: String,
    /// The requests that referred to the old path.
    pub requests: Vec<RepointedRequest>,
}

/// # Errors
/// `BadInput`, `NameTaken`, `FileUnwritable`: nothing is changed then.
pub async fn run(bench: &Workbench, input: RenameSchemaInput) -> Result<RenameSchemaOutput> {
    bench
        .with_workspace(move |workspace| {
            let (path, requests) = workspace.rename_schema(&input.path, &input.name)?;
            Ok(RenameSchemaOutput { path, requests })
        })
        .await
}
