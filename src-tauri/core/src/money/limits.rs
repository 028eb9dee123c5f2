//! `limits.yaml` in the data folder: the spending limits, kept across starts.

use std::path::Path;

use super::budget::Limits;
use crate::error::{Error, ErrorCode, Result};
use crate::workspace::{request_file, write};

const FILE: &str = "limits.yaml";

/// Reads the limits; none where there is no file.
///
/// # Errors
/// `FileUnreadable`, `FileInvalid`, naming the file. Who can't read a limit must not spend.
pub fn read(data: &Path) -> Result<Limits> {
    let file = data.join(FILE);
    if !file.exists() {
        return Ok(Limits::default());
    }
    let text = request_file::read_text(&file)?;
    serde_saphyr::from_str(&text).map_err(|error| {
        Error::new(
            ErrorCode::FileInvalid,
            format!("{} does not hold spending limits: {error}", file.display()),
        )
        .place(file.display().to_string())
        .hint("Set the limits anew, and the file is put right. Nothing is sent live until then.")
    })
}

/// Writes the limits, whole or not at all.
///
/// # Errors
/// `FileUnwritable`.
pub fn write(data: &Path, limits: &Limits) -> Result<()> {
    let text = serde_saphyr::to_string(limits)
        .map_err(|error| Error::internal("The limits could not be written", error))?;
    write::write(&data.join(FILE), &text)
}
