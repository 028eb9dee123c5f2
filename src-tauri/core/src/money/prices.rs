//! The dated price book: what tokens and tool calls cost, per model, tier and day.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};

/// The price table that ships with this version (API.md 1.2).
#[derive(Debug, Clone, PartialEq)]
pub struct PriceBook {
    date: String,
    long_context_above: u64,
    regional: Regional,
    tools: ToolPrices,
    tool_charges: Vec<ToolCharge>,
    rows: Vec<Row>,
}

/// Nano-dollars per 1 000 000 tokens. `None`: no price is known, which is not the same as free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    pub input: Option<u64>,
    /// Input read from the prompt cache.
    pub cached_input: Option<u64>,
    /// Input written to the prompt cache; charged from gpt-5.6 on.
    pub cache_write: Option<u64>,
    /// Reasoning and visible output alike.
    pub output: Option<u64>,
}

/// Nano-dollars per 1 000 calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolPrices {
    pub web_search: u64,
    pub file_search: u64,
}

/// A call that [`ToolPrices`] has a price for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Call {
    WebSearch,
    FileSearch,
}

/// Something that a tool is charged for, or that it is not charged (API.md 1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ToolCharge {
    /// The tool's `type`.
    pub tool: String,
    /// Nano-dollars; None where no fee is listed.
    pub amount: Option<u64>,
    /// What the amount is for, such as `1 000 calls`; "" without one.
    pub unit: String,
    /// What is to be known about it; "" for nothing.
    pub note: String,
}

/// What one model costs in one tier on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price<'a> {
    /// The rates up to and including the long-context threshold.
    pub short: Rates,
    /// The rates of the whole request once its input is over the threshold.
    pub long: Option<Rates>,
    /// The model has no charge of its own for cache writes: they are plain input.
    pub writes_as_input: bool,
    /// Where the figures come from.
    pub source: &'a str,
}

/// Where a request is processed, as far as the price is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Region {
    #[default]
    Global,
    /// A data-residency host, with its surcharge on every rate.
    Resident,
}

/// The book that ships with this version, as text.
pub const SHIPPED: &str = include_str!("../../data/prices.json");

impl PriceBook {
    /// The book of the embedded data file, read once per process.
    ///
    /// # Errors
    /// `Internal` where the embedded file is broken, which the tests rule out.
    pub fn builtin() -> Result<&'static Self> {
        static BUILTIN: OnceLock<Result<PriceBook>> = OnceLock::new();
        BUILTIN
            .get_or_init(|| Self::parse(SHIPPED))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Reads a book from JSON text of the form of `data/prices.json`.
    ///
    /// # Errors
    /// `Internal` where the text is no such JSON or a day is no ISO 8601 date.
    pub fn parse(text: &str) -> Result<Self> {
        let unreadable =
            |error: &dyn std::fmt::Display| Error::internal("The price book cannot be read", error);
        let file: File = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
        let day = |text: &str| text.parse::<Date>().map_err(|error| unreadable(&error));
        day(&file.date)?;
        let rows = file
            .rows
            .into_iter()
            .map(|row| {
                Ok(Row {
                    from: row.from.as_deref().map(day).transpose()?,
                    model: row.model,
                    aliases: row.aliases,
                    as_input: row.as_input,
                    source: row.source,
                    tiers: row.tiers,
                })
            })
            .collect::<Result<Vec<Row>>>()?;
        let tool_charges = file
            .tool_charges
            .into_iter()
            .map(|charge| charge.priced(file.tools))
            .collect();
        Ok(Self {
            date: file.date,
            long_context_above: file.long_context_above,
            regional: file.regional,
            tools: file.tools,
            tool_charges,
            rows,
        })
    }

    /// The day of the table, ISO 8601.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// Input tokens above which the whole request is billed at the long-context rates; a request
    /// of exactly that many is a short one.
    pub fn long_context_above(&self) -> u64 {
        self.long_context_above
    }

    /// What tool calls cost, whatever the model.
    pub fn tools(&self) -> ToolPrices {
        self.tools
    }

    /// What is charged for tools, and where no fee is listed, in the order of the file. A tool that is not among them has
    /// no known price.
    pub fn tool_charges(&self) -> &[ToolCharge] {
        &self.tool_charges
    }

    /// What a data-residency host adds, in percent.
    pub fn regional_percent(&self) -> u64 {
        self.regional.percent
    }

    /// Whether the host of a base URL is one of the data-residency hosts. What is no URL is not.
    pub fn region(&self, base_url: &str) -> Region {
        let host = url::Url::parse(base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        match host {
            Some(host) if self.regional.hosts.contains(&host) => Region::Resident,
            _ => Region::Global,
        }
    }

    /// Every id that has a row, in the order of the file, without the other names.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| row.model.as_str())
    }

    /// Whether the book has any row for a model or one of its other names.
    pub fn knows(&self, model: &str) -> bool {
        self.rows.iter().any(|row| row.is_for(model))
    }

    /// The price of a model, or of a listed snapshot of it, in a tier (`default`, `batch`, `flex`,
    /// `priority`) on a day. `None` where the table has no such cell: the price is unknown.
    pub fn price(&self, model: &str, tier: &str, at: Date) -> Option<Price<'_>> {
        let row = self
            .rows
            .iter()
            .filter(|row| row.is_for(model) && row.from.is_none_or(|from| from <= at))
            .max_by_key(|row| row.from)?;
        let cell = row.tiers.get(tier)?;
        let whole = |rates: Rates| Rates {
            cached_input: match row.as_input.contains(&AsInput::CachedInput) {
                true => rates.input,
                false => rates.cached_input,
            },
            ..rates
        };
        Some(Price {
            short: whole(cell.short),
            long: cell.long.map(whole),
            writes_as_input: row.as_input.contains(&AsInput::CacheWrite),
            source: &row.source,
        })
    }
}

/// The day in UTC of a time in ms since the epoch. Times beyond the calendar are taken to its end.
pub fn day_of(epoch_ms: i64) -> Date {
    Timestamp::from_millisecond(epoch_ms)
        .unwrap_or(if epoch_ms < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
        .to_zoned(TimeZone::UTC)
        .date()
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    model: String,
    aliases: Vec<String>,
    /// The first day of the price; `None` where no earlier price is known.
    from: Option<Date>,
    as_input: Vec<AsInput>,
    source: String,
    tiers: BTreeMap<String, Cell>,
}

impl Row {
    fn is_for(&self, model: &str) -> bool {
        self.model == model || self.aliases.iter().any(|alias| alias == model)
    }
}

/// A rate that a model does not have: those tokens are billed as plain input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AsInput {
    CachedInput,
    CacheWrite,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    short: Rates,
    long: Option<Rates>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Regional {
    percent: u64,
    hosts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    date: String,
    long_context_above: u64,
    regional: Regional,
    tools: ToolPrices,
    tool_charges: Vec<FileCharge>,
    rows: Vec<FileRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCharge {
    tool: String,
    /// The amount stands among the prices of calls, which bills read.
    calls: Option<Call>,
    amount: Option<u64>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    note: String,
}

impl FileCharge {
    fn priced(self, tools: ToolPrices) -> ToolCharge {
        let call = self.calls.map(|call| match call {
            Call::WebSearch => tools.web_search,
            Call::FileSearch => tools.file_search,
        });
        ToolCharge {
            tool: self.tool,
            unit: call.map_or(self.unit, |_| "1 000 calls".to_owned()),
            amount: call.or(self.amount),
            note: self.note,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    model: String,
    aliases: Vec<String>,
    from: Option<String>,
    as_input: Vec<AsInput>,
    source: String,
    tiers: BTreeMap<String, Cell>,
}
