//! Checks on an output: small rules that stand in the request file.

mod folding;
mod json;
mod set;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use set::CheckSet;

/// A named rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Check {
    /// What a pass shows, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(flatten)]
    pub rule: CheckRule,
}

/// What the output must satisfy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum CheckRule {
    /// The text occurs, case and white space aside.
    Contains(String),
    /// The text does not occur, case and white space aside.
    NotContains(String),
    /// The pattern (Rust `regex` syntax) matches somewhere.
    Pattern(String),
    /// The output is JSON that satisfies the request's own `text.format.schema`.
    SchemaValid(bool),
    /// At most this many words.
    MaxWords(u32),
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CheckOutcome {
    pub name: String,
    /// The rule in words: `Contains "NOT VALID"`.
    pub rule: String,
    pub passed: bool,
    /// Why it failed, with the place where it has one.
    pub reason: Option<String>,
    /// The offending text where the output holds it, for marking.
    pub offending: Option<String>,
}

/// Grades one output by a list of checks: an outcome per check, in their order. `schema` is the
/// request's own `text.format.schema`. To grade many outputs, compile a [`CheckSet`] once.
pub fn evaluate(checks: &[Check], output: &str, schema: Option<&Value>) -> Vec<CheckOutcome> {
    CheckSet::compile(checks, schema).evaluate(output)
}

/// The rule in words: `Contains "NOT VALID"`. Long texts are cut.
impl std::fmt::Display for CheckRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Contains(text) => write!(f, "Contains \"{}\"", cut(text)),
            Self::NotContains(text) => write!(f, "Does not contain \"{}\"", cut(text)),
            Self::Pattern(pattern) => write!(f, "Matches /{}/", cut(pattern)),
            Self::SchemaValid(true) => f.write_str("Satisfies the schema"),
            Self::SchemaValid(false) => f.write_str("Does not satisfy the schema"),
            Self::MaxWords(1) => f.write_str("At most 1 word"),
            Self::MaxWords(most) => write!(f, "At most {most} words"),
        }
    }
}

/// A rule stands in one line of a list: line breaks become spaces, and 60 characters are enough.
fn cut(text: &str) -> String {
    const LIMIT: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(&line)),
        None => line,
    }
}

/// Why a check failed.
#[derive(Debug)]
struct Failure {
    reason: String,
    /// The text at fault, exactly as it stands in the output.
    offending: Option<String>,
}

impl Failure {
    fn because(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            offending: None,
        }
    }
}
