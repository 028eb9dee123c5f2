//! Writes a file whole or not at all: temporary file, fsync, rename.

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::{Error, ErrorCode, Result};

/// Puts `content` in place of the file at `path`. A power cut leaves the old file or the new one.
///
/// # Errors
/// `FileUnwritable`, naming the file and the cause; the old file is as it was.
pub fn write(path: &Path, content: &str) -> Result<()> {
    let temporary = beside(path, content.as_bytes()).map_err(|error| unwritable(path, &error))?;
    temporary
        .persist(path)
        .map_err(|failed| unwritable(path, &failed.error))?;
    // The new name itself must reach the disk.
    sync_folder(parent(path)).map_err(|error| unwritable(path, &error))
}

/// As [`write`], where nothing may be yet.
///
/// # Errors
/// `NameTaken` if there is something; `FileUnwritable`.
pub fn write_new(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let temporary = beside(path, content.as_ref()).map_err(|error| unwritable(path, &error))?;
    temporary.persist_noclobber(path).map_err(|failed| {
        if failed.error.kind() == std::io::ErrorKind::AlreadyExists {
            super::relocate::taken(path)
        } else {
            unwritable(path, &failed.error)
        }
    })?;
    sync_folder(parent(path)).map_err(|error| unwritable(path, &error))
}

/// Brings the names in a folder to the disk, where the system lets a folder be synced.
///
/// # Errors
/// What the system fails with.
#[cfg_attr(
    not(unix),
    expect(clippy::unnecessary_wraps, reason = "it fails elsewhere")
)]
pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn beside(path: &Path, content: &[u8]) -> std::io::Result<NamedTempFile> {
    let folder = parent(path);
    std::fs::create_dir_all(folder)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".rheostat-")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    #[cfg(unix)]
    {
        // A temporary file is private by default; a workspace file is as open as its neighbours.
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_or(0o644, |known| known.permissions().mode());
        temporary
            .as_file()
            .set_permissions(std::fs::Permissions::from_mode(mode))?;
    }
    temporary.write_all(content)?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

fn parent(path: &Path) -> &Path {
    // A bare file name has an empty parent, which is no folder to any system.
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// As [`write_new`], for who has other names to try. False: something was there, and stays as it is.
///
/// # Errors
/// `FileUnwritable`.
pub fn write_if_free(path: &Path, content: &str) -> Result<bool> {
    match write_new(path, content) {
        Ok(()) => Ok(true),
        Err(taken) if taken.code == ErrorCode::NameTaken => Ok(false),
        Err(error) => Err(error),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorCode::FileUnwritable, format!("{} could not be written: {error}.", path.display()))
        .place(path.display().to_string())
        .hint("Check that the folder exists, is yours to write, and that the disk is not full. Nothing was changed.")
}
