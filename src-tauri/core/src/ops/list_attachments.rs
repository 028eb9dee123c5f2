//! The pictures and files of a request: what each is, what it may take of the input, and what stands in its way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::input_size::PictureRule;
use crate::media::kind::{self, Kind};
use crate::media::{self, FileRef, Part};
use crate::workbench::Workbench;
use crate::workspace::attached::cannot;
use crate::workspace::folder::Workspace;
use crate::workspace::names;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListAttachmentsInput {
    /// The request as it stands in the editor, saved or not.
    pub request: RequestFile,
}

/// Where the data of a picture or a file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum AttachmentSource {
    /// A file of the workspace, put in when the request is sent.
    Workspace,
    /// The body holds the data itself.
    Inline,
    /// An address that the API fetches.
    Web,
    /// A file that was uploaded to the API before.
    Uploaded,
    /// Nothing is named yet.
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Attachment {
    /// A JSON Pointer to its part in the body.
    pub pointer: String,
    pub picture: bool,
    pub source: AttachmentSource,
    /// A file's name, an address or an id.
    pub name: String,
    /// None where it is not known here.
    pub media_type: Option<String>,
    /// None where it is not known here.
    pub bytes: Option<u64>,
    /// In px, of a picture.
    pub width: Option<u32>,
    /// In px, of a picture.
    pub height: Option<u32>,
    /// About; None where no rule is known for it, or its size is not.
    pub tokens: Option<u64>,
    /// What the count rests on, or why there is none.
    pub tokens_note: String,
    /// Why it can't be sent.
    pub problem: Option<Error>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListAttachmentsOutput {
    /// In the order of the body.
    pub attachments: Vec<Attachment>,
}

/// # Errors
/// What reading the folders of the request fails with.
pub async fn run(bench: &Workbench, input: ListAttachmentsInput) -> Result<ListAttachmentsOutput> {
    // A variable without a value is told elsewhere.
    let request = bench.fill(&input.request).unwrap_or(input.request);
    let request = bench.workspace.with_defaults(&request)?;
    let rule = PictureRule::of(&bench.catalog, &request.body);
    let attachments = bench
        .with_workspace(move |workspace| {
            let parts = media::parts(&request.body);
            Ok(parts
                .into_iter()
                .map(|part| attachment(workspace, part, &rule))
                .collect())
        })
        .await?;
    Ok(ListAttachmentsOutput { attachments })
}

/// What is known of the data.
#[derive(Default)]
struct Known {
    kind: Option<Kind>,
    bytes: Option<u64>,
    problem: Option<Error>,
}

fn attachment(workspace: &Workspace, part: Part<'_>, rule: &PictureRule) -> Attachment {
    let (source, name, known) = look(workspace, &part);
    let size = known.kind.as_ref().and_then(|kind| kind.size);
    let (tokens, tokens_note) = rule.count(&part, size);
    Attachment {
        source,
        name: part.name.map_or(name, ToOwned::to_owned),
        media_type: known.kind.map(|kind| kind.media_type.to_owned()),
        bytes: known.bytes,
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
        tokens,
        tokens_note,
        problem: known
            .problem
            .map(|problem| problem.place(part.source_pointer)),
        picture: part.picture,
        pointer: part.pointer,
    }
}

fn look(workspace: &Workspace, part: &Part<'_>) -> (AttachmentSource, String, Known) {
    let Some(text) = part.source else {
        return match part.file_id {
            Some(id) => (AttachmentSource::Uploaded, id.to_owned(), Known::default()),
            None => (AttachmentSource::Nothing, String::new(), Known::default()),
        };
    };
    if let Some(named) = FileRef::parse(text) {
        let known = match workspace.attached(&named, part.picture) {
            Ok(file) => Known {
                bytes: Some(file.bytes.len() as u64),
                kind: Some(file.kind),
                problem: None,
            },
            Err(trouble) => Known {
                problem: Some(cannot(&trouble, &named.path)),
                ..Known::default()
            },
        };
        let name = names::split(&named.path).1.to_owned();
        return (AttachmentSource::Workspace, name, known);
    }
    let Some((_, data)) = text
        .strip_prefix("data:")
        .and_then(|rest| rest.split_once(','))
    else {
        return (AttachmentSource::Web, text.to_owned(), Known::default());
    };
    let bytes = STANDARD.decode(data).ok();
    let known = Known {
        kind: bytes.as_deref().and_then(|bytes| kind::of("", bytes)),
        bytes: bytes.map(|bytes| bytes.len() as u64),
        problem: None,
    };
    let name = if part.picture { "Picture" } else { "File" };
    (AttachmentSource::Inline, name.to_owned(), known)
}
