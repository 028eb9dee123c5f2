//! Everything that strict mode refuses in a schema, found in one pass over the tree (API.md 9).

pub mod problem;
mod references;
mod shape;
mod walk;

use serde_json::Value;

use super::fix::offer;
use super::keywords::LONGEST_NAME;
pub use problem::{Counts, Problem, ProblemCode};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// In the order of the document; those of references and of the whole schema stand last.
    pub problems: Vec<Problem>,
    pub counts: Counts,
}

/// Checks a schema against the strict subset. Linear in its size, and safe for any value: what is
/// nested too deeply is named and not entered.
pub fn check(schema: &Value) -> Checked {
    walk::Walk::over(schema)
}

/// What the API would refuse in a schema's name.
pub fn check_name(name: &str) -> Option<Problem> {
    let length = name.chars().count();
    let message = if name.is_empty() {
        "The schema has no name".to_owned()
    } else if let Some(c) = name
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))
    {
        format!("The schema's name holds {c:?}")
    } else if length > LONGEST_NAME {
        format!("The schema's name has {length} characters")
    } else {
        return None;
    };
    Some(Problem {
        code: ProblemCode::NameInvalid,
        pointer: String::new(),
        message,
        reason: ProblemCode::NameInvalid.reason().to_owned(),
        fix: None,
    })
}

/// A name that the API takes, as near to `name` as can be.
pub fn fit_name(name: &str) -> String {
    let mut fit = String::new();
    for c in name.trim().chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') {
            fit.push(c);
        } else if !fit.ends_with('_') {
            fit.push('_');
        }
        if fit.len() == LONGEST_NAME {
            break;
        }
    }
    match fit.trim_matches('_') {
        "" => "schema".to_owned(),
        _ => fit,
    }
}
