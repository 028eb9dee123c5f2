//! `cargo xtask gen`: writes what is generated from the engine's types, or says whether it is fresh.

use std::process::ExitCode;

use crate::fault::Fault;
use crate::place::Place;
use crate::program::Program;

pub fn run(place: &Place, words: &[String]) -> Result<ExitCode, Fault> {
    let status = Program::cargo()
        .args([
            "run",
            "--quiet",
            "--package",
            "rheostat-core",
            "--example",
            "generate",
            "--",
        ])
        .args([place.root()])
        .args(words)
        .folder(place.root())
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
