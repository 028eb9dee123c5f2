//! Puts a deleted recording back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::mock_state;
pub use super::mock_state::MockStateOutput as RestoreRecordingOutput;
use crate::error::{Error, ErrorCode, Result};
use crate::mock::recording_path;
use crate::workbench::Workbench;
use crate::workspace::write;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RestoreRecordingInput {
    /// The file's name within the folder of recordings.
    pub file: String,
    pub text: String,
}

/// # Errors
/// `BadInput` for a name that is none, or where such a file is there again; `FileUnwritable`.
pub async fn run(
    bench: &Workbench,
    input: RestoreRecordingInput,
) -> Result<RestoreRecordingOutput> {
    let path = recording_path(bench.mock()?, &input.file)?;
    if path.exists() {
        return Err(Error::new(
            ErrorCode::BadInput,
            format!("{} is there already.", input.file),
        )
        .place("file"));
    }
    write::write(&path, &input.text)?;
    mock_state::state(bench).await
}
