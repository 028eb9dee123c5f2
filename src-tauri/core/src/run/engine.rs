//! Runs many lanes at once, under a limit, and paces what they tell.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::facts::RunView;
use super::lane::{Lane, LaneContext, LaneState};
use super::patch::RunPatch;
use crate::error::Error;
use crate::grade::comparison::ComparisonSummary;

/// How many lanes stream at the same time. All levels with three runs of each stream together, and a
/// first-tier key stays well within its requests per minute (API.md 1.1).
const LANES_AT_ONCE: usize = 16;
/// One patch per frame for all lanes, at most 30 a second: more than that no eye follows.
const FRAME: Duration = Duration::from_millis(33);

/// Sums a comparison up from its lanes as they stand.
pub type Summarise = Box<dyn Fn(&[RunView]) -> ComparisonSummary + Send + Sync>;

/// Runs all lanes to their ends. `emit` gets the first patch at once, with the facts of every lane.
pub async fn run_lanes(
    context: Arc<LaneContext>,
    lanes: Vec<Lane>,
    tokens: Vec<CancellationToken>,
    summarise: Option<Summarise>,
    emit: impl Fn(&RunPatch) + Send,
) -> Vec<RunView> {
    let states: Vec<_> = lanes.iter().map(|lane| Arc::clone(&lane.state)).collect();
    let gate = Arc::new(Semaphore::new(LANES_AT_ONCE));
    let mut tasks = JoinSet::new();
    for ((number, lane), stop) in lanes.into_iter().enumerate().zip(tokens) {
        let (context, gate) = (Arc::clone(&context), Arc::clone(&gate));
        tasks.spawn(async move {
            let state = Arc::clone(&lane.state);
            // A panic in one lane fails that lane; the others and the window live.
            let lane_task = tokio::spawn(async move {
                let permit = tokio::select! {
                    permit = gate.acquire_owned() => permit.ok(),
                    () = stop.cancelled() => None,
                };
                lane.run(&context, stop).await;
                drop(permit);
            });
            if let Err(error) = lane_task.await {
                let at = state.elapsed_ms();
                state.fold().failed(
                    at,
                    Error::internal("This lane broke. It is a fault of Rheostat's own.", error),
                );
            }
            number
        });
    }
    let mut frame = tokio::time::interval(FRAME);
    frame.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut ended = true;
    loop {
        tokio::select! {
            finished = tasks.join_next() => {
                ended = true;
                if finished.is_none() {
                    break;
                }
            }
            _ = frame.tick() => send_patch(&states, &mut ended, summarise.as_ref(), &emit),
        }
    }
    ended = true;
    send_patch(&states, &mut ended, summarise.as_ref(), &emit);
    views(&states)
}

fn views(states: &[Arc<LaneState>]) -> Vec<RunView> {
    states.iter().map(|state| state.fold().view()).collect()
}

/// Sends what changed since the last frame. The summary goes along when a lane has ended.
fn send_patch(
    states: &[Arc<LaneState>],
    ended: &mut bool,
    summarise: Option<&Summarise>,
    emit: &impl Fn(&RunPatch),
) {
    let lanes: Vec<_> = (0u32..)
        .zip(states)
        .filter_map(|(lane, state)| {
            let elapsed = state.elapsed_ms();
            state.fold().take_patch(lane, elapsed)
        })
        .collect();
    let summary = if std::mem::take(ended) {
        summarise.map(|summarise| summarise(&views(states)))
    } else {
        None
    };
    if !lanes.is_empty() || summary.is_some() {
        emit(&RunPatch { lanes, summary });
    }
}
