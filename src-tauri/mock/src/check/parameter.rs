//! The faults that any parameter can have: unknown, missing, of the wrong type, out of range.

use serde_json::{Map, Value};

use super::table::{Kind, Parameter, Table};
use crate::fault::Fault;
use crate::phrase::{kind_of, listed};

pub(crate) fn missing(param: &str) -> Fault {
    Fault::about(param, format!("Missing required parameter: '{param}'."))
        .code("missing_required_parameter")
}

pub(crate) fn invalid_type(param: &str, expected: &str, got: &Value) -> Fault {
    let message = format!(
        "Invalid type for '{param}': expected {expected}, but got {} instead.",
        kind_of(got)
    );
    Fault::about(param, message).code("invalid_type")
}

pub(crate) fn invalid_value<S: AsRef<str>>(param: &str, got: &str, supported: &[S]) -> Fault {
    let message = format!(
        "Invalid value: '{got}'. Supported values are: {}.",
        listed(supported, "and")
    );
    Fault::about(param, message).code("invalid_value")
}

pub(crate) fn unknown_field(param: &str) -> Fault {
    Fault::about(param, format!("Unknown parameter: '{param}'.")).code("unknown_parameter")
}

/// A name that this endpoint does not have: one that moved here from Chat Completions, or none at all.
pub(crate) fn unknown(table: &Table, name: &str) -> Fault {
    match table.moved.get(name) {
        Some(place) => {
            let message = format!(
                "Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to '{place}'. \
                 Try again with the new parameter. See the API documentation for more information: \
                 https://platform.openai.com/docs/api-reference/responses/create."
            );
            let fault = Fault::about(name, message).code("unsupported_parameter");
            // Of these, `messages` alone is refused without naming itself as the parameter.
            if name == "messages" {
                Fault {
                    param: None,
                    ..fault
                }
            } else {
                fault
            }
        }
        None => unknown_field(name),
    }
}

/// The names in `value` must be among `known`.
pub(crate) fn only(param: &str, value: &Map<String, Value>, known: &[&str]) -> Result<(), Fault> {
    match value.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(unknown_field(&format!("{param}.{key}"))),
        None => Ok(()),
    }
}

pub(crate) fn check(
    row: &Parameter,
    body: &Map<String, Value>,
    value: &Value,
) -> Result<(), Fault> {
    let name = row.name.as_str();
    let expect = |fits: bool, expected: &str| match fits {
        true => Ok(()),
        false => Err(invalid_type(name, expected, value)),
    };
    match row.kind {
        Kind::String => expect(value.is_string(), "a string"),
        Kind::StringOrObject => expect(
            value.is_string() || value.is_object(),
            "one of a string or object",
        ),
        Kind::Stop => stop(value),
        Kind::Boolean => expect(value.is_boolean(), "a boolean"),
        Kind::Object => expect(value.is_object(), "an object"),
        Kind::Array => expect(value.is_array(), "an array"),
        Kind::Integer => integer(row, value),
        Kind::Number => number(row, value),
        Kind::Choice => choice(name, &row.values, value),
        Kind::Include => include(row, value),
        Kind::Metadata => metadata(value),
        Kind::StreamOptions => stream_options(body, value),
        Kind::Refused => Err(Fault::about(
            name,
            format!("Unsupported parameter: '{name}' is not supported with this model."),
        )),
        // These have a file of their own.
        Kind::Model
        | Kind::Input
        | Kind::Tools
        | Kind::ToolChoice
        | Kind::Text
        | Kind::Reasoning => Ok(()),
    }
}

pub(crate) fn choice<S: AsRef<str>>(param: &str, values: &[S], value: &Value) -> Result<(), Fault> {
    match value.as_str() {
        None => Err(invalid_type(
            param,
            &format!("one of {}", listed(values, "or")),
            value,
        )),
        Some(text) if values.iter().any(|known| known.as_ref() == text) => Ok(()),
        Some(text) => Err(invalid_value(param, text, values)),
    }
}

fn integer(row: &Parameter, value: &Value) -> Result<(), Fault> {
    let name = row.name.as_str();
    if !(value.is_i64() || value.is_u64()) {
        return Err(invalid_type(name, "an integer", value));
    }
    let got = value
        .as_i64()
        .map_or(i128::from(value.as_u64().unwrap_or(u64::MAX)), i128::from);
    out_of_range(
        name,
        "integer",
        got < bound(row.min, i128::MIN),
        got > bound(row.max, i128::MAX),
        row,
        value,
    )
}

fn number(row: &Parameter, value: &Value) -> Result<(), Fault> {
    let Some(got) = value.as_f64() else {
        return Err(invalid_type(&row.name, "a decimal", value));
    };
    let below = row.min.is_some_and(|min| got < min as f64);
    let above = row.max.is_some_and(|max| got > max as f64);
    out_of_range(&row.name, "decimal", below, above, row, value)
}

fn bound(bound: Option<u64>, otherwise: i128) -> i128 {
    bound.map_or(otherwise, i128::from)
}

fn out_of_range(
    name: &str,
    sort: &'static str,
    below: bool,
    above: bool,
    row: &Parameter,
    got: &Value,
) -> Result<(), Fault> {
    let (side, sign, limit, code) = match (below, above, sort) {
        (true, _, "integer") => ("below minimum", ">=", row.min, "integer_below_min_value"),
        (true, _, _) => ("below minimum", ">=", row.min, "decimal_below_min_value"),
        (_, true, "integer") => ("above maximum", "<=", row.max, "integer_above_max_value"),
        (_, true, _) => ("above maximum", "<=", row.max, "decimal_above_max_value"),
        _ => return Ok(()),
    };
    let limit = limit.unwrap_or_default();
    let message = format!(
        "Invalid '{name}': {sort} {side} value. Expected a value {sign} {limit}, but got {got} instead."
    );
    Err(Fault::about(name, message).code(code))
}

/// Up to four words at which the reply ends.
fn stop(value: &Value) -> Result<(), Fault> {
    const MOST: usize = 4;
    match value {
        Value::String(_) => Ok(()),
        Value::Array(words) if words.len() > MOST => {
            let message = format!(
                "Invalid 'stop': array too long. Expected an array with maximum length {MOST}, but got an array with \
                 length {} instead.",
                words.len()
            );
            Err(Fault::about("stop", message).code("array_above_max_length"))
        }
        Value::Array(_) => Ok(()),
        other => Err(invalid_type(
            "stop",
            "one of a string or array of strings",
            other,
        )),
    }
}

fn include(row: &Parameter, value: &Value) -> Result<(), Fault> {
    let Some(items) = value.as_array() else {
        return Err(invalid_type(&row.name, "an array", value));
    };
    for (index, item) in items.iter().enumerate() {
        choice(&format!("include[{index}]"), &row.values, item)?;
    }
    Ok(())
}

pub(crate) fn metadata(value: &Value) -> Result<(), Fault> {
    const PAIRS: usize = 16;
    const NAME: usize = 64;
    const VALUE: usize = 512;
    let Some(map) = value.as_object() else {
        return Err(invalid_type("metadata", "an object", value));
    };
    if map.len() > PAIRS {
        let message = format!(
            "Invalid 'metadata': too many properties. Expected an object with at most {PAIRS} properties, but got \
             an object with {} properties instead.",
            map.len()
        );
        return Err(Fault::about("metadata", message).code("object_above_max_properties"));
    }
    for (key, value) in map {
        let length = key.chars().count();
        if length > NAME {
            let message = format!(
                "Invalid property name in 'metadata': '{key}' is too long. Expected a string with maximum length \
                 {NAME}, but got a string with length {length} instead."
            );
            return Err(Fault::about("metadata", message).code("property_name_above_max_length"));
        }
        let param = format!("metadata.{key}");
        let Some(text) = value.as_str() else {
            return Err(invalid_type(&param, "a string", value));
        };
        let length = text.chars().count();
        if length > VALUE {
            let message = format!(
                "Invalid '{param}': string too long. Expected a string with maximum length {VALUE}, but got a \
                 string with length {length} instead."
            );
            return Err(Fault::about(param, message).code("string_above_max_length"));
        }
    }
    Ok(())
}

fn stream_options(body: &Map<String, Value>, value: &Value) -> Result<(), Fault> {
    let Some(map) = value.as_object() else {
        return Err(invalid_type("stream_options", "an object", value));
    };
    only("stream_options", map, &["include_obfuscation"])?;
    match map.get("include_obfuscation") {
        None | Some(Value::Bool(_) | Value::Null) => {}
        Some(other) => {
            return Err(invalid_type(
                "stream_options.include_obfuscation",
                "a boolean",
                other,
            ));
        }
    }
    if body.get("stream") != Some(&Value::Bool(true)) {
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        return Err(Fault::about("stream_options", message));
    }
    Ok(())
}
