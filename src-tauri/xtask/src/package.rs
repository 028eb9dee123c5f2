//! `cargo xtask package`: the bundles that are handed out, a .deb and an AppImage.

use std::process::ExitCode;

use crate::fault::Fault;
use crate::place::Place;

pub fn run(_place: &Place, _words: &[String]) -> Result<ExitCode, Fault> {
    Err(Fault::new("Not built yet."))
}
