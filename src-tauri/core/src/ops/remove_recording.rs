//! Deletes a recording, and hands its text over so that this can be undone.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::mock_state::{self, MockStateOutput};
use crate::error::{Error, ErrorCode, Result};
use crate::mock::recording_path;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RemoveRecordingInput {
    /// The file's name within the folder of recordings.
    pub file: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RemoveRecordingOutput {
    /// What it held, for `restore_recording`.
    pub text: String,
    pub state: MockStateOutput,
}

/// # Errors
/// `BadInput` for a name that is none of the folder's, `FileUnreadable` for a file that can't be handed over: it is
/// not deleted then.
pub async fn run(bench: &Workbench, input: RemoveRecordingInput) -> Result<RemoveRecordingOutput> {
    let path = recording_path(bench.mock()?, &input.file)?;
    let text = crate::workspace::request_file::read_text(&path)?;
    std::fs::remove_file(&path).map_err(|error| {
        Error::new(
            ErrorCode::FileUnwritable,
            format!("{} could not be deleted: {error}.", path.display()),
        )
        .place(input.file.clone())
    })?;
    Ok(RemoveRecordingOutput {
        text,
        state: mock_state::state(bench).await?,
    })
}
