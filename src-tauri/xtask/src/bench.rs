//! `cargo xtask bench`: what Rheostat costs in time and memory, beside its peers in the same run.

use std::process::ExitCode;

use crate::fault::Fault;
use crate::place::Place;

pub fn run(_place: &Place, _words: &[String]) -> Result<ExitCode, Fault> {
    Err(Fault::new("Not built yet."))
}
