//! Runs `cargo test` in sight and counts what its test programs say.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::fault::Fault;
use crate::program::Program;
use crate::report::{Count, Report};

/// Runs the tests; their counts and the reasons of failed and skipped ones go into the report.
pub fn run(name: &str, cargo_test: Program, report: &mut Report) -> Result<(), Fault> {
    let shown = cargo_test.shown().to_owned();
    println!("$ {shown}");
    let mut child = cargo_test
        .into_command()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Fault::of(format!("`{shown}` could not be started"), error))?;
    let mut count = Count::default();
    if let Some(output) = child.stdout.take() {
        // A test may print bytes that are no UTF-8; they must not end the count.
        for line in BufReader::new(output).split(b'\n') {
            let line =
                line.map_err(|error| Fault::of("The output of the tests broke off", error))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            match read(&line) {
                Line::Result(more) => count.add(more),
                Line::Reason(reason) => report.because(reason),
                Line::Other => {}
            }
        }
    }
    let status = child
        .wait()
        .map_err(|error| Fault::of(format!("`{shown}` was lost"), error))?;
    if !status.success() && count.failed == 0 {
        // Did not compile, or a test program died before it could count.
        count.failed = 1;
        report.because(format!(
            "failed: {name}: `{shown}` ended with {status} and counted no failed test"
        ));
    }
    report.count(name, count);
    Ok(())
}

#[derive(Debug, PartialEq)]
enum Line {
    Result(Count),
    Reason(String),
    Other,
}

fn read(line: &str) -> Line {
    if let Some(figures) = line.strip_prefix("test result: ") {
        let figure = |what: &str| {
            figures
                .split(['.', ';'])
                .find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok())
                .unwrap_or(0)
        };
        return Line::Result(Count {
            passed: figure("passed"),
            failed: figure("failed"),
            skipped: figure("ignored"),
        });
    }
    let Some((name, outcome)) = line
        .strip_prefix("test ")
        .and_then(|rest| rest.split_once(" ... "))
    else {
        return Line::Other;
    };
    match outcome.split_once(", ") {
        Some(("ignored", reason)) => Line::Reason(format!("skipped: {name}: {reason}")),
        _ if outcome == "ignored" => Line::Reason(format!("skipped: {name}: no reason given")),
        _ if outcome == "FAILED" => Line::Reason(format!("failed: {name}")),
        _ => Line::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, read};
    use crate::report::Count;

    #[test]
    fn a_result_line_is_counted_whole() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.05s";
        let expected = Count {
            passed: 12,
            failed: 3,
            skipped: 1,
        };
        assert_eq!(
            read(line),
            Line::Result(expected),
            "filtered tests are no skipped ones"
        );
    }

    #[test]
    fn reasons_are_kept_and_passes_are_silent() {
        let lines = [
            "test a::b ... ok",
            "test a::c ... FAILED",
            "test a::d ... ignored, needs a moon",
        ];
        assert_eq!(
            lines.map(read),
            [
                Line::Other,
                Line::Reason("failed: a::c".into()),
                Line::Reason("skipped: a::d: needs a moon".into()),
            ],
            "one line, one meaning"
        );
    }
}
