//! Chooses what answers one request of the workspace on mock, whatever the ladder says.

use rheostat_mock::Pinned;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::mock_state;
pub use super::mock_state::MockStateOutput as PinMockOutput;
use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PinMockInput {
    /// The id of the request file.
    pub request_id: String,
    /// None leaves it to the ladder again.
    pub answer: Option<Pinned>,
}

/// # Errors
/// `FileUnwritable`; everything is as it was then.
pub async fn run(bench: &Workbench, input: PinMockInput) -> Result<PinMockOutput> {
    let mock = bench.mock()?;
    mock.change(|settings| match input.answer {
        Some(answer) => {
            settings.answers.insert(input.request_id, answer);
        }
        None => {
            settings.answers.remove(&input.request_id);
        }
    })?;
    mock_state::state(bench).await
}
