//! What the runs of a comparison say together: figures per level and a verdict.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::models::Catalog;
use crate::grade::verdict;
use crate::money::figures::median;
use crate::openai::usage::Usage;

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

/// What a comparison needs to know of one of its runs.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOutcome {
    /// The effort of its level, as asked for.
    pub effort: String,
    /// It ended with `response.completed`.
    pub completed: bool,
    /// It ended, in whatever way.
    pub over: bool,
    /// How many checks the output passes; `None` where it was not graded.
    pub checks_passed: Option<u32>,
    /// The total of its bill in nano-dollars; `None` where no price is known.
    pub cost: Option<u64>,
    /// ms from the send to the end.
    pub total_ms: Option<f64>,
    /// ms from the send to the first visible output.
    pub first_output_ms: Option<f64>,
    /// `None` where the response told none, as when it was cut.
    pub usage: Option<Usage>,
}

/// Sums up a comparison at any moment of it.
///
/// Levels follow the ramp of efforts; efforts that are not on it come last, as given. Spreads are
/// over completed runs alone. Totals are over every run with usage, since a run that ended early
/// is billed too; runs without usage are not in the sums (they are never 0, they are unknown).
/// The frontier needs checks, and a price for every level that has a completed run.
pub fn summarise(
    efforts: &[String],
    repeats: u32,
    checks: u32,
    runs: &[RunOutcome],
) -> ComparisonSummary {
    let levels: Vec<LevelSummary> = in_ramp_order(efforts)
        .into_iter()
        .map(|effort| level(effort, repeats, checks, runs))
        .collect();
    ComparisonSummary {
        frontier: frontier(&levels),
        totals: totals(runs),
        verdict: verdict::of(&levels, checks),
        checks,
        levels,
    }
}

fn in_ramp_order(efforts: &[String]) -> Vec<&str> {
    let catalog = Catalog::builtin().ok();
    let mut order: Vec<&str> = Vec::with_capacity(efforts.len());
    for effort in efforts {
        if !order.contains(&effort.as_str()) {
            order.push(effort);
        }
    }
    order.sort_by_key(|effort| {
        catalog
            .and_then(|catalog| catalog.rank(effort))
            .unwrap_or(usize::MAX)
    });
    order
}

fn level(effort: &str, repeats: u32, checks: u32, runs: &[RunOutcome]) -> LevelSummary {
    let own: Vec<&RunOutcome> = runs.iter().filter(|run| run.effort == effort).collect();
    let completed: Vec<&RunOutcome> = own.iter().copied().filter(|run| run.completed).collect();
    let spread = |figure: &dyn Fn(&RunOutcome) -> Option<f64>| {
        spread(completed.iter().filter_map(|run| figure(run)))
    };
    LevelSummary {
        effort: effort.to_owned(),
        runs: repeats,
        completed: count(completed.len()),
        ended_early: count(own.iter().filter(|run| run.over && !run.completed).count()),
        checks: spread(&|run| {
            run.checks_passed
                .filter(|_| checks > 0)
                .map(|passed| f64::from(passed.min(checks)))
        }),
        cost: spread(&|run| run.cost.map(|cost| cost as f64)),
        total_ms: spread(&|run| run.total_ms),
        first_output_ms: spread(&|run| run.first_output_ms),
        reasoning_tokens: spread(&|run| {
            run.usage
                .map(|u| u.reasoning_tokens.min(u.output_tokens) as f64)
        }),
        visible_tokens: spread(&|run| run.usage.map(|u| u.visible_tokens() as f64)),
    }
}

fn spread(values: impl Iterator<Item = f64>) -> Option<Spread> {
    let values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    Some(Spread {
        median: median(&values)?,
        min: values.iter().copied().fold(f64::INFINITY, f64::min),
        max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    })
}

fn totals(runs: &[RunOutcome]) -> ComparisonTotals {
    let mut totals = ComparisonTotals {
        runs: count(runs.len()),
        completed: count(runs.iter().filter(|run| run.completed).count()),
        ..ComparisonTotals::default()
    };
    for (usage, cost) in runs
        .iter()
        .filter_map(|run| run.usage.map(|usage| (usage, run.cost)))
    {
        totals.input_tokens += usage.input_tokens;
        totals.cached_tokens += usage.cached_tokens;
        totals.output_tokens += usage.output_tokens;
        totals.reasoning_tokens += usage.reasoning_tokens;
        match cost {
            Some(cost) => totals.cost += cost,
            None => totals.unpriced_runs += 1,
        }
    }
    totals
}

/// The levels that no other beats: none is as good in both medians and better in one.
fn frontier(levels: &[LevelSummary]) -> Vec<String> {
    let ran: Vec<&LevelSummary> = levels.iter().filter(|level| level.completed > 0).collect();
    let mut points: Vec<(&str, f64, f64)> = ran
        .iter()
        .filter_map(|level| {
            Some((
                level.effort.as_str(),
                level.cost?.median,
                level.checks?.median,
            ))
        })
        .collect();
    if points.len() < ran.len() {
        return Vec::new();
    }
    let all = points.clone();
    points.retain(|&(_, cost, checks)| {
        !all.iter().any(|&(_, other_cost, other_checks)| {
            other_cost <= cost
                && other_checks >= checks
                && (other_cost < cost || other_checks > checks)
        })
    });
    points.sort_by(|a, b| a.1.total_cmp(&b.1));
    points
        .into_iter()
        .map(|(effort, ..)| effort.to_owned())
        .collect()
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
