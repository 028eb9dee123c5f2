//! One request at several efforts, side by side: the main job.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::body;
use crate::contract::Emit;
use crate::error::Result;
use crate::error::{Error, ErrorCode};
use crate::grade::comparison::ComparisonSummary;
use crate::grade::comparison::{RunOutcome, summarise};
use crate::history::{self, NewComparison};
use crate::ids;
use crate::place;
use crate::run::engine::{Summarise, run_lanes};
use crate::run::facts::RunStatus;
use crate::run::facts::RunView;
use crate::run::lane::{self, Lane, LaneState};
use crate::run::patch::RunPatch;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CompareEffortsInput {
    /// Chosen by the caller, unique per stream: the handle for `stop_run`.
    pub ticket: String,
    pub request: RequestFile,
    /// Empty: every effort of the model.
    pub efforts: Vec<String>,
    /// Runs per level, 1 to 10.
    pub repeats: u32,
    /// By effort, the places of the body that it goes without, as JSON Pointers: what only some levels take.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub left_out: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CompareEffortsOutput {
    /// UUID v7.
    pub id: String,
    pub request_id: String,
    pub request_name: String,
    /// ms since the epoch, UTC.
    pub started_at: i64,
    pub efforts: Vec<String>,
    pub repeats: u32,
    /// Lane `effort x repeats + repeat`: all repeats of a level lie together.
    pub runs: Vec<RunView>,
    pub summary: ComparisonSummary,
}

/// Runs per level.
const REPEATS: std::ops::RangeInclusive<u32> = 1..=10;

/// # Errors
/// As `send`, before any byte is sent. What fails later is told in the runs themselves.
pub async fn run(
    bench: &Workbench,
    input: CompareEffortsInput,
    emit: Emit<RunPatch>,
) -> Result<CompareEffortsOutput> {
    let CompareEffortsInput {
        ticket,
        request,
        repeats,
        left_out,
        ..
    } = input;
    if !REPEATS.contains(&repeats) {
        return Err(Error::new(
            ErrorCode::BadInput,
            format!("{repeats} runs per level were asked for."),
        )
        .place("repeats")
        .hint("Choose 1 to 10."));
    }
    let filled = bench.fill(&request)?;
    let efforts = efforts(bench, &filled, input.efforts)?;
    let wire_bodies = |request: &RequestFile| {
        let bodies = efforts.iter().map(|effort| {
            let mut body = bench.wire_body(request, Some(effort))?;
            for pointer in left_out.get(effort).into_iter().flatten() {
                place::remove(&mut body, pointer);
            }
            Ok(body)
        });
        bodies.collect::<Result<Vec<_>>>()
    };
    let bodies = wire_bodies(&filled)?;
    let context = Arc::new(bench.lane_context(&filled).await?);
    let (id, started_at) = (ids::new(), bench.clock.now_ms());
    let (mut holds, mut secret) = (Vec::new(), None);
    if !context.stand_in {
        let with_secrets = bench.fill_secrets(&request).await?;
        secret = with_secrets
            .map(|request| wire_bodies(&request))
            .transpose()?;
        let each = secret.as_ref().unwrap_or(&bodies).iter();
        let each = each.flat_map(|body| std::iter::repeat_n(body.clone(), repeats as usize));
        let (base_url, allowance) = (&context.target.base_url, context.allowance.clone());
        holds = bench.reserve(base_url, allowance, each.collect()).await?;
    }
    let mut holds = holds.into_iter();
    let mut lanes = Vec::new();
    for (level, body) in bodies.iter().enumerate() {
        let with_secrets = secret.as_ref().and_then(|bodies| bodies.get(level));
        for repeat in 1..=repeats {
            let place = history::Lane {
                comparison_id: id.clone(),
                index: u32::try_from(lanes.len()).unwrap_or(u32::MAX),
            };
            let facts = lane::facts_before(ids::new(), &request.id, body, repeat);
            lanes.push(Lane {
                body: with_secrets.unwrap_or(body).clone(),
                kept: with_secrets.map(|_| body.clone()),
                place: Some(place),
                hold: holds.next(),
                state: Arc::new(LaneState::new(facts)),
            });
        }
    }
    let recorder = bench.history.recorder();
    recorder.begin_comparison(NewComparison {
        id: id.clone(),
        request_id: request.id.clone(),
        request_name: request.name.clone(),
        started_at,
        efforts: efforts.clone(),
        repeats,
        request: serde_json::to_value(&request)
            .map_err(|error| Error::internal("The request could not be kept", error))?,
    });
    let tokens = bench.tickets.open(&ticket, lanes.len());
    let checks = u32::try_from(request.checks.len()).unwrap_or(u32::MAX);
    let summarise: Summarise = Box::new({
        let efforts = efforts.clone();
        move |runs| summarise_runs(&efforts, repeats, checks, runs)
    });
    let runs = run_lanes(context, lanes, tokens, Some(summarise), |patch| {
        emit.send(patch)
    })
    .await;
    bench.tickets.close(&ticket);
    let summary = summarise_runs(&efforts, repeats, checks, &runs);
    recorder.finish_comparison(&id, summary.clone());
    Ok(CompareEffortsOutput {
        id,
        request_id: request.id,
        request_name: request.name,
        started_at,
        efforts,
        repeats,
        runs,
        summary,
    })
}

/// The levels to run: those asked for, in the order of the ramp, or all that the model offers.
fn efforts(bench: &Workbench, request: &RequestFile, asked: Vec<String>) -> Result<Vec<String>> {
    let request = bench.workspace.with_defaults(request)?;
    let model = body::model(&request.body).unwrap_or_default();
    if !asked.is_empty() {
        let mut efforts = asked;
        efforts.sort_by_key(|effort| bench.catalog.rank(effort));
        efforts.dedup();
        return Ok(efforts);
    }
    bench
        .catalog
        .model(model)
        .map(|known| known.efforts.clone())
        .ok_or_else(|| {
            Error::new(
                ErrorCode::BadInput,
                format!("The efforts of {model:?} are not known here."),
            )
            .place("model")
            .hint("Name the efforts to compare, or choose a model of the list.")
        })
}

/// Sums runs up by level.
pub fn summarise_runs(
    efforts: &[String],
    repeats: u32,
    checks: u32,
    runs: &[RunView],
) -> ComparisonSummary {
    let per_level = repeats.max(1) as usize;
    let outcomes: Vec<_> = runs
        .iter()
        .enumerate()
        .map(|(lane, RunView { facts, .. })| RunOutcome {
            effort: efforts.get(lane / per_level).cloned().unwrap_or_default(),
            completed: facts.status == RunStatus::Completed,
            over: facts.status.is_over(),
            checks_passed: (facts.status == RunStatus::Completed).then(|| {
                u32::try_from(facts.checks.iter().filter(|check| check.passed).count())
                    .unwrap_or(u32::MAX)
            }),
            cost: facts.bill.as_ref().and_then(|bill| bill.total),
            total_ms: facts.total_ms,
            first_output_ms: facts.first_output_ms,
            usage: facts.usage,
        })
        .collect();
    summarise(efforts, repeats, checks, &outcomes)
}
