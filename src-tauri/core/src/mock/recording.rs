//! A run of the history as a recording that the stand-in can replay.

use std::collections::BTreeMap;

use rheostat_mock::{FORMAT, Head, Recording, Requested, Responded, Source};
use serde_json::Value;

use crate::body;
use crate::error::{Error, ErrorCode, Result};
use crate::history::{History, StoredRun};
use crate::run::facts::RunStatus;

/// The most events of a recording: far above what a model writes in one answer.
const MOST_EVENTS: u32 = 1_000_000;

/// The recording of a run, None where there is no such run. Its times count from the attempt that brought the answer:
/// waits before it were not the API's.
///
/// # Errors
/// `BadInput` for a run without an answer, or whose events are not all in the record.
pub fn of_run(history: &History, id: &str) -> Result<Option<Recording>> {
    let (Some(run), Some(bytes)) = (history.run(id)?, history.run_body(id)?) else {
        return Ok(None);
    };
    let facts = &run.facts;
    let whole = matches!(facts.status, RunStatus::Completed | RunStatus::Incomplete);
    if facts.events == 0 || !facts.status.is_over() {
        return Err(unfit("This run has no answer to replay."));
    }
    if run.events_kept < facts.events {
        return Err(unfit(
            "Not every event of this run is in the history, so it can't be replayed.",
        ));
    }
    let body: Value = serde_json::from_slice(&bytes)
        .map_err(|error| Error::internal("A recorded body is no JSON", error))?;
    let attempt = facts
        .attempts
        .iter()
        .rev()
        .find(|attempt| attempt.resumed_after.is_none());
    let sent_us = attempt.map_or(0.0, |attempt| attempt.sent_ms) * 1000.0;
    let lines = history.run_events(id, 0, MOST_EVENTS)?.into_iter();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "microseconds of a run are far below 2^52, and not below 0 after max"
    )]
    let lines = lines
        .map(|event| {
            let ms = (event.at_us as f64 - sent_us).max(0.0) / 1000.0;
            (ms.round() as u64, event.raw)
        })
        .collect();
    Ok(Some(Recording {
        head: Head {
            format: FORMAT,
            request: Requested {
                method: "POST".to_owned(),
                path: format!("/v1/{}", run.endpoint),
                body: body.clone(),
            },
            response: Responded {
                status: 200,
                headers: headers(&run, &body),
            },
            recorded_at: facts
                .started_at
                .and_then(|at| u64::try_from(at).ok())
                .unwrap_or_default(),
            source: if facts.sample.is_none() {
                Source::Live
            } else {
                Source::Sample
            },
            name: name(&run),
            cut: !whole,
        },
        lines,
    }))
}

fn headers(run: &StoredRun, body: &Value) -> BTreeMap<String, String> {
    let streamed = body.as_object().is_some_and(body::streams);
    let kind = if streamed {
        "text/event-stream; charset=utf-8"
    } else {
        "application/json"
    };
    let mut headers = BTreeMap::from([("content-type".to_owned(), kind.to_owned())]);
    let id = run
        .facts
        .attempts
        .last()
        .and_then(|attempt| attempt.request_id.clone());
    if let Some(id) = id {
        headers.insert("x-request-id".to_owned(), id);
    }
    headers
}

/// Such as `Flag locking DDL, high`.
fn name(run: &StoredRun) -> String {
    let facts = &run.facts;
    let effort = facts
        .effort_sent
        .as_deref()
        .or(facts.effort_reported.as_deref());
    let request = run.request_name.as_deref().unwrap_or(&facts.model);
    match effort {
        Some(effort) => format!("{request}, {effort}"),
        None => request.to_owned(),
    }
}

fn unfit(message: &str) -> Error {
    Error::new(ErrorCode::BadInput, message)
        .place("runId")
        .hint("Run the request again, and save that answer.")
}
