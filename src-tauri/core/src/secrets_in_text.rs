//! Keys and passwords that stand where none should: found in texts and bodies, and taken out.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::place::join;

/// What stands in place of a key that was taken out of a text.
pub const GAP: &str = "[key left out]";

/// The forms of keys that are known by sight: OpenAI's, and those that stand next to them most often.
static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b(?:sk|rk|pk|sess)-[A-Za-z0-9_\-]{16,}",
        r"|\bgh[pousr]_[A-Za-z0-9]{20,}",
        r"|\bgithub_pat_[A-Za-z0-9_]{20,}",
        r"|\bxox[abprs]-[A-Za-z0-9\-]{10,}",
        r"|\bAKIA[0-9A-Z]{16}\b",
        r"|\bAIza[A-Za-z0-9_\-]{30,}",
        r"|\beyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{5,}",
        r"|\b(?i:bearer)\s+[A-Za-z0-9._~+/\-]{16,}=*",
    ))
    .ok()
});

/// The text without the keys in it; `None` where it holds none.
pub fn without_keys(text: &str) -> Option<String> {
    let pattern = KEY.as_ref()?;
    match pattern.replace_all(text, GAP) {
        std::borrow::Cow::Borrowed(_) => None,
        std::borrow::Cow::Owned(text) => Some(text),
    }
}

/// Whether a name is that of a secret, such as `api_key`, `authToken` or `X-Api-Key`; `max_tokens` is none.
pub fn is_secret_name(name: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    let mut before_is_small = false;
    for letter in name.chars() {
        let next_word = !letter.is_alphanumeric() || (letter.is_uppercase() && before_is_small);
        if next_word {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before_is_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    let last = words.last().map(String::as_str).unwrap_or_default();
    let anywhere = |word: &String| {
        matches!(
            word.as_str(),
            "password"
                | "passwd"
                | "secret"
                | "apikey"
                | "bearer"
                | "authorization"
                | "credentials"
                | "credential"
                | "passphrase"
        )
    };
    words.iter().any(anywhere) || matches!(last, "key" | "token" | "pwd")
}

/// Whether a value is nothing but a reference to a variable: that names a secret and holds none.
pub fn is_reference(value: &str) -> bool {
    let value = value.trim();
    value.starts_with("{{") && value.ends_with("}}") && value.matches("{{").count() == 1
}

/// Takes keys out of a body. Returns the JSON Pointers of the places.
///
/// A field that is named like a secret and holds text goes as a whole, wherever it stands: `authorization` and the
/// `headers` of an MCP tool (API.md 2.1) are the usual ones. Key-like words go out of any other text.
pub fn strip(body: &mut Map<String, Value>) -> Vec<String> {
    let mut places = Vec::new();
    strip_fields(body, "", &mut places);
    places
}

fn strip_fields(fields: &mut Map<String, Value>, pointer: &str, places: &mut Vec<String>) {
    fields.retain(|name, value| {
        let secret = value
            .as_str()
            .is_some_and(|text| !text.is_empty() && !is_reference(text))
            && is_secret_name(name)
            && name != "prompt_cache_key";
        if secret {
            places.push(join(pointer, name));
        }
        !secret
    });
    for (name, value) in fields.iter_mut() {
        strip_value(value, &join(pointer, name), places);
    }
}

fn strip_value(value: &mut Value, pointer: &str, places: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            if let Some(clean) = without_keys(text) {
                *text = clean;
                places.push(pointer.to_owned());
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                strip_value(item, &join(pointer, index), places);
            }
        }
        Value::Object(fields) => strip_fields(fields, pointer, places),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_like_them() {
        for name in [
            "api_key",
            "apiKey",
            "API-KEY",
            "x-api-key",
            "OPENAI_API_KEY",
            "authToken",
            "token",
            "Authorization",
            "client_secret",
            "dbPassword",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "max_tokens",
            "tokens",
            "keyboard",
            "monkey",
            "name",
            "secretary",
            "tokenizer",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn keys_leave_a_body_and_everything_else_stays() {
        let mut body = json!({
            "model": "gpt-5.5",
            "input": "Use sk-test-1234567890abcdef1234 for the task-management-of-everything",
            "prompt_cache_key": "team-a",
            "tools": [{"type": "mcp", "authorization": "abc", "headers": {"X-Api-Key": "k", "X-Team": "t"}},
                {"type": "mcp", "authorization": "{{mcp_token}}"}],
            "text": {"format": {"schema": {"properties": {"password": {"type": "string"}}, "required": ["password"]}}},
        })
        .as_object()
        .cloned()
        .unwrap();
        let places = strip(&mut body);
        assert_eq!(
            places,
            [
                "/input",
                "/tools/0/authorization",
                "/tools/0/headers/X-Api-Key"
            ]
        );
        assert_eq!(
            Value::Object(body),
            json!({
                "model": "gpt-5.5",
                "input": format!("Use {GAP} for the task-management-of-everything"),
                "prompt_cache_key": "team-a",
                "tools": [{"type": "mcp", "headers": {"X-Team": "t"}},
                    {"type": "mcp", "authorization": "{{mcp_token}}"}],
                "text": {"format": {"schema": {"properties": {"password": {"type": "string"}}, "required": ["password"]}}},
            })
        );
    }
}
