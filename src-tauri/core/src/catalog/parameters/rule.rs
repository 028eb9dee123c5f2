//! When a parameter whose value is sound is refused, ignored or out of date, stated as data.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{Fields, yes};
use crate::catalog::endpoint::Endpoint;

/// What the API does with a parameter once a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ParameterEffect", rename_all = "snake_case")]
pub enum Effect {
    /// The request is answered with an error.
    Rejected,
    /// The parameter changes nothing.
    Ignored,
    /// It still works, and has a successor or an end.
    Deprecated,
    /// The documentation of the model does not list it; what happens is not known.
    Unlisted,
}

/// A rule applies where all that it states holds. What is left out holds always.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename = "ParameterWhen", rename_all = "camelCase")]
pub struct When {
    pub endpoint: Option<Endpoint>,
    /// The model is one of these, under any of its names.
    pub models: Vec<String>,
    /// The body's effort, or the model's default, is known and none of these.
    pub efforts_not: Vec<String>,
    /// The value is one of these.
    #[ts(type = "unknown[]")]
    pub values: Vec<Value>,
    /// The value is none of these.
    #[ts(type = "unknown[]")]
    pub values_not: Vec<Value>,
    /// The value is a list that holds this.
    #[ts(type = "unknown")]
    pub contains: Option<Value>,
    /// These paths of the body hold something.
    pub with: Vec<String>,
    /// Each of these paths of the body holds this value.
    #[serde(rename = "where")]
    #[ts(type = "Record<string, unknown>")]
    pub where_: Fields,
    /// None of these paths of the body holds this value.
    #[ts(type = "Record<string, unknown>")]
    pub where_not: Fields,
    /// A list of the body does not hold an item.
    pub lacks_item: Option<Lacks>,
    /// The body has a function tool.
    pub function_tools: bool,
}

/// A list at a path of the body, and the item that it does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename = "ParameterLacks", rename_all = "camelCase")]
pub struct Lacks {
    pub path: String,
    #[ts(type = "unknown")]
    pub item: Value,
}

/// What one click does about it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename = "ParameterFix", rename_all = "camelCase")]
pub struct RuleFix {
    /// An order, such as `Leave temperature out`.
    pub label: String,
    /// Takes the parameter out.
    pub remove: bool,
    /// Takes another path out.
    pub remove_path: Option<String>,
    /// Takes an item out of the list.
    #[ts(type = "unknown")]
    pub remove_item: Option<Value>,
    /// Puts this value in its place.
    #[ts(type = "unknown")]
    pub value: Option<Value>,
    /// Moves the value to the parameter of this id.
    pub move_to: Option<String>,
    /// Writes the whole body for this endpoint.
    pub endpoint: Option<Endpoint>,
    /// Part of "fix all": it only makes the request be accepted, or says the same in today's words.
    pub safe: bool,
}

/// A rule about a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename_all = "camelCase")]
pub struct ParameterRule {
    /// The code of the finding.
    pub code: String,
    pub effect: Effect,
    pub when: When,
    /// What is the matter. `{model}`, `{effort}` and `{value}` stand for the body's.
    pub message: String,
    /// Why, and what would be taken; the same names are filled in.
    pub why: String,
    #[serde(default)]
    pub fix: Option<RuleFix>,
    /// The section of API.md.
    pub source: String,
    /// False where the effect is inferred or rests on a single report: it is then only a warning.
    #[serde(default = "yes")]
    pub verified: bool,
}
