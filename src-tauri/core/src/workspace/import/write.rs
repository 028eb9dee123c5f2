//! Writes what was imported into a workspace: all of it or nothing, and never over a file that is there.

use std::collections::HashMap;
use std::path::PathBuf;

use super::{Imported, ImportedContent, ImportedItem};
use crate::error::{Error, ErrorCode, Result};
use crate::ids;
use crate::workspace::document::{self, Document};
use crate::workspace::environment_file::{EnvironmentFile, VariableValue};
use crate::workspace::environments;
use crate::workspace::folder::Workspace;
use crate::workspace::names;
use crate::workspace::request_file;
use crate::workspace::write as files;

/// The files that an import has made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Relative to the workspace folder, in the order of the items.
    pub paths: Vec<String>,
    /// What each file was when it was written, in the same order.
    pub stamps: Vec<String>,
    /// The folders that were not there before, outer ones first.
    pub folders: Vec<String>,
}

struct File {
    relative: String,
    path: PathBuf,
    stamp: String,
}

/// Writes every item into `folder` of the workspace, "" for its top; environments go where environments are. A name
/// that is taken gets `-2`.
///
/// # Errors
/// `BadInput` for a folder outside of the workspace, `FileUnwritable` where a file can't be written: what this import
/// had written by then is taken away again.
pub fn write(workspace: &Workspace, imported: &Imported, folder: &str) -> Result<Written> {
    let (mut written, mut folders) = (Vec::new(), Vec::new());
    match write_each(workspace, imported, folder, &mut written, &mut folders) {
        Ok(()) => {
            let (paths, stamps) = written
                .into_iter()
                .map(|file| (file.relative, file.stamp))
                .unzip();
            Ok(Written {
                paths,
                stamps,
                folders,
            })
        }
        Err(error) => {
            let stayed: Vec<&str> = written
                .iter()
                .filter(|file| std::fs::remove_file(&file.path).is_err())
                .map(|file| file.relative.as_str())
                .collect();
            Err(match stayed.as_slice() {
                [] => error.hint(
                    "Nothing was imported. Make room or check the folder, then import again.",
                ),
                stayed => {
                    let shown = stayed.join(", ");
                    error.hint(format!(
                        "These files of the import could not be taken away again: {shown}."
                    ))
                }
            })
        }
    }
}

fn write_each(
    workspace: &Workspace,
    imported: &Imported,
    folder: &str,
    written: &mut Vec<File>,
    folders: &mut Vec<String>,
) -> Result<()> {
    // Which number a name has reached: a thousand items of one name must not try each other's numbers again.
    let mut reached: HashMap<String, usize> = HashMap::new();
    for item in &imported.items {
        let (parent, ending, text) = content(item, folder)?;
        let full = workspace.resolve(&parent)?;
        note_missing(workspace, &parent, folders)?;
        let base = names::slug(&item.name);
        let next = reached
            .entry(format!("{parent}/{base}{ending}").to_lowercase())
            .or_insert(1);
        loop {
            let name = match *next {
                1 => format!("{base}{ending}"),
                number => format!("{base}-{number}{ending}"),
            };
            *next += 1;
            let path = full.join(&name);
            if files::write_if_free(&path, &text)? {
                let relative = if parent.is_empty() {
                    name
                } else {
                    format!("{parent}/{name}")
                };
                let stamp = request_file::stamp(&text);
                written.push(File {
                    relative,
                    path,
                    stamp,
                });
                break;
            }
            if *next > 1_000_000 {
                return Err(Error::new(
                    ErrorCode::FileUnwritable,
                    format!("{base} has no free name left."),
                )
                .place(parent));
            }
        }
    }
    Ok(())
}

/// Notes which folders on the way to `parent` are not there yet.
fn note_missing(workspace: &Workspace, parent: &str, folders: &mut Vec<String>) -> Result<()> {
    let ends = parent.match_indices('/').map(|(at, _)| at);
    for end in ends.chain([parent.len()]) {
        let folder = &parent[..end];
        let known = folder.is_empty() || folders.iter().any(|it| it == folder);
        if !known && workspace.resolve(folder)?.symlink_metadata().is_err() {
            folders.push(folder.to_owned());
        }
    }
    Ok(())
}

/// The folder, the ending and the text of an item's file.
fn content(item: &ImportedItem, into: &str) -> Result<(String, &'static str, String)> {
    let within = match (into, item.folder.as_str()) {
        ("", folder) => folder.to_owned(),
        (into, "") => into.to_owned(),
        (into, folder) => format!("{into}/{folder}"),
    };
    Ok(match &item.content {
        ImportedContent::Request { request } => {
            let mut request = request.clone();
            request.id = ids::new();
            let text = of_schema(&within, &*request)?;
            (within, ".yaml", text)
        }
        ImportedContent::Dataset { jsonl, .. } => (within, ".jsonl", jsonl.clone()),
        ImportedContent::Environment { variables } => {
            let mut environment = EnvironmentFile::new(&item.name);
            environment.variables = variables
                .iter()
                .map(|it| (it.name.clone(), VariableValue::Text(it.value.clone())))
                .collect();
            let text = of_schema(environments::FOLDER, &environment)?;
            (environments::FOLDER.to_owned(), ".yaml", text)
        }
    })
}

/// The text of a new file in `folder`, which leads an editor to its schema.
fn of_schema<T: Document>(folder: &str, document: &T) -> Result<String> {
    let path = names::join(folder, names::FOLDER_FILE);
    Ok(document::schema_line_for::<T>(&path) + &document.to_yaml()?)
}
