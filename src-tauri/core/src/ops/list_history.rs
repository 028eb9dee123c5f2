//! What was run: one page of the history, newest first, with what all of the selection comes to.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::history::{Filter, StoredRun};
use crate::openai::fault::Charged;
use crate::openai::usage::Usage;
use crate::run::facts::{Replayed, RunSource, RunStatus, SampleKind};
use crate::workbench::Workbench;

/// The most rows of one page.
const MOST: u32 = 200;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListHistoryInput {
    pub filter: HistoryFilter,
    /// The id of a run: older ones are listed. None begins with the newest.
    pub before: Option<String>,
    /// From 1 to 200.
    pub limit: u32,
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum RunKind {
    /// The live API.
    Live,
    Composed,
    Written,
    Replayed,
}

/// Which runs. An empty list or text leaves all of them in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, Default)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase")]
pub struct HistoryFilter {
    /// Words of the request's name, the model, the prompt and the answer. Each has to be there, whatever the capitals;
    /// its beginning is enough.
    pub text: String,
    /// As sent, or as reported where the body left it to the model.
    pub efforts: Vec<String>,
    pub statuses: Vec<RunStatus>,
    pub sources: Vec<RunSource>,
    pub kinds: Vec<RunKind>,
}

impl From<HistoryFilter> for Filter {
    fn from(filter: HistoryFilter) -> Self {
        let sample = |kind| match kind {
            RunKind::Live => None,
            RunKind::Composed => Some(SampleKind::Composed),
            RunKind::Written => Some(SampleKind::Written),
            RunKind::Replayed => Some(SampleKind::Replayed),
        };
        Self {
            text: filter.text,
            efforts: filter.efforts,
            statuses: filter.statuses,
            sources: filter.sources,
            samples: filter.kinds.into_iter().map(sample).collect(),
        }
    }
}

/// One run of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct HistoryRow {
    pub id: String,
    /// When it was sent, ms since the epoch, UTC.
    pub started_at: Option<i64>,
    /// None for another program's.
    pub request_id: Option<String>,
    /// As it was called then.
    pub request_name: Option<String>,
    /// Where its file lies now; None where it is gone.
    pub request_path: Option<String>,
    pub comparison_id: Option<String>,
    pub model: String,
    pub effort_sent: Option<String>,
    pub effort_reported: Option<String>,
    pub status: RunStatus,
    pub incomplete_reason: Option<String>,
    pub fault: Option<Error>,
    pub usage: Option<Usage>,
    /// Nano-dollars; None where no price is known. Of a reply that was served again, what it cost when it was recorded.
    pub cost: Option<u64>,
    /// A part of the run has no known price and is not in `cost`.
    pub partly_unpriced: bool,
    pub charged: Charged,
    pub total_ms: Option<f64>,
    pub source: RunSource,
    pub sample: Option<SampleKind>,
    pub replayed: Option<Replayed>,
    /// How often it was sent.
    pub attempts: u32,
}

impl HistoryRow {
    pub(super) fn of(run: &StoredRun, places: &HashMap<String, String>) -> Self {
        let facts = &run.facts;
        let request_path = facts.request_id.as_ref().and_then(|id| places.get(id));
        Self {
            id: facts.id.clone(),
            started_at: facts.started_at,
            request_id: facts.request_id.clone(),
            request_name: run.request_name.clone(),
            request_path: request_path.cloned(),
            comparison_id: run.comparison_id.clone(),
            model: facts.model.clone(),
            effort_sent: facts.effort_sent.clone(),
            effort_reported: facts.effort_reported.clone(),
            status: facts.status,
            incomplete_reason: facts.incomplete_reason.clone(),
            fault: facts.fault.clone(),
            usage: facts.usage,
            cost: facts.bill.as_ref().and_then(|bill| bill.total),
            partly_unpriced: facts.bill.as_ref().is_some_and(|bill| bill.partly_unpriced),
            charged: facts.charged,
            total_ms: facts.total_ms,
            source: run.source,
            sample: facts.sample,
            replayed: facts.replayed,
            attempts: u32::try_from(facts.attempts.len()).unwrap_or(u32::MAX),
        }
    }
}

/// What all of the selection comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct HistoryTotals {
    pub runs: u64,
    /// Billed for its live runs, in nano-dollars. Replies of the stand-in cost nothing new.
    pub spent: u64,
    /// Live runs that used tokens for which no price is known: they are not in `spent`.
    pub unpriced: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListHistoryOutput {
    /// Newest first.
    pub rows: Vec<HistoryRow>,
    /// Older ones follow: ask again with the last row's id in `before`.
    pub more: bool,
    pub totals: HistoryTotals,
    /// All runs on record, whatever the filter.
    pub recorded: u64,
}

/// # Errors
/// `BadInput` for a page of no rows or of more than 200, and what reading the history fails with.
pub async fn run(bench: &Workbench, input: ListHistoryInput) -> Result<ListHistoryOutput> {
    let limit = input.limit;
    if !(1..=MOST).contains(&limit) {
        return Err(Error::new(
            ErrorCode::BadInput,
            format!("A page has 1 to {MOST} runs; {limit} were asked for."),
        )
        .place("limit"));
    }
    let filter = Filter::from(input.filter);
    let (page, totals, recorded) = bench
        .read_history(move |history| {
            let totals = history.totals(&filter)?;
            let recorded = match filter == Filter::default() {
                true => totals.runs,
                false => history.totals(&Filter::default())?.runs,
            };
            let page = history.page(&filter, input.before.as_deref(), limit)?;
            Ok((page, totals, recorded))
        })
        .await?;
    let places = places_of(bench, &page.runs);
    Ok(ListHistoryOutput {
        rows: page
            .runs
            .iter()
            .map(|run| HistoryRow::of(run, &places))
            .collect(),
        more: page.more,
        totals: HistoryTotals {
            runs: totals.runs,
            spent: totals.spent,
            unpriced: totals.unpriced,
        },
        recorded,
    })
}

/// Where the requests of these runs lie now, by id.
pub(super) fn places_of(bench: &Workbench, runs: &[StoredRun]) -> HashMap<String, String> {
    let ids: HashSet<String> = runs
        .iter()
        .filter_map(|run| run.facts.request_id.clone())
        .collect();
    bench.workspace.index().places_of(&ids)
}
