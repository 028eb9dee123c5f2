//! `cargo xtask run`: all the set-up, then the main job, in a window where there is a display.

use std::process::ExitCode;

use crate::fault::Fault;
use crate::place::Place;
use crate::program::Program;
use crate::{node, system, ui};

pub fn run(place: &Place, words: &[String]) -> Result<ExitCode, Fault> {
    let release = words.iter().any(|word| word == "--release");
    if has_display() {
        in_window(place, release)
    } else {
        println!(
            "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.\n\
             The same sample comparison runs in the terminal instead; it needs neither the web view nor the UI's packages.\n"
        );
        in_terminal(place, release)
    }
}

fn has_display() -> bool {
    // macOS and Windows have no such variable: whoever types there sees a desktop.
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn in_window(place: &Place, release: bool) -> Result<ExitCode, Fault> {
    // Before anything is installed: what only the reader can bring.
    node::check()?;
    system::provide(&[system::WINDOW])?;
    ui::build(place)?;
    println!("Building the window.");
    build(place, "rheostat", release)?;
    println!("Opening the window on the sample comparison.");
    start(place, "rheostat-desktop", release, &["--compare-sample"])
}

fn in_terminal(place: &Place, release: bool) -> Result<ExitCode, Fault> {
    println!("Building the headless face.");
    build(place, "rheostat-cli", release)?;
    start(place, "rheostat", release, &["compare", "--sample"])
}

fn build(place: &Place, package: &str, release: bool) -> Result<(), Fault> {
    Program::cargo()
        .args(["build", "--package", package, "--bins"])
        .args(release.then_some("--release"))
        .folder(place.root())
        .run()
}

fn start(place: &Place, name: &str, release: bool, words: &[&str]) -> Result<ExitCode, Fault> {
    let profile = if release { "release" } else { "debug" };
    let status = Program::new(&place.binary(profile, name).to_string_lossy())
        .args(words)
        .folder(place.root())
        .status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
