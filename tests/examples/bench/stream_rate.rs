//! Events per second from a loopback server: bytes to folded state, beside a bare read and the official SDK.

use std::path::Path;
use std::time::Instant;

use futures_util::StreamExt;
use rheostat_core::catalog::endpoint::Endpoint;
use rheostat_core::openai::network::Network;
use rheostat_core::openai::sse;
use rheostat_core::openai::timeouts::Timeouts;
use rheostat_core::openai::transport::{Sending, Target, Transport};
use rheostat_core::run::facts::{RunFacts, RunStatus, Section};
use rheostat_core::run::fold::Fold;
use rheostat_tests::failure::{Failure, Result};

use crate::source::Source;
use crate::table;

const DELTAS: usize = 100_000;
const RUNS: usize = 7;
/// What every reader sends: the server answers anything.
const BODY: &str = r#"{"model":"gpt-5.5","input":"count","stream":true}"#;

pub async fn measure(node_sdk: &Path) -> Result<()> {
    let source = Source::start(DELTAS).await?;
    let mut bare = Vec::new();
    let mut ours = Vec::new();
    // In turn, so that a busy moment of the machine falls on both.
    for _ in 0..RUNS {
        bare.push(read_bare(&source).await?);
        ours.push(read_folded(&source).await?);
    }
    let sdk = read_by_node(&source, node_sdk)?;
    let rows = [
        row("reqwest, body read and dropped", &source, &bare, &bare),
        row("Rheostat, bytes to folded state", &source, &ours, &bare),
        row("OpenAI's Node SDK, events iterated", &source, &sdk, &bare),
    ];
    table::print(
        &format!(
            "Stream of {} events ({} MB) from loopback, medians of {RUNS} runs",
            source.events,
            source.bytes / 1_000_000
        ),
        &["reader", "events/s", "time", "against the bare read"],
        &rows,
    );
    Ok(())
}

fn row(name: &str, source: &Source, times: &[f64], bare: &[f64]) -> Vec<String> {
    let time = table::median(times);
    vec![
        name.to_owned(),
        format!("{:.0}", source.events as f64 / time),
        format!("{:.0} ms", time * 1000.0),
        format!("{:.1} x", time / table::median(bare)),
    ]
}

async fn read_bare(source: &Source) -> Result<f64> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let start = Instant::now();
    let response = client
        .post(format!("{}/responses", source.base_url))
        .body(BODY)
        .send()
        .await?;
    let mut length = 0;
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        length += chunk?.len();
    }
    let time = start.elapsed().as_secs_f64();
    if length == source.bytes {
        Ok(time)
    } else {
        Err(Failure::new(format!(
            "The bare read got {length} of {} bytes.",
            source.bytes
        )))
    }
}

async fn read_folded(source: &Source) -> Result<f64> {
    let transport = Transport::new(&Network::default(), &Timeouts::default())?;
    let target = Target {
        base_url: Target::base_url(&source.base_url)?,
        key: None,
        own: None,
    };
    let start = Instant::now();
    let sending = Sending {
        run_id: "bench",
        repeat: 1,
        body: BODY.into(),
    };
    let answer = transport
        .post(&target, Endpoint::Responses, sending)
        .await?;
    let mut fold = Fold::new(RunFacts::default());
    let mut frames = sse::frames(answer.bytes());
    while let Some(frame) = frames.next().await {
        fold.event(start.elapsed().as_secs_f64() * 1000.0, &frame?);
    }
    let time = start.elapsed().as_secs_f64();
    let is_whole = fold.facts().status == RunStatus::Completed
        && fold.text(Section::Output).len() > DELTAS * 4;
    if is_whole {
        Ok(time)
    } else {
        Err(Failure::new("The folded stream is not whole."))
    }
}

/// Timed inside Node, after a first run: its start-up and compiling are not the stream's cost.
fn read_by_node(source: &Source, folder: &Path) -> Result<Vec<f64>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bench/node_sdk.mjs");
    let output = std::process::Command::new("node")
        .arg(script)
        .arg(folder)
        .args([
            &source.base_url,
            &source.events.to_string(),
            &RUNS.to_string(),
        ])
        .env_remove("OPENAI_API_KEY")
        .output()?;
    if !output.status.success() {
        return Err(Failure::new(format!(
            "The Node SDK failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
