//! A request with its faults mended: one of them, or all that can be mended without asking.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::lint_request::{self, LintRequestInput};
use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};
use crate::lint::{Change, Finding, Fixed, apply_fix, fix_all, lint};
use crate::workbench::Workbench;

/// A finding of the list, to mend it alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FindingRef {
    pub code: String,
    pub pointer: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FixRequestInput {
    pub request: LintRequestInput,
    /// `null`: every fix that only makes the request be accepted, or says the same in today's words.
    #[serde(default)]
    pub only: Option<FindingRef>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FixRequestOutput {
    /// It may be another than before: some requests work on one endpoint only.
    pub endpoint: Endpoint,
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
    /// What was done, in order.
    pub changes: Vec<Change>,
    /// What is still the matter.
    pub findings: Vec<Finding>,
}

/// # Errors
/// `BadInput` where the one finding asked for is not there or has no fix.
pub async fn run(bench: &Workbench, input: FixRequestInput) -> Result<FixRequestOutput> {
    let FixRequestInput { request, only } = input;
    let context = lint_request::context(bench, &request).await?;
    let knowledge = lint_request::knowledge(bench)?;
    let fixed = match only {
        None => fix_all(&request.body, request.endpoint, knowledge, &context),
        Some(only) => {
            let findings = lint(&request.body, request.endpoint, knowledge, &context);
            let finding = findings
                .iter()
                .find(|it| it.code == only.code && it.pointer == only.pointer && it.fix.is_some())
                .ok_or_else(|| {
                    Error::new(
                        ErrorCode::BadInput,
                        format!(
                            "There is nothing to mend at {} for {}.",
                            only.pointer, only.code
                        ),
                    )
                    .place(only.pointer.clone())
                    .hint("The request has changed since it was looked at. Look again.")
                })?;
            apply_fix(&request.body, request.endpoint, finding, knowledge.table)
        }
    };
    let Fixed {
        body,
        endpoint,
        changes,
    } = fixed;
    let findings = lint(&body, endpoint, knowledge, &context);
    Ok(FixRequestOutput {
        endpoint,
        body,
        changes,
        findings,
    })
}
