//! Why SQLite or the disk refused, as an error that names the file and what to do.

use std::path::Path;

use rusqlite::ffi;

use crate::error::{Error, ErrorCode};

const CHOOSE_ANOTHER: &str =
    "Make the folder writable, or choose another with the environment variable RHEOSTAT_DATA.";

/// Explains a failure of the history at `path` (None: in memory).
pub fn explain(error: &rusqlite::Error, path: Option<&Path>) -> Error {
    use ffi::ErrorCode as Sqlite;
    let explained = match error.sqlite_error_code() {
        Some(Sqlite::NotADatabase | Sqlite::DatabaseCorrupt) => damaged(path),
        Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => locked(path),
        Some(Sqlite::DiskFull) => at(
            path,
            ErrorCode::HistoryUnwritable,
            |name| format!("The disk that holds {name} is full"),
            "Free some space: what has arrived is kept in memory and written as soon as there is room.",
        ),
        Some(
            Sqlite::ReadOnly
            | Sqlite::CannotOpen
            | Sqlite::PermissionDenied
            | Sqlite::SystemIoFailure
            | Sqlite::FileLockingProtocolFailed
            | Sqlite::NoLargeFileSupport
            | Sqlite::AuthorizationForStatementDenied,
        ) => at(
            path,
            ErrorCode::HistoryUnwritable,
            |name| format!("{name} cannot be written"),
            CHOOSE_ANOTHER,
        ),
        _ => at(
            path,
            ErrorCode::Internal,
            |name| format!("{name} refused a statement of Rheostat's own"),
            "What has arrived stays on screen. Please report this with the cause below.",
        ),
    };
    explained.detail(error.to_string())
}

/// Waiting may cure it: the same statements are worth another try.
pub fn may_pass(error: &rusqlite::Error) -> bool {
    use ffi::ErrorCode as Sqlite;
    matches!(
        error.sqlite_error_code(),
        Some(
            Sqlite::DatabaseBusy
                | Sqlite::DatabaseLocked
                | Sqlite::DatabaseCorrupt
                | Sqlite::NotADatabase
                | Sqlite::DiskFull
                | Sqlite::ReadOnly
                | Sqlite::CannotOpen
                | Sqlite::PermissionDenied
                | Sqlite::SystemIoFailure
                | Sqlite::FileLockingProtocolFailed
                | Sqlite::OutOfMemory
                | Sqlite::OperationInterrupted
        )
    )
}

/// Another process has held the file for longer than Rheostat waits.
pub fn locked(path: Option<&Path>) -> Error {
    at(
        path,
        ErrorCode::HistoryLocked,
        |name| format!("{name} is held by another program"),
        "Close the program that holds it, such as a database browser or a backup, and start Rheostat again.",
    )
}

/// The file is no SQLite database, or its pages contradict one another.
pub fn damaged(path: Option<&Path>) -> Error {
    at(
        path,
        ErrorCode::HistoryDamaged,
        |name| format!("{name} is damaged"),
        "The file is kept as it is. Move it elsewhere to start a new history, or choose another folder with RHEOSTAT_DATA. `sqlite3 history.sqlite .recover` may bring back what it holds.",
    )
}

/// A sound SQLite database, but of something else.
pub fn not_a_history(path: Option<&Path>) -> Error {
    at(
        path,
        ErrorCode::HistoryDamaged,
        |name| format!("{name} is not a history of Rheostat"),
        "The file is kept as it is. Move it elsewhere, or choose another folder with RHEOSTAT_DATA.",
    )
}

/// The folder or a file in it cannot be made.
pub fn unwritable(path: &Path, cause: &std::io::Error) -> Error {
    at(
        Some(path),
        ErrorCode::HistoryUnwritable,
        |name| format!("The history cannot be kept in {name}"),
        CHOOSE_ANOTHER,
    )
    .detail(cause.to_string())
}

/// An error about the file at `path`, which `message` gets to name.
pub fn at(
    path: Option<&Path>,
    code: ErrorCode,
    message: impl FnOnce(&str) -> String,
    hint: &str,
) -> Error {
    match path {
        Some(path) => {
            let name = path.display().to_string();
            Error::new(code, message(&name)).hint(hint).place(name)
        }
        None => Error::new(code, message("the history in memory")).hint(hint),
    }
}
