//! The sentence under a comparison, made from its figures by fixed rules and claiming no more.

mod words;

use words::{Sentence, are, costs_more, figure, for_part, runs, span_of_runs, takes_longer};

use crate::catalog::models::effort_name;
use crate::grade::comparison::{LevelSummary, Spread, Verdict};

/// From this many completed runs of every level on, the caution is left out (DESIGN.md 4.10).
const FIRM_RUNS: u32 = 5;
/// What the caution suggests: the most that one comparison runs.
const FIRMER_RUNS: u32 = 10;

/// What the levels of a comparison say, or `None` until two of them have a completed, graded run.
///
/// The rules:
/// - "Passes all" means in every completed run. Any other number of checks is a median.
/// - The level of the verdict is the cheapest of those that pass all, else of those with the best
///   median. There is none without checks, without a price for each level compared, or where no
///   level passes any check.
/// - A level whose range of checks (lowest to highest run) overlaps the best one's is said to be
///   not told from it, unless both have that one figure in every run.
/// - A level without a completed run, and runs that ended early, are named and left out.
/// - The number of runs is always said: in the caution below 5, else in the sentence.
pub fn of(levels: &[LevelSummary], checks: u32) -> Option<Verdict> {
    let compared: Vec<Level> = levels
        .iter()
        .filter_map(|level| Level::new(level, checks))
        .collect();
    if compared.len() < 2 {
        return None;
    }
    let field = Field {
        priced: compared.iter().all(|level| level.cost.is_some()),
        unpriced: compared.iter().all(|level| level.cost.is_none()),
        left_out: levels
            .iter()
            .filter(|level| Level::new(level, checks).is_none())
            .collect(),
        so_far: levels.iter().any(is_running),
        levels: compared,
        checks,
    };
    let mut sentence = Sentence::default();
    let level = if checks == 0 {
        field.costs_and_times(&mut sentence);
        None
    } else {
        field.quality(&mut sentence)
    };
    field.limits(&mut sentence);
    Some(Verdict {
        level,
        sentence: sentence.parts,
        caution: field.caution(),
    })
}

fn is_running(level: &LevelSummary) -> bool {
    level.completed + level.ended_early < level.runs
}

/// A level that can be compared.
struct Level {
    effort: String,
    name: String,
    /// Without checks in the request: nothing, for every level alike.
    passed: Spread,
    /// Median nano-dollars.
    cost: Option<f64>,
    /// Median ms.
    time: Option<f64>,
    runs: u32,
    completed: u32,
    ended_early: u32,
}

impl Level {
    fn new(summary: &LevelSummary, checks: u32) -> Option<Self> {
        const NOTHING: Spread = Spread {
            median: 0.0,
            min: 0.0,
            max: 0.0,
        };
        if summary.completed == 0 {
            return None;
        }
        Some(Self {
            effort: summary.effort.clone(),
            name: effort_name(&summary.effort),
            passed: match checks {
                0 => NOTHING,
                _ => summary.checks?,
            },
            cost: summary.cost.map(|cost| cost.median),
            time: summary.total_ms.map(|time| time.median),
            runs: summary.runs,
            completed: summary.completed,
            ended_early: summary.ended_early,
        })
    }

    fn is_steady(&self) -> bool {
        self.passed.min == self.passed.max
    }

    /// The ranges of the two overlap, and not because every run of both gave the same figure.
    fn is_mixed_up_with(&self, other: &Self) -> bool {
        let overlap = self.passed.max >= other.passed.min && other.passed.max >= self.passed.min;
        overlap && !(self.is_steady() && other.is_steady())
    }
}

/// All that the sentence is made from.
struct Field<'a> {
    levels: Vec<Level>,
    left_out: Vec<&'a LevelSummary>,
    checks: u32,
    /// Every level compared has a cost.
    priced: bool,
    /// None of them has.
    unpriced: bool,
    so_far: bool,
}

impl Field<'_> {
    /// Says which levels pass what, and for how much. Gives the level of the verdict.
    fn quality(&self, say: &mut Sentence) -> Option<String> {
        self.open(say);
        let full = self.pool(|level| self.passes_all(level));
        let best = self
            .levels
            .iter()
            .map(|level| level.passed.median)
            .fold(0.0, f64::max);
        let pool = match full.is_empty() {
            true => self.pool(|level| level.passed.median == best),
            false => full,
        };
        let winners = self.cheapest(&pool);
        let anchor = *winners.first().or(pool.first())?;

        if pool.len() == self.levels.len() {
            self.all_alike(say, anchor, &winners);
        } else {
            if self.passes_all(anchor) {
                self.some_pass_all(say, &pool, &winners);
            } else {
                self.none_passes_all(say, anchor, &pool, &winners);
            }
            if let (true, Some(&winner)) = (self.priced, winners.first()) {
                self.neighbours(say, winner, winners.len() > 1);
            }
        }
        self.price_note(say);
        self.mix_ups(say, anchor);
        (self.priced && best > 0.0).then(|| anchor.effort.clone())
    }

    fn all_alike(&self, say: &mut Sentence, anchor: &Level, winners: &[&Level]) {
        if self.levels.iter().all(|level| level.passed.max == 0.0) {
            let any = match self.checks {
                1 => "the check".to_owned(),
                n => format!("any of the {n} checks"),
            };
            say.start(&format!("{} passes {any}.", self.no_level()));
        } else if self.checks == 1 && anchor.passed.median == 0.0 {
            say.start(&format!(
                "{} passes the check in most runs.",
                self.no_level()
            ));
        } else {
            let what = match self.checks {
                _ if self.passes_all(anchor) => self.all_checks(),
                _ if anchor.passed.median == f64::from(self.checks) => {
                    format!("{} in most runs", self.all_checks())
                }
                1 => "the check in half of its runs".to_owned(),
                n if self.levels.iter().all(Level::is_steady) => {
                    format!("{} of {n} checks", figure(anchor.passed.median))
                }
                n => format!(
                    "{} of {n} checks at the median",
                    figure(anchor.passed.median)
                ),
            };
            let every = match self.left_out.is_empty() {
                true => "every level",
                false => "each one",
            };
            say.start(&format!("{every} passes {what}."));
        }
        if !self.priced {
            self.fastest(say);
            return;
        }
        if winners.len() == self.levels.len() {
            say.text(" They cost the same.");
            return;
        }
        say.text(" ");
        say.names(winners);
        say.text(are(winners, " is the cheapest", " are the cheapest"));
        if let Some((dearest, more)) = self.dearest(anchor) {
            say.text(", and ");
            say.name(dearest);
            say.text(&format!(" {more}"));
        }
        say.text(".");
    }

    fn some_pass_all(&self, say: &mut Sentence, pool: &[&Level], winners: &[&Level]) {
        let one = self.left_out.is_empty();
        let all = self.all_checks();
        match (pool, winners) {
            ([only], _) => {
                say.name(only);
                let noun = if one { "level" } else { "one" };
                say.text(&format!(" is the only {noun} that passes {all}."));
            }
            (_, []) => {
                say.names(pool);
                say.text(&format!(" pass {all}."));
            }
            (_, [winner]) => {
                say.name(winner);
                let noun = if one { " level" } else { "" };
                say.text(&format!(" is the cheapest{noun} that passes {all}."));
            }
            _ => {
                say.names(winners);
                let noun = if one { " levels" } else { "" };
                say.text(&format!(" are the cheapest{noun} that pass {all}."));
            }
        }
    }

    fn none_passes_all(
        &self,
        say: &mut Sentence,
        anchor: &Level,
        pool: &[&Level],
        winners: &[&Level],
    ) {
        let sometimes = self
            .levels
            .iter()
            .any(|level| level.passed.max >= f64::from(self.checks));
        say.start(&format!(
            "{} passes {}{}. ",
            self.no_level(),
            self.all_checks(),
            if sometimes { " in every run" } else { "" }
        ));
        say.names(pool);
        say.text(are(pool, " does best", " do best"));
        match self.checks {
            1 if anchor.passed.median < 1.0 => say.text(", in half of the runs"),
            1 => say.text(", in most runs"),
            _ => say.text(&format!(" with {}", self.passes(anchor))),
        }
        if pool.len() > 1 && !winners.is_empty() {
            if winners.len() == pool.len() {
                say.text(", at the same cost");
            } else {
                say.text(", and ");
                say.names(winners);
                say.text(match (winners.len(), pool.len()) {
                    (1, 2) => " is the cheaper",
                    (1, _) => " is the cheapest of them",
                    _ => " are the cheapest of them",
                });
            }
        }
        say.text(".");
    }

    /// What the best of the cheaper levels gives, and what the next dearer one adds.
    fn neighbours(&self, say: &mut Sentence, winner: &Level, several: bool) {
        let Some(cost) = winner.cost.filter(|&cost| cost > 0.0) else {
            return;
        };
        let ratio = |level: &Level| level.cost.map(|other| other / cost);
        let below = self
            .levels
            .iter()
            .filter_map(|level| ratio(level).filter(|&r| r < 1.0).map(|r| (level, r)))
            // The last of equals wins, so the cheaper of two equally good ones comes last.
            .max_by(|a, b| {
                let good = a.0.passed.median.total_cmp(&b.0.passed.median);
                good.then(b.1.total_cmp(&a.1))
            });
        let above = self
            .levels
            .iter()
            .filter_map(|level| ratio(level).filter(|&r| r > 1.0).map(|r| (level, r)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((level, ratio)) = below {
            say.text(" ");
            say.name(level);
            let whose = if several { "the" } else { "its" };
            say.text(&format!(
                " passes {} {}",
                self.passes(level),
                for_part(ratio, whose)
            ));
        }
        if let Some((level, ratio)) = above {
            say.text(if below.is_some() { ", and " } else { " " });
            say.name(level);
            say.text(&format!(" {}", costs_more(ratio)));
            if level.passed.median >= winner.passed.median {
                say.text(" with no further check passed");
            } else {
                let passes = match level.passed.median {
                    0.5 if self.checks == 1 => "it in only half of its runs".to_owned(),
                    0.0 => self.passes(level),
                    _ => format!("only {}", self.passes(level)),
                };
                say.text(&format!(" and passes {passes}"));
            }
        }
        if below.is_some() || above.is_some() {
            say.text(".");
        }
    }

    fn mix_ups(&self, say: &mut Sentence, anchor: &Level) {
        let mixed: Vec<&Level> = self
            .levels
            .iter()
            .filter(|level| level.effort != anchor.effort && level.is_mixed_up_with(anchor))
            .collect();
        if mixed.is_empty() {
            return;
        }
        say.text(" ");
        say.names(&mixed);
        say.text(" can't be told from ");
        say.name(anchor);
        let counts = mixed.iter().chain([&anchor]).map(|level| level.completed);
        let (low, high) = ends(counts);
        match low == high {
            true => say.text(&format!(" with {} each.", runs(low))),
            false => say.text(&format!(" with {low} to {high} runs each.")),
        }
    }

    /// Without checks: what the levels cost and take, and that this says nothing of quality.
    fn costs_and_times(&self, say: &mut Sentence) {
        self.open(say);
        let all: Vec<&Level> = self.levels.iter().collect();
        let fastest = self.quickest();
        let cheapest = self.cheapest(&all);
        match (cheapest.as_slice(), fastest.as_slice()) {
            ([], []) => say.start("nothing is known of cost and time."),
            ([], fastest) => {
                say.names(fastest);
                say.text(are(fastest, " is the fastest.", " are the fastest."));
            }
            (cheapest, _) if cheapest.len() == all.len() => {
                say.start("all levels cost the same.");
                self.fastest(say);
            }
            (cheapest, fastest) => {
                let same = cheapest.len() == fastest.len()
                    && cheapest
                        .iter()
                        .zip(fastest)
                        .all(|(a, b)| a.effort == b.effort);
                say.names(cheapest);
                say.text(are(cheapest, " is the cheapest", " are the cheapest"));
                if same {
                    say.text(" and the fastest");
                } else if !fastest.is_empty() {
                    say.text(", and ");
                    say.names(fastest);
                    say.text(are(fastest, " is the fastest", " are the fastest"));
                }
                say.text(".");
                if let Some((dearest, more)) = cheapest.first().and_then(|low| self.dearest(low)) {
                    say.text(" ");
                    say.name(dearest);
                    say.text(&format!(" {more}"));
                    let times = cheapest.first().and_then(|low| low.time).zip(dearest.time);
                    if let Some(longer) = times.and_then(|(low, high)| takes_longer(high / low)) {
                        say.text(&format!(" and {longer}"));
                    }
                    say.text(".");
                }
            }
        }
        self.price_note(say);
        say.text(" The request has no checks: add some to see what a level is worth.");
    }

    /// What the sentence does not cover, and how many runs it stands on.
    fn limits(&self, say: &mut Sentence) {
        let early: Vec<&Level> = self.levels.iter().filter(|l| l.ended_early > 0).collect();
        match early.as_slice() {
            [] => {}
            [level] => {
                say.text(&format!(
                    " {} of {} at ",
                    level.ended_early,
                    runs(level.runs)
                ));
                say.name(level);
                say.text(match level.ended_early {
                    1 => " ended early and is left out.",
                    _ => " ended early and are left out.",
                });
            }
            several => {
                say.text(" Runs that ended early are left out: ");
                say.list(several, |say, level| {
                    say.text(&format!("{} of {} at ", level.ended_early, level.runs));
                    say.name(level);
                });
                say.text(".");
            }
        }
        for (fits, lacks) in [
            (
                (|l| l.completed == 0 && !is_running(l)) as fn(&LevelSummary) -> bool,
                "no completed run",
            ),
            (
                |l| l.completed == 0 && is_running(l),
                "no completed run yet",
            ),
            (|l| l.completed > 0, "no graded run"),
        ] {
            let names: Vec<String> = self
                .left_out
                .iter()
                .filter(|level| fits(level))
                .map(|level| effort_name(&level.effort))
                .collect();
            if !names.is_empty() {
                say.text(" ");
                say.list(&names, |say, name| say.strong(name));
                say.text(are(&names, " has ", " have "));
                say.text(lacks);
                say.text(".");
            }
        }
        let (low, high) = ends(self.levels.iter().map(|level| level.completed));
        if low >= FIRM_RUNS {
            say.text(&format!(
                " Medians of {} per level.",
                span_of_runs(low, high)
            ));
        }
    }

    fn caution(&self) -> Option<String> {
        let (low, high) = ends(self.levels.iter().map(|level| level.completed));
        if low >= FIRM_RUNS {
            return None;
        }
        let noise = match self.checks {
            0 => "Costs and times vary from run to run.",
            _ => "Scores within one check of each other may be noise.",
        };
        Some(format!(
            "{} per level. {noise} Run {FIRMER_RUNS} for a firmer answer.",
            span_of_runs(low, high)
        ))
    }

    /// Says whom the sentence is about, where that is not every level or not for good.
    fn open(&self, say: &mut Sentence) {
        let compared = self.levels.len();
        match (self.left_out.is_empty(), self.so_far) {
            (true, false) => {}
            (true, true) => say.text("So far, "),
            (false, false) => say.text(&format!("Of the {compared} levels compared, ")),
            (false, true) => say.text(&format!("Of the {compared} levels compared so far, ")),
        }
    }

    fn pool(&self, fits: impl Fn(&Level) -> bool) -> Vec<&Level> {
        self.levels.iter().filter(|level| fits(level)).collect()
    }

    /// The levels of a pool that cost least; none unless every level compared has a cost.
    fn cheapest<'l>(&self, pool: &[&'l Level]) -> Vec<&'l Level> {
        match self.priced {
            true => lowest(pool, |level| level.cost),
            false => Vec::new(),
        }
    }

    fn quickest(&self) -> Vec<&Level> {
        let all: Vec<&Level> = self.levels.iter().collect();
        match all.iter().all(|level| level.time.is_some()) {
            true => lowest(&all, |level| level.time),
            false => Vec::new(),
        }
    }

    fn fastest(&self, say: &mut Sentence) {
        let fastest = self.quickest();
        if !fastest.is_empty() && fastest.len() < self.levels.len() {
            say.text(" ");
            say.names(&fastest);
            say.text(are(&fastest, " is the fastest.", " are the fastest."));
        }
    }

    /// The dearest level and how much more than `low` it costs.
    fn dearest(&self, low: &Level) -> Option<(&Level, String)> {
        let base = low.cost.filter(|&cost| cost > 0.0)?;
        let (level, cost) = self
            .levels
            .iter()
            .filter_map(|level| Some((level, level.cost?)))
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        (cost > base).then(|| (level, costs_more(cost / base)))
    }

    fn price_note(&self, say: &mut Sentence) {
        if self.unpriced {
            say.text(" No price is known for these runs, so costs are left out.");
        } else if !self.priced {
            say.text(" Not every level has a known price, so costs are left out.");
        }
    }

    fn passes_all(&self, level: &Level) -> bool {
        level.passed.min >= f64::from(self.checks)
    }

    /// How much a level passes, after "passes" or "with".
    fn passes(&self, level: &Level) -> String {
        let passed = level.passed;
        let full = f64::from(self.checks);
        // A median of 0 or of all, with other figures around it, holds for more than half the runs.
        let mostly = if level.is_steady() || passed.min >= full {
            ""
        } else {
            " in most runs"
        };
        match self.checks {
            _ if passed.median == 0.0 => format!("none{mostly}"),
            1 if passed.median < 1.0 => "it in half of its runs".to_owned(),
            1 => format!("it{mostly}"),
            _ if passed.median < full => figure(passed.median),
            2 => format!("both{mostly}"),
            n => format!("all {n}{mostly}"),
        }
    }

    fn all_checks(&self) -> String {
        match self.checks {
            1 => "the check".to_owned(),
            2 => "both checks".to_owned(),
            n => format!("all {n} checks"),
        }
    }

    fn no_level(&self) -> &'static str {
        match self.left_out.is_empty() {
            true => "no level",
            false => "none",
        }
    }
}

/// The levels of a pool with the lowest figure; more than one where they are equal.
fn lowest<'l>(pool: &[&'l Level], figure: impl Fn(&Level) -> Option<f64>) -> Vec<&'l Level> {
    let low = pool
        .iter()
        .filter_map(|level| figure(level))
        .fold(f64::INFINITY, f64::min);
    pool.iter()
        .copied()
        .filter(|level| figure(level) == Some(low))
        .collect()
}

fn ends(counts: impl Iterator<Item = u32>) -> (u32, u32) {
    counts.fold((u32::MAX, 0), |(low, high), n| (low.min(n), high.max(n)))
}
