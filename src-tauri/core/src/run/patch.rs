//! What streams to a face: one patch per frame for all lanes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::facts::LanePatch;
use crate::grade::comparison::ComparisonSummary;

/// The changes of one frame. The first patch of a stream carries the facts of every lane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RunPatch {
    pub lanes: Vec<LanePatch>,
    /// Sent with every change of it, in comparisons.
    pub summary: Option<ComparisonSummary>,
}
