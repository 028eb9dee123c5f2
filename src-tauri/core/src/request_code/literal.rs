//! JSON values as literals of Python and JavaScript.

use serde_json::Value;

use super::outside::{Outside, Piece, Source};

/// What differs between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    JavaScript,
}

/// `value` as a literal; the lines after the first stand `indent` spaces deep.
pub(crate) fn literal(value: &Value, language: Language, indent: usize) -> String {
    expression(value, language, indent, &Outside::default())
}

/// As [`literal`], with a call for what texts stand for: see [`prelude`].
pub(super) fn expression(
    value: &Value,
    language: Language,
    indent: usize,
    outside: &Outside,
) -> String {
    let mut out = String::new();
    write(value, language, indent, outside, &mut out);
    out
}

fn write(value: &Value, language: Language, indent: usize, outside: &Outside, out: &mut String) {
    match (value, language) {
        (Value::Null, Language::Python) => out.push_str("None"),
        (Value::Bool(true), Language::Python) => out.push_str("True"),
        (Value::Bool(false), Language::Python) => out.push_str("False"),
        (Value::Null | Value::Bool(_) | Value::Number(_), _) => out.push_str(&value.to_string()),
        (Value::String(text), _) => out.push_str(&text_expression(text, language, outside)),
        (Value::Array(items), _) if items.is_empty() => out.push_str("[]"),
        (Value::Array(items), _) => {
            out.push_str("[\n");
            for item in items {
                pad(indent + step(language), out);
                write(item, language, indent + step(language), outside, out);
                out.push_str(",\n");
            }
            pad(indent, out);
            out.push(']');
        }
        (Value::Object(fields), _) if fields.is_empty() => out.push_str("{}"),
        (Value::Object(fields), _) => {
            out.push_str("{\n");
            for (key, field) in fields {
                pad(indent + step(language), out);
                out.push_str(&name(key, language));
                out.push_str(": ");
                write(field, language, indent + step(language), outside, out);
                out.push_str(",\n");
            }
            pad(indent, out);
            out.push('}');
        }
    }
}

/// How deep a level is indented, as the formatters of either language do.
fn step(language: Language) -> usize {
    match language {
        Language::Python => 4,
        Language::JavaScript => 2,
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// A text, and the calls within it.
fn text_expression(text: &str, language: Language, outside: &Outside) -> String {
    let pieces = outside.pieces(text);
    if pieces.is_empty() {
        return text_literal("");
    }
    let parts: Vec<String> = pieces
        .into_iter()
        .map(|piece| match (piece, language) {
            (Piece::Text(text), _) => text_literal(text),
            (Piece::Source(Source::Variable(name)), Language::Python) => {
                format!("os.environ[{}]", text_literal(name))
            }
            (Piece::Source(Source::Variable(name)), Language::JavaScript) => {
                format!("environment({})", text_literal(name))
            }
            (Piece::Source(Source::File { media_type, path }), language) => {
                let function = match language {
                    Language::Python => "data_url",
                    Language::JavaScript => "dataUrl",
                };
                format!(
                    "{function}({}, {})",
                    text_literal(path),
                    text_literal(media_type)
                )
            }
        })
        .collect();
    parts.join(" + ")
}

/// A text in double quotes. JSON's escapes mean the same in both languages.
fn text_literal(text: &str) -> String {
    visible(&Value::from(text).to_string())
}

/// JSON with what it leaves bare escaped where that would end a line or hide from a reader: line separators,
/// direction marks and other letters that can't be seen. They can stand in texts only, so it says the same.
pub(super) fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        let hidden = matches!(letter,
            '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if hidden {
            out.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            out.push(letter);
        }
    }
    out
}

fn name(key: &str, language: Language) -> String {
    if language == Language::JavaScript {
        // In quotes or not, this one name would set the object's prototype.
        if key == "__proto__" {
            return r#"["__proto__"]"#.to_owned();
        }
        if is_word(key) {
            return key.to_owned();
        }
    }
    text_literal(key)
}

/// Letters, digits and `_`, and no digit first: a name in both languages.
pub(super) fn is_word(text: &str) -> bool {
    text.chars()
        .all(|it| it.is_ascii_alphanumeric() || it == '_')
        && text.chars().next().is_some_and(|it| !it.is_ascii_digit())
}
