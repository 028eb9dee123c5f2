//! Moves and copies files and folders: never over anything, and never half.

use std::io;
use std::path::Path;

use super::tree::unwritable;
use super::write;
use crate::error::{Error, ErrorCode, Result};

/// Moves a file or a folder, across disks too.
///
/// # Errors
/// `NameTaken` where something is there already; `FileUnwritable`. The item is where it was then.
pub fn relocate(from: &Path, to: &Path) -> Result<()> {
    let is_folder = from
        .symlink_metadata()
        .map_err(|error| unwritable(from, &error))?
        .is_dir();
    let moved = if is_folder {
        move_folder(from, to)
    } else {
        move_file(from, to)
    };
    match moved {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            copy(from, to).map_err(|error| unwritable(to, &error))?;
            let removed = if is_folder {
                std::fs::remove_dir_all(from)
            } else {
                std::fs::remove_file(from)
            };
            removed.map_err(|error| unwritable(from, &error))?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(taken(to)),
        Err(error) => return Err(unwritable(from, &error)),
    }
    for folder in [from.parent(), to.parent()].into_iter().flatten() {
        write::sync_folder(folder).map_err(|error| unwritable(folder, &error))?;
    }
    Ok(())
}

/// Something of this name is there.
pub fn taken(path: &Path) -> Error {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Error::new(
        ErrorCode::NameTaken,
        format!("There is something named {name} in that folder already."),
    )
    .place(path.display().to_string())
    .hint("Rename one of the two first. Nothing was changed.")
}

/// A rename puts a folder in place of an empty one without a word, so that is looked at first.
fn move_folder(from: &Path, to: &Path) -> io::Result<()> {
    if to.symlink_metadata().is_ok() && !is_same(from, to) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    std::fs::rename(from, to)
}

/// A rename would overwrite a file; a second name for it is only given where there is none.
fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    // `a` to `A`, where the system takes them for one.
    if is_same(from, to) {
        return std::fs::rename(from, to);
    }
    match std::fs::hard_link(from, to) {
        Ok(()) => std::fs::remove_file(from),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::AlreadyExists
                    | io::ErrorKind::CrossesDevices
                    | io::ErrorKind::NotFound
                    | io::ErrorKind::StorageFull
            ) =>
        {
            Err(error)
        }
        // A disk without second names, such as FAT.
        Err(_) if to.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => std::fs::rename(from, to),
    }
}

/// Whether two names that differ only in capitals are of one file.
fn is_same(from: &Path, to: &Path) -> bool {
    let lower = |path: &Path| path.to_string_lossy().to_lowercase();
    lower(from) == lower(to)
        && matches!((from.canonicalize(), to.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Copies a file or a folder with what is in it. Links are passed over: they may lead anywhere. What was
/// begun is taken away if it can't be finished.
///
/// # Errors
/// What reading and writing fail with; `AlreadyExists` where something is there.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if to.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let copied = copy_over(from, to);
    if copied.is_err() {
        let _ = std::fs::remove_dir_all(to);
        let _ = std::fs::remove_file(to);
    }
    copied
}

fn copy_over(from: &Path, to: &Path) -> io::Result<()> {
    let kind = from.symlink_metadata()?.file_type();
    if kind.is_file() {
        std::fs::copy(from, to)?;
        return std::fs::File::open(to)?.sync_all();
    }
    if !kind.is_dir() {
        return Ok(());
    }
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        copy_over(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
