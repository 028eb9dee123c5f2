//! What a request may cost before it is sent: likely from its own history, at worst from its cap.

use serde_json::{Map, Value};

use super::bill::bill;
use super::figures::{median, median_whole, percentile, percentile_whole};
use super::prices::{PriceBook, Region};
use crate::history::RunFigure;
use crate::openai::usage::Usage;
use jiff::civil::Date;

/// What runs of one level came to so far. None where there are none: no figure is invented.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Likely {
    /// Runs that it rests on.
    pub runs: u32,
    /// Median, nano-dollars.
    pub cost: Option<u64>,
    /// 90th percentile, nano-dollars.
    pub high_cost: Option<u64>,
    /// Median, ms.
    pub ms: Option<f64>,
    /// 90th percentile, ms.
    pub high_ms: Option<f64>,
}

/// The likely cost and time of one run, from earlier ones.
pub fn likely(runs: &[RunFigure]) -> Likely {
    let costs: Vec<u64> = runs.iter().filter_map(|run| run.cost).collect();
    let times: Vec<f64> = runs.iter().filter_map(|run| run.total_ms).collect();
    Likely {
        runs: u32::try_from(runs.len()).unwrap_or(u32::MAX),
        cost: median_whole(&costs),
        high_cost: percentile_whole(&costs, 90.0),
        ms: median(&times),
        high_ms: percentile(&times, 90.0),
    }
}

/// The most that one run can cost, in nano-dollars: every byte of its text a token of input, and its whole cap put out
/// (API.md 1.2: reasoning is part of the output). None where the price is not known. Files and tools come on top: what
/// they take is known only afterwards.
///
/// `output_limit` is the model's largest output, for a body without a cap of its own; `pictures` what its pictures take,
/// in tokens.
pub fn worst(
    book: &PriceBook,
    body: &Map<String, Value>,
    output_limit: Option<u64>,
    pictures: u64,
    at: Date,
    region: Region,
) -> Option<u64> {
    let model = crate::body::model(body)?;
    let usage = Usage {
        input_tokens: body.values().map(text_bytes).sum::<u64>() + pictures,
        output_tokens: crate::body::output_cap(body).or(output_limit)?,
        ..Usage::default()
    };
    let tier = body.get("service_tier").and_then(Value::as_str);
    bill(book, model, tier, &usage, at, region).total
}

/// A token is at least one byte. Data URLs are pictures and files, not text.
pub fn text_bytes(value: &Value) -> u64 {
    match value {
        Value::String(text) if text.starts_with("data:") => 0,
        Value::String(text) => text.len() as u64,
        Value::Array(items) => items.iter().map(text_bytes).sum(),
        // Names are tokens too, where a schema or a tool is meant.
        Value::Object(fields) => fields
            .iter()
            .map(|(name, inner)| name.len() as u64 + text_bytes(inner))
            .sum(),
        _ => 1,
    }
}
