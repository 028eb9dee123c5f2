//! What the runs of a comparison say together: figures per level and a verdict.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The middle and the range of one figure over the completed runs of a level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

/// One level of effort, over its runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LevelSummary {
    pub effort: String,
    /// Runs asked for.
    pub runs: u32,
    pub completed: u32,
    /// Over, but not completed: failed, cut, incomplete or stopped.
    pub ended_early: u32,
    /// Checks passed.
    pub checks: Option<Spread>,
    /// Nano-dollars per run.
    pub cost: Option<Spread>,
    pub total_ms: Option<Spread>,
    pub first_output_ms: Option<Spread>,
    pub reasoning_tokens: Option<Spread>,
    pub visible_tokens: Option<Spread>,
}

/// Sums over all runs of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS, Default)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ComparisonTotals {
    pub runs: u32,
    pub completed: u32,
    pub input_tokens: u64,
    pub cached_tokens: u64,
    pub output_tokens: u64,
    pub reasoning_tokens: u64,
    /// Nano-dollars over the runs that have a price.
    pub cost: u64,
    /// Runs with usage but without a price, left out of `cost`.
    pub unpriced_runs: u32,
}

/// A stretch of the verdict's sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct VerdictPart {
    pub text: String,
    pub strong: bool,
}

/// What the figures say, made by fixed rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Verdict {
    /// The cheapest level that does as well as the best, where there is one.
    pub level: Option<String>,
    pub sentence: Vec<VerdictPart>,
    /// How far to trust it: the number of runs, and how many would be firmer.
    pub caution: Option<String>,
}

/// A comparison, summed up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ComparisonSummary {
    /// In the order of the effort ramp.
    pub levels: Vec<LevelSummary>,
    /// How many checks the request has.
    pub checks: u32,
    /// Levels that no other beats in both cost and checks, cheapest first.
    pub frontier: Vec<String>,
    pub totals: ComparisonTotals,
    /// None until two levels have a completed run.
    pub verdict: Option<Verdict>,
}
