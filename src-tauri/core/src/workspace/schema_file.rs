//! A schema as a file of its own: JSON or YAML, told by its name.

use std::path::Path;

use serde_json::Value;

use super::{document, request_file, write};
use crate::error::{Error, ErrorCode, Result};

/// Reads the schema at `path`.
///
/// # Errors
/// `FileUnreadable` and `FileInvalid`, naming the file, the line and the column.
pub fn read(path: &Path) -> Result<Value> {
    parse(path, &request_file::read_text(path)?)
}

/// Reads a schema from its text; `path` names it in messages and says its language.
///
/// # Errors
/// `FileInvalid`, naming the line and the column.
pub fn parse(path: &Path, text: &str) -> Result<Value> {
    let text = text.trim_start_matches('\u{feff}');
    let (what, line, column) = if is_yaml(path) {
        match serde_saphyr::from_str(text) {
            Ok(value) => return Ok(value),
            Err(error) => {
                let place = error.location();
                let said = error.to_string();
                let first = said.lines().next().unwrap_or_default();
                (
                    first.trim_start_matches("error: ").to_owned(),
                    place.map_or(1, |place| place.line()),
                    place.map_or(1, |place| place.column()),
                )
            }
        }
    } else {
        match serde_json::from_str(text) {
            Ok(value) => return Ok(value),
            Err(error) => {
                let said = error.to_string();
                let what = said.split(" at line ").next().unwrap_or(&said).to_owned();
                let place = |at: usize| u64::try_from(at.max(1)).unwrap_or(u64::MAX);
                (what, place(error.line()), place(error.column()))
            }
        }
    };
    let language = if is_yaml(path) { "YAML" } else { "JSON" };
    Err(Error::new(
        ErrorCode::FileInvalid,
        format!("{} is no {language}: {what}.", path.display()),
    )
    .place(format!("{}:{line}:{column}", path.display()))
    .hint("Mend the file in an editor; it was left as it is."))
}

/// Puts the schema in place of the one in the file at `path`, whole or not at all. The comments of a YAML file stay.
///
/// # Errors
/// `FileUnreadable`, `FileInvalid`; `FileUnwritable` if it holds comments that would be lost, or can't be written.
pub fn save(path: &Path, schema: &Value) -> Result<()> {
    let before = request_file::read_text(path)?;
    write::write(path, &rewritten(path, &before, schema)?)
}

fn rewritten(path: &Path, before: &str, schema: &Value) -> Result<String> {
    if !is_yaml(path) {
        return serde_json::to_string_pretty(schema)
            .map(|text| text + "\n")
            .map_err(|error| Error::internal("A schema could not be written as JSON", error));
    }
    let before = before.trim_start_matches('\u{feff}');
    let is_right = |text: &str| parse(path, text).is_ok_and(|read| read == *schema);
    let known = parse(path, before)?;
    if let Some(edited) = document::with_comments(before, &known, schema, is_right) {
        return Ok(edited);
    }
    if let Some(line) = document::comment_line(before) {
        return Err(document::comment_lost(&path.display().to_string(), line));
    }
    serde_saphyr::to_string(schema)
        .map_err(|error| Error::internal("A schema could not be written as YAML", error))
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}
