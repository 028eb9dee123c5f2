//! What one response costs, line by line, in integer nano-dollars.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::money::prices::{PriceBook, Rates, Region};
use crate::openai::usage::Usage;

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

/// The tier that a response's `service_tier` is billed as. None and `auto` are `default`; `fast`
/// and `priority` are two names of one thing (API.md, open points). Others stay as they are and
/// have no price here.
pub fn billed_tier(service_tier: Option<&str>) -> &str {
    match service_tier {
        None | Some("" | "auto") => "default",
        Some("fast") => "priority",
        Some(other) => other,
    }
}

/// The bill of one response, by the rules of API.md 1.2.
///
/// `tier` is the `service_tier` of the **response**: a request may have asked for another. A
/// response that came through the Batch API is billed with `batch`, which its caller must say.
/// `at` is the day of the request in UTC.
///
/// Cached input and cache writes are parts of the input, and reasoning is a part of the output;
/// usage that contradicts itself is cut to fit, so that input and output are billed once and in
/// full. Cache writes are taken to be billed in place of plain input, at the rate of the 30-minute
/// cache: usage does not say which tokens went to the 12-hour one.
///
/// The regional surcharge raises every rate, tools included; whether tool calls are really meant
/// by it is not stated by any source.
pub fn bill(
    book: &PriceBook,
    model: &str,
    tier: Option<&str>,
    usage: &Usage,
    at: Date,
    region: Region,
) -> Bill {
    let tier = billed_tier(tier);
    let price = book.price(model, tier, at);
    let long_context = book.knows(model) && usage.input_tokens > book.long_context_above();
    let rates = price.and_then(|price| match long_context {
        true => price.long,
        false => Some(price.short),
    });
    let meter = Meter {
        percent: match region {
            Region::Global => 100,
            Region::Resident => 100 + book.regional_percent(),
        },
    };
    let tokens = |category, count, rate: fn(&Rates) -> Option<u64>| {
        let rate = rates.as_ref().and_then(rate);
        meter.line(category, None, count, rate, TOKENS)
    };

    let cached = usage.cached_tokens.min(usage.input_tokens);
    let written = match price {
        Some(price) if price.writes_as_input => 0,
        _ => usage.cache_write_tokens.min(usage.input_tokens - cached),
    };
    let reasoning = usage.reasoning_tokens.min(usage.output_tokens);

    let mut lines = vec![
        tokens(
            Category::UncachedInput,
            usage.input_tokens - cached - written,
            |rates| rates.input,
        ),
        tokens(Category::CachedInput, cached, |rates| rates.cached_input),
    ];
    if written > 0 {
        lines.push(tokens(Category::CacheWrite, written, |rates| {
            rates.cache_write
        }));
    }
    lines.push(tokens(Category::Reasoning, reasoning, |rates| rates.output));
    lines.push(tokens(
        Category::VisibleOutput,
        usage.output_tokens - reasoning,
        |rates| rates.output,
    ));
    let total_known = tokens_are_priced(&lines);

    let tools = book.tools();
    for (name, count, rate) in [
        ("web_search", usage.web_searches, tools.web_search),
        ("file_search", usage.file_searches, tools.file_search),
    ] {
        if count > 0 {
            let label = Some(name.to_owned());
            lines.push(meter.line(Category::Tools, label, count, Some(rate), CALLS));
        }
    }

    Bill {
        total: total_known.then(|| sum(&lines)),
        partly_unpriced: lines
            .iter()
            .any(|line| line.count > 0 && line.amount.is_none()),
        lines,
        tier: tier.to_owned(),
        long_context,
        price_date: book.date().to_owned(),
    }
}

/// Token rates are per 1 000 000.
const TOKENS: u64 = 1_000_000;
/// Tool rates are per 1 000.
const CALLS: u64 = 1_000;

/// Whether the token lines say anything: a total made of the lines that happen to be empty would
/// show $0 for tokens whose price is unknown.
fn tokens_are_priced(lines: &[BillLine]) -> bool {
    let priced = |line: &&BillLine| line.amount.is_some();
    let mut counted = lines.iter().filter(|line| line.count > 0).peekable();
    match counted.peek() {
        Some(_) => counted.any(|line| priced(&line)),
        None => lines.iter().any(|line| priced(&line)),
    }
}

fn sum(lines: &[BillLine]) -> u64 {
    lines
        .iter()
        .filter_map(|line| line.amount)
        .fold(0, u64::saturating_add)
}

/// Turns counts into amounts, under the surcharge of a region.
struct Meter {
    /// What of the list price is due: 100, or more.
    percent: u64,
}

impl Meter {
    fn line(
        &self,
        category: Category,
        label: Option<String>,
        count: u64,
        rate: Option<u64>,
        per: u64,
    ) -> BillLine {
        // The amount comes from the list rate, so that a rounded regional rate adds no error.
        BillLine {
            category,
            label,
            count,
            rate: rate.map(|rate| half_up(product(&[rate, self.percent]), 100)),
            per,
            amount: rate
                .map(|rate| half_up(product(&[count, rate, self.percent]), u128::from(per) * 100)),
        }
    }
}

fn product(factors: &[u64]) -> u128 {
    factors
        .iter()
        .fold(1, |all: u128, &factor| all.saturating_mul(factor.into()))
}

/// `amount / per`, a half rounded up.
fn half_up(amount: u128, per: u128) -> u64 {
    u64::try_from(amount.saturating_add(per / 2) / per).unwrap_or(u64::MAX)
}
