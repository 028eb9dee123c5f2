//! Texts and values as literals of each language, safe whatever they hold.

use serde_json::Value;

/// A Python string literal.
pub fn python(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if is_hidden(c) => literal.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// A JSON value as Python.
pub fn python_value(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => python(text),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(python_value).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", python(key), python_value(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A JavaScript string literal.
pub fn script(text: &str) -> String {
    let mut literal = String::new();
    for c in Value::from(text).to_string().chars() {
        match c {
            c if is_hidden(c) => literal.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal
}

/// The key of an object in JavaScript. `__proto__` would set the prototype.
pub fn script_key(name: &str) -> String {
    match name {
        "__proto__" => "[\"__proto__\"]".to_owned(),
        name if super::names::is_plain(name) => name.to_owned(),
        name => script(name),
    }
}

/// A JSON value as a type of TypeScript that only this value has.
pub fn script_type(value: &Value) -> String {
    match value {
        Value::String(text) => script(text),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(script_type).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", script_key(key), script_type(value)))
                .collect();
            format!("{{ {} }}", entries.join("; "))
        }
        other => other.to_string(),
    }
}

/// A Rust string literal.
pub fn rust(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '\n' | '\r' | '\t' => literal.extend(c.escape_default()),
            c if is_hidden(c) => literal.extend(c.escape_unicode()),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// The lines of a comment: no line break of any kind within one, nothing that turns the text around.
pub fn comment(text: &str) -> Vec<String> {
    text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}'])
        .map(|line| {
            let line: String = line.chars().filter(|c| !is_hidden(*c)).collect();
            line.trim_end().to_owned()
        })
        .filter(|line| !line.trim().is_empty())
        .collect()
}

/// Characters that a reader doesn't see, or that compilers refuse because they turn the text around.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0x200b..=0x200f | 0x2028..=0x202e | 0x2066..=0x2069 | 0xfeff
        )
}
