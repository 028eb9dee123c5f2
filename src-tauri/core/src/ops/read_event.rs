//! One raw event, as it came over the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
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

pub async fn run(bench: &Workbench, input: ReadEventInput) -> Result<ReadEventOutput> {
    let _ = (bench, input);
    Err(crate::error::Error::internal("not yet", "read_event"))
}
