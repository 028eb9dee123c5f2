//! A new request file, from a few defaults or as a copy of another.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::error::{Error, ErrorCode};
use crate::ids;
use crate::ops::read_request::ReadRequestOutput;
use crate::workbench::Workbench;
use crate::workspace::request_file::Endpoint;
use crate::workspace::request_file::{RequestFile, RequestSummary};
use serde_json::{Map, json};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CreateRequestInput {
    /// Relative to the workspace folder, "" for its top.
    pub folder: String,
    pub name: String,
    /// What to copy; the copy gets an id of its own.
    pub like: Option<RequestFile>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CreateRequestOutput {
    pub summary: RequestSummary,
    pub opened: ReadRequestOutput,
}

/// # Errors
/// `FileUnwritable`, or `BadInput` for an empty name or a folder outside the workspace.
pub async fn run(bench: &Workbench, input: CreateRequestInput) -> Result<CreateRequestOutput> {
    let name = input.name.trim();
    if name.is_empty() {
        return Err(Error::new(ErrorCode::BadInput, "A request needs a name.").place("name"));
    }
    let mut request = input.like.unwrap_or_else(|| blank(bench));
    request.id = ids::new();
    request.name = name.to_owned();
    let (path, read) = bench.workspace.create(&input.folder, &request)?;
    let summary = bench.workspace.summary(&path, &read.request, &read.stamp);
    Ok(CreateRequestOutput {
        summary,
        opened: ReadRequestOutput::of(bench, path, read),
    })
}

/// The product's own model, and an empty prompt; all else is left to the API's defaults.
fn blank(bench: &Workbench) -> RequestFile {
    let model = bench
        .catalog
        .models()
        .first()
        .map(|model| model.id.clone())
        .unwrap_or_default();
    let mut body = Map::new();
    body.insert("model".into(), model.into());
    body.insert("input".into(), json!([{ "role": "user", "content": "" }]));
    RequestFile {
        id: String::new(),
        name: String::new(),
        tags: Vec::new(),
        endpoint: Endpoint::Responses,
        body,
        schema_file: None,
        checks: Vec::new(),
        variables: indexmap::IndexMap::new(),
        stubs: indexmap::IndexMap::new(),
        tools_off: Vec::new(),
        other: Map::new(),
    }
}
