//! Keeps a typed key: in this session's memory, or in the system's keychain.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{ErrorCode, Result};
use crate::ops::open_workbench::Connection;
use crate::workbench::Workbench;

/// Where a typed key is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum KeepKey {
    /// In memory, until Rheostat closes.
    #[default]
    Session,
    /// In the system's keychain; refused where there is none.
    Keychain,
    /// In the system's keychain; in memory where there is none, and the key's label says why.
    KeychainElseSession,
}

// Neither printable nor writable: a key has no way back out.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetKeyInput {
    /// None forgets the one in memory.
    pub key: Option<String>,
    #[serde(default)]
    #[ts(optional, as = "Option<KeepKey>")]
    pub keep: KeepKey,
    /// Whose key it is, by id or name; None for the environment in use, and for the base URL where none is in use.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub environment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetKeyOutput {
    pub connection: Connection,
}

/// # Errors
/// `BadInput` where the text can't be a key; `KeychainMissing`, `KeychainLocked`; what reading the environment fails
/// with.
pub async fn run(bench: &Workbench, input: SetKeyInput) -> Result<SetKeyOutput> {
    let place = bench.live_named(input.environment.as_deref())?.key_place();
    match input.key.map(SecretString::from) {
        None => bench.keys.forget_session(&place),
        Some(key) => match input.keep {
            KeepKey::Session => bench.keys.keep_in_session(&place, &key, None)?,
            KeepKey::Keychain => bench.keys.keep_in_keychain(&place, &key).await?,
            KeepKey::KeychainElseSession => match bench.keys.keep_in_keychain(&place, &key).await {
                Err(error) if error.code == ErrorCode::KeychainMissing => {
                    bench
                        .keys
                        .keep_in_session(&place, &key, Some(error.message))?;
                }
                other => other?,
            },
        },
    }
    Ok(SetKeyOutput {
        connection: Connection::of(bench),
    })
}
