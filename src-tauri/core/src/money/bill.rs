//! What one response costs, line by line, in integer nano-dollars.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a line of a bill pays for, in the fixed order of every stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Category {
    UncachedInput,
    CachedInput,
    /// Charged from gpt-5.6 on (API.md 1.2).
    CacheWrite,
    Reasoning,
    VisibleOutput,
    Tools,
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct BillLine {
    pub category: Category,
    /// What is counted, for tools: `web_search`, `file_search`.
    pub label: Option<String>,
    /// Tokens, or calls for tools.
    pub count: u64,
    /// Nano-dollars for `per` of them; None where no price is known.
    pub rate: Option<u64>,
    /// 1 000 000 for tokens, 1 000 for calls.
    pub per: u64,
    /// Nano-dollars, rounded half up; None where no price is known. Never 0 for unknown.
    pub amount: Option<u64>,
}

/// The bill of one response. The lines add up to the total exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Bill {
    pub lines: Vec<BillLine>,
    /// Sum of the priced lines in nano-dollars; None where the model has no price at all.
    pub total: Option<u64>,
    /// Some counted line has no price and is left out of the total.
    pub partly_unpriced: bool,
    /// The tier that was billed, by the response: `default`, `flex`, `priority`, `batch`.
    pub tier: String,
    /// Over 272 000 input tokens: the whole request is billed at the long-context rates.
    pub long_context: bool,
    /// The day of the price table, ISO 8601.
    pub price_date: String,
}
