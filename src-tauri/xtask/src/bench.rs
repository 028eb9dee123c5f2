//! `cargo xtask bench`: what Rheostat costs in time and memory, beside its peers in the same run.

use std::process::ExitCode;

use crate::display::Display;
use crate::fault::Fault;
use crate::place::Place;
use crate::program::Program;
use crate::test::CAN_DRIVE;
use crate::{e2e, node, package, ui};

/// In this order. The last four open the window.
const PARTS: [&str; 7] = [
    "stream", "stand-in", "tokens", WINDOWS[0], WINDOWS[1], WINDOWS[2], WINDOWS[3],
];
const WINDOWS: [&str; 4] = ["window", "workspace", "prompt", "schema"];

pub fn run(place: &Place, words: &[String]) -> Result<ExitCode, Fault> {
    let mut parts = chosen(words)?;
    if opens_window(&parts) && !CAN_DRIVE {
        println!("The window is measured on Linux only: nothing else drives it.");
        parts.retain(|part| !WINDOWS.contains(part));
    }
    let display = if opens_window(&parts) {
        Some(e2e::set_up(place)?)
    } else {
        node::check()?;
        None
    };
    let (sdk, peers) = (
        place.in_root("tests/sdk/node"),
        place.in_root("tests/examples/bench"),
    );
    ui::install(&sdk)?;
    ui::install(&peers)?;
    if display.is_some() {
        package::build_release(
            place,
            &["--bins", "--example", "bench", "--example", "bare_window"],
        )?;
    } else {
        // Without the window, so that neither the web view nor the UI is needed.
        Program::cargo()
            .args(["build", "--release", "--package", "rheostat-tests"])
            .args(["--example", "bench"])
            .folder(place.root())
            .run()?;
    }
    let status = Program::new(&place.binary("release/examples", "bench").to_string_lossy())
        .args([&sdk, &peers])
        .args(parts)
        .envs(display.as_ref().map_or(&[], Display::env))
        .folder(place.root())
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn opens_window(parts: &[&str]) -> bool {
    parts.iter().any(|part| WINDOWS.contains(part))
}

/// The parts that are named, in their order; all where none is.
fn chosen(words: &[String]) -> Result<Vec<&'static str>, Fault> {
    if let Some(unknown) = words.iter().find(|word| !PARTS.contains(&word.as_str())) {
        return Err(Fault::new(format!(
            "The bench has no part called {unknown:?}. It has {}.",
            PARTS.join(", ")
        )));
    }
    let named = |part: &&str| words.is_empty() || words.iter().any(|word| word == part);
    Ok(PARTS.into_iter().filter(named).collect())
}

#[cfg(test)]
mod tests {
    use super::{PARTS, chosen};

    #[test]
    fn parts_are_chosen_by_name() {
        let choose = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            chosen(&words).ok()
        };
        assert_eq!(choose(&[]), Some(PARTS.to_vec()));
        assert_eq!(
            choose(&["window", "stream"]),
            Some(vec!["stream", "window"])
        );
        assert_eq!(choose(&["schema"]), Some(vec!["schema"]));
        assert_eq!(choose(&["windows"]), None);
    }
}
