//! What a face needs to draw its first screen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::auth::KeyLabel;
use crate::catalog::models::{EffortLevel, Model};
use crate::clock;
use crate::error::{Error, Result};
use url::Url;

use crate::workbench::Workbench;
use crate::workspace::environment_file::EnvironmentColor;
use crate::workspace::listing::{FolderSummary, Listing};
use crate::workspace::request_file::RequestSummary;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct OpenWorkbenchInput {}

/// Where requests go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ConnectionMode {
    /// The stand-in on loopback: nothing leaves the computer, every reply is a sample.
    Sample,
    /// A real API at `base_url`, with a key.
    Live,
}

/// The connection in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Connection {
    pub mode: ConnectionMode,
    /// The base URL in use now.
    pub base_url: String,
    /// The base URL that Live uses: the environment's, or the one typed in.
    pub live_base_url: String,
    /// The key that Live uses; None where there is none, as far as that can be told without asking the keychain.
    pub key: Option<KeyLabel>,
    /// None where none was chosen.
    pub environment: Option<ConnectionEnvironment>,
}

/// The environment in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ConnectionEnvironment {
    pub id: String,
    pub name: String,
    pub color: EnvironmentColor,
    pub production: bool,
    /// Live calls may go out: it is not production, or was confirmed in this session.
    pub confirmed: bool,
    /// Why its file can't be used now. Nothing can be sent until it is put right or another is chosen.
    pub problem: Option<Error>,
}

impl ConnectionEnvironment {
    /// The environment as it now is; None where none was chosen.
    pub fn of(bench: &Workbench) -> Option<Self> {
        let chosen = bench.route().environment?;
        let live = bench.live();
        let confirmed = live.as_ref().is_ok_and(|live| bench.is_confirmed(live));
        let (file, problem) = match live {
            Ok(live) => (live.environment, None),
            Err(problem) => (None, Some(problem)),
        };
        Some(Self {
            id: chosen.id,
            name: file.as_ref().map_or(chosen.name, |file| file.name.clone()),
            color: file.as_ref().map(|file| file.color).unwrap_or_default(),
            production: file.is_some_and(|file| file.production),
            confirmed,
            problem,
        })
    }
}

impl Connection {
    /// The connection as it now is.
    pub fn of(bench: &Workbench) -> Self {
        let live = bench.live().ok();
        let live_base_url = live
            .as_ref()
            .map(|live| address(&live.base_url))
            .unwrap_or_default();
        let (mode, base_url) = if bench.route().live {
            (ConnectionMode::Live, live_base_url.clone())
        } else {
            let base_url = bench.stand_in().map(|url| address(&url));
            (ConnectionMode::Sample, base_url.unwrap_or_default())
        };
        Self {
            mode,
            base_url,
            live_base_url,
            key: live.and_then(|live| bench.keys.label(&live.key_place())),
            environment: ConnectionEnvironment::of(bench),
        }
    }
}

/// A base URL as a person writes it, without the last slash.
pub(crate) fn address(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// Where runs are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct HistoryState {
    pub folder: String,
    /// Why runs are kept in memory only, for this session.
    pub problem: Option<Error>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct OpenWorkbenchOutput {
    pub version: String,
    pub workspace_name: String,
    pub workspace_folder: String,
    /// Why the workspace is a temporary one, for this session, or why it shows nothing.
    pub workspace_problem: Option<Error>,
    /// Every request, in the order of the tree. Of a large workspace some are `pending`: `watch_workspace`
    /// tells of them.
    pub requests: Vec<RequestSummary>,
    /// In the order of the tree, the workspace itself first.
    pub folders: Vec<FolderSummary>,
    /// Newest family first.
    pub models: Vec<Model>,
    /// The whole ramp, in rising order.
    pub efforts: Vec<EffortLevel>,
    /// Why the user's own models or prices are left aside; ours are used then.
    pub data_problems: Vec<Error>,
    /// The day of the price table, ISO 8601.
    pub price_date: String,
    pub connection: Connection,
    pub history: HistoryState,
    /// The first screen shows what the tool is for: no run is recorded yet, or the sample was asked for.
    pub first_start: bool,
    /// Billed today (UTC) for live replies, in nano-dollars.
    pub spent_today: u64,
}

/// # Errors
/// What reading the history fails with.
pub async fn run(bench: &Workbench, _: OpenWorkbenchInput) -> Result<OpenWorkbenchOutput> {
    let today = clock::day_range_utc(bench.clock.now_ms());
    let spent_today = bench
        .read_history(|history| history.spent_on(today))
        .await?;
    let listed = bench
        .with_workspace(|workspace| workspace.first_listing())
        .await;
    let (listing, gone) = match listed {
        Ok(listing) => (listing, None),
        Err(problem) => (Listing::default(), Some(problem)),
    };
    Ok(OpenWorkbenchOutput {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        workspace_name: bench.workspace.name(),
        workspace_folder: bench.workspace.root().display().to_string(),
        workspace_problem: bench.workspace_problem.clone().or(gone),
        requests: listing.requests,
        folders: listing.folders,
        models: bench.catalog.models().to_vec(),
        efforts: bench.catalog.efforts().to_vec(),
        data_problems: bench.data_problems.clone(),
        price_date: bench.prices.date().to_owned(),
        connection: Connection::of(bench),
        history: HistoryState {
            folder: bench.paths.data.display().to_string(),
            problem: bench
                .history_problem
                .clone()
                .or_else(|| bench.history.recorder().problem()),
        },
        first_start: bench.is_first_start()?,
        spent_today,
    })
}
