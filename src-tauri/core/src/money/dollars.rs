//! Amounts as a person writes them into a file: dollars as a decimal number, kept as whole nano-dollars.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::de::{Deserializer, Error as _, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use ts_rs::TS;

/// Nano-dollars in a dollar.
const NANOS: u64 = 1_000_000_000;
const DECIMALS: usize = 9;

/// An amount in nano-dollars, written as `0.50` or `20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, TS, JsonSchema)]
#[ts(type = "string")]
#[schemars(with = "String")]
pub struct Dollars(pub u64);

/// The text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in dollars, such as 0.50, with at most nine decimals")]
pub struct NoAmount;

impl FromStr for Dollars {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Self, NoAmount> {
        let text = text.trim();
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > DECIMALS {
            return Err(NoAmount);
        }
        let nanos: u64 = format!("{decimals:0<DECIMALS$}")
            .parse()
            .map_err(|_| NoAmount)?;
        let whole: u64 = whole.parse().map_err(|_| NoAmount)?;
        let amount = whole
            .checked_mul(NANOS)
            .and_then(|whole| whole.checked_add(nanos));
        amount.map(Self).ok_or(NoAmount)
    }
}

impl fmt::Display for Dollars {
    /// At least two decimals, and as many as the amount has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:0DECIMALS$}", self.0 % NANOS);
        let needed = decimals.trim_end_matches('0').len().max(2);
        write!(f, "{}.{}", self.0 / NANOS, &decimals[..needed])
    }
}

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dollars {
    /// Takes a number as well: whoever writes the file by hand leaves the quotes out.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amount;

        impl Visitor<'_> for Amount {
            type Value = Dollars;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an amount in dollars, such as 0.50")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Dollars, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, whole: u64) -> Result<Dollars, E> {
                whole.to_string().parse().map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, whole: i64) -> Result<Dollars, E> {
                whole.to_string().parse().map_err(E::custom)
            }

            // The shortest text of a number is what the file says.
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Dollars, E> {
                number.to_string().parse().map_err(E::custom)
            }
        }

        deserializer
            .deserialize_any(Amount)
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_to_the_nano_dollar() {
        let read: Vec<_> = ["0.50", "20", "0.000000001", " 1.1 ", "0"]
            .iter()
            .map(|text| text.parse().map(|Dollars(nanos)| nanos))
            .collect();
        let expected = [500_000_000, 20_000_000_000, 1, 1_100_000_000, 0];
        assert_eq!(read, expected.map(Ok));
        for none in [
            "",
            ".5",
            "5.",
            "-1",
            "1,5",
            "$1",
            "1e3",
            "0.0000000001",
            "99999999999999",
        ] {
            assert_eq!(none.parse::<Dollars>(), Err(NoAmount), "{none}");
        }
    }

    #[test]
    fn a_file_may_leave_the_quotes_out() {
        let read = |text: &str| serde_saphyr::from_str::<Dollars>(text).map(|Dollars(nanos)| nanos);
        assert_eq!(read("0.1").unwrap(), 100_000_000);
        assert_eq!(read("'0.10'").unwrap(), 100_000_000);
        assert_eq!(read("3").unwrap(), 3_000_000_000);
        assert!(read("-3").is_err());
        assert!(read(".inf").is_err());
    }

    proptest! {
        #[test]
        fn every_amount_is_read_back(nanos in any::<u64>()) {
            prop_assert_eq!(Dollars(nanos).to_string().parse(), Ok(Dollars(nanos)));
        }
    }
}
