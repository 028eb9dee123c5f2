//! What makes a reply repeatable: everything random is drawn from the request itself.

use serde_json::Value;

/// A number that stands for one request and which repeat of it this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seed(u64);

impl Seed {
    /// The same body gives the same seed, whatever the order of its keys, and whether it is streamed or not.
    pub(crate) fn of(body: &Value, repeat: u64) -> Self {
        let mut hash = FNV_START;
        digest(body, &mut hash, true);
        Seed(spread(hash ^ spread(repeat)))
    }

    /// A seed for something that comes from this one.
    pub(crate) fn branch(self, label: &str) -> Self {
        let mut hash = FNV_START ^ self.0;
        eat(&mut hash, label.as_bytes());
        Seed(spread(hash))
    }

    pub(crate) fn dice(self, label: &str) -> Dice {
        Dice(self.branch(label).0)
    }

    /// `length` hexadecimal digits, for ids.
    pub(crate) fn hex(self, label: &str, length: usize) -> String {
        let mut dice = self.dice(label);
        let mut out = String::with_capacity(length + 16);
        while out.len() < length {
            out.push_str(&format!("{:016x}", dice.next()));
        }
        out.truncate(length);
        out
    }
}

impl From<u64> for Seed {
    fn from(number: u64) -> Self {
        Seed(spread(number))
    }
}

/// A small deterministic generator (SplitMix64). Nothing here needs to be secret.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        spread(self.0)
    }

    /// A number below `limit`; 0 where the limit is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.next() % limit }
    }

    /// A number in `low..=high`.
    pub(crate) fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number between the two.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(from.len() as u64) as usize;
        from.get(index)
    }
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

fn eat(hash: &mut u64, bytes: &[u8]) {
    for byte in bytes {
        *hash = (*hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
}

fn spread(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn digest(value: &Value, hash: &mut u64, top: bool) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            eat(hash, b"{");
            for key in keys {
                // How a reply travels must not change what it says.
                if top && matches!(key.as_str(), "stream" | "stream_options") {
                    continue;
                }
                eat(hash, key.as_bytes());
                eat(hash, b":");
                if let Some(inner) = map.get(key) {
                    digest(inner, hash, false);
                }
            }
            eat(hash, b"}");
        }
        Value::Array(items) => {
            eat(hash, b"[");
            for item in items {
                digest(item, hash, false);
                eat(hash, b",");
            }
            eat(hash, b"]");
        }
        other => eat(hash, other.to_string().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn key_order_and_streaming_do_not_matter_but_repeats_do() {
        let one = Seed::of(&json!({"model": "m", "input": "hi"}), 1);
        let same = Seed::of(&json!({"input": "hi", "stream": true, "model": "m"}), 1);
        let again = Seed::of(&json!({"model": "m", "input": "hi"}), 2);
        assert_eq!((one == same, one == again), (true, false));
    }
}
