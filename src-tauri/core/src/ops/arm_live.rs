//! What going live means for a request, before the switch is thrown: where it goes and with which key, what it may
//! cost, what the budget leaves, and whether what was recorded still fits its schema. Nothing is changed or sent.

use jsonschema::Validator;
use rheostat_mock::Recording;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::forecast_run::{self, ForecastRunInput, ForecastRunOutput};
use super::open_workbench::address;
use crate::auth::KeyLabel;
use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::error::Result;
use crate::mock::{self, recording};
use crate::run::facts::{RunFacts, Section};
use crate::run::fold::Fold;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

/// Of one recording; the rest is counted.
const MOST_PROBLEMS: usize = 20;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ArmLiveInput {
    /// The request as it stands in the editor, saved or not.
    pub request: RequestFile,
    /// The levels that will be run; empty for the request's own.
    pub efforts: Vec<String>,
    /// Runs per level, from 1.
    pub repeats: u32,
}

/// Whether a recorded answer fits the schema that the request has now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RecordingFit {
    pub name: String,
    /// The file within the folder of recordings; None for the last real answer in the history.
    pub file: Option<String>,
    /// ms since the epoch, UTC.
    pub recorded_at: u64,
    /// The real API answered.
    pub live: bool,
    /// Places of the answer and what is wrong there; empty where it fits.
    pub problems: Vec<String>,
    /// How many more there are.
    pub more: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ArmLiveOutput {
    pub base_url: String,
    /// None where there is no key.
    pub key: Option<KeyLabel>,
    pub forecast: ForecastRunOutput,
    /// The request asks for an output schema.
    pub has_schema: bool,
    /// Why the schema can't be used.
    pub schema_problem: Option<String>,
    /// Recordings of this request at any level, newest first; empty without a schema.
    pub recordings: Vec<RecordingFit>,
}

/// # Errors
/// As `forecast_run`.
pub async fn run(bench: &Workbench, input: ArmLiveInput) -> Result<ArmLiveOutput> {
    let ArmLiveInput {
        request,
        efforts,
        repeats,
    } = input;
    let wire = bench.wire_body(&request, None)?;
    let schema = body::output_schema(&wire).cloned();
    let validator = schema.as_ref().map(|schema| {
        jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .build(schema)
    });
    let (validator, schema_problem) = match validator {
        Some(Ok(validator)) => (Some(validator), None),
        Some(Err(error)) => (None, Some(error.to_string())),
        None => (None, None),
    };
    let recordings = match validator {
        Some(validator) => fits(bench, request.endpoint, &wire, validator).await?,
        None => Vec::new(),
    };
    let asked = ForecastRunInput {
        request,
        efforts,
        repeats,
    };
    Ok(ArmLiveOutput {
        base_url: address(&bench.route().live_base_url),
        key: bench.keys.label(),
        forecast: forecast_run::forecast(bench, &asked).await?,
        has_schema: schema.is_some(),
        schema_problem,
        recordings,
    })
}

/// A recording was made under the schema of its day: it is found by all else that the request says.
async fn fits(
    bench: &Workbench,
    endpoint: Endpoint,
    wire: &serde_json::Map<String, Value>,
    validator: Validator,
) -> Result<Vec<RecordingFit>> {
    let Ok(mock) = bench.mock() else {
        return Ok(Vec::new());
    };
    let folder = mock.recordings().to_owned();
    let wanted = without_schema(endpoint, wire);
    bench
        .read_history(move |history| {
            let files = rheostat_mock::Recordings::open(&folder);
            let mut found = Vec::new();
            for listed in files.list() {
                let named = listed
                    .file
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned());
                let recording = named.as_deref().and_then(|name| files.named(name));
                if let (Some(name), Some(recording)) = (named, recording) {
                    found.push((Some(name), (*recording).clone()));
                }
            }
            for (id, ..) in history.live_answers(LAST_ANSWERS)? {
                if let Ok(Some(recording)) = recording::of_run(history, &id) {
                    found.push((None, recording));
                }
            }
            found.retain(|(_, recording)| {
                let sent = &recording.head.request;
                let body = sent.body.as_object();
                mock::endpoint(&sent.path) == Some(endpoint)
                    && body.is_some_and(|body| without_schema(endpoint, body) == wanted)
            });
            let mut fits: Vec<_> = found
                .into_iter()
                .map(|(file, recording)| fit(file, &recording, &validator))
                .collect();
            fits.sort_by_key(|fit| std::cmp::Reverse(fit.recorded_at));
            Ok(fits)
        })
        .await
}

/// How many of the last real answers are looked at.
const LAST_ANSWERS: u32 = 50;

fn without_schema(endpoint: Endpoint, body: &serde_json::Map<String, Value>) -> String {
    let mut body = body.clone();
    body.shift_remove("text");
    body.shift_remove("response_format");
    mock::key(endpoint, &body).any_effort
}

fn fit(file: Option<String>, recording: &Recording, validator: &Validator) -> RecordingFit {
    let mut fold = Fold::new(RunFacts::default());
    for (_, raw) in &recording.lines {
        fold.event(0.0, raw);
    }
    let text = fold.text(Section::Output);
    let mut problems = match serde_json::from_str::<Value>(&text) {
        Ok(value) => validator
            .iter_errors(&value)
            .map(|error| {
                let path = error.instance_path().to_string();
                let place = if path.is_empty() {
                    "(root)".to_owned()
                } else {
                    path
                };
                format!("{place}: {}", short(&error.to_string()))
            })
            .collect(),
        Err(error) => vec![format!("The answer is no JSON: {error}")],
    };
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    problems.truncate(MOST_PROBLEMS);
    RecordingFit {
        name: recording.head.name.clone(),
        file,
        recorded_at: recording.head.recorded_at,
        live: recording.head.source == rheostat_mock::Source::Live,
        problems,
        more: u32::try_from(more).unwrap_or(u32::MAX),
    }
}

/// Messages of a validator quote the value, however large it is.
fn short(message: &str) -> String {
    const MOST: usize = 240;
    match message.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}...", &message[..at]),
        None => message.to_owned(),
    }
}
