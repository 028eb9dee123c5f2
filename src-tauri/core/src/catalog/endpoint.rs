//! The two endpoints that a body can be written for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The endpoint that a body is written for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    TS,
    JsonSchema,
    Default,
)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Endpoint {
    /// `POST /v1/responses` (API.md 2).
    #[default]
    Responses,
    /// `POST /v1/chat/completions` (API.md 3.3).
    ChatCompletions,
}

impl Endpoint {
    /// Both, in the order of the screen.
    pub const ALL: [Self; 2] = [Self::Responses, Self::ChatCompletions];

    /// What stands behind the base URL, without a slash at its ends.
    pub fn path(self) -> &'static str {
        match self {
            Self::Responses => "responses",
            Self::ChatCompletions => "chat/completions",
        }
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Responses => "Responses",
            Self::ChatCompletions => "Chat Completions",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Responses => Self::ChatCompletions,
            Self::ChatCompletions => Self::Responses,
        }
    }

    /// The parameter that holds what the model is given.
    pub fn input_key(self) -> &'static str {
        match self {
            Self::Responses => "input",
            Self::ChatCompletions => "messages",
        }
    }
}
