//! `cargo xtask bench`: what Rheostat costs in time and memory, beside its peers in the same run.

use std::process::ExitCode;

use crate::display::Display;
use crate::fault::Fault;
use crate::place::Place;
use crate::program::Program;
use crate::test::CAN_DRIVE;
use crate::{e2e, package, ui};

pub fn run(place: &Place, _words: &[String]) -> Result<ExitCode, Fault> {
    let display = if CAN_DRIVE {
        Some(e2e::set_up(place)?)
    } else {
        None
    };
    let sdk = place.in_root("tests/sdk/node");
    ui::build(place)?;
    ui::install(&sdk)?;
    package::build_release(
        place,
        &["--bins", "--example", "bench", "--example", "bare_window"],
    )?;
    let status = Program::new(&place.binary("release/examples", "bench").to_string_lossy())
        .args([&sdk])
        .envs(display.as_ref().map_or(&[], Display::env))
        .folder(place.root())
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
