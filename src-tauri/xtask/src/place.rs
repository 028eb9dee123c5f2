//! Where things lie: the repository, the build folder, and what was built into it.

use std::path::{Path, PathBuf};

use crate::fault::Fault;

/// The repository and its build folder.
pub struct Place {
    root: PathBuf,
    target: PathBuf,
}

impl Place {
    pub fn find() -> Result<Self, Fault> {
        // Cargo sets this for `cargo run`; without it the binary was started by hand.
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .ok_or_else(|| Fault::new("Start this with `cargo xtask`, not by its path."))?;
        let root = here
            .ancestors()
            .nth(2)
            .map(Path::to_path_buf)
            .ok_or_else(|| Fault::new("The repository's top folder was not found."))?;
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn in_root(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn in_target(&self, path: &str) -> PathBuf {
        self.target.join(path)
    }

    /// A binary of the workspace, once built.
    pub fn binary(&self, profile: &str, name: &str) -> PathBuf {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.target.join(profile).join(file)
    }
}
