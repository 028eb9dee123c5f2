//! Judges an output while it is still being written: only what no continuation can mend.

mod begun;
mod read;
mod rules;

use serde_json::Value;

pub use read::Fault;

use super::validate::{Failure, Judge, can_be_followed};
use crate::error::Result;

/// What can be said of an output so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoFar {
    pub failures: Vec<Failure>,
    /// The text is a whole JSON value: the failures are final.
    pub is_whole: bool,
}

/// Judges the beginning of an output. An object that names a key twice is not expected: a later
/// value of the same key is not waited for.
///
/// # Errors
/// `BadInput` where the schema can't judge anything.
pub fn judge(schema: &Value, text: &str) -> Result<SoFar> {
    // To be made ready for whole outputs costs more than to look at a beginning, many times a second.
    can_be_followed(schema)?;
    let failures = match read::read(text) {
        Ok(Some(piece)) if piece.is_whole() => {
            return Ok(SoFar {
                failures: Judge::new(schema)?.text(text),
                is_whole: true,
            });
        }
        Ok(Some(piece)) => rules::failures(schema, &piece),
        Ok(None) => Vec::new(),
        Err(Fault { line, column, what }) => vec![Failure {
            pointer: String::new(),
            schema_pointer: None,
            message: format!("No JSON: {what} in line {line}, column {column}"),
        }],
    };
    Ok(SoFar {
        failures,
        is_whole: false,
    })
}
