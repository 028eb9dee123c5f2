//! `cargo xtask e2e`: only the window tests.

use std::process::ExitCode;

use crate::display::Display;
use crate::fault::Fault;
use crate::place::Place;
use crate::program::Program;
use crate::report::Report;
use crate::test::{CAN_DRIVE, WHOLE};
use crate::{libtest, system, ui};

pub fn run(place: &Place, words: &[String]) -> Result<ExitCode, Fault> {
    let display = set_up(place)?;
    // Built together, so that the binaries get the same features as the test that starts them.
    Program::cargo()
        .args(["build", "--bins", "--test", "window"])
        .args(WHOLE)
        .folder(place.root())
        .run()?;
    let tests = Program::cargo()
        .args(["test", "--test", "window"])
        .args(WHOLE)
        .args(["--"])
        .args(words)
        .envs(display.env())
        .folder(place.root());
    let mut report = Report::default();
    libtest::run("window tests", tests, &mut report)?;
    Ok(report.close())
}

/// What every chore that drives the window needs, and a screen to open it on.
pub fn set_up(place: &Place) -> Result<Display, Fault> {
    if !CAN_DRIVE {
        return Err(Fault::new(
            "This system has no WebDriver for its own web view: the window can be driven on Linux only.",
        ));
    }
    system::provide(&[system::WINDOW, system::DRIVEN_WINDOW])?;
    ui::build(place)?;
    Display::start(place)
}
