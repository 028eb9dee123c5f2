//! The words that a run is found by, as they are written and as they are asked for.

use serde_json::{Map, Value};

/// The most that counts of a prompt, and of an answer, in bytes. Words beyond it are not found.
const MOST: usize = 256 * 1024;

/// A text without a space in it that is longer than this is a picture or a file, in bytes.
const LONGEST_WORD: usize = 2000;

/// Where a body holds what was written for the model, at the top and within its messages.
const PROMPT: [&str; 4] = ["instructions", "input", "messages", "prompt"];
const WITHIN: [&str; 5] = ["content", "text", "output", "arguments", "variables"];

/// All the words of a run: its request's name, its model, what was asked and what was answered.
pub fn words_of(
    name: Option<&str>,
    model: &str,
    body: &Map<String, Value>,
    answer: &str,
) -> String {
    let mut prompt = String::new();
    for value in PROMPT.iter().filter_map(|key| body.get(*key)) {
        collect(value, &mut prompt);
    }
    let texts = [
        name.unwrap_or_default(),
        model,
        start_of(&prompt),
        start_of(answer),
    ];
    apart(&texts.join("\n"))
}

/// What SQLite is asked for a text that somebody typed: every word must be there, each from its beginning on. None for
/// a text without a word.
pub fn query(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| format!("\"{}\"*", apart(word).replace('"', "\"\"")))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

fn collect(value: &Value, into: &mut String) {
    match value {
        Value::String(text) if is_prose(text) => {
            into.push_str(text);
            into.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => WITHIN
            .iter()
            .filter_map(|key| fields.get(*key))
            .for_each(|field| collect(field, into)),
        _ => {}
    }
}

fn is_prose(text: &str) -> bool {
    text.len() <= LONGEST_WORD || text.contains(char::is_whitespace)
}

fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST)]
}

/// Chinese and Japanese write without spaces: each of their characters is a word of its own here, and several in a row
/// are found as such.
fn apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    for letter in text.chars() {
        let alone = matches!(u32::from(letter), 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF);
        if alone {
            apart.push(' ');
        }
        apart.push(letter);
        if alone {
            apart.push(' ');
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prompts_of_either_endpoint_are_read_and_files_are_not() {
        let body = json!({
            "model": "m",
            "instructions": "Be careful.",
            "input": [
                { "role": "user", "content": [
                    { "type": "input_text", "text": "Read the invoice" },
                    { "type": "input_file", "file_data": "data:application/pdf;base64,AAAA" },
                    { "type": "input_text", "text": "A".repeat(LONGEST_WORD + 1) },
                ]},
                { "type": "function_call_output", "output": "42 rows" },
            ],
            "messages": [{ "role": "user", "content": "hello" }],
            "tools": [{ "description": "not a prompt" }],
        });
        assert_eq!(
            words_of(Some("Name"), "m", body.as_object().unwrap(), "Fine."),
            "Name\nm\nBe careful.\nRead the invoice\n42 rows\nhello\n\nFine."
        );
    }

    #[test]
    fn every_typed_word_must_be_there_and_no_sign_is_taken_for_a_command() {
        assert_eq!(
            query(r#" invoice  a"b OR  -- "#).unwrap(),
            r#""invoice"* AND "a""b"* AND "OR"*"#
        );
        assert_eq!(query("発票").unwrap(), "\" 発  票 \"*");
        assert_eq!(query(" *** "), None);
    }
}
