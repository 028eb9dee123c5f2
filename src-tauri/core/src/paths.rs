//! Where data lives, by the rules of the system unless the environment says otherwise.

use std::path::PathBuf;

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

use crate::error::{Error, ErrorCode, Result};

/// Names the data folder, instead of the system's place for it.
pub const DATA_VARIABLE: &str = "RHEOSTAT_DATA";
/// Names the workspace folder, instead of `workspace` in the data folder.
pub const WORKSPACE_VARIABLE: &str = "RHEOSTAT_WORKSPACE";

/// The folders of an installation.
#[derive(Debug, Clone)]
pub struct Paths {
    /// History, and the sample workspace.
    pub data: PathBuf,
    pub workspace: PathBuf,
}

impl Paths {
    /// `data` and `workspace` are the two variables as the caller read them from the environment.
    ///
    /// # Errors
    /// `BadInput` where the system names no home folder and `data` doesn't either.
    pub fn find(data: Option<PathBuf>, workspace: Option<PathBuf>) -> Result<Self> {
        let data = match data {
            Some(data) => data,
            None => choose_app_strategy(AppStrategyArgs {
                top_level_domain: "app".into(),
                author: "Rheostat".into(),
                app_name: "rheostat".into(),
            })
            .map_err(|error| {
                Error::new(
                    ErrorCode::BadInput,
                    format!("The system names no home folder: {error}."),
                )
                .hint(format!("Set {DATA_VARIABLE} to a folder."))
            })?
            .data_dir(),
        };
        let workspace = workspace.unwrap_or_else(|| data.join("workspace"));
        Ok(Self { data, workspace })
    }
}
