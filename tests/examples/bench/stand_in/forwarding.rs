//! What a chunk loses on its way through a server that forwards and records it.

use std::path::Path;

use rheostat_mock::{Settings, Speed, Upstream, UpstreamKey};
use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::scripted::{self, Scripted, Then};
use serde_json::json;

use super::aimock::Aimock;
use super::ours::Ours;
use super::reader::{Reader, body};
use crate::table;

const ROUNDS: usize = 3;
const CHUNKS: usize = 500;

pub async fn measure(reader: &Reader, aimock: &Path) -> Result<()> {
    let mut pieces = vec![scripted::stream_head()];
    pieces.extend((0..CHUNKS).map(|number| {
        scripted::frame(&json!({ "type": "response.output_text.delta", "sequence_number": number,
            "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": "five ", "obfuscation": "aZ3kQ9" }))
    }));
    pieces.push(scripted::frame(&json!({ "type": "response.completed",
        "response": { "id": "resp_1", "object": "response", "status": "completed", "output": [] } })));
    let upstream = Scripted::start(pieces, Then::Close).await?;

    let folder = tempfile::tempdir()?;
    let settings = Settings {
        recordings: Some(folder.path().join("ours")),
        upstream: Some(Upstream {
            base_url: upstream.base_url(),
            key: UpstreamKey::Pass,
            record_errors: false,
        }),
        ..Settings::default()
    };
    let ours = Ours::start(Speed::Instant, settings).await?;
    let peer = Aimock::start(
        aimock,
        &json!({ "record": {
            "providers": { "openai": format!("http://{}", upstream.authority()) },
            "fixturePath": folder.path().join("peer"),
        } }),
        &json!([]),
    )?;

    let ways = [
        upstream.base_url(),
        ours.base_url.clone(),
        peer.base_url.clone(),
    ];
    let mut delays: [Vec<f64>; 3] = Default::default();
    for round in 0..=ROUNDS {
        for (base_url, delays) in ways.iter().zip(&mut delays) {
            // Another question each time: what was recorded would not be forwarded again.
            let question = body(&format!("question {round}"), true);
            let arrivals = reader.arrivals(base_url, &question).await?;
            let departures = upstream.departures().pop().unwrap_or_default();
            // The head is no event.
            let departures = departures.get(1..).unwrap_or_default();
            if arrivals.len() != departures.len() || arrivals.len() != CHUNKS + 1 {
                return Err(Failure::new(format!(
                    "{} of {} chunks arrived through {base_url}.",
                    arrivals.len(),
                    departures.len()
                )));
            }
            let times = arrivals.iter().zip(departures);
            // The first round warms all up.
            if round > 0 {
                delays.extend(
                    times.map(|(to, from)| to.duration_since(*from).as_secs_f64() * 1_000.0),
                );
            }
        }
    }
    let [direct, through_ours, through_peer] = delays;
    table::print(
        &format!(
            "From a server's write of a chunk to the client, {ROUNDS} times {} chunks",
            CHUNKS + 1
        ),
        &[
            "way",
            "p50",
            "added",
            "against aimock",
            "p99",
            "added",
            "against aimock",
        ],
        &[
            row("straight to the client", &direct, &direct, &through_peer),
            row(
                "through aimock, recording",
                &through_peer,
                &direct,
                &through_peer,
            ),
            row(
                "through the stand-in, recording",
                &through_ours,
                &direct,
                &through_peer,
            ),
        ],
    );
    Ok(())
}

fn row(name: &str, delays: &[f64], direct: &[f64], peer: &[f64]) -> Vec<String> {
    let figures = [0.5, 0.99].map(|share| {
        let base = table::quantile(direct, share);
        let added = table::quantile(delays, share) - base;
        let of_peer = table::quantile(peer, share) - base;
        [
            format!("{:.3} ms", base + added),
            format!("{added:.3} ms"),
            format!("{:.2} x", added / of_peer),
        ]
    });
    std::iter::once(name.to_owned())
        .chain(figures.into_iter().flatten())
        .collect()
}
