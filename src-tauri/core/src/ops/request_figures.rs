//! What this request has cost and taken so far, per level: the figures on the dial.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RequestFiguresInput {
    pub request_id: String,
    pub model: String,
}

/// The last 20 completed runs of one level, of the connection's own kind: samples and answers never mix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EffortFigures {
    pub effort: String,
    pub runs: u32,
    /// Nano-dollars.
    pub median_cost: Option<u64>,
    /// 90th percentile, nano-dollars.
    pub high_cost: Option<u64>,
    pub median_total_ms: Option<f64>,
    /// Reasoning and visible output together.
    pub median_output_tokens: Option<u64>,
    /// 95th percentile.
    pub high_output_tokens: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RequestFiguresOutput {
    /// The figures come from sample replies.
    pub sample: bool,
    /// In the order of the model's efforts; levels without runs are there with 0.
    pub efforts: Vec<EffortFigures>,
}

pub async fn run(bench: &Workbench, input: RequestFiguresInput) -> Result<RequestFiguresOutput> {
    let _ = (bench, input);
    Err(crate::error::Error::internal("not yet", "request_figures"))
}
