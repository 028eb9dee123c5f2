//! Has the API changed since a recording was made? Compares it with a real answer by events and fields, not by words.

use std::path::Path;
use std::sync::Arc;

use rheostat_mock::{Difference, Recording, drift, shape};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::Emit;
use crate::error::{Error, ErrorCode, Result};
use crate::ids;
use crate::mock::{self, recording, recording_path};
use crate::run::engine::run_lanes;
use crate::run::facts::RunStatus;
use crate::run::lane::{self, Lane, LaneState};
use crate::run::patch::RunPatch;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MockDriftInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
    /// The recording's file name within the folder of recordings.
    pub file: String,
    /// Send the recorded request to the live API now, which costs money; otherwise its last real answer in the history
    /// is compared.
    pub fresh: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MockDriftOutput {
    /// Empty where the API still answers in the recording's shape.
    pub differences: Vec<Difference>,
    /// When the recording was made, ms since the epoch, UTC.
    pub recorded_at: u64,
    /// The run that it was compared with.
    pub run_id: String,
    /// When that was sent, ms since the epoch, UTC.
    pub answered_at: u64,
    /// What it cost, in nano-dollars, where it was sent for this and the price is known.
    pub cost: Option<u64>,
}

/// # Errors
/// `BadInput` where there is nothing to compare with, `KeyMissing`, and what the live API refuses the request with.
pub async fn run(
    bench: &Workbench,
    input: MockDriftInput,
    emit: Emit<RunPatch>,
) -> Result<MockDriftOutput> {
    let old = read(&recording_path(bench.mock()?, &input.file)?)?;
    let run_id = if input.fresh {
        send(bench, &input.ticket, &old, emit).await?
    } else {
        last(bench, &old).await?
    };
    let id = run_id.clone();
    let (new, cost) = bench
        .read_history(move |history| {
            let cost = history
                .run(&id)?
                .and_then(|run| run.facts.bill)
                .and_then(|bill| bill.total);
            Ok((recording::of_run(history, &id)?, cost))
        })
        .await?;
    let new = new.ok_or_else(|| Error::internal("The run is gone", &run_id))?;
    Ok(MockDriftOutput {
        differences: drift(&shape(&old), &shape(&new)),
        recorded_at: old.head.recorded_at,
        answered_at: new.head.recorded_at,
        cost: cost.filter(|_| input.fresh),
        run_id,
    })
}

fn read(path: &Path) -> Result<Recording> {
    let text = crate::workspace::request_file::read_text(path)?;
    Recording::parse(&text).map_err(|error| {
        Error::new(
            ErrorCode::FileInvalid,
            format!("{}: {error}", path.display()),
        )
        .place(path.display().to_string())
    })
}

/// The last real answer to the recorded request.
async fn last(bench: &Workbench, old: &Recording) -> Result<String> {
    let nothing = || {
        Error::new(
            ErrorCode::BadInput,
            "There is no real answer to this request in the history to compare with.",
        )
        .place("file")
        .hint("Send the request live, or compare with a fresh answer.")
    };
    let mock = bench.mock()?;
    let exact = old.key().exact;
    mock.keeper().last_live_run(&exact)?.ok_or_else(nothing)
}

/// Sends the recorded request to the live API. Returns the run.
async fn send(
    bench: &Workbench,
    ticket: &str,
    old: &Recording,
    emit: Emit<RunPatch>,
) -> Result<String> {
    let unfit = || {
        Error::new(
            ErrorCode::BadInput,
            "Only recordings of a model's answer can be sent again.",
        )
        .place("file")
    };
    let body = old.head.request.body.as_object().ok_or_else(unfit)?.clone();
    let endpoint = mock::endpoint(&old.head.request.path).ok_or_else(unfit)?;
    let request = RequestFile {
        id: mock::key(endpoint, &body).any_effort,
        name: format!("Drift of {}", old.head.name),
        tags: Vec::new(),
        endpoint,
        body: body.clone(),
        schema_file: None,
        checks: Vec::new(),
        variables: indexmap::IndexMap::new(),
        stubs: indexmap::IndexMap::new(),
        tools_off: Vec::new(),
        other: serde_json::Map::new(),
    };
    let context = Arc::new(bench.live_lane_context(&request).await?);
    let hold = bench
        .reserve(
            &context.target.base_url,
            context.allowance.clone(),
            vec![body.clone()],
        )
        .await?
        .pop();
    let files = bench.files_of(&body).await?;
    let facts = lane::facts_before(ids::new(), &request.id, &body, 1);
    let lane = Lane {
        body,
        kept: None,
        files,
        place: None,
        hold,
        state: Arc::new(LaneState::new(facts)),
    };
    let tokens = bench.tickets.open(ticket, 1);
    let runs = run_lanes(context, vec![lane], tokens, None, |patch| emit.send(patch)).await;
    bench.tickets.close(ticket);
    let run = runs
        .into_iter()
        .next()
        .ok_or_else(|| Error::internal("The run is gone", "no lane"))?;
    match run.facts.status {
        RunStatus::Completed | RunStatus::Incomplete => Ok(run.facts.id),
        RunStatus::Stopped => Err(Error::cancelled()),
        _ => Err(run
            .facts
            .fault
            .unwrap_or_else(|| Error::internal("The request failed", "no reason"))),
    }
}
