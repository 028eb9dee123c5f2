//! What an import would bring, before anything is written.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::blocking;
use crate::error::{Error, ErrorCode, Result};
use crate::workbench::Workbench;
use crate::workspace::import::{self, ImportKind, Imported, ImportedItem, LeftOut, Source};

/// A file that a face has read itself, such as one that was dropped on a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ImportText {
    /// A path with forward slashes, relative to what was dropped.
    pub name: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ImportPreviewInput {
    /// Files and folders of this machine.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Files that the face has read.
    #[serde(default)]
    pub files: Vec<ImportText>,
    /// What was pasted.
    #[serde(default)]
    pub text: Option<String>,
    /// Translate requests for Chat Completions; else they stay as they are.
    #[serde(default)]
    pub to_responses: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ImportPreviewOutput {
    /// In the order in which they are written. Ids are empty until then.
    pub items: Vec<ImportedItem>,
    pub left_out: Vec<LeftOut>,
    /// The formats that were found.
    pub kinds: Vec<ImportKind>,
}

/// # Errors
/// `FileUnreadable` where a path is not there, `BadInput` where there is nothing to import, or too much.
pub async fn run(_: &Workbench, input: ImportPreviewInput) -> Result<ImportPreviewOutput> {
    let Imported {
        kinds,
        items,
        left_out,
    } = gather(input).await?;
    Ok(ImportPreviewOutput {
        items,
        left_out,
        kinds,
    })
}

/// Reads what the input names, away from the threads that run streams.
pub(super) async fn gather(input: ImportPreviewInput) -> Result<Imported> {
    if input.paths.is_empty() && input.files.is_empty() && input.text.is_none() {
        return Err(
            Error::new(ErrorCode::BadInput, "There is nothing to import.")
                .place("paths")
                .hint("Name files or folders, or paste a text."),
        );
    }
    blocking::run("The import stopped", move || {
        let paths: Vec<PathBuf> = input.paths.into_iter().map(PathBuf::from).collect();
        let mut gathered = import::from_paths(&paths)?;
        let texts = input.files.into_iter().map(|file| (file.name, file.text));
        import::add_texts(&mut gathered, texts)?;
        gathered.sources.extend(input.text.map(|text| Source {
            name: "pasted".into(),
            bytes: text.into_bytes(),
        }));
        let mut imported = import::read(&gathered.sources)?;
        if input.to_responses {
            import::to_responses(&mut imported)?;
        }
        gathered.left_out.append(&mut imported.left_out);
        imported.left_out = gathered.left_out;
        Ok(imported)
    })
    .await
}
