//! Why a chore stopped, in words for the person who typed it.

use std::fmt;

/// What went wrong and, where there is one, what to do next.
#[derive(Debug)]
pub struct Fault(String);

impl Fault {
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// For a failed call into the system: what was tried, and the system's own words.
    pub fn of(tried: impl fmt::Display, error: impl fmt::Display) -> Self {
        Self(format!("{tried}: {error}"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
