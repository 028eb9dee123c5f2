//! The sample workspace of the first start.

use std::path::Path;

use super::folder::{self, Workspace};
use super::request_file::{self, RequestFile};
use super::write;
use crate::error::Result;

/// Path in the workspace, and content.
const FILES: &[(&str, &str)] = &[
    (
        folder::SETTINGS,
        include_str!("../../samples/rheostat.yaml"),
    ),
    (
        "Migration review/flag-locking-ddl.yaml",
        include_str!("../../samples/Migration review/flag-locking-ddl.yaml"),
    ),
    (
        "Go services/worker-pool.yaml",
        include_str!("../../samples/Go services/worker-pool.yaml"),
    ),
    (
        "Transcripts/extract-session.yaml",
        include_str!("../../samples/Transcripts/extract-session.yaml"),
    ),
];

/// The request that the first comparison shows.
pub const FIRST: &str = FILES[1].0;

/// Puts the sample files into `root` where there is no workspace yet. A folder that holds anything
/// is left alone.
///
/// # Errors
/// `FileUnwritable`.
pub fn install(root: &Path) -> Result<()> {
    let empty = std::fs::read_dir(root).map_or(true, |mut entries| entries.next().is_none());
    if !empty {
        return Ok(());
    }
    for (path, content) in FILES {
        write::write(&root.join(path), content)?;
    }
    Ok(())
}

/// The request that the first comparison shows: as it stands in `workspace` if it is there, else as
/// it is shipped.
///
/// # Errors
/// `FileInvalid` if the user's copy can't be read as a request.
pub fn first(workspace: &Workspace) -> Result<RequestFile> {
    let file = workspace.root().join(FIRST);
    if file.exists() {
        return request_file::read(&file).map(|read| read.request);
    }
    request_file::parse(Path::new(FIRST), FILES[1].1)
}
