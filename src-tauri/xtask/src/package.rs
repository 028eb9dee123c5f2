//! `cargo xtask package`: the bundles that are handed out, a .deb and an AppImage.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use serde_json::json;

use crate::fault::Fault;
use crate::place::Place;
use crate::program::{self, Program};
use crate::{system, ui};

pub fn run(place: &Place, _words: &[String]) -> Result<ExitCode, Fault> {
    if !cfg!(target_os = "linux") {
        return Err(Fault::new(
            "A .deb and an AppImage can be built on Linux only.",
        ));
    }
    system::provide(&[system::WINDOW, system::PACKAGING])?;
    ui::build(place)?;
    build_release(place, &["--bins"])?;

    let deb =
        bundle(place, "deb").map_err(|fault| Fault::new(format!("No .deb was made. {fault}")))?;
    println!("\n{}", deb.display());
    list(&deb);
    // Its bundler fetches its own parts at the first use; the .deb does not depend on them.
    match bundle(place, "appimage") {
        Ok(image) => println!("\n{}", image.display()),
        Err(fault) => println!(
            "\nNo AppImage was made: {fault}\n\
             Most often a tool is missing: linuxdeploy and AppRun, which the bundler downloads from GitHub at \
             its first use and keeps in ~/.cache/tauri. Where GitHub can be reached, the same command makes it."
        ),
    }
    Ok(ExitCode::SUCCESS)
}

/// An optimised build of the whole workspace. One selection for packages and bench: built once.
pub fn build_release(place: &Place, what: &[&str]) -> Result<(), Fault> {
    Program::cargo()
        .args(["build", "--release", "--workspace"])
        .args(what)
        .folder(place.root())
        .run()
}

/// Puts the built programs into one kind of bundle and returns the file.
fn bundle(place: &Place, kind: &str) -> Result<PathBuf, Fault> {
    // The bundler takes the window's package alone; the headless face comes from another.
    let headless = json!({ "/usr/bin/rheostat": place.binary("release", "rheostat") });
    let config = json!({ "bundle": { "linux": {
        "deb": { "files": headless },
        "appimage": { "files": headless },
    } } });
    let started = SystemTime::now();
    Program::new("node")
        .args([place.in_root("ui/node_modules/@tauri-apps/cli/tauri.js")])
        .args(["bundle", "--bundles", kind, "--config", &config.to_string()])
        .folder(place.root())
        .run()?;
    let folder = place.in_target(&format!("release/bundle/{kind}"));
    let ending = if kind == "deb" { "deb" } else { "AppImage" };
    newest(&folder, ending, started)
        .ok_or_else(|| Fault::new(format!("{} holds no new .{ending}.", folder.display())))
}

/// The file with this ending that was written since a moment: older bundles lie there too.
fn newest(folder: &Path, ending: &str, since: SystemTime) -> Option<PathBuf> {
    std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            let written = path.metadata().and_then(|metadata| metadata.modified());
            path.extension().is_some_and(|found| found == ending)
                && written.is_ok_and(|written| written >= since)
        })
}

/// Shows what a .deb would put where.
fn list(deb: &Path) {
    if !program::exists("dpkg-deb") {
        return;
    }
    let contents = Program::new("dpkg-deb")
        .args(["--contents"])
        .args([deb])
        .answer()
        .unwrap_or_default();
    for line in contents.lines().filter(|line| !line.starts_with('d')) {
        println!("  {line}");
    }
}
