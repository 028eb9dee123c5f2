//! Judges an output by a schema: every place that fails, by path. The network is never touched.

pub(in crate::schema) mod words;

use jsonschema::Validator;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::circles::{self, Trap};
use crate::error::{Error, ErrorCode, Result};

/// More failures than these are not listed.
const MOST_FAILURES: usize = 200;

/// One place of an output that the schema refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "OutputFailure", rename_all = "camelCase")]
pub struct Failure {
    /// JSON Pointer into the output.
    pub pointer: String,
    /// JSON Pointer into the schema, to the keyword that refuses it; none where the text is no JSON.
    pub schema_pointer: Option<String>,
    pub message: String,
}

/// A schema made ready to judge many outputs.
#[derive(Debug)]
pub struct Judge {
    validator: Validator,
}

fn broken(why: String) -> Error {
    Error::new(
        ErrorCode::BadInput,
        format!("The schema can't judge anything: {why}."),
    )
    .place("schema")
}

/// # Errors
/// `BadInput` where the schema refers out of itself, leads round in a circle, or leads on too far.
pub(in crate::schema) fn can_be_followed(schema: &Value) -> Result<()> {
    Err(broken(match circles::trap(schema) {
        None => return Ok(()),
        Some(Trap::Circle(at)) => {
            format!(
                "the reference at {} leads back to itself",
                words::place(&at)
            )
        }
        Some(Trap::Long(at)) => format!(
            "{} passes on through too many references",
            words::place(&at)
        ),
        Some(Trap::Remote(reference)) => format!(
            "it refers to {}, and nothing outside of it is fetched",
            words::cut(&reference)
        ),
    }))
}

impl Judge {
    /// # Errors
    /// `BadInput` where the schema is broken, refers out of itself, or leads round in a circle.
    pub fn new(schema: &Value) -> Result<Self> {
        can_be_followed(schema)?;
        // A dialect that nobody knows here is read as the newest one.
        let known = schema.get("$schema").is_none_or(|dialect| {
            dialect
                .as_str()
                .is_some_and(|it| it.contains("//json-schema.org/"))
        });
        let plain = match schema {
            Value::Object(node) if !known => {
                let mut node = node.clone();
                node.shift_remove("$schema");
                Some(Value::Object(node))
            }
            _ => None,
        };
        let validator = jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .build(plain.as_ref().unwrap_or(schema))
            .map_err(|error| {
                broken(format!(
                    "{}: {}",
                    words::place(error.instance_path().as_str()),
                    words::cut(&error.to_string())
                ))
            })?;
        Ok(Self { validator })
    }

    /// The failures of an output's text, at most 200. None means that it satisfies the schema.
    pub fn text(&self, text: &str) -> Vec<Failure> {
        match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(value) => self.value(&value),
            Err(error) => {
                let said = error.to_string();
                let what = said.split(" at line ").next().unwrap_or(&said);
                vec![Failure {
                    pointer: String::new(),
                    schema_pointer: None,
                    message: match text.trim().is_empty() {
                        true => "The output is empty".to_owned(),
                        false => format!(
                            "No JSON: {what} in line {}, column {}",
                            error.line(),
                            error.column()
                        ),
                    },
                }]
            }
        }
    }

    /// The failures of a value, at most 200.
    pub fn value(&self, value: &Value) -> Vec<Failure> {
        let mut failures = Vec::new();
        for error in self.validator.iter_errors(value) {
            words::explain(&error, &mut failures);
            if failures.len() >= MOST_FAILURES {
                failures.truncate(MOST_FAILURES);
                break;
            }
        }
        failures
    }
}
