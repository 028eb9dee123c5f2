//! Names that are identifiers: of types for all languages at once, of fields for each.

use std::collections::HashSet;

/// Types that some of the languages know already.
const KNOWN_TYPES: [&str; 46] = [
    "Any",
    "Annotated",
    "Array",
    "AwareDatetime",
    "BaseModel",
    "Boolean",
    "Box",
    "BTreeMap",
    "ConfigDict",
    "Date",
    "Default",
    "Deserialize",
    "EmailStr",
    "Err",
    "Error",
    "False",
    "Field",
    "Function",
    "IPv4Address",
    "IPv6Address",
    "JsonSchema",
    "Literal",
    "Map",
    "None",
    "Number",
    "Object",
    "Ok",
    "Option",
    "Partial",
    "Promise",
    "Record",
    "RegExp",
    "Required",
    "Result",
    "Self",
    "Serialize",
    "Set",
    "Some",
    "String",
    "Symbol",
    "True",
    "TypeAliasType",
    "UUID",
    "Uuid",
    "Vec",
    "Value",
];

/// Hands out names, each once.
#[derive(Default)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A name near to `wanted` that was not handed out before; case doesn't tell two apart.
    pub fn unique(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut count = 2usize;
        while !self.taken.insert(name.to_lowercase()) {
            name = format!(
                "{wanted}{}{count}",
                if wanted.ends_with(|c: char| c.is_ascii_digit()) {
                    "_"
                } else {
                    ""
                }
            );
            count += 1;
        }
        name
    }
}

/// The words of a name: letters and digits, parted where anything else stands or a capital begins.
fn words(text: &str) -> Vec<String> {
    const MOST: usize = 60;
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    let mut was_lower = false;
    for c in text.chars().take(MOST) {
        if !c.is_ascii_alphanumeric() {
            is_open = false;
            continue;
        }
        if !is_open || (was_lower && c.is_ascii_uppercase()) {
            words.push(String::new());
        }
        is_open = true;
        was_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words
}

/// The name as a type's: `session_extract` as `SessionExtract`.
pub fn pascal(text: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        let mut chars = word.chars();
        name.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        let rest = chars.as_str();
        // A word all in capitals reads better as a word.
        match rest.chars().any(|c| c.is_ascii_lowercase()) {
            true => name.push_str(rest),
            false => name.push_str(&rest.to_ascii_lowercase()),
        }
    }
    name
}

/// The name of a type, legal in every language.
pub fn of_type(text: &str) -> String {
    let name = pascal(text);
    match name.chars().next() {
        None => "Unnamed".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("N{name}"),
        _ if KNOWN_TYPES.contains(&name.as_str()) => format!("{name}Type"),
        _ => name,
    }
}

/// The name as a field's: `startTime` as `start_time`. Not yet safe from reserved words.
pub fn snake(text: &str) -> String {
    let name = words(text).join("_").to_ascii_lowercase();
    match name.chars().next() {
        None => "field".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("n{name}"),
        _ => name,
    }
}

/// Whether the text is a plain identifier that doesn't begin with an underscore.
pub fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
