//! An output cap that leaves room for an answer, for a run whose cap went on reasoning alone.

/// How far above the usual a cap goes.
const HEADROOM: f64 = 1.3;

/// The leading figures of a number that is easy to read.
const NICE: [u64; 11] = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100];

/// The cap to try next. `usual_high` is the 95th percentile of this request's output at this level,
/// reasoning included, where it has runs; `cap` is the one that was too small; `most` is the model's
/// own limit. 1.3 times the usual, or twice the cap where nothing is known or the usual lies below it;
/// rounded up to a round number. None where the model's limit leaves no larger one.
pub fn suggest(usual_high: Option<u64>, cap: u64, most: Option<u64>) -> Option<u64> {
    let by_history = usual_high
        .map(|high| round_up(scaled(high)))
        .filter(|suggested| *suggested > cap);
    let suggested = by_history.unwrap_or_else(|| round_up(cap.saturating_mul(2)));
    let suggested = most.map_or(suggested, |most| suggested.min(most));
    (suggested > cap).then_some(suggested)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "token counts are far below 2^52"
)]
fn scaled(tokens: u64) -> u64 {
    (tokens as f64 * HEADROOM).ceil() as u64
}

/// The next round number from `tokens` on.
fn round_up(tokens: u64) -> u64 {
    let mut unit: u64 = 1;
    while unit.saturating_mul(100) < tokens {
        unit = unit.saturating_mul(10);
    }
    NICE.iter()
        .map(|figure| figure.saturating_mul(unit))
        .find(|round| *round >= tokens)
        .unwrap_or(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_with_room_above_it() {
        assert_eq!(suggest(Some(4400), 3000, None), Some(6000));
        assert_eq!(suggest(Some(9000), 6000, Some(128_000)), Some(12_000));
        assert_eq!(suggest(Some(3), 2, None), Some(10), "the smallest step");
    }

    #[test]
    fn without_a_usual_above_the_cap_it_is_doubled() {
        assert_eq!(suggest(None, 6000, Some(128_000)), Some(12_000));
        assert_eq!(suggest(Some(2000), 6000, None), Some(12_000));
    }

    #[test]
    fn the_models_limit_is_the_end() {
        assert_eq!(suggest(None, 100_000, Some(128_000)), Some(128_000));
        assert_eq!(suggest(Some(200_000), 128_000, Some(128_000)), None);
        assert_eq!(suggest(None, u64::MAX, None), None);
    }

    proptest::proptest! {
        #[test]
        fn it_is_always_larger_and_never_absurd(usual in proptest::option::of(0u64..1_000_000), cap in 16u64..1_000_000) {
            let suggested = suggest(usual, cap, None).unwrap_or_default();
            proptest::prop_assert!(suggested > cap);
            proptest::prop_assert!(suggested <= 3 * cap.max(usual.unwrap_or(0)).max(10));
        }
    }
}
