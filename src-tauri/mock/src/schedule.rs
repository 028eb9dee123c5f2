//! When each event of a reply is due, at the speed that is set.

use std::time::Duration;

use serde_json::Value;

use crate::options::{Profile, Speed, held};
use crate::seed::Seed;
use crate::tokens;

/// An event as far as its moment goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Beat {
    /// Seconds into the reply at its own pace.
    pub at: f64,
    /// What it adds to what is seen; none where it is no delta.
    pub tokens: Option<u64>,
}

pub(crate) fn due(speed: Speed, beats: &[Beat]) -> Vec<Duration> {
    match speed {
        Speed::Profile(profile) => profiled(profile, beats),
        Speed::Multiple(_) | Speed::Instant => {
            beats.iter().map(|beat| speed.scale(beat.at)).collect()
        }
    }
}

/// The first delta is due after its time, each other one after the tokens of the one before it.
fn profiled(profile: Profile, beats: &[Beat]) -> Vec<Duration> {
    let mut dice = Seed::from(beats.len() as u64).dice("profile");
    let (mut now, mut before) = (0.0, None);
    let moments = beats.iter().map(|beat| {
        if let Some(tokens) = beat.tokens {
            now = match before {
                None => profile.after(0.0),
                Some(passed) => {
                    let stray = dice.between(1.0 - profile.jitter, 1.0 + profile.jitter);
                    now + passed / profile.tokens_per_second * stray
                }
            };
            before = Some(tokens as f64);
        }
        held(now)
    });
    moments.collect()
}

/// The tokens of a delta, of either endpoint; none where the event is no delta.
pub(crate) fn tokens_of(event: &Value) -> Option<u64> {
    let delta = match &event["delta"] {
        Value::String(delta) => delta,
        _ => {
            let delta = event.pointer("/choices/0/delta")?;
            let called = || delta.pointer("/tool_calls/0/function/arguments");
            let said = ["content", "refusal"]
                .iter()
                .find_map(|key| delta[*key].as_str());
            said.or_else(|| called()?.as_str())
                .filter(|text| !text.is_empty())?
        }
    };
    Some(tokens::count(delta))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const BEATS: [Beat; 5] = [
        Beat {
            at: 0.5,
            tokens: None,
        },
        Beat {
            at: 1.0,
            tokens: Some(2),
        },
        Beat {
            at: 3.0,
            tokens: Some(1),
        },
        Beat {
            at: 4.0,
            tokens: Some(4),
        },
        Beat {
            at: 4.0,
            tokens: None,
        },
    ];

    fn ms(speed: Speed) -> Vec<u128> {
        due(speed, &BEATS)
            .into_iter()
            .map(|due| due.as_millis())
            .collect()
    }

    fn profile(jitter: f64) -> Speed {
        Speed::Profile(Profile {
            time_to_first_token_ms: 300,
            tokens_per_second: 10.0,
            jitter,
        })
    }

    #[test]
    fn every_speed_has_its_moments() {
        assert_eq!(ms(Speed::Multiple(1.0)), [500, 1_000, 3_000, 4_000, 4_000]);
        assert_eq!(ms(Speed::Multiple(10.0)), [50, 100, 300, 400, 400]);
        assert_eq!(ms(Speed::Instant), [0; 5]);
        assert_eq!(ms(profile(0.0)), [0, 300, 500, 600, 600]);
    }

    #[test]
    fn jitter_strays_alike_every_time() {
        let strayed = ms(profile(0.5));
        assert_eq!(strayed, ms(profile(0.5)));
        assert_eq!(strayed[..2], [0, 300]);
        assert!(
            (400..=600).contains(&strayed[2]) && strayed[2] != 500,
            "{strayed:?}"
        );
    }

    #[test]
    fn deltas_of_both_endpoints_count() {
        let cases = [
            (
                json!({"type": "response.output_text.delta", "delta": "12345"}),
                Some(2),
            ),
            (json!({"type": "response.created"}), None),
            (
                json!({"choices": [{"delta": {"role": "assistant", "content": null}}]}),
                None,
            ),
            (
                json!({"choices": [{"delta": {"content": "1234"}}]}),
                Some(1),
            ),
            (
                json!({"choices": [{"delta": {"tool_calls": [{"function": {"arguments": "{}"}}]}}]}),
                Some(1),
            ),
            (json!({"choices": []}), None),
        ];
        for (event, tokens) in cases {
            assert_eq!(tokens_of(&event), tokens, "{event}");
        }
    }
}
