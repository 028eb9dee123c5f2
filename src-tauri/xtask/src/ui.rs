//! The web view's packages and its build. Neither is done twice for the same inputs.

use std::path::Path;

use crate::fault::Fault;
use crate::node;
use crate::place::Place;
use crate::program::Program;
use crate::stamp::Stamp;

/// Folders of `ui/` that the build does not read, or that it writes itself.
const NOT_SOURCE: &[&str] = &["node_modules", "dist", "coverage", ".svelte-kit"];

/// Node, the packages, and the built page in `ui/dist`: all that the window's build needs.
pub fn build(place: &Place) -> Result<(), Fault> {
    node::check()?;
    install(&place.in_root("ui"))?;
    let source = Stamp::over(
        place.in_target("stamps/ui"),
        &[place.in_root("ui")],
        NOT_SOURCE,
    )?;
    if source.is_fresh() && place.in_root("ui/dist/index.html").exists() {
        return Ok(());
    }
    println!("Building the UI.");
    Program::of_node("npm")
        .args(["run", "build"])
        .folder(&place.in_root("ui"))
        .run()?;
    source.write()
}

/// The packages of a folder exactly as its lock file names them.
pub fn install(folder: &Path) -> Result<(), Fault> {
    // Kept among the packages, so that it vanishes with them.
    let stamp = folder.join("node_modules/.rheostat-stamp");
    let locked = Stamp::over(
        stamp,
        &[
            folder.join("package.json"),
            folder.join("package-lock.json"),
        ],
        &[],
    )?;
    if locked.is_fresh() {
        return Ok(());
    }
    println!("Installing the packages of {}.", folder.display());
    Program::of_node("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .folder(folder)
        .run()?;
    locked.write()
}
