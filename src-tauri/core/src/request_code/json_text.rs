//! JSON that a person pasted: what is wrong with it is said with its line, and a name that stands twice is
//! not settled by chance.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::{Error, ErrorCode, Result};

/// The largest text that is read, in bytes, as for a request file.
pub(super) const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// Reads an object from JSON text; `what` names the text in messages, such as `The body`.
///
/// # Errors
/// `BadInput` with line and column: no JSON, no object, a name that stands twice, too deep, too large.
pub fn parse(text: &str, what: &str) -> Result<Map<String, Value>> {
    match parse_value(text, what)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::new(
            ErrorCode::BadInput,
            format!("{what} can't be read: it is no object."),
        )
        .hint("A request body is an object in braces.")),
    }
}

/// As [`parse`], of any value.
///
/// # Errors
/// As [`parse`].
pub fn parse_value(text: &str, what: &str) -> Result<Value> {
    let bad = |why: String, place: Option<String>| {
        let error = Error::new(ErrorCode::BadInput, format!("{what} can't be read: {why}."));
        match place {
            Some(place) => error.place(place),
            None => error,
        }
    };
    if text.len() > SIZE_LIMIT {
        let megabytes = text.len() / 1024 / 1024;
        return Err(bad(format!("it is {megabytes} MB large"), None)
            .hint("A request may have up to 16 MB."));
    }
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = serde_json::Deserializer::from_str(text);
    Once.deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let said = error.to_string();
            // serde_json repeats the place at the end of its text.
            let why = said.split(" at line ").next().unwrap_or(&said).to_owned();
            bad(format!("{why} ({place})"), Some(place))
        })
}

/// Reads a value whose objects hold each name once.
struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> std::result::Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, it: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_i64<E>(self, it: i64) -> std::result::Result<Value, E> {
        Ok(it.into())
    }

    fn visit_u64<E>(self, it: u64) -> std::result::Result<Value, E> {
        Ok(it.into())
    }

    fn visit_f64<E>(self, it: f64) -> std::result::Result<Value, E> {
        Ok(Number::from_f64(it).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, it: &str) -> std::result::Result<Value, E> {
        Ok(Value::String(it.to_owned()))
    }

    fn visit_string<E>(self, it: String) -> std::result::Result<Value, E> {
        Ok(Value::String(it))
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Once)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> std::result::Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Name(name)) = fields.next_key()? {
            if map.contains_key(&name) {
                return Err(A::Error::custom(format!("{name:?} stands twice")));
            }
            let value = fields.next_value_seed(Once)?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[derive(Deserialize)]
struct Name(String);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problem(text: &str) -> (String, Option<String>) {
        let error = parse(text, "The body").unwrap_err();
        assert_eq!(error.code, ErrorCode::BadInput);
        (error.message, error.place)
    }

    #[test]
    fn sound_json_is_read_as_serde_json_reads_it() {
        let text = r#"{"a": [1, -2, 3.5, 1e3, 18446744073709551615, true, null, "é\n\u0041"], "b": {"a": {}}}"#;
        let read = parse(text, "The body").unwrap();
        assert_eq!(
            Value::Object(read),
            serde_json::from_str::<Value>(text).unwrap()
        );
        assert_eq!(
            Value::Object(parse("\u{feff} {} ", "it").unwrap()),
            json!({})
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let (message, place) = problem("{\n  \"a\": 1,\n  \"a\": 2\n}");
        assert_eq!(
            message,
            "The body can't be read: \"a\" stands twice (line 3, column 5)."
        );
        assert_eq!(place.as_deref(), Some("line 3, column 5"));
        let (message, _) = problem("{\"a\": {\"b\": 1, \"b\": 1}}");
        assert!(message.contains("\"b\" stands twice"), "{message}");
        let (message, _) = problem("{\"a\": }");
        assert_eq!(
            message,
            "The body can't be read: expected value (line 1, column 7)."
        );
        assert!(problem("[1]").0.contains("no object"));
        assert!(problem("").0.contains("EOF"));
        assert!(problem("{} {}").0.contains("trailing characters"));
        assert!(problem(&"[".repeat(100_000)).0.contains("recursion limit"));
        assert!(problem(&" ".repeat(SIZE_LIMIT + 1)).0.contains("16 MB"));
    }
}
