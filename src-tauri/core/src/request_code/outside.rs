//! What is only there where the code runs: the secrets of the environment, and the data of files.

use std::borrow::Cow;

use serde_json::Value;

use crate::place::Body;

/// Something that the code fetches where it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A variable of the process's environment, by its name.
    Variable(String),
    /// A file, as a data URL.
    File {
        media_type: String,
        /// Absolute.
        path: String,
    },
}

/// The sources that texts of a body stand for. Each is marked in the text, by a mark that the body has nowhere else.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    mark: String,
    sources: Vec<Source>,
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Source(&'a Source),
}

impl Outside {
    /// Nothing yet, for a body that is made of these parts.
    pub fn of<'a>(body: &Body, values: impl Iterator<Item = &'a str>) -> Self {
        let values: Vec<&str> = values.collect();
        let taken = |mark: &str| {
            values.iter().any(|text| text.contains(mark))
                || body
                    .iter()
                    .any(|(key, value)| key.contains(mark) || has(value, mark))
        };
        // Characters that are for use within a program; with a number where somebody sent them all the same.
        let marks = (0_u32..).map(|number| format!("\u{fdd0}{number}\u{fdd1}"));
        Self {
            mark: marks
                .into_iter()
                .find(|mark| !taken(mark))
                .unwrap_or_default(),
            sources: Vec::new(),
        }
    }

    /// The text that stands for a source in a body.
    pub fn stand_in(&mut self, source: Source) -> String {
        let known = self.sources.iter().position(|it| *it == source);
        let index = known.unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        });
        format!("{0}{index}{0}", self.mark)
    }

    /// What a text is made of, or the JSON that it stands in: the mark is the same in both.
    pub(super) fn pieces<'a>(&'a self, text: &'a str) -> Vec<Piece<'a>> {
        if self.sources.is_empty() {
            return vec![Piece::Text(text)];
        }
        text.split(&self.mark)
            .enumerate()
            .filter_map(|(at, part)| match at % 2 {
                0 => Some(part).filter(|it| !it.is_empty()).map(Piece::Text),
                _ => self
                    .sources
                    .get(part.parse::<usize>().ok()?)
                    .map(Piece::Source),
            })
            .collect()
    }

    pub(super) fn has_files(&self) -> bool {
        let is_file = |source: &Source| matches!(source, Source::File { .. });
        self.sources.iter().any(is_file)
    }

    pub(super) fn has_variables(&self) -> bool {
        let is_variable = |source: &Source| matches!(source, Source::Variable(_));
        self.sources.iter().any(is_variable)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
}

fn has(value: &Value, mark: &str) -> bool {
    match value {
        Value::String(text) => text.contains(mark),
        Value::Array(items) => items.iter().any(|item| has(item, mark)),
        Value::Object(fields) => fields
            .iter()
            .any(|(key, field)| key.contains(mark) || has(field, mark)),
        _ => false,
    }
}

/// The name of a variable as one of the process's environment: `stagingToken` is `STAGING_TOKEN`.
pub fn environment_name(name: &str) -> String {
    let mut out = String::new();
    let mut before: Option<char> = None;
    for letter in name.chars() {
        let begins = letter.is_uppercase() && before.is_some_and(char::is_lowercase);
        if begins || !letter.is_ascii_alphanumeric() && !out.ends_with('_') {
            out.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_uppercase());
        }
        before = Some(letter);
    }
    let out = out.trim_matches('_');
    let out = if out.is_empty() { "VALUE" } else { out };
    match out.chars().next() {
        Some(first) if first.is_ascii_digit() => Cow::Owned(format!("V_{out}")),
        _ => Cow::Borrowed(out),
    }
    .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_mark_is_none_that_somebody_wrote() {
        let body = json!({ "input": "\u{fdd0}0\u{fdd1}0\u{fdd0}0\u{fdd1}" });
        let mut outside = Outside::of(body.as_object().unwrap(), std::iter::empty());
        let secret = Source::Variable("TOKEN".into());
        let stand_in = outside.stand_in(secret.clone());
        assert_eq!(
            outside.stand_in(secret.clone()),
            stand_in,
            "one source is one"
        );
        let hostile = body["input"].as_str().unwrap();
        assert_eq!(outside.pieces(hostile), [Piece::Text(hostile)]);
        let text = format!("a {stand_in}");
        assert_eq!(
            outside.pieces(&text),
            [Piece::Text("a "), Piece::Source(&secret)]
        );
    }

    #[test]
    fn names_are_those_of_an_environment() {
        for (name, expected) in [
            ("token", "TOKEN"),
            ("stagingToken", "STAGING_TOKEN"),
            ("a-b.c", "A_B_C"),
            ("1st", "V_1ST"),
            ("größe", "GR_E"),
            ("日本", "VALUE"),
        ] {
            assert_eq!(environment_name(name), expected, "{name}");
        }
    }
}
