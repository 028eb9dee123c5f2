//! What can be chosen when the stand-in starts.

/// How the stand-in starts. `Options::default()` takes any free port and a model's own pace.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// How fast replies come.
    pub speed: Speed,
}

/// How fast replies come, against the pace that a reply is written with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// 1.0 is the reply's own pace, 2.0 takes half the time. Must be above zero and finite.
    Multiple(f64),
    /// No waiting at all.
    Instant,
}

impl Default for Speed {
    fn default() -> Self {
        Speed::Multiple(1.0)
    }
}

impl Speed {
    /// The seconds to wait for a moment `seconds` into a reply.
    pub(crate) fn scale(self, seconds: f64) -> f64 {
        match self {
            Speed::Multiple(factor) => seconds / factor,
            Speed::Instant => 0.0,
        }
    }
}
