//! `input`: a string, or items.

use serde_json::{Map, Value};

use super::parameter::{invalid_type, invalid_value, missing};
use super::table::Table;
use crate::fault::Fault;

const ROLES: [&str; 4] = ["assistant", "system", "developer", "user"];

pub(crate) fn check(
    table: &Table,
    body: &Map<String, Value>,
    input: Option<&Value>,
) -> Result<(), Fault> {
    match input {
        None => {
            let elsewhere = ["previous_response_id", "prompt", "conversation"];
            if elsewhere
                .iter()
                .any(|key| body.get(*key).is_some_and(|value| !value.is_null()))
            {
                return Ok(());
            }
            let message = "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided.";
            Err(Fault::about("input", message).code("missing_required_parameter"))
        }
        Some(Value::String(_)) => Ok(()),
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_item(table, &format!("input[{index}]"), item)),
        Some(other) => Err(invalid_type(
            "input",
            "one of a string or array of input items",
            other,
        )),
    }
}

fn check_item(table: &Table, param: &str, item: &Value) -> Result<(), Fault> {
    let Some(map) = item.as_object() else {
        return Err(invalid_type(param, "an input item", item));
    };
    // A message may leave its type out.
    match map.get("type") {
        None => check_message(table, param, map),
        Some(Value::String(kind)) if kind == "message" => check_message(table, param, map),
        Some(Value::String(kind)) if table.items.contains(kind) => Ok(()),
        Some(other) => Err(invalid_value(
            param,
            other.as_str().unwrap_or(""),
            &table.items,
        )),
    }
}

fn check_message(table: &Table, param: &str, message: &Map<String, Value>) -> Result<(), Fault> {
    let role = message.get("role").and_then(Value::as_str).unwrap_or("");
    if !ROLES.contains(&role) {
        return Err(invalid_value(param, role, &ROLES));
    }
    let place = format!("{param}.content");
    match message.get("content") {
        None | Some(Value::Null) => Err(missing(&place)),
        Some(Value::String(_)) => Ok(()),
        Some(Value::Array(parts)) => {
            let known = if role == "assistant" {
                &table.content.assistant
            } else {
                &table.content.others
            };
            for (index, part) in parts.iter().enumerate() {
                let kind = part.get("type").and_then(Value::as_str).unwrap_or("");
                if !known.iter().any(|name| name == kind) {
                    return Err(invalid_value(&format!("{place}[{index}]"), kind, known));
                }
            }
            Ok(())
        }
        Some(other) => Err(invalid_type(
            &place,
            "one of a string or array of content parts",
            other,
        )),
    }
}
