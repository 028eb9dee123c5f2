//! A request from what a person pasted: a cURL command or a body.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::error::Result;
use crate::request_code::{LeftOut, Pasted, paste};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PasteRequestInput {
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PasteRequestOutput {
    pub endpoint: Endpoint,
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
    /// Where the command sends it, if that is not OpenAI's own address. Nothing goes there by itself.
    pub base_url: Option<String>,
    pub left_out: Vec<LeftOut>,
}

/// # Errors
/// `BadInput`, saying what was pasted instead or what is broken in it.
pub async fn run(_: &Workbench, input: PasteRequestInput) -> Result<PasteRequestOutput> {
    let Pasted {
        endpoint,
        body,
        base_url,
        left_out,
    } = paste(&input.text)?;
    Ok(PasteRequestOutput {
        endpoint,
        body,
        base_url,
        left_out,
    })
}
