//! Moving out: requests as files of other tools. Never a key in them, and what a format can't say is named.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

use super::folder::Workspace;
use super::request_file::{self, RequestFile, RequestSummary};
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::error::{Error, Result};
use crate::place::Body;
use crate::secrets_in_text;
use crate::variables::{self, Variable, Variables};

mod batch;
mod pattern;
mod promptfoo;
mod pytest;
mod vitest;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ExportKind {
    /// The request files as they are, in their folders.
    Folder,
    /// One JSON document, which can be imported again.
    Json,
    /// A promptfoo configuration.
    Promptfoo,
    /// Input files of batches: one per endpoint and model (API.md 6.1).
    Batch,
    /// A shell script.
    Curl,
    /// Tests for pytest.
    Pytest,
    /// Tests for vitest.
    Vitest,
}

impl ExportKind {
    pub const ALL: [Self; 7] = [
        Self::Folder,
        Self::Json,
        Self::Promptfoo,
        Self::Batch,
        Self::Curl,
        Self::Pytest,
        Self::Vitest,
    ];
}

/// A request that goes out, and where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Relative to the workspace folder.
    pub path: String,
    pub request: RequestFile,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ExportFile {
    /// With forward slashes; every part is a name that every system takes.
    pub name: String,
    pub text: String,
}

/// Something that an export could not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ExportLeftOut {
    /// The request's file.
    pub place: String,
    /// Never a secret.
    pub what: String,
    /// As a sentence.
    pub why: String,
}

/// What an export makes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exported {
    pub files: Vec<ExportFile>,
    pub left_out: Vec<ExportLeftOut>,
}

impl Exported {
    fn leave(&mut self, place: &str, what: impl Into<String>, why: impl Into<String>) {
        self.left_out.push(ExportLeftOut {
            place: place.to_owned(),
            what: what.into(),
            why: why.into(),
        });
    }

    fn file(&mut self, name: impl Into<String>, text: String) {
        self.files.push(ExportFile {
            name: name.into(),
            text,
        });
    }
}

impl Workspace {
    /// Exports requests with the schemas that they refer to: in their bodies, or as the files that they are.
    ///
    /// # Errors
    /// The first reference that leads nowhere, naming its request; what [`export`] fails with.
    pub fn export(&self, outgoing: &[Outgoing], kind: ExportKind) -> Result<Exported> {
        let named = |one: &Outgoing, mut problem: Error| {
            problem.message = format!("{}: {}", one.path, problem.message);
            problem
        };
        if kind != ExportKind::Folder {
            let filled = outgoing.iter().map(|one| {
                let request = self.with_schema(&one.request);
                Ok(Outgoing {
                    path: one.path.clone(),
                    request: request.map_err(|problem| named(one, problem))?,
                })
            });
            return export(&filled.collect::<Result<Vec<_>>>()?, kind);
        }
        let mut exported = export(outgoing, kind)?;
        for one in outgoing {
            let Some(path) = &one.request.schema_file else {
                continue;
            };
            if exported.files.iter().all(|file| file.name != *path) {
                let read = self.read_schema(path);
                exported.file(path, read.map_err(|problem| named(one, problem))?.text);
            }
        }
        Ok(exported)
    }
}

/// The requests of a workspace that are `wanted`, by path.
///
/// # Errors
/// The problem of a wanted file that can't be read: it must not be missing from an export without a word.
pub fn outgoing(
    workspace: &Workspace,
    wanted: impl Fn(&RequestSummary) -> bool,
) -> Result<Vec<Outgoing>> {
    let chosen = workspace.requests().into_iter().filter(wanted);
    chosen
        .map(|summary| match summary.problem {
            Some(problem) => Err(problem),
            None => Ok(Outgoing {
                request: workspace.read(&summary.path)?.request,
                path: summary.path,
            }),
        })
        .collect()
}

/// Whether a request lies in a folder, or in one in it.
pub fn is_within(folder: &str, summary: &RequestSummary) -> bool {
    let folder = folder.trim_matches('/');
    folder.is_empty()
        || summary
            .folder
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Writes requests in the form of `kind`. The same requests give the same bytes.
///
/// # Errors
/// `Internal` where a request can't be written, which its having been read rules out.
pub fn export(requests: &[Outgoing], kind: ExportKind) -> Result<Exported> {
    let mut out = Exported::default();
    let requests: Vec<Outgoing> = requests
        .iter()
        .map(|one| without_keys(one, &mut out))
        .collect();
    match kind {
        ExportKind::Folder => {
            for one in &requests {
                out.file(one.path.clone(), request_file::to_yaml(&one.request)?);
            }
        }
        ExportKind::Json => {
            let text = json_document(&requests)?;
            out.file("requests.json", text);
        }
        ExportKind::Promptfoo => promptfoo::write(&requests, &mut out)?,
        ExportKind::Batch => batch::write(&requests, &mut out),
        ExportKind::Curl => curl_script(&requests, &mut out)?,
        ExportKind::Pytest => pytest::write(&requests, &mut out),
        ExportKind::Vitest => vitest::write(&requests, &mut out),
    }
    Ok(out)
}

fn without_keys(one: &Outgoing, out: &mut Exported) -> Outgoing {
    let mut one = one.clone();
    let mut stripped = secrets_in_text::strip(&mut one.request.body);
    for place in secrets_in_text::strip(&mut one.request.other) {
        stripped.push(format!("{place} beside the body"));
    }
    for pointer in stripped {
        out.leave(
            &one.path,
            format!("What stood at {pointer}"),
            "It is a key or a password; none leaves Rheostat in an export.",
        );
    }
    if let Some(name) = secrets_in_text::without_keys(&one.request.name) {
        one.request.name = name;
    }
    one
}

fn json_document(requests: &[Outgoing]) -> Result<String> {
    let items: Vec<Value> = requests
        .iter()
        .map(|one| {
            let folder = one.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            json!({ "folder": folder, "request": one.request })
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&json!({ "rheostat": 1, "items": items }))
        .map_err(|error| Error::internal("The requests could not be written as JSON", error))?;
    text.push('\n');
    Ok(text)
}

fn curl_script(requests: &[Outgoing], out: &mut Exported) -> Result<()> {
    let table = ParameterTable::builtin()?;
    let mut text = String::from(
        "#!/bin/sh\n# The key comes from OPENAI_API_KEY. Each command is a call that costs money.\nset -eu\n",
    );
    for one in requests {
        let spelled = spell(&one.request.body, |name| format!("{{{{{name}}}}}"));
        text += &format!("\n# {}\n", line(&one.request.name));
        for name in &spelled.variables {
            text += &format!("# Put a value in place of {{{{{name}}}}}.\n");
        }
        no_checks(one, "A command checks nothing.", out);
        no_values(one, &spelled.variables, out);
        text += &crate::request_code::print(
            crate::request_code::CodeKind::Curl,
            one.request.endpoint,
            &spelled.body,
            None,
            table,
        );
    }
    out.file("requests.sh", text);
    Ok(())
}

/// Names the checks of a request where the form has none.
fn no_checks(one: &Outgoing, why: &str, out: &mut Exported) {
    let count = one.request.checks.len();
    if count > 0 {
        let what = if count == 1 {
            "1 check".to_owned()
        } else {
            format!("{count} checks")
        };
        out.leave(&one.path, what, why);
    }
}

/// Names the variables that stand in the text without a value.
fn no_values(one: &Outgoing, variables: &BTreeSet<String>, out: &mut Exported) {
    for name in variables {
        out.leave(
            &one.path,
            format!("The value of {{{{{name}}}}}"),
            "It is set in environments; put one in its place before it is sent.",
        );
    }
}

/// A body as it would be sent, but for its variables.
struct Spelled {
    body: Body,
    variables: BTreeSet<String>,
}

/// The body with every variable written as `write` says, and everything else as it is sent.
fn spell(body: &Body, write: impl Fn(&str) -> String) -> Spelled {
    let uses = variables::uses(body, &Variables::new());
    let names: BTreeSet<String> = uses.into_iter().map(|one| one.name).collect();
    let values: Variables = names
        .iter()
        .map(|name| {
            let variable = Variable {
                value: write(name),
                scope: String::new(),
            };
            (name.clone(), variable)
        })
        .collect();
    Spelled {
        body: variables::resolve(body, &values).body,
        variables: names,
    }
}

/// The body for a test: one answer, at once.
fn at_once(one: &Outgoing, mut body: Body, out: &mut Exported) -> Body {
    body.shift_remove("stream");
    body.shift_remove("stream_options");
    if body.shift_remove("background") == Some(Value::Bool(true)) {
        out.leave(
            &one.path,
            "background",
            "What is exported waits for the answer.",
        );
    }
    body
}

/// The path of an endpoint under the base URL, with a slash before it.
fn path_of(endpoint: Endpoint) -> String {
    format!("/{}", endpoint.path())
}

/// A text on one line, for a comment: nothing in it can end the comment.
fn line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|letter| {
            let breaks = letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
            if breaks { ' ' } else { letter }
        })
        .collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of the requests, each once: a second `A` is `A 2`.
fn labels(requests: &[Outgoing]) -> Vec<String> {
    unique(requests.iter().map(|one| line(&one.request.name)), " ")
}

/// The names of the requests as words of a programming language, each once.
fn words(requests: &[Outgoing]) -> Vec<String> {
    let words = requests.iter().map(|one| {
        let mut word = String::new();
        for letter in one.request.name.to_lowercase().chars() {
            if letter.is_ascii_alphanumeric() {
                word.push(letter);
            } else if !word.is_empty() && !word.ends_with('_') {
                word.push('_');
            }
        }
        let word = word.trim_end_matches('_');
        let word: String = word.chars().take(60).collect();
        if word.is_empty() {
            "request".to_owned()
        } else {
            word
        }
    });
    unique(words, "_")
}

fn unique(names: impl Iterator<Item = String>, between: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names
        .map(|name| {
            let mut number = 1;
            let mut one = name.clone();
            while !seen.insert(one.clone()) {
                number += 1;
                one = format!("{name}{between}{number}");
            }
            one
        })
        .collect()
}

/// The schema that a request's output has to obey, on either endpoint (API.md 2.1, 3.3).
fn schema_of(endpoint: Endpoint, body: &Map<String, Value>) -> Option<&Value> {
    match endpoint {
        Endpoint::Responses => crate::body::output_schema(body),
        Endpoint::ChatCompletions => {
            let format = body.get("response_format")?;
            format.get("json_schema")?.get("schema")
        }
    }
}
