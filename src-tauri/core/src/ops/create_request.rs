//! A new request file, from a few defaults or as a copy of another.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::ops::read_request::ReadRequestOutput;
use crate::workbench::Workbench;
use crate::workspace::request_file::{RequestFile, RequestSummary};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CreateRequestInput {
    /// Relative to the workspace folder, "" for its top.
    pub folder: String,
    pub name: String,
    /// What to copy; the copy gets an id of its own.
    pub like: Option<RequestFile>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CreateRequestOutput {
    pub summary: RequestSummary,
    pub opened: ReadRequestOutput,
}

pub async fn run(bench: &Workbench, input: CreateRequestInput) -> Result<CreateRequestOutput> {
    let _ = (bench, input);
    Err(crate::error::Error::internal("not yet", "create_request"))
}
