//! Progress on stderr: a line per lane that moves on a terminal, a line per ended lane elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use rheostat_core::catalog::models::effort_name;
use rheostat_core::run::facts::{LanePatch, Phase, RunFacts, RunStatus};
use rheostat_core::run::patch::RunPatch;

use crate::format;

/// The lanes of a stream as they stand.
pub struct Progress {
    lanes: Mutex<Vec<LaneLine>>,
    bars: Option<MultiProgress>,
}

#[derive(Default)]
struct LaneLine {
    facts: RunFacts,
    letters: usize,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub fn new() -> Self {
        Self {
            lanes: Mutex::default(),
            bars: std::io::stderr().is_terminal().then(MultiProgress::new),
        }
    }

    /// Shows what changed.
    pub fn apply(&self, patch: RunPatch) {
        let mut lanes = self
            .lanes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for change in patch.lanes {
            let index = change.lane as usize;
            while lanes.len() <= index {
                lanes.push(LaneLine {
                    bar: self.bars.as_ref().map(|bars| bars.add(bar())),
                    ..LaneLine::default()
                });
            }
            if let Some(line) = lanes.get_mut(index) {
                line.apply(change);
            }
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style.tick_strings(&["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█", "█"]));
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

impl LaneLine {
    fn apply(&mut self, change: LanePatch) {
        let was_over = self.facts.status.is_over();
        self.letters += change
            .texts
            .iter()
            .map(|text| text.text.chars().count())
            .sum::<usize>();
        if let Some(facts) = change.facts {
            self.facts = facts;
        }
        self.facts.elapsed_ms = change.elapsed_ms;
        let over = self.facts.status.is_over();
        let text = format!(
            "{:<11} run {:<2} {}",
            level(&self.facts),
            self.facts.repeat,
            state(&self.facts, self.letters)
        );
        match &self.bar {
            Some(bar) if over => bar.finish_with_message(text),
            Some(bar) => bar.set_message(text),
            None if over && !was_over => eprintln!("{text}"),
            None => {}
        }
    }
}

/// The level by its display name.
pub fn level(facts: &RunFacts) -> String {
    facts
        .effort_sent
        .as_deref()
        .map_or_else(|| "Default".into(), effort_name)
}

fn state(facts: &RunFacts, letters: usize) -> String {
    let elapsed = format::duration(facts.elapsed_ms);
    match (facts.status, facts.phase) {
        (RunStatus::Waiting, _) => "waiting".into(),
        (RunStatus::Running, Phase::Reasoning) => format!("reasoning   {elapsed}"),
        (RunStatus::Running, Phase::Tool) => format!(
            "{} {elapsed}",
            facts.phase_label.as_deref().unwrap_or("tool")
        ),
        (RunStatus::Running, Phase::Writing) => format!("writing     {elapsed}  {letters} letters"),
        (RunStatus::Running, Phase::Queued) => format!("queued      {elapsed}"),
        (RunStatus::Running, _) => format!("sending     {elapsed}"),
        (over, _) => {
            let cost = facts
                .bill
                .as_ref()
                .map_or_else(|| "cost unknown".into(), |bill| format::money(bill.total));
            format!("{:<11} {elapsed}  {cost}", outcome(over))
        }
    }
}

/// How a run ended, in a word.
pub fn outcome(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Waiting => "waiting",
        RunStatus::Running => "running",
        RunStatus::Completed => "completed",
        RunStatus::Incomplete => "incomplete",
        RunStatus::Failed => "failed",
        RunStatus::Cut => "cut off",
        RunStatus::Stopped => "stopped",
    }
}
