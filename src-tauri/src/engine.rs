//! Starts the stand-in and opens the engine over it.

use std::sync::{Arc, Mutex};

use rheostat_core::workbench::{Setup, Workbench};
use tauri::{App, AppHandle, Manager, RunEvent};

use crate::long_input::LongInputs;

/// The engine, for as long as the window lives.
pub struct Engine {
    pub workbench: Arc<Workbench>,
    pub long_inputs: Mutex<LongInputs>,
}

/// Opens the engine and puts it where `rpc` finds it.
pub fn open(app: &App, show_sample: bool) -> Result<(), Box<dyn std::error::Error>> {
    let any = rheostat_mock::Options::default();
    let stand_in = tauri::async_runtime::block_on(rheostat_mock::start(any))?;
    let workbench = Workbench::open(Setup {
        show_sample,
        ..Setup::from_environment(stand_in)?
    })?;
    if let Ok(mock) = workbench.mock() {
        // Other programs look for it where they found it before.
        tauri::async_runtime::block_on(mock.listen_as_set());
    }
    app.manage(Engine {
        workbench: Arc::new(workbench),
        long_inputs: Mutex::default(),
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
