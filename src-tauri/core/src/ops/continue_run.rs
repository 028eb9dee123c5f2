//! Answers the calls of a run and goes on with its turn, as a new run of the same request.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::send::run_alone;
use crate::catalog::endpoint::Endpoint;
use crate::contract::Emit;
use crate::error::{Error, ErrorCode, Result};
use crate::history::StoredRun;
use crate::ids;
use crate::run::facts::{RunFacts, RunView};
use crate::run::lane::{self, Lane, LaneContext, LaneState};
use crate::run::patch::RunPatch;
use crate::run::turn::{self, Next, ToolReply};
use crate::workbench::Workbench;
use crate::workbench::fill::put_secrets;
use crate::workspace::request_file::RequestFile;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ContinueRunInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
    /// The request that the run belongs to, as it stands in the editor. Its checks judge the answer; its body is left
    /// aside: a turn goes on with what was sent.
    pub request: RequestFile,
    /// The run whose calls are answered.
    pub run_id: String,
    /// One for each call that waits, in any order.
    pub replies: Vec<ToolReply>,
    /// Lets the model answer where `tool_choice` made it call: it goes on with `auto`.
    pub free_choice: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ContinueRunOutput {
    pub run: RunView,
}

/// # Errors
/// `BadInput`: a run that can't be gone on with, a call without its reply, a reply without its call, another connection
/// than that of the run. As `send`, before any byte is sent. What fails later is told in the run itself.
pub async fn run(
    bench: &Workbench,
    input: ContinueRunInput,
    emit: Emit<RunPatch>,
) -> Result<ContinueRunOutput> {
    let run_id = input.run_id.clone();
    let before = bench
        .read_history(move |history| Begun::read(history, &run_id))
        .await?;
    let facts_before = &before.run.facts;
    if facts_before.request_id.as_deref() != Some(input.request.id.as_str()) {
        return Err(Error::new(
            ErrorCode::BadInput,
            format!("The run to continue is not one of {}.", input.request.name),
        )
        .place("runId"));
    }
    let mut next = turn::next(&before.body, before.endpoint, &before.said, &input.replies)?;
    if input.free_choice {
        free_choice(&mut next.body);
    }
    let request = RequestFile {
        endpoint: before.endpoint,
        body: next.body.clone(),
        ..input.request.clone()
    };
    let context = Arc::new(bench.lane_context(&request).await?);
    same_connection(&before.run, &context)?;
    let (mut hold, mut kept, mut sent) = (None, None, next.body.clone());
    if !context.stand_in {
        let secrets = bench.secrets_in(&input.request, &before.first).await?;
        if !secrets.is_empty() {
            sent = with_secrets(&next, &before, |value| put_secrets(value, &secrets));
            kept = Some(next.body.clone());
        }
        let (base_url, allowance) = (&context.target.base_url, context.allowance.clone());
        hold = bench
            .reserve(base_url, allowance, vec![sent.clone()])
            .await?
            .pop();
    }
    let facts = RunFacts {
        continues: Some(turn::continues(facts_before)),
        oddities: next.left_out.into_iter().collect(),
        ..lane::facts_before(ids::new(), &request.id, &next.body, 1)
    };
    let lane = Lane {
        body: sent,
        kept,
        place: None,
        hold,
        state: Arc::new(LaneState::new(facts)),
    };
    let run = run_alone(bench, &input.ticket, context, lane, &emit).await?;
    Ok(ContinueRunOutput { run })
}

/// What is on record of the turn so far.
struct Begun {
    run: StoredRun,
    endpoint: Endpoint,
    /// The body of the run whose calls are answered, secrets as `{{name}}`.
    body: Map<String, Value>,
    /// The body that the turn began with.
    first: Map<String, Value>,
    said: turn::Said,
}

impl Begun {
    fn read(history: &crate::history::History, run_id: &str) -> Result<Self> {
        let run = turn::begun(history, run_id)?;
        let endpoint = Endpoint::ALL
            .into_iter()
            .find(|endpoint| endpoint.path() == run.endpoint)
            .ok_or_else(|| Error::internal("The run has no known endpoint", &run.endpoint))?;
        let first = run.facts.continues.as_ref();
        let first = first.map_or(run_id, |continues| &continues.first_run_id);
        Ok(Self {
            body: turn::body(history, run_id)?,
            first: turn::body(history, first)?,
            said: turn::said(history, run_id, endpoint)?,
            run,
            endpoint,
        })
    }
}

/// The body with its secrets: in what the user wrote, and nowhere in what the model or a tool said, which may be anything.
fn with_secrets(
    next: &Next,
    before: &Begun,
    mut put: impl FnMut(&mut Value),
) -> Map<String, Value> {
    let key = before.endpoint.input_key();
    let own = match next.holds_input {
        true => turn::items_of(before.first.get(key)).len(),
        false => 0,
    };
    let mut body = next.body.clone();
    for (name, value) in &mut body {
        match value.as_array_mut() {
            Some(items) if name == key => items.iter_mut().take(own).for_each(&mut put),
            _ => put(value),
        }
    }
    body
}

/// A choice that makes the model call goes; what allows or forbids stays (API.md 2.2).
fn free_choice(body: &mut Map<String, Value>) {
    let forces = match body.get("tool_choice") {
        Some(Value::String(choice)) => choice == "required",
        Some(Value::Object(choice)) => choice
            .get("type")
            .is_none_or(|kind| kind != "allowed_tools"),
        _ => false,
    };
    if forces {
        body.insert("tool_choice".into(), "auto".into());
    }
    let allowed = body.get_mut("tool_choice").and_then(Value::as_object_mut);
    if let Some(allowed) = allowed {
        // Chat Completions nests it.
        let held = match allowed.get("allowed_tools") {
            Some(Value::Object(_)) => allowed
                .get_mut("allowed_tools")
                .and_then(Value::as_object_mut),
            _ => Some(allowed),
        };
        if let Some(held) = held
            && held.get("mode").is_some_and(|mode| mode == "required")
        {
            held.insert("mode".into(), "auto".into());
        }
    }
}

/// A turn stays with the one who answered its beginning: ids and encrypted reasoning mean nothing elsewhere.
fn same_connection(before: &StoredRun, context: &LaneContext) -> Result<()> {
    let was_sample = before.facts.sample.is_some();
    let why = match (was_sample, context.stand_in) {
        (true, false) => "This turn began with a sample reply, and the connection is Live now.",
        (false, true) => "This turn began Live, and the connection is Mock now.",
        (false, false) if before.host != context.target.host() => {
            "This turn began at another address than the one in use now."
        }
        _ => return Ok(()),
    };
    Err(Error::new(ErrorCode::BadInput, why)
        .place("connection")
        .hint("Switch back to continue it, or run the request again."))
}
