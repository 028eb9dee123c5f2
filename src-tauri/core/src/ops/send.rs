//! Sends one request and streams its answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::Emit;
use crate::error::Error;
use crate::error::Result;
use crate::ids;
use crate::run::engine::run_lanes;
use crate::run::facts::RunView;
use crate::run::lane::{self, Lane, LaneState};
use crate::run::patch::RunPatch;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SendInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
    /// The request as it stands in the editor, saved or not.
    pub request: RequestFile,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SendOutput {
    pub run: RunView,
}

/// # Errors
/// `KeyMissing`, `EffortUnsupported`, `BudgetExceeded`, `BadInput`: before any byte is sent. What fails later is told in
/// the run itself.
pub async fn run(bench: &Workbench, input: SendInput, emit: Emit<RunPatch>) -> Result<SendOutput> {
    let body = bench.wire_body(&input.request, None)?;
    let context = Arc::new(bench.lane_context(&input.request)?);
    let hold = match context.stand_in {
        true => None,
        false => bench
            .reserve(&context.target, vec![body.clone()])
            .await?
            .pop(),
    };
    let facts = lane::facts_before(ids::new(), &input.request.id, &body, 1);
    let lane = Lane {
        body,
        place: None,
        hold,
        state: Arc::new(LaneState::new(facts)),
    };
    let tokens = bench.tickets.open(&input.ticket, 1);
    let runs = run_lanes(context, vec![lane], tokens, None, |patch| emit.send(patch)).await;
    bench.tickets.close(&input.ticket);
    let run = runs
        .into_iter()
        .next()
        .ok_or_else(|| Error::internal("The run is gone", "no lane"))?;
    Ok(SendOutput { run })
}
