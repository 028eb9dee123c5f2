//! The schema as JSON: by itself, or in the part of a request that sends it (API.md 2, 3 and 9).

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::schema::strict::fit_name;

pub fn schema(schema: &Value) -> Result<String> {
    text(schema)
}

/// `text.format` is flat. Strict is said, for it is off where it is left out.
pub fn responses(schema: &Value, name: &str) -> Result<String> {
    text(&json!({
        "text": {"format": {
            "type": "json_schema",
            "name": fit_name(name),
            "strict": true,
            "schema": schema,
        }},
    }))
}

pub fn chat(schema: &Value, name: &str) -> Result<String> {
    text(&json!({
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": fit_name(name), "strict": true, "schema": schema},
        },
    }))
}

fn text(value: &Value) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Error::internal("A schema could not be written as JSON", error))
}
