//! Whether an output satisfies a schema, whole or while it is still being written.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::error::Result;
use crate::schema::partial;
use crate::schema::validate::{Failure, Judge};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ValidateOutputInput {
    #[ts(type = "unknown")]
    pub schema: Value,
    pub text: String,
    /// The text is a beginning: only what no continuation can mend is a failure.
    pub partial: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ValidateOutputOutput {
    /// At most 200.
    pub failures: Vec<Failure>,
    /// The text was judged as a whole; otherwise more failures may still come.
    pub is_whole: bool,
}

/// # Errors
/// `BadInput` where the schema itself is broken, refers out of itself, or leads round in a circle.
pub async fn run(_bench: &Workbench, input: ValidateOutputInput) -> Result<ValidateOutputOutput> {
    if input.partial {
        let so_far = partial::judge(&input.schema, &input.text)?;
        return Ok(ValidateOutputOutput {
            failures: so_far.failures,
            is_whole: so_far.is_whole,
        });
    }
    Ok(ValidateOutputOutput {
        failures: Judge::new(&input.schema)?.text(&input.text),
        is_whole: true,
    })
}
