//! What strict mode refuses in a schema, with its sizes against the limits.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::error::Result;
use crate::schema::{Counts, Problem, strict};
use crate::workbench::Workbench;

/// A list beyond this helps nobody; the counts tell the rest.
const MOST_PROBLEMS: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CheckSchemaInput {
    #[ts(type = "unknown")]
    pub schema: Value,
    /// The name that the schema is sent under; checked where it is given.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CheckSchemaOutput {
    /// At most 1 000, in the order of the document; `counts.problems` counts all.
    pub problems: Vec<Problem>,
    pub counts: Counts,
}

/// # Errors
/// None: whatever the schema is, its problems are the answer.
pub async fn run(_bench: &Workbench, input: CheckSchemaInput) -> Result<CheckSchemaOutput> {
    let strict::Checked {
        mut problems,
        mut counts,
    } = strict::check(&input.schema);
    if let Some(problem) = input.name.as_deref().and_then(strict::check_name) {
        problems.insert(0, problem);
        counts.problems += 1;
    }
    problems.truncate(MOST_PROBLEMS);
    Ok(CheckSchemaOutput { problems, counts })
}
