//! Takes a typed key into this session's memory, or forgets it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::ops::open_workbench::Connection;
use crate::workbench::Workbench;
use secrecy::SecretString;

// Neither printable nor writable: a key has no way back out.
#[derive(Deserialize, TS)]
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

/// # Errors
/// `BadInput` where the text can't be a key.
pub async fn run(bench: &Workbench, input: SetKeyInput) -> Result<SetKeyOutput> {
    bench.keys.set_session(input.key.map(SecretString::from))?;
    Ok(SetKeyOutput {
        connection: Connection::of(bench),
    })
}
