//! Files that messages send: read from the workspace, and taken into it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::folder::Workspace;
use super::{names, write};
use crate::error::{Error, ErrorCode, Result};
use crate::media::kind::{self, Kind};
use crate::media::{self, FileRef, FileTrouble, Files, SIZE_LIMIT};
use crate::place::Body;

/// A file that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    pub bytes: Vec<u8>,
    pub kind: Kind,
}

impl Attached {
    /// As a body holds it.
    pub fn data_url(&self) -> String {
        format!(
            "data:{};base64,{}",
            self.kind.media_type,
            STANDARD.encode(&self.bytes)
        )
    }
}

impl Workspace {
    /// The file of a name in a body. `picture`: nothing else will do.
    ///
    /// # Errors
    /// Why it can't be sent.
    pub fn attached(&self, named: &FileRef, picture: bool) -> Result<Attached, FileTrouble> {
        let path = self
            .resolve(&named.path)
            .map_err(|_| FileTrouble::Outside)?;
        if named.path.split('/').any(|part| part.starts_with('.')) {
            return Err(FileTrouble::Hidden);
        }
        let file = read(&path, named.path.as_str())?;
        if let Some(digest) = &named.digest
            && *digest != media::digest(&file.bytes)
        {
            return Err(FileTrouble::Changed);
        }
        if picture && !file.kind.picture {
            return Err(FileTrouble::WrongType);
        }
        Ok(file)
    }

    /// The data of every workspace file that a body names.
    ///
    /// # Errors
    /// The first that can't be sent, with its place in the body: `BadInput` outside of the workspace, `FileUnreadable`,
    /// `FileInvalid` where it has changed or is nothing to send.
    pub fn files_of(&self, body: &Body) -> Result<Files> {
        let mut data = BTreeMap::new();
        for part in media::parts(body) {
            let Some((text, named)) = part
                .source
                .and_then(|text| Some((text, FileRef::parse(text)?)))
            else {
                continue;
            };
            let file = self
                .attached(&named, part.picture)
                .map_err(|trouble| cannot(&trouble, &named.path).place(part.source_pointer))?;
            data.entry(text.to_owned())
                .or_insert_with(|| file.data_url());
        }
        Ok(Files::new(data))
    }

    /// Why each workspace file that a body names can't be sent, by the text that names it.
    pub fn file_troubles(&self, body: &Body) -> BTreeMap<String, FileTrouble> {
        let named = media::parts(body).into_iter().filter_map(|part| {
            let text = part.source?;
            let trouble = self.attached(&FileRef::parse(text)?, part.picture).err()?;
            Some((text.to_owned(), trouble))
        });
        named.collect()
    }

    /// Takes a file into the workspace, and says how a body names it. The same bytes of one name lie there once.
    ///
    /// # Errors
    /// `FileInvalid` for what can't be attached, `FileUnwritable`.
    pub fn attach(&self, name: &str, bytes: &[u8]) -> Result<(FileRef, Kind)> {
        let kind = sound(name, bytes).map_err(|trouble| cannot(&trouble, name))?;
        let (base, ending) = split(name);
        let digest = media::digest(bytes);
        let _writing = self.writing();
        for number in 1..1_000 {
            let file = match number {
                1 => format!("{base}{ending}"),
                _ => format!("{base}-{number}{ending}"),
            };
            let path = names::join(names::ATTACHMENTS, &file);
            let full = self.resolve(&path)?;
            let written = match write::write_new(&full, bytes) {
                Err(taken) if taken.code == ErrorCode::NameTaken => false,
                other => other.map(|()| true)?,
            };
            let same = || read(&full, &file).is_ok_and(|known| known.bytes == bytes);
            if written || same() {
                let digest = Some(digest);
                return Ok((FileRef { path, digest }, kind));
            }
        }
        Err(super::relocate::taken(Path::new(name)))
    }

    /// Attaches the file at a path of this computer: one of the workspace where it lies, any other as a copy. A path
    /// that is not absolute begins at the workspace.
    ///
    /// # Errors
    /// `FileUnreadable`, `FileInvalid`, naming the path; `FileUnwritable`.
    pub fn attach_path(&self, path: &str) -> Result<(FileRef, Kind)> {
        let typed = path.trim();
        let full = match typed.strip_prefix("~/").zip(home()) {
            Some((rest, home)) => home.join(rest),
            None => self.root().join(typed),
        };
        let file = read(&full, typed).map_err(|trouble| cannot(&trouble, typed).place("path"))?;
        if let Some(inside) = self.relative(&full) {
            let named = FileRef {
                path: inside,
                digest: Some(media::digest(&file.bytes)),
            };
            if self.attached(&named, false).is_ok() {
                return Ok((named, file.kind));
            }
        }
        let name = full.file_name().map(|name| name.to_string_lossy());
        self.attach(name.as_deref().unwrap_or("file"), &file.bytes)
    }
}

/// A trouble as an error.
pub fn cannot(trouble: &FileTrouble, name: &str) -> Error {
    let code = match trouble {
        FileTrouble::Outside | FileTrouble::Hidden => ErrorCode::BadInput,
        FileTrouble::Missing | FileTrouble::Unreadable(_) => ErrorCode::FileUnreadable,
        _ => ErrorCode::FileInvalid,
    };
    Error::new(code, trouble.message(name)).hint(trouble.hint())
}

fn read(path: &Path, name: &str) -> Result<Attached, FileTrouble> {
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => FileTrouble::Missing,
        _ => FileTrouble::Unreadable(error.to_string()),
    };
    let known = std::fs::metadata(path).map_err(unreadable)?;
    // Reading a pipe or a device may never end.
    if !known.is_file() {
        return Err(FileTrouble::Unreadable("it is no file".into()));
    }
    if known.len() > SIZE_LIMIT {
        return Err(FileTrouble::TooLarge(known.len()));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    let kind = sound(name, &bytes)?;
    Ok(Attached { bytes, kind })
}

fn sound(name: &str, bytes: &[u8]) -> Result<Kind, FileTrouble> {
    let size = bytes.len() as u64;
    if size > SIZE_LIMIT {
        return Err(FileTrouble::TooLarge(size));
    }
    if bytes.is_empty() {
        return Err(FileTrouble::Empty);
    }
    kind::of(name, bytes).ok_or(FileTrouble::WrongType)
}

/// A file name that every system takes, and its ending with the dot.
fn split(name: &str) -> (String, String) {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (base, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let ending: String = ending
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(10)
        .collect();
    let ending = if ending.is_empty() {
        ending
    } else {
        format!(".{}", ending.to_lowercase())
    };
    let base = if base.chars().any(char::is_alphanumeric) {
        base
    } else {
        "file"
    };
    (names::slug(base), ending)
}

fn home() -> Option<PathBuf> {
    etcetera::home_dir().ok()
}
