//! `text`: the format and the verbosity.

use serde_json::{Map, Value};

use super::parameter::{choice, invalid_type, missing, only};
use super::strict;
use crate::fault::Fault;

pub(crate) fn check(value: &Value) -> Result<(), Fault> {
    let Some(map) = value.as_object() else {
        return Err(invalid_type("text", "an object", value));
    };
    only("text", map, &["format", "verbosity"])?;
    match map.get("format") {
        None | Some(Value::Null) => {}
        Some(Value::Object(format)) => check_format(format)?,
        Some(other) => return Err(invalid_type("text.format", "an object", other)),
    }
    match map.get("verbosity") {
        None | Some(Value::Null) => Ok(()),
        Some(verbosity) => choice("text.verbosity", &["low", "medium", "high"], verbosity),
    }
}

fn check_format(format: &Map<String, Value>) -> Result<(), Fault> {
    let kind = format
        .get("type")
        .ok_or_else(|| missing("text.format.type"))?;
    choice(
        "text.format.type",
        &["json_object", "text", "json_schema"],
        kind,
    )?;
    if kind != "json_schema" {
        return only("text.format", format, &["type"]);
    }
    let name = match format.get("name") {
        None => return Err(missing("text.format.name")),
        Some(Value::String(name)) => name,
        Some(other) => return Err(invalid_type("text.format.name", "a string", other)),
    };
    check_name("text.format.name", name)?;
    only(
        "text.format",
        format,
        &["type", "name", "schema", "strict", "description"],
    )?;
    let schema = match format.get("schema") {
        None => return Err(missing("text.format.schema")),
        Some(schema @ Value::Object(_)) => schema,
        Some(other) => return Err(invalid_type("text.format.schema", "an object", other)),
    };
    match format.get("strict") {
        None | Some(Value::Null | Value::Bool(false)) => Ok(()),
        Some(Value::Bool(true)) => match strict::fault(schema) {
            None => Ok(()),
            Some(fault) => {
                let message = format!("Invalid schema for response_format '{name}': {fault}");
                Err(Fault::about("text.format.schema", message).code("invalid_json_schema"))
            }
        },
        Some(other) => Err(invalid_type("text.format.strict", "a boolean", other)),
    }
}

/// Names of formats and functions: letters, digits, `_` and `-`, at most 64.
pub(crate) fn check_name(param: &str, name: &str) -> Result<(), Fault> {
    const LONGEST: usize = 64;
    let length = name.chars().count();
    if length == 0 {
        let message = format!(
            "Invalid '{param}': empty string. Expected a string with minimum length 1, but got an empty string instead."
        );
        return Err(Fault::about(param, message).code("empty_string"));
    }
    if length > LONGEST {
        let message = format!(
            "Invalid '{param}': string too long. Expected a string with maximum length {LONGEST}, but got a string \
             with length {length} instead."
        );
        return Err(Fault::about(param, message).code("string_above_max_length"));
    }
    if !name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
    {
        let message = format!(
            "Invalid '{param}': string does not match pattern. Expected a string that matches the pattern \
             '^[a-zA-Z0-9_-]+$'."
        );
        return Err(Fault::about(param, message).code("invalid_value"));
    }
    Ok(())
}
