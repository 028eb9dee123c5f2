//! What each model accepts, read from a data file.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A model's facts (API.md 1.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Model {
    pub id: String,
    /// Efforts in rising order.
    pub efforts: Vec<String>,
    /// What the model does when the body names no effort.
    pub default_effort: String,
    /// Input and output together, in tokens.
    pub context_window: u64,
    /// The largest `max_output_tokens`.
    pub max_output_tokens: u64,
    /// The documentation lists streaming for it.
    pub streams: bool,
}

/// A level of the effort ramp.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EffortLevel {
    /// The API's value, such as `xhigh`.
    pub value: String,
    /// The display name, such as `Extra high`.
    pub name: String,
    /// What stands on the dial while there are no figures: Fastest, Balanced, ...
    pub word: String,
    /// The stop of the colour ramp, 0 to 4.
    pub stop: u8,
}
