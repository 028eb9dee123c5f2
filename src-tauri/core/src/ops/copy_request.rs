//! A request as code, to run it elsewhere.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;
use crate::request_code::{self, CodeKind};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CopyRequestInput {
    /// In what to write it.
    #[serde(rename = "as")]
    pub kind: CodeKind,
    pub endpoint: Endpoint,
    /// As it is sent, variables filled in.
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
    /// Where it goes; `null`: where Live goes.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The schema file that the request refers to.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub schema_file: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CopyRequestOutput {
    /// Ends with a line feed. The key is read from `OPENAI_API_KEY` where it runs.
    pub code: String,
}

/// # Errors
/// Why the schema file can't be used: see `Workspace::with_schema`.
pub async fn run(bench: &Workbench, input: CopyRequestInput) -> Result<CopyRequestOutput> {
    let live = bench.route().live_base_url;
    let base_url = input.base_url.as_deref().unwrap_or(live.as_str());
    let mut body = input.body;
    if let Some(path) = &input.schema_file {
        body = bench
            .workspace
            .with_schema_in(&body, input.endpoint, path)?;
    }
    Ok(CopyRequestOutput {
        code: request_code::print(
            input.kind,
            input.endpoint,
            &body,
            Some(base_url),
            ParameterTable::builtin()?,
        ),
    })
}
