//! Prepares the bundle: declares the one command to the access list, and the icon that Windows shows.

use tauri_build::{AppManifest, Attributes, WindowsAttributes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Undeclared, the command would be open to every page that a window ever shows.
    let manifest = AppManifest::new().commands(&["rpc"]);
    // The icons live beside src-tauri, where the default path does not look.
    let windows = WindowsAttributes::new().window_icon_path("../icons/icon.ico");
    tauri_build::try_build(
        Attributes::new()
            .app_manifest(manifest)
            .windows_attributes(windows),
    )?;
    Ok(())
}
