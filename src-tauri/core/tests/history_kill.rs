//! Kills a process that records six streams, again and again, and looks at what is left.

// A test may panic; clippy sees that only of its own function, not of what it calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rheostat_core::clock::SystemClock;
use rheostat_core::history::{History, NewRun};
use rheostat_core::run::facts::{RunFacts, RunSource, RunStatus};
use rusqlite::Connection;

const CHILD: &str = "RHEOSTAT_TEST_RECORDING_CHILD";
const KILLS: u32 = 12;
const LANES: u32 = 6;
/// A model's pace: 200 events a second and lane.
const PACE: Duration = Duration::from_millis(5);
/// What a killed process may lose of what had arrived.
const MAY_LOSE_US: u64 = 10_000;

fn open(folder: &Path) -> History {
    History::open(folder, Arc::new(SystemClock)).unwrap()
}

/// One line of the child's log. Atomic: a write to a pipe below 4 KB is whole or absent.
fn say(line: String) {
    std::io::stdout().write_all(line.as_bytes()).unwrap();
    std::io::stdout().flush().unwrap();
}

/// Not a test of its own: the process that is killed. It logs each event once the recorder has it
/// (`handed`), and once it is committed (`committed`), with microseconds since its start.
#[test]
fn a_child_that_records_until_killed() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let history = open(Path::new(&folder));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for lane in 0..LANES {
            let recorder = history.recorder();
            scope.spawn(move || {
                // Runs of different lengths, so that kills meet beginnings and ends too.
                for turn in 0_u32.. {
                    let length = 20 + (lane * 37 + turn * 53) % 60;
                    record_run(recorder, start, lane, turn, length);
                }
            });
        }
    });
}

fn record_run(
    recorder: &rheostat_core::history::Recorder,
    start: Instant,
    lane: u32,
    turn: u32,
    length: u32,
) {
    let us = move || start.elapsed().as_micros();
    let id = format!("{}-{lane}-{turn}", std::process::id());
    let facts = RunFacts {
        id: id.clone(),
        request_id: Some("request".to_owned()),
        repeat: 1,
        model: "gpt-5.5".to_owned(),
        ..RunFacts::default()
    };
    recorder.begin_run(NewRun {
        facts: facts.clone(),
        request_name: None,
        lane: None,
        source: RunSource::Window,
        endpoint: "responses".to_owned(),
        host: "localhost".to_owned(),
        body: Bytes::from_static(b"{}"),
    });
    let sent = Instant::now();
    for index in 0..length {
        let due = sent + PACE * index;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let raw = format!(
            r#"{{"type":"response.output_text.delta","sequence_number":{index},"delta":"{}"}}"#,
            "x".repeat(200)
        );
        recorder.event(&id, index, sent.elapsed(), raw);
        say(format!("handed {id} {index} {}\n", us()));
        let id = id.clone();
        recorder.on_committed(move |result| {
            result.unwrap();
            say(format!("committed {id} {index} {}\n", us()));
        });
    }
    recorder.finish_run(RunFacts {
        status: RunStatus::Completed,
        events: length,
        ..facts
    });
}

/// What the child said of an event.
#[derive(Default)]
struct Told {
    handed_us: Option<u64>,
    committed_us: Option<u64>,
}

/// Lets a child record into `folder` for `life`, kills it, and returns its log: what it said of
/// each event, and when it was last heard.
fn record_and_kill(folder: &Path, life: Duration) -> (HashMap<(String, u32), Told>, u64) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "a_child_that_records_until_killed",
            "--exact",
            "--nocapture",
        ])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("handed") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the child records");
    }
    let reading = std::thread::spawn(move || {
        let mut told: HashMap<(String, u32), Told> = HashMap::new();
        let mut last_us = 0;
        loop {
            if let Ok([what, id, index, us]) =
                <[&str; 4]>::try_from(line.split_whitespace().collect::<Vec<_>>())
                && line.ends_with('\n')
            {
                let us: u64 = us.parse().unwrap();
                let event = told
                    .entry((id.to_owned(), index.parse().unwrap()))
                    .or_default();
                match what {
                    "handed" => event.handed_us = Some(us),
                    _ => event.committed_us = Some(us),
                }
                last_us = last_us.max(us);
            }
            line.clear();
            if log.read_line(&mut line).unwrap() == 0 {
                return (told, last_us);
            }
        }
    });
    std::thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
    reading.join().unwrap()
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

/// Exact: what the child saw committed is there, each run without a hole. Timing: medians stay
/// within the promise, for a busy computer may put any one thread to sleep for longer; the worst
/// is printed.
#[test]
fn a_killed_process_loses_at_most_its_last_moments() {
    let folder = tempfile::tempdir().unwrap();
    let mut seed: u64 = 0x5EED;
    let mut lags = Vec::new();
    let mut losses = Vec::new();
    let mut events_lost = 0;
    for kill in 0..KILLS {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let life = Duration::from_micros(100_000 + (seed >> 33) % 500_000);
        let (told, last_us) = record_and_kill(folder.path(), life);

        let history = open(folder.path());
        let sound: String = Connection::open(folder.path().join("history.sqlite"))
            .unwrap()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(sound, "ok", "kill {kill}");

        let mut kept: HashMap<String, u32> = HashMap::new();
        for (id, _) in told.keys() {
            if kept.contains_key(id) {
                continue;
            }
            let Some(run) = history.run(id).unwrap() else {
                kept.insert(id.clone(), 0);
                continue;
            };
            let events = history.run_events(id, 0, u32::MAX).unwrap();
            let indexes: Vec<u32> = events.iter().map(|event| event.index).collect();
            let count = events.len() as u32;
            assert_eq!(indexes, (0..count).collect::<Vec<_>>(), "{id} has no hole");
            assert_eq!(run.facts.events, count, "{id} says what it kept");
            match run.facts.status {
                RunStatus::Completed => {}
                RunStatus::Cut => assert!(history.cut_at_open().contains(id)),
                other => panic!("{id} is neither complete nor cut but {other:?}"),
            }
            kept.insert(id.clone(), count);
        }
        let mut worst_us = 0;
        for ((id, index), event) in &told {
            if *index < kept[id] {
                if let (Some(handed), Some(committed)) = (event.handed_us, event.committed_us) {
                    lags.push(committed.saturating_sub(handed));
                }
                continue;
            }
            assert_eq!(
                event.committed_us, None,
                "{id} {index} was committed and is gone"
            );
            let handed = event.handed_us.unwrap();
            worst_us = worst_us.max(last_us - handed);
            events_lost += 1;
        }
        losses.push(worst_us);
    }
    assert!(lags.len() > 500, "the children recorded");
    println!(
        "{KILLS} kills, {} events: lost {events_lost}, the oldest {:.1} ms before the last sign of \
         life (by kill, ms: {:?}); handed over to committed: median {:.2} ms, worst {:.1} ms",
        lags.len(),
        losses.iter().max().copied().unwrap_or(0) as f64 / 1e3,
        losses.iter().map(|us| *us as f64 / 1e3).collect::<Vec<_>>(),
        median(lags.clone()) as f64 / 1e3,
        lags.iter().max().copied().unwrap_or(0) as f64 / 1e3,
    );
    assert!(
        median(lags) <= MAY_LOSE_US,
        "an event is committed within 10 ms"
    );
    assert!(median(losses) <= MAY_LOSE_US, "a kill costs at most 10 ms");
}
