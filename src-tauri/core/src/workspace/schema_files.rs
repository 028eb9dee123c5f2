//! Schemas as files of the workspace, `schemas/<name>.json`: listed, read, written, and moved about.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::folder::Workspace;
use super::schema_use::SchemaUse;
use super::{document, names, relocate, request_file, schema_file, write};
use crate::error::{Error, ErrorCode, Result};

/// The folder of schemas, at the top of a workspace.
pub const FOLDER: &str = "schemas";

const ENDING: &str = ".json";

/// The longest part of a file's name that is made from a schema's name, in characters: the longest name that the API
/// takes (API.md 9).
const LONGEST_STEM: usize = 64;

/// A schema file of the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SchemaSummary {
    /// Relative to the workspace folder, with forward slashes.
    pub path: String,
    /// The file's name without its ending.
    pub name: String,
    /// What the file was when it was seen, "" where it can't be read.
    pub stamp: String,
    /// Why it can't be used; it is listed all the same.
    pub problem: Option<Error>,
    /// The requests that refer to it, by name.
    pub used_by: Vec<SchemaUse>,
}

/// A schema as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSchema {
    /// With its own spaces and line ends.
    pub text: String,
    pub schema: Value,
    pub stamp: String,
}

impl Workspace {
    /// The paths of all schema files, by name. None where there is no such folder.
    pub(super) fn schema_paths(&self) -> Vec<String> {
        let folder = self.resolve_folder(FOLDER).ok();
        let Some(Ok(entries)) = folder.map(std::fs::read_dir) else {
            return Vec::new();
        };
        let mut paths: Vec<String> = entries
            .flatten()
            // A link is passed over, as it is among requests.
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.ends_with(ENDING) && !name.starts_with('.'))
            .map(|name| names::join(FOLDER, &name))
            .collect();
        paths.sort_by_key(|path| path.to_lowercase());
        paths
    }

    /// Reads a schema of the workspace.
    ///
    /// # Errors
    /// `BadInput` for a path that is none of a schema; `FileUnreadable` where there is no such file, `FileInvalid`
    /// naming the line.
    pub fn read_schema(&self, path: &str) -> Result<ReadSchema> {
        let (text, stamp) = self.read_schema_text(path)?;
        let schema = schema_file::parse(&self.resolve_schema(path)?, &text)?;
        Ok(ReadSchema {
            text,
            schema,
            stamp,
        })
    }

    /// The text of a schema's file and its stamp, whether it is JSON or not.
    ///
    /// # Errors
    /// `BadInput` for a path that is none of a schema; `FileUnreadable`.
    pub fn read_schema_text(&self, path: &str) -> Result<(String, String)> {
        let file = self.resolve_schema(path)?;
        if file.symlink_metadata().is_err() {
            return Err(Error::new(
                ErrorCode::FileUnreadable,
                format!("There is no schema {path} in the workspace."),
            )
            .place(path)
            .hint("It may have been renamed or deleted outside. Choose another, or put the file back."));
        }
        let text = request_file::read_text(&file)?;
        let stamp = request_file::stamp(&text);
        Ok((text, stamp))
    }

    /// Saves a schema's text over its file, if that still is what it was when it was read. `stamp` "" makes a file that
    /// is gone anew. The new stamp.
    ///
    /// # Errors
    /// `FileInvalid` for a text that is no JSON, `FileChanged`, `FileUnwritable`, `BadInput`. The file is as it was.
    pub fn save_schema(&self, path: &str, text: &str, stamp: &str) -> Result<String> {
        let _writing = self.writing();
        let file = self.resolve_schema(path)?;
        schema_file::parse(&file, text)?;
        let text = ended(text);
        let before = document::on_disk(&file, path, stamp)?;
        self.replace(path, before.as_deref(), &text)?;
        Ok(request_file::stamp(&text))
    }

    /// Writes a schema to a new file named after it. Never overwrites. Its path and stamp.
    ///
    /// # Errors
    /// `FileInvalid` for a text that is no JSON; `FileUnwritable`.
    pub fn create_schema(&self, name: &str, text: &str) -> Result<(String, String)> {
        let _writing = self.writing();
        let path = self.free_schema(name)?;
        let file = self.resolve_schema(&path)?;
        schema_file::parse(&file, text)?;
        let text = ended(text);
        write::write_new(&file, &text)?;
        Ok((path, request_file::stamp(&text)))
    }

    /// Copies a schema beside itself. Its path.
    ///
    /// # Errors
    /// As [`Self::read_schema`]; `FileUnwritable`.
    pub fn duplicate_schema(&self, path: &str) -> Result<String> {
        let read = self.read_schema(path)?;
        let (path, _) = self.create_schema(&format!("{}_copy", stem(path)), &read.text)?;
        Ok(path)
    }

    /// Gives a schema file another name. Its path. The requests that refer to it are another step: see
    /// [`Self::point_to_schema`].
    ///
    /// # Errors
    /// `BadInput` for a name without a letter or digit, or a file that is not there; `NameTaken`; `FileUnwritable`.
    pub(super) fn move_schema(&self, path: &str, name: &str) -> Result<String> {
        let file = self.schema_there(path)?;
        if !name.chars().any(char::is_alphanumeric) {
            return Err(Error::new(
                ErrorCode::BadInput,
                "A schema's name needs a letter or a digit.",
            )
            .place("name"));
        }
        let new = names::join(FOLDER, &format!("{}{ENDING}", stem_of(name)));
        if new != path {
            relocate::relocate(&file, &self.resolve_schema(&new)?)?;
        }
        Ok(new)
    }

    /// Moves a schema file out of the workspace. The handle to put it back with: see [`Self::restore_item`].
    ///
    /// # Errors
    /// `BadInput` for what is not there; `FileUnwritable`: it is where it was then.
    pub fn delete_schema(&self, path: &str) -> Result<String> {
        let _writing = self.writing();
        let file = self.schema_there(path)?;
        self.put_in_trash(path, &file, None)
    }

    fn schema_there(&self, path: &str) -> Result<PathBuf> {
        let file = self.resolve_schema(path)?;
        if file.symlink_metadata().is_ok_and(|known| known.is_file()) {
            return Ok(file);
        }
        Err(Error::new(
            ErrorCode::BadInput,
            format!("There is no schema {path} in the workspace."),
        )
        .place("path")
        .hint("It may have been renamed or deleted outside."))
    }

    /// The file of a schema's path.
    ///
    /// # Errors
    /// `BadInput` for a path that leads out of the workspace, or is none of a schema.
    pub(super) fn resolve_schema(&self, path: &str) -> Result<PathBuf> {
        let file = self.resolve(path)?;
        let (folder, name) = names::split(path);
        if folder == FOLDER && name.ends_with(ENDING) && !name.starts_with('.') {
            return Ok(file);
        }
        Err(Error::new(
            ErrorCode::BadInput,
            format!("{path:?} is no schema of the workspace."),
        )
        .place("path")
        .hint("Schemas are files such as schemas/answer.json."))
    }

    fn free_schema(&self, name: &str) -> Result<String> {
        let folder = self.resolve(FOLDER)?;
        std::fs::create_dir_all(&folder)
            .map_err(|error| super::tree::unwritable(&folder, &error))?;
        Ok(names::join(
            FOLDER,
            &self.free_name(FOLDER, &stem_of(name), ENDING)?,
        ))
    }
}

/// The name that a schema file gives its schema.
pub fn stem(path: &str) -> &str {
    let (_, name) = names::split(path);
    name.strip_suffix(ENDING).unwrap_or(name)
}

/// A name that every system takes for a file, and the API for a schema.
fn stem_of(name: &str) -> String {
    let mut stem = String::new();
    for letter in name.trim().chars().take(LONGEST_STEM) {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            stem.push(letter);
        } else if !stem.ends_with('-') && !stem.is_empty() {
            stem.push('-');
        }
    }
    let stem = stem.trim_end_matches('-');
    // What the rule of folders refuses, such as a name that Windows keeps for a device, is told apart by a word.
    if names::folder_name(stem).is_ok() {
        stem.to_owned()
    } else {
        format!("schema-{stem}").trim_end_matches('-').to_owned()
    }
}

/// With one line end at its end, as other files have.
fn ended(text: &str) -> String {
    let mut text = text.trim_end().to_owned();
    text.push('\n');
    text
}
