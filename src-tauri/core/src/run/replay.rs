//! A recorded run, made whole again: what is not stored folds from its events.

use std::sync::Arc;

use super::bill;
use super::facts::{RunFacts, RunView, Section};
use super::fold::Fold;
use crate::error::Result;
use crate::history::{History, StoredRun, words_of};
use crate::money::prices::PriceBook;

/// Events read at a time: bounded memory for a run of any length.
const PAGE: u32 = 2000;

/// The view of a run whose facts are recorded.
///
/// # Errors
/// What reading the history fails with.
pub fn view(history: &History, facts: RunFacts) -> Result<RunView> {
    let mut fold = Fold::new(RunFacts::default());
    feed(history, &facts.id, &mut fold)?;
    // The record's facts stand: they hold what no event says, such as the bill and the end by Stop.
    Ok(RunView {
        facts,
        texts: fold.view().texts,
    })
}

/// The output of a recorded run, as its checks read it.
///
/// # Errors
/// What reading the history fails with.
pub fn output(history: &History, run_id: &str) -> Result<String> {
    let mut fold = Fold::new(RunFacts::default());
    feed(history, run_id, &mut fold)?;
    Ok(fold.text(Section::Output))
}

/// What a run answered, to find it by: its output and its refusal.
pub fn answer(fold: &Fold) -> String {
    format!(
        "{}\n{}",
        fold.text(Section::Output),
        fold.text(Section::Refusal)
    )
}

/// Runs that are made findable in one go.
const WORDS_PAGE: u32 = 20;

/// Makes those runs findable that were recorded without their words: by an older Rheostat, or in a process that died.
/// A thread of its own does it, for as long as the history is open.
pub fn find_words(history: &Arc<History>) {
    let open = Arc::downgrade(history);
    let work = move || {
        let mut before = Some(i64::MAX);
        while let (Some(place), Some(history)) = (before, open.upgrade()) {
            before = write_missing_words(&history, place).unwrap_or_else(|problem| {
                tracing::warn!(%problem, "earlier runs can't be found by their words");
                None
            });
        }
    };
    let thread = std::thread::Builder::new().name("history-words".to_owned());
    if let Err(error) = thread.spawn(work) {
        tracing::warn!(%error, "earlier runs can't be found by their words");
    }
}

/// As [`find_words`], at once: it blocks until all is done.
///
/// # Errors
/// What reading and writing the history fail with.
pub fn write_all_words(history: &History) -> Result<()> {
    let mut before = Some(i64::MAX);
    while let Some(place) = before {
        before = write_missing_words(history, place)?;
    }
    Ok(())
}

/// Writes the words of some runs before the place `before` that lack them. Returns the place to go on from; None at the
/// end.
fn write_missing_words(history: &History, before: i64) -> Result<Option<i64>> {
    let without = history.runs_without_words(before, WORDS_PAGE)?;
    for (_, id) in &without {
        let Some(run) = history.run(id)? else {
            continue;
        };
        let body = history.run_body(id)?.unwrap_or_default();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let mut fold = Fold::new(RunFacts::default());
        feed(history, id, &mut fold)?;
        let name = run.request_name.as_deref();
        let words = words_of(name, &run.facts.model, &body, &answer(&fold));
        history.recorder().words(id, words);
    }
    history.recorder().flush_blocking()?;
    Ok(without.last().map(|(place, _)| *place))
}

/// Settles the runs of a process that died: their events tell how far they came, and a run that had
/// ended but for its record gets its bill. Checks are not among it; they stand with the request.
///
/// # Errors
/// What reading the history fails with.
pub fn settle_cut_runs(history: &History, book: &PriceBook) -> Result<()> {
    for id in history.cut_at_open() {
        if let Some(stored) = history.run(id)? {
            let facts = settle(history, book, stored)?;
            history.recorder().finish_run(facts);
        }
    }
    Ok(())
}

fn settle(history: &History, book: &PriceBook, stored: StoredRun) -> Result<RunFacts> {
    let StoredRun { facts, host, .. } = stored;
    let started_at = facts.started_at.unwrap_or_default();
    let (fault, id) = (facts.fault.clone(), facts.id.clone());
    let answered_ms = facts
        .attempts
        .last()
        .and_then(|attempt| attempt.answered_ms);
    let mut fold = Fold::new(RunFacts {
        spans: Vec::new(),
        events: 0,
        fault: None,
        total_ms: None,
        ..facts
    });
    fold.sent(started_at);
    if let Some(at) = answered_ms {
        fold.connected(at);
    }
    feed(history, &id, &mut fold)?;
    if !fold.is_terminal() {
        let last = fold.facts().elapsed_ms;
        let fault = fault.unwrap_or_else(|| crate::openai::fault::no_terminal_event(0, &host));
        fold.cut(last, fault);
    }
    let facts = fold.facts();
    let region = book.region(&format!("https://{host}"));
    let bill = bill::of_run(book, facts, started_at, region);
    fold.edit(|facts| facts.bill = bill);
    Ok(fold.facts().clone())
}

fn feed(history: &History, id: &str, fold: &mut Fold) -> Result<()> {
    let mut next = 0;
    loop {
        let events = history.run_events(id, next, PAGE)?;
        let Some(last) = events.last() else {
            return Ok(());
        };
        next = last.index + 1;
        for event in &events {
            #[expect(
                clippy::cast_precision_loss,
                reason = "microseconds of a run are far below 2^52"
            )]
            fold.event(event.at_us as f64 / 1000.0, &event.raw);
        }
    }
}
