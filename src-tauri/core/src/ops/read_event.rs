//! One raw event, as it came over the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::error::{Error, ErrorCode};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadEventInput {
    pub run_id: String,
    /// From 0.
    pub index: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadEventOutput {
    pub index: u32,
    pub at_ms: f64,
    /// The event's data, byte for byte.
    pub raw: String,
}

/// # Errors
/// `BadInput` where the run has no such event.
pub async fn run(bench: &Workbench, input: ReadEventInput) -> Result<ReadEventOutput> {
    let index = input.index;
    let event = bench
        .read_history(move |history| history.event(&input.run_id, index))
        .await?;
    let event = event.ok_or_else(|| {
        Error::new(
            ErrorCode::BadInput,
            format!("The run has no event {index}."),
        )
        .place("index")
    })?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "microseconds of a run are far below 2^52"
    )]
    Ok(ReadEventOutput {
        index,
        at_ms: event.at_us as f64 / 1000.0,
        raw: event.raw,
    })
}
