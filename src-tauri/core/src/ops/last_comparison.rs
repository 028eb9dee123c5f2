//! The latest comparison of a request, to show when it is opened again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::ops::compare_efforts::CompareEffortsOutput;
use crate::workbench::Workbench;

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

pub async fn run(bench: &Workbench, input: LastComparisonInput) -> Result<LastComparisonOutput> {
    let _ = (bench, input);
    Err(crate::error::Error::internal("not yet", "last_comparison"))
}
