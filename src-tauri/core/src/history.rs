//! What happened, in one SQLite file: runs, their raw events as they arrived, comparisons.
//!
//! One thread per open history writes; a [`Recorder`] hands it what happens and never waits. Reads
//! go over a connection of their own, and block: async code calls them through `spawn_blocking`.

mod events_fold;
mod fault;
mod list;
mod migrations;
mod open;
mod read;
mod rows;
mod session;
mod words;
mod write;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

pub use events_fold::fold_events;
pub use list::{Filter, Page, Pulse, Totals};
pub use read::{EffortRecord, RunFigure, StoredComparison, StoredEvent, StoredRun};
pub use rows::{Lane, NewComparison, NewRun};
pub use words::words_of;
pub use write::Recorder;

use crate::error::Error;

/// An open history. Dropping it writes what is still queued and closes the file.
pub struct History {
    /// The database file; None in memory.
    file: Option<PathBuf>,
    reader: Shared,
    recorder: Recorder,
    writer: Option<JoinHandle<()>>,
    cut_at_open: Vec<String>,
}

impl History {
    /// The handle to write with. Cheap to clone.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The folder of the file; None in memory.
    pub fn folder(&self) -> Option<&Path> {
        self.file.as_deref().and_then(Path::parent)
    }

    /// Why something could not be written; None while all is well.
    pub fn problem(&self) -> Option<Error> {
        self.recorder.problem()
    }

    /// The ids of the runs that opening found cut: their process died while they were streaming.
    /// The events of such a run may hold more than its facts do, up to the final one with its
    /// usage; who folds them can settle the run with [`Recorder::finish_run`].
    pub fn cut_at_open(&self) -> &[String] {
        &self.cut_at_open
    }
}

impl Drop for History {
    fn drop(&mut self) {
        self.recorder.close();
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the history's writer ended badly");
        }
    }
}

/// A connection that two threads take turns at.
#[derive(Clone)]
struct Shared(Arc<Mutex<Connection>>);

impl Shared {
    fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    /// A panic elsewhere leaves a connection usable: SQLite rolls an open transaction back.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
