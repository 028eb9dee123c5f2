//! A cap on output so small that reasoning may use it all up.

use super::{Asked, Edit, Finding, Fix};

/// Fewer runs than this are no figure.
const ENOUGH_RUNS: u32 = 3;
/// What OpenAI suggests to reserve for reasoning and output, to begin with (API.md 2.4).
const SUGGESTED: u64 = 25_000;
/// The efforts at which a smaller cap is worth a word, without figures (API.md 10).
const DEEP: [&str; 3] = ["high", "xhigh", "max"];

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let (Some(cap), Some(effort)) = (
        asked
            .given("max_output_tokens")
            .and_then(|cap| cap.as_u64()),
        asked.effort,
    ) else {
        return;
    };
    if effort == "none" {
        return;
    }
    let (message, reason, enough) = match asked.context.used.filter(|used| used.runs >= ENOUGH_RUNS)
    {
        Some(used) if cap < used.high => {
            let often = if cap < used.median { "Most" } else { "Some" };
            (
                format!("{often} runs at {effort} would be cut at {cap} tokens."),
                format!(
                    "The last {} used {} tokens at the median and {} at the 95th percentile, reasoning included. A \
                     cut run is charged, and may hold reasoning alone.",
                    used.runs, used.median, used.high
                ),
                // A little room above what was seen.
                used.high
                    .saturating_mul(5)
                    .div_ceil(4)
                    .next_multiple_of(1_000),
            )
        }
        None if cap < SUGGESTED && DEEP.contains(&effort) => (
            format!("At {effort}, {cap} tokens may be used up by reasoning alone."),
            format!(
                "OpenAI suggests to reserve at least {SUGGESTED} for reasoning and output at first. A cut run is \
                 charged. There are no figures of this request at {effort} yet."
            ),
            SUGGESTED,
        ),
        _ => return,
    };
    let most = asked
        .model
        .map_or(u64::MAX, |model| model.max_output_tokens);
    let enough = enough.min(most);
    let pointer = asked.pointer("max_output_tokens");
    let fix = (enough > cap)
        .then(|| Fix::offered(format!("Set it to {enough}"), [Edit::set(&pointer, enough)]));
    findings.push(
        Finding::warning("cap_may_cut", pointer, message)
            .reason(reason)
            .fix(fix),
    );
}
