//! Where the workspace's own programs lie, once built.

use std::path::PathBuf;

use crate::failure::{Failure, Result};

/// The window.
pub const WINDOW: &str = "rheostat-desktop";
/// The headless face.
pub const TERMINAL: &str = "rheostat";

/// The program of this name, from the same build as the running test or example.
pub fn built(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    // Tests lie in target/<profile>/deps, examples in target/<profile>/examples.
    let folder = here
        .ancestors()
        .nth(2)
        .ok_or_else(|| Failure::new("The build folder was not found."))?;
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        Ok(program)
    } else {
        Err(Failure::new(format!(
            "{} is not built: `cargo xtask e2e` builds it.",
            program.display()
        )))
    }
}
