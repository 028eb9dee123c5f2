//! The validator's findings in our words: short, and at the place where the value goes wrong.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use super::Failure;

/// How long a message may grow: a value may be as large as an output.
const LONGEST: usize = 200;

/// Adds what the error says. Of a choice that fits nowhere, what the branch lacks that was meant.
pub fn explain(error: &ValidationError<'_>, failures: &mut Vec<Failure>) {
    if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } =
        error.kind()
        && let Some(meant) = meant(error, context)
    {
        for error in meant {
            explain(error, failures);
        }
        return;
    }
    failures.push(Failure {
        pointer: error.instance_path().as_str().to_owned(),
        schema_pointer: Some(error.schema_path().as_str().to_owned()),
        message: message(error),
    });
}

/// The errors of the one branch that the value's type and constants allow.
fn meant<'e>(
    error: &ValidationError<'_>,
    branches: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e [ValidationError<'static>]> {
    let here = error.instance_path().as_str();
    let mut fitting = branches.iter().filter(|errors| {
        !errors.is_empty()
            && !errors.iter().any(|error| {
                let is_here = error.instance_path().as_str() == here;
                match error.kind() {
                    ValidationErrorKind::Type { .. } => is_here,
                    ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. } => true,
                    _ => false,
                }
            })
    });
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn message(error: &ValidationError<'_>) -> String {
    let value = || value(error.instance());
    match error.kind() {
        ValidationErrorKind::Type { kind } => format!("{} is not {}", value(), types(kind)),
        ValidationErrorKind::Required { property } => {
            format!("{} is missing", cut(&property.to_string()))
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let names: Vec<String> = unexpected.iter().map(|name| format!("{name:?}")).collect();
            match names.as_slice() {
                [one] => format!("{} is not among the fields", cut(one)),
                _ => format!("{} are not among the fields", cut(&names.join(", "))),
            }
        }
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().cloned().unwrap_or_default();
            let options: Vec<String> = options.iter().map(Value::to_string).collect();
            format!("{} is none of {}", value(), cut(&options.join(", ")))
        }
        ValidationErrorKind::Constant { expected_value } => {
            format!("{} is not {}", value(), cut(&expected_value.to_string()))
        }
        ValidationErrorKind::Format { format } => format!("{} is no {format}", value()),
        ValidationErrorKind::Pattern { pattern } => {
            format!("{} does not match {}", value(), cut(pattern))
        }
        ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
            format!("{} fits none of the choices", value())
        }
        _ => cut(&error.masked_with(value()).to_string()),
    }
}

/// The value in a few words.
fn value(value: &Value) -> String {
    const SHORT: usize = 60;
    match value {
        Value::Object(_) => "The object".to_owned(),
        Value::Array(_) => "The list".to_owned(),
        other => shortened(&other.to_string(), SHORT),
    }
}

fn types(kind: &TypeKind) -> String {
    let names: Vec<&str> = match kind {
        TypeKind::Single(kind) => vec![name(kind.as_str())],
        TypeKind::Multiple(kinds) => kinds.iter().map(|kind| name(kind.as_str())).collect(),
    };
    names.join(" or ")
}

/// A type as a sentence calls it.
pub fn name(kind: &str) -> &'static str {
    match kind {
        "array" => "a list",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "null" => "null",
        "number" => "a number",
        "object" => "an object",
        "string" => "a text",
        _ => "of a known type",
    }
}

/// A place as a message calls it.
pub fn place(pointer: &str) -> &str {
    if pointer.is_empty() {
        "the root"
    } else {
        pointer
    }
}

pub fn cut(text: &str) -> String {
    shortened(text, LONGEST)
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
