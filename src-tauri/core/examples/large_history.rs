//! Measures a large history: `large_history [RUNS]` makes a history of so many runs, 10 000 unless it is told, and says
//! how long its list takes.

// A measurement that can't go on says why and ends.
#![allow(clippy::unwrap_used, reason = "there is nothing to save here")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rheostat_core::clock::SystemClock;
use rheostat_core::history::{Filter, History, NewRun, words_of};
use rheostat_core::money::bill::Bill;
use rheostat_core::openai::usage::Usage;
use rheostat_core::run::facts::{RunFacts, RunSource, RunStatus, SampleKind};
use serde_json::json;

const EFFORTS: [&str; 5] = ["none", "low", "medium", "high", "xhigh"];
const WORDS: [&str; 12] = [
    "invoice",
    "table",
    "lock",
    "migration",
    "customer",
    "refund",
    "schema",
    "index",
    "write",
    "statement",
    "total",
    "answer",
];

fn main() {
    let count: usize = std::env::args()
        .nth(1)
        .map_or(10_000, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), Arc::new(SystemClock)).unwrap();
    let took = Instant::now();
    for number in 0..count {
        record(&history, number);
    }
    history.recorder().flush_blocking().unwrap();
    let size = std::fs::metadata(folder.path().join("history.sqlite")).unwrap();
    say(
        &format!("{count} runs written ({} MB)", size.len() >> 20),
        took,
    );
    let all = Filter::default();
    let text = |text: &str| Filter {
        text: text.to_owned(),
        ..Filter::default()
    };
    for (name, filter) in [
        ("everything", all.clone()),
        ("a word in all of them", text("invoice")),
        ("three words", text("invoice refund rare42")),
        ("the beginning of a word", text("mig")),
        (
            "failures",
            Filter {
                statuses: vec![RunStatus::Failed, RunStatus::Cut],
                ..all.clone()
            },
        ),
        (
            "xhigh, live, from the terminal, with a word",
            Filter {
                efforts: vec!["xhigh".to_owned()],
                samples: vec![None],
                sources: vec![RunSource::Terminal],
                ..text("invoice")
            },
        ),
        ("nothing", text("notthere")),
    ] {
        let mut best = [f64::INFINITY; 2];
        let mut found = (0, 0);
        // The best of five: what else the machine does is not measured.
        for _ in 0..5 {
            let took = Instant::now();
            let page = history.page(&filter, None, 100).unwrap();
            best[0] = best[0].min(took.elapsed().as_secs_f64() * 1e3);
            let took = Instant::now();
            let totals = history.totals(&filter).unwrap();
            best[1] = best[1].min(took.elapsed().as_secs_f64() * 1e3);
            found = (page.runs.len(), totals.runs);
        }
        println!(
            "{:>9.1} ms  {name}: {} of {} listed; {:.1} ms more to count and sum all",
            best[0], found.0, found.1, best[1]
        );
    }
}

fn record(history: &History, number: usize) {
    let words = |from: usize, count: usize| -> String {
        (from..from + count)
            .map(|at| WORDS[(at * 5 + at / 12) % WORDS.len()])
            .collect::<Vec<_>>()
            .join(" ")
    };
    let prompt = format!("{} rare{}", words(number, 400), number % 500);
    let answer = words(number + 3, 300);
    let id = format!("run-{number}");
    let facts = RunFacts {
        id: id.clone(),
        request_id: Some(format!("request-{}", number % 40)),
        repeat: 1,
        model: "gpt-5.5".to_owned(),
        effort_sent: Some(EFFORTS[number % 5].to_owned()),
        sample: number.is_multiple_of(3).then_some(SampleKind::Composed),
        started_at: Some(1_764_072_000_000 + number as i64 * 1000),
        ..RunFacts::default()
    };
    let body = json!({ "model": "gpt-5.5", "input": prompt });
    let recorder = history.recorder();
    recorder.begin_run(NewRun {
        facts: facts.clone(),
        request_name: Some(format!("Request {}", number % 40)),
        lane: None,
        source: if number % 10 == 4 {
            RunSource::Terminal
        } else {
            RunSource::Window
        },
        endpoint: "responses".to_owned(),
        host: "api.openai.com".to_owned(),
        body: Bytes::from(body.to_string()),
    });
    for (index, chunk) in answer.as_bytes().chunks(40).enumerate() {
        let delta = String::from_utf8_lossy(chunk);
        let raw = json!({ "type": "response.output_text.delta", "sequence_number": index, "delta": delta });
        recorder.event(&id, index as u32, Duration::ZERO, raw.to_string());
    }
    let words = words_of(
        Some("Request"),
        "gpt-5.5",
        body.as_object().unwrap(),
        &answer,
    );
    recorder.words(&id, words);
    recorder.finish_run(RunFacts {
        status: match number % 50 {
            7 => RunStatus::Failed,
            _ => RunStatus::Completed,
        },
        usage: Some(Usage {
            input_tokens: 900,
            output_tokens: 700,
            ..Usage::default()
        }),
        bill: Some(Bill {
            lines: Vec::new(),
            total: Some(25_000_000),
            partly_unpriced: false,
            tier: "default".to_owned(),
            long_context: false,
            price_date: "2026-11-20".to_owned(),
        }),
        total_ms: Some(1500.0),
        ..facts
    });
}

fn say(what: &str, since: Instant) {
    println!("{:>9.1} ms  {what}", since.elapsed().as_secs_f64() * 1e3);
}
