//! Remembers what was already done: a step is skipped while everything it read is unchanged.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::fault::Fault;

/// Proof in a small file that a step ran over exactly these inputs.
pub struct Stamp {
    file: PathBuf,
    value: String,
}

impl Stamp {
    /// Reads all inputs. Folders are read whole, but for the names in `skipped`.
    pub fn over(file: PathBuf, inputs: &[PathBuf], skipped: &[&str]) -> Result<Self, Fault> {
        let mut hasher = DefaultHasher::new();
        for input in inputs {
            read(input, skipped, &mut hasher).map_err(|error| {
                Fault::of(format!("{} could not be read", input.display()), error)
            })?;
        }
        Ok(Self {
            file,
            value: format!("{:016x}\n", hasher.finish()),
        })
    }

    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|known| known == self.value)
    }

    /// To be called after the step succeeded, never before.
    pub fn write(&self) -> Result<(), Fault> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).map_err(|error| {
                Fault::of(format!("{} could not be made", folder.display()), error)
            })?;
        }
        fs::write(&self.file, &self.value).map_err(|error| {
            Fault::of(
                format!("{} could not be written", self.file.display()),
                error,
            )
        })
    }
}

fn read(path: &Path, skipped: &[&str], hasher: &mut DefaultHasher) -> std::io::Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()?;
        // The order of a folder's entries differs between machines and days.
        entries.sort();
        for entry in entries {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            if !skipped.contains(&name.as_ref()) {
                read(&entry, skipped, hasher)?;
            }
        }
    } else if path.exists() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
    }
    Ok(())
}
