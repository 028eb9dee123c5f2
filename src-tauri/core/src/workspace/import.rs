//! Moving in from other tools: their files become requests, environments and rows of data, and what can't is named.
//!
//! What is read is bytes with a name; nothing is fetched and nothing runs. What a file is shows in its content first
//! and in its name last. Calls to anything but `/v1/responses` and `/v1/chat/completions` are named and left out, and
//! so is every key: the connection has its own.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::request_file::RequestFile;
use crate::error::{Error, ErrorCode, Result};
use crate::secrets_in_text;

mod bru;
mod bruno;
mod call;
mod curl;
mod detect;
mod fields;
mod har;
mod insomnia;
mod jsonl;
mod loose_json;
mod names;
mod openai_json;
mod opencollection;
mod own;
mod placeholders;
mod postman;
mod promptfoo;
mod sources;
mod to_responses;
mod write;
mod yaak;

pub use sources::{Gathered, add_texts, from_paths};
pub use to_responses::to_responses;
pub use write::{Written, write};

/// More items than these are refused as a whole: a sidebar of more serves nobody, and each is a file.
pub const ITEM_LIMIT: usize = 10_000;

/// The largest file that is read, in bytes.
pub const FILE_LIMIT: usize = 64 * 1024 * 1024;

/// A file to import: its name is a path with forward slashes, relative to what was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Whose format a file is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ImportKind {
    /// cURL commands, in a script or pasted.
    Curl,
    /// A request body as the Playground and the SDKs show it, or a list of them.
    OpenaiBody,
    /// The input file of a batch.
    OpenaiBatch,
    /// Rows of an evaluation.
    OpenaiRows,
    /// A Postman collection, v2.0 or v2.1.
    Postman,
    /// A Postman environment.
    PostmanEnvironment,
    /// Bruno's `.bru` files.
    Bruno,
    /// OpenCollection YAML, which newer Bruno versions write.
    Opencollection,
    /// Insomnia v5 YAML.
    Insomnia,
    /// A Yaak export.
    Yaak,
    /// A promptfoo configuration, or results that hold one.
    Promptfoo,
    /// An HTTP archive, as browsers save them.
    Har,
    /// Rheostat's own files.
    Rheostat,
}

impl ImportKind {
    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "cURL",
            Self::OpenaiBody => "request JSON",
            Self::OpenaiBatch => "Batch JSONL",
            Self::OpenaiRows => "evaluation rows",
            Self::Postman => "Postman collection",
            Self::PostmanEnvironment => "Postman environment",
            Self::Bruno => "Bruno",
            Self::Opencollection => "OpenCollection",
            Self::Insomnia => "Insomnia",
            Self::Yaak => "Yaak",
            Self::Promptfoo => "promptfoo",
            Self::Har => "HAR",
            Self::Rheostat => "Rheostat",
        }
    }
}

/// A variable of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ImportedVariable {
    pub name: String,
    /// Empty where the value was a secret.
    pub value: String,
}

/// What an item becomes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(tag = "kind", rename_all = "snake_case")]
pub enum ImportedContent {
    /// Its id is empty until it is written.
    Request {
        request: Box<RequestFile>,
    },
    Environment {
        variables: Vec<ImportedVariable>,
    },
    /// Rows of data, a JSON object a line.
    Dataset {
        jsonl: String,
        rows: usize,
    },
}

/// Something that can be brought in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ImportedItem {
    /// Where it goes, relative to the folder that the import goes into; every part is a name that every system takes.
    pub folder: String,
    pub name: String,
    /// Where it came from: a file, and where in it.
    pub place: String,
    pub content: ImportedContent,
}

/// Something that is not brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ImportLeftOut", rename_all = "camelCase")]
pub struct LeftOut {
    /// A file, and where in it.
    pub place: String,
    /// Never a secret: of a header only its name.
    pub what: String,
    /// As a sentence.
    pub why: String,
}

/// What an import would bring.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Imported {
    /// The formats that were found, each once.
    pub kinds: Vec<ImportKind>,
    pub items: Vec<ImportedItem>,
    pub left_out: Vec<LeftOut>,
}

impl Imported {
    fn leave(&mut self, place: impl Into<String>, what: impl Into<String>, why: impl Into<String>) {
        // A name or a message may hold a key too.
        let clean = |text: String| secrets_in_text::without_keys(&text).unwrap_or(text);
        self.left_out.push(LeftOut {
            place: clean(place.into()),
            what: clean(what.into()),
            why: clean(why.into()),
        });
    }

    fn found(&mut self, kind: ImportKind) {
        if let Err(at) = self.kinds.binary_search(&kind) {
            self.kinds.insert(at, kind);
        }
    }
}

/// The files of an import, for those that name one another.
struct Files<'a> {
    sources: &'a [Source],
    /// Those that another file has brought in.
    used: HashSet<&'a str>,
    /// Those that are the body of a command: no requests of their own.
    bodies: HashSet<&'a str>,
}

impl<'a> Files<'a> {
    /// The text of the file that `path` names from beside `from`; only among what is imported.
    fn beside(&mut self, from: &str, path: &str) -> Option<&'a str> {
        let (name, text) = self.find(from, path)?;
        self.used.insert(name);
        Some(text)
    }

    /// The same, of the file that a command sends.
    fn body_beside(&mut self, from: &str, path: &str) -> Option<String> {
        let (name, text) = self.find(from, path)?;
        self.used.insert(name);
        self.bodies.insert(name);
        Some(text.to_owned())
    }

    fn find(&self, from: &str, path: &str) -> Option<(&'a str, &'a str)> {
        let mut parts: Vec<&str> = from.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        let wanted = parts.join("/");
        let found = self.sources.iter().find(|source| source.name == wanted)?;
        let text = std::str::from_utf8(&found.bytes).ok()?;
        Some((&found.name, text))
    }
}

/// Reads files of other tools. A file that can't be read is named in what is left out; the others are read all the
/// same.
///
/// # Errors
/// `BadInput` where there is more than [`ITEM_LIMIT`] items in them.
pub fn read(sources: &[Source]) -> Result<Imported> {
    let mut imported = Imported::default();
    let mut files = Files {
        sources,
        used: HashSet::new(),
        bodies: HashSet::new(),
    };
    // The items of each file that is a body by itself.
    let mut alone = Vec::new();
    let mut unknown = Vec::new();
    for source in sources {
        let text = match detect::text(source) {
            Ok(text) => text,
            Err(error) => {
                imported.leave(&source.name, "The file", error.message);
                continue;
            }
        };
        let before = imported.items.len();
        match one(source, text, &mut files, &mut imported) {
            Ok(Some(ImportKind::OpenaiBody)) => alone.push((&source.name, before)),
            Ok(Some(_)) => {}
            Ok(None) => unknown.push(source.name.as_str()),
            Err(error) => {
                let place = error.place.map_or_else(
                    || source.name.clone(),
                    |place| format!("{}: {place}", source.name),
                );
                imported.leave(place, "The file", error.message);
            }
        }
        if imported.items.len() > ITEM_LIMIT {
            return Err(Error::new(
                ErrorCode::BadInput,
                format!(
                    "{} holds more than {ITEM_LIMIT} items with what came before it ({} after {before}). Nothing was imported.",
                    source.name,
                    imported.items.len(),
                ),
            )
            .place(source.name.clone())
            .hint("Split it, or import the parts that you need. Rows of data can be any number: they stay one file."));
        }
    }
    // From the last, so that the places of the others stay.
    for (name, before) in alone.into_iter().rev() {
        if files.bodies.contains(name.as_str()) {
            let of_it = |item: &ImportedItem| item.place.starts_with(name.as_str());
            let count = imported.items[before..]
                .iter()
                .take_while(|item| of_it(item))
                .count();
            imported.items.drain(before..before + count);
        }
    }
    for name in unknown {
        if !files.used.contains(name) {
            imported.leave(
                name,
                "The file",
                "It is in none of the formats that can be imported.",
            );
        }
    }
    Ok(imported)
}

/// The file's format; None where it is of none that is known.
fn one<'a>(
    source: &'a Source,
    text: &'a str,
    files: &mut Files<'a>,
    out: &mut Imported,
) -> Result<Option<ImportKind>> {
    use detect::Found;
    let name = source.name.as_str();
    let (kind, done) = match detect::detect(name, text)? {
        Found::Nothing => return Ok(None),
        Found::Marker(kind) => (kind, Ok(())),
        Found::Curl => (ImportKind::Curl, curl::read(name, text, files, out)),
        Found::Bru => (ImportKind::Bruno, bruno::read(name, text, out)),
        Found::Rows(kind, lines) => (kind, jsonl::read(name, kind, lines, out)),
        Found::Value(kind, value) => {
            let done = match kind {
                ImportKind::OpenaiBody => openai_json::read(name, value, out),
                ImportKind::Postman => postman::read(name, &value, out),
                ImportKind::PostmanEnvironment => postman::read_environment(name, &value, out),
                ImportKind::Opencollection => opencollection::read(name, &value, out),
                ImportKind::Insomnia => insomnia::read(name, &value, out),
                ImportKind::Yaak => yaak::read(name, &value, out),
                ImportKind::Promptfoo => promptfoo::read(name, &value, files, out),
                ImportKind::Har => har::read(name, &value, out),
                ImportKind::Rheostat => own::read(name, value, out),
                ImportKind::Curl
                | ImportKind::Bruno
                | ImportKind::OpenaiBatch
                | ImportKind::OpenaiRows => Ok(()),
            };
            (kind, done)
        }
    };
    out.found(kind);
    done.map(|()| Some(kind))
}
