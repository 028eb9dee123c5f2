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
