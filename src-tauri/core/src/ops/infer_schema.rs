//! A schema from JSON samples, with notes on what in it is a guess.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::schema::infer;
pub use crate::schema::infer::Inferred as InferSchemaOutput;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct InferSchemaInput {
    /// The texts of the samples, each one JSON value.
    pub samples: Vec<String>,
}

/// # Errors
/// `BadInput` without samples, or where one is no JSON: its number, line and column.
pub async fn run(_bench: &Workbench, input: InferSchemaInput) -> Result<InferSchemaOutput> {
    infer::infer(&input.samples)
}
