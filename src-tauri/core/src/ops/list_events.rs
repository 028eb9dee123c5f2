//! The events of a run as rows, runs of deltas folded to one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListEventsInput {
    pub run_id: String,
}

/// One event, or a run of deltas of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EventRow {
    /// Place of the first event in the run, from 0.
    pub index: u32,
    /// How many events the row stands for.
    pub count: u32,
    /// The event's type.
    pub kind: String,
    /// ms since the send, of the first and of the last event.
    pub at_ms: f64,
    pub until_ms: f64,
    /// A short look at the payload.
    pub preview: String,
    /// The numbering skips or repeats here.
    pub gap: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListEventsOutput {
    pub rows: Vec<EventRow>,
    pub total: u32,
}

/// # Errors
/// What reading the history fails with.
pub async fn run(bench: &Workbench, input: ListEventsInput) -> Result<ListEventsOutput> {
    bench
        .read_history(move |history| {
            Ok(ListEventsOutput {
                rows: history.event_rows(&input.run_id)?,
                total: history.event_count(&input.run_id)?,
            })
        })
        .await
}
