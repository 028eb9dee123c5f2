//! The time of day, handed in so that a test can say what time it is.

/// Tells the time.
pub trait Clock: Send + Sync {
    /// ms since the epoch, UTC.
    fn now_ms(&self) -> i64;
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// The day of a time as ms since the epoch, from its first to before its last.
pub fn day_range_utc(at_ms: i64) -> std::ops::Range<i64> {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let start = at_ms.div_euclid(DAY_MS) * DAY_MS;
    start..start + DAY_MS
}
