//! Numbers as a terminal shows them, by the same rules as the window.

/// Nano-dollars of one run: four decimals up to a dollar, two above, two significant digits for dust.
pub fn money(nanos: Option<u64>) -> String {
    let Some(nanos) = nanos else {
        return "no price".into();
    };
    #[expect(clippy::cast_precision_loss, reason = "only shown; sums stay integers")]
    let dollars = nanos as f64 / 1e9;
    match dollars {
        0.0 => "$0".into(),
        d if d < 0.0001 => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 5 and 12"
            )]
            let decimals = (1.0 - d.log10().floor()) as usize;
            format!("${d:.decimals$}")
        }
        d if d < 1.0 => format!("${d:.4}"),
        d => format!("${d:.2}"),
    }
}

/// Tokens in groups of three.
pub fn tokens(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// ms as a person reads them.
pub fn duration(ms: f64) -> String {
    let seconds = ms / 1000.0;
    match seconds {
        s if s < 1.0 => format!("{ms:.0} ms"),
        s if s < 99.95 => format!("{s:.1} s"),
        s if s < 3600.0 => format!("{} min {:02.0} s", (s / 60.0).floor(), (s % 60.0).floor()),
        s => format!(
            "{} h {:02.0} min",
            (s / 3600.0).floor(),
            (s % 3600.0 / 60.0).floor()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_in_the_window() {
        let shown: Vec<_> = [
            None,
            Some(0),
            Some(38_000),
            Some(113_296_000),
            Some(1_410_000_000),
        ]
        .into_iter()
        .map(money)
        .collect();
        assert_eq!(shown, ["no price", "$0", "$0.000038", "$0.1133", "$1.41"]);
    }

    #[test]
    fn tokens_stand_in_groups_of_three() {
        let shown: Vec<_> = [0, 688, 4812, 1_080_000].into_iter().map(tokens).collect();
        assert_eq!(shown, ["0", "688", "4 812", "1 080 000"]);
    }

    #[test]
    fn time_changes_its_unit_with_its_size() {
        let shown: Vec<_> = [640.0, 29_900.0, 134_000.0, 3_900_000.0]
            .into_iter()
            .map(duration)
            .collect();
        assert_eq!(shown, ["640 ms", "29.9 s", "2 min 14 s", "1 h 05 min"]);
    }
}
