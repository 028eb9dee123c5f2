//! Counts tokens on this computer, for estimates: what the API says it used always wins.
//!
//! The o200k vocabulary is that of the gpt-5 families as far as is published; how messages, tools and schemas are
//! wrapped is not. So every count from here is "about", and the exact one is asked of the API.

pub mod picture;
mod pieces;

use std::sync::OnceLock;

use serde_json::Value;
use splintr::{AnyTokenizer, SpecialMode};

use self::pieces::Remembered;
use crate::error::{Error, Result};

const VOCABULARY: &str = "o200k_base";

/// The tokens of a text. The first call loads the vocabulary, which takes some 150 ms and 30 MB: off the UI's thread.
///
/// # Errors
/// `Internal`, if the embedded vocabulary can't be read.
pub fn count(text: &str) -> Result<u64> {
    static REMEMBERED: OnceLock<Remembered> = OnceLock::new();
    let remembered = REMEMBERED.get_or_init(Remembered::default);
    if let Some(known) = remembered.whole(text) {
        return Ok(known);
    }
    let count = pieces::pieces(text)
        .map(|piece| remembered.count(piece, count_anew))
        .sum::<Result<u64>>()?;
    remembered.keep_whole(text, count);
    Ok(count)
}

fn count_anew(text: &str) -> Result<u64> {
    // The names of special tokens are text like any other where a user writes them.
    tokenizer()?
        .encode_with(text, &SpecialMode::Ordinary)
        .map(|tokens| tokens.len() as u64)
        .map_err(|error| Error::internal("A text could not be counted", error))
}

/// The tokens of all texts in a value, such as a message or a list of them. Pictures and files are no text.
///
/// # Errors
/// As [`count`].
pub fn count_value(value: &Value) -> Result<u64> {
    match value {
        Value::String(text) if text.starts_with("data:") => Ok(0),
        Value::String(text) => count(text),
        Value::Array(items) => items.iter().map(count_value).sum(),
        // What a picture or a file takes is counted by its size, not by the address that it is fetched from.
        Value::Object(_) if crate::media::is_part(value) => Ok(0),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !LABELS.contains(&name.as_str()))
            .map(|(_, inner)| count_value(inner))
            .sum(),
        _ => Ok(0),
    }
}

/// Fields of messages that name kinds, not content.
const LABELS: [&str; 7] = ["type", "role", "id", "status", "call_id", "detail", "phase"];

/// The tokens of a JSON value as text, such as a schema or a tool.
///
/// # Errors
/// As [`count`].
pub fn count_json(value: &Value) -> Result<u64> {
    count(&value.to_string())
}

fn tokenizer() -> Result<&'static AnyTokenizer> {
    static TOKENIZER: OnceLock<std::result::Result<AnyTokenizer, String>> = OnceLock::new();
    TOKENIZER
        .get_or_init(|| {
            let tokenizer = splintr::from_pretrained(VOCABULARY).map_err(|e| e.to_string())?;
            // The first word that the vocabulary does not hold makes it build its table of pairs, which takes as long as
            // loading: now, and not at the first slip of the pen in a prompt. What this word counts as is no matter.
            let _ = tokenizer.encode_with("prompxt", &SpecialMode::Ordinary);
            Ok(tokenizer)
        })
        .as_ref()
        .map_err(|error| Error::internal("The vocabulary could not be read", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn reference(text: &str) -> u64 {
        tiktoken_rs::o200k_base_singleton()
            .encode_ordinary(text)
            .len() as u64
    }

    /// Two independent readings of the vocabulary must agree on everything that people send.
    #[test]
    fn counts_equal_those_of_tiktoken_on_a_corpus() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let mut texts = vec![
            String::new(),
            "a".repeat(20_000),
            "<|endoftext|> is text here, <|im_start|> too".to_owned(),
            "Größe 🙂 naïve 日本語の文章 العربية हिन्दी \u{200d}👩‍👩‍👧 e\u{301}".to_owned(),
            "\r\n\t  \u{a0}   x   \n\n\n".to_owned(),
            (0..5_000).map(|n| format!("{n},{};", n * n)).collect(),
        ];
        for file in [
            "README.md",
            "Cargo.lock",
            "src-tauri/core/data/models.json",
            "src-tauri/core/src/run/fold.rs",
            "ui/src/App.svelte",
        ] {
            texts.push(std::fs::read_to_string(format!("{root}/{file}")).unwrap());
        }
        for text in texts {
            let start: String = text.chars().take(60).collect();
            assert_eq!(count(&text).unwrap(), reference(&text), "{start:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn counts_equal_those_of_tiktoken_on_any_text(text in "\\PC{0,200}") {
            prop_assert_eq!(count(&text).unwrap(), reference(&text));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn counts_in_pieces_equal_those_of_tiktoken(words in proptest::collection::vec("[a-zA-Z0-9 \\n\\r/.'é漢]{0,12}", 0..400)) {
            let text = words.concat();
            prop_assert_eq!(count(&text).unwrap(), reference(&text));
        }
    }

    #[test]
    fn of_a_message_only_what_is_said_counts() {
        let said = json!([{ "role": "user", "content": [{ "type": "input_text", "text": "hello there" }, { "type": "input_image", "image_url": "data:image/png;base64,AAAA" }] }]);
        assert_eq!(count_value(&said).unwrap(), count("hello there").unwrap());
    }
}
