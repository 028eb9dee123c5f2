//! How the verdict writes counts, shares and names.

use super::Level;
use crate::grade::comparison::VerdictPart;

/// A count of checks: `7`, or `7.5` between two middle runs.
pub(super) fn figure(value: f64) -> String {
    format!("{value}")
}

pub(super) fn runs(count: u32) -> String {
    format!("{count} {}", if count == 1 { "run" } else { "runs" })
}

pub(super) fn span_of_runs(low: u32, high: u32) -> String {
    match low == high {
        true => runs(low),
        false => format!("{low} to {high} runs"),
    }
}

pub(super) fn are<'t, T>(list: &[T], one: &'t str, several: &'t str) -> &'t str {
    if list.len() == 1 { one } else { several }
}

/// `62%`; one decimal below 10 (DESIGN.md 7.3).
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent >= 9.95 {
        true => format!("{percent:.0}%"),
        false => format!("{percent:.1}%"),
    }
}

/// `6.8×`; whole from 10 up.
fn times(ratio: f64) -> String {
    match ratio >= 9.95 {
        true => format!("{ratio:.0}×"),
        false => format!("{ratio:.1}×"),
    }
}

/// A cost below another's, by their ratio. Rounding must not make two costs equal or one nothing.
pub(super) fn for_part(ratio: f64, whose: &str) -> String {
    match ratio {
        ratio if ratio >= 0.995 => "for almost the same cost".to_owned(),
        ratio if ratio < 0.0005 => format!("for less than 0.1% of {whose} cost"),
        ratio => format!("for {} of {whose} cost", percent(ratio)),
    }
}

/// A cost above another's, by their ratio.
pub(super) fn costs_more(ratio: f64) -> String {
    match ratio {
        ratio if ratio >= 2.0 => format!("costs {} as much", times(ratio)),
        ratio if ratio < 1.005 => "costs almost the same".to_owned(),
        ratio => format!("adds {} to the cost", percent(ratio - 1.0)),
    }
}

pub(super) fn takes_longer(ratio: f64) -> Option<String> {
    match ratio {
        ratio if !ratio.is_finite() || ratio < 1.005 => None,
        ratio if ratio >= 2.0 => Some(format!("takes {} as long", times(ratio))),
        ratio => Some(format!("takes {} longer", percent(ratio - 1.0))),
    }
}

/// The parts so far; names of levels are strong, and plain text runs together.
#[derive(Default)]
pub(super) struct Sentence {
    pub(super) parts: Vec<VerdictPart>,
}

impl Sentence {
    pub(super) fn text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(last) if !last.strong => last.text.push_str(text),
            _ => self.push(text, false),
        }
    }

    /// Text that opens the sentence unless a lead-in already does.
    pub(super) fn start(&mut self, text: &str) {
        if !self.parts.is_empty() {
            self.text(text);
            return;
        }
        let mut chars = text.chars();
        let first: String = chars
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        self.push(&(first + chars.as_str()), false);
    }

    pub(super) fn strong(&mut self, text: &str) {
        self.push(text, true);
    }

    pub(super) fn name(&mut self, level: &Level) {
        self.strong(&level.name);
    }

    pub(super) fn names(&mut self, levels: &[&Level]) {
        self.list(levels, |say, level| say.name(level));
    }

    /// `A, B and C`.
    pub(super) fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text(if at + 1 == items.len() { " and " } else { ", " });
            }
            each(self, item);
        }
    }

    fn push(&mut self, text: &str, strong: bool) {
        self.parts.push(VerdictPart {
            text: text.to_owned(),
            strong,
        });
    }
}
