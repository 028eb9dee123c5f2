//! Writes an environment to its file, or to a new one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::list_environments::{EnvironmentSummary, summary};
use crate::error::{Error, ErrorCode, Result};
use crate::ids;
use crate::ops::open_workbench::Connection;
use crate::workbench::Workbench;
use crate::workbench::live::Live;
use crate::workspace::environment_file::EnvironmentFile;
use crate::workspace::environments::ReadEnvironment;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveEnvironmentInput {
    /// The file that it was read from; None makes a new one, and gives it an id.
    pub path: Option<String>,
    pub environment: EnvironmentFile,
    /// The stamp it was read with. If the file has changed since, nothing is written.
    pub stamp: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SaveEnvironmentOutput {
    pub path: String,
    pub stamp: String,
    pub summary: EnvironmentSummary,
    /// It may be the one in use.
    pub connection: Connection,
}

/// # Errors
/// `BadInput` with the field for what no file may hold, such as a key; `FileChanged`, `FileUnwritable`. The file is as it
/// was.
pub async fn run(bench: &Workbench, input: SaveEnvironmentInput) -> Result<SaveEnvironmentOutput> {
    let SaveEnvironmentInput {
        path,
        mut environment,
        stamp,
    } = input;
    if path.is_none() {
        environment.id = ids::new();
    }
    let fit = Live::in_environment("base_url", environment.clone());
    fit.map_err(|error| Error {
        code: ErrorCode::BadInput,
        ..error
    })?;
    let (path, stamp) = match path {
        Some(path) => {
            let stamp = stamp.unwrap_or_default();
            let stamp = bench
                .workspace
                .save_environment(&path, &environment, &stamp)?;
            (path, stamp)
        }
        None => bench.workspace.create_environment(&environment)?,
    };
    let written = ReadEnvironment {
        path: path.clone(),
        stamp: Some(stamp.clone()),
        file: Ok(environment),
    };
    Ok(SaveEnvironmentOutput {
        path,
        stamp,
        summary: summary(&written),
        connection: Connection::of(bench),
    })
}
