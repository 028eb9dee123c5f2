//! Runs the UI's tests in sight and counts what their report says.

use serde_json::Value;

use crate::fault::Fault;
use crate::place::Place;
use crate::program::Program;
use crate::report::{Count, Report};

pub fn run(place: &Place, report: &mut Report) -> Result<(), Fault> {
    const NAME: &str = "UI tests";
    let file = place.in_target("vitest.json");
    // A report left by an earlier run must not be counted for this one.
    let _ = std::fs::remove_file(&file);
    let status = Program::of_node("npm")
        .args(["test", "--", "--reporter=default", "--reporter=json"])
        .args([format!("--outputFile.json={}", file.display())])
        .folder(&place.in_root("ui"))
        .status()?;
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let figures: Value = serde_json::from_str(&written).unwrap_or(Value::Null);
    let figure = |name: &str| {
        figures[name]
            .as_u64()
            .and_then(|figure| usize::try_from(figure).ok())
            .unwrap_or(0)
    };
    let mut count = Count {
        passed: figure("numPassedTests"),
        failed: figure("numFailedTests"),
        skipped: figure("numPendingTests") + figure("numTodoTests"),
    };
    if !status.success() && count.failed == 0 {
        count.failed = 1;
        report.because(format!(
            "failed: {NAME}: vitest ended with {status} and counted no failed test"
        ));
    }
    for test in tests(&figures) {
        let name = test["fullName"].as_str().unwrap_or("a test");
        match test["status"].as_str() {
            Some("failed") => report.because(format!("failed: UI: {name}")),
            Some("pending" | "skipped" | "todo") => {
                report.because(format!("skipped: UI: {name}: marked so in its file"));
            }
            _ => {}
        }
    }
    report.count(NAME, count);
    Ok(())
}

fn tests(figures: &Value) -> impl Iterator<Item = &Value> {
    figures["testResults"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|file| file["assertionResults"].as_array())
        .flatten()
}
