//! Takes the API key of an existing Codex sign-in into this session's memory. The file is only read (API.md 8).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::auth::codex;
use crate::error::{Error, ErrorCode, Result};
use crate::ops::open_workbench::Connection;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct UseCodexKeyInput {
    /// The user lets Rheostat read the file now.
    pub consent: bool,
    /// Whose key it becomes, by id or name; None for the environment in use.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub environment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct UseCodexKeyOutput {
    pub connection: Connection,
}

/// # Errors
/// `BadInput` without consent; `KeyMissing` where the sign-in holds no API key; why the file can't be read.
pub async fn run(bench: &Workbench, input: UseCodexKeyInput) -> Result<UseCodexKeyOutput> {
    if !input.consent {
        return Err(Error::new(
            ErrorCode::BadInput,
            "The Codex sign-in is read only where you say so.",
        )
        .place("consent"));
    }
    let live = bench.live_named(input.environment.as_deref())?;
    let sign_in = bench.codex_home.as_deref().map_or(Ok(None), codex::read)?;
    let key = sign_in.and_then(|sign_in| sign_in.key).ok_or_else(|| {
        Error::new(ErrorCode::KeyMissing, "The Codex sign-in holds no API key.")
            .hint("Make one in OpenAI's platform settings, and type it in under Connection.")
    })?;
    let note = "It is the API key of the Codex sign-in, for this session.".to_owned();
    bench
        .keys
        .keep_in_session(&live.key_place(), &key, Some(note))?;
    Ok(UseCodexKeyOutput {
        connection: Connection::of(bench),
    })
}
