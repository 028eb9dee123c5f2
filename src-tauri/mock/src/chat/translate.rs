//! The same request in the words of the Responses API, for all that reads requests.

use serde_json::{Map, Value, json};

pub(crate) fn body(chat: &Value) -> Value {
    let messages = chat["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let mut body = json!({
        "model": chat["model"],
        "input": messages.iter().flat_map(items).collect::<Vec<_>>(),
    });
    let mut set = |key: &str, value: Value| {
        if !value.is_null() {
            body[key] = value;
        }
    };
    set("max_output_tokens", chat["max_completion_tokens"].clone());
    set("parallel_tool_calls", chat["parallel_tool_calls"].clone());
    if let Some(tools) = chat["tools"].as_array() {
        set("tools", tools.iter().map(flat).collect());
    }
    set("tool_choice", choice(&chat["tool_choice"]));
    let mut text = Map::new();
    if chat["response_format"].is_object() {
        text.insert("format".to_owned(), format(&chat["response_format"]));
    }
    if chat["verbosity"].is_string() {
        text.insert("verbosity".to_owned(), chat["verbosity"].clone());
    }
    if !text.is_empty() {
        set("text", Value::Object(text));
    }
    body
}

/// A message, and the calls that it makes.
fn items(message: &Value) -> Vec<Value> {
    let role = message["role"].as_str().unwrap_or("user");
    if role == "tool" {
        return vec![json!({
            "type": "function_call_output",
            "call_id": message["tool_call_id"],
            "output": message["content"],
        })];
    }
    let mut items = Vec::new();
    if !message["content"].is_null() {
        let role = if role == "function" { "user" } else { role };
        items.push(json!({"role": role, "content": content(&message["content"])}));
    }
    for call in message["tool_calls"]
        .as_array()
        .map_or(&[][..], Vec::as_slice)
    {
        items.push(json!({
            "type": "function_call",
            "call_id": call["id"],
            "name": call["function"]["name"],
            "arguments": call["function"]["arguments"],
        }));
    }
    items
}

fn content(content: &Value) -> Value {
    let part = |part: &Value| match part["type"].as_str() {
        Some("image_url") => json!({"type": "input_image", "image_url": part["image_url"]["url"]}),
        Some("file") => json!({"type": "input_file", "file_data": part["file"]["file_data"]}),
        Some("refusal") => json!({"type": "refusal", "refusal": part["refusal"]}),
        _ => json!({"type": "input_text", "text": part["text"]}),
    };
    match content {
        Value::Array(parts) => parts.iter().map(part).collect(),
        text => text.clone(),
    }
}

/// A tool without the object that this endpoint nests it in.
fn flat(tool: &Value) -> Value {
    let kind = tool["type"].as_str().unwrap_or("function");
    let mut flat = Map::from_iter([("type".to_owned(), json!(kind))]);
    if let Some(inner) = tool[kind].as_object() {
        flat.extend(inner.clone());
    }
    flat.entry("parameters").or_insert(Value::Null);
    Value::Object(flat)
}

fn choice(choice: &Value) -> Value {
    match choice["type"].as_str() {
        Some("function") => json!({"type": "function", "name": choice["function"]["name"]}),
        Some("allowed_tools") => {
            let allowed = choice["allowed_tools"]["tools"].as_array();
            let tools: Vec<Value> = allowed.into_iter().flatten().map(flat).collect();
            json!({"type": "allowed_tools", "mode": choice["allowed_tools"]["mode"], "tools": tools})
        }
        _ => choice.clone(),
    }
}

fn format(format: &Value) -> Value {
    match format["json_schema"].as_object() {
        Some(inner) => {
            let mut flat = Map::from_iter([("type".to_owned(), json!("json_schema"))]);
            flat.extend(inner.clone());
            Value::Object(flat)
        }
        None => format.clone(),
    }
}
