//! How far from its moment each event of a replayed recording arrives, at the recording's own speed.

use std::path::Path;
use std::time::Instant;

use rheostat_mock::{Settings, Speed};
use rheostat_tests::failure::{Failure, Result};
use serde_json::json;

use super::aimock::Aimock;
use super::ours::{self, Ours};
use super::reader::{Reader, body};
use crate::table;

const ROUNDS: usize = 3;
const DELTAS: usize = 120;
const DELTA: &str = "0123456789";
const FIRST_MS: u64 = 150;
/// Over and over: bursts, a model's pace, and pauses.
const GAPS_MS: [u64; 7] = [5, 12, 33, 0, 21, 8, 47];

pub async fn measure(reader: &Reader, aimock: &Path) -> Result<()> {
    let text = DELTA.repeat(DELTAS);
    let gaps: Vec<u64> = GAPS_MS.iter().copied().cycle().take(DELTAS + 50).collect();
    let fixtures = json!([
        { "match": { "userMessage": "untimed" }, "response": { "content": text } },
        { "match": { "userMessage": "timed-reply" }, "response": { "content": text },
            "recordedTimings": { "ttftMs": FIRST_MS, "interChunkDelaysMs": gaps,
                "totalDurationMs": FIRST_MS + gaps.iter().sum::<u64>() } },
    ]);
    let peer = Aimock::start(aimock, &json!({ "chunkSize": DELTA.len() }), &fixtures)?;
    let stream = reader.read(&peer.base_url, &body("untimed", true)).await?;
    let moments: Vec<u64> = std::iter::once(FIRST_MS)
        .chain(gaps.iter().scan(FIRST_MS, |at, gap| {
            *at += gap;
            Some(*at)
        }))
        .take(stream.events)
        .collect();
    let timed = body("timed-reply", true);
    let folder = tempfile::tempdir()?;
    ours::record(folder.path(), &timed, &stream, &moments)?;
    let settings = Settings {
        recordings: Some(folder.path().to_owned()),
        ..Settings::default()
    };
    let ours = Ours::start(Speed::Multiple(1.0), settings).await?;
    // The connection to ours is opened by a request of its own, as the one to the peer was.
    reader.read(&ours.base_url, &body("Hi", false)).await?;

    let (mut peer_errors, mut our_errors) = (Errors::default(), Errors::default());
    for _ in 0..ROUNDS {
        for (base_url, errors) in [
            (&peer.base_url, &mut peer_errors),
            (&ours.base_url, &mut our_errors),
        ] {
            let began = Instant::now();
            let arrivals = reader.arrivals(base_url, &timed).await?;
            errors.add(began, &arrivals, &moments)?;
        }
    }
    table::print(
        &format!(
            "Replay of {} events over {:.1} s in their own time, {ROUNDS} times: how far from its moment each arrives",
            moments.len(),
            moments.last().copied().unwrap_or_default() as f64 / 1_000.0
        ),
        &[
            "server",
            "p50",
            "against aimock",
            "p99",
            "against aimock",
            "last event",
        ],
        &[
            peer_errors.row("aimock", &peer_errors),
            our_errors.row("stand-in", &peer_errors),
        ],
    );
    Ok(())
}

/// In ms, early or late alike.
#[derive(Default)]
struct Errors {
    all: Vec<f64>,
    last: Vec<f64>,
}

impl Errors {
    fn add(&mut self, began: Instant, arrivals: &[Instant], moments: &[u64]) -> Result<()> {
        if arrivals.len() != moments.len() {
            return Err(Failure::new(format!(
                "{} of {} events arrived.",
                arrivals.len(),
                moments.len()
            )));
        }
        let errors = arrivals.iter().zip(moments).map(|(arrival, moment)| {
            let ms = arrival.duration_since(began).as_secs_f64() * 1_000.0;
            (ms - *moment as f64).abs()
        });
        self.all.extend(errors);
        self.last.extend(self.all.last().copied());
        Ok(())
    }

    fn row(&self, name: &str, peer: &Errors) -> Vec<String> {
        let share = |share| {
            let (own, peer) = (
                table::quantile(&self.all, share),
                table::quantile(&peer.all, share),
            );
            [format!("{own:.2} ms"), format!("{:.3} x", own / peer)]
        };
        let [p50, p50_ratio] = share(0.5);
        let [p99, p99_ratio] = share(0.99);
        let last = format!("{:.2} ms", table::median(&self.last));
        vec![name.to_owned(), p50, p50_ratio, p99, p99_ratio, last]
    }
}
