//! Opens the engine for a terminal, over a stand-in of its own.

use std::path::Path;

use rheostat_core::error::Error;
use rheostat_core::ops::open_workbench::ConnectionMode;
use rheostat_core::ops::set_connection::{self, SetConnectionInput};
use rheostat_core::workbench::{OPENAI, Setup, Workbench};
use rheostat_core::workspace::request_file::{self, RequestFile};
use rheostat_core::workspace::samples;
use rheostat_mock::Options;

use crate::{Common, say};

/// Opens the engine on the connection that the arguments ask for.
///
/// # Errors
/// Also where the history can't be kept: in a terminal a run without a record would be lost.
pub async fn open(common: &Common) -> Result<Workbench, Error> {
    let stand_in = rheostat_mock::start(Options::default())
        .await
        .map_err(|error| Error::internal("The stand-in could not start", error))?;
    let workbench = Workbench::open(Setup::from_environment(stand_in)?)?;
    if let Some(problem) = &workbench.history_problem {
        return Err(problem.clone());
    }
    for problem in &workbench.data_problems {
        say::error(problem);
    }
    if common.live || common.base_url.is_some() {
        let live_base_url = common.base_url.clone().or_else(|| Some(OPENAI.to_owned()));
        set_connection::run(
            &workbench,
            SetConnectionInput {
                mode: ConnectionMode::Live,
                live_base_url,
            },
        )
        .await?;
    }
    Ok(workbench)
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
