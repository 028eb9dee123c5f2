//! Tokens counted per second, and counted again after a key, beside gpt-tokenizer.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rheostat_core::tokens;
use rheostat_tests::failure::{Failure, Result};
use tempfile::TempDir;

use crate::table;

const TOKENS: usize = 1_000_000;
const RUNS: usize = 5;

pub fn measure(peers: &Path) -> Result<()> {
    tokens::count("What is loaded at first is not measured.")?;
    let folder = TempDir::new()?;
    let (mut ours, mut files) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        // Another text each time: both remember what they have seen.
        let text = text(run);
        let file = folder.path().join(format!("{run}.txt"));
        std::fs::write(&file, &text)?;
        files.push(file);
        let start = Instant::now();
        let counted = tokens::count(&text)?;
        let first = start.elapsed();
        let mut edited = text;
        edited.insert(edited.len() / 2, 'x');
        let start = Instant::now();
        tokens::count(&edited)?;
        ours.push((
            counted,
            first.as_secs_f64() * 1000.0,
            start.elapsed().as_secs_f64() * 1000.0,
        ));
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bench/token_count.mjs");
    let said = Command::new("node")
        .arg(script)
        .arg(peers)
        .args(&files)
        .output()?;
    if !said.status.success() {
        let why = String::from_utf8_lossy(&said.stderr).into_owned();
        return Err(Failure::new(format!("gpt-tokenizer did not count: {why}")));
    }
    let theirs: Vec<(u64, f64, f64)> = serde_json::from_slice(&said.stdout)?;
    if ours.iter().map(|it| it.0).ne(theirs.iter().map(|it| it.0)) {
        return Err(Failure::new("The two don't count alike."));
    }
    let column = |figures: &[(u64, f64, f64)], which: fn(&(u64, f64, f64)) -> f64| {
        table::median(&figures.iter().map(which).collect::<Vec<_>>())
    };
    let peer = (column(&theirs, |it| it.1), column(&theirs, |it| it.2));
    let row = |name: &str, figures: &[(u64, f64, f64)]| {
        let (first, again) = (column(figures, |it| it.1), column(figures, |it| it.2));
        vec![
            name.to_owned(),
            format!("{first:.0} ms"),
            format!("{:.2} x", first / peer.0),
            format!("{again:.2} ms"),
            format!("{:.3} x", again / peer.1),
        ]
    };
    table::print(
        &format!(
            "Counting {} tokens of text, medians of {RUNS}",
            ours.first().map_or(0, |it| it.0)
        ),
        &["counter", "first", "ratio", "after a key", "ratio"],
        &[row("gpt-tokenizer", &theirs), row("Rheostat", &ours)],
    );
    Ok(())
}

/// About so many tokens of lines that no other run has.
fn text(run: usize) -> String {
    const WORDS: [&str; 16] = [
        "the",
        "migration",
        "locks",
        "every",
        "reservation",
        "unless",
        "Statement",
        "writes",
        "naïve",
        "throughput",
        "between",
        "customers",
        "and",
        "quietly",
        "rewrites",
        "orders",
    ];
    let mut text = String::new();
    // A plain recurrence is enough to mix words, and gives the same text every time.
    let mut state = run as u64 + 1;
    for line in 0..TOKENS / 20 {
        let _ = write!(text, "Line {line} of {run}:");
        for _ in 0..12 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push(' ');
            text.push_str(WORDS[(state >> 60) as usize]);
        }
        text.push_str(".\n");
    }
    text
}
