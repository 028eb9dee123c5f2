//! The stand-in as it is set, what it holds, and what would answer each request of the workspace.

use std::collections::BTreeMap;

use rheostat_mock::{AtEnd, Listed, Pinned, RuleState, Rung, Source, Speed};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::mock::{self, Mock};
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MockStateInput {}

/// What every verb that changes the stand-in answers with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MockStateOutput {
    /// What takes the place of `https://api.openai.com/v1` in another program.
    pub base_url: String,
    /// Other programs on this computer may call it.
    pub open: bool,
    /// Web pages that may call it, by their origins.
    pub origins: Vec<String>,
    /// The port that the settings ask for; 0 is any free one.
    pub port: u16,
    /// Why it listens elsewhere.
    pub port_problem: Option<Error>,
    /// Other programs must send a token.
    pub token_required: bool,
    pub speed: Speed,
    /// The rungs that are on, in order.
    pub rungs: Vec<Rung>,
    pub any_effort: bool,
    pub at_end: AtEnd,
    pub rules: Vec<RuleState>,
    /// Requests of other programs that nothing here answers go to this base URL, are answered there, may cost money,
    /// and are recorded; None where they are not forwarded.
    pub records_from: Option<String>,
    /// The requests of the workspace, in the sidebar's order.
    pub requests: Vec<MockedRequest>,
    /// The folder of recordings.
    pub recordings_folder: String,
    pub recordings: Vec<MockRecordingFile>,
    /// What keeps settings or recordings from being used, one sentence each.
    pub problems: Vec<String>,
}

/// What answers a request of the workspace, at its own effort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MockedRequest {
    pub id: String,
    pub name: String,
    /// The folder it lies in, "" at the top.
    pub folder: String,
    pub model: Option<String>,
    pub effort: Option<String>,
    /// What the user chose for it; None leaves it to the ladder.
    pub chosen: Option<Pinned>,
    /// The rung that would answer it now; None where nothing would. A rule that depends on chance or on a count is
    /// not foreseen.
    pub answered_by: Option<Rung>,
    /// The rule that would decide.
    pub rule: Option<String>,
    /// When the last real answer to it came, ms since the epoch, UTC.
    pub last_live_at: Option<u64>,
    /// Recordings of it, all efforts together.
    pub recordings: u32,
}

/// A recording of the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct MockRecordingFile {
    /// The file's name within the folder.
    pub file: String,
    pub name: String,
    /// Why it can't be used; what follows is empty then.
    pub problem: Option<String>,
    /// Of the workspace's request that it answers.
    pub request_id: Option<String>,
    /// The real API answered.
    pub live: bool,
    /// ms since the epoch, UTC.
    pub recorded_at: Option<u64>,
    pub status: Option<u16>,
    pub streamed: bool,
    /// The answer broke off.
    pub cut: bool,
    pub total_ms: u64,
}

/// # Errors
/// `BadInput` where the stand-in in use belongs to another program; what reading the history fails with.
pub async fn run(bench: &Workbench, _: MockStateInput) -> Result<MockStateOutput> {
    state(bench).await
}

/// The state, for every verb that changes it.
///
/// # Errors
/// As [`run`].
pub async fn state(bench: &Workbench) -> Result<MockStateOutput> {
    let mock = bench.mock()?;
    let saved = saved_requests(bench);
    mock.pin_saved(
        saved
            .iter()
            .map(|(request, _)| (request.id.as_str(), request.endpoint, &request.body)),
    );
    let is = mock.stand_in().state();
    let settings = mock.settings();
    let files = is.recordings.as_ref();
    let listed = files.map_or(&[][..], |recordings| &recordings.files);
    let bodies: Vec<_> = saved
        .iter()
        .map(|(request, _)| mock::key(request.endpoint, &request.body))
        .collect();
    let mut requests = Vec::new();
    for ((request, folder), key) in saved.iter().zip(&bodies) {
        requests.push(mocked(mock, request, folder, key, listed).await?);
    }
    let by_key: BTreeMap<&str, &str> = saved
        .iter()
        .zip(&bodies)
        .map(|((request, _), key)| (key.any_effort.as_str(), request.id.as_str()))
        .collect();
    let problems = mock
        .problem()
        .map(|problem| problem.message)
        .into_iter()
        .chain(
            files
                .into_iter()
                .flat_map(|recordings| recordings.problems.clone()),
        )
        .filter(|problem| mock.recordings().exists() || !problem.contains("cannot be read"))
        .collect();
    Ok(MockStateOutput {
        base_url: mock.stand_in().base_url(),
        open: settings.open,
        origins: settings.origins,
        port: settings.port,
        port_problem: mock.port_problem(),
        token_required: is.token_required,
        speed: is.speed,
        rungs: settings.rungs,
        any_effort: settings.any_effort,
        at_end: settings.at_end,
        rules: is.rules,
        records_from: is.upstream.map(|upstream| upstream.base_url),
        requests,
        recordings_folder: mock.recordings().display().to_string(),
        recordings: listed.iter().map(|file| recording(file, &by_key)).collect(),
        problems,
    })
}

/// Every request of the workspace that can be read, with its folder.
pub(crate) fn saved_requests(bench: &Workbench) -> Vec<(RequestFile, String)> {
    let listed = bench.workspace.requests().into_iter();
    listed
        .filter_map(|summary| {
            let read = bench.workspace.read(&summary.path).ok()?;
            let mut request = read.request;
            // As it is sent: the stand-in knows it by that.
            request.body = bench.wire_body(&request, None).unwrap_or(request.body);
            Some((request, summary.folder))
        })
        .collect()
}

async fn mocked(
    mock: &Mock,
    request: &RequestFile,
    folder: &str,
    key: &rheostat_mock::Key,
    listed: &[Listed],
) -> Result<MockedRequest> {
    let of_request = |file: &&Listed| {
        file.key
            .as_ref()
            .is_some_and(|other| other.any_effort == key.any_effort)
    };
    let seen = mock
        .stand_in()
        .foresee(
            "POST",
            &mock::path(request.endpoint),
            &serde_json::Value::Object(request.body.clone()),
        )
        .await;
    let last_live_at = mock.keeper().last_live_at(&key.exact)?;
    Ok(MockedRequest {
        id: request.id.clone(),
        name: request.name.clone(),
        folder: folder.to_owned(),
        model: crate::body::model(&request.body).map(str::to_owned),
        effort: crate::body::effort(&request.body).map(str::to_owned),
        chosen: mock.settings().answers.get(&request.id).cloned(),
        answered_by: seen.rung,
        rule: seen.rule,
        last_live_at,
        recordings: u32::try_from(listed.iter().filter(of_request).count()).unwrap_or(u32::MAX),
    })
}

fn recording(file: &Listed, by_key: &BTreeMap<&str, &str>) -> MockRecordingFile {
    let key = file.key.as_ref().map(|key| key.any_effort.as_str());
    MockRecordingFile {
        file: file
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        name: file.name.clone(),
        problem: file.problem.clone(),
        request_id: key
            .and_then(|key| by_key.get(key))
            .map(|id| (*id).to_owned()),
        live: file.source == Some(Source::Live),
        recorded_at: file.recorded_at,
        status: file.status,
        streamed: file.streamed,
        cut: file.cut,
        total_ms: file.total_ms,
    }
}
