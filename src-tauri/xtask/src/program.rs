//! Starts other programs: shows what is run, and says which one failed.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::fault::Fault;

/// A program with its arguments, to be run from a folder.
pub struct Program {
    command: Command,
    shown: String,
}

impl Program {
    pub fn new(name: &str) -> Self {
        Self {
            command: Command::new(name),
            shown: name.to_owned(),
        }
    }

    /// One of Node's own programs (`npm`, `npx`), which are scripts with another ending on Windows.
    pub fn of_node(name: &str) -> Self {
        if cfg!(windows) {
            Self::new(&format!("{name}.cmd"))
        } else {
            Self::new(name)
        }
    }

    /// The cargo that runs this chore, so that its toolchain is kept.
    pub fn cargo() -> Self {
        let mut cargo = Self::new("cargo");
        if let Some(path) = std::env::var_os("CARGO") {
            cargo.command = Command::new(path);
        }
        // Cargo sets these for this chore. Build scripts that watch them would run again each time
        // a build is started from a chore after one from a shell.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                cargo.command.env_remove(&name);
            }
        }
        cargo
    }

    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        for arg in args {
            self.shown.push(' ');
            self.shown.push_str(&arg.as_ref().to_string_lossy());
            self.command.arg(arg);
        }
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn envs(mut self, pairs: &[(String, String)]) -> Self {
        for (name, value) in pairs {
            self.command.env(name, value);
        }
        self
    }

    pub fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The command as it is, for callers that keep the process or its output.
    pub fn into_command(self) -> Command {
        self.command
    }

    /// Runs it in sight, without input, and tells how it ended.
    pub fn status(mut self) -> Result<ExitStatus, Fault> {
        println!("$ {}", self.shown);
        self.command
            .stdin(Stdio::null())
            .status()
            .map_err(|error| Fault::of(format!("`{}` could not be started", self.shown), error))
    }

    /// Runs it in sight; anything but success is a fault.
    pub fn run(self) -> Result<(), Fault> {
        let shown = self.shown.clone();
        let status = self.status()?;
        if status.success() {
            Ok(())
        } else {
            Err(Fault::of(format!("`{shown}` failed"), status))
        }
    }

    /// Runs it out of sight and returns what it printed; None if it failed or is not there.
    pub fn answer(mut self) -> Option<String> {
        let output = self
            .command
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it out of sight: did it succeed?
    pub fn succeeds(self) -> bool {
        self.answer().is_some()
    }
}

/// Is there a program of this name on the path?
pub fn exists(name: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path).any(|folder| {
        folder.join(name).is_file()
            || (cfg!(windows) && folder.join(format!("{name}.exe")).is_file())
    })
}
