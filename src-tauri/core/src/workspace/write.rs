//! Writes a file whole or not at all: temporary file, fsync, rename.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, ErrorCode, Result};

/// Puts `content` in place of the file at `path`. A power cut leaves the old file or the new one.
///
/// # Errors
/// `FileUnwritable`, naming the file and the cause; the old file is as it was.
pub fn write(path: &Path, content: &str) -> Result<()> {
    let unwritable = |error: std::io::Error| {
        Error::new(ErrorCode::FileUnwritable, format!("{} could not be written: {error}.", path.display()))
            .place(path.display().to_string())
            .hint("Check that the folder exists, is yours to write, and that the disk is not full. Nothing was changed.")
    };
    // A bare file name has an empty parent, which is no folder to any system.
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".rheostat-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(unwritable)?;
    #[cfg(unix)]
    {
        // A temporary file is private by default; a workspace file is as open as its neighbours.
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_or(0o644, |known| known.permissions().mode());
        temporary
            .as_file()
            .set_permissions(std::fs::Permissions::from_mode(mode))
            .map_err(unwritable)?;
    }
    temporary
        .write_all(content.as_bytes())
        .map_err(unwritable)?;
    temporary.as_file().sync_all().map_err(unwritable)?;
    temporary
        .persist(path)
        .map_err(|failed| unwritable(failed.error))?;
    // The new name itself must reach the disk, where the system lets a folder be synced.
    #[cfg(unix)]
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(unwritable)?;
    Ok(())
}
