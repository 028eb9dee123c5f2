//! A request as a cURL command for a POSIX shell.

use super::Asked;
use super::outside::{Outside, Piece, Source};

pub(super) fn print(asked: Asked) -> String {
    let url = format!("{}/{}", asked.base_url, asked.endpoint.path());
    let json = serde_json::to_string_pretty(asked.body).unwrap_or_default();
    // Without -N a stream would be held back until it ends.
    let unbuffered = if asked.streams() { "-N " } else { "" };
    let (data, input) = if asked.outside.is_empty() && json.len() <= LONG {
        (quoted(&json), String::new())
    } else if asked.outside.is_empty() {
        ("@- <<'JSON'".to_owned(), format!("{json}\nJSON\n"))
    } else {
        let json = expanded(&json, asked.outside);
        ("@- <<JSON".to_owned(), format!("{json}\nJSON\n"))
    };
    format!(
        "curl {unbuffered}{} \\\n  -H \"Authorization: Bearer $OPENAI_API_KEY\" \\\n  -H \"Content-Type: application/json\" \\\n  --data-binary {data}\n{input}",
        quoted(&url),
    )
}

/// Systems take no argument that is longer than some bytes: Linux 128 KiB.
const LONG: usize = 100_000;

/// JSON as lines that a shell expands: variables and files are put in by it, everything else is kept from it.
fn expanded(json: &str, outside: &Outside) -> String {
    let mut out = String::with_capacity(json.len());
    for piece in outside.pieces(json) {
        match piece {
            Piece::Text(text) => {
                for letter in text.chars() {
                    if matches!(letter, '\\' | '$' | '`') {
                        out.push('\\');
                    }
                    out.push(letter);
                }
            }
            Piece::Source(Source::Variable(name)) => out += &format!("${{{name}:?}}"),
            Piece::Source(Source::File { media_type, path }) => {
                let path = quoted(path);
                out += &format!("data:{media_type};base64,$(base64 < {path} | tr -d '\\n')");
            }
        }
    }
    out
}

/// A word for a POSIX shell. Within single quotes nothing means anything but the quote itself.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
