//! The stand-in on threads of its own, as far from the client as it can be in one process.

use std::collections::BTreeMap;
use std::path::Path;

use rheostat_mock::{
    FORMAT, Head, Options, Recording, Requested, Responded, Settings, Source, Speed, StandIn,
    start_with,
};
use rheostat_tests::failure::{Failure, Result};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::reader::Answer;

/// Runs until it is dropped.
pub struct Ours {
    pub base_url: String,
    /// Dropping it stops it.
    _stand_in: StandIn,
    threads: Option<Runtime>,
}

impl Ours {
    pub async fn start(speed: Speed, settings: Settings) -> Result<Self> {
        let threads = Runtime::new()?;
        let options = Options { port: 0, speed };
        let stand_in = threads.spawn(start_with(options, settings)).await??;
        Ok(Self {
            base_url: stand_in.base_url(),
            _stand_in: stand_in,
            threads: Some(threads),
        })
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        // The caller's own threads must not wait for others to end.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// Writes a peer's answer down as a recording, so that the stand-in gives the same bytes. Where
/// there are `moments`, each event gets its own, in ms.
pub fn record(folder: &Path, body: &Value, answer: &Answer, moments: &[u64]) -> Result<()> {
    let lines: Vec<(u64, String)> = match body["stream"].as_bool() {
        Some(true) => answer
            .text
            .split("\n\n")
            .filter_map(|event| event.split_once("data: "))
            .enumerate()
            .map(|(at, (_, data))| {
                let moment = moments.get(at).copied().unwrap_or_default();
                (moment, data.to_owned())
            })
            .collect(),
        _ => vec![(0, answer.text.clone())],
    };
    if lines.len() != answer.events.max(1) {
        return Err(Failure::new("The peer's answer can't be recorded whole."));
    }
    let recording = Recording {
        head: Head {
            format: FORMAT,
            request: Requested {
                method: "POST".to_owned(),
                path: "/v1/responses".to_owned(),
                body: body.clone(),
            },
            response: Responded {
                status: 200,
                headers: BTreeMap::from([("content-type".to_owned(), answer.content_type.clone())]),
            },
            recorded_at: 1,
            source: Source::Sample,
            name: String::new(),
            cut: false,
        },
        lines,
    };
    recording.write_into(folder)?;
    Ok(())
}
