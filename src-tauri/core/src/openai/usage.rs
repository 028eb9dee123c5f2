//! What a response says it used.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Tokens of one response. Cached is part of input and reasoning is part of output: subtract,
/// never add (API.md 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, Default)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Usage {
    pub input_tokens: u64,
    /// Part of `input_tokens`.
    pub cached_tokens: u64,
    /// Part of `input_tokens`; charged from gpt-5.6 on.
    pub cache_write_tokens: u64,
    pub output_tokens: u64,
    /// Part of `output_tokens`.
    pub reasoning_tokens: u64,
    /// Billable searches: `tool_usage.web_search.num_requests`.
    pub web_searches: u64,
    /// Counted from the output items.
    pub file_searches: u64,
}

impl Usage {
    /// Output that a reader sees.
    pub fn visible_tokens(&self) -> u64 {
        self.output_tokens.saturating_sub(self.reasoning_tokens)
    }
}

/// The usage of a Chat Completions answer, or of the last chunk of its stream (API.md 3.3); None where there is none.
pub fn of_chat(usage: &serde_json::Value) -> Option<Usage> {
    let count = |pointer: &str| usage.pointer(pointer).and_then(serde_json::Value::as_u64);
    Some(Usage {
        input_tokens: count("/prompt_tokens")?,
        output_tokens: count("/completion_tokens")?,
        cached_tokens: count("/prompt_tokens_details/cached_tokens").unwrap_or_default(),
        cache_write_tokens: count("/prompt_tokens_details/cache_write_tokens").unwrap_or_default(),
        reasoning_tokens: count("/completion_tokens_details/reasoning_tokens").unwrap_or_default(),
        ..Usage::default()
    })
}
