//! Takes a typed key into this session's memory, or forgets it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::ops::open_workbench::Connection;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetKeyInput {
    /// None forgets the typed key.
    pub key: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetKeyOutput {
    pub connection: Connection,
}

pub async fn run(bench: &Workbench, input: SetKeyInput) -> Result<SetKeyOutput> {
    let _ = (bench, input);
    Err(crate::error::Error::internal("not yet", "set_key"))
}
