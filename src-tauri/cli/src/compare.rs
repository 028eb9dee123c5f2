//! `rheostat compare`: one request at several efforts, a row per level, and what follows from it.

use std::path::Path;

use rheostat_core::catalog::models::effort_name;
use rheostat_core::error::Error;
use rheostat_core::grade::comparison::{LevelSummary, Spread};
use rheostat_core::ops::compare_efforts::{CompareEffortsInput, CompareEffortsOutput};
use rheostat_core::run::facts::RunStatus;

use crate::{Common, engine, format, say, stream};

/// True if every run completed. Without a file it is the sample's comparison.
pub async fn compare(
    file: Option<&Path>,
    efforts: &str,
    repeats: u32,
    common: &Common,
) -> Result<bool, Error> {
    let engine = engine::open(common).await?;
    let request = engine::request(&engine, file)?;
    let efforts = match efforts {
        "all" => Vec::new(),
        list => list
            .split(',')
            .map(|effort| effort.trim().to_owned())
            .filter(|effort| !effort.is_empty())
            .collect(),
    };
    let input = CompareEffortsInput {
        ticket: stream::TICKET.into(),
        request,
        efforts,
        repeats,
        left_out: Default::default(),
    };
    let output: CompareEffortsOutput = stream::stream(&engine, "compare_efforts", &input).await?;
    if common.json {
        say::print_json(&output)?
    } else {
        say::print(&text(&output))?
    }
    let mut faults: Vec<&Error> = Vec::new();
    for fault in output
        .runs
        .iter()
        .filter_map(|run| run.facts.fault.as_ref())
    {
        // Ten lanes that fail alike say it once.
        if !faults.iter().any(|known| known.message == fault.message) {
            faults.push(fault);
            say::error(fault);
        }
    }
    Ok(output
        .runs
        .iter()
        .all(|run| run.facts.status == RunStatus::Completed))
}

fn text(output: &CompareEffortsOutput) -> String {
    let summary = &output.summary;
    let mut lines = vec![output.request_name.clone()];
    if output.runs.iter().any(|run| run.facts.sample.is_some()) {
        lines.push("Sample replies: not from a model.".into());
    }
    lines.push(String::new());
    let head = [
        "Level",
        "Runs",
        "Checks",
        "Cost",
        "Total time",
        "First output",
        "Reasoning",
        "Visible",
    ]
    .map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    rows.extend(
        summary
            .levels
            .iter()
            .map(|level| row(level, summary.checks)),
    );
    lines.extend(table(&rows));
    lines.push(String::new());
    if let Some(verdict) = &summary.verdict {
        lines.push(
            verdict
                .sentence
                .iter()
                .map(|part| part.text.as_str())
                .collect(),
        );
        lines.extend(verdict.caution.clone());
        lines.push(String::new());
    }
    let totals = &summary.totals;
    let unpriced = if totals.unpriced_runs > 0 {
        format!(", {} without a price", totals.unpriced_runs)
    } else {
        String::new()
    };
    lines.push(format!(
        "{} of {} runs completed, {} in all{unpriced}; {} tokens in ({} cached), {} out ({} reasoning)",
        totals.completed,
        totals.runs,
        format::money(Some(totals.cost)),
        format::tokens(totals.input_tokens),
        format::tokens(totals.cached_tokens),
        format::tokens(totals.output_tokens),
        format::tokens(totals.reasoning_tokens)
    ));
    lines.join("\n")
}

fn row(level: &LevelSummary, checks: u32) -> Vec<String> {
    let median = |spread: Option<Spread>, show: &dyn Fn(f64) -> String| {
        spread.map_or_else(|| "-".into(), |spread| show(spread.median))
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "medians of counts"
    )]
    let whole = |value: f64| value.round() as u64;
    vec![
        effort_name(&level.effort),
        format!("{} of {}", level.completed, level.runs),
        if checks == 0 {
            "-".into()
        } else {
            median(level.checks, &|value| format!("{value} of {checks}"))
        },
        median(level.cost, &|value| format::money(Some(whole(value)))),
        median(level.total_ms, &format::duration),
        median(level.first_output_ms, &format::duration),
        median(level.reasoning_tokens, &|value| {
            format::tokens(whole(value))
        }),
        median(level.visible_tokens, &|value| format::tokens(whole(value))),
    ]
}

/// Columns as wide as their widest cell: the first to the left, the others to the right.
fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<_> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, &width))| {
                    if column == 0 {
                        format!("{cell:<width$}")
                    } else {
                        format!("{cell:>width$}")
                    }
                })
                .collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}
