//! Which of a request's latest outputs satisfy a schema, level by level.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::error::Result;
use crate::run::replay;
use crate::schema::validate::{Failure, Judge};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SchemaPassStripInput {
    pub request_id: String,
    pub model: String,
    #[ts(type = "unknown")]
    pub schema: Value,
}

/// How one run's output stands to the schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PassMark {
    pub run_id: String,
    /// When it was sent, ms since the epoch, UTC.
    pub started_at: Option<i64>,
    /// What the schema refuses first; None where the output satisfies it.
    pub first_failure: Option<Failure>,
}

/// The last 20 completed runs of one level, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EffortPasses {
    pub effort: String,
    pub runs: Vec<PassMark>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SchemaPassStripOutput {
    /// The outputs come from sample replies.
    pub sample: bool,
    /// In the order of the model's efforts; levels without runs are absent.
    pub efforts: Vec<EffortPasses>,
}

/// Judges outputs of the connection's own kind: samples and answers never mix.
///
/// # Errors
/// `BadInput` where the schema itself is broken, and what reading the history fails with.
pub async fn run(bench: &Workbench, input: SchemaPassStripInput) -> Result<SchemaPassStripOutput> {
    let sample = !bench.route().live;
    let judge = Judge::new(&input.schema)?;
    let order = bench
        .catalog
        .model(&input.model)
        .map(|model| model.efforts.clone())
        .unwrap_or_default();
    let mut efforts = bench
        .read_history(move |history| {
            let recent = history.recent_runs(&input.request_id, &input.model, sample)?;
            recent
                .into_iter()
                .map(|(effort, ids)| {
                    let runs = ids
                        .into_iter()
                        .rev()
                        .map(|run_id| {
                            let text = replay::output(history, &run_id)?;
                            let started_at =
                                history.run(&run_id)?.and_then(|run| run.facts.started_at);
                            Ok(PassMark {
                                run_id,
                                started_at,
                                first_failure: judge.text(&text).into_iter().next(),
                            })
                        })
                        .collect::<Result<_>>()?;
                    Ok(EffortPasses { effort, runs })
                })
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    efforts.sort_by_key(|it| {
        order
            .iter()
            .position(|effort| *effort == it.effort)
            .unwrap_or(usize::MAX)
    });
    Ok(SchemaPassStripOutput { sample, efforts })
}
