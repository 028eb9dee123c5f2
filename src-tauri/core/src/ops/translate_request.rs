//! A request in the words of the other endpoint.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;
use crate::translate::{Remark, translate};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TranslateRequestInput {
    /// The endpoint that the body is written for.
    pub from: Endpoint,
    pub to: Endpoint,
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TranslateRequestOutput {
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
    /// What has no place there; it is not in the body.
    pub lost: Vec<Remark>,
    /// What is there, but says something slightly different.
    pub changed: Vec<Remark>,
}

/// # Errors
/// `Internal` where the embedded table is broken, which the tests rule out.
pub async fn run(_: &Workbench, input: TranslateRequestInput) -> Result<TranslateRequestOutput> {
    if input.from == input.to {
        return Ok(TranslateRequestOutput {
            body: input.body,
            lost: Vec::new(),
            changed: Vec::new(),
        });
    }
    let translation = translate(&input.body, input.from, ParameterTable::builtin()?);
    Ok(TranslateRequestOutput {
        body: translation.body,
        lost: translation.lost,
        changed: translation.changed,
    })
}
