//! A schema from JSON samples: types, what may be missing, choices, and guesses marked for review.

mod format;
mod seen;
mod write;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};

/// Why a place of the schema wants a second look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SchemaNoteKind", rename_all = "snake_case")]
pub enum NoteKind {
    /// Some samples lack it, so it may be null.
    Optional,
    /// The samples hold values of several types.
    Union,
    /// The few values that were seen are taken for all there are.
    EnumGuess,
    FormatGuess,
    /// Nothing but null was seen.
    OnlyNull,
    /// Only empty lists were seen.
    EmptyList,
    /// Only objects without keys were seen.
    EmptyObject,
    /// Strict mode wants an object at the root.
    RootNotObject,
}

/// A place that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SchemaNote", rename_all = "camelCase")]
pub struct Note {
    pub kind: NoteKind,
    /// JSON Pointer into the schema.
    pub pointer: String,
    pub message: String,
}

/// A schema that every sample satisfies, and what in it is a guess.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "InferSchemaOutput", rename_all = "camelCase")]
pub struct Inferred {
    #[ts(type = "unknown")]
    pub schema: Value,
    pub notes: Vec<Note>,
    /// How many samples it was made from.
    pub samples: usize,
}

/// Makes a schema from the texts of samples.
///
/// What some samples lack becomes nullable, as strict mode wants it. A sample that lacks such a key
/// satisfies the schema once the key is there with null.
///
/// # Errors
/// `BadInput` without samples, or where one is no JSON: its number, line and column.
pub fn infer(samples: &[String]) -> Result<Inferred> {
    let mut values = Vec::with_capacity(samples.len());
    for (index, text) in samples.iter().enumerate() {
        let which = match samples.len() {
            1 => "The sample".to_owned(),
            _ => format!("Sample {}", index + 1),
        };
        values.push(read(text, &which, &format!("samples[{index}]"))?);
    }
    if values.is_empty() {
        return Err(Error::new(ErrorCode::BadInput, "There is no sample.").place("samples"));
    }
    Ok(from_values(&values))
}

/// Makes a schema from values.
pub fn from_values(values: &[Value]) -> Inferred {
    let mut seen = seen::Seen::default();
    for value in values {
        seen.add(value);
    }
    let (schema, notes) = write::write(&seen);
    Inferred {
        schema,
        notes,
        samples: values.len(),
    }
}

/// Reads the text of one sample. `which` opens the message of an error, and `place` its place.
///
/// # Errors
/// `BadInput` where it is no JSON, with line and column.
pub fn read(text: &str, which: &str, place: &str) -> Result<Value> {
    let bad = |message: String, place: String| {
        Error::new(ErrorCode::BadInput, message)
            .place(place)
            .hint("A sample is one JSON value, such as an answer that you expect.")
    };
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(bad(format!("{which} is empty."), place.to_owned()));
    }
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or(&said);
        let (line, column) = (error.line(), error.column());
        bad(
            format!("{which} is no JSON: {what} in line {line}, column {column}."),
            format!("{place}:{line}:{column}"),
        )
    })
}
