//! The text of a schema file, whether it is JSON or not: who opens it can mend it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::workbench::Workbench;
use crate::workspace::schema_file;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadSchemaInput {
    /// Relative to the workspace folder, such as `schemas/answer.json`.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadSchemaOutput {
    pub path: String,
    pub text: String,
    /// What the file was when it was read: hand it back on saving.
    pub stamp: String,
    /// Why the text is no JSON, naming the line.
    pub problem: Option<Error>,
}

/// # Errors
/// `FileUnreadable`; `BadInput` for a path that is none of a schema.
pub async fn run(bench: &Workbench, input: ReadSchemaInput) -> Result<ReadSchemaOutput> {
    bench
        .with_workspace(move |workspace| {
            let (text, stamp) = workspace.read_schema_text(&input.path)?;
            let problem = schema_file::parse(input.path.as_ref(), &text).err();
            Ok(ReadSchemaOutput {
                path: input.path,
                text,
                stamp,
                problem,
            })
        })
        .await
}
