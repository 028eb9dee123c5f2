//! Takes a picture or a file into the workspace, so that a message can name it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::media::kind::Kind;
use crate::media::{FileRef, FileTrouble, SIZE_LIMIT};
use crate::workbench::Workbench;
use crate::workspace::attached;
use crate::workspace::names;

/// Base64 has four letters for three bytes; the rest is slack.
#[expect(clippy::cast_possible_truncation, reason = "some 28 million")]
const LETTERS_LIMIT: usize = SIZE_LIMIT as usize / 3 * 4 + 16;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct AttachFileInput {
    /// The file's name, where it comes as data.
    pub name: Option<String>,
    /// What it holds, as base64.
    pub data: Option<String>,
    /// Where it lies on this computer; from the workspace folder where it is not absolute.
    pub path: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct AttachFileOutput {
    /// What stands for it in a body: `{{file:attachments/chart.png#0123456789abcdef}}`.
    pub reference: String,
    /// Within the workspace, with forward slashes.
    pub path: String,
    pub name: String,
    pub media_type: String,
    pub picture: bool,
}

/// # Errors
/// `FileUnreadable` where nothing can be read at the path; `FileInvalid` for an empty file, one over 20 MB and what is
/// neither a picture, a PDF nor text; `FileUnwritable`; `BadInput` without a file.
pub async fn run(bench: &Workbench, input: AttachFileInput) -> Result<AttachFileOutput> {
    let AttachFileInput { name, data, path } = input;
    let nothing = || {
        Error::new(ErrorCode::BadInput, "No file was named.")
            .place("path")
            .hint("Type a path, or drop a file.")
    };
    let (named, kind): (FileRef, Kind) = match (data, path) {
        (Some(data), _) => {
            let name = name.ok_or_else(nothing)?;
            if data.len() > LETTERS_LIMIT {
                let size = data.len() as u64 / 4 * 3;
                return Err(attached::cannot(&FileTrouble::TooLarge(size), &name));
            }
            let bytes = STANDARD.decode(data).map_err(|error| {
                Error::new(
                    ErrorCode::BadInput,
                    format!("{name} is no base64: {error}."),
                )
                .place("data")
            })?;
            bench
                .with_workspace(move |workspace| workspace.attach(&name, &bytes))
                .await?
        }
        (None, Some(path)) if !path.trim().is_empty() => {
            bench
                .with_workspace(move |workspace| workspace.attach_path(&path))
                .await?
        }
        _ => return Err(nothing()),
    };
    Ok(AttachFileOutput {
        reference: named.to_string(),
        name: names::split(&named.path).1.to_owned(),
        path: named.path,
        media_type: kind.media_type.to_owned(),
        picture: kind.picture,
    })
}
