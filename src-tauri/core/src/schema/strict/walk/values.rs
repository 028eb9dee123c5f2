//! What a node says of its values: types, formats, enums and constants.

use serde_json::{Map, Value};

use super::{Walk, cut};
use crate::schema::fix::offer;
use crate::schema::keywords::{FORMATS, LARGE_ENUM, MOST_ENUM_CHARACTERS, TYPES};
use crate::schema::pointer::Step;
use crate::schema::strict::problem::ProblemCode;

impl<'a> Walk<'a> {
    pub(super) fn values(&mut self, node: &'a Map<String, Value>) {
        if let Some((keyword, kind)) = node.get_key_value("type") {
            let named: &[Value] = match kind {
                Value::String(_) => std::slice::from_ref(kind),
                Value::Array(kinds) => kinds,
                _ => &[],
            };
            for (index, name) in named.iter().enumerate() {
                let Some(name) = name.as_str().filter(|name| !TYPES.contains(name)) else {
                    continue;
                };
                let fix = offer::type_unsupported(name);
                let mut place = vec![Step::Key(keyword)];
                if kind.is_array() {
                    place.push(Step::Index(index));
                }
                self.tell(
                    ProblemCode::TypeUnsupported,
                    &place,
                    |words| format!("{words} has the type {}", cut(name)),
                    fix,
                );
            }
        }
        if let Some((keyword, Value::String(format))) = node.get_key_value("format")
            && !FORMATS.contains(&format.as_str())
        {
            self.tell(
                ProblemCode::FormatUnsupported,
                &[Step::Key(keyword)],
                |place| format!("{place} has the format {}", cut(format)),
                Some(offer::removal()),
            );
        }
        if let Some(value) = node.get("const") {
            self.characters += characters(value);
        }
        if let Some((keyword, Value::Array(values))) = node.get_key_value("enum") {
            self.values += values.len();
            let length: usize = values.iter().map(characters).sum();
            self.characters += length;
            if values.len() > LARGE_ENUM
                && length > MOST_ENUM_CHARACTERS
                && values.iter().any(Value::is_string)
            {
                self.tell(
                    ProblemCode::EnumTooLong,
                    &[Step::Key(keyword)],
                    |place| {
                        format!(
                            "{} values of {place} have {length} characters, of {MOST_ENUM_CHARACTERS} for an enum of more than {LARGE_ENUM}",
                            values.len()
                        )
                    },
                    None,
                );
            }
        }
    }
}

/// How long a value is to the API's count: a text's own characters, or the JSON of anything else.
fn characters(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        other => other.to_string().chars().count(),
    }
}
