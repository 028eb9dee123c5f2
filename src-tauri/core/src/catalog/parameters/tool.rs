//! The kinds of tools a request can offer, with the fields that each cannot do without (API.md 2.2).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Fields, ValueType, yes};
use crate::catalog::endpoint::Endpoint;

/// A field of a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename_all = "camelCase")]
pub struct ToolField {
    /// Names joined by dots, from the tool on.
    pub path: String,
    pub types: Vec<ValueType>,
    /// The texts that it may be; empty where any will do.
    #[serde(default)]
    pub values: Vec<String>,
    #[serde(default)]
    pub min: Option<f64>,
    #[serde(default)]
    pub max: Option<f64>,
    /// The longest text in characters.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub max_length: Option<usize>,
    /// The most items.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub max_items: Option<usize>,
    /// What it does, where its name does not say; "" otherwise.
    #[serde(default)]
    pub help: String,
    /// Other fields that must say this beside it, by their paths.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>")]
    pub along: Fields,
}

/// How `tool_choice` names a tool (API.md 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ToolChoiceForm", rename_all = "snake_case")]
pub enum ChoiceForm {
    /// By its type and its name.
    Name,
    /// By its type alone.
    Type,
    /// By its type and its `server_label`.
    ServerLabel,
}

/// A kind of tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename_all = "camelCase")]
pub struct ToolKind {
    /// The tool's `type`.
    #[serde(rename = "type")]
    pub kind: String,
    pub label: String,
    /// Dated names of the same tool.
    #[serde(default)]
    pub also_named: Vec<String>,
    /// Names that were never right, or are no longer.
    #[serde(default)]
    pub old_names: Vec<String>,
    /// A tool without one of these fields is refused.
    pub requires: Vec<String>,
    /// A tool without any of these fields is refused.
    #[serde(default)]
    pub requires_one_of: Vec<String>,
    /// Sound values of required fields, where there are some that suit everyone.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>")]
    pub preset: Fields,
    #[serde(default)]
    pub responses: bool,
    #[serde(default)]
    pub chat_completions: bool,
    /// Models whose documentation does not list it.
    #[serde(default)]
    pub unlisted_for: Vec<String>,
    /// None: it can't be chosen.
    #[serde(default)]
    pub choice: Option<ChoiceForm>,
    /// It is chosen so in public code; the SDK does not list it.
    #[serde(default)]
    pub choice_unlisted: bool,
    pub help: String,
    pub fields: Vec<ToolField>,
    /// The section of API.md.
    pub source: String,
    #[serde(default = "yes")]
    pub verified: bool,
}

impl ToolKind {
    /// Whether an endpoint knows the tool.
    pub fn on(&self, endpoint: Endpoint) -> bool {
        match endpoint {
            Endpoint::Responses => self.responses,
            Endpoint::ChatCompletions => self.chat_completions,
        }
    }
}
