//! A request as a cURL command for a POSIX shell.

use super::Asked;

pub(super) fn print(asked: Asked) -> String {
    let url = format!("{}/{}", asked.base_url, asked.endpoint.path());
    let json = serde_json::to_string_pretty(asked.body).unwrap_or_default();
    // Without -N a stream would be held back until it ends.
    let unbuffered = if asked.streams() { "-N " } else { "" };
    format!(
        "curl {unbuffered}{} \\\n  -H \"Authorization: Bearer $OPENAI_API_KEY\" \\\n  -H \"Content-Type: application/json\" \\\n  --data-binary {}\n",
        quoted(&url),
        quoted(&json)
    )
}

/// A word for a POSIX shell. Within single quotes nothing means anything but the quote itself.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
