//! How "may be missing" is said in strict mode: required, and null allowed.

use serde_json::{Map, Value, json};

use crate::schema::pointer;

/// References are followed this far; those of a circle never end.
const MOST_STEPS: usize = 64;

/// Whether null satisfies the schema already.
pub fn takes_null(root: &Value, schema: &Value) -> bool {
    takes_null_within(root, schema, MOST_STEPS)
}

fn takes_null_within(root: &Value, schema: &Value, steps: usize) -> bool {
    let Some(steps) = steps.checked_sub(1) else {
        return false;
    };
    let Value::Object(node) = schema else {
        return schema == &Value::Bool(true);
    };
    let branches = |keyword: &str| node.get(keyword).and_then(Value::as_array);
    let takes = |schema: &Value| takes_null_within(root, schema, steps);
    let by_type = match node.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "null"),
        Some(kind) => kind == "null",
        None => true,
    };
    let by_reference = node
        .get("$ref")
        .and_then(Value::as_str)
        .is_none_or(|reference| pointer::target(root, reference).is_some_and(takes));
    by_type
        && node
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|values| values.contains(&Value::Null))
        && node.get("const").is_none_or(Value::is_null)
        && branches("anyOf").is_none_or(|list| list.iter().any(takes))
        && branches("oneOf")
            .is_none_or(|list| list.iter().filter(|branch| takes(branch)).count() == 1)
        && branches("allOf").is_none_or(|list| list.iter().all(takes))
        && !["not", "if"]
            .iter()
            .any(|keyword| node.contains_key(*keyword))
        && by_reference
}

/// Allows null. True where what the schema said has moved one choice down, to `/anyOf/0`.
pub fn allow_null(schema: &mut Value) -> bool {
    let Value::Object(node) = schema else {
        return false;
    };
    let has = |keyword: &str| node.contains_key(keyword);
    let simple = ["type", "enum", "const"];
    let is_composed = [
        "$ref",
        "oneOf",
        "allOf",
        "not",
        "if",
        "$dynamicRef",
        "$recursiveRef",
    ]
    .iter()
    .any(|keyword| has(keyword));
    if !is_composed && !has("anyOf") && simple.iter().any(|keyword| has(keyword)) {
        widen(node);
        return false;
    }
    if !is_composed
        && !simple.iter().any(|keyword| has(keyword))
        && let Some(Value::Array(choices)) = node.get_mut("anyOf")
    {
        choices.push(json!({"type": "null"}));
        return false;
    }
    let (kept, inner): (Map<_, _>, Map<_, _>) = std::mem::take(node)
        .into_iter()
        .partition(|(keyword, _)| stays_outside(keyword));
    *node = kept;
    node.insert("anyOf".into(), json!([inner, {"type": "null"}]));
    true
}

/// What describes the place, or is referred to, doesn't move.
pub fn stays_outside(keyword: &str) -> bool {
    matches!(
        keyword,
        "title" | "description" | "default" | "examples" | "deprecated" | "$defs" | "definitions"
    )
}

/// Adds null to the type and the values of a plain schema.
fn widen(node: &mut Map<String, Value>) {
    if let Some(kind) = node.get_mut("type") {
        let mut kinds = match kind.take() {
            Value::Array(kinds) => kinds,
            only => vec![only],
        };
        if !kinds.iter().any(|kind| kind == "null") {
            kinds.push("null".into());
        }
        *kind = Value::Array(kinds);
    }
    if let Some(only) = node.get("const").filter(|only| !only.is_null()).cloned() {
        let widened =
            std::mem::take(node)
                .into_iter()
                .map(|(keyword, value)| match keyword.as_str() {
                    "const" => ("enum".to_owned(), json!([only])),
                    _ => (keyword, value),
                });
        *node = widened.collect();
    }
    if let Some(Value::Array(values)) = node.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}
