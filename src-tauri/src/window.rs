//! The main window, as `tauri.conf.json` describes it, shown where and how it was left.

use tauri::{App, WebviewWindowBuilder};

/// Opens the window.
pub fn open(app: &App) -> tauri::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .first()
        .cloned()
        .unwrap_or_default();
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
