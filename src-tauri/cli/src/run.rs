//! `rheostat run`: one request, its answer and its bill.

use std::path::Path;

use rheostat_core::body;
use rheostat_core::error::Error;
use rheostat_core::ops::send::{SendInput, SendOutput};
use rheostat_core::run::facts::{RunStatus, RunView, Section};

use crate::{Common, engine, format, progress, say, stream};

/// True if the run completed.
pub async fn run(file: &Path, effort: Option<String>, common: &Common) -> Result<bool, Error> {
    let engine = engine::open(common).await?;
    let mut request = engine::request(&engine, Some(file))?;
    if let Some(effort) = effort {
        request.body = body::with_effort(&request.body, request.endpoint, &effort);
    }
    let input = SendInput {
        ticket: stream::TICKET.into(),
        request,
    };
    let SendOutput { run } = stream::stream(&engine, "send", &input).await?;
    if common.json {
        say::print_json(&run)?
    } else {
        say::print(&text(&run))?
    }
    if let Some(fault) = &run.facts.fault {
        say::error(fault);
    }
    Ok(run.facts.status == RunStatus::Completed)
}

fn text(run: &RunView) -> String {
    let facts = &run.facts;
    let section = |section: Section| {
        let parts: Vec<_> = run
            .texts
            .iter()
            .filter(|text| text.section == section)
            .map(|text| text.text.as_str())
            .collect();
        parts.join("\n\n")
    };
    let mut lines = Vec::new();
    if facts.sample.is_some() {
        lines.push("Sample reply: not from a model.".to_owned());
    }
    let reason = facts
        .incomplete_reason
        .as_deref()
        .map(|reason| format!(" ({reason})"))
        .unwrap_or_default();
    let mut head = format!(
        "{}{reason}  {}  {}",
        progress::outcome(facts.status),
        progress::level(facts),
        facts.model
    );
    if let Some(total) = facts.total_ms {
        head += &format!("  {}", format::duration(total));
    }
    if let Some(usage) = &facts.usage {
        head += &format!(
            "  {} in ({} cached), {} out ({} reasoning)",
            format::tokens(usage.input_tokens),
            format::tokens(usage.cached_tokens),
            format::tokens(usage.output_tokens),
            format::tokens(usage.reasoning_tokens)
        );
    }
    if let Some(bill) = &facts.bill {
        head += &format!("  {}", format::money(bill.total));
    }
    lines.push(head);
    let passed = facts.checks.iter().filter(|check| check.passed).count();
    if !facts.checks.is_empty() {
        lines.push(format!("{passed} of {} checks", facts.checks.len()));
        for check in facts.checks.iter().filter(|check| !check.passed) {
            lines.push(format!(
                "  failed: {} ({})",
                check.name,
                check.reason.as_deref().unwrap_or(&check.rule)
            ));
        }
    }
    for (which, title) in [
        (Section::Output, None),
        (Section::Refusal, Some("Declined")),
        (Section::ToolCall, Some("Tool call")),
    ] {
        let text = section(which);
        if !text.is_empty() {
            lines.push(String::new());
            lines.extend(title.map(|title| format!("{title}:")));
            lines.push(text);
        }
    }
    lines.join("\n")
}
