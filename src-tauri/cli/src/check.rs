//! `rheostat check`: looks request files over without sending anything, and mends what it can.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rheostat_core::body;
use rheostat_core::catalog::endpoint::Endpoint;
use rheostat_core::catalog::parameters::ParameterTable;
use rheostat_core::clock::{Clock, SystemClock};
use rheostat_core::error::Error;
use rheostat_core::lint::{
    Change, Context, Finding, HandedDown, Knowledge, SchemaFile, Severity, fix_all, input_tokens,
    lint,
};
use rheostat_core::money::prices::{self, PriceBook};
use rheostat_core::own_data;
use rheostat_core::place::Body;
use rheostat_core::variables::{self, Variable};
use rheostat_core::workbench::paths_from_environment;
use rheostat_core::workspace::environment_file::{VariableValue, VariableValues};
use rheostat_core::workspace::folder::Workspace;
use rheostat_core::workspace::request_file::RequestFile;
use rheostat_core::workspace::schema_use::workspace_of;
use rheostat_core::workspace::{defaults, document, request_file};
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
    let (catalog, no_models) = own_data::open_models(&paths.data)?;
    let (prices, no_prices) = own_data::open_prices(&paths.data)?;
    for problem in no_models.iter().chain(&no_prices) {
        say::error(problem);
    }
    let known = Known {
        knowledge: Knowledge {
            catalog: &catalog,
            table: ParameterTable::builtin()?,
        },
        prices,
        workspace: Workspace::new(paths.workspace),
    };
    let reports: Vec<Report> = files
        .iter()
        .map(|file| report(file, fix, &known))
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

/// What files are looked at with.
struct Known<'a> {
    knowledge: Knowledge<'a>,
    prices: &'static PriceBook,
    /// The workspace in use: what a file that lies in none is sent with.
    workspace: Workspace,
}

fn report(file: &Path, fix: bool, known: &Known) -> Result<Report, Error> {
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
    let context = match known.context(file, &request) {
        Ok(context) => context,
        Err(problem) => {
            report.problem = Some(problem);
            return Ok(report);
        }
    };
    if fix {
        let fixed = fix_all(&request.body, request.endpoint, known.knowledge, &context);
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
    report.findings = lint(&request.body, request.endpoint, known.knowledge, &context);
    Ok(report)
}

impl Known<'_> {
    /// What is known besides the body: what its folders hand down, what its variables mean, how large it is. A terminal
    /// has no figures of this request.
    fn context(&self, file: &Path, request: &RequestFile) -> Result<Context, Error> {
        let home = workspace_of(file)
            .ok()
            .and_then(|workspace| Some((workspace.relative(file)?, workspace)));
        let mut context = Context {
            schema_file: request.schema_file.clone().map(|path| SchemaFile {
                schema: workspace_of(file)
                    .and_then(|workspace| workspace.read_schema(&path))
                    .map(|read| read.schema),
                path,
            }),
            ..Context::default()
        };
        if let Some((path, workspace)) = &home {
            context.inherited = HandedDown {
                responses: workspace.inherited(path, Endpoint::Responses)?,
                chat_completions: workspace.inherited(path, Endpoint::ChatCompletions)?,
            };
        }
        let mut body = request.body.clone();
        defaults::apply(&mut body, context.inherited.on(request.endpoint));
        context.variables = match &home {
            Some((path, workspace)) => variables(workspace, Some(path), request)?,
            None => variables(&self.workspace, None, request)?,
        };
        if let Some((_, workspace)) = &home {
            context.files = workspace.file_troubles(&body);
        }
        let day = prices::day_of(SystemClock.now_ms());
        let price = body::model(&body).and_then(|model| self.prices.price(model, "default", day));
        context.long_context_over = price
            .is_some_and(|price| price.long.is_some())
            .then(|| self.prices.long_context_above());
        context.input_tokens = input_tokens(
            home.as_ref().map(|(_, workspace)| workspace),
            request.endpoint,
            &filled(&body, context.variables.as_ref()),
            self.knowledge.catalog,
            context.long_context_over,
        )?;
        Ok(context)
    }
}

/// Every variable that somebody gives a value: the request, the workspace, a folder, or one of the environments, as any
/// of them may be used. None where an environment can't be read: nobody knows then.
fn variables(
    workspace: &Workspace,
    path: Option<&str>,
    request: &RequestFile,
) -> Result<Option<BTreeMap<String, String>>, Error> {
    let mut known: BTreeMap<String, String> = request.variables.clone().into_iter().collect();
    let mut add = |values: VariableValues| {
        known.extend(values.into_iter().map(|(name, value)| match value {
            VariableValue::Text(text) => (name, text),
            VariableValue::Secret { .. } => (name, String::new()),
        }));
    };
    add(workspace.own_variables()?);
    for (_, values) in path.map_or(Ok(Vec::new()), |path| workspace.variables_at(path))? {
        add(values);
    }
    for read in workspace.environments() {
        let Ok(environment) = read.file else {
            return Ok(None);
        };
        add(environment.variables);
    }
    Ok(Some(known))
}

fn filled(body: &Body, known: Option<&BTreeMap<String, String>>) -> Body {
    let variable = |(name, value): (&String, &String)| {
        let (value, scope) = (value.clone(), String::new());
        (name.clone(), Variable { value, scope })
    };
    variables::resolve(body, &known.into_iter().flatten().map(variable).collect()).body
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
