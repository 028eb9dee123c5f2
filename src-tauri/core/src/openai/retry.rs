//! Whether a failed attempt is made again, and after how long: the table of API.md 4, as a pure function.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;

/// How often and how patiently. The values of [`Policy::default`] are the official SDKs' (API.md 4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// Attempts after the first one.
    pub max_retries: u32,
    /// The wait before the first retry, where the server names none. It doubles with every retry.
    pub first_wait: Duration,
    /// Where the doubling ends.
    pub longest_wait: Duration,
    /// A server that asks for longer than this is not tried again at all.
    pub server_wait_limit: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(8),
            server_wait_limit: Duration::from_secs(120),
        }
    }
}

impl Policy {
    /// All attempts, with the first.
    pub fn attempts_max(&self) -> u32 {
        self.max_retries.saturating_add(1)
    }
}

/// What an answer's headers say about trying again, as they came (API.md 4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetryHeaders {
    /// `retry-after-ms`.
    pub retry_after_ms: Option<String>,
    /// `retry-after`: seconds, or an HTTP date.
    pub retry_after: Option<String>,
    /// `x-should-retry`.
    pub should_retry: Option<String>,
}

impl RetryHeaders {
    /// How long the server asks to wait, in seconds, at `now_ms` since the epoch. The first header
    /// that can be read counts: ms, then seconds, then a date. Negative for a date in the past.
    pub fn wait_seconds(&self, now_ms: i64) -> Option<f64> {
        let number = |text: &Option<String>| {
            text.as_deref()
                .and_then(|text| text.trim().parse::<f64>().ok())
                .filter(|number| !number.is_nan())
        };
        number(&self.retry_after_ms)
            .map(|ms| ms / 1000.0)
            .or_else(|| number(&self.retry_after))
            .or_else(|| {
                let date = DateTimeParser::new()
                    .parse_timestamp(self.retry_after.as_deref()?.trim())
                    .ok()?;
                Some(seconds(date.as_millisecond().saturating_sub(now_ms)))
            })
    }

    /// [`Self::wait_seconds`] in whole ms; None where the server names no time that is still to come.
    pub fn wait_ms(&self, now_ms: i64) -> Option<u64> {
        self.wait_seconds(now_ms)
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a span of ms is far below 2^52 wherever it matters"
)]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// Why an attempt gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The server answered with this status.
    Status(u16),
    /// The connection was refused, or lost before the head of an answer.
    Connection,
    /// A limit passed before the head of an answer.
    Timeout,
    /// Certain to happen again: a certificate that is refused, a proxy that wants a password.
    Certain,
}

/// What is known of a failed attempt. Only attempts that brought no stream are asked about: once the
/// head of a 200 is there, nothing is sent again.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    pub cause: Cause,
    /// A billing code of a 429: waiting does not help (API.md 4).
    pub billing: bool,
    /// The prompt was declined; it would be again.
    pub declined: bool,
    pub headers: &'a RetryHeaders,
}

/// Why there is no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It would fail again: another status, a billing code, a declined prompt.
    Final,
    /// `x-should-retry: false`.
    ServerSaysNo,
    /// The server asks to wait longer than [`Policy::server_wait_limit`].
    WaitTooLong,
    /// All attempts are spent.
    Spent,
}

/// What follows a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Retry { after: Duration },
    GiveUp(Reason),
}

/// What follows the failure of `attempt`, counted from 1. `jitter` is from 0 to 1; `now_ms` is the time
/// of day in ms since the epoch, for waits given as a date.
pub fn decide(
    policy: &Policy,
    attempt: u32,
    failure: &Failure<'_>,
    now_ms: i64,
    jitter: f64,
) -> Decision {
    if let Some(reason) = refused(failure) {
        return Decision::GiveUp(reason);
    }
    let asked = failure.headers.wait_seconds(now_ms);
    if asked.is_some_and(|seconds| seconds > policy.server_wait_limit.as_secs_f64()) {
        return Decision::GiveUp(Reason::WaitTooLong);
    }
    if attempt > policy.max_retries {
        return Decision::GiveUp(Reason::Spent);
    }
    let after = named_wait(policy, failure.headers, now_ms)
        .unwrap_or_else(|| backoff(policy, attempt, jitter));
    Decision::Retry { after }
}

/// The wait that the server names, where it is one that is kept: longer than nothing, and no longer
/// than [`Policy::server_wait_limit`].
pub fn named_wait(policy: &Policy, headers: &RetryHeaders, now_ms: i64) -> Option<Duration> {
    let limit = policy.server_wait_limit.as_secs_f64();
    headers
        .wait_seconds(now_ms)
        .filter(|seconds| *seconds > 0.0 && *seconds <= limit)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}

/// Why a failure of this kind is never tried again. A 400, a billing code and a declined prompt stay
/// so whatever `x-should-retry` says.
fn refused(failure: &Failure<'_>) -> Option<Reason> {
    let by_table = match failure.cause {
        Cause::Connection | Cause::Timeout | Cause::Status(408 | 409 | 429 | 500..) => true,
        Cause::Status(_) => false,
        Cause::Certain => return Some(Reason::Final),
    };
    if failure.billing || failure.declined || failure.cause == Cause::Status(400) {
        return Some(Reason::Final);
    }
    match failure.headers.should_retry.as_deref().map(str::trim) {
        Some("true") => None,
        Some("false") => Some(Reason::ServerSaysNo),
        _ => (!by_table).then_some(Reason::Final),
    }
}

/// `min(first * 2^n, longest) * (1 - 0.25 * jitter)`, n from 0 (API.md 4).
fn backoff(policy: &Policy, attempt: u32, jitter: f64) -> Duration {
    let doubled = 2u32.saturating_pow(attempt.saturating_sub(1));
    let full = policy
        .first_wait
        .saturating_mul(doubled)
        .min(policy.longest_wait);
    full.mul_f64(1.0 - 0.25 * unit(jitter))
}

/// `jitter` cut to 0 to 1.
fn unit(jitter: f64) -> f64 {
    if jitter.is_nan() {
        return 0.0;
    }
    jitter.clamp(0.0, 1.0)
}

/// A number from 0 to 1 by chance, good enough to keep clients apart.
#[expect(
    clippy::cast_precision_loss,
    reason = "a fraction needs no more than its leading bits"
)]
pub fn chance() -> f64 {
    // The standard library seeds every hasher differently.
    RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-23T10:00:00Z.
    const NOW: i64 = 1_795_428_000_000;

    fn headers(ms: &str, after: &str, should: &str) -> RetryHeaders {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        RetryHeaders {
            retry_after_ms: text(ms),
            retry_after: text(after),
            should_retry: text(should),
        }
    }

    fn after(cause: Cause, headers: &RetryHeaders) -> Decision {
        let failure = Failure {
            cause,
            billing: false,
            declined: false,
            headers,
        };
        decide(&Policy::default(), 1, &failure, NOW, 0.0)
    }

    fn retry(ms: u64) -> Decision {
        Decision::Retry {
            after: Duration::from_millis(ms),
        }
    }

    #[test]
    fn every_status_of_the_table() {
        let none = RetryHeaders::default();
        for status in [408, 409, 429, 500, 502, 503, 504, 529, 599] {
            assert_eq!(after(Cause::Status(status), &none), retry(500), "{status}");
        }
        for status in [
            200, 301, 307, 400, 401, 402, 403, 404, 405, 413, 415, 422, 425, 431,
        ] {
            let known = after(Cause::Status(status), &none);
            assert_eq!(known, Decision::GiveUp(Reason::Final), "{status}");
        }
        assert_eq!(after(Cause::Connection, &none), retry(500));
        assert_eq!(after(Cause::Timeout, &none), retry(500));
        assert_eq!(
            after(Cause::Certain, &none),
            Decision::GiveUp(Reason::Final)
        );
    }

    #[test]
    fn the_server_can_overrule_the_status() {
        let (yes, no) = (headers("", "", "true"), headers("", "", "false"));
        let rows = [
            (Cause::Status(404), &yes, retry(500)),
            (Cause::Status(422), &yes, retry(500)),
            (
                Cause::Status(429),
                &no,
                Decision::GiveUp(Reason::ServerSaysNo),
            ),
            (
                Cause::Status(500),
                &no,
                Decision::GiveUp(Reason::ServerSaysNo),
            ),
            (Cause::Status(400), &yes, Decision::GiveUp(Reason::Final)),
        ];
        for (cause, headers, expected) in rows {
            assert_eq!(after(cause, headers), expected, "{cause:?} {headers:?}");
        }
        let odd = headers("", "", "perhaps");
        assert_eq!(after(Cause::Status(503), &odd), retry(500));
    }

    #[test]
    fn billing_and_declined_prompts_are_never_tried_again() {
        let yes = headers("5", "", "true");
        for (billing, declined) in [(true, false), (false, true)] {
            let failure = Failure {
                cause: Cause::Status(429),
                billing,
                declined,
                headers: &yes,
            };
            let decision = decide(&Policy::default(), 1, &failure, NOW, 0.0);
            assert_eq!(decision, Decision::GiveUp(Reason::Final));
        }
    }

    #[test]
    fn every_form_of_the_servers_wait() {
        let too_long = Decision::GiveUp(Reason::WaitTooLong);
        let rows = [
            // ms before seconds before a date; what can't be read is passed over.
            ("1500", "7", retry(1500)),
            (
                "1500.5",
                "",
                Decision::Retry {
                    after: Duration::from_micros(1_500_500),
                },
            ),
            ("soon", "7", retry(7000)),
            ("", "2.5", retry(2500)),
            (" 20 ", "", retry(20)),
            ("", "Mon, 23 Nov 2026 10:00:03 GMT", retry(3000)),
            ("nan", "", retry(500)),
            ("", "tomorrow", retry(500)),
            // Nothing to wait for: as if nothing had been said.
            ("0", "", retry(500)),
            ("-5", "9", retry(500)),
            ("", "0", retry(500)),
            ("", "-1", retry(500)),
            ("", "Mon, 23 Nov 2026 09:59:00 GMT", retry(500)),
            ("", "Sun, 06 Nov 1994 08:49:37 GMT", retry(500)),
            // Up to two minutes, and not a moment longer.
            ("120000", "", retry(120_000)),
            ("", "120", retry(120_000)),
            ("120000.1", "", too_long),
            ("", "120.001", too_long),
            ("", "10000", too_long),
            ("", "inf", too_long),
            ("", "Mon, 23 Nov 2026 10:02:01 GMT", too_long),
        ];
        for (ms, seconds, expected) in rows {
            let known = after(Cause::Status(429), &headers(ms, seconds, ""));
            assert_eq!(known, expected, "ms {ms:?}, retry-after {seconds:?}");
        }
        let asked = headers("", "10000", "true");
        assert_eq!(
            after(Cause::Status(503), &asked),
            too_long,
            "not even where the server wants it"
        );
    }

    #[test]
    fn waits_double_to_their_limit_and_end_with_the_attempts() {
        let failure = Failure {
            cause: Cause::Status(500),
            billing: false,
            declined: false,
            headers: &RetryHeaders::default(),
        };
        let patient = Policy {
            max_retries: 7,
            ..Policy::default()
        };
        let waits: Vec<_> = (1..=8)
            .map(|attempt| decide(&patient, attempt, &failure, NOW, 0.0))
            .collect();
        let mut expected: Vec<_> = [500, 1000, 2000, 4000, 8000, 8000, 8000]
            .map(retry)
            .to_vec();
        expected.push(Decision::GiveUp(Reason::Spent));
        assert_eq!(waits, expected);
        assert_eq!(decide(&patient, 1, &failure, NOW, 1.0), retry(375));
        let usual = Policy::default();
        assert_eq!(usual.attempts_max(), 3);
        assert_eq!(decide(&usual, 2, &failure, NOW, 0.0), retry(1000));
        assert_eq!(
            decide(&usual, 3, &failure, NOW, 0.0),
            Decision::GiveUp(Reason::Spent)
        );
    }

    #[test]
    fn a_wait_in_whole_ms_for_the_words() {
        assert_eq!(headers("", "1.25", "").wait_ms(NOW), Some(1250));
        assert_eq!(headers("", "-1", "").wait_ms(NOW), None);
        assert_eq!(headers("", "", "").wait_ms(NOW), None);
    }

    proptest! {
        #[test]
        fn no_wait_leaves_its_bounds(
            attempt in 0u32..100, status in 100u16..600, jitter in proptest::num::f64::ANY,
            ms in proptest::option::of("[-]?[0-9a-z.]{0,8}"), after in proptest::option::of(".{0,32}"),
            should in proptest::option::of("true|false|x"), retries in 0u32..50, now in any::<i64>(),
        ) {
            let policy = Policy { max_retries: retries, ..Policy::default() };
            let headers = RetryHeaders { retry_after_ms: ms, retry_after: after, should_retry: should };
            let failure = Failure { cause: Cause::Status(status), billing: false, declined: false, headers: &headers };
            match decide(&policy, attempt, &failure, now, jitter) {
                Decision::Retry { after } => {
                    prop_assert!(attempt <= retries);
                    prop_assert!(after <= policy.server_wait_limit);
                    prop_assert_ne!(status, 400);
                }
                Decision::GiveUp(Reason::Spent) => prop_assert!(attempt > retries),
                Decision::GiveUp(_) => {}
            }
        }

        #[test]
        fn without_a_word_of_the_server_the_wait_is_the_formula(attempt in 1u32..40, jitter in 0.0f64..=1.0) {
            let policy = Policy { max_retries: 100, ..Policy::default() };
            let failure = Failure { cause: Cause::Connection, billing: false, declined: false, headers: &RetryHeaders::default() };
            let full = f64::min(0.5 * 2f64.powi(attempt as i32 - 1), 8.0);
            let Decision::Retry { after } = decide(&policy, attempt, &failure, 0, jitter) else {
                return Err(TestCaseError::fail("given up"));
            };
            prop_assert!((after.as_secs_f64() - full * (1.0 - 0.25 * jitter)).abs() < 1e-6);
        }

        #[test]
        fn chance_is_a_fraction(_ in 0..50) {
            prop_assert!((0.0..=1.0).contains(&chance()));
        }
    }
}
