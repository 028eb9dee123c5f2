//! Every request parameter as a row of a data file: the form, the lint, the translation between the
//! endpoints and the JSON Schemas read it from here.

use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::endpoint::Endpoint;
use crate::error::{Error, Result};

mod rule;
mod tool;

pub use rule::{Effect, Lacks, ParameterRule, RuleFix, When};
pub use tool::{ChoiceForm, ToolField, ToolKind};

/// What a JSON value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ParameterType", rename_all = "snake_case")]
pub enum ValueType {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

impl ValueType {
    /// Whether `value` is of this type. An integer written as `2.0` is one.
    pub fn fits(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Integer => {
                value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
            }
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
        }
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "a text",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Array => "a list",
            Self::Object => "an object",
        }
    }
}

/// A bound that depends on the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ParameterLimit", rename_all = "snake_case")]
pub enum Limit {
    /// One of the model's efforts.
    ModelEfforts,
    /// At most the model's largest output, in tokens.
    ModelOutput,
}

/// Where a parameter stands in the body of an endpoint, and what is different about it there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename = "ParameterWire", rename_all = "camelCase")]
pub struct Wire {
    /// Names joined by dots, such as `reasoning.effort`.
    pub path: String,
    /// In place of the row's types; empty where they hold.
    #[serde(default)]
    pub types: Vec<ValueType>,
    /// In place of the row's values; empty where they hold.
    #[serde(default)]
    pub values: Vec<String>,
    /// In place of the row's lower bound.
    #[serde(default)]
    pub min: Option<f64>,
    /// In place of the row's default.
    #[serde(default)]
    #[ts(type = "unknown")]
    pub default: Option<Value>,
}

impl Wire {
    /// The names that lead to the parameter.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.path.split('.')
    }

    /// The path as a JSON Pointer (RFC 6901); no name of a parameter needs escaping.
    pub fn pointer(&self) -> String {
        format!("/{}", self.path.replace('.', "/"))
    }
}

/// A request parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename_all = "camelCase")]
pub struct Parameter {
    /// Ours: one name for what may be called differently on either endpoint.
    pub id: String,
    pub label: String,
    /// The id of a [`ParameterGroup`].
    pub group: String,
    /// A value is of one of these types.
    pub types: Vec<ValueType>,
    /// A body without it is refused.
    #[serde(default)]
    pub required: bool,
    /// The texts that it may be; empty where any will do. Of an object, its short forms.
    #[serde(default)]
    pub values: Vec<String>,
    /// The texts that an item of the list may be; empty where any will do.
    #[serde(default)]
    pub item_values: Vec<String>,
    /// The smallest number that is taken.
    #[serde(default)]
    pub min: Option<f64>,
    /// The largest number that is taken.
    #[serde(default)]
    pub max: Option<f64>,
    #[serde(default)]
    pub limit: Option<Limit>,
    /// The longest text in characters; of an object, of each of its texts.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub max_length: Option<usize>,
    /// The most items, or pairs.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub max_items: Option<usize>,
    /// The longest name of a pair in characters.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub max_key_length: Option<usize>,
    /// What the API takes where the body says nothing; `None` where that depends or is not known.
    #[serde(default)]
    #[ts(type = "unknown")]
    pub default: Option<Value>,
    /// `None`: refused on this endpoint.
    #[serde(default)]
    pub responses: Option<Wire>,
    /// `None`: refused on this endpoint.
    #[serde(default)]
    pub chat_completions: Option<Wire>,
    /// The id of the parameter that has taken its place.
    #[serde(default)]
    pub moved_to: Option<String>,
    /// When it is refused, ignored or out of date although its value is sound.
    #[serde(default)]
    pub rules: Vec<ParameterRule>,
    /// One or two sentences for a tooltip.
    pub help: String,
    /// The section of API.md that the row rests on.
    pub source: String,
    /// Something in the row is inferred, or rests on a single report, where this is false.
    #[serde(default = "yes")]
    pub verified: bool,
}

impl Parameter {
    /// Where it stands on an endpoint.
    pub fn wire(&self, endpoint: Endpoint) -> Option<&Wire> {
        match endpoint {
            Endpoint::Responses => self.responses.as_ref(),
            Endpoint::ChatCompletions => self.chat_completions.as_ref(),
        }
    }

    /// What a value may be on an endpoint.
    pub fn types(&self, endpoint: Endpoint) -> &[ValueType] {
        self.wire(endpoint)
            .map(|wire| wire.types.as_slice())
            .filter(|types| !types.is_empty())
            .unwrap_or(&self.types)
    }

    /// The texts that it may be on an endpoint; empty where any will do.
    pub fn values(&self, endpoint: Endpoint) -> &[String] {
        self.wire(endpoint)
            .map(|wire| wire.values.as_slice())
            .filter(|values| !values.is_empty())
            .unwrap_or(&self.values)
    }

    /// The smallest number that an endpoint takes.
    pub fn min(&self, endpoint: Endpoint) -> Option<f64> {
        self.wire(endpoint).and_then(|wire| wire.min).or(self.min)
    }
}

/// A heading of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename_all = "camelCase")]
pub struct ParameterGroup {
    pub id: String,
    pub label: String,
}

/// The parameters, and the kinds of tools, that this version knows.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterTable {
    groups: Vec<ParameterGroup>,
    parameters: Vec<Parameter>,
    tools: Vec<ToolKind>,
}

impl ParameterTable {
    /// The table of the embedded data file, read once per process.
    ///
    /// # Errors
    /// `Internal` where the embedded file is broken, which the tests rule out.
    pub fn builtin() -> Result<&'static Self> {
        static BUILTIN: OnceLock<Result<ParameterTable>> = OnceLock::new();
        BUILTIN
            .get_or_init(|| Self::parse(include_str!("../../data/parameters.json")))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Reads a table from JSON text of the form of `data/parameters.json`.
    ///
    /// # Errors
    /// `Internal` where the text is no such JSON, a name or a path stands twice, or a row names a
    /// group or a parameter that is not there.
    pub fn parse(text: &str) -> Result<Self> {
        let file: File = serde_json::from_str(text)
            .map_err(|error| Error::internal("The parameter table cannot be read", error))?;
        let table = Self {
            groups: file.groups,
            parameters: file.parameters,
            tools: file.tools,
        };
        table.check()?;
        Ok(table)
    }

    fn check(&self) -> Result<()> {
        let mut seen = HashSet::new();
        for row in &self.parameters {
            if !seen.insert(row.id.clone()) {
                return Err(broken(&row.id, "stands twice"));
            }
            if !self.groups.iter().any(|group| group.id == row.group) {
                return Err(broken(&row.id, "has a group that is not there"));
            }
            for endpoint in Endpoint::ALL {
                if let Some(wire) = row.wire(endpoint)
                    && !seen.insert(format!("{endpoint:?} {}", wire.path))
                {
                    return Err(broken(&wire.path, "is the path of two rows"));
                }
            }
            let named = row.rules.iter().filter_map(|rule| rule.fix.as_ref());
            let named = named.filter_map(|fix| fix.move_to.as_ref());
            if let Some(stranger) = named
                .chain(&row.moved_to)
                .find(|id| self.parameter(id).is_none())
            {
                return Err(broken(
                    &row.id,
                    &format!("moves to {stranger}, which is not there"),
                ));
            }
        }
        Ok(())
    }

    pub fn groups(&self) -> &[ParameterGroup] {
        &self.groups
    }

    /// Every parameter, in the order of the form.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Every kind of tool, in the order of the form.
    pub fn tools(&self) -> &[ToolKind] {
        &self.tools
    }

    /// The parameter of that id of ours.
    pub fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|row| row.id == id)
    }

    /// The parameter at a path of an endpoint's body, such as `reasoning.effort`.
    pub fn at(&self, endpoint: Endpoint, path: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|row| row.wire(endpoint).is_some_and(|wire| wire.path == path))
    }

    /// The parameters under a name at the top of an endpoint's body.
    pub fn under(&self, endpoint: Endpoint, key: &str) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |row| {
            row.wire(endpoint)
                .is_some_and(|wire| wire.steps().next() == Some(key))
        })
    }

    /// The names that may stand at the top of an endpoint's body, in the order of the form.
    pub fn keys(&self, endpoint: Endpoint) -> Vec<&str> {
        let mut seen = HashSet::new();
        self.parameters
            .iter()
            .filter_map(|row| row.wire(endpoint)?.steps().next())
            .filter(|key| seen.insert(*key))
            .collect()
    }

    /// The kind of tool of that wire name, dated names included.
    pub fn tool(&self, kind: &str) -> Option<&ToolKind> {
        self.tools
            .iter()
            .find(|row| row.kind == kind || row.also_named.iter().any(|name| name == kind))
    }
}

fn yes() -> bool {
    true
}

fn broken(what: &str, how: &str) -> Error {
    Error::internal(
        "The parameter table cannot be read",
        format!("{what} {how}"),
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    groups: Vec<ParameterGroup>,
    parameters: Vec<Parameter>,
    tools: Vec<ToolKind>,
}

/// Fields by name, as a rule and a tool's preset state them.
pub type Fields = BTreeMap<String, Value>;

#[cfg(test)]
mod tests;
