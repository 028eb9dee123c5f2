//! A JSON value of which perhaps only the beginning is there.

use serde_json::Value;

/// A value as far as it has come. `whole` says that nothing can follow that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Null,
    Bool(bool),
    /// The beginning of `null`, `true` or `false`.
    Word(String),
    Number {
        text: String,
        whole: bool,
    },
    Text {
        text: String,
        whole: bool,
    },
    List {
        items: Vec<Piece>,
        whole: bool,
    },
    Object(Object),
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    /// Keys whose value has begun.
    pub fields: Vec<(String, Piece)>,
    /// The last key, where its value has not begun.
    pub key: Option<Key>,
    pub whole: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub text: String,
    pub whole: bool,
}

impl Piece {
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) => true,
            Self::Word(_) => false,
            Self::Number { whole, .. } | Self::Text { whole, .. } | Self::List { whole, .. } => {
                *whole
            }
            Self::Object(object) => object.whole,
        }
    }

    /// The type that it has or will have; `integer` is not told from `number`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Word(text) if text.starts_with('n') => "null",
            Self::Word(_) => "boolean",
            Self::Number { .. } => "number",
            Self::Text { .. } => "string",
            Self::List { .. } => "array",
            Self::Object(_) => "object",
        }
    }

    /// The number, where all of it is there.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number { text, whole: true } => text.parse().ok(),
            _ => None,
        }
    }

    /// Whether some continuation of it equals this value.
    pub fn can_become(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(this), Value::Bool(that)) => this == that,
            (Self::Word(text), Value::Null | Value::Bool(_)) => value.to_string().starts_with(text),
            // A number has many spellings; one that is not finished may become almost any other.
            (Self::Number { whole: false, .. }, Value::Number(_)) => true,
            (Self::Number { .. }, Value::Number(number)) => number.as_f64() == self.number(),
            (Self::Text { text, whole: true }, Value::String(value)) => text == value,
            (Self::Text { text, .. }, Value::String(value)) => value.starts_with(text.as_str()),
            (Self::List { items, whole }, Value::Array(values)) => {
                (items.len() == values.len() || (!whole && items.len() < values.len()))
                    && items
                        .iter()
                        .zip(values)
                        .all(|(item, value)| item.can_become(value))
            }
            (Self::Object(object), Value::Object(map)) => {
                (!object.whole || object.fields.len() >= map.len())
                    && object.fields.iter().all(|(name, piece)| {
                        map.get(name).is_some_and(|value| piece.can_become(value))
                    })
                    && object
                        .key
                        .as_ref()
                        .is_none_or(|key| key.can_be_one_of(map.keys()))
            }
            _ => false,
        }
    }
}

impl Key {
    pub fn can_be_one_of<'n>(&self, mut names: impl Iterator<Item = &'n String>) -> bool {
        match self.whole {
            true => names.any(|name| *name == self.text),
            false => names.any(|name| name.starts_with(&self.text)),
        }
    }
}
