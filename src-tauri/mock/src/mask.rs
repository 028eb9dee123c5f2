//! Takes keys out of what is shown or written.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use serde_json::Value;

const MARK: &str = "sk-";
const MASKED: &str = "sk-***";

/// Letters after the mark that make a key. Fewer are a word, such as `sk-learn`.
const LEAST: usize = 12;

/// Headers whose value is a secret whatever it looks like.
const SECRET: [&str; 6] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "api-key",
    "x-api-key",
];

/// The text without any key in it. It may be JSON text: it stays as valid as it was.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut left = text;
    let mut done = 0;
    while let Some(at) = left.find(MARK) {
        let after = &left[at + MARK.len()..];
        let length = after
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            .count();
        if length >= LEAST && starts_here(&text[..done + at]) {
            out.push_str(&left[..at]);
            out.push_str(MASKED);
        } else {
            out.push_str(&left[..at + MARK.len() + length]);
        }
        left = &after[length..];
        done = text.len() - left.len();
    }
    out.push_str(left);
    out
}

/// Whether a word starts after `before`: `task-oriented-dialogue` holds no key, `\nsk-…` in JSON text does.
fn starts_here(before: &str) -> bool {
    let bytes = before.as_bytes();
    match bytes {
        [] => true,
        [.., b'\\', b'n' | b't' | b'r' | b'b' | b'f'] => true,
        [.., b'\\', b'u', a, b, c, d] => [a, b, c, d].iter().all(|byte| byte.is_ascii_hexdigit()),
        [.., last] => !last.is_ascii_alphanumeric(),
    }
}

/// Masks every string in a value, names of fields included.
pub(crate) fn value(value: &Value) -> Value {
    match value {
        Value::String(inner) => Value::String(text(inner)),
        Value::Array(items) => items.iter().map(self::value).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(name, inner)| (text(name), self::value(inner)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// One header's value without its secret; the scheme stays, so that it still shows that a key was sent.
pub(crate) fn header(name: &str, value: &str) -> String {
    if !SECRET.contains(&name) {
        return short(value);
    }
    match value.split_once(' ') {
        Some((scheme, _)) if name.ends_with("authorization") => format!("{scheme} ***"),
        _ => "***".to_owned(),
    }
}

/// In a header even a short `sk-` is a key.
fn short(value: &str) -> String {
    let words: Vec<&str> = value.split(' ').collect();
    let masked = words.iter().map(|word| match word.starts_with(MARK) {
        true => MASKED.to_owned(),
        false => text(word),
    });
    masked.collect::<Vec<_>>().join(" ")
}

/// Every header by its name in lower case.
pub(crate) fn headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), header(name.as_str(), &value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_and_words_stay() {
        let cases = [
            ("sk-test-planted-0001", "sk-***"),
            (
                "use sk-proj-abc_DEF-0123456789, please",
                "use sk-***, please",
            ),
            (r#"{"a":"x\nsk-test-planted-0001"}"#, r#"{"a":"x\nsk-***"}"#),
            (r#""\u0022sk-test-planted-0001""#, r#""\u0022sk-***""#),
            ("task-oriented-dialogue", "task-oriented-dialogue"),
            ("sk-learn", "sk-learn"),
            ("sk-short sk-test-planted-0001 sk-", "sk-short sk-*** sk-"),
        ];
        for (given, expected) in cases {
            assert_eq!(text(given), expected);
        }
    }

    #[test]
    fn headers_lose_their_secrets() {
        let cases = [
            ("authorization", "Bearer anything", "Bearer ***"),
            ("cookie", "a=b c", "***"),
            ("x-mine", "sk-abc", "sk-***"),
            ("x-mine", "plain words", "plain words"),
        ];
        for (name, given, expected) in cases {
            assert_eq!(header(name, given), expected);
        }
    }
}
