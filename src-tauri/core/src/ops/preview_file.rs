//! A picture of the workspace that a message names, to look at.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::media::FileRef;
use crate::workbench::Workbench;
use crate::workspace::attached::cannot;

/// In bytes. A larger one is not worth what it takes to bring it to the window.
const MOST: usize = 6 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PreviewFileInput {
    /// What stands for it in a body.
    pub reference: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PreviewFileOutput {
    /// A data URL; None for what is no picture, or larger than 6 MB.
    pub data_url: Option<String>,
}

/// # Errors
/// As sending it: `BadInput`, `FileUnreadable`, `FileInvalid`.
pub async fn run(bench: &Workbench, input: PreviewFileInput) -> Result<PreviewFileOutput> {
    let named = FileRef::parse(&input.reference).ok_or_else(|| {
        Error::new(ErrorCode::BadInput, "This names no file of the workspace.").place("reference")
    })?;
    let file = bench
        .with_workspace(move |workspace| {
            workspace
                .attached(&named, false)
                .map_err(|trouble| cannot(&trouble, &named.path))
        })
        .await?;
    let shown = file.kind.picture && file.bytes.len() <= MOST;
    Ok(PreviewFileOutput {
        data_url: shown.then(|| file.data_url()),
    })
}
