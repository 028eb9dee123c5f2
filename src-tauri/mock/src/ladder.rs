//! The ladder: where a request's answer comes from, first rung first.
//!
//! Above it stand the rules. A rung that has nothing for a request lets the next one look.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::recordings::AtEnd;

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockRung", rename_all = "snake_case")]
pub enum Rung {
    /// A rule decided.
    Rule,
    /// The newest recorded answer of the real API to this request.
    LiveLast,
    /// The next of all recorded answers to this request.
    Sequence,
    /// Forwarded, and recorded.
    Upstream,
    /// Composed by rule, or written beforehand.
    Composed,
}

impl Rung {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Rung::Rule => "rule",
            Rung::LiveLast => "live_last",
            Rung::Sequence => "sequence",
            Rung::Upstream => "upstream",
            Rung::Composed => "composed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(rename = "MockLadder")]
pub struct Ladder {
    /// The rungs that are on, in order. [`Rung::Rule`] has no place in it: rules come first.
    pub rungs: Vec<Rung>,
    /// By either key of a request: what answers it, whatever the order above.
    pub pinned: BTreeMap<String, Pinned>,
    /// Where no recording has the request's effort, one with another effort will do.
    pub any_effort: bool,
    /// What follows the last recording of a sequence.
    pub at_end: AtEnd,
}

/// What a request is pinned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockPinned", rename_all = "snake_case")]
pub enum Pinned {
    LiveLast,
    Sequence,
    Upstream,
    Composed,
    /// A rule by its id, whatever it matches and however often it applied.
    Rule(String),
}

impl Default for Ladder {
    fn default() -> Self {
        Ladder {
            rungs: vec![
                Rung::LiveLast,
                Rung::Sequence,
                Rung::Upstream,
                Rung::Composed,
            ],
            pinned: BTreeMap::new(),
            any_effort: false,
            at_end: AtEnd::default(),
        }
    }
}
