//! The peer: aimock, which serves the same API from fixtures, in a Node of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rheostat_tests::failure::{Failure, Result};
use serde_json::Value;

/// Runs until it is dropped.
pub struct Aimock {
    pub base_url: String,
    process: Child,
}

impl Aimock {
    /// Starts it from the folder that it is installed in.
    pub fn start(folder: &Path, options: &Value, fixtures: &Value) -> Result<Self> {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bench/stand_in/aimock.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .arg(folder)
            .args([options.to_string(), fixtures.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut url)?;
        }
        if url.is_empty() {
            let mut said = String::new();
            if let Some(mut stderr) = process.stderr.take() {
                stderr.read_to_string(&mut said)?;
            }
            return Err(Failure::new(format!("aimock did not start: {said}")));
        }
        Ok(Self {
            base_url: format!("{}/v1", url.trim()),
            process,
        })
    }
}

impl Drop for Aimock {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
