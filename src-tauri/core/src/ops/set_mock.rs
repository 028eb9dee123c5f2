//! Changes how the stand-in is set. What is left out stays.

use rheostat_mock::{AtEnd, Rung, Speed};
use serde::Deserialize;
use ts_rs::TS;

use super::mock_state;
pub use super::mock_state::MockStateOutput as SetMockOutput;
use crate::error::{Error, ErrorCode, Result};
use crate::workbench::Workbench;

// Neither printable nor writable: it may hold a token.
#[derive(Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename_all = "camelCase", optional_fields)]
pub struct SetMockInput {
    /// Other programs on this computer may call it.
    pub open: Option<bool>,
    /// Web pages that may call it, by their origins.
    pub origins: Option<Vec<String>>,
    /// On 127.0.0.1; 0 takes any free one.
    pub port: Option<u16>,
    pub speed: Option<Speed>,
    /// The rungs that are on, in order.
    pub rungs: Option<Vec<Rung>>,
    pub any_effort: Option<bool>,
    pub at_end: Option<AtEnd>,
    /// Forward what nothing here answers to the live API, and record it. It may cost money, and ends with the session.
    pub record: Option<bool>,
    /// A token that other programs must send, for this session; empty for none.
    pub token: Option<String>,
    /// Every sequence of recordings starts over.
    pub reset_sequences: Option<bool>,
}

/// # Errors
/// `BadInput` with the field for what can't be followed, `FileUnwritable`.
pub async fn run(bench: &Workbench, input: SetMockInput) -> Result<SetMockOutput> {
    let mock = bench.mock()?;
    if let Some(token) = &input.token {
        let token = token.trim();
        if !token.is_empty()
            && (token.len() < 8 || !token.bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return Err(Error::new(
                ErrorCode::BadInput,
                "A token is at least 8 letters, digits or signs without spaces.",
            )
            .place("token")
            .hint("Leave it empty to take any key."));
        }
        let secret = (!token.is_empty()).then(|| rheostat_mock::Secret::new(token));
        mock.stand_in().set_token(secret);
    }
    if let Some(record) = input.record {
        let route = bench.route();
        mock.forward_to(record.then_some((&route.live_base_url, &bench.keys)))?;
    }
    if input.reset_sequences == Some(true) {
        mock.stand_in().reset_sequences();
    }
    let SetMockInput {
        open,
        origins,
        port,
        speed,
        rungs,
        any_effort,
        at_end,
        ..
    } = input;
    let changes = open.is_some()
        || origins.is_some()
        || port.is_some()
        || speed.is_some()
        || rungs.is_some()
        || any_effort.is_some()
        || at_end.is_some();
    if let Some(rungs) = &rungs {
        check(rungs)?;
    }
    if changes {
        mock.change(|settings| {
            set(&mut settings.open, open);
            set(&mut settings.origins, origins);
            set(&mut settings.port, port);
            set(&mut settings.speed, speed);
            set(&mut settings.rungs, rungs);
            set(&mut settings.any_effort, any_effort);
            set(&mut settings.at_end, at_end);
        })?;
    }
    if port.is_some() {
        mock.listen_as_set().await;
    }
    mock_state::state(bench).await
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn check(rungs: &[Rung]) -> Result<()> {
    let wrong = |message: &str| Err(Error::new(ErrorCode::BadInput, message).place("rungs"));
    if rungs.contains(&Rung::Rule) {
        return wrong("Rules come first by themselves; they are no rung of the ladder.");
    }
    if (1..rungs.len()).any(|at| rungs[..at].contains(&rungs[at])) {
        return wrong("A rung stands on the ladder twice.");
    }
    Ok(())
}
