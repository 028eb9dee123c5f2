//! `rheostat export`: requests as files of other tools.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::workspace::export::{self, ExportFile, ExportKind, Exported, Outgoing};
use rheostat_core::workspace::request_file;
use rheostat_core::workspace::write;

use crate::{list, say};

/// What to export, and in what form.
#[derive(Args)]
pub struct ExportArgs {
    /// A folder of the workspace, or a request file; all requests without this.
    what: Option<PathBuf>,
    /// In what form.
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
    /// A folder for the files, or a file where there is one. Nothing is overwritten. Without this a single file
    /// goes to stdout.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Promptfoo,
    Batch,
    Curl,
    Pytest,
    Vitest,
    Json,
    Folder,
}

impl From<Form> for ExportKind {
    fn from(form: Form) -> Self {
        match form {
            Form::Promptfoo => Self::Promptfoo,
            Form::Batch => Self::Batch,
            Form::Curl => Self::Curl,
            Form::Pytest => Self::Pytest,
            Form::Vitest => Self::Vitest,
            Form::Json => Self::Json,
            Form::Folder => Self::Folder,
        }
    }
}

/// True: whatever could be written was.
///
/// # Errors
/// Where there are no such requests, one can't be read, or a file is in the way.
pub fn export(args: &ExportArgs) -> Result<bool, Error> {
    let outgoing = chosen(args.what.as_deref())?;
    let exported = list::workspace()?.export(&outgoing, args.form.into())?;
    match &args.out {
        Some(out) => {
            for path in write_all(&exported.files, out)? {
                say::print(&path)?;
            }
        }
        None => to_stdout(&exported)?,
    }
    for left in &exported.left_out {
        eprintln!("left out: {}: {}. {}", left.place, left.what, left.why);
    }
    Ok(true)
}

fn chosen(what: Option<&Path>) -> Result<Vec<Outgoing>, Error> {
    if let Some(file) = what.filter(|path| path.is_file()) {
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        return Ok(vec![Outgoing {
            path: name.unwrap_or_default(),
            request: request_file::read(file)?.request,
        }]);
    }
    let workspace = list::workspace()?;
    let folder = what.map(|path| path.to_string_lossy().replace('\\', "/"));
    let folder = folder.as_deref().unwrap_or_default();
    let folder = folder.strip_prefix("./").unwrap_or(folder);
    let outgoing = export::outgoing(&workspace, |summary| {
        summary.path == folder || export::is_within(folder, summary)
    })?;
    if outgoing.is_empty() {
        let root = workspace.root().display();
        return Err(Error::new(
            ErrorCode::BadInput,
            format!("There are no requests in {folder:?} of the workspace {root}."),
        )
        .hint("`rheostat list` shows what there is."));
    }
    Ok(outgoing)
}

fn to_stdout(exported: &Exported) -> Result<(), Error> {
    match exported.files.as_slice() {
        [only] => say::print(only.text.trim_end_matches('\n')),
        files => Err(Error::new(
            ErrorCode::BadInput,
            format!("These are {} files; stdout takes one.", files.len()),
        )
        .hint("Say with --out which folder they go into.")),
    }
}

/// Writes each file where nothing is yet.
fn write_all(files: &[ExportFile], out: &Path) -> Result<Vec<String>, Error> {
    let places: Vec<(PathBuf, &ExportFile)> = match files {
        [only] if !out.is_dir() && !only.name.contains('/') => vec![(out.to_owned(), only)],
        files => files
            .iter()
            .map(|file| (out.join(&file.name), file))
            .collect(),
    };
    // All are looked at before the first is written.
    if let Some((taken, _)) = places.iter().find(|(path, _)| path.exists()) {
        return Err(in_the_way(taken));
    }
    let mut written = Vec::new();
    for (path, file) in places {
        if !write::write_if_free(&path, &file.text)? {
            return Err(in_the_way(&path));
        }
        written.push(path.display().to_string());
    }
    Ok(written)
}

fn in_the_way(path: &Path) -> Error {
    Error::new(
        ErrorCode::FileUnwritable,
        format!("{} is there already, and stays as it is.", path.display()),
    )
    .place(path.display().to_string())
    .hint("Choose another place with --out.")
}
