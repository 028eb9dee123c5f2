//! Writes a file whole or not at all: temporary file, fsync, rename.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, ErrorCode, Result};

/// Puts `content` in place of the file at `path`. A power cut leaves the old file or the new one.
///
/// # Errors
/// `FileUnwritable`, naming the file and the cause; the old file is as it was.
pub fn write(path: &Path, content: &str) -> Result<()> {
    let unwritable = |error| unwritable(path, error);
    let temporary = temporary(path, content)?;
    temporary
        .persist(path)
        .map_err(|failed| unwritable(failed.error))?;
    sync_folder(path).map_err(unwritable)
}

/// Puts `content` at `path` where nothing is. False: something was there, and stays as it is.
///
/// # Errors
/// `FileUnwritable`, naming the file and the cause.
pub fn write_new(path: &Path, content: &str) -> Result<bool> {
    // Most names are free or taken for good; only a race is left to the system.
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    match temporary(path, content)?.persist_noclobber(path) {
        Ok(_) => {}
        Err(failed) if failed.error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Ok(false);
        }
        Err(failed) => return Err(unwritable(path, failed.error)),
    }
    sync_folder(path).map_err(|error| unwritable(path, error))?;
    Ok(true)
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorCode::FileUnwritable, format!("{} could not be written: {error}.", path.display()))
        .place(path.display().to_string())
        .hint("Check that the folder exists, is yours to write, and that the disk is not full. Nothing was changed.")
}

/// The content, safe on the disk beside where it will go.
fn temporary(path: &Path, content: &str) -> Result<tempfile::NamedTempFile> {
    let unwritable = |error| unwritable(path, error);
    let folder = folder_of(path);
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
    Ok(temporary)
}

/// The new name itself must reach the disk, where the system lets a folder be synced.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder_of(path))?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// The folder that a path is in. A bare name is in the current one.
fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}
