//! Starts the stand-in and opens the engine: the environment is read here and nowhere below.

use std::path::PathBuf;
use std::sync::Arc;

use rheostat_core::clock::SystemClock;
use rheostat_core::openai::network::{CA_FILE_VARIABLE, Network, PROXY_VARIABLE};
use rheostat_core::paths::{DATA_VARIABLE, Paths, WORKSPACE_VARIABLE};
use rheostat_core::workbench::{KEY_VARIABLE, Setup, Workbench};
use tauri::{App, AppHandle, Manager, RunEvent};

/// The engine, for as long as the window lives.
pub struct Engine {
    pub workbench: Arc<Workbench>,
    /// Serves sample replies until it is dropped.
    _stand_in: rheostat_mock::StandIn,
}

/// Opens the engine and puts it where `rpc` finds it.
pub fn open(app: &App, show_sample: bool) -> Result<(), Box<dyn std::error::Error>> {
    let speed = rheostat_mock::Speed::from_environment()?;
    let stand_in = tauri::async_runtime::block_on(rheostat_mock::start(rheostat_mock::Options {
        port: 0,
        speed,
    }))?;
    let folder = |variable: &str| {
        std::env::var_os(variable)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let workbench = Workbench::open(Setup {
        paths: Paths::find(folder(DATA_VARIABLE), folder(WORKSPACE_VARIABLE))?,
        stand_in: stand_in.base_url(),
        environment_key: std::env::var(KEY_VARIABLE).ok().map(Into::into),
        network: Network {
            proxy: std::env::var(PROXY_VARIABLE).ok().map(Into::into),
            ca_file: std::env::var_os(CA_FILE_VARIABLE).map(PathBuf::from),
        },
        clock: Arc::new(SystemClock),
        show_sample,
    })?;
    app.manage(Engine {
        workbench: Arc::new(workbench),
        _stand_in: stand_in,
    });
    Ok(())
}

/// What has arrived is on disk before the process ends.
pub fn on_event(app: &AppHandle, event: RunEvent) {
    if let RunEvent::Exit = event
        && let Some(engine) = app.try_state::<Engine>()
    {
        engine.workbench.close();
    }
}
