//! Finds requests by what they are called, where they lie, and what they say.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::folder::Workspace;
use super::request_file::{self, RequestFile, RequestSummary};
use crate::error::{Error, ErrorCode, Result};

/// Requests that one search yields.
const HITS: usize = 200;

/// Letters of a prompt that are shown on each side of what was found.
const AROUND: usize = 60;

/// Where a word was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum FoundIn {
    Name,
    Tags,
    Folder,
    Prompt,
}

/// A request that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FoundRequest {
    pub request: RequestSummary,
    /// Every word stands in one of these.
    pub found_in: Vec<FoundIn>,
    /// A piece of the prompt around the first word that only it has.
    pub excerpt: Option<String>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FoundRequests", rename_all = "camelCase")]
pub struct Found {
    /// Those that have it in their names first, then in the order of the tree.
    pub hits: Vec<FoundRequest>,
    /// Requests that fit and are not among the hits.
    pub more: u32,
}

impl Workspace {
    /// Requests that have every word of `text` in their names, tags, folders or prompts, whatever the
    /// capitals. `tag:word` looks at tags alone.
    ///
    /// # Errors
    /// `BadInput` for a text without a word; `WorkspaceGone`.
    pub fn find(&self, text: &str) -> Result<Found> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return Err(
                Error::new(ErrorCode::BadInput, "There is nothing to look for.").place("text"),
            );
        }
        let requests = self.listing()?.requests;
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(4));
        let share = requests.len().div_ceil(threads).max(64);
        let mut found: Vec<FoundRequest> = std::thread::scope(|scope| {
            let tasks: Vec<_> = requests
                .chunks(share)
                .map(|chunk| {
                    let words = &words;
                    scope.spawn(move || -> Vec<FoundRequest> {
                        chunk
                            .iter()
                            .filter_map(|summary| self.look_at(summary, words))
                            .collect()
                    })
                })
                .collect();
            tasks
                .into_iter()
                .filter_map(|task| task.join().ok())
                .flatten()
                .collect()
        });
        found.sort_by_key(|hit| hit.found_in.first() != Some(&FoundIn::Name));
        let more = found.len().saturating_sub(HITS);
        found.truncate(HITS);
        Ok(Found {
            hits: found,
            more: u32::try_from(more).unwrap_or(u32::MAX),
        })
    }

    fn look_at(&self, summary: &RequestSummary, words: &[String]) -> Option<FoundRequest> {
        let name = summary.name.to_lowercase();
        let folder = summary.folder.to_lowercase();
        let tags: Vec<String> = summary.tags.iter().map(|tag| tag.to_lowercase()).collect();
        let mut found_in = Vec::new();
        let mut only_in_prompt = Vec::new();
        for word in words {
            let tag = word.strip_prefix("tag:").filter(|tag| !tag.is_empty());
            let tagged = tags.iter().any(|known| known.contains(tag.unwrap_or(word)));
            let place = if tag.is_none() && name.contains(word.as_str()) {
                FoundIn::Name
            } else if tagged {
                FoundIn::Tags
            } else if tag.is_some() {
                return None;
            } else if folder.contains(word.as_str()) {
                FoundIn::Folder
            } else {
                only_in_prompt.push(word.as_str());
                FoundIn::Prompt
            };
            found_in.push(place);
        }
        found_in.sort();
        found_in.dedup();
        // The file is only read where the words are not found without it.
        let excerpt = if only_in_prompt.is_empty() {
            None
        } else {
            let request = request_file::read(&self.resolve(&summary.path).ok()?)
                .ok()?
                .request;
            Some(excerpt(&prompts(&request), &only_in_prompt)?)
        };
        Some(FoundRequest {
            request: summary.clone(),
            found_in,
            excerpt,
        })
    }
}

/// What the request says to the model: the texts of `instructions`, `input` and `messages`.
fn prompts(request: &RequestFile) -> Vec<&str> {
    fn texts<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
        match value {
            Value::String(text) => out.push(text),
            Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
            Value::Object(fields) => {
                // A message's role and a part's type are no words of the prompt.
                let said = fields
                    .iter()
                    .filter(|(key, _)| *key != "role" && *key != "type");
                said.for_each(|(_, field)| texts(field, out));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for field in ["instructions", "input", "messages"] {
        if let Some(value) = request.body.get(field) {
            texts(value, &mut found);
        }
    }
    found
}

/// The surroundings of the first word, if all of them are there.
fn excerpt(texts: &[&str], words: &[&str]) -> Option<String> {
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let has = |word: &&str| lower.iter().any(|text| text.contains(*word));
    if !words.iter().all(has) {
        return None;
    }
    let word = words.first()?;
    let (text, at) = lower
        .iter()
        .find_map(|text| text.find(word).map(|at| (text, at)))?;
    // Cut from the original where small letters take as many bytes as capitals, as they nearly always do.
    let original = texts
        .iter()
        .find(|it| it.len() == text.len() && it.to_lowercase() == **text);
    let text = original.copied().unwrap_or(text);
    let letters = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = text.get(..at).unwrap_or_default();
    let start = before
        .char_indices()
        .rev()
        .nth(AROUND - 1)
        .map_or(0, |(start, _)| start);
    let after = text.get(at..).unwrap_or_default();
    let end = after
        .char_indices()
        .nth(word.chars().count() + AROUND)
        .map_or(text.len(), |(end, _)| at + end);
    let piece = letters(text.get(start..end)?);
    let (left, right) = (
        if start > 0 { "…" } else { "" },
        if end < text.len() { "…" } else { "" },
    );
    Some(format!("{left}{piece}{right}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_the_place_and_where_it_was_cut() {
        let long = format!("{} Müller STRASSE {}", "a ".repeat(80), "z ".repeat(80));
        let piece = excerpt(&["first", &long], &["strasse", "first"]).unwrap();
        assert!(piece.contains("Müller STRASSE z"), "{piece}");
        assert!(piece.starts_with('…') && piece.ends_with('…'), "{piece}");
        assert!(piece.chars().count() <= 2 * AROUND + 10, "{piece}");
        assert_eq!(excerpt(&["one two"], &["one", "three"]), None);
        assert_eq!(
            excerpt(&["One\n two"], &["two"]).as_deref(),
            Some("One two")
        );
    }
}
