//! The stand-in's request log, one row to a request, without bodies.

use rheostat_mock::{LogEntry, Outcome, Rung};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::mock::Mock;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListMockLogInput {}

/// One request of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MockLogRow {
    /// Counts from 1.
    pub id: u64,
    /// ms since the epoch, UTC.
    pub at_ms: u64,
    /// Rheostat itself sent it.
    pub own: bool,
    pub method: String,
    pub path: String,
    pub model: Option<String>,
    pub effort: Option<String>,
    pub status: Option<u16>,
    pub rung: Option<Rung>,
    /// The id of the rule that decided.
    pub rule: Option<String>,
    pub first_byte_ms: Option<u64>,
    pub total_ms: Option<u64>,
    /// Of the body sent so far.
    pub bytes: u64,
    pub outcome: Outcome,
    /// The run of the history that it became, where it passed through to the live API.
    pub run_id: Option<String>,
    /// What that cost, in nano-dollars.
    pub cost: Option<u64>,
}

impl MockLogRow {
    pub(crate) fn of(entry: &LogEntry, mock: &Mock) -> Self {
        let passed = mock.keeper().passed(entry.id);
        Self {
            id: entry.id,
            at_ms: entry.at_ms,
            own: entry.own,
            method: entry.method.clone(),
            path: entry.path.clone(),
            model: entry.model.clone(),
            effort: entry.effort.clone(),
            status: entry.status,
            rung: entry.rung,
            rule: entry.rule.clone(),
            first_byte_ms: entry.first_byte_ms,
            total_ms: entry.total_ms,
            bytes: entry.bytes,
            outcome: entry.outcome,
            cost: passed.as_ref().and_then(|run| run.cost),
            run_id: passed.map(|run| run.id),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListMockLogOutput {
    /// The last 1,000 at most, oldest first.
    pub rows: Vec<MockLogRow>,
}

/// # Errors
/// `BadInput` where the stand-in in use belongs to another program.
pub async fn run(bench: &Workbench, _: ListMockLogInput) -> Result<ListMockLogOutput> {
    let mock = bench.mock()?;
    let rows = mock
        .stand_in()
        .log(0)
        .iter()
        .map(|entry| MockLogRow::of(entry, mock))
        .collect();
    Ok(ListMockLogOutput { rows })
}
