//! Watches the workspace folder: what changes in it outside shows at once, and so does that it is gone, or
//! there again.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::folder::Workspace;
use super::listing::{Listing, TreeNews};
use super::names;
use crate::blocking;
use crate::error::{Error, Result};

/// Changes are gathered until it is quiet for that long: a save is several changes, a checkout thousands.
const QUIET: Duration = Duration::from_millis(60);

/// But no longer than that.
const LATEST: Duration = Duration::from_millis(400);

/// How often it is looked whether the folder still is the one that is watched.
const GLANCE: Duration = Duration::from_secs(1);

/// How often the folder is searched where the system does not tell of changes.
const SEARCH: Duration = Duration::from_secs(3);

/// Paths that are remembered one by one; of more, all are looked at.
const REMEMBERED: usize = 4_096;

/// Files that are read between two messages while a large workspace is read for the first time.
const PORTION: usize = 1_024;

/// What the system told.
#[derive(Debug, Default)]
struct Touched {
    state: Mutex<TouchedState>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct TouchedState {
    paths: HashSet<String>,
    /// More changed than was remembered.
    all: bool,
    /// The system can't tell of all changes.
    deaf: bool,
}

impl Touched {
    fn note(&self, change: impl FnOnce(&mut TouchedState)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.wake.notify_one();
    }

    fn take(&self) -> TouchedState {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let deaf = state.deaf;
        std::mem::replace(
            &mut state,
            TouchedState {
                deaf,
                ..TouchedState::default()
            },
        )
    }

    fn is_deaf(&self) -> bool {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .deaf
    }
}

/// Tells of the workspace as it is, and of every change from then on. Ends only by being dropped.
pub async fn watch(workspace: &Workspace, emit: impl Fn(&TreeNews)) {
    let mut last = Listing::default();
    loop {
        let touched = Arc::new(Touched::default());
        // Before the first look, so that nothing falls between the two.
        let (watcher, identity) = match listen(workspace.root(), &touched) {
            Ok(watcher) => (Some(watcher), identity(workspace.root())),
            Err(error) => {
                touched.note(|state| state.deaf = true);
                if workspace.root().is_dir() {
                    tracing::warn!(%error, "the workspace is searched for changes instead of watched");
                }
                (None, identity(workspace.root()))
            }
        };
        let seen = look(workspace, |workspace| workspace.first_listing()).await;
        let outcome = match seen {
            Ok(listing) => {
                emit(&TreeNews {
                    whole: true,
                    ..TreeNews::between(&Listing::default(), &listing)
                });
                last = listing;
                follow(workspace, &touched, identity, &mut last, &emit).await
            }
            Err(problem) => problem,
        };
        drop(watcher);
        // What was known stays on screen; nothing in it can be opened until the folder is back.
        emit(&TreeNews {
            problem: Some(outcome),
            ..TreeNews::between(&last, &last)
        });
        while !workspace.root().is_dir() {
            tokio::time::sleep(GLANCE / 4).await;
        }
        // One that can't be read for another reason is not tried without a pause.
        tokio::time::sleep(GLANCE / 4).await;
    }
}

/// Tells of changes until the folder is gone or another one: why.
async fn follow(
    workspace: &Workspace,
    touched: &Touched,
    known: Option<Identity>,
    last: &mut Listing,
    emit: &impl Fn(&TreeNews),
) -> Error {
    let mut tell = |now: Listing, others: Vec<String>| {
        let mut news = TreeNews::between(last, &now);
        news.changed.extend(others);
        if !news.is_empty() {
            emit(&news);
        }
        *last = now;
    };
    loop {
        let read = look(workspace, |workspace| {
            let left = workspace.index().read_some(PORTION);
            Ok((left, workspace.known_listing()))
        })
        .await;
        match read {
            Ok((left, listing)) => {
                tell(listing, Vec::new());
                if left == 0 {
                    break;
                }
            }
            Err(problem) => return problem,
        }
    }
    let mut searched = Instant::now();
    loop {
        let told = tokio::time::timeout(GLANCE, touched.wake.notified()).await;
        if identity(workspace.root()) != known {
            return super::index::gone(
                workspace.root(),
                &std::io::Error::new(std::io::ErrorKind::NotFound, "it was moved or deleted"),
            );
        }
        let search = touched.is_deaf() && searched.elapsed() >= SEARCH;
        if told.is_err() && !search {
            continue;
        }
        let since = Instant::now();
        while since.elapsed() < LATEST
            && tokio::time::timeout(QUIET, touched.wake.notified())
                .await
                .is_ok()
        {}
        let changes = touched.take();
        if changes.all || search {
            searched = Instant::now();
        }
        let paths: Vec<String> = changes.paths.into_iter().collect();
        let others = paths
            .iter()
            .filter(|path| is_other_file(path))
            .cloned()
            .collect();
        let seen = look(workspace, move |workspace| {
            workspace.index().forget(&paths);
            workspace.listing()
        })
        .await;
        match seen {
            Ok(listing) => tell(listing, others),
            Err(problem) => return problem,
        }
    }
}

/// A file of the workspace that is no request: who shows it should read it again.
fn is_other_file(path: &str) -> bool {
    let (_, name) = names::split(path);
    (name.ends_with(".yaml") || name.ends_with(".yml")) && !names::is_request(path)
        || !names::is_collection(path.split('/').next().unwrap_or(path))
}

fn listen(root: &Path, touched: &Arc<Touched>) -> notify::Result<RecommendedWatcher> {
    // Some systems name the real folder in what they tell, whatever they were asked for.
    let real = root.canonicalize()?;
    let base: PathBuf = real.clone();
    let told = Arc::clone(touched);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                tracing::warn!(%error, "changes of the workspace may have been missed");
                return told.note(|state| {
                    state.all = true;
                    state.deaf = true;
                });
            }
        };
        if event.need_rescan() {
            return told.note(|state| state.all = true);
        }
        // Reading is no change.
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        let paths: Vec<String> = event
            .paths
            .iter()
            .filter_map(|path| shown(path.strip_prefix(&base).ok()?))
            .collect();
        if !paths.is_empty() {
            told.note(|state| {
                if state.paths.len() + paths.len() > REMEMBERED {
                    state.all = true;
                } else {
                    state.paths.extend(paths);
                }
            });
        }
    })?;
    watcher.watch(&real, RecursiveMode::Recursive)?;
    Ok(watcher)
}

/// A path below the workspace as it is listed; None for what is hidden: Git's own files, and ours on their
/// way to their names.
fn shown(path: &Path) -> Option<String> {
    let parts: Vec<&str> = path
        .iter()
        .map(|part| part.to_str().filter(|part| !part.starts_with('.')))
        .collect::<Option<_>>()?;
    Some(parts.join("/"))
}

/// Looks at the disk off the async threads.
async fn look<T: Send + 'static>(
    workspace: &Workspace,
    act: impl FnOnce(&Workspace) -> Result<T> + Send + 'static,
) -> Result<T> {
    let workspace = workspace.clone();
    blocking::run("Looking at the workspace broke", move || act(&workspace)).await
}

/// Which folder this is, where the system can tell: one of the same name may have taken its place.
type Identity = (u64, u64);

fn identity(root: &Path) -> Option<Identity> {
    let metadata = std::fs::metadata(root)
        .ok()
        .filter(std::fs::Metadata::is_dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Some((0, 0))
    }
}
