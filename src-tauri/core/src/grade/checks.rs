//! Checks on an output: small rules that stand in the request file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
