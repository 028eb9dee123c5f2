//! `data/parameters.yaml`, read.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub parameters: Vec<Parameter>,
    /// Chat Completions' name of a parameter, and where it is here.
    pub moved: BTreeMap<String, String>,
    /// The fields that each kind of tool needs.
    pub tools: BTreeMap<String, Vec<String>>,
    pub items: Vec<String>,
    pub content: Content,
    pub efforts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    pub assistant: Vec<String>,
    pub others: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameter {
    pub name: String,
    pub kind: Kind,
    #[serde(default)]
    pub min: Option<u64>,
    #[serde(default)]
    pub max: Option<u64>,
    #[serde(default)]
    pub values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Model,
    Input,
    Include,
    Tools,
    ToolChoice,
    Metadata,
    Text,
    StreamOptions,
    Reasoning,
    /// Known by name, but no model here takes it.
    Refused,
    String,
    StringOrObject,
    Stop,
    Boolean,
    Integer,
    Number,
    Choice,
    Object,
    Array,
}

impl Table {
    pub(crate) fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|row| row.name == name)
    }
}
