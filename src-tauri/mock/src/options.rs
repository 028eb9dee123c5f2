//! What can be chosen when the stand-in starts.

use std::time::Duration;

/// In seconds. A tiny factor must not ask for a wait that a clock cannot hold.
const LONGEST_WAIT: f64 = 1e6;

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
    /// How long to wait for a moment `seconds` into a reply.
    pub(crate) fn scale(self, seconds: f64) -> Duration {
        match self {
            Speed::Multiple(factor) => {
                Duration::from_secs_f64((seconds / factor).min(LONGEST_WAIT))
            }
            Speed::Instant => Duration::ZERO,
        }
    }
}

/// Sets the pace of the stand-in that a program brings along, where there is no flag for it.
pub const SPEED_VARIABLE: &str = "RHEOSTAT_SAMPLE_SPEED";

/// A speed that is none.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0:?} is no speed: give a number above 0, such as 10 for ten times faster, or `instant`")]
pub struct SpeedError(String);

impl std::str::FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, SpeedError> {
        match text.trim() {
            "instant" => Ok(Speed::Instant),
            number => match number.parse::<f64>() {
                Ok(factor) if factor.is_finite() && factor > 0.0 => Ok(Speed::Multiple(factor)),
                _ => Err(SpeedError(text.to_owned())),
            },
        }
    }
}

impl Speed {
    /// The speed that [`SPEED_VARIABLE`] names, else a reply's own pace.
    ///
    /// # Errors
    /// The variable is set, and not to a speed.
    pub fn from_environment() -> Result<Self, SpeedError> {
        match std::env::var(SPEED_VARIABLE) {
            Ok(text) if !text.is_empty() => text.parse(),
            _ => Ok(Speed::default()),
        }
    }
}
