//! The latest comparison of a request, to show when it is opened again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::history::History;
use crate::history::StoredComparison;
use crate::ops::compare_efforts::CompareEffortsOutput;
use crate::ops::compare_efforts::summarise_runs;
use crate::run::facts::{Phase, RunFacts, RunStatus, RunView};
use crate::run::replay;
use crate::workbench::Workbench;
use serde_json::Value;
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LastComparisonInput {
    pub request_id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LastComparisonOutput {
    pub comparison: Option<CompareEffortsOutput>,
}

/// # Errors
/// What reading the history fails with.
pub async fn run(bench: &Workbench, input: LastComparisonInput) -> Result<LastComparisonOutput> {
    let comparison = bench
        .read_history(
            move |history| match history.latest_comparison(&input.request_id)? {
                Some(stored) => whole(history, stored).map(Some),
                None => Ok(None),
            },
        )
        .await?;
    Ok(LastComparisonOutput { comparison })
}

/// The comparison with every lane, also those that were never sent because Rheostat ended first.
fn whole(history: &History, stored: StoredComparison) -> Result<CompareEffortsOutput> {
    let mut recorded: HashMap<u32, RunView> = HashMap::new();
    for run in stored.runs {
        if let Some(lane) = run.lane {
            recorded.insert(lane, replay::view(history, run.facts)?);
        }
    }
    let mut runs = Vec::new();
    for effort in &stored.efforts {
        for repeat in 1..=stored.repeats {
            let lane = u32::try_from(runs.len()).unwrap_or(u32::MAX);
            runs.push(
                recorded
                    .remove(&lane)
                    .unwrap_or_else(|| never_sent(&stored.request_id, effort, repeat)),
            );
        }
    }
    let checks = stored
        .request
        .get("checks")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let summary = stored.summary.unwrap_or_else(|| {
        summarise_runs(
            &stored.efforts,
            stored.repeats,
            u32::try_from(checks).unwrap_or(u32::MAX),
            &runs,
        )
    });
    Ok(CompareEffortsOutput {
        id: stored.id,
        request_id: stored.request_id,
        request_name: stored.request_name,
        started_at: stored.started_at,
        efforts: stored.efforts,
        repeats: stored.repeats,
        runs,
        summary,
    })
}

fn never_sent(request_id: &str, effort: &str, repeat: u32) -> RunView {
    let facts = RunFacts {
        request_id: Some(request_id.to_owned()),
        effort_sent: Some(effort.to_owned()),
        repeat,
        status: RunStatus::Stopped,
        phase: Phase::Done,
        ..RunFacts::default()
    };
    RunView {
        facts,
        texts: Vec::new(),
    }
}
