//! What can be chosen when the stand-in starts.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockSpeed", rename_all = "snake_case")]
pub enum Speed {
    /// 1.0 is the reply's own pace, 2.0 takes half the time. Must be above zero and finite.
    Multiple(f64),
    /// No waiting at all.
    Instant,
    /// A pace of its own, whatever the reply's was.
    Profile(Profile),
}

/// A pace in figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(rename = "MockProfile")]
pub struct Profile {
    /// From the request to the first delta. What comes before a delta is sent at once.
    pub time_to_first_token_ms: u64,
    /// Of what is seen, four characters to a token. Must be above zero and finite.
    pub tokens_per_second: f64,
    /// How far the wait for a delta strays from its due share: 0 not at all, 1 from none to twice as long.
    #[serde(default)]
    pub jitter: f64,
}

impl Default for Speed {
    fn default() -> Self {
        Speed::Multiple(1.0)
    }
}

impl Speed {
    /// How long to wait for a moment `seconds` into a reply. Under a profile only deltas wait.
    pub(crate) fn scale(self, seconds: f64) -> Duration {
        match self {
            Speed::Multiple(factor) => held(seconds / factor),
            Speed::Instant | Speed::Profile(_) => Duration::ZERO,
        }
    }

    /// How long to wait for a reply that comes as a whole, after `seconds` at its own pace.
    pub(crate) fn whole(self, seconds: f64, tokens: u64) -> Duration {
        match self {
            Speed::Profile(profile) => held(profile.after(tokens as f64)),
            Speed::Multiple(_) | Speed::Instant => self.scale(seconds),
        }
    }

    /// What keeps it from being followed, if anything.
    pub(crate) fn problem(self) -> Option<String> {
        let followed = |figure: f64| figure.is_finite() && figure > 0.0;
        match self {
            Speed::Multiple(factor) if !followed(factor) => Some(format!(
                "A speed of {factor} cannot be followed. Give a number above zero."
            )),
            Speed::Profile(profile) if !followed(profile.tokens_per_second) => Some(format!(
                "tokens_per_second: {} cannot be followed. Give a number above zero.",
                profile.tokens_per_second
            )),
            Speed::Profile(profile) if !(0.0..=1.0).contains(&profile.jitter) => Some(format!(
                "jitter: {} is not between 0 and 1.",
                profile.jitter
            )),
            _ => None,
        }
    }
}

impl Profile {
    /// Seconds until that many tokens were sent.
    pub(crate) fn after(self, tokens: f64) -> f64 {
        self.time_to_first_token_ms as f64 / 1_000.0 + tokens / self.tokens_per_second
    }
}

pub(crate) fn held(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.clamp(0.0, LONGEST_WAIT))
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
