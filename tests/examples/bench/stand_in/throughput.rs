//! Requests and events per second, the same bytes from both servers to the same clients.

use std::path::Path;
use std::time::Instant;

use rheostat_mock::{Settings, Speed};
use rheostat_tests::failure::{Failure, Result};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::aimock::Aimock;
use super::ours::{self, Ours};
use super::reader::{Reader, body};
use crate::table;

const ROUNDS: usize = 5;
const CLIENTS: usize = 8;
/// Of each client in a round.
const REQUESTS: usize = 250;
const STREAMS: usize = 5;
const DELTAS: usize = 1_000;
const DELTA: &str = "0123456789";

pub async fn measure(reader: &Reader, aimock: &Path) -> Result<()> {
    let fixtures = json!([
        { "match": { "userMessage": "small" }, "response": { "content": "Hello there." } },
        { "match": { "userMessage": "long" }, "response": { "content": DELTA.repeat(DELTAS) } },
    ]);
    let peer = Aimock::start(aimock, &json!({ "chunkSize": DELTA.len() }), &fixtures)?;
    let folder = tempfile::tempdir()?;
    let (small, long) = (body("small", false), body("long", true));
    let whole = reader.read(&peer.base_url, &small).await?;
    let stream = reader.read(&peer.base_url, &long).await?;
    ours::record(folder.path(), &small, &whole, &[])?;
    ours::record(folder.path(), &long, &stream, &[])?;
    let settings = Settings {
        recordings: Some(folder.path().to_owned()),
        ..Settings::default()
    };
    let ours = Ours::start(Speed::Instant, settings).await?;
    // One that has no folder to look into first.
    let own = Ours::start(Speed::Instant, Settings::default()).await?;

    let small = Case::new(reader, REQUESTS, small);
    let long = Case::new(reader, STREAMS, long);
    let composed_small = Case::new(reader, REQUESTS, body("Say hello.", false));
    let composed_long = Case::new(reader, STREAMS, long_request());
    let mut figures: [Vec<(f64, usize)>; 6] = Default::default();
    let cases = [
        (&peer.base_url, &small, Some(whole.text.len())),
        (&ours.base_url, &small, Some(whole.text.len())),
        (&own.base_url, &composed_small, None),
        (&peer.base_url, &long, Some(stream.text.len())),
        (&ours.base_url, &long, Some(stream.text.len())),
        (&own.base_url, &composed_long, None),
    ];
    // One round more than counts: the first warms both up, and Node compiles in it.
    for round in 0..=ROUNDS {
        // In turn, so that a busy moment of the machine falls on all.
        for ((base_url, case, bytes), figures) in cases.iter().zip(&mut figures) {
            let figure = case.run(base_url, *bytes).await?;
            if round > 0 {
                figures.push(figure);
            }
        }
    }
    let [
        peer_small,
        ours_small,
        own_small,
        peer_long,
        ours_long,
        own_long,
    ] = figures;
    let head = |unit| ["server", unit, "against aimock", "bytes of a reply"];
    table::print(
        &format!(
            "Small whole replies to {CLIENTS} clients, medians of {ROUNDS} rounds of {} requests",
            CLIENTS * REQUESTS
        ),
        &head("requests/s"),
        &[
            row("aimock", &peer_small, &peer_small),
            row(
                "stand-in, the same bytes from a recording",
                &ours_small,
                &peer_small,
            ),
            row("stand-in, a reply of its own", &own_small, &peer_small),
        ],
    );
    table::print(
        &format!(
            "Streams of {} events to {CLIENTS} clients at instant speed, medians of {ROUNDS} rounds of {} streams",
            stream.events,
            CLIENTS * STREAMS
        ),
        &head("events/s"),
        &[
            row("aimock", &peer_long, &peer_long),
            row(
                "stand-in, the same bytes from a recording",
                &ours_long,
                &peer_long,
            ),
            row("stand-in, a reply of its own", &own_long, &peer_long),
        ],
    );
    Ok(())
}

/// One that a long answer is composed for.
fn long_request() -> Value {
    let mut body = body("Write at length about the tides.", true);
    body["text"] = json!({ "verbosity": "high" });
    body
}

fn row(name: &str, figures: &[(f64, usize)], peer: &[(f64, usize)]) -> Vec<String> {
    let rate = |figures: &[(f64, usize)]| {
        let rates: Vec<f64> = figures.iter().map(|(rate, _)| *rate).collect();
        table::median(&rates)
    };
    vec![
        name.to_owned(),
        format!("{:.0}", rate(figures)),
        format!("{:.1} x", rate(figures) / rate(peer)),
        figures.first().map_or(0, |(_, bytes)| *bytes).to_string(),
    ]
}

/// What every client asks, and how often in a round.
struct Case {
    reader: Reader,
    times: usize,
    body: Value,
}

impl Case {
    fn new(reader: &Reader, times: usize, body: Value) -> Self {
        Self {
            reader: reader.clone(),
            times,
            body,
        }
    }

    /// Whole answers per second, or events of a stream; and the bytes of an answer, which must be
    /// as many as are given.
    async fn run(&self, base_url: &str, bytes: Option<usize>) -> Result<(f64, usize)> {
        let began = Instant::now();
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (reader, base_url, body) =
                (self.reader.clone(), base_url.to_owned(), self.body.clone());
            let times = self.times;
            clients.spawn(async move {
                let (mut units, mut length) = (0, 0);
                for _ in 0..times {
                    let answer = reader.read(&base_url, &body).await?;
                    units += answer.events.max(1);
                    length = answer.text.len();
                    if bytes.is_some_and(|bytes| bytes != length) {
                        return Err(Failure::new(format!(
                            "{base_url} answered with {length} bytes, not {bytes:?}."
                        )));
                    }
                }
                Ok((units, length))
            });
        }
        let (mut units, mut length) = (0, 0);
        while let Some(client) = clients.join_next().await {
            let (of_one, bytes) = client??;
            units += of_one;
            length = bytes;
        }
        Ok((units as f64 / began.elapsed().as_secs_f64(), length))
    }
}
