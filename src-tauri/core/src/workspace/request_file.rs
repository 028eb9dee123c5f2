//! A request as it stands in the workspace: one YAML file, prompts as block scalars.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::grade::checks::Check;

/// The endpoint that a body is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema, Default)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Endpoint {
    /// `POST /v1/responses`.
    #[default]
    Responses,
}

/// One request. The body is the document: what Rheostat does not know in it stays untouched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RequestFile {
    /// UUID v7. History finds the request's runs by it, wherever the file moves.
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub endpoint: Endpoint,
    /// The JSON body that will be sent.
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Keys that this version does not know; kept as they are.
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

/// A request in the sidebar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RequestSummary {
    /// Relative to the workspace folder, with forward slashes.
    pub path: String,
    /// The folder it lies in, "" at the top.
    pub folder: String,
    pub id: String,
    pub name: String,
    pub model: Option<String>,
    pub effort: Option<String>,
    /// The file can't be read as a request; it is listed all the same.
    pub problem: Option<crate::error::Error>,
}
