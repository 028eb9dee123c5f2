//! Files and folders on disk as what an import reads. Nothing outside of what was named is read: links are passed over.

use std::path::{Path, PathBuf};

use super::{FILE_LIMIT, LeftOut, Source};
use crate::error::{Error, ErrorCode, Result};

/// More files than these are no collection of requests.
const FILES_LIMIT: usize = 20_000;
/// What an import holds in memory at most, in bytes.
const WHOLE_LIMIT: usize = 256 * 1024 * 1024;
/// How deep folders are searched.
const DEPTH_LIMIT: usize = 16;
/// Folders that hold no requests, and often very much else.
const PASSED_OVER: [&str; 3] = ["node_modules", "target", "__pycache__"];

/// What lay at some paths.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gathered {
    pub sources: Vec<Source>,
    /// What was not read.
    pub left_out: Vec<LeftOut>,
}

impl Gathered {
    fn leave(&mut self, place: &Path, what: &str, why: impl Into<String>) {
        self.left_out.push(LeftOut {
            place: place.display().to_string(),
            what: what.into(),
            why: why.into(),
        });
    }
}

/// Reads files, and all files of folders. A file's name is its path from the folder that was named, that folder's own
/// name first.
///
/// # Errors
/// `FileUnreadable` where a path that was named is not there, `BadInput` where there is too much.
pub fn from_paths(paths: &[PathBuf]) -> Result<Gathered> {
    let mut gathered = Gathered::default();
    let mut bytes = 0;
    for path in paths {
        let kind = std::fs::metadata(path).map_err(|error| {
            Error::new(
                ErrorCode::FileUnreadable,
                format!("{} could not be read: {error}.", path.display()),
            )
            .place(path.display().to_string())
            .hint("Check the path.")
        })?;
        // `.` and `..` have no name of their own.
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .or_else(|| {
                Some(
                    path.canonicalize()
                        .ok()?
                        .file_name()?
                        .to_string_lossy()
                        .into_owned(),
                )
            })
            .unwrap_or_default();
        if kind.is_dir() {
            folder(path, &name, 0, &mut bytes, &mut gathered)?;
        } else {
            file(path, name, &mut bytes, &mut gathered)?;
        }
    }
    Ok(gathered)
}

/// Adds texts that a face has read itself, under the names that it gives them: paths with forward slashes, relative to
/// what was dropped.
///
/// # Errors
/// `BadInput` where there is too much.
pub fn add_texts(
    gathered: &mut Gathered,
    texts: impl IntoIterator<Item = (String, String)>,
) -> Result<()> {
    let mut bytes: usize = gathered.sources.iter().map(|it| it.bytes.len()).sum();
    for (name, text) in texts {
        bytes += text.len();
        if bytes > WHOLE_LIMIT || gathered.sources.len() >= FILES_LIMIT {
            return Err(too_much(&name, bytes > WHOLE_LIMIT));
        }
        let parts: Vec<&str> = name
            .split(['/', '\\'])
            .filter(|part| !matches!(*part, "" | "." | ".."))
            .collect();
        gathered.sources.push(Source {
            name: parts.join("/"),
            bytes: text.into_bytes(),
        });
    }
    Ok(())
}

fn too_much(place: &str, by_size: bool) -> Error {
    let what = if by_size {
        format!(
            "There are more than {} MB of files.",
            WHOLE_LIMIT / 1024 / 1024
        )
    } else {
        format!("There are more than {FILES_LIMIT} files.")
    };
    Error::new(ErrorCode::BadInput, format!("{what} Nothing was imported."))
        .place(place)
        .hint("Import the folder of the collection itself, or a part of it.")
}

fn folder(
    path: &Path,
    name: &str,
    depth: usize,
    bytes: &mut usize,
    out: &mut Gathered,
) -> Result<()> {
    if depth > DEPTH_LIMIT {
        out.leave(
            path,
            "The folder",
            format!("Folders are searched {DEPTH_LIMIT} deep."),
        );
        return Ok(());
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            out.leave(
                path,
                "The folder",
                format!("It could not be read: {error}."),
            );
            return Ok(());
        }
    };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let file_name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_symlink() {
            out.leave(
                &path,
                "The link",
                "Links are not followed: they may lead out of the folder.",
            );
        } else if file_name.starts_with('.')
            || (kind.is_dir() && PASSED_OVER.contains(&file_name.as_str()))
        {
            // `.git`, `.env` and the like are no part of a collection.
        } else if kind.is_dir() {
            folder(&path, &format!("{name}/{file_name}"), depth + 1, bytes, out)?;
        } else if kind.is_file() {
            file(&path, format!("{name}/{file_name}"), bytes, out)?;
        }
    }
    Ok(())
}

fn file(path: &Path, name: String, bytes: &mut usize, out: &mut Gathered) -> Result<()> {
    let size = std::fs::metadata(path)
        .map(|data| data.len())
        .unwrap_or_default();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size > FILE_LIMIT {
        let why = format!(
            "It is {} MB large; up to {} MB are read.",
            size / 1024 / 1024,
            FILE_LIMIT / 1024 / 1024
        );
        out.leave(path, "The file", why);
        return Ok(());
    }
    *bytes += size;
    if *bytes > WHOLE_LIMIT || out.sources.len() >= FILES_LIMIT {
        let place = path.display().to_string();
        return Err(too_much(&place, *bytes > WHOLE_LIMIT));
    }
    match std::fs::read(path) {
        Ok(bytes) => out.sources.push(Source { name, bytes }),
        Err(error) => out.leave(path, "The file", format!("It could not be read: {error}.")),
    }
    Ok(())
}
