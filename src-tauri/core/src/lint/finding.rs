//! What a rule found, and what a click would do about it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::place::{self, Body};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "FindingSeverity", rename_all = "snake_case")]
pub enum Severity {
    /// The API would refuse the request.
    Error,
    /// It would be sent, and cost, change or lose something; or the sources are not of one mind.
    Warning,
}

/// A change of one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "op", rename_all = "snake_case")]
#[ts(rename = "FixEdit", rename_all = "snake_case")]
pub enum Edit {
    /// Puts a value at a JSON Pointer. Objects on the way are made where they lack.
    Set {
        pointer: String,
        #[ts(type = "unknown")]
        value: Value,
    },
    /// Takes a place out, and what that empties above it.
    Remove { pointer: String },
}

/// What one click does about a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FindingFix", rename_all = "camelCase")]
pub struct Fix {
    /// An order, such as `Leave temperature out`.
    pub label: String,
    /// The body is written for this endpoint first.
    pub endpoint: Option<Endpoint>,
    /// In this order.
    pub edits: Vec<Edit>,
    /// Part of "fix all": it makes the request be accepted, or says the same in today's words. Any other
    /// fix changes what the request costs or means, and waits for a click.
    pub safe: bool,
}

impl Fix {
    /// A fix that is part of "fix all".
    pub(crate) fn safe(label: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self {
            label: label.into(),
            endpoint: None,
            edits: edits.into_iter().collect(),
            safe: true,
        }
    }

    /// A fix that waits for a click.
    pub(crate) fn offered(label: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self {
            safe: false,
            ..Self::safe(label, edits)
        }
    }

    /// Writes the whole body for another endpoint.
    pub(crate) fn switch(to: Endpoint) -> Self {
        Self {
            endpoint: Some(to),
            ..Self::safe(format!("Switch to {}", to.name()), [])
        }
    }
}

impl Edit {
    pub(crate) fn set(pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Set {
            pointer: pointer.into(),
            value: value.into(),
        }
    }

    pub(crate) fn remove(pointer: impl Into<String>) -> Self {
        Self::Remove {
            pointer: pointer.into(),
        }
    }

    /// The place that it changes.
    pub(crate) fn pointer(&self) -> &str {
        match self {
            Self::Set { pointer, .. } | Self::Remove { pointer } => pointer,
        }
    }

    /// Makes the change.
    pub(crate) fn apply(&self, body: &mut Body) {
        match self {
            Self::Set { pointer, value } => place::set(body, pointer, value.clone()),
            Self::Remove { pointer } => place::remove(body, pointer),
        }
    }
}

/// Something that is the matter with a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Finding {
    /// The rule, to match on: `sampling_rejected`, `moved`, `unresolved_variable`, ...
    pub code: String,
    pub severity: Severity,
    /// Where: a JSON Pointer into the body. It may name a place that is missing.
    pub pointer: String,
    /// What is the matter, as a sentence.
    pub message: String,
    /// Why, and what would do.
    pub reason: String,
    pub fix: Option<Fix>,
    /// What it rests on that the request has from folders, not of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<FindingOrigin>>")]
    pub inherited: Vec<FindingOrigin>,
}

/// A value that a folder hands down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FindingOrigin {
    /// A JSON Pointer into the body, such as `/reasoning/effort`.
    pub pointer: String,
    /// The folder that says so, "" for the top of the workspace.
    pub folder: String,
}

impl Finding {
    pub(crate) fn error(
        code: &str,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            severity: Severity::Error,
            pointer: pointer.into(),
            message: message.into(),
            reason: String::new(),
            fix: None,
            inherited: Vec::new(),
        }
    }

    pub(crate) fn warning(
        code: &str,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, pointer, message)
        }
    }

    pub(crate) fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    pub(crate) fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }
}
