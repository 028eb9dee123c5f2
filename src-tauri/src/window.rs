//! The main window, as `tauri.conf.json` describes it, shown where and how it was left.

use tauri::{App, WebviewWindowBuilder};

/// Opens the window.
pub fn open(app: &App) -> tauri::Result<()> {
    let mut config = app
        .config()
        .app
        .windows
        .first()
        .cloned()
        .unwrap_or_default();
    // WebKitGTK tells a page that something is dropped, and not which files: the window hears their
    // paths and passes them on. Elsewhere the page gets the files, if nothing stands in between:
    // <https://github.com/tauri-apps/tauri/issues/3558>.
    config.drag_drop_enabled = cfg!(target_os = "linux");
    // What a model wrote must not lead the page elsewhere: it stays on its own address.
    WebviewWindowBuilder::from_config(app, &config)?
        .on_navigation(|url| {
            matches!(
                (url.scheme(), url.host_str()),
                ("tauri", _) | ("http" | "https", Some("tauri.localhost"))
            )
        })
        .build()?;
    Ok(())
}
