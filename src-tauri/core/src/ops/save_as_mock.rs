//! Keeps the answer of a run as a recording of the workspace, for the stand-in to replay.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::mock::recording;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveAsMockInput {
    pub run_id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveAsMockOutput {
    /// The file's name within the folder of recordings.
    pub file: String,
    pub name: String,
    /// The same answer was saved before; nothing was written.
    pub known: bool,
}

/// # Errors
/// `BadInput` for a run without an answer, `FileUnwritable`.
pub async fn run(bench: &Workbench, input: SaveAsMockInput) -> Result<SaveAsMockOutput> {
    let folder = bench.mock()?.recordings().to_owned();
    let saved = bench
        .read_history(move |history| {
            let recording = recording::of_run(history, &input.run_id)?.ok_or_else(|| {
                Error::new(ErrorCode::BadInput, "This run is not in the history.").place("runId")
            })?;
            let text = recording.to_text();
            let known = std::fs::read_dir(&folder).ok().into_iter().flatten().flatten().find(|entry| {
                entry.metadata().is_ok_and(|about| about.len() == text.len() as u64)
                    && std::fs::read_to_string(entry.path()).is_ok_and(|other| other == text)
            });
            let name = recording.head.name.clone();
            if let Some(entry) = known {
                let file = entry.file_name().to_string_lossy().into_owned();
                return Ok(SaveAsMockOutput { file, name, known: true });
            }
            let unwritable = |error: std::io::Error| {
                Error::new(ErrorCode::FileUnwritable, format!("The recording could not be written to {}: {error}.", folder.display()))
                    .place(folder.display().to_string())
                    .hint("Check that the folder is yours to write and that the disk is not full. The run is safe in the history.")
            };
            std::fs::create_dir_all(&folder).map_err(unwritable)?;
            let path = recording.write_into(&folder).map_err(unwritable)?;
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(SaveAsMockOutput { file, name, known: false })
        })
        .await?;
    Ok(saved)
}
