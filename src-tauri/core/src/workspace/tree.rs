//! Changes of the tree: folders made, items moved, renamed and copied. Nothing is ever overwritten, and a
//! request keeps its id wherever it goes.

use std::path::{Path, PathBuf};

use super::document;
use super::folder::Workspace;
use super::index::DEPTH_LIMIT;
use super::request_file::{self, RequestFile};
use super::{names, relocate, write};
use crate::error::{Error, ErrorCode, Result};
use crate::ids;

impl Workspace {
    /// Makes a folder in `parent`. Its path.
    ///
    /// # Errors
    /// `BadInput` for a name that some system refuses; `NameTaken`; `FileUnwritable`.
    pub fn create_folder(&self, parent: &str, name: &str) -> Result<String> {
        let name = names::folder_name(name)?;
        let path = names::join(parent, name);
        self.check_free(parent, name, None)?;
        self.check_shown(&path)?;
        check_levels(path.matches('/').count() + 1)?;
        let folder = self.resolve(&path)?;
        std::fs::create_dir(&folder).map_err(|error| unwritable(&folder, &error))?;
        Ok(path)
    }

    /// Moves an item into a folder, to a place among what is there, or to where it falls by name. Its path.
    ///
    /// # Errors
    /// `BadInput` for what is not there, or a folder into itself; `NameTaken`; `FileUnwritable`;
    /// what reading or writing the `folder.yaml` fails with that the place is written to. Nothing is changed
    /// then.
    pub fn move_item(&self, path: &str, to: &str, position: Option<usize>) -> Result<String> {
        let item = self.resolve_item(path)?;
        self.resolve_folder(to)?;
        if to == path || to.starts_with(&format!("{path}/")) {
            return Err(Error::new(
                ErrorCode::BadInput,
                format!("{path} can't be moved into itself."),
            )
            .place("toFolder"));
        }
        let (from, name) = names::split(path);
        let new = names::join(to, name);
        if from == to {
            match position {
                Some(at) => self.place_at(&new, at)?,
                // Dropped into its folder without a place: by name, as it was made.
                None => drop(self.leave_order(path)?),
            }
            return Ok(new);
        }
        self.check_free(to, name, None)?;
        self.check_shown(&new)?;
        check_levels(new.matches('/').count() + levels(&item))?;
        // The place first: if it can't be written down, nothing has moved.
        if let Some(at) = position {
            self.place_at(&new, at)?;
        }
        if let Err(problem) = relocate::relocate(&item, &self.resolve(&new)?) {
            if position.is_some() {
                upkeep(&new, self.leave_order(&new));
            }
            return Err(problem);
        }
        self.index().note_moved(path, &new);
        self.lead_to_schemas(&new);
        upkeep(path, self.leave_order(path));
        Ok(new)
    }

    /// Gives an item another name: to a request in its file, which follows if it was named after it; to a
    /// folder on disk. Its path.
    ///
    /// # Errors
    /// As [`Self::move_item`]; `FileInvalid` for a request that can't be read.
    pub fn rename_item(&self, path: &str, name: &str) -> Result<String> {
        let item = self.resolve_item(path)?;
        let (folder, file) = names::split(path);
        if item.is_dir() {
            let name = names::folder_name(name)?;
            if name == file {
                return Ok(path.to_owned());
            }
            let new = names::join(folder, name);
            self.check_free(folder, name, Some(file))?;
            self.check_shown(&new)?;
            relocate::relocate(&item, &self.resolve(&new)?)?;
            self.moved(path, &new);
            return Ok(new);
        }
        let name = name.trim();
        if name.is_empty() {
            return Err(Error::new(ErrorCode::BadInput, "A request needs a name.").place("name"));
        }
        let read = request_file::read(&item)?;
        let renamed = RequestFile {
            name: name.to_owned(),
            ..read.request.clone()
        };
        self.save_document(path, &renamed, &read.stamp)?;
        let follows = names::is_slug_of(file, &read.request.name) && !names::is_slug_of(file, name);
        if !follows {
            return Ok(path.to_owned());
        }
        let ending = file.rsplit_once('.').map_or("yaml", |(_, ending)| ending);
        let new = self.free_name(folder, &names::slug(name), &format!(".{ending}"))?;
        let new = names::join(folder, &new);
        relocate::relocate(&item, &self.resolve(&new)?)?;
        self.moved(path, &new);
        Ok(new)
    }

    /// Copies an item beside itself: a request with an id of its own, a folder with all that is in it. Its
    /// path.
    ///
    /// # Errors
    /// As [`Self::move_item`]; `FileInvalid` for a request that can't be read.
    pub fn duplicate_item(&self, path: &str) -> Result<String> {
        let item = self.resolve_item(path)?;
        let (folder, file) = names::split(path);
        if !item.is_dir() {
            let text = request_file::read_text(&item)?;
            let original = request_file::parse(&item, &text)?;
            let taken = self.names_in(folder);
            let name = copy_name(&original.name, |name| taken.contains(&name.to_lowercase()));
            let new = self.free_name(folder, &names::slug(&name), ".yaml")?;
            let new = names::join(folder, &new);
            write::write_new(
                &self.resolve(&new)?,
                &copied(&item, path, &text, Some(name))?,
            )?;
            self.follow_in_order(path, &new);
            return Ok(new);
        }
        let taken = self.taken_in(folder)?;
        let name = copy_name(file, |name| taken.contains(&name.to_lowercase()));
        let new = names::join(folder, &name);
        let target = self.resolve(&new)?;
        // Put together out of sight, so that a copy is whole or not there.
        let hidden = self
            .resolve(folder)?
            .join(format!(".rheostat-{}.tmp", ids::new()));
        let whole = relocate::copy(&item, &hidden)
            .map_err(|error| unwritable(&hidden, &error))
            .and_then(|()| new_ids(&hidden))
            .and_then(|()| relocate::relocate(&hidden, &target));
        if let Err(problem) = whole {
            let _ = std::fs::remove_dir_all(&hidden);
            return Err(problem);
        }
        self.follow_in_order(path, &new);
        Ok(new)
    }

    /// Gives the request at `path` an id of its own: it begins without runs. The id.
    ///
    /// # Errors
    /// As [`document::save`], and `FileInvalid` for a request that can't be read.
    pub fn give_new_id(&self, path: &str) -> Result<String> {
        let read = request_file::read(&self.resolve_item(path)?)?;
        let request = RequestFile {
            id: ids::new(),
            ..read.request
        };
        self.save_document(path, &request, &read.stamp)?;
        self.index().note_opened(&request.id, path);
        Ok(request.id)
    }

    /// A file or folder of the workspace that is there, and not the workspace itself.
    pub(super) fn resolve_item(&self, path: &str) -> Result<PathBuf> {
        let item = self.resolve(path)?;
        let hidden = path.split('/').any(|name| name.starts_with('.'));
        let (top, name) = (path.split('/').next().unwrap_or(path), names::split(path).1);
        let shown = match item.symlink_metadata() {
            Ok(known) if known.is_dir() => names::is_collection(top),
            Ok(known) if known.is_file() => {
                (top == path || names::is_collection(top))
                    && (names::is_request(path) || name == names::FOLDER_FILE)
            }
            _ => false,
        };
        if path.is_empty() || hidden || !shown {
            return Err(Error::new(
                ErrorCode::BadInput,
                format!("There is no item {path:?} in the workspace."),
            )
            .place("path")
            .hint("It may have been moved or deleted outside."));
        }
        Ok(item)
    }

    /// An item is elsewhere in its folder now.
    fn moved(&self, from: &str, to: &str) {
        self.index().note_moved(from, to);
        let (folder, old) = names::split(from);
        let (_, new) = names::split(to);
        let done = self.change_order(folder, |order| {
            for name in order.iter_mut().filter(|name| *name == old) {
                new.clone_into(name);
            }
        });
        upkeep(to, done);
    }

    /// Takes an item's name out of the order of its folder. The place that it had there.
    pub(super) fn leave_order(&self, path: &str) -> Result<Option<usize>> {
        let (folder, name) = names::split(path);
        let mut place = None;
        self.change_order(folder, |order| {
            place = order.iter().position(|known| known == name);
            order.retain(|known| known != name);
        })?;
        Ok(place)
    }

    /// Puts an item's name into the order of its folder again.
    pub(super) fn take_place(&self, path: &str, place: Option<usize>) {
        let (folder, name) = names::split(path);
        let Some(place) = place else { return };
        let done = self.change_order(folder, |order| {
            order.insert(place.min(order.len()), name.to_owned());
        });
        upkeep(path, done);
    }

    /// A copy stands behind what it is a copy of, if its folder has an order.
    fn follow_in_order(&self, path: &str, copy: &str) {
        let (folder, name) = names::split(path);
        let (_, copy) = names::split(copy);
        let done = self.change_order(folder, |order| {
            if let Some(at) = order.iter().position(|known| known == name) {
                order.insert(at + 1, copy.to_owned());
            }
        });
        upkeep(path, done);
    }

    /// Writes down the whole order of a folder, with one item at a place of it.
    fn place_at(&self, path: &str, at: usize) -> Result<()> {
        let (folder, name) = names::split(path);
        self.index().refresh()?;
        let mut shown = self.known_listing().names_in(folder);
        shown.retain(|known| known != name);
        shown.insert(at.min(shown.len()), name.to_owned());
        self.change_order(folder, |order| *order = shown)
    }

    fn change_order(&self, folder: &str, change: impl FnOnce(&mut Vec<String>)) -> Result<()> {
        let (mut file, stamp) = self.read_folder(folder)?;
        let before = file.order.clone();
        change(&mut file.order);
        if file.order == before {
            return Ok(());
        }
        self.save_folder(folder, &file, &stamp)?;
        Ok(())
    }

    fn check_free(&self, folder: &str, name: &str, itself: Option<&str>) -> Result<()> {
        let lower = name.to_lowercase();
        if itself.is_some_and(|itself| itself.to_lowercase() == lower) {
            return Ok(());
        }
        if self.taken_in(folder)?.contains(&lower) {
            return Err(relocate::taken(Path::new(&names::join(folder, name))));
        }
        Ok(())
    }

    /// What would not be listed any more would seem lost.
    fn check_shown(&self, path: &str) -> Result<()> {
        let (_, name) = names::split(path);
        if names::is_collection(path) && (names::is_request(path) || !name.ends_with(".yaml")) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::BadInput,
            format!("At the top of a workspace, {name} is kept for other things than requests."),
        )
        .place("name")
        .hint("Choose another name, or put it into a folder."))
    }

    /// The names of requests in a folder, in small letters.
    fn names_in(&self, folder: &str) -> Vec<String> {
        let listed = self.known_listing().requests.into_iter();
        listed
            .filter(|summary| summary.folder == folder)
            .map(|summary| summary.name.to_lowercase())
            .collect()
    }

    /// The first line of moved files leads to the schemas from where they were. An editor's help is not
    /// worth failing a move for.
    fn lead_to_schemas(&self, path: &str) {
        let Ok(item) = self.resolve(path) else { return };
        each_file(&item, path, &mut |file, path| {
            let right = request_file::read_text(file)
                .ok()
                .and_then(|text| document::with_schema_from(path, &text));
            if let Some(text) = right
                && let Err(problem) = write::write(file, &text)
            {
                tracing::warn!(%problem, path, "its first line leads to a schema that is not there");
            }
        });
    }
}

/// What would lie deeper than is searched would seem lost.
fn check_levels(levels: usize) -> Result<()> {
    if levels <= DEPTH_LIMIT {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::BadInput,
        format!("Folders may lie {DEPTH_LIMIT} deep, and it would be {levels}."),
    )
    .place("toFolder"))
}

/// How many folders lie in one another, `item` itself among them; 0 for a file.
fn levels(item: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(item) else {
        return 0;
    };
    let below = entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    1 + below.map(|entry| levels(&entry.path())).max().unwrap_or(0)
}

/// An order that can't be kept up, in a `folder.yaml` that can't be read or edited, is no reason to fail what
/// was done: the item is shown by its name then.
pub(super) fn upkeep<T>(path: &str, done: Result<T>) -> Option<T> {
    done.inspect_err(|problem| tracing::warn!(%problem, path, "its place could not be kept"))
        .ok()
}

/// A file or folder could not be changed.
pub(super) fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::AlreadyExists {
        return relocate::taken(path);
    }
    Error::new(
        ErrorCode::FileUnwritable,
        format!("{} could not be changed: {error}.", path.display()),
    )
    .place(path.display().to_string())
    .hint("Check that the folder is there, is yours to write, and that the disk is not full.")
}

/// The text of a copy: another id, and another name if it is told, all else as it stands.
fn copied(file: &Path, path: &str, text: &str, name: Option<String>) -> Result<String> {
    let original = request_file::parse(file, text)?;
    let copy = RequestFile {
        id: ids::new(),
        name: name.unwrap_or_else(|| original.name.clone()),
        ..original
    };
    match document::rewrite(file, path, text, &copy) {
        Ok(text) => Ok(text),
        // The original keeps its comments; a copy can do without.
        Err(_) => request_file::to_yaml(&copy),
    }
}

/// Gives every request below `folder` a new id. What can't be read as a request stays as it is.
fn new_ids(folder: &Path) -> Result<()> {
    let mut done = Ok(());
    each_file(folder, "", &mut |file, path| {
        let Ok(text) = request_file::read_text(file) else {
            return;
        };
        if done.is_ok()
            && names::is_request(path)
            && let Ok(text) = copied(file, path, &text, None)
        {
            done = write::write(file, &text);
        }
    });
    done
}

/// Runs `act` on every file at or below `item`, with its path in the workspace. Links are passed over.
fn each_file(item: &Path, path: &str, act: &mut impl FnMut(&Path, &str)) {
    let Ok(kind) = item.symlink_metadata().map(|known| known.file_type()) else {
        return;
    };
    if kind.is_file() {
        act(item, path);
    } else if kind.is_dir()
        && let Ok(entries) = std::fs::read_dir(item)
    {
        for entry in entries.flatten() {
            let name = entry.file_name();
            let path = names::join(path, &name.to_string_lossy());
            each_file(&entry.path(), &path, act);
        }
    }
}

/// `Name copy`, `Name copy 2`, ...
fn copy_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let base = format!("{name} copy");
    let mut number = 1_u64;
    loop {
        let name = match number {
            1 => base.clone(),
            _ => format!("{base} {number}"),
        };
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}
