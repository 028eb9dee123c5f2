//! What running programs use, as Linux tells it: their children and memory.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Result};

/// The first program with this executable among the descendants of a process.
pub fn descendant(ancestor: u32, executable: &Path) -> Result<u32> {
    let executable = executable.canonicalize()?;
    family(ancestor)
        .into_iter()
        .find(|pid| fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|path| path == executable))
        .ok_or_else(|| Failure::new(format!("{} is not running.", executable.display())))
}

/// A process and all its descendants.
pub fn family(ancestor: u32) -> Vec<u32> {
    let mut known = vec![ancestor];
    let all: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid: u32| Some((pid, stat(pid).ok()?.get(1)?.parse().ok()?)))
        .collect();
    let mut at = 0;
    while let Some(&parent) = known.get(at) {
        known.extend(
            all.iter()
                .filter(|(_, of)| *of == parent)
                .map(|(pid, _)| pid),
        );
        at += 1;
    }
    known
}

/// The memory of a process and its descendants in bytes, shared pages divided among their users.
pub fn memory(ancestor: u32) -> u64 {
    family(ancestor)
        .into_iter()
        .filter_map(|pid| {
            let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
        })
        .map(|kib| kib * 1024)
        .sum()
}

/// The fields of /proc/<pid>/stat after the name, which may itself hold blanks: state, parent, ...
fn stat(pid: u32) -> Result<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = text
        .rsplit_once(") ")
        .ok_or_else(|| Failure::new("/proc/<pid>/stat has no name"))?;
    Ok(fields.split_whitespace().map(str::to_owned).collect())
}
