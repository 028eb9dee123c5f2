//! Empties the stand-in's request log. The history keeps its runs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ClearMockLogInput {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ClearMockLogOutput {}

/// # Errors
/// `BadInput` where the stand-in in use belongs to another program.
pub async fn run(bench: &Workbench, _: ClearMockLogInput) -> Result<ClearMockLogOutput> {
    bench.mock()?.stand_in().clear_log();
    Ok(ClearMockLogOutput {})
}
