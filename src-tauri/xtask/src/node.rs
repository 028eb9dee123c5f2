//! Node: the one thing beside Rust that a reader must have. Says which version is needed, and stops.

use crate::fault::Fault;
use crate::program::Program;

/// The oldest Node that the UI's build runs on.
pub const NEEDED: (u32, u32) = (20, 19);

/// Stops with words unless a Node that is new enough is there, with npm.
pub fn check() -> Result<(), Fault> {
    let (major, minor) = NEEDED;
    let get = "Get it from https://nodejs.org or your system's packages, then run the same command again.";
    let Some(answer) = Program::new("node").args(["--version"]).answer() else {
        return Err(Fault::new(format!(
            "Node is missing: the UI needs Node {major}.{minor} or newer. {get}"
        )));
    };
    match version(&answer) {
        Some(found) if found >= NEEDED => {}
        _ => {
            return Err(Fault::new(format!(
                "Node {} is too old: the UI needs Node {major}.{minor} or newer. {get}",
                answer.trim().trim_start_matches('v')
            )));
        }
    }
    if !Program::of_node("npm").args(["--version"]).succeeds() {
        return Err(Fault::new(format!(
            "Node is there, but npm is missing: it comes with Node {major}.{minor} or newer, or as your system's package npm."
        )));
    }
    Ok(())
}

fn version(answer: &str) -> Option<(u32, u32)> {
    let mut parts = answer.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{NEEDED, version};

    #[test]
    fn versions_are_compared_as_numbers() {
        let cases = ["v20.19.0", "v20.9.1", "v18.20.4", "v100.0.0", "node"]
            .map(|answer| version(answer).is_some_and(|found| found >= NEEDED));
        assert_eq!(
            cases,
            [true, false, false, true, false],
            "20.9 is older than 20.19"
        );
    }
}
