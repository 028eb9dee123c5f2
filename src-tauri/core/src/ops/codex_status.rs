//! Whether the Codex CLI is signed in on this computer, as whom, and what that is good for. Read only with consent, and
//! only read (API.md 8).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::auth::codex::{self, SignIn};
use crate::auth::mask;
use crate::error::{Error, Result};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CodexStatusInput {
    /// The user lets Rheostat read the file now. Without it nothing is opened.
    pub consent: bool,
}

/// How an existing sign-in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum CodexState {
    /// Not looked at: there was no consent.
    NotAsked,
    /// No file, or none that says anything: not signed in, or signed in with the keychain as the store.
    SignedOut,
    /// The file can't be read.
    Unreadable,
    /// It holds an API key, which can be used.
    ApiKey,
    /// It holds a ChatGPT account, which can't.
    ChatGpt,
    /// The same, run out.
    Expired,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CodexStatusOutput {
    pub state: CodexState,
    /// The file; None where the system names no home folder.
    pub path: Option<String>,
    /// The API key in it, masked.
    pub key: Option<String>,
    pub email: Option<String>,
    pub account_id: Option<String>,
    /// Such as `plus`.
    pub plan: Option<String>,
    /// ms since the epoch, UTC.
    pub expires_at: Option<i64>,
    /// When the CLI last refreshed it, as the file says it.
    pub last_refresh: Option<String>,
    /// What can be done with it, a sentence each.
    pub can: Vec<String>,
    /// What can't, and why, a sentence each.
    pub cannot: Vec<String>,
    /// What is odd about the file, a sentence each.
    pub remarks: Vec<String>,
    pub problem: Option<Error>,
}

/// # Errors
/// None: what is wrong with the file is told in the output.
pub async fn run(bench: &Workbench, input: CodexStatusInput) -> Result<CodexStatusOutput> {
    let home = bench.codex_home.as_deref();
    let mut output = CodexStatusOutput {
        state: CodexState::NotAsked,
        path: home.map(|home| home.join(codex::FILE).display().to_string()),
        key: None,
        email: None,
        account_id: None,
        plan: None,
        expires_at: None,
        last_refresh: None,
        can: Vec::new(),
        cannot: Vec::new(),
        remarks: Vec::new(),
        problem: None,
    };
    if !input.consent {
        return Ok(output);
    }
    match home.map_or(Ok(None), codex::read) {
        Err(problem) => {
            output.state = CodexState::Unreadable;
            output.problem = Some(problem);
        }
        Ok(None) => {
            output.state = CodexState::SignedOut;
            output.cannot.push(
                "Codex may keep its sign-in in the system's keychain instead, which Rheostat does not read.".into(),
            );
        }
        Ok(Some(sign_in)) => tell(sign_in, bench.clock.now_ms(), &mut output),
    }
    Ok(output)
}

fn tell(sign_in: SignIn, now_ms: i64, output: &mut CodexStatusOutput) {
    let SignIn {
        key,
        account,
        last_refresh,
        remarks,
    } = sign_in;
    output.remarks = remarks;
    output.last_refresh = last_refresh;
    output.state = CodexState::SignedOut;
    if let Some(account) = account {
        let expired = account.expires_at.is_some_and(|at| at <= now_ms);
        output.state = if expired {
            CodexState::Expired
        } else {
            CodexState::ChatGpt
        };
        output.email = account.email;
        output.account_id = account.account_id;
        output.plan = account.plan;
        output.expires_at = account.expires_at;
        output.cannot.push(
            "Its tokens are for Codex itself. OpenAI asks for a platform API key for calls to the API, so Rheostat sends them nowhere.".into(),
        );
        output.cannot.push(if expired {
            "It has run out. Rheostat does not refresh it, since that would sign Codex out: run codex, and it does so itself.".into()
        } else {
            "Rheostat does not refresh or change it, since that would sign Codex out.".into()
        });
        output
            .can
            .push("Use the plan through Codex itself: codex exec, or codex app-server.".into());
    }
    if let Some(key) = key {
        output.state = CodexState::ApiKey;
        output.key = Some(mask(secrecy::ExposeSecret::expose_secret(&key)));
        output
            .can
            .insert(0, "Use its API key here until Rheostat closes.".into());
    }
}
