//! One comparison in the window and in the terminal, against one server: the same figures.

use std::collections::BTreeMap;

use rheostat_tests::failure::{Failure, Result};
use rheostat_tests::programs;
use rheostat_tests::window::{Home, Opening, Window};
use serde_json::Value;

use crate::steps::{self, EFFORTS, MIGRATION_REVIEW};

const KEY: &str = "sk-test-compare-0123456789";
const REPEATS: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn window_and_terminal_agree_on_every_figure() -> Result<()> {
    let server = steps::quick_server().await?;
    let home = steps::used_home().await?;

    let window = Window::open(&Opening::of_application(&home)?).await?;
    steps::open_request(&window, MIGRATION_REVIEW).await?;
    steps::go_live(&window, &server.base_url(), KEY).await?;
    window.click("nav-compare").await?;
    // The comparison of the first start comes back first, with its own number of repeats.
    steps::comparison_ends(&window).await?;
    window.fill("compare-repeats", &REPEATS.to_string()).await?;
    steps::compare_anew(&window).await?;
    let in_window = figures_in_window(&window).await?;
    window.close().await?;
    assert_eq!(
        server.requests().len(),
        10,
        "five levels, twice each, over HTTP"
    );

    let in_terminal = figures_in_terminal(&home, &server.base_url()).await?;
    assert_eq!(
        server.requests().len(),
        20,
        "the terminal asks for the same ten"
    );
    assert_eq!(
        in_window, in_terminal,
        "window and terminal say the same of the same request"
    );
    assert_eq!(
        in_window.get("totals runs"),
        Some(&10.0),
        "nothing was left out"
    );
    assert!(
        in_window.get("totals cost") > Some(&0.0),
        "a live run has a price"
    );
    Ok(())
}

/// Totals and medians by name. Times are left out: they differ from run to run.
type Figures = BTreeMap<String, f64>;

const TOTALS: [(&str, &str); 6] = [
    ("runs", "runs"),
    ("completed", "completed"),
    ("cost", "cost"),
    ("inputTokens", "input tokens"),
    ("outputTokens", "output tokens"),
    ("reasoningTokens", "reasoning tokens"),
];
/// As the window names a row, and as the contract names the figure.
const MEDIANS: [(&str, &str); 4] = [
    ("checks", "checks"),
    ("cost", "cost"),
    ("reasoning", "reasoningTokens"),
    ("visible", "visibleTokens"),
];

async fn figures_in_window(window: &Window) -> Result<Figures> {
    let mut figures = Figures::new();
    let totals = window
        .run("return { ...document.querySelector('[data-testid=totals]').dataset }")
        .await?;
    for (field, name) in TOTALS {
        figures.insert(format!("totals {name}"), number(&totals[field], field)?);
    }
    for effort in EFFORTS {
        for (row, name) in MEDIANS {
            let id = format!("cell-{row}-{effort}");
            let value = window.attribute(&id, "data-value").await?;
            figures.insert(format!("{effort} {name}"), number(&value.into(), &id)?);
        }
    }
    Ok(figures)
}

async fn figures_in_terminal(home: &Home, base_url: &str) -> Result<Figures> {
    let output = tokio::process::Command::new(programs::built(programs::TERMINAL)?)
        .arg("compare")
        .arg(home.workspace().join(MIGRATION_REVIEW))
        .args([
            "--repeats",
            &REPEATS.to_string(),
            "--json",
            "--base-url",
            base_url,
        ])
        .envs(home.env())
        .env("OPENAI_API_KEY", KEY)
        .output()
        .await?;
    assert!(
        output.status.success(),
        "every run completed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let comparison: Value = serde_json::from_slice(&output.stdout)?;
    let summary = &comparison["summary"];
    let mut figures = Figures::new();
    for (field, name) in TOTALS {
        figures.insert(
            format!("totals {name}"),
            number(&summary["totals"][field], field)?,
        );
    }
    for level in summary["levels"].as_array().into_iter().flatten() {
        let effort = level["effort"].as_str().unwrap_or_default();
        for (_, name) in MEDIANS {
            figures.insert(
                format!("{effort} {name}"),
                number(&level[name]["median"], name)?,
            );
        }
    }
    Ok(figures)
}

/// A number, or a number written as text, as attributes are.
fn number(value: &Value, name: &str) -> Result<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str()?.parse().ok())
        .ok_or_else(|| Failure::new(format!("{name} is no number: {value}")))
}
