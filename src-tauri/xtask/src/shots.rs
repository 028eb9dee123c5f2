//! `cargo xtask shots`: screenshots of the real window, into `shots/`.

use std::process::ExitCode;

use crate::e2e;
use crate::fault::Fault;
use crate::place::Place;
use crate::program::Program;
use crate::test::WHOLE;

pub fn run(place: &Place, words: &[String]) -> Result<ExitCode, Fault> {
    let display = e2e::set_up(place)?;
    Program::cargo()
        .args(["build", "--bins", "--example", "shots"])
        .args(WHOLE)
        .folder(place.root())
        .run()?;
    let status = Program::new(&place.binary("debug/examples", "shots").to_string_lossy())
        .args([place.in_root("shots")])
        .args(words)
        .envs(display.env())
        .folder(place.root())
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
