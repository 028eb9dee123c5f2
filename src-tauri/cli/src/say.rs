//! What a terminal is told: results on stdout, errors with their next step on stderr.

use std::io::Write;

use rheostat_core::error::Error;
use serde::Serialize;

/// An error as a person reads it: what happened, where, what to do.
pub fn error(error: &Error) {
    eprintln!("rheostat: {}", error.message);
    if let Some(place) = error
        .place
        .as_deref()
        .filter(|place| !error.message.contains(place))
    {
        eprintln!("  at {place}");
    }
    if let Some(hint) = &error.hint {
        eprintln!("  {hint}");
    }
    if let Some(id) = &error.request_id {
        eprintln!("  request id {id}");
    }
}

/// Prints a value as JSON on stdout.
///
/// # Errors
/// `Internal` if it can't be written.
pub fn print_json(value: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::internal("The result could not be written as JSON", error))?;
    print(&text)
}

/// Prints text on stdout. A reader that has gone away, such as `head`, is no fault.
///
/// # Errors
/// `Internal` where stdout can't be written for another reason.
pub fn print(text: &str) -> Result<(), Error> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::internal("stdout could not be written", error))
        }
        _ => Ok(()),
    }
}
