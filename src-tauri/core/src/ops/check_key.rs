//! Does a key work? Asks the API for its models, which costs nothing, and says what came of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::auth::KeyLabel;
use crate::error::{Error, ErrorCode, Result};
use crate::ids;
use crate::openai::fault;
use crate::openai::transport::Answer;
use crate::ops::open_workbench::address;
use crate::workbench::Workbench;
use crate::workbench::live::Live;

/// Whoever waits for it looks at a button.
const TIME: Duration = Duration::from_secs(30);
/// The list has a line for each model.
const LARGEST: usize = 16 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CheckKeyInput {
    /// Whose key it is, by id or name; None for the environment in use, and for the base URL where none is in use.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub environment: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum KeyVerdict {
    /// The key works, and the model is among those that it may use.
    Accepted,
    /// The key works, and the model is not among those that it may use.
    NoModel,
    /// The server refuses the key.
    Rejected,
    /// There is no key to check, or it can't be read.
    Missing,
    /// The server could not be reached.
    Offline,
    /// The server answered something else.
    Unclear,
}

/// A rate limit as the answer's headers tell it (API.md 4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SeenLimit {
    /// What is counted: `requests`, `tokens`, ...
    pub of: String,
    pub limit: Option<String>,
    pub remaining: Option<String>,
    /// Until it is whole again, as the server writes it: `6m0s`.
    pub reset: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CheckKeyOutput {
    pub verdict: KeyVerdict,
    /// Where it was asked.
    pub base_url: String,
    /// The key that was checked.
    pub key: Option<KeyLabel>,
    /// The model that was looked for.
    pub model: String,
    /// How many models the key may use.
    pub models: Option<u32>,
    /// Those that the answer told; a server need not tell any.
    pub limits: Vec<SeenLimit>,
    /// The organisation that the server took the request for.
    pub organization: Option<String>,
    /// Why it was not accepted.
    pub problem: Option<Error>,
}

/// # Errors
/// What reading the environment fails with. What is wrong with the key or the network is told in the output.
pub async fn run(bench: &Workbench, input: CheckKeyInput) -> Result<CheckKeyOutput> {
    let live = bench.live_named(input.environment.as_deref())?;
    let model = bench.catalog.models().first().map(|model| model.id.clone());
    let mut output = CheckKeyOutput {
        verdict: KeyVerdict::Missing,
        base_url: address(&live.base_url),
        key: None,
        model: model.unwrap_or_default(),
        models: None,
        limits: Vec::new(),
        organization: None,
        problem: None,
    };
    let key = match bench.key_for(&live).await {
        Ok(key) => key,
        Err(problem) => {
            output.problem = Some(problem);
            return Ok(output);
        }
    };
    output.key = key.as_ref().map(|found| found.label.clone());
    let target = live.target(key.as_ref());
    let id = ids::new();
    match tokio::time::timeout(TIME, bench.transport.list_models(&target, &id)).await {
        Err(_) => {
            output.verdict = KeyVerdict::Offline;
            output.problem = Some(fault::no_answer(TIME, &target.host()).error);
        }
        Ok(Err(lost)) => {
            output.verdict = KeyVerdict::Offline;
            output.problem = Some(lost.error);
        }
        Ok(Ok(answer)) => judge(bench, &live, answer, &mut output).await,
    }
    Ok(output)
}

async fn judge(bench: &Workbench, live: &Live, answer: Answer, output: &mut CheckKeyOutput) {
    output.limits = seen_limits(&answer);
    output.organization = answer.header("openai-organization");
    let (head, host) = (answer.head.clone(), live.target(None).host());
    let text = answer.text(LARGEST, TIME).await.unwrap_or_default();
    if !(200..300).contains(&head.status) {
        let problem = fault::of_answer(&head, &text, &host, bench.clock.now_ms());
        output.verdict = match problem.code {
            ErrorCode::KeyRejected => KeyVerdict::Rejected,
            _ => KeyVerdict::Unclear,
        };
        output.problem = Some(problem);
        return;
    }
    let list: Value = serde_json::from_str(&text).unwrap_or_default();
    let Some(models) = list["data"].as_array() else {
        output.verdict = KeyVerdict::Unclear;
        output.problem = Some(fault::not_the_api(
            &host,
            &head.content_type,
            Some(head.status),
        ));
        return;
    };
    output.models = u32::try_from(models.len()).ok();
    let mut ids = models.iter().filter_map(|model| model["id"].as_str());
    output.verdict = match ids.any(|id| is_model(id, &output.model)) {
        true => KeyVerdict::Accepted,
        false => KeyVerdict::NoModel,
    };
}

/// The model itself, or a dated snapshot of it; not another model whose name goes on from there.
fn is_model(id: &str, model: &str) -> bool {
    id.strip_prefix(model).is_some_and(|rest| {
        let dated = rest
            .strip_prefix('-')
            .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
        rest.is_empty() || dated
    })
}

fn seen_limits(answer: &Answer) -> Vec<SeenLimit> {
    let mut limits: Vec<SeenLimit> = Vec::new();
    for (name, value) in answer.headers_after("x-ratelimit-") {
        let Some((figure, of)) = name.split_once('-') else {
            continue;
        };
        let at = limits
            .iter()
            .position(|limit| limit.of == of)
            .unwrap_or_else(|| {
                limits.push(SeenLimit {
                    of: of.to_owned(),
                    limit: None,
                    remaining: None,
                    reset: None,
                });
                limits.len() - 1
            });
        match figure {
            "limit" => limits[at].limit = Some(value),
            "remaining" => limits[at].remaining = Some(value),
            "reset" => limits[at].reset = Some(value),
            _ => {}
        }
    }
    limits.sort_by(|one, other| one.of.cmp(&other.of));
    limits
}

#[cfg(test)]
mod tests {
    use super::is_model;

    #[test]
    fn a_model_is_told_from_its_relations() {
        let of = |id| is_model(id, "gpt-5.5");
        assert!(of("gpt-5.5") && of("gpt-5.5-2026-04-23"));
        assert!(!of("gpt-5.5-pro") && !of("gpt-5") && !of("gpt-5.50"));
    }
}
