//! Sends one request and streams its answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::Emit;
use crate::error::Error;
use crate::error::Result;
use crate::ids;
use crate::run::engine::run_lanes;
use crate::run::facts::RunView;
use crate::run::lane::{self, Lane, LaneContext, LaneState};
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
/// `VariableMissing`, `ConfirmProduction`, `KeyMissing` and why a key or a secret can't be read, `EffortUnsupported`,
/// `BudgetExceeded`, `BadInput`, `FileUnreadable` or `FileInvalid` for a file that it names: before any byte is sent. What fails later is told in the run itself.
pub async fn run(bench: &Workbench, input: SendInput, emit: Emit<RunPatch>) -> Result<SendOutput> {
    let request = bench.fill(&input.request)?;
    let body = bench.wire_body(&request, None)?;
    let context = Arc::new(bench.lane_context(&request).await?);
    let files = bench.files_of(&body).await?;
    let (mut hold, mut kept, mut sent) = (None, None, body.clone());
    if !context.stand_in {
        if let Some(with_secrets) = bench.fill_secrets(&input.request).await? {
            sent = bench.wire_body(&with_secrets, None)?;
            kept = Some(body.clone());
        }
        let (base_url, allowance) = (&context.target.base_url, context.allowance.clone());
        hold = bench
            .reserve(base_url, allowance, vec![sent.clone()])
            .await?
            .pop();
    }
    let facts = lane::facts_before(ids::new(), &request.id, &body, 1);
    let lane = Lane {
        body: sent,
        kept,
        files: context.to_fill(files),
        place: None,
        hold,
        state: Arc::new(LaneState::new(facts)),
    };
    let run = run_alone(bench, &input.ticket, context, lane, &emit).await?;
    Ok(SendOutput { run })
}

/// Runs one lane to its end, under a ticket.
pub(super) async fn run_alone(
    bench: &Workbench,
    ticket: &str,
    context: Arc<LaneContext>,
    lane: Lane,
    emit: &Emit<RunPatch>,
) -> Result<RunView> {
    let tokens = bench.tickets.open(ticket, 1);
    let runs = run_lanes(context, vec![lane], tokens, None, |patch| emit.send(patch)).await;
    bench.tickets.close(ticket);
    runs.into_iter()
        .next()
        .ok_or_else(|| Error::internal("The run is gone", "no lane"))
}
