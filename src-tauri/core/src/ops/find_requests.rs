//! Finds requests by name, tag, folder and prompt.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
pub use crate::workspace::search::Found as FindRequestsOutput;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FindRequestsInput {
    /// Words that all have to be there, whatever the capitals. `tag:word` looks at tags alone.
    pub text: String,
}

/// # Errors
/// `BadInput` for a text without a word, `WorkspaceGone`.
pub async fn run(bench: &Workbench, input: FindRequestsInput) -> Result<FindRequestsOutput> {
    bench
        .with_workspace(move |workspace| workspace.find(&input.text))
        .await
}
