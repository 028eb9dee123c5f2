//! The list of runs: which are in it, in pages that lose and double nothing, and what they come to.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use rheostat_core::clock::SystemClock;
use rheostat_core::history::{Filter, History, Lane, NewRun, Totals, words_of};
use rheostat_core::money::bill::Bill;
use rheostat_core::openai::usage::Usage;
use rheostat_core::run::facts::{RunFacts, RunSource, RunStatus, SampleKind};
use rheostat_core::run::replay;
use serde_json::json;

fn memory() -> History {
    History::in_memory(Arc::new(SystemClock)).unwrap()
}

/// A run of 5 tokens that is over. `cost` in nano-dollars; None where no price is known.
fn run(id: &str, effort: &str, status: RunStatus, cost: Option<u64>) -> RunFacts {
    RunFacts {
        id: id.to_owned(),
        request_id: Some("request".to_owned()),
        repeat: 1,
        model: "gpt-5.5".to_owned(),
        effort_sent: Some(effort.to_owned()),
        started_at: Some(1),
        status,
        usage: Some(Usage {
            input_tokens: 5,
            ..Usage::default()
        }),
        bill: Some(Bill {
            lines: Vec::new(),
            total: cost,
            partly_unpriced: false,
            tier: "default".to_owned(),
            long_context: false,
            price_date: "2026-11-20".to_owned(),
        }),
        ..RunFacts::default()
    }
}

struct Prompt<'a> {
    name: &'a str,
    prompt: &'a str,
    answer: &'a str,
}

const PLAIN: Prompt = Prompt {
    name: "Plain",
    prompt: "Say hello",
    answer: "Hello.",
};

fn begin(history: &History, facts: &RunFacts, source: RunSource, text: &Prompt) {
    let body = json!({ "model": facts.model, "input": text.prompt }).to_string();
    history.recorder().begin_run(NewRun {
        facts: RunFacts {
            status: RunStatus::Running,
            ..facts.clone()
        },
        request_name: Some(text.name.to_owned()),
        lane: (source == RunSource::Compare).then(|| Lane {
            comparison_id: "c".to_owned(),
            index: 0,
        }),
        source,
        endpoint: "responses".to_owned(),
        host: "api.openai.com".to_owned(),
        body: Bytes::from(body),
    });
}

fn record(history: &History, facts: RunFacts, source: RunSource, text: &Prompt) {
    begin(history, &facts, source, text);
    let body = json!({ "input": text.prompt });
    let words = words_of(
        Some(text.name),
        &facts.model,
        body.as_object().unwrap(),
        text.answer,
    );
    history.recorder().words(&facts.id, words);
    history.recorder().finish_run(facts);
    history.recorder().flush_blocking().unwrap();
}

fn found(history: &History, filter: &Filter) -> Vec<String> {
    let page = history.page(filter, None, 200).unwrap();
    assert_eq!(
        history.totals(filter).unwrap().runs,
        page.runs.len() as u64,
        "the figure counts what the list shows"
    );
    page.runs.into_iter().map(|run| run.facts.id).collect()
}

fn text(text: &str) -> Filter {
    Filter {
        text: text.to_owned(),
        ..Filter::default()
    }
}

#[test]
fn each_filter_leaves_what_it_names_and_all_of_them_together_what_fits_all() {
    let history = memory();
    let done = RunStatus::Completed;
    record(
        &history,
        run("low", "low", done, Some(10)),
        RunSource::Window,
        &PLAIN,
    );
    record(
        &history,
        run("lane", "high", done, Some(20)),
        RunSource::Compare,
        &PLAIN,
    );
    record(
        &history,
        run("failed", "high", RunStatus::Failed, None),
        RunSource::Terminal,
        &PLAIN,
    );
    let replayed = RunFacts {
        sample: Some(SampleKind::Replayed),
        ..run("replayed", "high", done, Some(40))
    };
    record(&history, replayed, RunSource::Window, &PLAIN);
    record(
        &history,
        run("other", "high", done, Some(80)),
        RunSource::StandIn,
        &PLAIN,
    );

    let all = Filter::default();
    assert_eq!(
        found(&history, &all),
        ["other", "replayed", "failed", "lane", "low"]
    );
    let high = Filter {
        efforts: vec!["high".to_owned()],
        ..Filter::default()
    };
    assert_eq!(
        found(&history, &high),
        ["other", "replayed", "failed", "lane"]
    );
    let failures = Filter {
        statuses: vec![RunStatus::Failed, RunStatus::Cut, RunStatus::Incomplete],
        ..Filter::default()
    };
    assert_eq!(found(&history, &failures), ["failed"]);
    for (source, expected) in [
        (RunSource::Window, vec!["replayed", "low"]),
        (RunSource::Compare, vec!["lane"]),
        (RunSource::Terminal, vec!["failed"]),
        (RunSource::StandIn, vec!["other"]),
    ] {
        let filter = Filter {
            sources: vec![source],
            ..Filter::default()
        };
        assert_eq!(found(&history, &filter), expected, "{source:?}");
    }
    let live = Filter {
        samples: vec![None],
        ..high.clone()
    };
    assert_eq!(found(&history, &live), ["other", "failed", "lane"]);
    let not_live = Filter {
        samples: vec![Some(SampleKind::Replayed), Some(SampleKind::Composed)],
        ..Filter::default()
    };
    assert_eq!(found(&history, &not_live), ["replayed"]);

    assert_eq!(
        history.totals(&all).unwrap(),
        Totals {
            runs: 5,
            spent: 110,
            unpriced: 1
        },
        "what was served again costs nothing new, and what has no price is no zero"
    );
    assert_eq!(history.totals(&not_live).unwrap().spent, 0);
}

#[test]
fn words_are_found_in_name_model_prompt_and_answer_by_their_beginning() {
    let history = memory();
    let done = |id| run(id, "low", RunStatus::Completed, Some(1));
    let invoice = Prompt {
        name: "Read invoices",
        prompt: "Which total does foo_bar.pdf name? Straße",
        answer: "It is 42 €, due in March.",
    };
    let japanese = Prompt {
        name: "領収書",
        prompt: "東京の発票",
        answer: "\"quoted\" OR not",
    };
    record(&history, done("invoice"), RunSource::Window, &invoice);
    record(&history, done("japanese"), RunSource::Window, &japanese);
    for (words, expected) in [
        ("INVO", vec!["invoice"]),
        ("invoice march", vec!["invoice"]),
        ("invoice april", vec![]),
        ("foo_bar", vec!["invoice"]),
        ("gpt-5.5", vec!["japanese", "invoice"]),
        ("strasse", vec![]),
        ("straße", vec!["invoice"]),
        ("発票", vec!["japanese"]),
        ("票発", vec![]),
        ("\"quoted\"", vec!["japanese"]),
        ("OR", vec!["japanese"]),
        ("voices", vec![]),
        ("*", vec![]),
        ("  ", vec!["japanese", "invoice"]),
    ] {
        assert_eq!(found(&history, &text(words)), expected, "{words:?}");
    }
}

#[test]
fn pages_lose_and_double_nothing_while_new_runs_come() {
    let history = memory();
    let done = |id: usize| run(&format!("{id:02}"), "low", RunStatus::Completed, Some(1));
    for id in 0..25 {
        record(&history, done(id), RunSource::Window, &PLAIN);
    }
    let mut seen = Vec::new();
    let mut before: Option<String> = None;
    for new in 25.. {
        let page = history
            .page(&Filter::default(), before.as_deref(), 7)
            .unwrap();
        seen.extend(page.runs.iter().map(|run| run.facts.id.clone()));
        before = seen.last().cloned();
        if !page.more {
            break;
        }
        record(&history, done(new), RunSource::Window, &PLAIN);
    }
    let expected: Vec<_> = (0..25).rev().map(|id| format!("{id:02}")).collect();
    assert_eq!(seen, expected);
    let unknown = history.page(&Filter::default(), Some("gone"), 7).unwrap();
    assert_eq!((unknown.runs.len(), unknown.more), (0, false));
    let exact = history.page(&Filter::default(), Some("07"), 7).unwrap();
    assert_eq!((exact.runs.len(), exact.more), (7, false));
}

#[test]
fn a_run_that_is_going_on_is_listed_and_counts_once_it_is_over() {
    let history = memory();
    let facts = run("r", "low", RunStatus::Completed, Some(10));
    begin(&history, &facts, RunSource::Window, &PLAIN);
    history.recorder().flush_blocking().unwrap();
    let page = history.page(&Filter::default(), None, 1).unwrap();
    assert_eq!(page.runs[0].facts.status, RunStatus::Running);
    assert_eq!(history.totals(&Filter::default()).unwrap().spent, 0);
    let going_on = history.pulse().unwrap();
    assert_eq!(going_on.running, 1);
    history.recorder().finish_run(facts);
    history.recorder().flush_blocking().unwrap();
    assert_eq!(history.totals(&Filter::default()).unwrap().spent, 10);
    assert_ne!(history.pulse().unwrap(), going_on, "its end is news");
}

#[test]
fn runs_of_an_older_rheostat_get_their_source_and_their_words() {
    let folder = tempfile::tempdir().unwrap();
    let open = || History::open(folder.path(), Arc::new(SystemClock)).unwrap();
    let history = open();
    for (id, source) in [("own", RunSource::Window), ("lane", RunSource::Compare)] {
        begin(
            &history,
            &run(id, "low", RunStatus::Completed, Some(1)),
            source,
            &PLAIN,
        );
        let answer = json!({ "type": "response.output_text.delta", "sequence_number": 1, "output_index": 0, "content_index": 0, "delta": "Good morning" });
        history
            .recorder()
            .event(id, 0, std::time::Duration::ZERO, answer.to_string());
        history
            .recorder()
            .finish_run(run(id, "low", RunStatus::Completed, Some(1)));
    }
    drop(history);
    // What it did not know of is empty.
    rusqlite::Connection::open(folder.path().join("history.sqlite"))
        .unwrap()
        .execute("UPDATE run SET source = NULL", [])
        .unwrap();

    let history = Arc::new(open());
    assert_eq!(found(&history, &text("morning")), [] as [&str; 0]);
    replay::write_all_words(&history).unwrap();
    assert_eq!(found(&history, &text("morning hello")), ["lane", "own"]);
    let sources: HashSet<_> = history
        .page(&Filter::default(), None, 9)
        .unwrap()
        .runs
        .into_iter()
        .map(|run| (run.facts.id, run.source == RunSource::Compare))
        .collect();
    assert_eq!(
        sources,
        HashSet::from([("own".to_owned(), false), ("lane".to_owned(), true)])
    );
}
