//! Forgets a key wherever Rheostat keeps it: in this session's memory, and in the system's keychain.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::ops::open_workbench::Connection;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ForgetKeyInput {
    /// Whose key it is, by id or name; None for the environment in use, and for the base URL where none is in use.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub environment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ForgetKeyOutput {
    /// The key that is used now: a variable and a program keep what they have.
    pub connection: Connection,
}

/// # Errors
/// `KeychainLocked`: it may still be there. What reading the environment fails with.
pub async fn run(bench: &Workbench, input: ForgetKeyInput) -> Result<ForgetKeyOutput> {
    let place = bench.live_named(input.environment.as_deref())?.key_place();
    bench.keys.forget(&place).await?;
    Ok(ForgetKeyOutput {
        connection: Connection::of(bench),
    })
}
