//! The API's turns of phrase in error messages.

use serde_json::Value;

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
pub(crate) fn listed<S: AsRef<str>>(words: &[S], link: &str) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("'{}'", word.as_ref()))
        .collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} {link} {second}"),
        [start @ .., last] => format!("{}, {link} {last}", start.join(", ")),
    }
}

/// `an integer`, `a string` and so on, for "but got ... instead".
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a decimal number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
