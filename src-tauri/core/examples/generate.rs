//! Writes what is generated from the engine: `generate ROOT [--check]`. With `--check` nothing is
//! written, and a stale file is named with exit code 1.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.iter().any(|argument| argument == "--check");
    let Some(root) = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
        .map(PathBuf::from)
    else {
        eprintln!("usage: generate ROOT [--check]");
        return ExitCode::FAILURE;
    };
    match rheostat_core::contract::typescript() {
        Ok(text) => settle(&root.join("ui/src/contract/ipc.ts"), &text, check),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn settle(path: &Path, text: &str, check: bool) -> ExitCode {
    if std::fs::read_to_string(path).is_ok_and(|known| known == text) {
        return ExitCode::SUCCESS;
    }
    if check {
        eprintln!("{} is stale: run `cargo xtask gen`.", path.display());
        return ExitCode::FAILURE;
    }
    match std::fs::write(path, text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} could not be written: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}
