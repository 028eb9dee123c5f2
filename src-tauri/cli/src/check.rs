//! `rheostat check`: looks request files over without sending anything, and mends what it can.

use std::path::{Path, PathBuf};

use rheostat_core::catalog::models::Catalog;
use rheostat_core::catalog::parameters::ParameterTable;
use rheostat_core::error::Error;
use rheostat_core::lint::{
    Change, Context, Finding, Knowledge, SchemaFile, Severity, fix_all, lint,
};
use rheostat_core::own_data;
use rheostat_core::workbench::paths_from_environment;
use rheostat_core::workspace::schema_use::workspace_of;
use rheostat_core::workspace::{document, request_file};
use serde::Serialize;

use crate::say;

/// What is said of one file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    file: PathBuf,
    /// What is the matter, after mending where that was asked for.
    findings: Vec<Finding>,
    /// What was mended.
    changes: Vec<Change>,
    /// Why the file could not be read or written.
    problem: Option<Error>,
}

impl Report {
    fn is_sound(&self) -> bool {
        self.problem.is_none()
            && self
                .findings
                .iter()
                .all(|finding| finding.severity == Severity::Warning)
    }
}

/// True if no file has an error.
///
/// # Errors
/// Where a file could not be read or written; the others are looked at all the same. Where the tables are
/// broken or stdout can't be written.
pub fn check(files: &[PathBuf], fix: bool, json: bool) -> Result<bool, Error> {
    let paths = paths_from_environment()?;
    let (catalog, problem) = own_data::open_models(&paths.data)?;
    if let Some(problem) = problem {
        say::error(&problem);
    }
    let reports: Vec<Report> = files
        .iter()
        .map(|file| report(file, fix, &catalog))
        .collect::<Result<_, _>>()?;
    if json {
        say::print_json(&reports)?;
    } else {
        let text = text(&reports);
        if !text.is_empty() {
            say::print(&text)?;
        }
    }
    let sound = reports.iter().all(Report::is_sound);
    let mut problems = reports.into_iter().filter_map(|report| report.problem);
    let Some(last) = problems.next_back() else {
        return Ok(sound);
    };
    for problem in problems {
        say::error(&problem);
    }
    Err(last)
}

fn report(file: &Path, fix: bool, catalog: &Catalog) -> Result<Report, Error> {
    let knowledge = Knowledge {
        catalog,
        table: ParameterTable::builtin()?,
    };
    // A terminal knows neither the environment's variables nor this request's history.
    let mut context = Context::default();
    let mut report = Report {
        file: file.to_owned(),
        findings: Vec::new(),
        changes: Vec::new(),
        problem: None,
    };
    let read = match request_file::read(file) {
        Ok(read) => read,
        Err(problem) => {
            report.problem = Some(problem);
            return Ok(report);
        }
    };
    let mut request = read.request;
    context.schema_file = request.schema_file.clone().map(|path| SchemaFile {
        schema: workspace_of(file)
            .and_then(|workspace| workspace.read_schema(&path))
            .map(|read| read.schema),
        path,
    });
    if fix {
        let fixed = fix_all(&request.body, request.endpoint, knowledge, &context);
        if !fixed.changes.is_empty() {
            let mut mended = request.clone();
            mended.body = fixed.body;
            mended.endpoint = fixed.endpoint;
            let name = file.display().to_string();
            match document::save(file, &name, &mended, &read.stamp) {
                Ok(_) => {
                    request = mended;
                    report.changes = fixed.changes;
                }
                Err(problem) => report.problem = Some(problem),
            }
        }
    }
    report.findings = lint(&request.body, request.endpoint, knowledge, &context);
    Ok(report)
}

/// A line per finding, as compilers write them, and one at the end.
fn text(reports: &[Report]) -> String {
    let mut lines = Vec::new();
    let (mut errors, mut warnings) = (0, 0);
    for report in reports {
        let file = report.file.display();
        for change in &report.changes {
            lines.push(format!(
                "{file}: {}: mended: {} ({})",
                change.pointer, change.label, change.message
            ));
            for lost in &change.lost {
                lines.push(format!("{file}: {}: lost: {}", lost.pointer, lost.message));
            }
        }
        for finding in &report.findings {
            let word = match finding.severity {
                Severity::Error => {
                    errors += 1;
                    "error"
                }
                Severity::Warning => {
                    warnings += 1;
                    "warning"
                }
            };
            let fix = match &finding.fix {
                Some(fix) if fix.safe => format!(" --fix: {}.", fix.label),
                Some(fix) => format!(" By hand: {}.", fix.label),
                None => String::new(),
            };
            lines.push(format!(
                "{file}: {}: {word}: {} ({}){fix}",
                finding.pointer,
                finding.message,
                finding.reason.trim_end_matches('.')
            ));
        }
    }
    if errors + warnings > 0 {
        lines.push(format!(
            "{} and {}.",
            count(errors, "error"),
            count(warnings, "warning")
        ));
    }
    lines.join("\n")
}

fn count(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
