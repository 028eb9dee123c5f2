//! Every environment of the workspace, with what is wrong with those that can't be used.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::workbench::Workbench;
use crate::workbench::live::Live;
use crate::workspace::environment_file::EnvironmentColor;
use crate::workspace::environments::ReadEnvironment;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListEnvironmentsInput {}

/// An environment in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EnvironmentSummary {
    /// Relative to the workspace folder, with forward slashes.
    pub path: String,
    /// None where the file can't be read.
    pub id: Option<String>,
    /// Its file's name where the file can't be read.
    pub name: String,
    pub color: EnvironmentColor,
    pub production: bool,
    /// Why it can't be used; it is listed all the same.
    pub problem: Option<Error>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListEnvironmentsOutput {
    /// By name.
    pub environments: Vec<EnvironmentSummary>,
    /// The id of the one in use.
    pub active: Option<String>,
}

/// # Errors
/// None.
pub async fn run(bench: &Workbench, _: ListEnvironmentsInput) -> Result<ListEnvironmentsOutput> {
    let environments = bench.workspace.environments();
    Ok(ListEnvironmentsOutput {
        environments: environments.iter().map(summary).collect(),
        active: bench.route().environment.map(|chosen| chosen.id),
    })
}

/// An environment as a list shows it.
pub fn summary(read: &ReadEnvironment) -> EnvironmentSummary {
    let file = read.file.as_ref().ok();
    let usable = read
        .file
        .clone()
        .and_then(|file| Live::in_environment(&read.path, file));
    EnvironmentSummary {
        path: read.path.clone(),
        id: file.map(|file| file.id.clone()),
        name: read.name().to_owned(),
        color: file.map(|file| file.color).unwrap_or_default(),
        production: file.is_some_and(|file| file.production),
        problem: usable.err(),
    }
}
