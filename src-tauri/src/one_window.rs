//! One window per home: a second start brings the first one forward, and ends.

use rheostat_core::paths::{DATA_VARIABLE, Paths, WORKSPACE_VARIABLE};
use rheostat_core::workbench::paths_from_environment;
use sha2::{Digest, Sha256};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Wry};

/// None where a second window may open: on folders of its own.
///
/// On Linux the name that stands for a running window is made of its folders. Elsewhere it is that of
/// the program, so a start that names other folders is none that another window could stand in for.
pub fn plugin() -> Option<TauriPlugin<Wry>> {
    let is_elsewhere = [DATA_VARIABLE, WORKSPACE_VARIABLE]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    if is_elsewhere && !cfg!(target_os = "linux") {
        return None;
    }
    // Without a home nothing opens, and why is said there.
    let paths = paths_from_environment().ok()?;
    let plugin = tauri_plugin_single_instance::Builder::new()
        .dbus_id(name_of(&paths))
        .callback(|app, _, _| bring_forward(app));
    Some(plugin.build())
}

/// The same for each start on these folders, however they are written.
fn name_of(paths: &Paths) -> String {
    let mut digest = Sha256::new();
    for path in [&paths.data, &paths.workspace] {
        // Not where links lead: before the first start there is no folder to follow them to.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        digest.update(path.as_os_str().as_encoded_bytes());
        digest.update([0]);
    }
    let short: String = digest
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("app.rheostat.desktop.home{short}")
}

fn bring_forward(app: &AppHandle) {
    let Some(window) = app.get_webview_window("main") else {
        return;
    };
    // Each may be refused by a desktop that lets no program push itself to the front.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}
