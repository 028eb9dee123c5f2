//! Waits shared by all who use one key at one address: where one is told to wait, nobody else runs into
//! the same limit meanwhile.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::transport::Target;

/// How much later than asked the last waiter may set out, as a share of the wait: those who wait for
/// the same moment must not all come at once.
const SPREAD: f64 = 0.25;

/// Before which moment nothing is sent to a target.
#[derive(Debug, Default)]
pub struct Cooldowns {
    until: Mutex<HashMap<Limit, Instant>>,
}

/// What a rate limit counts by. The key is held as its hash only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Limit {
    base_url: String,
    organization: Option<String>,
    project: Option<String>,
    key: Option<[u8; 32]>,
}

impl Limit {
    /// The limit that requests to `target` count against.
    pub fn of(target: &Target) -> Self {
        Self {
            base_url: target.base_url.to_string(),
            organization: target.organization.clone(),
            project: target.project.clone(),
            key: target
                .key
                .as_ref()
                .map(|key| Sha256::digest(key.expose_secret()).into()),
        }
    }
}

impl Cooldowns {
    /// Nothing goes to `limit` for `wait` from now. A longer wait that already holds stays.
    pub fn hold(&self, limit: &Limit, wait: Duration) {
        let Some(until) = Instant::now().checked_add(wait) else {
            return;
        };
        let mut held = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.entry(limit.clone()).or_insert(until);
        *known = (*known).max(until);
    }

    /// How long to wait before the next request to `limit`; None if it may go at once. `jitter`, from
    /// 0 to 1, keeps those who wait apart.
    pub fn wait(&self, limit: &Limit, jitter: f64) -> Option<Duration> {
        let mut held = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let left = held.get(limit)?.saturating_duration_since(Instant::now());
        if left.is_zero() {
            held.remove(limit);
            return None;
        }
        Some(left.mul_f64(1.0 + SPREAD * jitter.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn limit(key: &str) -> Limit {
        Limit::of(&Target {
            base_url: Target::base_url("https://api.openai.com/v1").unwrap(),
            key: Some(SecretString::from(key.to_owned())),
            organization: None,
            project: None,
            own: None,
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_holds_for_its_key_and_for_no_other() {
        let cooldowns = Cooldowns::default();
        let (one, other) = (limit("sk-one"), limit("sk-other"));
        cooldowns.hold(&one, Duration::from_secs(4));
        assert_eq!(cooldowns.wait(&one, 0.0), Some(Duration::from_secs(4)));
        assert_eq!(cooldowns.wait(&one, 1.0), Some(Duration::from_secs(5)));
        assert_eq!(cooldowns.wait(&other, 0.0), None);
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(cooldowns.wait(&one, 0.0), Some(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(cooldowns.wait(&one, 0.0), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longer_wait_stands() {
        let cooldowns = Cooldowns::default();
        let one = limit("sk-one");
        cooldowns.hold(&one, Duration::from_secs(9));
        cooldowns.hold(&one, Duration::from_secs(2));
        assert_eq!(cooldowns.wait(&one, 0.0), Some(Duration::from_secs(9)));
        cooldowns.hold(&one, Duration::from_secs(12));
        assert_eq!(cooldowns.wait(&one, 0.0), Some(Duration::from_secs(12)));
    }

    #[test]
    fn the_key_is_not_in_the_debug_text() {
        assert!(!format!("{:?}", limit("sk-secret-0123")).contains("secret"));
    }
}
