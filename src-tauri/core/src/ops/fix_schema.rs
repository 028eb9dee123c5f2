//! Mends a schema for strict mode: one problem, or all that need no person's choice.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::schema::ProblemCode;
use crate::schema::fix;
pub use crate::schema::fix::FixOutcome as FixSchemaOutput;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FixSchemaInput {
    #[ts(type = "unknown")]
    pub schema: Value,
    /// The one problem to mend; all of them where it is missing.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub problem: Option<FixSchemaProblem>,
}

/// A problem as `check_schema` named it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FixSchemaProblem {
    pub code: ProblemCode,
    pub pointer: String,
}

/// # Errors
/// `BadInput` where the schema doesn't have this problem, or it has no fix.
pub async fn run(_bench: &Workbench, input: FixSchemaInput) -> Result<FixSchemaOutput> {
    let Some(problem) = input.problem else {
        return Ok(fix::fix_all(&input.schema));
    };
    fix::fix(&input.schema, problem.code, &problem.pointer).ok_or_else(|| {
        Error::new(
            ErrorCode::BadInput,
            "The schema has changed: this problem is no longer there, or has no fix.",
        )
        .place(problem.pointer)
        .hint("Check the schema again.")
    })
}
