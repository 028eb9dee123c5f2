//! A new schema file, named after its schema. Never over another.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CreateSchemaInput {
    pub name: String,
    /// JSON.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CreateSchemaOutput {
    pub path: String,
    pub stamp: String,
}

/// # Errors
/// `FileInvalid` for a text that is no JSON; `FileUnwritable`.
pub async fn run(bench: &Workbench, input: CreateSchemaInput) -> Result<CreateSchemaOutput> {
    bench
        .with_workspace(move |workspace| {
            let (path, stamp) = workspace.create_schema(&input.name, &input.text)?;
            Ok(CreateSchemaOutput { path, stamp })
        })
        .await
}
