//! Bodies as people type them into other tools: JSON with comments, and with placeholders that stand bare.

use serde_json::{Map, Value};

use super::placeholders::{Syntax, at};
use crate::error::Result;
use crate::request_code::parse_json;

/// A body, and what had to be settled to read it.
pub(super) struct Loose {
    pub body: Map<String, Value>,
    /// Placeholders that stood where a number, a list or an object may belong.
    pub bare: Vec<String>,
}

/// Reads a JSON object. Comments are dropped, and a placeholder outside of a text becomes a text.
///
/// # Errors
/// `BadInput`, naming line and column.
pub(super) fn read(text: &str, what: &str, syntax: Syntax) -> Result<Loose> {
    if let Ok(body) = parse_json(text, what) {
        return Ok(Loose {
            body,
            bare: Vec::new(),
        });
    }
    // Mending keeps the lines, so what is still wrong is named where it stands.
    let (mended, bare) = mend(text, syntax);
    let body = parse_json(&mended, what)?;
    Ok(Loose { body, bare })
}

/// The text without comments and with bare placeholders in quotes, as many lines as before.
fn mend(text: &str, syntax: Syntax) -> (String, Vec<String>) {
    let mut out = String::with_capacity(text.len() + 16);
    let mut bare = Vec::new();
    let mut in_text = false;
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some((length, _)) = at(rest, syntax) {
            let whole = &rest[..length];
            let quoted = Value::from(whole).to_string();
            if in_text {
                // Quotes within it belong to the tool, not to JSON.
                let already = whole.contains("\\\"");
                out.push_str(if already {
                    whole
                } else {
                    &quoted[1..quoted.len() - 1]
                });
            } else {
                bare.push(super::names::shortened(whole));
                out.push_str(&quoted);
            }
            rest = &rest[length..];
            continue;
        }
        let mut taken = letter.len_utf8();
        if in_text {
            if letter == '\\' {
                taken += rest[taken..].chars().next().map_or(0, char::len_utf8);
            }
            in_text = letter != '"';
        } else if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
            continue;
        } else if rest.starts_with("/*") {
            let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
            out.extend(rest[..end].chars().filter(|letter| *letter == '\n'));
            rest = &rest[end..];
            continue;
        } else {
            in_text = letter == '"';
        }
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    (out, bare)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn comments_go_and_bare_placeholders_become_texts() {
        let text = "{\n  // why\n  \"model\": \"gpt-5.5\", /* two\n lines */\n  \"max_output_tokens\": {{max}},\n  \"input\": \"see http://x {{q}} \\\" // no\"\n}";
        let loose = read(text, "The body", Syntax::Braces).unwrap();
        assert_eq!(loose.bare, ["{{max}}"]);
        assert_eq!(
            Value::Object(loose.body),
            json!({"model": "gpt-5.5", "max_output_tokens": "{{max}}", "input": "see http://x {{q}} \" // no"})
        );
        let yaak = r#"{"input": "${[ prompt(label="Name") ]} é"}"#;
        let loose = read(yaak, "The body", Syntax::Yaak).unwrap();
        assert_eq!(
            loose.body["input"],
            json!(r#"${[ prompt(label="Name") ]} é"#)
        );
    }

    #[test]
    fn what_stays_broken_is_named_by_its_line() {
        let error = read("{\n \"a\": // x\n}", "The body", Syntax::Braces)
            .err()
            .unwrap();
        assert!(error.message.contains("line 3"), "{error}");
        assert!(read("[1]", "The body", Syntax::Braces).is_err());
        assert!(
            read("{\"a\": 1, \"a\": 2}", "The body", Syntax::Braces).is_err(),
            "a name twice"
        );
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        assert!(read(&deep, "The body", Syntax::Braces).is_err(), "too deep");
    }
}
