//! What a picture may take of the input, by the documented rule of patches (API.md 1.1).

/// A patch is a square of this many px.
const PATCH: u32 = 32;

/// How many patches a picture of `width` by `height` px comes to at a level of detail; None for a level that the
/// sources do not name. The rule is the documented one of gpt-5.5; how a picture is rounded when it is shrunk is not
/// stated, so the figure is about.
pub fn patches(width: u32, height: u32, detail: &str) -> Option<u64> {
    // Longest side in px, and the most patches.
    let (side, most) = match detail {
        "auto" | "original" => (6_000, 10_000),
        "high" => (2_048, 2_500),
        // Only the side is stated; the patches follow from it.
        "low" => (512, u64::from((512 / PATCH).pow(2))),
        _ => return None,
    };
    let longest = width.max(height).max(1);
    let scale = (f64::from(side) / f64::from(longest)).min(1.0);
    let across = |px: u32| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 6 000 px"
        )]
        let shrunk = (f64::from(px) * scale).round() as u64;
        shrunk.max(1).div_ceil(PATCH.into())
    };
    Some((across(width) * across(height)).min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_cut_into_patches_and_shrunk_to_the_level() {
        for (width, height, detail, expected) in [
            (32, 32, "auto", 1),
            (33, 32, "auto", 2),
            (1_440, 900, "auto", 45 * 29),
            (1_440, 900, "low", 16 * 10),
            (4_096, 2_048, "high", 64 * 32),
            (2_048, 2_048, "high", 2_500),
            (6_000, 6_000, "original", 10_000),
            (60_000, 1, "original", 188),
        ] {
            assert_eq!(
                patches(width, height, detail),
                Some(expected),
                "{width} x {height} at {detail}"
            );
        }
        assert_eq!(patches(1, 1, "sharp"), None);
    }
}
