//! What this request has cost and taken so far, per level: the figures on the dial.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::history::RunFigure;
use crate::money::figures::{median, median_whole, percentile_whole};
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

/// # Errors
/// What reading the history fails with.
pub async fn run(bench: &Workbench, input: RequestFiguresInput) -> Result<RequestFiguresOutput> {
    let sample = !bench.route().live;
    let efforts = bench
        .catalog
        .model(&input.model)
        .map(|model| model.efforts.clone())
        .unwrap_or_default();
    let records = bench
        .read_history(move |history| history.figures(&input.request_id, &input.model, sample))
        .await?;
    let efforts = efforts
        .into_iter()
        .map(|effort| {
            let runs = records
                .iter()
                .find(|record| record.effort == effort)
                .map_or(&[][..], |record| &record.runs);
            figures(effort, runs)
        })
        .collect();
    Ok(RequestFiguresOutput { sample, efforts })
}

fn figures(effort: String, runs: &[RunFigure]) -> EffortFigures {
    let costs: Vec<u64> = runs.iter().filter_map(|run| run.cost).collect();
    let times: Vec<f64> = runs.iter().filter_map(|run| run.total_ms).collect();
    let tokens: Vec<u64> = runs.iter().filter_map(|run| run.output_tokens).collect();
    EffortFigures {
        effort,
        runs: u32::try_from(runs.len()).unwrap_or(u32::MAX),
        median_cost: median_whole(&costs),
        high_cost: percentile_whole(&costs, 90.0),
        median_total_ms: median(&times),
        median_output_tokens: median_whole(&tokens),
        high_output_tokens: percentile_whole(&tokens, 95.0),
    }
}
