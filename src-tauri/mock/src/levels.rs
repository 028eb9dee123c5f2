//! How much a composed reply thinks and says at each reasoning effort.

use serde::Deserialize;

/// One row of `data/levels.yaml`. Seconds at speed 1; pairs are the low and the high end.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Level {
    pub effort: String,
    pub first_byte: (f64, f64),
    pub reasoning_tokens: (u64, u64),
    pub reasoning: (f64, f64),
    pub writing: (f64, f64),
    /// Entries of the list in a prose reply.
    pub notes: usize,
    /// Further paragraphs after the list.
    pub paragraphs: usize,
    /// Parts of the reasoning summary.
    pub summary: usize,
}
