//! A schema in another language, or as the part of a request that sends it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::error::Result;
pub use crate::schema::print::Printed as PrintSchemaOutput;
use crate::schema::print::{self, Language};
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct PrintSchemaInput {
    #[ts(type = "unknown")]
    pub schema: Value,
    /// What the type, or the schema in a request, is called.
    pub name: String,
    #[serde(rename = "as")]
    #[ts(rename = "as")]
    pub language: Language,
}

/// # Errors
/// `BadInput` for types of a schema that is no object, refers out of itself, or leads round in a circle.
pub async fn run(_bench: &Workbench, input: PrintSchemaInput) -> Result<PrintSchemaOutput> {
    print::print(&input.schema, &input.name, input.language)
}
