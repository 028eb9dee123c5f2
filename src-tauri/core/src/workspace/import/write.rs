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
use crate::workspace::write as files;

/// The files that an import has made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Relative to the workspace folder, in the order of the items.
    pub paths: Vec<String>,
}

/// Writes every item into `folder` of the workspace, "" for its top; environments go where environments are. A name
/// that is taken gets `-2`.
///
/// # Errors
/// `BadInput` for a folder outside of the workspace, `FileUnwritable` where a file can't be written: what this import
/// had written by then is taken away again.
pub fn write(workspace: &Workspace, imported: &Imported, folder: &str) -> Result<Written> {
    let mut written = Vec::new();
    match write_each(workspace, imported, folder, &mut written) {
        Ok(()) => Ok(Written {
            paths: written.into_iter().map(|(relative, _)| relative).collect(),
        }),
        Err(error) => {
            let stayed: Vec<&str> = written
                .iter()
                .filter(|(_, path)| std::fs::remove_file(path).is_err())
                .map(|(relative, _)| relative.as_str())
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
    written: &mut Vec<(String, PathBuf)>,
) -> Result<()> {
    // Which number a name has reached: a thousand items of one name must not try each other's numbers again.
    let mut reached: HashMap<String, usize> = HashMap::new();
    for item in &imported.items {
        let (parent, ending, text) = content(item, folder)?;
        let full = workspace.resolve(&parent)?;
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
                written.push((relative, path));
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
