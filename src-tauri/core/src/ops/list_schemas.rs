//! Every schema of the workspace: files with who uses them, those in requests, and references that lead nowhere.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::schema_files::SchemaSummary;
use crate::workspace::schema_use::{InlineSchema, LostSchema};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListSchemasInput {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListSchemasOutput {
    /// By path.
    pub files: Vec<SchemaSummary>,
    /// Requests with a schema in their own body, in the order of the tree.
    pub inline: Vec<InlineSchema>,
    /// Requests that refer to a schema that can't be used: they are not sent until that is put right.
    pub lost: Vec<LostSchema>,
}

/// # Errors
/// `WorkspaceGone`.
pub async fn run(bench: &Workbench, _: ListSchemasInput) -> Result<ListSchemasOutput> {
    let list = bench
        .with_workspace(|workspace| workspace.list_schemas())
        .await?;
    Ok(ListSchemasOutput {
        files: list.files,
        inline: list.inline,
        lost: list.lost,
    })
}
