//! Opens the history's file, or says by name why it can't be used.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::session::{self, Opening, Session};
use super::write;
use super::{History, Shared, fault, migrations};
use crate::clock::Clock;
use crate::error::Result;

/// How long opening waits for another process that holds the file.
const OPEN_WAIT: Duration = Duration::from_secs(2);

/// The file's name in its folder.
const FILE: &str = "history.sqlite";

impl History {
    /// Opens `history.sqlite` in `folder`, making both where they are absent and bringing the
    /// schema up to date, after a copy of the file. Runs that a dead process left streaming are
    /// marked cut; those of living processes are left alone. Blocks for up to 2 seconds where
    /// another process holds the file.
    ///
    /// # Errors
    /// `HistoryUnwritable`, `HistoryLocked`, `HistoryNewer`, `HistoryDamaged`: each names the file and
    /// what to do, and leaves the file as it was. [`History::in_memory`] is the way on.
    pub fn open(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let sessions = folder.join("sessions");
        std::fs::create_dir_all(&sessions).map_err(|error| fault::unwritable(folder, &error))?;
        let file = folder.join(FILE);
        let _turn = Opening::wait(&sessions, &file, OPEN_WAIT)?;

        let mut connection = connect(&file)?;
        prepare(&mut connection, &file)?;
        let session = Session::begin(&sessions)?;
        let cut_at_open = session::enter(&mut connection, &session, &sessions, clock.now_ms())
            .map_err(|error| fault::explain(&error, Some(&file)))?;

        let reader = connect(&file)?;
        reader
            .pragma_update(None, "query_only", true)
            .map_err(|error| fault::explain(&error, Some(&file)))?;
        start(
            Some(file),
            Shared::new(connection),
            Shared::new(reader),
            session,
            clock,
            cut_at_open,
        )
    }

    /// A history that lasts as long as the process: for tests, and to go on where the file can't be
    /// used.
    ///
    /// # Errors
    /// `Internal`, where the system gives neither memory nor a thread.
    pub fn in_memory(clock: Arc<dyn Clock>) -> Result<Self> {
        let explain = |error: rusqlite::Error| fault::explain(&error, None);
        let mut connection = Connection::open_in_memory().map_err(explain)?;
        migrations::migrate(&mut connection, None, migrations::STEPS)?;
        configure(&connection).map_err(explain)?;
        // One connection for both: a database in memory belongs to the connection that made it.
        let shared = Shared::new(connection);
        start(
            None,
            shared.clone(),
            shared,
            Session::unlocked(),
            clock,
            Vec::new(),
        )
    }
}

fn start(
    file: Option<PathBuf>,
    connection: Shared,
    reader: Shared,
    session: Session,
    clock: Arc<dyn Clock>,
    cut_at_open: Vec<String>,
) -> Result<History> {
    let (recorder, writer) = write::start(connection, file.clone(), session, clock)?;
    Ok(History {
        file,
        reader,
        recorder,
        writer: Some(writer),
        cut_at_open,
    })
}

fn connect(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let explain = |error: rusqlite::Error| fault::explain(&error, Some(file));
    let connection = Connection::open_with_flags(file, flags).map_err(explain)?;
    connection.busy_timeout(OPEN_WAIT).map_err(explain)?;
    Ok(connection)
}

/// Brings a connection to `file` to where it can be written to.
fn prepare(connection: &mut Connection, file: &Path) -> Result<()> {
    let explain = |error: rusqlite::Error| fault::explain(&error, Some(file));
    // SQLite opens what it may not write without a word, and would fail at the first run.
    if connection.is_readonly("main").map_err(explain)? {
        return Err(fault::unwritable(
            file,
            &std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem),
        ));
    }
    // Before anything that would change the file, for it may be someone else's.
    migrations::migrate(connection, Some(file), migrations::STEPS)?;
    // Where the file system can't do WAL, SQLite keeps its rollback journal: slower, as safe.
    connection
        .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
        .map_err(explain)?;
    configure(connection).map_err(explain)
}

/// `NORMAL` in WAL mode: a commit is a write into the page cache of the system, so a killed process
/// loses nothing that was committed, and no stream waits for the disk. A power cut may lose the
/// commits since the last sync, never the soundness of the file. The end of a run, which is paid for,
/// is committed with `FULL` (see `write`), and that sync takes along all that was written before.
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // The log file shrinks again after a burst.
    connection.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    #[test]
    fn a_file_that_opens_read_only_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        Connection::open(&file)
            .and_then(|c| c.execute_batch("CREATE TABLE t (a); DROP TABLE t"))
            .unwrap();
        let mut connection =
            Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let error = prepare(&mut connection, &file).unwrap_err();
        assert_eq!(error.code, ErrorCode::HistoryUnwritable);
        assert!(error.message.contains(file.to_str().unwrap()), "{error}");
        assert!(error.hint.unwrap().contains("RHEOSTAT_DATA"));
    }
}
