//! Sample replies or live: where requests go from now on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::ops::open_workbench::{Connection, ConnectionMode};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetConnectionInput {
    pub mode: ConnectionMode,
    /// The base URL for Live, such as `https://api.openai.com/v1`; None keeps the one in use.
    pub live_base_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetConnectionOutput {
    pub connection: Connection,
}

pub async fn run(bench: &Workbench, input: SetConnectionInput) -> Result<SetConnectionOutput> {
    let _ = (bench, input);
    Err(crate::error::Error::internal("not yet", "set_connection"))
}
