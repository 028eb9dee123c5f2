//! What lies in the workspace, as last seen: a list of files that is made at once, and what is in each of
//! them, read when there is time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::defaults::{self, FolderFile};
use super::names;
use super::request_file::{self, Endpoint, RequestFile};
use crate::body;
use crate::error::{Error, ErrorCode, Result};

/// How deep collections may nest. Deeper folders are not searched.
pub const DEPTH_LIMIT: usize = 12;

/// Files that are read in one go, between two looks at whether to go on.
const BATCH: usize = 256;

/// The list, shared by all that use the workspace.
#[derive(Debug)]
pub struct Index {
    root: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<String, Entry>,
    /// Every folder below the top, and "" for the top.
    folders: BTreeMap<String, Folder>,
    walked: bool,
    /// Where a request was last opened, by its id: of two files of one id the user means this one.
    opened: HashMap<String, String>,
}

#[derive(Debug, Clone)]
struct Entry {
    mark: Mark,
    /// None as long as it was not read.
    seen: Option<Seen>,
}

/// What tells that a file is still the one that was read, without reading it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    modified: Option<SystemTime>,
    size: u64,
}

/// A folder with the file in it that hands things down.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    mark: Option<Mark>,
    pub file: Option<FolderFile>,
    /// "" where there is no such file, or it can't be followed.
    pub stamp: String,
    /// Why that file can't be followed.
    pub problem: Option<Error>,
}

/// A request file as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// "" where the file could not be read.
    pub stamp: String,
    pub brief: Result<Brief>,
}

/// What a list shows of a request, without what its folders hand down.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    pub id: String,
    pub name: String,
    pub tags: Vec<String>,
    pub endpoint: Endpoint,
    pub model: Option<String>,
    pub effort: Option<String>,
    /// The schema file that it refers to.
    pub schema_file: Option<String>,
    /// What the schema in its own body is called, where it has one.
    pub schema_name: Option<String>,
}

impl Brief {
    pub fn of(request: &RequestFile) -> Self {
        Self {
            id: request.id.clone(),
            name: request.name.clone(),
            tags: request.tags.clone(),
            endpoint: request.endpoint,
            model: body::model(&request.body).map(str::to_owned),
            effort: body::effort(&request.body).map(str::to_owned),
            schema_file: request.schema_file.clone(),
            schema_name: body::output_schema(&request.body).map(|_| {
                body::schema_name(&request.body)
                    .unwrap_or("schema")
                    .to_owned()
            }),
        }
    }
}

/// Everything that is known at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub files: Vec<(String, Option<Seen>)>,
    pub folders: BTreeMap<String, Folder>,
}

impl Index {
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            state: Mutex::default(),
        }
    }

    /// Lists the files that are there now. What is known of a file stays, unless its time or size is
    /// another.
    ///
    /// # Errors
    /// `WorkspaceGone`. What was known stays.
    pub fn walk(&self) -> Result<()> {
        let mut found = Found::default();
        if let Err(error) = found.search(&self.root, "", 0) {
            return Err(gone(&self.root, &error));
        }
        let mut state = self.lock();
        let mut known = std::mem::take(&mut state.files);
        for (path, mark) in found.files {
            let entry = known
                .remove(&path)
                .filter(|entry| entry.mark == mark)
                .unwrap_or(Entry { mark, seen: None });
            state.files.insert(path, entry);
        }
        let mut known = std::mem::take(&mut state.folders);
        for (path, mark) in found.folders {
            let folder = known
                .remove(&path)
                .filter(|folder| folder.mark == mark)
                .unwrap_or_else(|| read_folder(&self.root, &path, mark));
            state.folders.insert(path, folder);
        }
        state.walked = true;
        Ok(())
    }

    /// Forgets what was read of these paths and of all below them: they were changed, whatever their
    /// times say.
    pub fn forget(&self, paths: &[String]) {
        let mut state = self.lock();
        for path in paths {
            let below = format!("{path}/");
            let files = state.files.range_mut(path.clone()..);
            for (known, entry) in files {
                if known != path && !known.starts_with(&below) {
                    // Between a folder and what is in it, names such as `folder-2` sort.
                    if !known.starts_with(path.as_str()) {
                        break;
                    }
                    continue;
                }
                entry.seen = None;
            }
            let (parent, name) = names::split(path);
            if name == names::FOLDER_FILE
                && let Some(folder) = state.folders.get_mut(parent)
            {
                // A mark that no file has: it is read again at the next walk.
                folder.mark = Some(Mark {
                    modified: None,
                    size: u64::MAX,
                });
            }
        }
    }

    /// Reads up to `limit` files that were not read yet. How many are left after that.
    pub fn read_some(&self, limit: usize) -> usize {
        let pending: Vec<(String, Mark)> = {
            let state = self.lock();
            let pending = state.files.iter().filter(|(_, entry)| entry.seen.is_none());
            pending
                .take(limit)
                .map(|(path, entry)| (path.clone(), entry.mark))
                .collect()
        };
        let seen = read_all(&self.root, &pending);
        let mut state = self.lock();
        for ((path, mark), seen) in pending.into_iter().zip(seen) {
            if let Some(entry) = state.files.get_mut(&path)
                && entry.mark == mark
            {
                entry.seen = Some(seen);
            }
        }
        state
            .files
            .values()
            .filter(|entry| entry.seen.is_none())
            .count()
    }

    /// Lists the files, and reads what was not read yet.
    ///
    /// # Errors
    /// As [`Self::walk`].
    pub fn refresh(&self) -> Result<()> {
        self.walk()?;
        let mut left = usize::MAX;
        loop {
            let now = self.read_some(BATCH);
            // A file that changes all the time must not hold everyone up.
            if now == 0 || now >= left {
                return Ok(());
            }
            left = now;
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        let state = self.lock();
        Snapshot {
            files: state
                .files
                .iter()
                .map(|(path, entry)| (path.clone(), entry.seen.clone()))
                .collect(),
            folders: state.folders.clone(),
        }
    }

    /// Whether the files were listed since the start.
    pub fn is_walked(&self) -> bool {
        self.lock().walked
    }

    /// The user has opened this request from this file, or saved it there.
    pub fn note_opened(&self, id: &str, path: &str) {
        self.lock().opened.insert(id.to_owned(), path.to_owned());
    }

    /// An item is elsewhere now, with all below it.
    pub fn note_moved(&self, from: &str, to: &str) {
        let mut state = self.lock();
        let below = format!("{from}/");
        for path in state.opened.values_mut() {
            if path == from {
                to.clone_into(path);
            } else if let Some(rest) = path.strip_prefix(&below) {
                *path = names::join(to, rest);
            }
        }
    }

    /// Where the requests of these ids lie, by id, as far as the files have been read. Those that are gone are absent.
    pub fn places_of(&self, ids: &HashSet<String>) -> HashMap<String, String> {
        let state = self.lock();
        let mut places = HashMap::new();
        for (path, entry) in &state.files {
            let brief = entry
                .seen
                .as_ref()
                .and_then(|seen| seen.brief.as_ref().ok());
            if let Some(brief) = brief.filter(|brief| ids.contains(&brief.id)) {
                // Of two files with one id, the first in the tree is meant.
                places
                    .entry(brief.id.clone())
                    .or_insert_with(|| path.clone());
            }
        }
        places
    }

    /// Where the request of this id lies; None for one that is none of the workspace's. Looks for it only
    /// if it was opened from here once, and is no longer there.
    pub fn place_of(&self, id: &str) -> Option<String> {
        let known = self.lock().opened.get(id).cloned()?;
        if self.root.join(&known).is_file() {
            return Some(known);
        }
        self.refresh().ok()?;
        let state = self.lock();
        let found = state.files.iter().find(|(_, entry)| {
            entry
                .seen
                .as_ref()
                .and_then(|seen| seen.brief.as_ref().ok())
                .is_some_and(|brief| brief.id == id)
        });
        // A file that was deleted while its request is open: its folder still hands things down.
        let place = found.map_or(known, |(path, _)| path.clone());
        drop(state);
        self.note_opened(id, &place);
        Some(place)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The workspace folder is not there.
pub fn gone(root: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorCode::WorkspaceGone,
        format!("The workspace folder {} can't be read: {error}.", root.display()),
    )
    .place(root.display().to_string())
    .hint("Put it back, and it shows at once. What is open here stays as it is. To use another folder, start with RHEOSTAT_WORKSPACE.")
}

/// What a walk through the workspace meets.
#[derive(Default)]
struct Found {
    files: Vec<(String, Mark)>,
    /// Each with the mark of its `folder.yaml`, where it has one.
    folders: Vec<(String, Option<Mark>)>,
}

impl Found {
    fn search(&mut self, folder: &Path, relative: &str, depth: usize) -> std::io::Result<()> {
        let entries = std::fs::read_dir(folder)?;
        let mut below = Vec::new();
        let mut folder_file = None;
        for entry in entries.flatten() {
            // A name that is no UTF-8 can't be told to a face, nor be kept in Git on every system.
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            // Links are passed over: they may lead out of the workspace, or round in a circle.
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let path = names::join(relative, &name);
            if kind.is_dir() {
                if depth < DEPTH_LIMIT && names::is_collection(&path) {
                    below.push((entry.path(), path));
                }
            } else if kind.is_file() {
                let is_folder_file = name == names::FOLDER_FILE;
                if !is_folder_file && !names::is_request(&path) {
                    continue;
                }
                let Ok(metadata) = entry.metadata() else {
                    continue;
                };
                let mark = Mark {
                    modified: metadata.modified().ok(),
                    size: metadata.len(),
                };
                if is_folder_file {
                    folder_file = Some(mark);
                } else {
                    self.files.push((path, mark));
                }
            }
        }
        self.folders.push((relative.to_owned(), folder_file));
        for (folder, relative) in below {
            // A folder that can't be read holds nothing that can be shown; one may have just gone.
            let _ = self.search(&folder, &relative, depth + 1);
        }
        Ok(())
    }
}

fn read_folder(root: &Path, path: &str, mark: Option<Mark>) -> Folder {
    if mark.is_none() {
        return Folder::default();
    }
    match defaults::read(&root.join(path)) {
        Ok(read) => {
            let (file, stamp) = read.unzip();
            Folder {
                mark,
                file,
                stamp: stamp.unwrap_or_default(),
                problem: None,
            }
        }
        Err(problem) => Folder {
            mark,
            problem: Some(problem),
            ..Folder::default()
        },
    }
}

/// Reads files side by side: parsing takes most of the time.
fn read_all(root: &Path, paths: &[(String, Mark)]) -> Vec<Seen> {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(4));
    let share = paths.len().div_ceil(threads).max(32);
    if paths.len() <= share {
        return paths.iter().map(|(path, _)| see(root, path)).collect();
    }
    std::thread::scope(|scope| {
        let tasks: Vec<_> = paths
            .chunks(share)
            .map(|chunk| {
                scope.spawn(move || -> Vec<Seen> {
                    chunk.iter().map(|(path, _)| see(root, path)).collect()
                })
            })
            .collect();
        tasks
            .into_iter()
            .zip(paths.chunks(share))
            .flat_map(|(task, chunk)| {
                task.join().unwrap_or_else(|_| {
                    let broken = Error::new(ErrorCode::Internal, "Reading this file broke.");
                    chunk
                        .iter()
                        .map(|_| Seen {
                            stamp: String::new(),
                            brief: Err(broken.clone()),
                        })
                        .collect()
                })
            })
            .collect()
    })
}

fn see(root: &Path, path: &str) -> Seen {
    let file = root.join(path);
    let text = match request_file::read_text(&file) {
        Ok(text) => text,
        Err(problem) => {
            return Seen {
                stamp: String::new(),
                brief: Err(problem),
            };
        }
    };
    Seen {
        stamp: request_file::stamp(&text),
        brief: request_file::parse(&file, &text).map(|request| Brief::of(&request)),
    }
}
