//! Gives a request an id of its own, where another file has the same.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;
use crate::workspace::listing::TreeNews;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct GiveNewIdInput {
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct GiveNewIdOutput {
    pub id: String,
    pub news: TreeNews,
}

/// # Errors
/// `FileInvalid`, `FileUnwritable`, `BadInput`.
pub async fn run(bench: &Workbench, input: GiveNewIdInput) -> Result<GiveNewIdOutput> {
    bench
        .with_workspace(move |workspace| {
            let (id, news) = workspace.changing(|workspace| workspace.give_new_id(&input.path))?;
            Ok(GiveNewIdOutput { id, news })
        })
        .await
}
