//! Where a key comes from, and what may be said of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the key in use is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum KeySource {
    /// Read from `OPENAI_API_KEY` at launch, never copied.
    Environment,
    /// Typed in, in this session's memory only.
    Session,
}

/// What a face may know of a key: never the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct KeyLabel {
    pub source: KeySource,
    /// First letters and last four: `sk-proj-…4f2a`.
    pub masked: String,
}
