//! How long anything may take. Every limit is a value that an engine is opened with.

use std::time::Duration;

/// The limits of one run. All of them count on the monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// To a connection, with its TLS handshake.
    pub connect: Duration,
    /// From the send to the head of the answer.
    pub first_byte: Duration,
    /// Without a sign within an answer.
    pub idle: Duration,
    /// The whole run, with its retries. None sets no limit.
    pub total: Option<Duration>,
    /// Between two looks at a background response (API.md 6.3).
    pub poll: Duration,
    /// To the answer that a background response is cancelled, before Stop goes on without it.
    pub cancel: Duration,
}

impl Default for Timeouts {
    /// 5 s to connect and 600 s without a sign, as the official SDKs have it (API.md 4).
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(600),
            idle: Duration::from_secs(600),
            total: None,
            poll: Duration::from_secs(2),
            cancel: Duration::from_secs(5),
        }
    }
}

/// A limit in words: `600 s`, `1.5 s`, `20 ms`.
pub fn in_words(limit: Duration) -> String {
    if limit < Duration::from_secs(1) {
        return format!("{} ms", limit.as_millis());
    }
    format!("{} s", (limit.as_secs_f64() * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_in_words() {
        let words: Vec<_> = [20, 999, 1500, 5000, 600_000]
            .into_iter()
            .map(|ms| in_words(Duration::from_millis(ms)))
            .collect();
        assert_eq!(words, ["20 ms", "999 ms", "1.5 s", "5 s", "600 s"]);
    }
}
