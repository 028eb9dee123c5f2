//! A YAML file of the workspace that is edited in the window: written anew where it is ours, changed in
//! place where someone else wrote in it too.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::defaults::{self, FolderFile};
use super::environment_file::{self, EnvironmentFile};
use super::request_file::{self, RequestFile};
use super::{splice, write};
use crate::error::{Error, ErrorCode, Result};

/// What an editor is told with the first line of a file.
const SCHEMA_LINE: &str = "# yaml-language-server: $schema=";

/// Where the schemas lie in a workspace, seen from its top.
pub const SCHEMAS: &str = ".rheostat/schemas";

/// A kind of file.
pub trait Document: Serialize + PartialEq + Sized {
    /// The name of its JSON Schema, without the ending.
    const SCHEMA: &'static str;

    /// Reads it from its text; `path` names it in messages.
    ///
    /// # Errors
    /// `FileInvalid`, naming the line.
    fn parse(path: &Path, text: &str) -> Result<Self>;

    /// The text of a new file. The same document gives the same bytes.
    ///
    /// # Errors
    /// `Internal` if a value can't be written as YAML.
    fn to_yaml(&self) -> Result<String>;
}

impl Document for RequestFile {
    const SCHEMA: &'static str = "request";

    fn parse(path: &Path, text: &str) -> Result<Self> {
        request_file::parse(path, text)
    }

    fn to_yaml(&self) -> Result<String> {
        request_file::to_yaml(self)
    }
}

impl Document for FolderFile {
    const SCHEMA: &'static str = "folder";

    fn parse(path: &Path, text: &str) -> Result<Self> {
        defaults::parse(path, text)
    }

    fn to_yaml(&self) -> Result<String> {
        let options = serde_saphyr::ser_options! { compact_list_indent: false };
        serde_saphyr::to_string_with_options(self, options)
            .map_err(|error| Error::internal("The folder could not be written as YAML", error))
    }
}

impl Document for EnvironmentFile {
    const SCHEMA: &'static str = "environment";

    fn parse(path: &Path, text: &str) -> Result<Self> {
        environment_file::parse(path, text)
    }

    fn to_yaml(&self) -> Result<String> {
        environment_file::to_yaml(self)
    }
}

/// A document that was written.
#[derive(Debug, PartialEq)]
pub struct Saved {
    pub stamp: String,
    /// What the file held before; None where it was not there, or is still the same.
    pub before: Option<String>,
}

/// Saves a document over its file, if that still is what it was when it was read. `name` is the file's in
/// messages, `stamp` what it was; "" for a file that need not be there.
///
/// # Errors
/// `FileChanged` if it is another or gone; `FileUnwritable` if it holds comments that would be lost, or
/// can't be written. The file is as it was.
pub fn save<T: Document>(file: &Path, name: &str, document: &T, stamp: &str) -> Result<Saved> {
    let on_disk = on_disk(file, name, stamp)?;
    let text = match &on_disk {
        Some(text) => rewrite(file, name, text, document)?,
        None => document.to_yaml()?,
    };
    let same = on_disk.as_ref() == Some(&text);
    if !same {
        write::write(file, &text)?;
    }
    Ok(Saved {
        stamp: request_file::stamp(&text),
        before: on_disk.filter(|_| !same),
    })
}

/// The text of the file, if it still is what `stamp` says.
///
/// # Errors
/// `FileChanged`, `FileUnreadable`.
pub fn on_disk(file: &Path, name: &str, stamp: &str) -> Result<Option<String>> {
    let changed = |what: &str| {
        Err(Error::new(
            ErrorCode::FileChanged,
            format!("{name} was {what} outside Rheostat since it was opened."),
        )
        .place(name)
        .hint("Keep your version or take the one on disk; neither is lost until you choose."))
    };
    match request_file::read_text(file) {
        Ok(text) if request_file::stamp(&text) == stamp => Ok(Some(text)),
        Ok(_) => changed("changed"),
        Err(_) if file.symlink_metadata().is_err() && stamp.is_empty() => Ok(None),
        Err(_) if file.symlink_metadata().is_err() => changed("deleted or moved"),
        Err(error) => Err(error),
    }
}

/// `text` changed so that it reads as `document`. What did not change keeps its bytes.
///
/// # Errors
/// `FileInvalid` if the text is none of its kind; `FileUnwritable` where a comment would be lost.
pub fn rewrite<T: Document>(path: &Path, name: &str, text: &str, document: &T) -> Result<String> {
    let known = T::parse(path, text)?;
    if known == *document {
        return Ok(text.to_owned());
    }
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    if let Some(edited) = in_place(path, body, &known, document) {
        return Ok(format!("{mark}{edited}"));
    }
    // Written anew, only our own line at the top can be kept.
    let (line, rest) = schema_line(body).unwrap_or(("", body));
    match comment_line(rest) {
        None => Ok(format!("{mark}{line}{}", document.to_yaml()?)),
        Some(number) => Err(comment_lost(name, number + line.lines().count())),
    }
}

/// The error of a file that was not written since the comment on one of its lines would be gone.
pub fn comment_lost(name: &str, line: usize) -> Error {
    Error::new(
        ErrorCode::FileUnwritable,
        format!(
            "{name} holds a comment on line {line}, which saving would drop. It was left as it is."
        ),
    )
    .place(format!("{name}:{line}"))
    .hint("Edit this file in a text editor, or move the comment out of it.")
}

/// The text with single values changed, if that gives exactly the document, and no comment goes but with
/// what it stood in.
fn in_place<T: Document>(path: &Path, text: &str, known: &T, document: &T) -> Option<String> {
    let value = |document: &T| -> Option<Value> { serde_json::to_value(document).ok() };
    let wanted = value(document)?;
    let is_right = |text: &str| {
        // Compared as JSON too: two numbers may be equal and not written alike.
        T::parse(path, text)
            .is_ok_and(|read| read == *document && value(&read).as_ref() == Some(&wanted))
    };
    with_comments(text, &value(known)?, &wanted, is_right)
}

/// `text`, which reads as `known`, with single values changed so that it reads as `wanted`, where that gives
/// what `is_right` takes and no comment goes but with what it stood in.
pub fn with_comments(
    text: &str,
    known: &Value,
    wanted: &Value,
    is_right: impl Fn(&str) -> bool,
) -> Option<String> {
    let done = splice::splice(text, known, wanted)?;
    if !is_right(&done.text) {
        return None;
    }
    let kept = splice::comments(text)?.into_iter().filter(|(place, _)| {
        let inside = |range: &std::ops::Range<usize>| range.contains(&place.start);
        !done.taken_out.iter().any(inside)
    });
    let there = splice::comments(&done.text)?;
    kept.map(|(_, comment)| comment)
        .eq(there.into_iter().map(|(_, comment)| comment))
        .then_some(done.text)
}

/// The first line of `text` that holds a comment, from 1; the first line of all for what is no YAML, and may
/// hold any.
pub fn comment_line(text: &str) -> Option<usize> {
    let Some(comments) = splice::comments(text) else {
        return Some(1);
    };
    let (place, _) = comments.first()?;
    Some(text.get(..place.start)?.matches('\n').count() + 1)
}

/// The line at the top that tells an editor of the schema, and the rest.
fn schema_line(text: &str) -> Option<(&str, &str)> {
    text.starts_with(SCHEMA_LINE)
        .then(|| text.split_at(text.find('\n').map_or(text.len(), |at| at + 1)))
}

/// The first line of a new file at `path` in the workspace, which leads an editor to the schema.
pub fn schema_line_for<T: Document>(path: &str) -> String {
    format!("{SCHEMA_LINE}{}{SCHEMAS}/{}.json\n", up(path), T::SCHEMA)
}

/// `text` with our line at its top leading to the schemas from another place; None if it has no such line,
/// or it is right.
pub fn with_schema_from(path: &str, text: &str) -> Option<String> {
    let (line, rest) = schema_line(text)?;
    let target = line.strip_prefix(SCHEMA_LINE)?.trim_end();
    let ending = line.get(SCHEMA_LINE.len() + target.len()..)?;
    let (_, name) = target.trim_start_matches("../").split_once(SCHEMAS)?;
    let right = format!("{SCHEMA_LINE}{}{SCHEMAS}{name}{ending}", up(path));
    (right != line).then(|| right + rest)
}

/// The way from the folder of `path` to the top of the workspace.
fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

#[cfg(test)]
mod tests;
