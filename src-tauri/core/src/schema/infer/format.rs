//! Formats guessed from texts, by the very validator that will judge the answers.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// The formats worth a guess, all known to strict mode (API.md 9). A host name is not among them:
/// almost any word is one.
pub const GUESSED: [&str; 8] = [
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "uuid",
    "ipv4",
    "ipv6",
];

fn validators() -> &'static [Option<Validator>] {
    static READY: OnceLock<Vec<Option<Validator>>> = OnceLock::new();
    READY.get_or_init(|| {
        GUESSED
            .iter()
            .map(|format| {
                jsonschema::options()
                    .offline()
                    .should_validate_formats(true)
                    .build(&json!({ "format": format }))
                    .ok()
            })
            .collect()
    })
}

/// Which of the guessed formats this text has, one bit each. A long text has none.
pub fn of(text: &str) -> u8 {
    const LONGEST: usize = 320;
    if text.is_empty() || text.len() > LONGEST {
        return 0;
    }
    let value = Value::from(text);
    validators()
        .iter()
        .enumerate()
        .filter(|(_, validator)| validator.as_ref().is_some_and(|it| it.is_valid(&value)))
        .fold(0, |bits, (index, _)| bits | (1 << index))
}

/// The name of the first format among these bits.
pub fn name(bits: u8) -> Option<&'static str> {
    GUESSED
        .iter()
        .enumerate()
        .find(|(index, _)| bits & (1 << index) != 0)
        .map(|(_, name)| *name)
}
