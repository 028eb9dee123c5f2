//! Sample replies or live: where requests go from now on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::openai::transport::Target;
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

/// # Errors
/// `BadInput` for a base URL that can't be used; the connection stays as it was.
pub async fn run(bench: &Workbench, input: SetConnectionInput) -> Result<SetConnectionOutput> {
    let mut route = bench.route();
    if let Some(base_url) = &input.live_base_url {
        route.live_base_url = Target::base_url(base_url)?;
    }
    route.live = input.mode == ConnectionMode::Live;
    bench.set_route(route);
    Ok(SetConnectionOutput {
        connection: Connection::of(bench),
    })
}
