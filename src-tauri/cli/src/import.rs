//! `rheostat import`: files of other tools into the workspace.

use std::path::PathBuf;

use clap::Args;
use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::workspace::import::{
    self, Imported, ImportedContent, ImportedItem, Written, from_paths, to_responses,
};
use serde::Serialize;

use crate::{list, say};

/// What to import, and where to.
#[derive(Args)]
pub struct ImportArgs {
    /// Files and folders.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The folder of the workspace that it goes into; its top without this.
    #[arg(long, value_name = "FOLDER", default_value = "")]
    into: String,
    /// Only tell what would be imported.
    #[arg(long)]
    dry_run: bool,
    /// Translate requests for Chat Completions to Responses; else they stay as they are.
    #[arg(long)]
    to_responses: bool,
    /// Print one JSON object: the items, what was left out, the formats found, the files written.
    #[arg(long)]
    json: bool,
}

/// What is told as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    kinds: &'a [import::ImportKind],
    items: &'a [ImportedItem],
    left_out: &'a [import::LeftOut],
    /// Relative to the workspace folder; none with --dry-run.
    written: &'a [String],
}

/// True if there was something to import.
///
/// # Errors
/// Where a path is not there or holds too much, and where nothing could be written.
pub fn import(args: &ImportArgs) -> Result<bool, Error> {
    let mut gathered = from_paths(&args.paths)?;
    let mut imported = import::read(&gathered.sources)?;
    if args.to_responses {
        to_responses(&mut imported)?;
    }
    gathered.left_out.append(&mut imported.left_out);
    imported.left_out = gathered.left_out;
    let written = if args.dry_run || imported.items.is_empty() {
        Written::default()
    } else {
        let workspace = list::workspace()?;
        std::fs::create_dir_all(workspace.root()).map_err(|error| {
            let root = workspace.root().display().to_string();
            Error::new(
                ErrorCode::FileUnwritable,
                format!("{root} could not be made: {error}."),
            )
            .place(root)
        })?;
        import::write(&workspace, &imported, args.into.trim_matches('/'))?
    };
    if args.json {
        say::print_json(&Told {
            kinds: &imported.kinds,
            items: &imported.items,
            left_out: &imported.left_out,
            written: &written.paths,
        })?;
    } else {
        say::print(&text(&imported, &written, args.dry_run))?;
    }
    Ok(!imported.items.is_empty())
}

/// A line per item and per thing that was left out, and one at the end.
fn text(imported: &Imported, written: &Written, dry_run: bool) -> String {
    let mut lines = Vec::new();
    for (index, item) in imported.items.iter().enumerate() {
        let kind = match &item.content {
            ImportedContent::Request { .. } => "request".to_owned(),
            ImportedContent::Environment { variables } => count(
                variables.len(),
                "environment of {} variable",
                "environment of {} variables",
            ),
            ImportedContent::Dataset { rows, .. } => {
                count(*rows, "{} row of data", "{} rows of data")
            }
        };
        let name = match item.folder.as_str() {
            "" => item.name.clone(),
            folder => format!("{folder}/{}", item.name),
        };
        let into = written
            .paths
            .get(index)
            .map(|path| format!(" -> {path}"))
            .unwrap_or_default();
        lines.push(format!("{kind}: {name} (from {}){into}", item.place));
    }
    for left in &imported.left_out {
        lines.push(format!(
            "left out: {}: {}. {}",
            left.place, left.what, left.why
        ));
    }
    let formats: Vec<&str> = imported.kinds.iter().map(|kind| kind.name()).collect();
    let formats = if formats.is_empty() {
        String::new()
    } else {
        format!(" ({})", formats.join(", "))
    };
    let done = if dry_run {
        "would be imported"
    } else {
        "imported"
    };
    lines.push(format!(
        "{} {done}{formats}, {} left out.",
        count(imported.items.len(), "{} item", "{} items"),
        count(imported.left_out.len(), "{} thing", "{} things"),
    ));
    lines.join("\n")
}

fn count(count: usize, one: &str, many: &str) -> String {
    let words = if count == 1 { one } else { many };
    words.replace("{}", &count.to_string())
}
