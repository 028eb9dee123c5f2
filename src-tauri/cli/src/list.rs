//! `rheostat list` and `rheostat show`: what is in the workspace.

use std::path::Path;

use rheostat_core::body;
use rheostat_core::error::Error;
use rheostat_core::workbench::paths_from_environment;
use rheostat_core::workspace::export::is_within;
use rheostat_core::workspace::folder::Workspace;
use rheostat_core::workspace::request_file::{self, RequestSummary};

use crate::say;

/// The workspace that the environment names.
///
/// # Errors
/// `BadInput` where the system names no home folder and the environment doesn't either.
pub fn workspace() -> Result<Workspace, Error> {
    Ok(Workspace::new(paths_from_environment()?.workspace))
}

/// True if every file can be read.
///
/// # Errors
/// Where stdout can't be written.
pub fn list(folder: Option<&str>, json: bool) -> Result<bool, Error> {
    let workspace = workspace()?;
    let requests: Vec<RequestSummary> = workspace
        .requests()
        .into_iter()
        .filter(|summary| folder.is_none_or(|folder| is_within(folder, summary)))
        .collect();
    if json {
        say::print_json(&requests)?;
    } else if requests.is_empty() {
        eprintln!("No requests in {}.", workspace.root().display());
    } else {
        let lines: Vec<String> = requests.iter().map(line).collect();
        say::print(&lines.join("\n"))?;
    }
    Ok(requests.iter().all(|summary| summary.problem.is_none()))
}

fn line(summary: &RequestSummary) -> String {
    if let Some(problem) = &summary.problem {
        return format!("{}  {}", summary.path, problem.message);
    }
    let mut line = format!("{}  {}", summary.path, summary.name);
    let facts = [summary.model.as_deref(), summary.effort.as_deref()];
    for fact in facts.into_iter().flatten() {
        line += &format!("  {fact}");
    }
    line
}

/// True: it could be read.
///
/// # Errors
/// `FileUnreadable` and `FileInvalid`, naming the file and the line.
pub fn show(file: &Path, json: bool) -> Result<bool, Error> {
    // A path of the workspace is as `list` prints it.
    let read = if file.exists() {
        request_file::read(file)?
    } else {
        workspace()?.read(&file.to_string_lossy().replace('\\', "/"))?
    };
    let request = read.request;
    if json {
        say::print_json(&request)?;
        return Ok(true);
    }
    let model = body::model(&request.body).unwrap_or("no model");
    let effort = body::effort(&request.body).unwrap_or("the model's own effort");
    let checks = match request.checks.len() {
        0 => "no checks".to_owned(),
        1 => "1 check".to_owned(),
        many => format!("{many} checks"),
    };
    let yaml = request_file::to_yaml(&request)?;
    say::print(&format!(
        "{}: {}, {model}, {effort}, {checks}\n\n{}",
        request.name,
        request.endpoint.name(),
        yaml.trim_end()
    ))?;
    Ok(true)
}
