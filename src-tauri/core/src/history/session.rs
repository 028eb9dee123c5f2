//! Who is writing: each process holds a lock while it lives, so that a dead one's runs are known.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use uuid::Uuid;

use super::{fault, read, rows};
use crate::error::{Error, ErrorCode, Result};
use crate::run::facts::{Phase, RunStatus};

/// This process's claim on the runs that it writes. The lock goes when the process does, however
/// it ends: unlike a process id, which the system gives to the next one.
pub struct Session {
    pub id: String,
    lock: Option<(File, PathBuf)>,
}

impl Session {
    /// Takes the lock of a new session in the folder `sessions`.
    ///
    /// # Errors
    /// `HistoryUnwritable`, where the lock file can't be made.
    pub fn begin(sessions: &Path) -> Result<Self> {
        let id = Uuid::now_v7().to_string();
        let path = lock_path(sessions, &id);
        let file = open(&path).map_err(|error| fault::unwritable(&path, &error))?;
        // Some network mounts have no locks. The session then looks alive to others for ever, which
        // keeps a run from being marked cut and harms nothing else.
        if let Err(error) = file.try_lock() {
            tracing::warn!(%error, "the history's folder offers no file locks");
        }
        Ok(Self {
            id,
            lock: Some((file, path)),
        })
    }

    /// A session that no other process can meet.
    pub fn unlocked() -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            lock: None,
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some((file, path)) = self.lock.take() {
            drop(file);
            // What stays behind is found and removed at the next opening.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// One process opens at a time: two that migrate, or that look for the dead, would meet.
pub struct Opening {
    _lock: File,
}

impl Opening {
    /// Waits for the turn, for up to `wait`.
    ///
    /// # Errors
    /// `HistoryLocked` after that, `HistoryUnwritable` where the lock file can't be made.
    pub fn wait(sessions: &Path, file: &Path, wait: Duration) -> Result<Self> {
        let path = sessions.join("opening.lock");
        let lock = open(&path).map_err(|error| fault::unwritable(&path, &error))?;
        let until = Instant::now() + wait;
        loop {
            match lock.try_lock() {
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => return Err(fault::locked(Some(file))),
                // No locks on this mount: SQLite's own still keep the file sound.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(Self { _lock: lock }),
            }
        }
    }
}

/// Writes the session down, and marks cut what dead sessions left running. Returns the ids of
/// those runs, oldest first.
pub fn enter(
    connection: &mut Connection,
    session: &Session,
    sessions: &Path,
    now: i64,
) -> rusqlite::Result<Vec<String>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let open_sessions: Vec<String> = transaction
        .prepare("SELECT id FROM session WHERE ended_at IS NULL ORDER BY id")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut cut = Vec::new();
    let mut dead_locks = Vec::new();
    for id in open_sessions {
        let Some(lock) = claim(sessions, &id) else {
            continue;
        };
        for key in running(&transaction, &id)? {
            cut.push(cut_run(&transaction, key)?);
        }
        transaction.execute(
            "UPDATE session SET ended_at = ?2 WHERE id = ?1",
            params![id, now],
        )?;
        dead_locks.push((lock, lock_path(sessions, &id)));
    }
    transaction.execute(
        "INSERT INTO session (id, pid, started_at) VALUES (?1, ?2, ?3)",
        params![session.id, std::process::id(), now],
    )?;
    transaction.commit()?;
    for (lock, path) in dead_locks {
        drop(lock);
        let _ = std::fs::remove_file(path);
    }
    Ok(cut)
}

/// A dead session's lock: Some(None) where its file is gone. None while the session lives, or where
/// it can't be told.
fn claim(sessions: &Path, id: &str) -> Option<Option<File>> {
    let path = lock_path(sessions, id);
    match OpenOptions::new().read(true).write(true).open(&path) {
        Ok(file) => file.try_lock().is_ok().then_some(Some(file)),
        Err(error) => (error.kind() == std::io::ErrorKind::NotFound).then_some(None),
    }
}

fn running(connection: &Connection, session: &str) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare("SELECT key FROM run WHERE session_id = ?1 AND status = 'running' ORDER BY key")?
        .query_map([session], |row| row.get(0))?
        .collect()
}

/// Ends a run where its last event stands. Returns its id.
fn cut_run(connection: &Connection, key: i64) -> rusqlite::Result<String> {
    let mut facts = read::run_at(connection, key)?.facts;
    let at_ms = |order: &str| {
        connection
            .query_row(
                &format!("SELECT at_us FROM event WHERE run = ?1 ORDER BY idx {order} LIMIT 1"),
                [key],
                |row| row.get::<_, i64>(0),
            )
            .optional()
            .map(|us| us.map(|us| us as f64 / 1e3))
    };
    let last = at_ms("DESC")?;
    facts.first_event_ms = facts.first_event_ms.or(at_ms("ASC")?);
    facts.total_ms = last;
    facts.elapsed_ms = last.unwrap_or(0.0);
    facts.status = RunStatus::Cut;
    facts.phase = Phase::Done;
    facts.phase_label = None;
    facts.fault = Some(
        Error::new(
            ErrorCode::StreamCut,
            "Rheostat ended while this run was streaming; what had arrived is kept.",
        )
        .hint("Send the request again. What had been generated by then may have been charged."),
    );
    rows::write_facts(connection, key, &facts)?;
    Ok(facts.id)
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

fn lock_path(sessions: &Path, id: &str) -> PathBuf {
    sessions.join(format!("{id}.lock"))
}
