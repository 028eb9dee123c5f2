//! `tools` and `tool_choice`.

use serde_json::{Map, Value};

use super::parameter::{invalid_type, invalid_value, missing};
use super::strict;
use super::table::Table;
use super::text::check_name;
use crate::fault::Fault;

pub(crate) fn check(table: &Table, value: &Value) -> Result<(), Fault> {
    let Some(tools) = value.as_array() else {
        return Err(invalid_type("tools", "an array of objects", value));
    };
    for (index, tool) in tools.iter().enumerate() {
        let param = format!("tools[{index}]");
        let Some(map) = tool.as_object() else {
            return Err(invalid_type(&param, "an object", tool));
        };
        let Some(kind) = map.get("type") else {
            return Err(missing(&format!("{param}.type")));
        };
        let kind = kind.as_str().unwrap_or("");
        let Some(needed) = table.tools.get(kind) else {
            let known: Vec<&String> = table.tools.keys().collect();
            return Err(invalid_value(&param, kind, &known));
        };
        if let Some(field) = needed
            .iter()
            .find(|field| !map.contains_key(field.as_str()))
        {
            return Err(missing(&format!("{param}.{field}")));
        }
        if kind == "function" {
            check_function(&param, map)?;
        }
    }
    Ok(())
}

fn check_function(param: &str, tool: &Map<String, Value>) -> Result<(), Fault> {
    let name = tool.get("name").and_then(Value::as_str).unwrap_or("");
    check_name(&format!("{param}.name"), name)?;
    let place = format!("{param}.parameters");
    let refused = |why: &str| {
        let message = format!("Invalid schema for function '{name}': {why}");
        Err(Fault::about(place.clone(), message).code("invalid_function_parameters"))
    };
    match tool.get("parameters") {
        None | Some(Value::Null) => Ok(()),
        Some(schema @ Value::Object(map)) => {
            if map.get("type").is_some_and(|kind| kind != "object") {
                return refused(&strict::not_an_object(schema));
            }
            match strict::fault(schema) {
                Some(why) if tool.get("strict") == Some(&Value::Bool(true)) => refused(&why),
                _ => Ok(()),
            }
        }
        Some(other) => Err(invalid_type(&place, "an object", other)),
    }
}

pub(crate) fn check_choice(body: &Map<String, Value>, value: &Value) -> Result<(), Fault> {
    const MODES: [&str; 3] = ["none", "auto", "required"];
    match value {
        Value::String(mode) if MODES.contains(&mode.as_str()) => Ok(()),
        Value::String(mode) => Err(invalid_value("tool_choice", mode, &MODES)),
        Value::Object(choice) => {
            let kind = choice.get("type").and_then(Value::as_str);
            let kind = kind.ok_or_else(|| missing("tool_choice.type"))?;
            if kind != "function" {
                return Ok(());
            }
            let name = choice.get("name").and_then(Value::as_str);
            let name = name.ok_or_else(|| missing("tool_choice.name"))?;
            let tools = body.get("tools").and_then(Value::as_array);
            let found = tools.is_some_and(|tools| {
                tools
                    .iter()
                    .any(|t| t["type"] == "function" && t["name"] == name)
            });
            match found {
                true => Ok(()),
                false => {
                    let message = format!("Tool choice '{name}' not found in 'tools' parameter.");
                    Err(Fault::about("tool_choice", message))
                }
            }
        }
        other => Err(invalid_type(
            "tool_choice",
            "one of 'none', 'auto', 'required' or object",
            other,
        )),
    }
}
