//! One request of the stand-in's log, whole: what the client sent and what it got.

use rheostat_mock::{LogEntry, Rule};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadMockEntryInput {
    pub id: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadMockEntryOutput {
    pub entry: LogEntry,
    /// A rule that gives this request the same answer again; None where the answer was not kept whole.
    pub rule: Option<Rule>,
}

/// # Errors
/// `BadInput` for an entry that the log no longer holds.
pub async fn run(bench: &Workbench, input: ReadMockEntryInput) -> Result<ReadMockEntryOutput> {
    let mock = bench.mock()?;
    let after = input.id.saturating_sub(1);
    let found = mock
        .stand_in()
        .log(after)
        .into_iter()
        .find(|entry| entry.id == input.id);
    let entry = found.ok_or_else(|| {
        Error::new(ErrorCode::BadInput, "The log no longer holds this request.")
            .place("id")
            .hint("It keeps the last 1,000 requests, and 64 MB of their bodies.")
    })?;
    Ok(ReadMockEntryOutput {
        rule: Rule::from_entry(&entry),
        entry,
    })
}
