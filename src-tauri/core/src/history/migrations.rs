//! The schema of the history, step by step, and how a file is brought up to date.

use std::path::Path;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::fault;
use crate::error::{Error, ErrorCode, Result};

/// Every step, oldest first. The schema version of a file is the number of steps it has taken.
pub const STEPS: &[(&str, &str)] = &[
    ("001_runs.sql", include_str!("migrations/001_runs.sql")),
    ("002_find.sql", include_str!("migrations/002_find.sql")),
];

/// "RHEO", as `001_runs.sql` writes it.
const APPLICATION_ID: i64 = 0x5248_454F;

/// Takes the steps that the file at `path` lacks (None: in memory), all in one transaction, after a
/// copy of it has been put beside it. A file that is newer but says that this version may use it is
/// left as it is.
///
/// # Errors
/// `HistoryNewer`, `HistoryDamaged` for a file that is no history, and what SQLite fails with.
pub fn migrate(
    connection: &mut Connection,
    path: Option<&Path>,
    steps: &[(&'static str, &'static str)],
) -> Result<()> {
    let explain = |error| fault::explain(&error, path);
    let known = steps.len() as i64;
    let version = pragma(connection, "user_version").map_err(explain)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(explain)?;
    if tables > 0 && pragma(connection, "application_id").map_err(explain)? != APPLICATION_ID {
        return Err(fault::not_a_history(path));
    }
    if version >= known {
        return refuse_newer(connection, path, version, known);
    }
    if let (Some(path), true) = (path, tables > 0) {
        back_up(connection, path, known)?;
    }
    Migrations::new(steps.iter().map(|(_, sql)| M::up(sql)).collect())
        .to_latest(connection)
        .map_err(|error| match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => explain(err),
            other => Error::internal("The history could not be brought up to date", other),
        })
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn refuse_newer(
    connection: &Connection,
    path: Option<&Path>,
    version: i64,
    known: i64,
) -> Result<()> {
    if version == known {
        return Ok(());
    }
    let oldest_reader: i64 = connection
        .query_row("SELECT oldest_reader FROM compat", [], |row| row.get(0))
        .map_err(|error| fault::explain(&error, path))?;
    if oldest_reader <= known {
        return Ok(());
    }
    Err(fault::at(
        path,
        ErrorCode::HistoryNewer,
        |name| {
            format!(
                "{name} was written by a newer Rheostat (schema {version}; this one knows {known})"
            )
        },
        "Use the newer Rheostat, or choose another folder with RHEOSTAT_DATA. The file was not changed.",
    ))
}

/// Copies the database to `history-before-v<version>.sqlite`: under another name first, so that a
/// copy cut short never passes for a whole one.
fn back_up(connection: &Connection, path: &Path, version: i64) -> Result<()> {
    let whole = path.with_file_name(format!("history-before-v{version}.sqlite"));
    let part = path.with_file_name(format!("history-before-v{version}.sqlite.part"));
    let unwritable = |error: std::io::Error| fault::unwritable(&whole, &error);
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(unwritable(error));
        }
        _ => {}
    }
    let name = part
        .to_str()
        .ok_or_else(|| unwritable(std::io::Error::other("its path is not valid Unicode")))?;
    connection
        .execute("VACUUM INTO ?1", [name])
        .map_err(|error| fault::explain(&error, Some(path)))?;
    std::fs::OpenOptions::new()
        .write(true)
        .open(&part)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&part, &whole))
        .map_err(unwritable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: (&str, &str) = (
        "002_next.sql",
        "CREATE TABLE next (a); UPDATE run SET repeat = 2",
    );

    /// A file that took the first `count` of `steps`, with one run in it.
    fn file_at(folder: &Path, steps: &[(&'static str, &'static str)]) -> std::path::PathBuf {
        let path = folder.join("history.sqlite");
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, Some(&path), steps).unwrap();
        connection
            .execute_batch(
                "INSERT INTO body VALUES ('sha256:00', x'7b7d');
                 INSERT INTO run (id, session_id, repeat, model, endpoint, host, body_hash,
                     started_at, status, facts)
                 VALUES ('r', 's', 1, 'm', 'responses', 'h', 'sha256:00', 1, 'completed', '{}')",
            )
            .unwrap();
        path
    }

    fn repeat(path: &Path) -> i64 {
        Connection::open(path)
            .unwrap()
            .query_row("SELECT repeat FROM run WHERE id = 'r'", [], |row| {
                row.get(0)
            })
            .unwrap()
    }

    fn version(path: &Path) -> i64 {
        pragma(&Connection::open(path).unwrap(), "user_version").unwrap()
    }

    fn steps_and(next: (&'static str, &'static str)) -> Vec<(&'static str, &'static str)> {
        STEPS.iter().copied().chain([next]).collect()
    }

    #[test]
    fn a_new_file_needs_no_backup() {
        let folder = tempfile::tempdir().unwrap();
        file_at(folder.path(), STEPS);
        let names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["history.sqlite"]);
    }

    #[test]
    fn every_past_version_migrates_after_a_backup() {
        let now = steps_and(NEXT);
        for past in 1..now.len() {
            let folder = tempfile::tempdir().unwrap();
            let path = file_at(folder.path(), &now[..past]);
            migrate(&mut Connection::open(&path).unwrap(), Some(&path), &now).unwrap();
            assert_eq!((version(&path), repeat(&path)), (now.len() as i64, 2));

            let backup = folder
                .path()
                .join(format!("history-before-v{}.sqlite", now.len()));
            assert_eq!((version(&backup), repeat(&backup)), (past as i64, 1));
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = file_at(folder.path(), STEPS);
        let broken = steps_and((
            "002_broken.sql",
            "UPDATE run SET repeat = 9; SELECT nothing",
        ));
        migrate(&mut Connection::open(&path).unwrap(), Some(&path), &broken).unwrap_err();
        assert_eq!((version(&path), repeat(&path)), (STEPS.len() as i64, 1));
        // The next try replaces the copy that the first one left.
        migrate(
            &mut Connection::open(&path).unwrap(),
            Some(&path),
            &steps_and(NEXT),
        )
        .unwrap();
        assert_eq!(repeat(&path), 2);
    }

    #[test]
    fn a_newer_file_is_used_where_it_allows_that_and_refused_where_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = file_at(folder.path(), &steps_and(NEXT));
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, Some(&path), STEPS).expect("an additive step harms nobody");

        connection
            .execute(
                "UPDATE compat SET oldest_reader = ?1",
                [STEPS.len() as i64 + 1],
            )
            .unwrap();
        let error = migrate(&mut connection, Some(&path), STEPS).unwrap_err();
        assert_eq!(error.code, ErrorCode::HistoryNewer);
        assert!(error.message.contains(path.to_str().unwrap()), "{error}");
        assert!(error.hint.unwrap().contains("newer Rheostat"));
    }

    #[test]
    fn a_database_of_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.sqlite");
        let mut connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE visits (url)")
            .unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = migrate(&mut connection, Some(&path), STEPS).unwrap_err();
        assert_eq!(error.code, ErrorCode::HistoryDamaged);
        assert!(
            error.message.ends_with("is not a history of Rheostat"),
            "{error}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
