//! Whether the value of a keyword has the shape that the keyword wants.

use serde_json::{Map, Value};

/// What the keyword wants in words, where its value is something else.
pub fn fault(keyword: &str, value: &Value) -> Option<&'static str> {
    let (fits, wanted) = match keyword {
        "properties" | "$defs" | "definitions" => {
            (value.is_object(), "an object of names and schemas")
        }
        "required" => (
            value
                .as_array()
                .is_some_and(|names| names.iter().all(Value::is_string)),
            "a list of names",
        ),
        "anyOf" | "oneOf" | "allOf" | "prefixItems" => {
            (has_elements(value), "a list of schemas, with at least one")
        }
        "enum" => (has_elements(value), "a list of values, with at least one"),
        "type" => (
            value.is_string()
                || value.as_array().is_some_and(|types| {
                    !types.is_empty()
                        && types.iter().all(Value::is_string)
                        && (1..types.len()).all(|i| !types[..i].contains(&types[i]))
                }),
            "the name of a type, or a list of different ones",
        ),
        "pattern" | "format" | "title" | "description" | "$ref" => (value.is_string(), "a text"),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
            (value.is_number(), "a number")
        }
        "multipleOf" => (
            value.as_f64().is_some_and(|step| step > 0.0),
            "a number above 0",
        ),
        "minItems" | "maxItems" => (
            value
                .as_f64()
                .is_some_and(|count| count >= 0.0 && count.fract() == 0.0),
            "a whole number from 0",
        ),
        _ => return None,
    };
    (!fits).then_some(wanted)
}

fn has_elements(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty())
}

/// Whether the node allows values of this type by its `type`.
pub fn has_type(node: &Map<String, Value>, wanted: &str) -> bool {
    match node.get("type") {
        Some(Value::String(kind)) => kind == wanted,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        _ => false,
    }
}

/// Whether the node describes objects.
pub fn is_object(node: &Map<String, Value>) -> bool {
    has_type(node, "object") || (!node.contains_key("type") && node.contains_key("properties"))
}

/// Whether the node describes lists.
pub fn is_list(node: &Map<String, Value>) -> bool {
    has_type(node, "array") || (!node.contains_key("type") && node.contains_key("items"))
}
