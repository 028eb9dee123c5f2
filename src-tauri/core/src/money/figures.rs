//! Medians and percentiles of small samples, in whole units and in fractions.

/// The middle value; the mean of the two middle ones for an even count. `None` for no values.
/// Values that are no number are left out.
pub fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some(f64::midpoint(lower, upper))
}

/// The middle value in whole units; the mean of the two middle ones for an even count, a half
/// rounded up. `None` for no values.
pub fn median_whole(values: &[u64]) -> Option<u64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some(lower + (upper - lower).div_ceil(2))
}

/// The nearest-rank percentile: the smallest value such that at least `percent` of all values are
/// not above it. `percent` is cut to 0 to 100; 0 gives the smallest. `None` for no values. Values
/// that are no number are left out.
pub fn percentile(values: &[f64], percent: f64) -> Option<f64> {
    let sorted = sorted(values);
    sorted.get(rank(sorted.len(), percent)).copied()
}

/// [`percentile`] in whole units.
pub fn percentile_whole(values: &[u64], percent: f64) -> Option<u64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(rank(sorted.len(), percent)).copied()
}

/// The index of the nearest rank among `count` sorted values.
fn rank(count: usize, percent: f64) -> usize {
    let share = percent.clamp(0.0, 100.0) * count as f64 / 100.0;
    (share.ceil() as usize).saturating_sub(1)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_two() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[f64::NAN]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[8.0, 7.0]), Some(7.5));
        assert_eq!(median_whole(&[]), None);
        assert_eq!(median_whole(&[9, 1, 2]), Some(2));
        assert_eq!(median_whole(&[4, 1, 8, 2]), Some(3));
        assert_eq!(median_whole(&[1, 2]), Some(2), "a half goes up");
        assert_eq!(median_whole(&[u64::MAX, u64::MAX]), Some(u64::MAX));
    }

    #[test]
    fn percentiles_take_the_nearest_rank() {
        let ten: Vec<u64> = (1..=10).rev().collect();
        assert_eq!(percentile_whole(&ten, 0.0), Some(1));
        assert_eq!(percentile_whole(&ten, 50.0), Some(5));
        assert_eq!(percentile_whole(&ten, 90.0), Some(9));
        assert_eq!(percentile_whole(&ten, 95.0), Some(10));
        assert_eq!(percentile_whole(&ten, 100.0), Some(10));
        assert_eq!(percentile_whole(&ten, 300.0), Some(10));
        assert_eq!(percentile_whole(&[7], 95.0), Some(7));
        assert_eq!(percentile_whole(&[], 95.0), None);
        assert_eq!(percentile(&[2.5, 1.5, f64::NAN], 90.0), Some(2.5));
        assert_eq!(percentile(&[1.0], f64::NAN), Some(1.0));
    }
}
