//! Texts that were saved over, in the app's own folder: the last of each item, to look at and to go back to.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{request_file, write};
use crate::error::{Error, ErrorCode, Result};
use crate::ids;

/// Texts that are kept of one item.
const COUNT_LIMIT: usize = 50;

/// What the texts of one item may take, in bytes. The last one is kept whatever its size.
const SIZE_LIMIT: u64 = 16 * 1024 * 1024;

/// The kept texts of a workspace.
#[derive(Debug, Clone)]
pub struct Kept {
    folder: PathBuf,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptText {
    /// UUID v7.
    pub id: String,
    /// When it was replaced, ms since the epoch, UTC.
    pub replaced_at: i64,
    /// In bytes.
    pub size: u64,
}

impl Kept {
    /// Those of the workspace at `root`, below the app's folder `data`. Nothing needs to be there yet.
    pub fn open(data: &Path, root: &Path) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        Self {
            folder: data
                .join("versions")
                .join(short_hash(root.to_string_lossy().as_bytes())),
        }
    }

    /// Keeps a text of the item at `path`, and drops the oldest ones that are over the limit.
    ///
    /// # Errors
    /// `FileUnwritable`.
    pub fn keep(&self, path: &str, text: &str) -> Result<()> {
        let folder = self.folder_of(path, text);
        let known = list(&folder);
        let newest = known.first().map(|kept| file(&folder, &kept.id));
        if newest
            .is_some_and(|file| request_file::read_text(&file).is_ok_and(|known| known == text))
        {
            return Ok(());
        }
        write::write(&file(&folder, &ids::new()), text)?;
        // So that it is found by its path once the file is gone, and its id with it.
        let pointer = self.pointer(path);
        let key = key(path, text);
        if !request_file::read_text(&pointer).is_ok_and(|known| known == key) {
            write::write(&pointer, &key)?;
        }
        let mut size = text.len() as u64;
        for (number, old) in known.into_iter().enumerate() {
            size = size.saturating_add(old.size);
            if number + 1 >= COUNT_LIMIT || size > SIZE_LIMIT {
                // One that can't be dropped now is dropped after the next save.
                let _ = std::fs::remove_file(file(&folder, &old.id));
            }
        }
        Ok(())
    }

    /// The texts kept of the item at `path` which now holds `text`, the last one first; "" for one whose file
    /// is gone.
    pub fn list(&self, path: &str, text: &str) -> Vec<KeptText> {
        list(&self.folder_of(path, text))
    }

    /// # Errors
    /// `FileUnreadable`; `BadInput` for an id that is none.
    pub fn read(&self, path: &str, text: &str, id: &str) -> Result<String> {
        let id = Uuid::parse_str(id).map_err(|_| {
            Error::new(ErrorCode::BadInput, format!("{id:?} is no kept version.")).place("version")
        })?;
        request_file::read_text(&file(&self.folder_of(path, text), &id.to_string()))
    }

    /// Where the texts of an item are.
    fn folder_of(&self, path: &str, text: &str) -> PathBuf {
        let key = if text.is_empty() {
            request_file::read_text(&self.pointer(path)).unwrap_or_else(|_| key(path, text))
        } else {
            key(path, text)
        };
        self.folder.join(short_hash(key.as_bytes()))
    }

    fn pointer(&self, path: &str) -> PathBuf {
        self.folder.join("paths").join(short_hash(path.as_bytes()))
    }
}

/// An item is known by its id, wherever its file moves; what has none by its path.
fn key(path: &str, text: &str) -> String {
    match request_file::parse(Path::new(path), text) {
        Ok(request) => format!("id:{}", request.id),
        Err(_) => format!("path:{path}"),
    }
}

fn file(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.yaml"))
}

/// The newest first.
fn list(folder: &Path) -> Vec<KeptText> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let id = Uuid::parse_str(name.strip_suffix(".yaml")?).ok()?;
            let (seconds, nanos) = id.get_timestamp()?.to_unix();
            Some(KeptText {
                id: id.to_string(),
                replaced_at: i64::try_from(seconds).ok()? * 1000 + i64::from(nanos / 1_000_000),
                size: entry.metadata().ok()?.len(),
            })
        })
        .collect();
    found.sort_by(|a, b| b.id.cmp(&a.id));
    found
}

fn short_hash(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(prompt: &str) -> String {
        format!("id: one\nname: n\nbody:\n  input: {prompt}\n")
    }

    #[test]
    fn the_last_texts_of_an_item_are_kept_wherever_its_file_moves() {
        let data = tempfile::tempdir().unwrap();
        let kept = Kept::open(data.path(), Path::new("/workspace"));
        for number in 0..60 {
            kept.keep("a.yaml", &request(&format!("prompt {number}")))
                .unwrap();
        }
        kept.keep("a.yaml", &request("prompt 59")).unwrap();
        let listed = kept.list("moved/b.yaml", &request("now"));
        assert_eq!(listed.len(), COUNT_LIMIT);
        let texts: Vec<_> = [&listed[0], &listed[49]]
            .map(|it| kept.read("moved/b.yaml", &request("now"), &it.id).unwrap())
            .into();
        assert_eq!(
            texts,
            [request("prompt 59"), request("prompt 10")],
            "the newest first, the same text not twice"
        );
        assert_eq!(
            kept.list("a.yaml", "").len(),
            COUNT_LIMIT,
            "its file is gone"
        );
        assert_eq!(kept.list("a.yaml", "id: other\nname: n\nbody: {}\n"), []);
    }

    #[test]
    fn large_texts_are_few_but_the_last_one_is_there() {
        let data = tempfile::tempdir().unwrap();
        let kept = Kept::open(data.path(), Path::new("/workspace"));
        let large = |letter: &str| request(&letter.repeat(9 * 1024 * 1024));
        kept.keep("a.yaml", &large("a")).unwrap();
        kept.keep("a.yaml", &large("b")).unwrap();
        let listed = kept.list("a.yaml", &request("x"));
        assert_eq!(listed.len(), 1);
        let text = kept.read("a.yaml", &request("x"), &listed[0].id).unwrap();
        assert!(text == large("b"));
    }

    #[test]
    fn no_id_leads_to_another_file() {
        let data = tempfile::tempdir().unwrap();
        let kept = Kept::open(data.path(), Path::new("/workspace"));
        let error = kept.read("a.yaml", "", "../../history").unwrap_err();
        assert_eq!(error.code, ErrorCode::BadInput);
    }
}
