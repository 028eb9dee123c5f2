//! What the stand-in has served, as a bill would have it.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Deserialize;

use crate::create::now;
use crate::shelf::held;

const MOST: usize = 100_000;
/// An input beyond this makes the whole request dearer (API.md 1.2).
const LONG: u64 = 272_000;

/// One row of `data/prices.yaml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    pub model: String,
    input: f64,
    cached: f64,
    output: f64,
    /// Whether long inputs cost more.
    #[serde(default)]
    long: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Image,
}

/// One request that was served.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub kind: Kind,
    /// The name of the model's dated snapshot, and the name that it is sold under.
    pub snapshot: String,
    pub model: String,
    pub input: u64,
    pub cached: u64,
    pub output: u64,
    pub batch: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Oldest first, each with when it was served.
    entries: Mutex<VecDeque<(u64, Entry)>>,
}

impl Ledger {
    pub(crate) fn book(&self, entry: Entry) {
        let mut entries = held(&self.entries);
        entries.push_back((now(), entry));
        while entries.len() > MOST {
            entries.pop_front();
        }
    }

    /// What was served from `from` on and before `to`.
    pub(crate) fn between(&self, from: u64, to: u64) -> Vec<Entry> {
        let entries = held(&self.entries);
        let within = entries.iter().filter(|(at, _)| (from..to).contains(at));
        within.map(|(_, entry)| entry.clone()).collect()
    }
}

impl Price {
    /// Dollars for the input and for the output.
    pub(crate) fn of(&self, entry: &Entry) -> (f64, f64) {
        const MILLION: f64 = 1e6;
        let fresh = entry.input.saturating_sub(entry.cached) as f64 * self.input;
        let input = (fresh + entry.cached as f64 * self.cached) / MILLION;
        let output = entry.output as f64 * self.output / MILLION;
        let (twice, more) = match self.long && entry.input > LONG {
            true => (2.0, 1.5),
            false => (1.0, 1.0),
        };
        let share = if entry.batch { 0.5 } else { 1.0 };
        (input * twice * share, output * more * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_input_doubles_and_a_batch_halves() {
        let price = Price {
            model: "m".to_owned(),
            input: 5.0,
            cached: 0.5,
            output: 30.0,
            long: true,
        };
        let entry = |input: u64, batch: bool| Entry {
            kind: Kind::Text,
            snapshot: "m".to_owned(),
            model: "m".to_owned(),
            input,
            cached: 100_000,
            output: 100_000,
            batch,
        };
        assert_eq!(
            [
                price.of(&entry(200_000, false)),
                price.of(&entry(300_000, false)),
                price.of(&entry(200_000, true)),
            ],
            [(0.55, 3.0), (2.1, 4.5), (0.275, 1.5)]
        );
    }
}
