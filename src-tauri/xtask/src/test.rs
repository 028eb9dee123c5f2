//! `cargo xtask test`: the set-up for tests, then all of them, down to one closing line.

use std::process::ExitCode;

use crate::display::Display;
use crate::fault::Fault;
use crate::place::Place;
use crate::program::{self, Program};
use crate::report::{Count, Report};
use crate::{libtest, node, python, system, ui, vitest};

/// One selection of packages and features for every cargo call: another would build everything anew.
pub const WHOLE: &[&str] = &["--workspace", "--features", "rheostat-tests/window"];

/// Nothing outside of Linux drives a system web view from outside.
pub const CAN_DRIVE: bool = cfg!(target_os = "linux");

pub fn run(place: &Place, _words: &[String]) -> Result<ExitCode, Fault> {
    let mut report = Report::default();
    if let Err(fault) = steps(place, &mut report) {
        report.check("set-up", Err(fault));
    }
    Ok(report.close())
}

fn steps(place: &Place, report: &mut Report) -> Result<(), Fault> {
    let mut env = set_up(place)?;
    let cargo = |words: &[&str]| Program::cargo().args(words).folder(place.root());
    let npm = |script: &str| {
        Program::of_node("npm")
            .args(["run", script])
            .folder(&place.in_root("ui"))
    };

    report.check("Rust formatting", cargo(&["fmt", "--all", "--check"]).run());
    report.check("UI lint", npm("lint").run());
    report.check("UI types", npm("check").run());
    vitest::run(place, report)?;

    let whole = if CAN_DRIVE { WHOLE } else { &WHOLE[..1] };
    report.check(
        "Rust lint",
        cargo(&["clippy", "--quiet", "--all-targets"])
            .args(whole)
            .args(["--", "--deny", "warnings"])
            .run(),
    );
    licences(place, report);
    // The window and the headless face, which tests start as programs of their own, are built here:
    // `cargo test` leaves out the binaries of packages without integration tests.
    let built = cargo(&["build", "--all-targets"]).args(whole).run();
    let is_built = built.is_ok();
    report.check("build", built);
    if !is_built {
        return Ok(());
    }
    report.check(
        "generated files",
        Program::new(&place.binary("debug/examples", "generate").to_string_lossy())
            .args([place.root()])
            .args(["--check"])
            .folder(place.root())
            .run(),
    );

    let display = if CAN_DRIVE {
        Some(Display::start(place)?)
    } else {
        None
    };
    match &display {
        Some(display) => env.extend_from_slice(display.env()),
        None => {
            report.count(
                "window tests",
                Count {
                    skipped: 1,
                    ..Count::default()
                },
            );
            report.because(
                "skipped: window tests: this system has no WebDriver for its own web view"
                    .to_owned(),
            );
        }
    }
    let tests = cargo(&["test", "--no-fail-fast"]).args(whole).envs(&env);
    libtest::run("Rust, SDK and window tests", tests, report)
}

/// What may be built in, by `deny.toml`: looked over where the program for it is there.
fn licences(place: &Place, report: &mut Report) {
    if !program::exists("cargo-deny") {
        println!(
            "cargo-deny is not installed, so licences and sources are not looked over. `cargo install cargo-deny --locked` brings it."
        );
        return;
    }
    report.check(
        "licences and sources",
        Program::cargo()
            .args(["deny", "check", "bans", "licenses", "sources"])
            .folder(place.root())
            .run(),
    );
}

/// Everything that the tests need on this machine. Returns what they need in their environment.
fn set_up(place: &Place) -> Result<Vec<(String, String)>, Fault> {
    // Before anything is installed: what only the reader can bring.
    node::check()?;
    system::provide(&[system::WINDOW, system::DRIVEN_WINDOW, system::KEYCHAIN])?;
    ui::build(place)?;
    ui::install(&place.in_root("tests/sdk/node"))?;
    ui::install(&place.in_root("tests/promptfoo"))?;
    let python = python::provide(place)?;
    let suite = python::schema_suite(place, &python)?;
    let path = |path: &std::path::Path| path.to_string_lossy().into_owned();
    Ok(vec![
        ("RHEOSTAT_SDK_PYTHON".to_owned(), path(&python)),
        ("RHEOSTAT_SCHEMA_SUITE".to_owned(), path(&suite)),
    ])
}
