//! Lets live calls go out in the production environment in use, for the rest of this session.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::ops::open_workbench::Connection;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ConfirmProductionInput {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ConfirmProductionOutput {
    pub connection: Connection,
}

/// # Errors
/// What reading the environment fails with.
pub async fn run(bench: &Workbench, _: ConfirmProductionInput) -> Result<ConfirmProductionOutput> {
    bench.confirm_production()?;
    Ok(ConfirmProductionOutput {
        connection: Connection::of(bench),
    })
}
