//! The rate limits that the headers tell of. They fill and drain as the API's do, but nothing is ever refused.

use std::sync::Mutex;

use tokio::time::Instant;

/// Tier 1 of gpt-5.5: requests and tokens a minute (API.md 1.1).
const REQUESTS: f64 = 500.0;
const TOKENS: f64 = 500_000.0;

/// What is left of the minute after a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Room {
    pub limit_requests: u64,
    pub limit_tokens: u64,
    pub remaining_requests: u64,
    pub remaining_tokens: u64,
    pub reset_requests: String,
    pub reset_tokens: String,
}

#[derive(Debug, Default)]
pub(crate) struct Rate {
    used: Mutex<Option<Used>>,
}

#[derive(Debug, Clone, Copy)]
struct Used {
    at: Instant,
    requests: f64,
    tokens: f64,
}

impl Rate {
    /// Counts one request of `tokens` and says what is left.
    pub(crate) fn take(&self, tokens: u64) -> Room {
        let now = Instant::now();
        let mut used = self
            .used
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let before = used.unwrap_or(Used {
            at: now,
            requests: 0.0,
            tokens: 0.0,
        });
        let minutes = now.duration_since(before.at).as_secs_f64() / 60.0;
        let drained = |amount: f64, limit: f64| (amount - limit * minutes).max(0.0);
        let after = Used {
            at: now,
            requests: (drained(before.requests, REQUESTS) + 1.0).min(REQUESTS),
            tokens: (drained(before.tokens, TOKENS) + tokens as f64).min(TOKENS),
        };
        *used = Some(after);
        Room {
            limit_requests: REQUESTS as u64,
            limit_tokens: TOKENS as u64,
            remaining_requests: (REQUESTS - after.requests) as u64,
            remaining_tokens: (TOKENS - after.tokens) as u64,
            reset_requests: go_duration(after.requests / REQUESTS * 60.0),
            reset_tokens: go_duration(after.tokens / TOKENS * 60.0),
        }
    }
}

/// A duration as Go prints it: `120ms`, `6s`, `1m0s`.
fn go_duration(seconds: f64) -> String {
    let ms = (seconds * 1_000.0).round() as u64;
    match ms {
        0..1_000 => format!("{ms}ms"),
        1_000..60_000 if ms.is_multiple_of(1_000) => format!("{}s", ms / 1_000),
        1_000..60_000 => format!(
            "{}.{}s",
            ms / 1_000,
            format!("{:03}", ms % 1_000).trim_end_matches('0')
        ),
        _ => format!("{}m{}s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_in_go() {
        let shown = [0.0, 0.12, 1.0, 1.5, 6.25, 59.001, 60.0, 360.0].map(go_duration);
        assert_eq!(
            shown,
            [
                "0ms", "120ms", "1s", "1.5s", "6.25s", "59.001s", "1m0s", "6m0s"
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_minute_empties_and_fills_again() {
        let rate = Rate::default();
        rate.take(50_000);
        let full = rate.take(50_000);
        assert_eq!(
            full,
            Room {
                limit_requests: 500,
                limit_tokens: 500_000,
                remaining_requests: 498,
                remaining_tokens: 400_000,
                reset_requests: "240ms".to_owned(),
                reset_tokens: "12s".to_owned(),
            }
        );
        tokio::time::advance(std::time::Duration::from_secs(60)).await;
        assert_eq!(
            rate.take(0).remaining_requests,
            499,
            "a minute later all is free again"
        );
    }
}
