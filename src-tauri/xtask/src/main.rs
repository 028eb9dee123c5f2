//! `cargo xtask`: the set-up and the chores of this repository. The table below is all there is.

mod bench;
mod display;
mod e2e;
mod fault;
mod generate;
mod libtest;
mod node;
mod package;
mod place;
mod program;
mod python;
mod report;
mod run;
mod shots;
mod stamp;
mod system;
mod test;
mod ui;
mod vitest;

use std::process::ExitCode;

use fault::Fault;
use place::Place;

/// What a chore gets: where the repository lies, and the words after the chore's name.
type Chore = fn(&Place, &[String]) -> Result<ExitCode, Fault>;

const CHORES: &[(&str, &str, Chore)] = &[
    (
        "run",
        "sets everything up and opens the window on the sample comparison; in the terminal where there is no display (--release: the optimised build)",
        run::run,
    ),
    (
        "test",
        "sets everything up and runs every check and test, the real window included",
        test::run,
    ),
    ("e2e", "runs only the window tests", e2e::run),
    (
        "bench",
        "measures stream rate, the stand-in, frame time, start-up and memory against peers, in a release build (stream, stand-in, window: only that part)",
        bench::run,
    ),
    (
        "shots",
        "writes screenshots of the real window into shots/",
        shots::run,
    ),
    ("package", "builds a .deb and an AppImage", package::run),
    (
        "gen",
        "writes the generated files (--check: only says whether they are fresh)",
        generate::run,
    ),
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let Some((_, _, chore)) = CHORES.iter().find(|(known, ..)| *known == name) else {
        let asked_for_help = ["", "help", "-h", "--help"].contains(&name.as_str());
        if !asked_for_help {
            eprintln!("There is no chore called {name:?}.\n");
        }
        println!("cargo xtask <chore>\n");
        for (known, what, _) in CHORES {
            println!("  {known:<8} {what}");
        }
        return ExitCode::from(if asked_for_help { 0 } else { 2 });
    };
    match Place::find().and_then(|place| chore(&place, &rest)) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("\n{fault}");
            ExitCode::FAILURE
        }
    }
}
