//! The rule that an output is JSON of the request's own schema, without ever touching the network.

use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::Failure;

/// How long a reason may grow: messages of a validator quote the value, however large it is.
const REASON_LIMIT: usize = 240;

/// A schema, ready to be used many times, or why it can't be.
#[derive(Debug, Clone)]
pub(super) enum SchemaRule {
    Ready(std::sync::Arc<Validator>),
    /// The request has no schema.
    Missing,
    Broken(String),
}

impl SchemaRule {
    pub(super) fn compile(schema: Option<&Value>) -> Self {
        let Some(schema) = schema else {
            return Self::Missing;
        };
        let built = jsonschema::options()
            .offline()
            // OpenAI promises the formats of its subset (API.md 9), so they are worth checking.
            .should_validate_formats(true)
            .build(schema);
        match built {
            Ok(validator) => Self::Ready(std::sync::Arc::new(validator)),
            Err(error) => Self::Broken(short(&error.to_string())),
        }
    }

    /// Whether `output` satisfies the schema; `wanted` false asks for the opposite.
    pub(super) fn check(&self, output: &str, wanted: bool) -> Result<(), Failure> {
        let validator = match self {
            Self::Ready(validator) => validator,
            Self::Missing => return Err(Failure::because("The request has no schema")),
            Self::Broken(why) => {
                return Err(Failure::because(format!("The schema is broken: {why}")));
            }
        };
        let fault = fault(validator, output);
        match (wanted, fault) {
            (true, Some(failure)) => Err(failure),
            (false, None) => Err(Failure::because("The output satisfies the schema")),
            (true, None) | (false, Some(_)) => Ok(()),
        }
    }
}

fn fault(validator: &Validator, output: &str) -> Option<Failure> {
    if output.trim().is_empty() {
        return Some(Failure::because("The output is empty"));
    }
    let value: Value = match serde_json::from_str(output) {
        Ok(value) => value,
        Err(error) => return Some(not_json(&error)),
    };
    let mut errors = validator.iter_errors(&value);
    let first = errors.next()?;
    let more = match errors.count() {
        0 => String::new(),
        1 => ", and 1 fault more".to_owned(),
        more => format!(", and {more} faults more"),
    };
    let path = first.instance_path().as_str();
    let place = if path.is_empty() { "The root" } else { path };
    Some(Failure {
        reason: format!("{place}: {}{more}", short(&first.to_string())),
        offending: offending(&first, output),
    })
}

fn not_json(error: &serde_json::Error) -> Failure {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    Failure::because(format!(
        "Not JSON, line {} column {}: {what}",
        error.line(),
        error.column()
    ))
}

/// The text of the value at fault, where it is a single value that stands in the output only once:
/// a mark in the wrong place would be worse than none.
fn offending(error: &ValidationError<'_>, output: &str) -> Option<String> {
    let value = error.instance();
    if value.is_object() || value.is_array() {
        return None;
    }
    let text = value.to_string();
    (output.matches(&text).count() == 1).then_some(text)
}

fn short(text: &str) -> String {
    let mut chars = text.char_indices();
    match chars.nth(REASON_LIMIT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
