//! Where a secret is to be found, as a file of the workspace may say it: a reference, never the secret.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A place that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
#[schemars(with = "String")]
pub enum SecretRef {
    /// `keychain`: the system's keychain, under the environment's id.
    Keychain,
    /// `env:NAME`: a variable of the process's environment.
    Variable(String),
    /// `command:op read op://vault/item`: the first line that a program prints. It is run without a shell.
    Command(Vec<String>),
}

/// Why a text is no reference. It never repeats the text, which may be the secret itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoReference {
    #[error(
        "it is a key itself. A key has no place in a file: write keychain, env:NAME or command:..."
    )]
    Literal,
    #[error("it names no place. Write keychain, env:NAME or command:PROGRAM ARGUMENTS")]
    Unknown,
    #[error("env: is followed by no name of a variable, such as env:STAGING_KEY")]
    Name,
    #[error("command: is followed by no program")]
    NoProgram,
    #[error("a quote of the command has no end")]
    OpenQuote,
}

impl FromStr for SecretRef {
    type Err = NoReference;

    fn from_str(text: &str) -> Result<Self, NoReference> {
        let text = text.trim();
        if text == "keychain" {
            return Ok(Self::Keychain);
        }
        if let Some(name) = text.strip_prefix("env:") {
            let name = name.trim();
            // Before the name is checked: a key pasted behind the colon must not be repeated as a name.
            if literal_key(name).is_some() {
                return Err(NoReference::Literal);
            }
            return is_variable(name)
                .then(|| Self::Variable(name.to_owned()))
                .ok_or(NoReference::Name);
        }
        if let Some(command) = text.strip_prefix("command:") {
            if literal_key(command).is_some() {
                return Err(NoReference::Literal);
            }
            let words = words(command)?;
            return match words.first() {
                Some(program) if !program.is_empty() => Ok(Self::Command(words)),
                _ => Err(NoReference::NoProgram),
            };
        }
        Err(match literal_key(text) {
            Some(_) => NoReference::Literal,
            None => NoReference::Unknown,
        })
    }
}

impl TryFrom<String> for SecretRef {
    type Error = NoReference;

    fn try_from(text: String) -> Result<Self, NoReference> {
        text.parse()
    }
}

impl From<SecretRef> for String {
    fn from(reference: SecretRef) -> Self {
        reference.to_string()
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keychain => f.write_str("keychain"),
            Self::Variable(name) => write!(f, "env:{name}"),
            Self::Command(words) => {
                f.write_str("command:")?;
                for (index, word) in words.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" ")?;
                    }
                    f.write_str(&quoted(word))?;
                }
                Ok(())
            }
        }
    }
}

/// Splits a command into its words. `'...'` holds anything but a quote, `"..."` also `\"` and `\\`; a backslash
/// before a blank, a quote or a backslash makes it a letter, and is a letter itself before all else, as in the
/// paths of Windows. Nothing is expanded.
fn words(command: &str) -> Result<Vec<String>, NoReference> {
    let mut words = Vec::new();
    // None between two words: '' is a word, and a blank is none.
    let mut word: Option<String> = None;
    let mut letters = command.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next().ok_or(NoReference::OpenQuote)? {
                        '\'' => break,
                        inner => word.push(inner),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next().ok_or(NoReference::OpenQuote)? {
                        '"' => break,
                        '\\' => {
                            word.push(letters.next_if(|it| "\"\\".contains(*it)).unwrap_or('\\'))
                        }
                        inner => word.push(inner),
                    }
                }
            }
            '\\' => {
                let taken = letters.next_if(|it| " \t'\"\\".contains(*it));
                word.get_or_insert_default().push(taken.unwrap_or('\\'));
            }
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

/// A word as [`words`] reads it back.
fn quoted(word: &str) -> String {
    let plain = |letter: char| !(letter.is_whitespace() || "'\"\\".contains(letter));
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|letter: char| letter.is_ascii_digit())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// The byte at which a text holds what looks like an API key: `sk-` and twenty letters or more, digits among them.
pub fn literal_key(text: &str) -> Option<usize> {
    const LEAST: usize = 20;
    text.match_indices("sk-").map(|(at, _)| at).find(|&at| {
        let within_a_word = text[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric());
        let rest = &text[at + 3..];
        let end = rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_".contains(letter)))
            .unwrap_or(rest.len());
        let key = &rest[..end];
        !within_a_word
            && key.len() >= LEAST
            && key.bytes().any(|byte| byte.is_ascii_digit())
            && key.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "sk-test-0123456789abcdef";

    #[test]
    fn a_reference_names_one_of_three_places() {
        let command = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            Ok(SecretRef::Command(words))
        };
        let cases = [
            ("keychain", Ok(SecretRef::Keychain)),
            (
                " env:STAGING_KEY ",
                Ok(SecretRef::Variable("STAGING_KEY".into())),
            ),
            (
                "command:op read op://v/i",
                command(&["op", "read", "op://v/i"]),
            ),
            (
                r#"command: "C:\Program Files\pass.exe" 'a b' c\ d "" "#,
                command(&[r"C:\Program Files\pass.exe", "a b", "c d", ""]),
            ),
            (
                "command:echo $HOME; rm *",
                command(&["echo", "$HOME;", "rm", "*"]),
            ),
            ("command:", Err(NoReference::NoProgram)),
            ("command:echo 'open", Err(NoReference::OpenQuote)),
            ("env:", Err(NoReference::Name)),
            ("env:A-B", Err(NoReference::Name)),
            ("", Err(NoReference::Unknown)),
            ("Keychain", Err(NoReference::Unknown)),
            (KEY, Err(NoReference::Literal)),
            (&format!("env:{KEY}"), Err(NoReference::Literal)),
            (&format!("command:echo {KEY}"), Err(NoReference::Literal)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<SecretRef>(), expected, "{text}");
        }
    }

    #[test]
    fn a_key_is_told_from_words() {
        for key in [
            KEY,
            "x: sk-proj-AAAAAAAAAA0BBBBBBBBBBBB",
            "=sk-00000000000000000000a",
        ] {
            assert!(literal_key(key).is_some(), "{key}");
        }
        for none in [
            "task-0123456789abcdef0123456789",
            "sk-learn-is-a-library-of-python",
            "sk-short1",
            "sk-",
            "",
        ] {
            assert_eq!(literal_key(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn a_command_is_read_back_as_it_was_written(words in prop::collection::vec(r#"[a b"'\\$é]{0,6}"#, 1..5)) {
            prop_assume!(!words[0].is_empty());
            let reference = SecretRef::Command(words);
            prop_assert_eq!(reference.to_string().parse(), Ok(reference));
        }
    }
}
