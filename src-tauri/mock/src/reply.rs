//! A reply before it is put on the wire.

use crate::headers::Sample;
use crate::tokens;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub sample: Sample,
    /// The parts of the reasoning summary; sent only where the request asks for one.
    pub summary: Vec<String>,
    pub reasoning_tokens: u64,
    pub parts: Vec<Part>,
    pub pace: Pace,
    pub ending: Ending,
}

/// One visible output item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    Text(String),
    /// A call of the caller's function; `arguments` is JSON text.
    Call {
        name: String,
        arguments: String,
    },
}

impl Part {
    pub(crate) fn words(&self) -> &str {
        match self {
            Part::Text(text) => text,
            Part::Call { arguments, .. } => arguments,
        }
    }

    pub(crate) fn tokens(&self) -> u64 {
        tokens::count(self.words())
    }
}

/// Seconds at speed 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    pub first_byte: f64,
    pub reasoning: f64,
    pub writing: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Completed,
    /// `max_output_tokens` ran out.
    OutOfTokens,
}

impl Reply {
    pub(crate) fn visible_tokens(&self) -> u64 {
        self.parts.iter().map(Part::tokens).sum()
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.pace.first_byte + self.pace.reasoning + self.pace.writing
    }
}
