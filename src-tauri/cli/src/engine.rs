//! Opens the engine for a terminal, over a stand-in of its own.

use std::path::Path;

use clap::Args;
use rheostat_core::error::Error;
use rheostat_core::ops::open_workbench::ConnectionMode;
use rheostat_core::ops::set_connection::{self, SetConnectionInput};
use rheostat_core::run::facts::RunSource;
use rheostat_core::workbench::{Setup, Workbench};
use rheostat_core::workspace::request_file::{self, RequestFile};
use rheostat_core::workspace::samples;
use rheostat_mock::Options;

use crate::{Common, say};

/// Opens the engine on the connection that the arguments ask for.
///
/// # Errors
/// Also where the history can't be kept: in a terminal a run without a record would be lost.
pub async fn open(common: &Common) -> Result<Workbench, Error> {
    let mut workbench = Workbench::open(Setup::from_environment(stand_in().await?)?)?;
    workbench.source = RunSource::Terminal;
    if let Some(problem) = &workbench.history_problem {
        return Err(problem.clone());
    }
    for problem in &workbench.data_problems {
        say::error(problem);
    }
    let mode = match common.live || common.base_url.is_some() {
        true => ConnectionMode::Live,
        false => ConnectionMode::Sample,
    };
    connect(
        &workbench,
        mode,
        common.base_url.clone(),
        &common.environment,
    )
    .await?;
    Ok(workbench)
}

/// Opens the engine to look at or change what it is set to: nothing will be sent as a run.
///
/// # Errors
/// As [`Workbench::open`].
pub async fn open_settings() -> Result<Workbench, Error> {
    Workbench::open(Setup::from_environment(stand_in().await?)?)
}

async fn stand_in() -> Result<rheostat_mock::StandIn, Error> {
    rheostat_mock::start(Options::default())
        .await
        .map_err(|error| Error::internal("The stand-in could not start", error))
}

/// Which environment, and whether it may be called.
#[derive(Args, Default)]
pub struct EnvironmentArgs {
    /// Use this environment of the workspace: its base URL, key, limits and variables. `rheostat env list` names them.
    #[arg(long = "env", value_name = "NAME", conflicts_with = "base_url")]
    name: Option<String>,
    /// Let the call go out although the environment is production.
    #[arg(long, requires = "name")]
    confirm_production: bool,
}

/// Sets where requests go.
///
/// # Errors
/// As `set_connection`.
pub async fn connect(
    workbench: &Workbench,
    mode: ConnectionMode,
    live_base_url: Option<String>,
    environment: &EnvironmentArgs,
) -> Result<(), Error> {
    let input = SetConnectionInput {
        mode,
        live_base_url,
        environment: environment.name.clone(),
    };
    set_connection::run(workbench, input).await?;
    if environment.confirm_production {
        workbench.confirm_production()?;
    }
    Ok(())
}

/// The request at `path`, or the sample's.
///
/// # Errors
/// `FileUnreadable` and `FileInvalid`, naming the file and the line.
pub fn request(workbench: &Workbench, path: Option<&Path>) -> Result<RequestFile, Error> {
    match path {
        // A file of the workspace has what its folders hand down.
        Some(path) => match workbench.workspace.relative(path) {
            Some(inside) => workbench.workspace.read(&inside),
            None => request_file::read(path),
        }
        .map(|read| read.request),
        None => samples::first(&workbench.workspace),
    }
}
