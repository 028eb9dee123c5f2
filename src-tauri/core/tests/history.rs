//! The history as its users meet it: what was recorded is read back, whatever befell the file.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rheostat_core::clock::Clock;
use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::grade::comparison::{ComparisonSummary, ComparisonTotals};
use rheostat_core::history::{
    EffortRecord, History, Lane, NewComparison, NewRun, RunFigure, StoredEvent,
};
use rheostat_core::money::bill::Bill;
use rheostat_core::openai::usage::Usage;
use rheostat_core::run::facts::{Attempt, RunFacts, RunSource, RunStatus, SampleKind};
use rusqlite::Connection;
use serde_json::json;
use sha2::{Digest, Sha256};

const NOON: i64 = 1_764_072_000_000;

struct Noon;

impl Clock for Noon {
    fn now_ms(&self) -> i64 {
        NOON
    }
}

fn open(folder: &Path) -> History {
    History::open(folder, Arc::new(Noon)).unwrap()
}

fn refused(folder: &Path) -> Error {
    match History::open(folder, Arc::new(Noon)) {
        Ok(_) => panic!("the history opened"),
        Err(error) => error,
    }
}

fn memory() -> History {
    History::in_memory(Arc::new(Noon)).unwrap()
}

fn facts(id: &str, effort: &str) -> RunFacts {
    RunFacts {
        id: id.to_owned(),
        request_id: Some("request".to_owned()),
        repeat: 1,
        model: "gpt-5.5".to_owned(),
        effort_sent: Some(effort.to_owned()),
        started_at: Some(NOON),
        ..RunFacts::default()
    }
}

fn new_run(facts: RunFacts) -> NewRun {
    NewRun {
        facts,
        request_name: Some("Invoice".to_owned()),
        lane: None,
        source: RunSource::Window,
        endpoint: "responses".to_owned(),
        host: "api.openai.com".to_owned(),
        body: Bytes::from_static(br#"{"model":"gpt-5.5"}"#),
    }
}

fn bill(total: u64) -> Bill {
    Bill {
        lines: Vec::new(),
        total: Some(total),
        partly_unpriced: false,
        tier: "default".to_owned(),
        long_context: false,
        price_date: "2026-11-20".to_owned(),
    }
}

/// The same run at its end.
fn completed(facts: RunFacts, cost: u64) -> RunFacts {
    RunFacts {
        effort_reported: facts.effort_sent.clone(),
        status: RunStatus::Completed,
        total_ms: Some(1500.0),
        usage: Some(Usage {
            input_tokens: 10,
            output_tokens: cost / 10,
            ..Usage::default()
        }),
        bill: Some(bill(cost)),
        service_tier: Some("default".to_owned()),
        ..facts
    }
}

/// Records a run from its send to its end.
fn record(history: &History, facts: RunFacts, cost: u64) {
    let recorder = history.recorder();
    recorder.begin_run(new_run(facts.clone()));
    recorder.finish_run(completed(facts, cost));
    recorder.flush_blocking().unwrap();
}

fn raw(folder: &Path) -> Connection {
    Connection::open(folder.join("history.sqlite")).unwrap()
}

#[tokio::test]
async fn a_run_is_read_back_as_it_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path());
    assert!(history.is_empty().unwrap());
    let recorder = history.recorder();
    let begun = facts("r1", "high");
    let attempt = Attempt {
        number: 1,
        started_at: NOON,
        http_status: Some(200),
        request_id: Some("req_1".to_owned()),
        answered_ms: Some(80.5),
        ..Attempt::default()
    };
    recorder.begin_run(new_run(begun.clone()));
    recorder.attempt(
        "r1",
        &Attempt {
            http_status: None,
            ..attempt.clone()
        },
    );
    recorder.attempt("r1", &attempt);
    recorder.event(
        "r1",
        0,
        Duration::from_micros(80_500),
        r#"{"type":"x.delta","delta":"a"}"#,
    );
    recorder.event(
        "r1",
        1,
        Duration::from_micros(80_501),
        r#"{"type":"x.delta","delta":"ß"}"#,
    );
    recorder.flush().await.unwrap();

    let streaming = history.run("r1").unwrap().unwrap();
    assert_eq!(streaming.facts.status, RunStatus::Running);
    assert_eq!(streaming.facts.attempts, [attempt]);
    assert_eq!(streaming.facts.events, 2);

    let finished = completed(begun, 1_000);
    recorder.finish_run(finished.clone());
    recorder.flush().await.unwrap();
    drop(history);

    let history = open(folder.path());
    assert_eq!(history.cut_at_open(), [] as [&str; 0]);
    let stored = history.last_run("request").unwrap().unwrap();
    assert_eq!(stored.facts, finished);
    assert_eq!(stored.request_name.as_deref(), Some("Invoice"));
    assert_eq!(
        (stored.endpoint.as_str(), stored.host.as_str()),
        ("responses", "api.openai.com")
    );
    assert_eq!(
        history.run_body("r1").unwrap().unwrap(),
        br#"{"model":"gpt-5.5"}"#
    );
    assert_eq!(
        history.event("r1", 1).unwrap(),
        Some(StoredEvent {
            index: 1,
            at_us: 80_501,
            raw: r#"{"type":"x.delta","delta":"ß"}"#.to_owned()
        })
    );
    assert_eq!(history.event("r1", 2).unwrap(), None);
    assert_eq!(history.run_events("r1", 1, 10).unwrap().len(), 1);
    let rows = history.event_rows("r1").unwrap();
    assert_eq!(
        (rows.len(), rows[0].count, rows[0].preview.as_str()),
        (1, 2, "aß")
    );
    assert_eq!(history.run("nobody").unwrap(), None);
    assert!(!history.is_empty().unwrap());
    assert_eq!(history.problem(), None);
}

#[test]
fn the_writer_keeps_the_order_under_a_burst() {
    let history = memory();
    let recorder = history.recorder();
    recorder.begin_run(new_run(facts("r", "low")));
    for index in 0..5_000 {
        recorder.event(
            "r",
            index,
            Duration::from_micros(index.into()),
            index.to_string(),
        );
    }
    recorder.flush_blocking().unwrap();
    let events = history.run_events("r", 0, u32::MAX).unwrap();
    let expected: Vec<_> = (0..5_000)
        .map(|index| StoredEvent {
            index,
            at_us: index.into(),
            raw: index.to_string(),
        })
        .collect();
    assert!(events == expected, "5 000 events, in order, none missing");
}

#[test]
fn equal_bodies_are_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path());
    for id in ["a", "b", "c"] {
        record(&history, facts(id, "low"), 0);
    }
    let bodies: i64 = raw(folder.path())
        .query_row("SELECT count(*) FROM body", [], |row| row.get(0))
        .unwrap();
    assert_eq!(bodies, 1);
}

#[test]
fn figures_hold_the_last_twenty_and_never_mix_samples_with_answers() {
    let history = memory();
    for index in 0..25_u64 {
        record(
            &history,
            facts(&format!("live {index}"), "high"),
            100 * index,
        );
    }
    let sample = RunFacts {
        sample: Some(SampleKind::Written),
        ..facts("sample", "high")
    };
    record(&history, sample, 7);
    record(
        &history,
        RunFacts {
            model: "other".to_owned(),
            ..facts("other", "high")
        },
        8,
    );
    record(
        &history,
        RunFacts {
            request_id: None,
            ..facts("another", "high")
        },
        9,
    );
    // Left to the model's default: it counts as what the response reports.
    let recorder = history.recorder();
    let defaulted = RunFacts {
        effort_sent: None,
        ..facts("default", "")
    };
    recorder.begin_run(new_run(defaulted.clone()));
    recorder.finish_run(RunFacts {
        effort_reported: Some("medium".to_owned()),
        ..completed(defaulted, 50)
    });
    // Not completed: no figure.
    recorder.begin_run(new_run(facts("failed", "low")));
    recorder.finish_run(RunFacts {
        status: RunStatus::Failed,
        ..completed(facts("failed", "low"), 5)
    });
    recorder.flush_blocking().unwrap();

    let figure = |cost: u64| RunFigure {
        cost: Some(cost),
        total_ms: Some(1500.0),
        output_tokens: Some(cost / 10),
    };
    assert_eq!(
        history.figures("request", "gpt-5.5", false).unwrap(),
        [
            EffortRecord {
                effort: "high".to_owned(),
                runs: (5..25).rev().map(|index| figure(100 * index)).collect(),
            },
            EffortRecord {
                effort: "medium".to_owned(),
                runs: vec![figure(50)]
            },
        ]
    );
    assert_eq!(
        history.figures("request", "gpt-5.5", true).unwrap(),
        [EffortRecord {
            effort: "high".to_owned(),
            runs: vec![figure(7)]
        }]
    );
}

#[test]
fn spending_counts_live_runs_of_the_range_alone() {
    let history = memory();
    let at = |id: &str, started_at: i64| RunFacts {
        started_at: Some(started_at),
        ..facts(id, "low")
    };
    record(&history, at("before", NOON - 1), 1);
    record(&history, at("first", NOON), 20);
    record(&history, at("last", NOON + 99), 300);
    record(&history, at("after", NOON + 100), 4_000);
    record(
        &history,
        RunFacts {
            sample: Some(SampleKind::Composed),
            ..at("sample", NOON)
        },
        50_000,
    );
    let unpriced = at("unpriced", NOON);
    history.recorder().begin_run(new_run(unpriced.clone()));
    history.recorder().finish_run(RunFacts {
        bill: None,
        ..completed(unpriced, 0)
    });
    history.recorder().flush_blocking().unwrap();
    assert_eq!(history.spent_on(NOON..NOON + 100).unwrap(), 320);
    assert_eq!(history.spent_on(0..1).unwrap(), 0);
}

#[test]
fn a_comparison_comes_back_by_lane() {
    let history = memory();
    let recorder = history.recorder();
    let comparison = NewComparison {
        id: "c".to_owned(),
        request_id: "request".to_owned(),
        request_name: "Invoice".to_owned(),
        started_at: NOON,
        efforts: vec!["low".to_owned(), "high".to_owned()],
        repeats: 2,
        request: json!({"id": "request", "body": {"model": "gpt-5.5"}}),
    };
    recorder.begin_comparison(NewComparison {
        id: "earlier".to_owned(),
        ..comparison.clone()
    });
    recorder.begin_comparison(comparison);
    record(&history, facts("alone", "low"), 1);
    // Lane 1 was never sent.
    for index in [3, 0, 2] {
        let lane = Lane {
            comparison_id: "c".to_owned(),
            index,
        };
        recorder.begin_run(NewRun {
            lane: Some(lane),
            ..new_run(facts(&format!("lane {index}"), "low"))
        });
    }
    recorder.flush_blocking().unwrap();
    let found = history.latest_comparison("request").unwrap().unwrap();
    assert_eq!(
        (found.id.as_str(), found.summary, found.repeats),
        ("c", None, 2)
    );
    let lanes: Vec<_> = found.runs.iter().map(|run| run.lane.unwrap()).collect();
    assert_eq!(lanes, [0, 2, 3]);

    let summary = ComparisonSummary {
        levels: Vec::new(),
        checks: 0,
        frontier: vec!["low".to_owned()],
        totals: ComparisonTotals {
            runs: 4,
            ..ComparisonTotals::default()
        },
        verdict: None,
    };
    recorder.finish_comparison("c", summary.clone());
    recorder.flush_blocking().unwrap();
    let found = history.latest_comparison("request").unwrap().unwrap();
    assert_eq!(found.summary, Some(summary));
    assert_eq!(found.efforts, ["low", "high"]);
    assert_eq!(found.request["body"]["model"], "gpt-5.5");
    let last = history.last_run("request").unwrap().unwrap();
    assert_eq!(last.facts.id, "alone", "a lane is no run of its own");
    assert!(history.latest_comparison("nobody").unwrap().is_none());
}

#[test]
fn facts_of_other_versions_are_read_as_far_as_they_go() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path());
    record(&history, facts("r", "high"), 1_000);
    let set = |json: &str| {
        raw(folder.path())
            .execute("UPDATE run SET facts = ?1", [json])
            .unwrap();
        history.run("r").unwrap().unwrap().facts
    };
    let older = set(r#"{"id":"r","repeat":3,"status":"completed"}"#);
    assert_eq!(
        (older.repeat, older.status, older.oddities.len()),
        (3, RunStatus::Completed, 0),
        "what an older version did not know has its default"
    );
    let newer = set(r#"{"id":"r","status":"paused_by_moderator"}"#);
    let expected = completed(facts("r", "high"), 1_000);
    assert_eq!(
        (&newer.usage, &newer.bill),
        (&expected.usage, &expected.bill),
        "the columns say the rest"
    );
    assert_eq!(
        (newer.status, newer.oddities.len()),
        (RunStatus::Completed, 1)
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let folder = file.join("data");
    let error = refused(&folder);
    assert_eq!(error.code, ErrorCode::HistoryUnwritable);
    assert!(error.message.contains(folder.to_str().unwrap()), "{error}");
    assert!(error.hint.unwrap().contains("RHEOSTAT_DATA"));
}

#[test]
fn a_history_whose_name_is_taken_by_a_folder_is_unwritable() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("history.sqlite")).unwrap();
    assert_eq!(refused(folder.path()).code, ErrorCode::HistoryUnwritable);
}

#[test]
fn a_damaged_file_is_named_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    drop(open(folder.path()));
    let sound = std::fs::read(&path).unwrap();
    let mut header = sound.clone();
    header[..16].fill(b'x');
    let mut first_page = sound.clone();
    first_page[100..4000].fill(0xAA);
    for damaged in [b"This is no database.".repeat(100), header, first_page] {
        std::fs::write(&path, &damaged).unwrap();
        let error = refused(folder.path());
        assert_eq!(error.code, ErrorCode::HistoryDamaged);
        assert!(error.message.contains(path.to_str().unwrap()), "{error}");
        assert!(error.hint.unwrap().contains("kept as it is"));
        assert!(std::fs::read(&path).unwrap() == damaged, "the file is kept");
    }
}

#[test]
fn damage_further_in_is_said_when_it_is_met() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let history = open(folder.path());
    history.recorder().begin_run(new_run(facts("r", "low")));
    for index in 0..200 {
        history
            .recorder()
            .event("r", index, Duration::ZERO, "x".repeat(500));
    }
    history
        .recorder()
        .finish_run(completed(facts("r", "low"), 1));
    history.recorder().flush_blocking().unwrap();
    drop(history);
    let mut bytes = std::fs::read(&path).unwrap();
    let events = bytes.len() - 10 * 4096;
    bytes[events..].fill(0xAA);
    std::fs::write(&path, bytes).unwrap();
    let history = open(folder.path());
    let error = history.run_events("r", 0, u32::MAX).unwrap_err();
    assert_eq!(error.code, ErrorCode::HistoryDamaged);
}

#[test]
fn a_missing_log_leaves_a_sound_file() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path());
    record(&history, facts("r", "low"), 1);
    drop(history);
    let history = open(folder.path());
    record(&history, facts("in the log", "low"), 1);
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(
        folder.path().join("history.sqlite"),
        copy.path().join("history.sqlite"),
    )
    .unwrap();
    let without_log = open(copy.path());
    assert!(without_log.run("r").unwrap().is_some());
}

#[test]
fn a_file_held_by_another_program_is_named() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let holder = raw(folder.path());
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = refused(folder.path());
    assert_eq!(error.code, ErrorCode::HistoryLocked);
    assert!(error.message.contains("history.sqlite"), "{error}");
    holder.execute_batch("ROLLBACK").unwrap();
    drop(open(folder.path()));
}

#[test]
fn a_write_that_was_locked_out_goes_through_later() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path());
    let recorder = history.recorder();
    recorder.begin_run(new_run(facts("r", "low")));
    recorder.flush_blocking().unwrap();
    let holder = raw(folder.path());
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    recorder.event("r", 0, Duration::ZERO, "a");
    let error = recorder.flush_blocking().unwrap_err();
    assert_eq!(error.code, ErrorCode::HistoryLocked);
    assert_eq!(recorder.problem(), Some(error));
    assert_eq!(
        history.event_count("r").unwrap(),
        0,
        "reads do not wait for the writer"
    );
    holder.execute_batch("ROLLBACK").unwrap();
    recorder.flush_blocking().unwrap();
    assert_eq!(
        (recorder.problem(), history.event_count("r").unwrap()),
        (None, 1)
    );
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    raw(folder.path())
        .execute_batch("PRAGMA user_version = 900; UPDATE compat SET oldest_reader = 900")
        .unwrap();
    let error = refused(folder.path());
    assert_eq!(error.code, ErrorCode::HistoryNewer);
    assert!(error.message.contains("schema 900"), "{error}");
}

#[test]
fn two_histories_on_one_file_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for name in ["window", "terminal"] {
            let folder = folder.path();
            scope.spawn(move || {
                let history = open(folder);
                let recorder = history.recorder();
                recorder.begin_run(new_run(facts(name, "low")));
                for index in 0..2_000 {
                    recorder.event(name, index, Duration::ZERO, format!("{name} {index}"));
                    if index % 50 == 0 {
                        recorder.flush_blocking().unwrap();
                    }
                }
                recorder.finish_run(completed(facts(name, "low"), 10));
                recorder.flush_blocking().unwrap();
                assert_eq!(history.problem(), None);
            });
        }
    });
    let history = open(folder.path());
    for name in ["window", "terminal"] {
        let raws: Vec<_> = history
            .run_events(name, 0, u32::MAX)
            .unwrap()
            .into_iter()
            .map(|event| event.raw)
            .collect();
        let expected: Vec<_> = (0..2_000).map(|index| format!("{name} {index}")).collect();
        assert!(raws == expected, "{name} kept all of its events");
        assert_eq!(
            history.run(name).unwrap().unwrap().facts.status,
            RunStatus::Completed
        );
    }
    assert_eq!(history.spent_on(NOON..NOON + 1).unwrap(), 20);
}

#[test]
fn a_history_closed_in_mid_run_marks_it_cut_at_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path());
    history.recorder().begin_run(new_run(facts("r", "low")));
    history
        .recorder()
        .event("r", 0, Duration::from_micros(1_500), "a");
    history
        .recorder()
        .event("r", 1, Duration::from_micros(2_500), "b");
    drop(history);
    let history = open(folder.path());
    assert_eq!(history.cut_at_open(), ["r"]);
    let run = history.run("r").unwrap().unwrap();
    assert_eq!(run.facts.status, RunStatus::Cut);
    assert_eq!(
        (run.facts.first_event_ms, run.facts.total_ms),
        (Some(1.5), Some(2.5))
    );
    assert_eq!((run.facts.events, run.events_kept), (2, 2));
    let fault = run.facts.fault.unwrap();
    assert_eq!(fault.code, ErrorCode::StreamCut);
    assert_eq!(
        fault.message,
        "Rheostat ended while this run was streaming; what had arrived is kept."
    );
}

const CHILD: &str = "RHEOSTAT_TEST_STREAMING_CHILD";

/// Not a test of its own: the other process of the test below, which starts it.
#[test]
fn a_child_that_streams() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let history = open(Path::new(&folder));
    history.recorder().begin_run(new_run(facts("child", "low")));
    history
        .recorder()
        .event("child", 0, Duration::from_millis(1), "a");
    history.recorder().flush_blocking().unwrap();
    std::fs::write(Path::new(&folder).join("streaming"), "").unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_run_is_left_alone_while_its_process_lives() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["a_child_that_streams", "--exact"])
        .env(CHILD, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !folder.path().join("streaming").exists() {
        assert!(child.try_wait().unwrap().is_none(), "the child runs");
        std::thread::sleep(Duration::from_millis(5));
    }
    let history = open(folder.path());
    assert_eq!(history.cut_at_open(), [] as [&str; 0]);
    assert_eq!(
        history.run("child").unwrap().unwrap().facts.status,
        RunStatus::Running
    );

    child.kill().unwrap();
    child.wait().unwrap();
    let second = open(folder.path());
    assert_eq!(second.cut_at_open(), ["child"]);
    assert_eq!(
        history.run("child").unwrap().unwrap().facts.status,
        RunStatus::Cut,
        "the first window sees it too"
    );
    let locks = std::fs::read_dir(folder.path().join("sessions"))
        .unwrap()
        .count();
    assert_eq!(
        locks, 3,
        "the dead lock is gone: two sessions and the turn to open"
    );
}

#[test]
fn shipped_migrations_are_never_edited() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(root.join("src/history/migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let found: String = files
        .iter()
        .map(|path| {
            let hash: String = Sha256::digest(std::fs::read(path).unwrap())
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            format!("{hash}  {}\n", path.file_name().unwrap().to_str().unwrap())
        })
        .collect();
    let frozen = std::fs::read_to_string(root.join("tests/fixtures/migrations.lock")).unwrap();
    assert_eq!(
        found, frozen,
        "a shipped migration stays as it is; a new one adds a line to migrations.lock"
    );
}
