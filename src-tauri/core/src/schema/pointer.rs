//! Places in a schema: JSON Pointers, local references, and how a person calls the place.

use serde_json::Value;

/// One step down.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The steps as a JSON Pointer (RFC 6901).
pub fn text(steps: &[Step<'_>]) -> String {
    let mut pointer = String::new();
    for step in steps {
        pointer.push('/');
        match step {
            Step::Key(key) => push_escaped(&mut pointer, key),
            Step::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}

fn push_escaped(pointer: &mut String, key: &str) {
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// The steps of a pointer, unescaped.
pub fn parts(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// The pointer to what holds this place, and the last step; none for the root.
pub fn split(pointer: &str) -> Option<(&str, String)> {
    let (above, last) = pointer.rsplit_once('/')?;
    Some((above, last.replace("~1", "/").replace("~0", "~")))
}

/// The pointer that a reference within its own document means: `#` or `#/...`. None for any other.
pub fn local(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    let pointer = percent_decoded(fragment)?;
    (pointer.is_empty() || pointer.starts_with('/')).then_some(pointer)
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The schema that a local reference leads to; none where it leads nowhere.
pub fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    root.pointer(&local(reference)?)
}

/// The place as a person writes it: `speakers[].name`, or `the root`.
pub fn in_words(pointer: &str) -> String {
    let parts = parts(pointer);
    let mut words = String::new();
    let mut steps = parts.iter();
    while let Some(step) = steps.next() {
        match step.as_str() {
            "properties" | "patternProperties" => {
                if let Some(name) = steps.next() {
                    if !words.is_empty() {
                        words.push('.');
                    }
                    words.push_str(&shown(name));
                }
            }
            "$defs" | "definitions" => {
                if let Some(name) = steps.next() {
                    words = shown(name);
                }
            }
            "items" => words.push_str("[]"),
            "anyOf" | "oneOf" | "allOf" => {
                if let Some(choice) = steps.next().and_then(|index| index.parse::<u64>().ok()) {
                    if words.is_empty() {
                        words.push_str("the root");
                    }
                    words.push_str(&format!(" (choice {})", choice + 1));
                }
            }
            _ => {}
        }
    }
    if words.is_empty() {
        words.push_str("the root");
    }
    words
}

/// A name that stands in one line: cut, and quoted where it would not read as one word.
fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut cut: String = name.chars().take(LONGEST).collect();
    if cut.len() < name.len() {
        cut.push('…');
    }
    let is_word = !cut.is_empty()
        && !cut
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '.' | '[' | ']' | '"'));
    if is_word { cut } else { format!("{cut:?}") }
}

/// A pointer as a local reference, written so that it is a URI fragment.
pub fn reference(pointer: &str) -> String {
    use std::fmt::Write;
    let mut text = String::from("#");
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || b"/~$-._!&'()*+,;=:@".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a text can't fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
