//! Writes what was imported into a workspace: all of it or nothing, and never over a file that is there.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Imported, ImportedContent, ImportedItem};
use crate::error::{Error, ErrorCode, Result};
use crate::ids;
use crate::workspace::folder::Workspace;
use crate::workspace::names;
use crate::workspace::request_file;
use crate::workspace::write as files;

/// Where environments lie in a workspace.
const ENVIRONMENTS: &str = "environments";

/// The files that an import has made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Relative to the workspace folder, in the order of the items.
    pub paths: Vec<String>,
}

/// An environment's file, as far as an import fills it.
#[derive(Serialize)]
struct Environment<'a> {
    id: String,
    name: &'a str,
    variables: Map<String, Value>,
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
            (within, ".yaml", request_file::to_yaml(&request)?)
        }
        ImportedContent::Dataset { jsonl, .. } => (within, ".jsonl", jsonl.clone()),
        ImportedContent::Environment { variables } => {
            let variables = variables
                .iter()
                .map(|it| (it.name.clone(), json!(it.value)))
                .collect();
            let environment = Environment {
                id: ids::new(),
                name: &item.name,
                variables,
            };
            let text = serde_saphyr::to_string(&environment).map_err(|error| {
                Error::internal("The environment could not be written as YAML", error)
            })?;
            (ENVIRONMENTS.to_owned(), ".yaml", text)
        }
    })
}
