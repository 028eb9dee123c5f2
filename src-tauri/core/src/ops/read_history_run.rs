//! One recorded run, whole: what was sent, each attempt at it, and what came back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::list_history::{HistoryRow, places_of};
use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};
use crate::run::facts::RunView;
use crate::run::replay;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadHistoryRunInput {
    pub run_id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ReadHistoryRunOutput {
    pub row: HistoryRow,
    /// With its attempts among the facts.
    pub run: RunView,
    /// The host that it was sent to.
    pub host: String,
    pub endpoint: Endpoint,
    /// The body as it was sent, byte for byte, but for secrets: they stand in it as `{{name}}`.
    pub sent: String,
    /// The same as a request keeps it: without what sending adds. None where what was sent is no JSON object.
    #[ts(type = "Record<string, unknown> | null")]
    pub body: Option<Map<String, Value>>,
}

/// # Errors
/// `BadInput` where the history has no such run, and what reading it fails with.
pub async fn run(bench: &Workbench, input: ReadHistoryRunInput) -> Result<ReadHistoryRunOutput> {
    let (stored, run, sent) = bench
        .read_history(move |history| {
            let Some(stored) = history.run(&input.run_id)? else {
                return Err(Error::new(
                    ErrorCode::BadInput,
                    "This run is no longer in the history.",
                )
                .place(input.run_id));
            };
            let run = replay::view(history, stored.facts.clone())?;
            let sent = history.run_body(&input.run_id)?.unwrap_or_default();
            Ok((stored, run, sent))
        })
        .await?;
    let places = places_of(bench, std::slice::from_ref(&stored));
    let endpoint = Endpoint::ALL
        .into_iter()
        .find(|endpoint| endpoint.path() == stored.endpoint)
        .unwrap_or_default();
    let body = serde_json::from_slice::<Map<String, Value>>(&sent).ok();
    let model = bench.catalog.model(&stored.facts.model);
    Ok(ReadHistoryRunOutput {
        row: HistoryRow::of(&stored, &places),
        run,
        host: stored.host,
        endpoint,
        sent: String::from_utf8_lossy(&sent).into_owned(),
        body: body.map(|body| body::as_written(&body, endpoint, model)),
    })
}
