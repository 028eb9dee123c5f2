//! Checks a request body as this endpoint does (API.md 3.3, 11).

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::table::ChatTable;
use crate::check::ability::unsupported_value;
use crate::check::parameter::{
    self, choice, invalid_type, invalid_value, missing, only, unknown_field,
};
use crate::check::strict;
use crate::check::table::Kind;
use crate::check::text::check_name;
use crate::fault::Fault;
use crate::knowledge::Knowledge;
use crate::models::{self, Model};

const ROLES: [&str; 6] = [
    "system",
    "assistant",
    "user",
    "function",
    "tool",
    "developer",
];

/// The model and the effort that it will work at.
pub(crate) fn body<'a>(
    knowledge: &'a Knowledge,
    body: &Value,
) -> Result<(&'a Model, String), Fault> {
    let table = &knowledge.chat;
    let empty = Map::new();
    let map = body.as_object().unwrap_or(&empty);
    let name = match map.get("model") {
        None | Some(Value::Null) => return Err(missing("model")),
        Some(Value::String(name)) => name,
        Some(other) => return Err(invalid_type("model", "a string", other)),
    };
    let known = |key: &&String| table.parameters.iter().any(|row| row.name == **key);
    if let Some(stranger) = map.keys().find(|key| !known(key)) {
        return Err(unknown_field(stranger));
    }
    for row in &table.parameters {
        let value = map.get(&row.name).filter(|value| !value.is_null());
        match (row.kind, value) {
            (Kind::Model, _) => {}
            (Kind::Input, value) => check_messages(table, value)?,
            (_, None) => {}
            (Kind::Tools, Some(value)) => check_tools(value)?,
            (Kind::ToolChoice, Some(value)) => check_choice(map, value)?,
            (Kind::Text, Some(value)) => check_format(map, value)?,
            (_, Some(value)) if row.name == "stream_options" => check_options(map, value)?,
            (_, Some(value)) => parameter::check(row, map, value)?,
        }
    }
    let model = knowledge.model(name).ok_or_else(|| models::unknown(name))?;
    let effort = check_ability(table, map, model)?;
    Ok((model, effort))
}

fn check_messages(table: &ChatTable, value: Option<&Value>) -> Result<(), Fault> {
    let messages = match value {
        None => return Err(missing("messages")),
        Some(Value::Array(messages)) => messages,
        Some(other) => return Err(invalid_type("messages", "an array of objects", other)),
    };
    if messages.is_empty() {
        let message = "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty \
            array instead.";
        return Err(Fault::about("messages", message).code("empty_array"));
    }
    for (index, message) in messages.iter().enumerate() {
        let param = format!("messages[{index}]");
        let Some(map) = message.as_object() else {
            return Err(invalid_type(&param, "an object", message));
        };
        check_message(table, &param, map)?;
    }
    check_pairs(messages)
}

fn check_message(
    table: &ChatTable,
    param: &str,
    message: &Map<String, Value>,
) -> Result<(), Fault> {
    let role = match message.get("role") {
        None => return Err(missing(&format!("{param}.role"))),
        Some(role) => role.as_str().unwrap_or_default(),
    };
    if !ROLES.contains(&role) {
        return Err(invalid_value(&format!("{param}.role"), role, &ROLES));
    }
    if role == "tool" && !message.contains_key("tool_call_id") {
        return Err(missing(&format!("{param}.tool_call_id")));
    }
    let place = format!("{param}.content");
    let calls = message.get("tool_calls").is_some_and(Value::is_array);
    match message.get("content") {
        None if calls => Ok(()),
        None => Err(missing(&place)),
        Some(Value::Null) if role == "assistant" => Ok(()),
        Some(Value::String(_)) => Ok(()),
        Some(Value::Array(parts)) => {
            let known = match role {
                "assistant" => &table.content.assistant,
                _ => &table.content.others,
            };
            for (index, part) in parts.iter().enumerate() {
                let kind = part["type"].as_str().unwrap_or_default();
                if !known.iter().any(|name| name == kind) {
                    let param = format!("{place}[{index}].type");
                    return Err(invalid_value(&param, kind, known));
                }
            }
            Ok(())
        }
        Some(other) => Err(invalid_type(
            &place,
            "one of a string or array of objects",
            other,
        )),
    }
}

/// Every tool message answers a call, and every call is answered before anyone else speaks.
fn check_pairs(messages: &[Value]) -> Result<(), Fault> {
    let mut open: Vec<&str> = Vec::new();
    let mut called: Vec<&str> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        if message["role"] == "tool" {
            let id = message["tool_call_id"].as_str().unwrap_or_default();
            if !called.contains(&id) {
                let text = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message \
                    with 'tool_calls'.";
                return Err(Fault::about(format!("messages.[{index}].role"), text));
            }
            open.retain(|one| *one != id);
            continue;
        }
        check_answered(&open, index)?;
        let calls = message["tool_calls"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        called = calls
            .iter()
            .filter_map(|call| call["id"].as_str())
            .collect();
        open.clone_from(&called);
    }
    check_answered(&open, messages.len())
}

fn check_answered(open: &[&str], index: usize) -> Result<(), Fault> {
    if open.is_empty() {
        return Ok(());
    }
    let text = format!(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. \
         The following tool_call_ids did not have response messages: {}",
        open.join(", ")
    );
    Err(Fault::about(format!("messages.[{index}].role"), text))
}

fn check_tools(value: &Value) -> Result<(), Fault> {
    let Some(tools) = value.as_array() else {
        return Err(invalid_type("tools", "an array of objects", value));
    };
    for (index, tool) in tools.iter().enumerate() {
        let param = format!("tools[{index}]");
        let kind = tool
            .get("type")
            .ok_or_else(|| missing(&format!("{param}.type")))?;
        choice(&format!("{param}.type"), &["function", "custom"], kind)?;
        let kind = kind.as_str().unwrap_or_default();
        let place = format!("{param}.{kind}");
        let inner = match tool.get(kind) {
            None => return Err(missing(&place)),
            Some(Value::Object(inner)) => inner,
            Some(other) => return Err(invalid_type(&place, "an object", other)),
        };
        let name = inner
            .get("name")
            .ok_or_else(|| missing(&format!("{place}.name")))?;
        let name = name.as_str().unwrap_or_default();
        check_name(&format!("{place}.name"), name)?;
        let Some(schema) = inner.get("parameters").filter(|schema| !schema.is_null()) else {
            continue;
        };
        if !schema.is_object() {
            return Err(invalid_type(
                &format!("{place}.parameters"),
                "an object",
                schema,
            ));
        }
        let why = if schema.get("type").is_some_and(|kind| kind != "object") {
            Some(strict::not_an_object(schema))
        } else if inner.get("strict") == Some(&Value::Bool(true)) {
            strict::fault(schema)
        } else {
            None
        };
        if let Some(why) = why {
            let message = format!("Invalid schema for function '{name}': {why}");
            let fault = Fault::about(format!("{place}.parameters"), message);
            return Err(fault.code("invalid_function_parameters"));
        }
    }
    Ok(())
}

fn check_choice(body: &Map<String, Value>, value: &Value) -> Result<(), Fault> {
    let tools = body.get("tools").and_then(Value::as_array);
    let Some(tools) = tools.filter(|tools| !tools.is_empty()) else {
        let message = "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.";
        return Err(Fault::about("tool_choice", message));
    };
    match value {
        Value::String(_) => choice("tool_choice", &["none", "auto", "required"], value),
        Value::Object(wanted) => {
            let kind = wanted
                .get("type")
                .ok_or_else(|| missing("tool_choice.type"))?;
            choice(
                "tool_choice.type",
                &["function", "allowed_tools", "custom"],
                kind,
            )?;
            if kind != "function" {
                return Ok(());
            }
            let name = &value["function"]["name"];
            if name.is_null() {
                return Err(missing("tool_choice.function"));
            }
            if tools.iter().any(|tool| tool["function"]["name"] == *name) {
                return Ok(());
            }
            let name = name.as_str().unwrap_or_default();
            let message = format!("Tool choice '{name}' not found in 'tools' parameter.");
            Err(Fault::about("tool_choice", message))
        }
        other => Err(invalid_type(
            "tool_choice",
            "one of 'none', 'auto', 'required' or object",
            other,
        )),
    }
}

fn check_format(body: &Map<String, Value>, value: &Value) -> Result<(), Fault> {
    let Some(format) = value.as_object() else {
        return Err(invalid_type("response_format", "an object", value));
    };
    let kind = format
        .get("type")
        .ok_or_else(|| missing("response_format.type"))?;
    choice(
        "response_format.type",
        &["json_object", "text", "json_schema"],
        kind,
    )?;
    if kind == "json_object" {
        let said = body
            .get("messages")
            .map(Value::to_string)
            .unwrap_or_default();
        if !said.to_lowercase().contains("json") {
            let message = "'messages' must contain the word 'json' in some form, to use 'response_format' of type \
                'json_object'.";
            return Err(Fault::about("messages", message));
        }
    }
    if kind != "json_schema" {
        return only("response_format", format, &["type"]);
    }
    let place = "response_format.json_schema";
    let inner = match format.get("json_schema") {
        None => return Err(missing(place)),
        Some(Value::Object(inner)) => inner,
        Some(other) => return Err(invalid_type(place, "an object", other)),
    };
    let name = inner
        .get("name")
        .ok_or_else(|| missing(&format!("{place}.name")))?;
    let name = name.as_str().unwrap_or_default();
    check_name(&format!("{place}.name"), name)?;
    only(place, inner, &["name", "description", "schema", "strict"])?;
    let schema = inner
        .get("schema")
        .ok_or_else(|| missing(&format!("{place}.schema")))?;
    if !schema.is_object() {
        return Err(invalid_type(
            &format!("{place}.schema"),
            "an object",
            schema,
        ));
    }
    match strict::fault(schema) {
        Some(why) if inner.get("strict") == Some(&Value::Bool(true)) => {
            let message = format!("Invalid schema for response_format '{name}': {why}");
            Err(Fault::about("response_format", message).code("invalid_json_schema"))
        }
        _ => Ok(()),
    }
}

fn check_options(body: &Map<String, Value>, value: &Value) -> Result<(), Fault> {
    const OPTIONS: [&str; 2] = ["include_usage", "include_obfuscation"];
    let Some(options) = value.as_object() else {
        return Err(invalid_type("stream_options", "an object", value));
    };
    only("stream_options", options, &OPTIONS)?;
    for (name, value) in options {
        if !(value.is_boolean() || value.is_null()) {
            let param = format!("stream_options.{name}");
            return Err(invalid_type(&param, "a boolean", value));
        }
    }
    if body.get("stream") != Some(&Value::Bool(true)) {
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        return Err(Fault::about("stream_options", message));
    }
    Ok(())
}

fn check_ability(
    table: &ChatTable,
    body: &Map<String, Value>,
    model: &Model,
) -> Result<String, Fault> {
    if !model.chat {
        let message =
            "This model is only supported in v1/responses and not in v1/chat/completions.";
        return Err(Fault::new(StatusCode::NOT_FOUND, message).param("model"));
    }
    let given = |key: &str| body.get(key).filter(|value| !value.is_null());
    let refused = |name: &str, more: &str| {
        let message =
            format!("Unsupported parameter: '{name}' is not supported with this model.{more}");
        Err(Fault::about(name, message).code("unsupported_parameter"))
    };
    if given("max_tokens").is_some() {
        return refused("max_tokens", " Use 'max_completion_tokens' instead.");
    }
    for old in ["functions", "function_call"] {
        if given(old).is_some() {
            return refused(old, " Use 'tools' instead.");
        }
    }
    let asked = given("reasoning_effort").and_then(Value::as_str);
    let effort = asked.unwrap_or(&model.default);
    // `max` is for the Responses API alone.
    let open: Vec<String> = model
        .efforts
        .iter()
        .filter(|e| *e != "max")
        .cloned()
        .collect();
    if !open.iter().any(|known| known == effort) {
        return Err(unsupported_value("reasoning_effort", effort, model, &open));
    }
    let functions = given("tools").and_then(Value::as_array);
    let functions = functions.is_some_and(|all| all.iter().any(|tool| tool["type"] == "function"));
    if functions && asked.is_some_and(|effort| effort != "none") {
        let message = format!(
            "Function tools with reasoning_effort are not supported for {} in /v1/chat/completions. Please use \
             /v1/responses instead.",
            model.id
        );
        return Err(Fault::about("reasoning_effort", message));
    }
    if effort != "none" {
        if let Some(value) = given("temperature").filter(|value| value.as_f64() != Some(1.0)) {
            let message = format!(
                "Unsupported value: 'temperature' does not support {value} with this model. Only the default (1) \
                 value is supported."
            );
            return Err(Fault::about("temperature", message).code("unsupported_value"));
        }
        if let Some(name) = table
            .reasoning_refuses
            .iter()
            .find(|name| given(name).is_some())
        {
            return refused(name, "");
        }
    }
    match given("max_completion_tokens").and_then(Value::as_u64) {
        Some(limit) if limit > model.max_output => {
            let message = format!(
                "max_tokens is too large: {limit}. This model supports at most {} completion tokens, whereas you \
                 provided {limit}.",
                model.max_output
            );
            Err(Fault::about("max_tokens", message).code("invalid_value"))
        }
        _ => Ok(effort.to_owned()),
    }
}
