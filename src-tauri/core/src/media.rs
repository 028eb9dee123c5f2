//! Pictures and files in the messages of a body: where each stands, and where its data comes from.
//!
//! A body may hold the data itself, name an address or an uploaded file, or name a file of the workspace as
//! `{{file:attachments/chart.png#0123456789abcdef}}`. The last is put in when the request is sent, so that a request
//! file stays small and readable. The 16 digits are the beginning of the file's SHA-256: with them, a run can't
//! silently send another picture than the one that was attached.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::place::{self, Body, join};

pub mod kind;

/// The most bytes of one attached file. A bound of Rheostat's own: no source states the API's (API.md).
pub const SIZE_LIMIT: u64 = 20 * 1024 * 1024;

/// Levels of detail that the sources name for a picture (API.md 1.1); `auto` is what none means.
pub const DETAILS: [&str; 4] = ["auto", "low", "high", "original"];

/// A picture or a file in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// A JSON Pointer to the content part.
    pub pointer: String,
    pub picture: bool,
    /// A JSON Pointer to where its data or address stands or belongs.
    pub source_pointer: String,
    /// A data URL, an address, or the name of a workspace file.
    pub source: Option<&'a str>,
    /// The id of a file that was uploaded before.
    pub file_id: Option<&'a str>,
    pub name: Option<&'a str>,
    pub detail: Option<&'a str>,
}

/// Every picture and file of a body, in its order, in the words of either endpoint (API.md 2.1, 3.3).
pub fn parts(body: &Body) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    for key in ["input", "messages"] {
        if let Some(value) = body.get(key) {
            collect(value, &join("", key), &mut found);
        }
    }
    found
}

fn collect<'a>(value: &'a Value, pointer: &str, found: &mut Vec<Part<'a>>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &join(pointer, index), found);
            }
        }
        Value::Object(fields) => match part(value, pointer) {
            Some(part) => found.push(part),
            None => {
                for (key, field) in fields {
                    if field.is_array() || field.is_object() {
                        collect(field, &join(pointer, key), found);
                    }
                }
            }
        },
        _ => {}
    }
}

/// Whether a value is a picture or a file of a message.
pub fn is_part(value: &Value) -> bool {
    part(value, "").is_some()
}

fn part<'a>(value: &'a Value, pointer: &str) -> Option<Part<'a>> {
    let picture = match value.get("type")?.as_str()? {
        "input_image" | "image_url" => true,
        "input_file" | "file" => false,
        _ => return None,
    };
    // Chat Completions has the fields one level down.
    let nested = if picture { "image_url" } else { "file" };
    let (inner, place) = match value.get(nested) {
        Some(inner) if inner.is_object() => (inner, join(pointer, nested)),
        _ => (value, pointer.to_owned()),
    };
    let text = |name: &str| inner.get(name).and_then(Value::as_str);
    let names: &[&str] = match (picture, std::ptr::eq(inner, value)) {
        (true, true) => &["image_url"],
        (true, false) => &["url"],
        (false, _) => &["file_data", "file_url"],
    };
    let given = names.iter().find(|name| text(name).is_some());
    Some(Part {
        picture,
        source_pointer: join(&place, given.or(names.first())?),
        source: given.and_then(|name| text(name)),
        file_id: text("file_id"),
        name: text("filename"),
        detail: text("detail"),
        pointer: pointer.to_owned(),
    })
}

/// The name of a workspace file where a body would have its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    /// Relative to the workspace folder, with forward slashes.
    pub path: String,
    /// The first 16 hexadecimal digits of its SHA-256; None: whatever the file holds is sent.
    pub digest: Option<String>,
}

impl FileRef {
    /// Reads a text that is such a name from end to end.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix("{{file:")?.strip_suffix("}}")?;
        let known = inner.rsplit_once('#').filter(|(_, digest)| {
            digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        Some(match known {
            Some((path, digest)) => Self {
                path: path.to_owned(),
                digest: Some(digest.to_ascii_lowercase()),
            },
            None => Self {
                path: inner.to_owned(),
                digest: None,
            },
        })
    }
}

impl fmt::Display for FileRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.digest {
            Some(digest) => write!(f, "{{{{file:{}#{digest}}}}}", self.path),
            None => write!(f, "{{{{file:{}}}}}", self.path),
        }
    }
}

/// The first 16 hexadecimal digits of the SHA-256 of `bytes`.
pub fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Why a workspace file can't be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTrouble {
    /// Its path leads out of the workspace, by itself or through a link.
    Outside,
    /// Its path has a hidden part, such as `.git`.
    Hidden,
    Missing,
    /// The system's reason.
    Unreadable(String),
    /// It holds something else than when it was attached.
    Changed,
    Empty,
    /// Its size in bytes.
    TooLarge(u64),
    /// Neither a picture, a PDF nor text; or a picture is wanted and it is none.
    WrongType,
}

impl FileTrouble {
    /// Its code among the findings.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Outside => "attachment_outside",
            Self::Hidden => "attachment_hidden",
            Self::Missing => "attachment_missing",
            Self::Unreadable(_) => "attachment_unreadable",
            Self::Changed => "attachment_changed",
            Self::Empty => "attachment_empty",
            Self::TooLarge(_) => "attachment_too_large",
            Self::WrongType => "attachment_type",
        }
    }

    /// What is the matter with the file called `name`.
    pub fn message(&self, name: &str) -> String {
        match self {
            Self::Outside => format!("{name} leads out of the workspace."),
            Self::Hidden => format!("{name} is hidden, and hidden files are not sent."),
            Self::Missing => format!("{name} is not there."),
            Self::Unreadable(why) => format!("{name} could not be read: {why}."),
            Self::Changed => format!("{name} has changed since it was attached."),
            Self::Empty => format!("{name} is empty."),
            Self::TooLarge(size) => format!(
                "{name} has {} MB; a file may have {} MB.",
                size.div_ceil(1024 * 1024),
                SIZE_LIMIT / 1024 / 1024
            ),
            Self::WrongType => format!("{name} is of a type that can't be attached."),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Outside | Self::Hidden => "Attach the file: it is copied into the workspace.",
            Self::Missing => "Put the file back, or take the attachment out.",
            Self::Unreadable(_) => "Check that the file is yours to read.",
            Self::Changed => "Attach it again to send what it holds now.",
            Self::Empty => "Choose a file that holds something.",
            Self::TooLarge(_) => "Make it smaller, or upload it and name its file_id.",
            Self::WrongType => "Pictures: PNG, JPEG, WebP, GIF. Files: PDF and UTF-8 text.",
        }
    }
}

/// The data of the workspace files that a body names.
#[derive(Debug, Clone, Default)]
pub struct Files(Arc<BTreeMap<String, String>>);

impl Files {
    /// Data URLs by the text that stands for them in a body.
    pub fn new(data: BTreeMap<String, String>) -> Self {
        Self(Arc::new(data))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The body with the data in place of the names.
    #[must_use]
    pub fn put_into(&self, body: &Body) -> Body {
        let mut whole = body.clone();
        for part in parts(body) {
            if let Some(data) = part.source.and_then(|source| self.0.get(source)) {
                place::set(&mut whole, &part.source_pointer, Value::from(data.as_str()));
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(value: Value) -> Body {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn parts_are_found_in_the_words_of_both_endpoints() {
        let it = body(json!({
            "input": [{"role": "user", "content": [
                {"type": "input_text", "text": "Look"},
                {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "high"},
                {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="},
                {"type": "input_image", "file_id": "file-1"},
            ]}, {"type": "function_call_output", "output": [{"type": "input_image"}]}],
            "messages": [{"role": "user", "content": [
                {"type": "image_url", "image_url": {"url": "{{file:a.png}}"}},
                {"type": "file", "file": {"filename": "b.pdf", "file_id": "file-2"}},
            ]}],
        }));
        let told: Vec<_> = parts(&it)
            .into_iter()
            .map(|part| (part.source_pointer, part.source.or(part.file_id)))
            .collect();
        let expected = [
            (
                "/input/0/content/1/image_url",
                Some("https://example.com/a.png"),
            ),
            (
                "/input/0/content/2/file_data",
                Some("data:application/pdf;base64,AA=="),
            ),
            ("/input/0/content/3/image_url", Some("file-1")),
            ("/input/1/output/0/image_url", None),
            (
                "/messages/0/content/0/image_url/url",
                Some("{{file:a.png}}"),
            ),
            ("/messages/0/content/1/file/file_data", Some("file-2")),
        ];
        assert_eq!(told, expected.map(|(at, it)| (at.to_owned(), it)));
    }

    #[test]
    fn a_name_is_read_and_written_alike() {
        for text in [
            "{{file:attachments/a b.png#0123456789abcdef}}",
            "{{file:a#b.txt}}",
            "{{file:a.txt}}",
        ] {
            assert_eq!(FileRef::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(FileRef::parse("{{file:a#b.txt}}").unwrap().path, "a#b.txt");
        for text in ["{{name}}", "see {{file:a.txt}}", "{{file:a.txt", ""] {
            assert_eq!(FileRef::parse(text), None, "{text}");
        }
    }

    #[test]
    fn data_goes_only_where_a_picture_or_file_stands() {
        let it = body(
            json!({"instructions": "{{file:a.png}}", "input": [{"role": "user", "content": [
                {"type": "input_text", "text": "{{file:a.png}}"},
                {"type": "input_image", "image_url": "{{file:a.png}}", "detail": "low"},
            ]}]}),
        );
        let files = Files::new(BTreeMap::from([(
            "{{file:a.png}}".to_owned(),
            "data:X".to_owned(),
        )]));
        assert_eq!(
            Value::Object(files.put_into(&it)),
            json!({"instructions": "{{file:a.png}}", "input": [{"role": "user", "content": [
                {"type": "input_text", "text": "{{file:a.png}}"},
                {"type": "input_image", "image_url": "data:X", "detail": "low"},
            ]}]})
        );
    }
}
