//! The workspace folder: what lies in it, read and written item by item.

use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::defaults::{self, Chain, FolderFile, Inherited};
use super::document::{self, Document};
use super::environment_file::{self, VariableValues};
use super::index::{Brief, Index, Seen};
use super::kept::Kept;
use super::listing::{self, Listing, TreeNews};
use super::request_file::{self, Endpoint, ReadRequest, RequestFile, RequestSummary};
use super::{names, plain, write};
use crate::body;
use crate::error::{Error, ErrorCode, Result};

pub use super::names::SETTINGS;

/// Files that a first screen waits for; of a larger workspace the rest is read behind its back.
const READ_AT_ONCE: usize = 400;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Settings {
    name: Option<String>,
    /// What variables mean in every environment that does not say otherwise.
    #[serde(default)]
    variables: VariableValues,
}

/// A workspace on disk.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
    index: Arc<Index>,
    /// The app's own folder: what was deleted goes there, and what was saved over.
    data: Option<PathBuf>,
    writing: Arc<Mutex<()>>,
}

impl Workspace {
    /// A workspace of which nothing is kept elsewhere: what is deleted or saved over is gone.
    pub fn new(root: PathBuf) -> Self {
        Self {
            index: Arc::new(Index::new(root.clone())),
            root,
            data: None,
            writing: Arc::default(),
        }
    }

    /// A workspace whose earlier texts and deleted items are kept below `data`.
    pub fn kept_in(root: PathBuf, data: PathBuf) -> Self {
        Self {
            data: Some(data),
            ..Self::new(root)
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The app's own folder.
    ///
    /// # Errors
    /// `BadInput` where there is none.
    pub fn data(&self) -> Result<&Path> {
        self.data.as_deref().ok_or_else(|| {
            Error::new(ErrorCode::BadInput, "Nothing is kept of this workspace.")
                .hint("Open it with a data folder.")
        })
    }

    /// What was saved over.
    pub fn kept(&self) -> Option<Kept> {
        let data = self.data.as_ref()?;
        Some(Kept::open(data, &self.root))
    }

    /// The name in `rheostat.yaml`, else the folder's.
    pub fn name(&self) -> String {
        let settings = self.settings().unwrap_or_default();
        settings.name.unwrap_or_else(|| {
            self.root.file_name().map_or_else(
                || "Workspace".into(),
                |name| name.to_string_lossy().into_owned(),
            )
        })
    }

    /// The variables of `rheostat.yaml`.
    ///
    /// # Errors
    /// `FileUnreadable`, `FileInvalid`, naming the file and the line.
    pub fn own_variables(&self) -> Result<VariableValues> {
        Ok(self.settings()?.variables)
    }

    fn settings(&self) -> Result<Settings> {
        let path = self.root.join(SETTINGS);
        if !path.exists() {
            return Ok(Settings::default());
        }
        let text = request_file::read_text(&path)?;
        environment_file::refuse_keys(&path, &text)?;
        let settings: Settings = serde_saphyr::from_str(&text).map_err(|error| {
            let why = plain::words(&error.to_string());
            environment_file::invalid(&path, &why, error.location().map(|at| at.line()))
        })?;
        environment_file::check_variables(&settings.variables).map_err(|(place, why)| {
            environment_file::invalid(&path, &format!("{place} {why}"), None)
        })?;
        Ok(settings)
    }

    /// What can be shown at once: every path, and the content of a first few files.
    ///
    /// # Errors
    /// `WorkspaceGone`.
    pub fn first_listing(&self) -> Result<Listing> {
        self.index.walk()?;
        self.index.read_some(READ_AT_ONCE);
        Ok(listing::list(&self.index.snapshot()))
    }

    /// What is known at this moment, without looking at the folder.
    pub fn known_listing(&self) -> Listing {
        listing::list(&self.index.snapshot())
    }

    /// Every folder and request, as they are on disk. A file that can't be read is listed with its problem.
    ///
    /// # Errors
    /// `WorkspaceGone`.
    pub fn listing(&self) -> Result<Listing> {
        self.index.refresh()?;
        Ok(self.known_listing())
    }

    /// Every request in the folder; none where the folder is not there.
    pub fn requests(&self) -> Vec<RequestSummary> {
        self.listing()
            .map(|listing| listing.requests)
            .unwrap_or_default()
    }

    /// # Errors
    /// `FileUnreadable`, `FileInvalid`, or `BadInput` for a path that leads out of the workspace.
    pub fn read(&self, path: &str) -> Result<ReadRequest> {
        let read = request_file::read(&self.resolve(path)?)?;
        self.index.note_opened(&read.request.id, path);
        Ok(read)
    }

    /// Saves a request over its file, if that still is what it was when it was read.
    ///
    /// # Errors
    /// As [`document::save`].
    pub fn save(
        &self,
        path: &str,
        request: &RequestFile,
        stamp: &str,
    ) -> Result<(String, RequestSummary)> {
        let _writing = self.writing();
        let stamp = self.save_document(path, request, stamp)?;
        self.index.note_opened(&request.id, path);
        let summary = self.summary(path, request, &stamp);
        Ok((stamp, summary))
    }

    /// Saves any document of the workspace, and keeps the text that it replaces.
    pub(super) fn save_document<T: Document>(
        &self,
        path: &str,
        document: &T,
        stamp: &str,
    ) -> Result<String> {
        let file = self.resolve(path)?;
        let on_disk = document::on_disk(&file, path, stamp)?;
        let text = match &on_disk {
            Some(text) => document::rewrite(&file, path, text, document)?,
            None => document::schema_line_for::<T>(path) + &document.to_yaml()?,
        };
        self.replace(path, on_disk.as_deref(), &text)?;
        Ok(request_file::stamp(&text))
    }

    /// Puts `text` in place of `before`, of which a copy is kept.
    pub(super) fn replace(&self, path: &str, before: Option<&str>, text: &str) -> Result<()> {
        if before == Some(text) {
            return Ok(());
        }
        let file = self.resolve(path)?;
        if let (Some(before), Some(kept)) = (before, self.kept())
            && let Err(problem) = kept.keep(path, before)
        {
            // What the user wants written is not held up by a copy that can't be.
            tracing::warn!(%problem, path, "the text before could not be kept");
        }
        write::write(&file, text)?;
        self.index.forget(&[path.to_owned()]);
        Ok(())
    }

    /// Writes a request to a new file named after it. Never overwrites.
    ///
    /// # Errors
    /// `FileUnwritable`, or `BadInput` for a folder outside the workspace.
    pub fn create(&self, folder: &str, request: &RequestFile) -> Result<(String, ReadRequest)> {
        let _writing = self.writing();
        self.resolve_folder(folder)?;
        let name = self.free_name(folder, &names::slug(&request.name), ".yaml")?;
        let path = names::join(folder, &name);
        let text =
            document::schema_line_for::<RequestFile>(&path) + &request_file::to_yaml(request)?;
        write::write_new(&self.resolve(&path)?, &text)?;
        self.index.note_opened(&request.id, &path);
        Ok((
            path,
            ReadRequest {
                request: request.clone(),
                stamp: request_file::stamp(&text),
            },
        ))
    }

    /// The path of a file that is not there yet, named after what it will hold: `kind` where the name gives nothing.
    pub(super) fn free_file(&self, folder: &str, kind: &str, name: &str) -> Result<String> {
        let name = self.free_name(folder, &names::slug_of(kind, name), ".yaml")?;
        Ok(names::join(folder, &name))
    }

    /// What the folders of `path` hand down, from the top to the nearest.
    ///
    /// # Errors
    /// `FileUnreadable`, `FileInvalid`: a request must not be sent without what it should inherit.
    pub fn chain(&self, path: &str) -> Result<Chain> {
        let mut chain = Chain::new();
        let (folder, _) = names::split(path);
        let mut current = String::new();
        for step in std::iter::once("").chain(folder.split('/').filter(|step| !step.is_empty())) {
            if !step.is_empty() {
                current = names::join(&current, step);
            }
            if let Some((file, _)) = defaults::read(&self.root.join(&current))? {
                chain.push((current.clone(), file));
            }
        }
        Ok(chain)
    }

    /// What a request at `path` has from its folders, where its own body says nothing.
    ///
    /// # Errors
    /// As [`Self::chain`].
    pub fn inherited(&self, path: &str, endpoint: Endpoint) -> Result<Vec<Inherited>> {
        Ok(defaults::inherited(&self.chain(path)?, endpoint))
    }

    /// The same by the request's id; nothing for one that was not opened from this workspace.
    ///
    /// # Errors
    /// As [`Self::chain`].
    pub fn inherited_by(&self, id: &str, endpoint: Endpoint) -> Result<Vec<Inherited>> {
        match self.index.place_of(id) {
            Some(path) => self.inherited(&path, endpoint),
            None => Ok(Vec::new()),
        }
    }

    /// The variables of each folder above the request of this id, the nearest one last; none for a request that is not
    /// of this workspace.
    ///
    /// # Errors
    /// As [`Self::chain`]; `FileInvalid` for a variable that is no text.
    pub fn variables_of(&self, id: &str) -> Result<Vec<(String, VariableValues)>> {
        match self.index.place_of(id) {
            Some(path) => self.variables_at(&path),
            None => Ok(Vec::new()),
        }
    }

    /// As [`Self::variables_of`], for the request at `path`.
    ///
    /// # Errors
    /// As [`Self::variables_of`].
    pub fn variables_at(&self, path: &str) -> Result<Vec<(String, VariableValues)>> {
        let mut layers = Vec::new();
        for (folder, file) in self.chain(path)? {
            let values = defaults::texts(&file.defaults.variables).map_err(|name| {
                let file = self.root.join(&folder).join(names::FOLDER_FILE);
                let why = format!("the variable {name} is no text (a number needs quotes)");
                environment_file::invalid(&file, &why, None)
            })?;
            layers.push((folder, values));
        }
        Ok(layers)
    }

    /// The request with the schema that it refers to and what its folders hand down in its body. One that was not opened from this
    /// workspace inherits nothing. Doing it twice is doing it once.
    ///
    /// # Errors
    /// As [`Self::chain`] and [`Self::with_schema`].
    pub fn with_defaults(&self, request: &RequestFile) -> Result<RequestFile> {
        let inherited = self.inherited_by(&request.id, request.endpoint)?;
        Ok(merged(&self.with_schema(request)?, &inherited))
    }

    /// As [`Self::with_defaults`], for the request at `path`.
    ///
    /// # Errors
    /// As [`Self::chain`].
    pub fn with_defaults_at(&self, path: &str, request: &RequestFile) -> Result<RequestFile> {
        let inherited = self.inherited(path, request.endpoint)?;
        Ok(merged(&self.with_schema(request)?, &inherited))
    }

    /// A folder's file, and its stamp; the usual one and "" where it has none.
    ///
    /// # Errors
    /// `FileUnreadable`, `FileInvalid`, `BadInput`.
    pub fn read_folder(&self, path: &str) -> Result<(FolderFile, String)> {
        let folder = self.resolve_folder(path)?;
        Ok(defaults::read(&folder)?.unwrap_or_default())
    }

    /// Saves a folder's file. The new stamp. A change of the tree: see [`Self::changing`].
    ///
    /// # Errors
    /// As [`document::save`].
    pub fn save_folder(&self, path: &str, folder: &FolderFile, stamp: &str) -> Result<String> {
        self.resolve_folder(path)?;
        self.save_document(&names::join(path, names::FOLDER_FILE), folder, stamp)
    }

    /// Runs a change of the tree, and tells what it changed in the list.
    ///
    /// # Errors
    /// What `change` fails with. The list is looked at all the same.
    pub fn changing<T>(&self, change: impl FnOnce(&Self) -> Result<T>) -> Result<(T, TreeNews)> {
        let _writing = self.writing();
        self.index.refresh()?;
        let before = self.known_listing();
        let done = change(self)?;
        self.index.refresh()?;
        Ok((done, TreeNews::between(&before, &self.known_listing())))
    }

    /// A request that was just read or written, as the list shows it.
    pub fn summary(&self, path: &str, request: &RequestFile, stamp: &str) -> RequestSummary {
        let seen = Seen {
            stamp: stamp.to_owned(),
            brief: Ok(Brief::of(request)),
        };
        let mut summary = listing::summary(path, Some(&seen));
        if let Ok(inherited) = self.inherited(path, request.endpoint) {
            let whole = merged(request, &inherited);
            summary.model = body::model(&whole.body).map(str::to_owned);
            summary.effort = body::effort(&whole.body).map(str::to_owned);
        }
        summary
    }

    /// A path inside the workspace: no `..`, no root, no drive, no way out through a link.
    ///
    /// # Errors
    /// `BadInput`; `WorkspaceGone`.
    pub fn resolve(&self, path: &str) -> Result<PathBuf> {
        let outside = || {
            Error::new(
                ErrorCode::BadInput,
                format!("{path:?} leads out of the workspace."),
            )
            .place("path")
            .hint("Use a path relative to the workspace folder.")
        };
        let relative = Path::new(path);
        let inside = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        // A backslash divides folders on one system, and is a letter on another.
        if !inside || path.contains(['\\', '\0']) {
            return Err(outside());
        }
        let full = self.root.join(relative);
        // The deepest part that exists tells whether a link leads elsewhere.
        let mut existing = full.as_path();
        while existing.symlink_metadata().is_err() {
            existing = existing.parent().ok_or_else(outside)?;
        }
        let root = self
            .root
            .canonicalize()
            .map_err(|error| super::index::gone(&self.root, &error))?;
        let real = existing.canonicalize().map_err(|_| outside())?;
        if real.starts_with(&root) {
            Ok(full)
        } else {
            Err(outside())
        }
    }

    /// The path within the workspace of a file that lies in it; None for any other.
    pub fn relative(&self, file: &Path) -> Option<String> {
        let real = file.canonicalize().ok()?;
        let inside = real.strip_prefix(self.root.canonicalize().ok()?).ok()?;
        let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
        Some(parts?.join("/"))
    }

    /// A folder that is there; "" for the workspace itself.
    ///
    /// # Errors
    /// As [`Self::resolve`], and `BadInput` for what is no folder.
    pub fn resolve_folder(&self, path: &str) -> Result<PathBuf> {
        let folder = self.resolve(path)?;
        if folder.is_dir() {
            return Ok(folder);
        }
        Err(Error::new(
            ErrorCode::BadInput,
            format!("There is no folder {path:?} in the workspace."),
        )
        .place("folder")
        .hint("It may have been moved or deleted outside."))
    }

    /// The names in a folder, in small letters: on some systems `A` and `a` are one file.
    pub(super) fn taken_in(&self, folder: &str) -> Result<Vec<String>> {
        let path = self.resolve_folder(folder)?;
        let entries = std::fs::read_dir(&path).map_err(|error| {
            Error::new(
                ErrorCode::FileUnreadable,
                format!("{} could not be read: {error}.", path.display()),
            )
            .place(path.display().to_string())
        })?;
        Ok(entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().to_lowercase())
            .collect())
    }

    /// A name that nothing in the folder has.
    pub(super) fn free_name(&self, folder: &str, base: &str, ending: &str) -> Result<String> {
        let taken = self.taken_in(folder)?;
        Ok(names::free(base, ending, |name| {
            let name = name.to_lowercase();
            taken.contains(&name)
        }))
    }

    /// One change at a time, within this process.
    pub(super) fn writing(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn merged(request: &RequestFile, inherited: &[Inherited]) -> RequestFile {
    let mut request = request.clone();
    defaults::apply(&mut request.body, inherited);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(folder.path().to_owned());
        for path in [
            "../x.yaml",
            "/etc/passwd",
            "a/../../x",
            "./x",
            "a\\..\\x",
            "a\0",
        ] {
            let refused = workspace.read(path).unwrap_err();
            assert_ne!(
                refused.code,
                ErrorCode::FileInvalid,
                "{path} is not even read"
            );
            assert_eq!(
                workspace.resolve(path).unwrap_err().code,
                ErrorCode::BadInput
            );
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc", folder.path().join("link")).unwrap();
            std::os::unix::fs::symlink("/nowhere", folder.path().join("broken")).unwrap();
            for path in ["link/passwd", "link", "broken", "broken/x"] {
                assert_eq!(
                    workspace.read(path).unwrap_err().code,
                    ErrorCode::BadInput,
                    "nor through a link: {path}"
                );
            }
        }
    }
}
