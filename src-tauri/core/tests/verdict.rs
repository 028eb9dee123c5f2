//! What a comparison says of its runs: the figures, and the sentence in every situation.
#![allow(
    clippy::expect_used,
    reason = "the lint spares tests, but not what they share"
)]

use proptest::prelude::*;
use rheostat_core::grade::comparison::{
    ComparisonSummary, ComparisonTotals, LevelSummary, RunOutcome, Spread, Verdict, summarise,
};
use rheostat_core::openai::usage::Usage;

/// A completed run: checks passed, cost in nano-dollars; it takes 1 ms per nano-dollar.
fn ran(effort: &str, passed: u32, cost: u64) -> RunOutcome {
    RunOutcome {
        effort: effort.into(),
        completed: true,
        over: true,
        checks_passed: Some(passed),
        cost: Some(cost),
        total_ms: Some(cost as f64),
        first_output_ms: Some(1.0),
        usage: Some(Usage {
            input_tokens: 100,
            output_tokens: 50,
            reasoning_tokens: 20,
            ..Usage::default()
        }),
    }
}

/// A run that failed before any usage came.
fn failed(effort: &str) -> RunOutcome {
    RunOutcome {
        completed: false,
        checks_passed: None,
        cost: None,
        total_ms: None,
        first_output_ms: None,
        usage: None,
        ..ran(effort, 0, 0)
    }
}

fn waiting(effort: &str) -> RunOutcome {
    RunOutcome {
        over: false,
        ..failed(effort)
    }
}

fn unpriced(run: RunOutcome) -> RunOutcome {
    RunOutcome { cost: None, ..run }
}

fn ungraded(run: RunOutcome) -> RunOutcome {
    RunOutcome {
        checks_passed: None,
        ..run
    }
}

/// As many equal runs of a level as asked for.
fn each(repeats: u32, run: RunOutcome) -> Vec<RunOutcome> {
    vec![run; repeats as usize]
}

/// Sums up runs; the levels and repeats are those that the runs show.
fn summary(checks: u32, runs: &[Vec<RunOutcome>]) -> ComparisonSummary {
    let efforts: Vec<String> = runs.iter().map(|level| level[0].effort.clone()).collect();
    summarise(&efforts, runs[0].len() as u32, checks, &runs.concat())
}

fn written(verdict: &Verdict) -> String {
    verdict
        .sentence
        .iter()
        .map(|part| match part.strong {
            true => format!("**{}**", part.text),
            false => part.text.clone(),
        })
        .collect()
}

/// Compares the whole verdict: level, sentence with strong names in asterisks, caution.
#[track_caller]
fn says(
    checks: u32,
    runs: &[Vec<RunOutcome>],
    level: Option<&str>,
    sentence: &str,
    caution: Option<&str>,
) {
    let verdict = summary(checks, runs).verdict.expect("a verdict");
    assert_eq!(
        (
            verdict.level.as_deref(),
            written(&verdict).as_str(),
            verdict.caution.as_deref()
        ),
        (level, sentence, caution)
    );
}

const NOISE_1: Option<&str> = Some(
    "1 run per level. Scores within one check of each other may be noise. Run 10 for a firmer answer.",
);
const NOISE_2: Option<&str> = Some(
    "2 runs per level. Scores within one check of each other may be noise. Run 10 for a firmer answer.",
);
const NOISE_3: Option<&str> = Some(
    "3 runs per level. Scores within one check of each other may be noise. Run 10 for a firmer answer.",
);

#[test]
fn the_cheapest_level_that_passes_all() {
    says(
        8,
        &[
            each(3, ran("none", 3, 20)),
            each(3, ran("low", 5, 40)),
            each(3, ran("medium", 7, 62)),
            each(3, ran("high", 8, 100)),
            each(3, ran("xhigh", 8, 190)),
        ],
        Some("high"),
        "**High** is the cheapest level that passes all 8 checks. **Medium** passes 7 for 62% of its cost, and **Extra high** adds 90% to the cost with no further check passed.",
        NOISE_3,
    );
}

#[test]
fn the_only_level_that_passes_all() {
    says(
        8,
        &[
            each(1, ran("none", 0, 4)),
            each(1, ran("low", 8, 100)),
            each(1, ran("xhigh", 7, 310)),
        ],
        Some("low"),
        "**Low** is the only level that passes all 8 checks. **None** passes none for 4.0% of its cost, and **Extra high** costs 3.1× as much and passes only 7.",
        NOISE_1,
    );
}

#[test]
fn every_level_passes_all() {
    says(
        8,
        &[
            each(2, ran("none", 8, 100)),
            each(2, ran("low", 8, 150)),
            each(2, ran("xhigh", 8, 680)),
        ],
        Some("none"),
        "Every level passes all 8 checks. **None** is the cheapest, and **Extra high** costs 6.8× as much.",
        NOISE_2,
    );
}

#[test]
fn every_level_passes_the_one_check_at_one_cost() {
    says(
        1,
        &[each(1, ran("low", 1, 100)), each(1, ran("high", 1, 100))],
        Some("low"),
        "Every level passes the check. They cost the same.",
        NOISE_1,
    );
}

#[test]
fn no_level_passes_all() {
    says(
        8,
        &[
            each(3, ran("low", 6, 50)),
            each(3, ran("high", 7, 100)),
            each(3, ran("xhigh", 7, 104)),
        ],
        Some("high"),
        "No level passes all 8 checks. **High** and **Extra high** do best with 7, and **High** is the cheaper. **Low** passes 6 for 50% of its cost, and **Extra high** adds 4.0% to the cost with no further check passed.",
        NOISE_3,
    );
}

#[test]
fn no_level_passes_all_in_every_run() {
    says(
        8,
        &[
            vec![ran("low", 5, 50), ran("low", 5, 50), ran("low", 6, 50)],
            vec![
                ran("high", 7, 100),
                ran("high", 8, 100),
                ran("high", 8, 100),
            ],
        ],
        Some("high"),
        "No level passes all 8 checks in every run. **High** does best with all 8 in most runs. **Low** passes 5 for 50% of its cost.",
        NOISE_3,
    );
}

#[test]
fn no_level_passes_anything() {
    says(
        8,
        &[each(1, ran("low", 0, 100)), each(1, ran("high", 0, 140))],
        None,
        "No level passes any of the 8 checks. **Low** is the cheapest, and **High** adds 40% to the cost.",
        NOISE_1,
    );
    says(
        1,
        &[each(1, ran("low", 0, 100)), each(1, ran("high", 0, 140))],
        None,
        "No level passes the check. **Low** is the cheapest, and **High** adds 40% to the cost.",
        NOISE_1,
    );
}

#[test]
fn all_levels_are_equally_good_but_not_full() {
    says(
        8,
        &[each(1, ran("low", 6, 100)), each(1, ran("high", 6, 1_240))],
        Some("low"),
        "Every level passes 6 of 8 checks. **Low** is the cheapest, and **High** costs 12× as much.",
        NOISE_1,
    );
}

#[test]
fn two_levels_tie_for_the_cheapest() {
    says(
        4,
        &[
            each(1, ran("none", 2, 50)),
            each(1, ran("low", 4, 100)),
            each(1, ran("medium", 4, 100)),
            each(1, ran("high", 4, 150)),
        ],
        Some("low"),
        "**Low** and **Medium** are the cheapest levels that pass all 4 checks. **None** passes 2 for 50% of the cost, and **High** adds 50% to the cost with no further check passed.",
        NOISE_1,
    );
}

#[test]
fn three_levels_tie_for_the_best_at_one_cost() {
    says(
        4,
        &[
            each(1, ran("none", 2, 50)),
            each(1, ran("low", 3, 100)),
            each(1, ran("medium", 3, 100)),
            each(1, ran("high", 3, 100)),
        ],
        Some("low"),
        "No level passes all 4 checks. **Low**, **Medium** and **High** do best with 3, at the same cost. **None** passes 2 for 50% of the cost.",
        NOISE_1,
    );
}

#[test]
fn levels_whose_ranges_overlap_are_not_told_apart() {
    says(
        8,
        &[
            vec![ran("medium", 7, 60), ran("medium", 8, 60)],
            vec![ran("high", 8, 100), ran("high", 8, 100)],
        ],
        Some("high"),
        "**High** is the only level that passes all 8 checks. **Medium** passes 7.5 for 60% of its cost. **Medium** can't be told from **High** with 2 runs each.",
        NOISE_2,
    );
}

#[test]
fn all_levels_overlap() {
    let mixed = |effort, cost| {
        vec![
            ran(effort, 5, cost),
            ran(effort, 6, cost),
            ran(effort, 7, cost),
        ]
    };
    says(
        8,
        &[mixed("low", 100), mixed("medium", 120), mixed("high", 400)],
        Some("low"),
        "Every level passes 6 of 8 checks at the median. **Low** is the cheapest, and **High** costs 4.0× as much. **Medium** and **High** can't be told from **Low** with 3 runs each.",
        NOISE_3,
    );
}

#[test]
fn ten_runs_need_no_caution_but_are_named() {
    says(
        8,
        &[each(10, ran("low", 6, 62)), each(10, ran("high", 8, 100))],
        Some("high"),
        "**High** is the only level that passes all 8 checks. **Low** passes 6 for 62% of its cost. Medians of 10 runs per level.",
        None,
    );
}

#[test]
fn one_check_over_several_runs() {
    let rate = |effort, passed: [u32; 2], cost| passed.map(|p| ran(effort, p, cost)).to_vec();
    says(
        1,
        &[
            rate("none", [0, 0], 20),
            rate("low", [0, 1], 50),
            rate("high", [1, 1], 100),
            rate("xhigh", [0, 1], 150),
        ],
        Some("high"),
        "**High** is the only level that passes the check. **Low** passes it in half of its runs for 50% of its cost, and **Extra high** adds 50% to the cost and passes it in only half of its runs. **Low** and **Extra high** can't be told from **High** with 2 runs each.",
        NOISE_2,
    );
    says(
        1,
        &[rate("none", [0, 0], 20), rate("low", [0, 1], 50)],
        Some("low"),
        "No level passes the check in every run. **Low** does best, in half of the runs. **None** passes none for 40% of its cost. **None** can't be told from **Low** with 2 runs each.",
        NOISE_2,
    );
    says(
        1,
        &[
            vec![ran("low", 0, 50), ran("low", 0, 50), ran("low", 1, 50)],
            vec![ran("high", 0, 60), ran("high", 0, 60), ran("high", 0, 60)],
        ],
        None,
        "No level passes the check in most runs. **Low** is the cheapest, and **High** adds 20% to the cost. **High** can't be told from **Low** with 3 runs each.",
        NOISE_3,
    );
}

#[test]
fn failed_levels_and_runs_are_named_and_left_out() {
    says(
        8,
        &[
            each(3, failed("none")),
            each(3, failed("low")),
            vec![ran("medium", 7, 50), ran("medium", 7, 50), failed("medium")],
            each(3, ran("high", 8, 100)),
            each(3, ran("xhigh", 8, 199)),
        ],
        Some("high"),
        "Of the 3 levels compared, **High** is the cheapest that passes all 8 checks. **Medium** passes 7 for 50% of its cost, and **Extra high** adds 99% to the cost with no further check passed. 1 of 3 runs at **Medium** ended early and is left out. **None** and **Low** have no completed run.",
        Some(
            "2 to 3 runs per level. Scores within one check of each other may be noise. Run 10 for a firmer answer.",
        ),
    );
}

#[test]
fn runs_that_ended_early_at_several_levels() {
    says(
        2,
        &[
            vec![ran("low", 1, 50), failed("low"), failed("low")],
            vec![ran("high", 2, 100), ran("high", 2, 100), failed("high")],
        ],
        Some("high"),
        "**High** is the only level that passes both checks. **Low** passes 1 for 50% of its cost. Runs that ended early are left out: 2 of 3 at **Low** and 1 of 3 at **High**.",
        Some(
            "1 to 2 runs per level. Scores within one check of each other may be noise. Run 10 for a firmer answer.",
        ),
    );
}

#[test]
fn while_runs_are_still_going_it_is_so_far() {
    says(
        8,
        &[
            vec![ran("low", 8, 50), waiting("low")],
            vec![ran("high", 8, 100), waiting("high")],
        ],
        Some("low"),
        "So far, every level passes all 8 checks. **Low** is the cheapest, and **High** costs 2.0× as much.",
        NOISE_1,
    );
    says(
        8,
        &[
            each(1, ran("none", 3, 50)),
            each(1, ran("low", 4, 60)),
            each(1, waiting("high")),
        ],
        Some("low"),
        "Of the 2 levels compared so far, none passes all 8 checks. **Low** does best with 4. **None** passes 3 for 83% of its cost. **High** has no completed run yet.",
        NOISE_1,
    );
}

#[test]
fn unpriced_models_get_no_word_on_cost() {
    says(
        8,
        &[
            each(1, unpriced(ran("low", 7, 50))),
            each(1, unpriced(ran("high", 8, 100))),
            each(1, unpriced(ran("xhigh", 8, 200))),
        ],
        None,
        "**High** and **Extra high** pass all 8 checks. No price is known for these runs, so costs are left out.",
        NOISE_1,
    );
    says(
        8,
        &[
            each(1, unpriced(ran("low", 8, 50))),
            each(1, unpriced(ran("high", 8, 100))),
        ],
        None,
        "Every level passes all 8 checks. **Low** is the fastest. No price is known for these runs, so costs are left out.",
        NOISE_1,
    );
    says(
        8,
        &[
            each(1, unpriced(ran("low", 6, 50))),
            each(1, ran("high", 7, 100)),
        ],
        None,
        "No level passes all 8 checks. **High** does best with 7. Not every level has a known price, so costs are left out.",
        NOISE_1,
    );
}

#[test]
fn without_checks_only_cost_and_time_are_compared() {
    let caution =
        Some("1 run per level. Costs and times vary from run to run. Run 10 for a firmer answer.");
    says(
        0,
        &[
            each(1, ungraded(ran("none", 0, 100))),
            each(1, ungraded(ran("low", 0, 150))),
            each(1, ungraded(ran("high", 0, 680))),
        ],
        None,
        "**None** is the cheapest and the fastest. **High** costs 6.8× as much and takes 6.8× as long. The request has no checks: add some to see what a level is worth.",
        caution,
    );
    let slow = |run| RunOutcome {
        total_ms: Some(900.0),
        ..run
    };
    says(
        0,
        &[
            each(1, slow(ungraded(ran("none", 0, 100)))),
            each(1, ungraded(ran("low", 0, 150))),
        ],
        None,
        "**None** is the cheapest, and **Low** is the fastest. **Low** adds 50% to the cost. The request has no checks: add some to see what a level is worth.",
        caution,
    );
    says(
        0,
        &[
            each(1, unpriced(ungraded(ran("none", 0, 100)))),
            each(1, unpriced(ungraded(ran("low", 0, 150)))),
        ],
        None,
        "**None** is the fastest. No price is known for these runs, so costs are left out. The request has no checks: add some to see what a level is worth.",
        caution,
    );
    says(
        0,
        &[
            each(1, ungraded(ran("none", 0, 100))),
            each(1, ungraded(ran("low", 0, 100))),
        ],
        None,
        "All levels cost the same. The request has no checks: add some to see what a level is worth.",
        caution,
    );
}

#[test]
fn rounding_makes_no_cost_equal_and_none_vanish() {
    says(
        2,
        &[
            each(1, ran("none", 1, 1)),
            each(1, ran("low", 2, 100_000)),
            each(1, ran("high", 2, 100_100)),
        ],
        Some("low"),
        "**Low** is the cheapest level that passes both checks. **None** passes 1 for less than 0.1% of its cost, and **High** costs almost the same with no further check passed.",
        NOISE_1,
    );
    says(
        2,
        &[
            each(1, ran("none", 1, 99_900)),
            each(1, ran("low", 2, 100_000)),
        ],
        Some("low"),
        "**Low** is the only level that passes both checks. **None** passes 1 for almost the same cost.",
        NOISE_1,
    );
}

#[test]
fn free_runs_divide_nothing_by_zero() {
    says(
        2,
        &[each(1, ran("low", 2, 0)), each(1, ran("high", 1, 100))],
        Some("low"),
        "**Low** is the only level that passes both checks.",
        NOISE_1,
    );
    says(
        2,
        &[each(1, ran("low", 2, 0)), each(1, ran("high", 2, 100))],
        Some("low"),
        "Every level passes both checks. **Low** is the cheapest.",
        NOISE_1,
    );
}

#[test]
fn levels_that_were_not_graded_are_left_out() {
    says(
        2,
        &[
            each(1, ungraded(ran("none", 0, 1))),
            each(1, ran("low", 2, 100)),
            each(1, ran("high", 2, 150)),
        ],
        Some("low"),
        "Of the 2 levels compared, each one passes both checks. **Low** is the cheapest, and **High** adds 50% to the cost. **None** has no graded run.",
        NOISE_1,
    );
}

#[test]
fn one_level_alone_gets_no_verdict() {
    assert_eq!(summary(8, &[each(3, ran("low", 8, 1))]).verdict, None);
    let one_of_two = [each(1, ran("low", 8, 1)), each(1, failed("high"))];
    assert_eq!(summary(8, &one_of_two).verdict, None);
    assert_eq!(summarise(&[], 1, 8, &[]).verdict, None);
}

#[test]
fn a_summary_holds_every_figure() {
    let runs = [
        ran("xhigh", 8, 300),
        ran("xhigh", 7, 100),
        // Incomplete, but billed: in the totals and in nothing else.
        RunOutcome {
            completed: false,
            ..ran("none", 1, 40)
        },
        ran("none", 2, 10),
        failed("none"),
        waiting("xhigh"),
        unpriced(ran("xhigh", 7, 200)),
    ];
    let spread = |median, min, max| Some(Spread { median, min, max });
    let summary = summarise(
        &["xhigh".into(), "none".into(), "warp".into(), "none".into()],
        4,
        8,
        &runs,
    );
    assert_eq!(
        summary.levels,
        [
            LevelSummary {
                effort: "none".into(),
                runs: 4,
                completed: 1,
                ended_early: 2,
                checks: spread(2.0, 2.0, 2.0),
                cost: spread(10.0, 10.0, 10.0),
                total_ms: spread(10.0, 10.0, 10.0),
                first_output_ms: spread(1.0, 1.0, 1.0),
                reasoning_tokens: spread(20.0, 20.0, 20.0),
                visible_tokens: spread(30.0, 30.0, 30.0),
            },
            LevelSummary {
                effort: "xhigh".into(),
                runs: 4,
                completed: 3,
                ended_early: 0,
                checks: spread(7.0, 7.0, 8.0),
                cost: spread(200.0, 100.0, 300.0),
                total_ms: spread(200.0, 100.0, 300.0),
                first_output_ms: spread(1.0, 1.0, 1.0),
                reasoning_tokens: spread(20.0, 20.0, 20.0),
                visible_tokens: spread(30.0, 30.0, 30.0),
            },
            LevelSummary {
                effort: "warp".into(),
                runs: 4,
                completed: 0,
                ended_early: 0,
                checks: None,
                cost: None,
                total_ms: None,
                first_output_ms: None,
                reasoning_tokens: None,
                visible_tokens: None,
            },
        ]
    );
    assert_eq!(
        summary.totals,
        ComparisonTotals {
            runs: 7,
            completed: 4,
            input_tokens: 500,
            cached_tokens: 0,
            output_tokens: 250,
            reasoning_tokens: 100,
            cost: 450,
            unpriced_runs: 1,
        }
    );
}

#[test]
fn the_frontier_leaves_out_what_another_level_beats() {
    let frontier = |checks, runs: &[Vec<RunOutcome>]| summary(checks, runs).frontier;
    assert_eq!(
        frontier(
            8,
            &[
                each(1, ran("none", 3, 20)),
                each(1, ran("low", 2, 40)),
                each(1, ran("medium", 7, 62)),
                each(1, ran("high", 8, 100)),
                each(1, ran("xhigh", 8, 190)),
            ]
        ),
        ["none", "medium", "high"]
    );
    // Equal in both: neither beats the other.
    assert_eq!(
        frontier(
            8,
            &[each(1, ran("low", 3, 20)), each(1, ran("high", 3, 20))]
        ),
        ["low", "high"]
    );
    let none: [&str; 0] = [];
    assert_eq!(
        frontier(
            0,
            &[each(1, ran("low", 0, 20)), each(1, ran("high", 0, 30))]
        ),
        none,
        "nothing is known of quality"
    );
    assert_eq!(
        frontier(
            8,
            &[
                each(1, unpriced(ran("low", 8, 20))),
                each(1, ran("high", 8, 30))
            ]
        ),
        none,
        "an unpriced level might beat any"
    );
}

fn any_run(effort: &'static str, checks: u32) -> impl Strategy<Value = RunOutcome> {
    (0..=checks, 0u64..2_000, 0u8..10).prop_map(move |(passed, cost, fate)| match fate {
        0 => failed(effort),
        1 => waiting(effort),
        2 => unpriced(ran(effort, passed, cost)),
        3 => ungraded(ran(effort, passed, cost)),
        _ => ran(effort, passed, cost),
    })
}

fn any_comparison() -> impl Strategy<Value = (u32, Vec<Vec<RunOutcome>>)> {
    (0u32..4, 1usize..5).prop_flat_map(|(checks, repeats)| {
        let level = |effort| prop::collection::vec(any_run(effort, checks), repeats);
        let levels = [level("none"), level("low"), level("medium"), level("high")];
        (Just(checks), levels.prop_map(Vec::from))
    })
}

proptest! {
    #[test]
    fn the_sentence_is_well_formed_and_its_level_is_never_beaten(
        (checks, runs) in any_comparison()
    ) {
        let summary = summary(checks, &runs);
        let Some(verdict) = &summary.verdict else { return Ok(()) };
        let text = written(verdict);
        prop_assert!(text.ends_with('.'), "{text}");
        for flaw in ["  ", " .", " ,", "..", ",,", "NaN", "inf", "****", ". ,"] {
            prop_assert!(!text.contains(flaw), "{flaw:?} in {text}");
        }
        prop_assert!(text.starts_with("**") || text.starts_with(char::is_uppercase), "{text}");
        if let Some(level) = &verdict.level {
            let figures = |effort: &str| {
                let level = summary.levels.iter().find(|l| l.effort == effort).unwrap();
                Some((level.checks?, level.cost?.median))
            };
            let (own, cost) = figures(level).unwrap();
            let full = f64::from(checks);
            for other in summary.levels.iter().filter_map(|l| figures(&l.effort)) {
                let (checks, price) = other;
                let as_good = match own.min >= full {
                    true => checks.min >= full,
                    false => checks.median >= own.median,
                };
                prop_assert!(!(as_good && price < cost), "{text}");
            }
        }
    }
}
