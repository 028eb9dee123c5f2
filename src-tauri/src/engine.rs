//! Starts the stand-in and opens the engine over it.

use std::sync::Arc;

use rheostat_core::workbench::{Setup, Workbench};
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
    let workbench = Workbench::open(Setup {
        show_sample,
        ..Setup::from_environment(stand_in.base_url())?
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
