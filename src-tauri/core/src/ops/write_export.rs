//! Writes an export into a folder of this machine. Nothing that is there is written over without a yes.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::blocking;
use crate::error::{Error, ErrorCode, Result};
use crate::ops::export_requests::{self, ExportRequestsInput};
use crate::workbench::Workbench;
use crate::workspace::export::{ExportFile, ExportKind, ExportLeftOut};
use crate::workspace::folder::Workspace;
use crate::workspace::write as files;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WriteExportInput {
    /// These requests. None of these and no folder: all requests.
    #[serde(default)]
    pub request_ids: Vec<String>,
    /// The requests of this folder and the folders in it, relative to the workspace folder.
    #[serde(default)]
    pub folder: Option<String>,
    /// In what form.
    #[serde(rename = "as")]
    pub kind: ExportKind,
    /// The folder that the files go into: the whole path. It is made where it is not there.
    pub to: String,
    /// Write over files that are there.
    #[serde(default)]
    pub replace: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct WriteExportOutput {
    /// The files that were written, as whole paths.
    pub written: Vec<String>,
    /// Files that are there already. Where there are any, nothing was written.
    pub taken: Vec<String>,
    /// What the form can't say, and keys.
    pub left_out: Vec<ExportLeftOut>,
}

/// # Errors
/// As `export_requests`; `BadInput` for a folder that is no whole path, and for one in the workspace, where the files
/// would be taken for requests; `FileUnwritable`: no new file of the export is left then.
pub async fn run(bench: &Workbench, input: WriteExportInput) -> Result<WriteExportOutput> {
    let workspace = bench.workspace.clone();
    blocking::run("The export stopped", move || write(&workspace, input)).await
}

fn write(workspace: &Workspace, input: WriteExportInput) -> Result<WriteExportOutput> {
    let to = PathBuf::from(input.to.trim());
    let refused =
        |why: String, hint: &str| Err(Error::new(ErrorCode::BadInput, why).place("to").hint(hint));
    if !to.is_absolute() {
        return refused(
            format!("{:?} is no whole path.", input.to.trim()),
            "Type the path from its start, such as /home/ada/exports.",
        );
    }
    let exported = export_requests::made(
        workspace,
        &ExportRequestsInput {
            request_ids: input.request_ids,
            folder: input.folder,
            kind: input.kind,
        },
    )?;
    let would_be_listed = |file: &ExportFile| {
        let ending = Path::new(&file.name).extension();
        ending.is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"))
    };
    if exported.files.iter().any(would_be_listed) && is_inside(workspace.root(), &to) {
        return refused(
            "That folder is in the workspace, where these files would be taken for requests."
                .into(),
            "Choose a folder outside of it.",
        );
    }
    let paths: Vec<PathBuf> = exported.files.iter().map(|it| to.join(&it.name)).collect();
    let is_there = |path: &&PathBuf| path.symlink_metadata().is_ok();
    let mut output = WriteExportOutput {
        written: Vec::new(),
        taken: Vec::new(),
        left_out: exported.left_out,
    };
    if !input.replace {
        output.taken = paths
            .iter()
            .filter(is_there)
            .map(|path| shown(path))
            .collect();
        if !output.taken.is_empty() {
            return Ok(output);
        }
    }
    let mut new = Vec::new();
    for (file, path) in exported.files.iter().zip(&paths) {
        // Something may have come there since it was looked at.
        let was_there = is_there(&path);
        let done = if input.replace {
            files::write(path, &file.text)
        } else {
            files::write_new(path, &file.text)
        };
        if let Err(error) = done {
            for path in new {
                let _ = std::fs::remove_file(path);
            }
            return Err(error.hint(
                "No new file of the export was left. Check the folder and the free space, then export again.",
            ));
        }
        if !was_there {
            new.push(path);
        }
    }
    output.written = paths.iter().map(|path| shown(path)).collect();
    Ok(output)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Whether `path`, which need not be there yet, lies in `folder`.
fn is_inside(folder: &Path, path: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else {
        return false;
    };
    let known = path.ancestors().find_map(|part| part.canonicalize().ok());
    known.is_some_and(|known| known.starts_with(folder))
}
