//! Deleted items, in the app's own folder, until they are put back or a month is over.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::folder::Workspace;
use super::{names, relocate, tree, write};
use crate::error::{Error, ErrorCode, Result};
use crate::ids;

/// How long what was deleted can be put back, in ms.
const KEPT_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// Within an entry of the trash: the item itself, and where it was.
const ITEM: &str = "item";
const NOTE: &str = "note.json";

#[derive(Debug, Serialize, Deserialize)]
struct Note {
    /// Where it was in the workspace.
    path: String,
    /// Which workspace.
    workspace: String,
    /// Its place in the order of its folder, where it had one.
    position: Option<usize>,
}

impl Workspace {
    /// Moves an item out of the workspace. The handle to put it back with.
    ///
    /// # Errors
    /// `BadInput` for what is not there; `FileUnwritable`: it is where it was then.
    pub fn delete_item(&self, path: &str) -> Result<String> {
        let item = self.resolve_item(path)?;
        let position = tree::upkeep(path, self.leave_order(path)).flatten();
        self.put_in_trash(path, &item, position)
    }

    /// Moves what lies at `path` out of the workspace; `position` is the place that it had in its folder's order.
    pub(super) fn put_in_trash(
        &self,
        path: &str,
        item: &Path,
        position: Option<usize>,
    ) -> Result<String> {
        let trash = self.data()?.join("trash");
        drop_old(&trash);
        let handle = ids::new();
        let entry = trash.join(&handle);
        let note = Note {
            path: path.to_owned(),
            workspace: self.root().display().to_string(),
            position,
        };
        let text = serde_json::to_string_pretty(&note).map_err(|error| {
            Error::internal("The note in the trash could not be written", error)
        })?;
        write::write(&entry.join(NOTE), &text)?;
        if let Err(problem) = relocate::relocate(item, &entry.join(ITEM)) {
            self.take_place(path, note.position);
            let _ = std::fs::remove_dir_all(&entry);
            return Err(problem);
        }
        Ok(handle)
    }

    /// Puts a deleted item back: where it was, or beside it if something else is there now. Its path.
    ///
    /// # Errors
    /// `BadInput` for a handle of nothing; `FileUnwritable`: it stays in the trash then.
    pub fn restore_item(&self, handle: &str) -> Result<String> {
        let entry = self.entry(handle)?;
        let text = super::request_file::read_text(&entry.join(NOTE))?;
        let note: Note = serde_json::from_str(&text)
            .map_err(|error| Error::internal("The note in the trash can't be read", error))?;
        if note.workspace != self.root().display().to_string() {
            return Err(Error::new(
                ErrorCode::BadInput,
                format!("It was deleted from the workspace {}.", note.workspace),
            )
            .place("handle")
            .hint("Open that workspace, and put it back there."));
        }
        let (folder, name) = names::split(&note.path);
        let parent = self.resolve(folder)?;
        std::fs::create_dir_all(&parent).map_err(|error| tree::unwritable(&parent, &error))?;
        let (base, ending) = match name.rsplit_once('.') {
            Some((base, ending)) if entry.join(ITEM).is_file() => (base, format!(".{ending}")),
            _ => (name, String::new()),
        };
        let path = names::join(folder, &self.free_name(folder, base, &ending)?);
        relocate::relocate(&entry.join(ITEM), &self.resolve(&path)?)?;
        self.take_place(&path, note.position);
        let _ = std::fs::remove_dir_all(&entry);
        Ok(path)
    }

    fn entry(&self, handle: &str) -> Result<PathBuf> {
        let none = || {
            Error::new(
                ErrorCode::BadInput,
                "Nothing deleted has this handle any more.",
            )
            .place("handle")
            .hint("What was deleted is kept for 30 days.")
        };
        let handle = Uuid::parse_str(handle).map_err(|_| none())?;
        let entry = self.data()?.join("trash").join(handle.to_string());
        if entry.join(ITEM).symlink_metadata().is_err() {
            return Err(none());
        }
        Ok(entry)
    }
}

/// Drops what was deleted more than a month ago; its handle tells when.
fn drop_old(trash: &Path) {
    let now = Uuid::parse_str(&ids::new()).ok().and_then(time_of);
    let (Some(now), Ok(entries)) = (now, std::fs::read_dir(trash)) else {
        return;
    };
    for entry in entries.flatten() {
        let deleted_at = entry
            .file_name()
            .to_str()
            .and_then(|name| Uuid::parse_str(name).ok())
            .and_then(time_of);
        if deleted_at.is_some_and(|at| at + KEPT_MS < now) {
            // One that can't be dropped stays until the next time.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn time_of(id: Uuid) -> Option<u64> {
    let (seconds, _) = id.get_timestamp()?.to_unix();
    Some(seconds * 1000)
}
