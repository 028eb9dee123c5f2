//! What a face needs to draw its first screen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::auth::KeyLabel;
use crate::catalog::models::{EffortLevel, Model};
use crate::error::{Error, Result};
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestSummary;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct OpenWorkbenchInput {}

/// Where requests go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ConnectionMode {
    /// The stand-in on loopback: nothing leaves the computer, every reply is a sample.
    Sample,
    /// A real API at `base_url`, with a key.
    Live,
}

/// The connection in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Connection {
    pub mode: ConnectionMode,
    /// The base URL in use now.
    pub base_url: String,
    /// The base URL that Live uses.
    pub live_base_url: String,
    /// The key that Live uses; None where there is none.
    pub key: Option<KeyLabel>,
}

/// Where runs are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct HistoryState {
    pub folder: String,
    /// Why runs are kept in memory only, for this session.
    pub problem: Option<Error>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct OpenWorkbenchOutput {
    pub version: String,
    pub workspace_name: String,
    pub workspace_folder: String,
    pub requests: Vec<RequestSummary>,
    /// Newest family first.
    pub models: Vec<Model>,
    /// The whole ramp, in rising order.
    pub efforts: Vec<EffortLevel>,
    /// The day of the price table, ISO 8601.
    pub price_date: String,
    pub connection: Connection,
    pub history: HistoryState,
    /// No run is recorded yet: the first screen shows what the tool is for.
    pub first_start: bool,
    /// Billed today (UTC) for live replies, in nano-dollars.
    pub spent_today: u64,
}

pub async fn run(bench: &Workbench, input: OpenWorkbenchInput) -> Result<OpenWorkbenchOutput> {
    let _ = (bench, input);
    Err(crate::error::Error::internal("not yet", "open_workbench"))
}
