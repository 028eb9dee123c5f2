//! How large the input of a request is: one count, for the lint, the forecast, the budget and what is shown.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, OnceLock, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::catalog::models::Catalog;
use crate::error::Result;
use crate::media::{self, FileRef, Part, kind};
use crate::money::forecast::text_bytes;
use crate::place::Body;
use crate::tokens::{self, picture};
use crate::workspace::folder::Workspace;

/// About how many tokens a request puts in, part by part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputSize {
    pub instructions: u64,
    /// The texts of each message, in the order of the body.
    pub messages: Vec<u64>,
    /// The pictures of each message.
    pub pictures: Vec<u64>,
    /// The output schema, as JSON text.
    pub schema: u64,
    /// Tools, as JSON text.
    pub tools: u64,
    /// Pictures and files that no rule is known for, or whose size is not.
    pub uncounted: u32,
}

impl InputSize {
    pub fn texts(&self) -> u64 {
        self.instructions + self.messages.iter().sum::<u64>()
    }

    pub fn all_pictures(&self) -> u64 {
        self.pictures.iter().sum()
    }

    /// All that is counted.
    pub fn total(&self) -> u64 {
        self.texts() + self.all_pictures() + self.schema + self.tools
    }
}

/// How the model of a request counts pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureRule {
    model: String,
    /// Tokens of a thousand patches; None where no source says.
    permille: Option<u32>,
}

impl PictureRule {
    pub fn of(catalog: &Catalog, body: &Body) -> Self {
        let model = body::model(body).unwrap_or_default();
        Self {
            model: model.to_owned(),
            permille: catalog
                .notes(model)
                .and_then(|notes| notes.picture_permille),
        }
    }

    /// A count and what it rests on, or why there is none. `size` is width and height in px.
    pub fn count(&self, part: &Part<'_>, size: Option<(u32, u32)>) -> (Option<u64>, String) {
        if !part.picture {
            let note = "How many tokens a file takes is known after it is sent.";
            return (None, note.to_owned());
        }
        let Some(permille) = self.permille else {
            let note = format!("No source states how {} counts pictures.", self.model);
            return (None, note);
        };
        let Some((width, height)) = size else {
            let note = "The size of the picture is not known here.";
            return (None, note.to_owned());
        };
        let detail = part.detail.unwrap_or("auto");
        match picture::patches(width, height, detail) {
            Some(patches) => (
                Some(tokens_of(patches, permille)),
                format!(
                    "{patches} patches of 32 px at detail {detail}. One token each is inferred, not stated."
                ),
            ),
            None => (None, format!("No source names the detail {detail:?}.")),
        }
    }

    /// The most that a picture of any size can take; None where no rule is known.
    fn most(&self, part: &Part<'_>) -> Option<u64> {
        let permille = self.permille.filter(|_| part.picture)?;
        // No picture is larger than this at any level of detail.
        let patches = picture::patches(u32::MAX, u32::MAX, part.detail.unwrap_or("auto"))?;
        Some(tokens_of(patches, permille))
    }
}

fn tokens_of(patches: u64, permille: u32) -> u64 {
    (patches * u64::from(permille)).div_ceil(1_000)
}

/// About how large the input of `body` is, as it is sent. Reads the pictures of the workspace that it names: off the
/// async threads.
///
/// # Errors
/// As [`tokens::count`].
pub fn about(
    workspace: Option<&Workspace>,
    endpoint: Endpoint,
    body: &Body,
    rule: &PictureRule,
) -> Result<InputSize> {
    let null = Value::Null;
    let of = |name: &str| body.get(name).unwrap_or(&null);
    let key = endpoint.input_key();
    let messages: Vec<u64> = match of(key) {
        Value::Array(items) => items
            .iter()
            .map(tokens::count_value)
            .collect::<Result<_>>()?,
        other => vec![tokens::count_value(other)?],
    };
    let mut size = InputSize {
        instructions: tokens::count_value(of("instructions"))?,
        pictures: vec![0; messages.len()],
        messages,
        schema: body::output_schema(body).map_or(Ok(0), tokens::count_json)?,
        tools: match of("tools") {
            Value::Array(tools) => tools.iter().map(tokens::count_json).sum::<Result<u64>>()?,
            _ => 0,
        },
        uncounted: 0,
    };
    for part in media::parts(body) {
        let counted = rule.count(&part, size_of(workspace, &part)).0;
        let mut steps = part.pointer.split('/').skip(1);
        let message = (steps.next() == Some(key))
            .then(|| steps.next()?.parse::<usize>().ok())
            .flatten()
            .and_then(|index| size.pictures.get_mut(index));
        match (counted, message) {
            (Some(tokens), Some(message)) => *message += tokens,
            _ => size.uncounted += 1,
        }
    }
    Ok(size)
}

/// The most tokens that the input of `body` can have, without counting or reading anything: each byte of text one, and
/// each picture as large as its level of detail allows.
pub fn at_most(body: &Body, rule: &PictureRule) -> u64 {
    let pictures = media::parts(body)
        .iter()
        .filter_map(|part| rule.most(part))
        .sum::<u64>();
    body.values().map(text_bytes).sum::<u64>() + pictures
}

/// The most tokens that the pictures of `body` can take: as they are counted, and at the most where their size is not
/// known. Reads those of the workspace.
pub fn pictures_at_most(workspace: Option<&Workspace>, body: &Body, rule: &PictureRule) -> u64 {
    let tokens = media::parts(body).into_iter().filter_map(|part| {
        let counted = rule.count(&part, size_of(workspace, &part)).0;
        counted.or_else(|| rule.most(&part))
    });
    tokens.sum()
}

/// Width and height of a picture in px, where its data is here. Told again without reading it again.
fn size_of(workspace: Option<&Workspace>, part: &Part<'_>) -> Option<(u32, u32)> {
    let text = part.source.filter(|_| part.picture)?;
    let mut key = DefaultHasher::new();
    text.hash(&mut key);
    if let Some(named) = FileRef::parse(text) {
        let workspace = workspace?;
        let known = workspace.resolve(&named.path).ok()?;
        let facts = std::fs::metadata(&known).ok()?;
        (known, facts.len(), facts.modified().ok()).hash(&mut key);
        return remembered(key.finish(), || {
            workspace.attached(&named, true).ok()?.kind.size
        });
    }
    let (_, data) = text.strip_prefix("data:")?.split_once(',')?;
    remembered(key.finish(), || {
        kind::of("", &STANDARD.decode(data).ok()?)?.size
    })
}

type Size = Option<(u32, u32)>;

fn remembered(key: u64, find: impl FnOnce() -> Size) -> Size {
    /// More pictures than a request has, and few bytes each.
    const MOST: usize = 4_096;
    static KNOWN: OnceLock<Mutex<HashMap<u64, Size>>> = OnceLock::new();
    let known = || {
        KNOWN
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    };
    if let Some(size) = known().get(&key) {
        return *size;
    }
    // Unlocked: others need not wait for it.
    let size = find();
    let mut all = known();
    if all.len() >= MOST {
        all.clear();
    }
    all.insert(key, size);
    size
}
