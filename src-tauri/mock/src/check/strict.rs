//! The subset of JSON Schema that strict structured output takes (API.md 9).

use serde_json::{Map, Value};

const FORMATS: [&str; 9] = [
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
];

/// Refused wherever they stand: the official list, the official Node package's, and what was seen refused.
const REFUSED: [&str; 30] = [
    "allOf",
    "not",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "then",
    "else",
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$recursiveRef",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependencies",
    "maxContains",
    "minContains",
    "maxProperties",
    "minProperties",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "additionalItems",
    "minLength",
    "maxLength",
];

const DEEPEST: usize = 10;
const MOST_PROPERTIES: usize = 5_000;
const MOST_VALUES: usize = 1_000;

/// The first fault of a schema, in the API's words; none where strict mode takes it.
pub(crate) fn fault(schema: &Value) -> Option<String> {
    if schema.get("type") != Some(&Value::from("object")) {
        return Some(not_an_object(schema));
    }
    let mut walk = Walk {
        properties: 0,
        values: 0,
    };
    walk.schema(schema, &mut Vec::new(), 1).err()
}

pub(crate) fn not_an_object(schema: &Value) -> String {
    let got = match schema.get("type") {
        Some(Value::String(kind)) => format!("\"{kind}\""),
        Some(other) => other.to_string(),
        None => "\"None\"".to_owned(),
    };
    format!("schema must be a JSON Schema of 'type: \"object\"', got 'type: {got}'.")
}

struct Walk {
    properties: usize,
    values: usize,
}

impl Walk {
    fn schema(
        &mut self,
        schema: &Value,
        path: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        let Value::Object(map) = schema else {
            return Err(said(path, "schema must have a 'type' key."));
        };
        if let Some(key) = map.keys().find(|key| REFUSED.contains(&key.as_str())) {
            return Err(said(path, &format!("'{key}' is not permitted.")));
        }
        if let Some(reference) = map.get("$ref") {
            return refers(map, reference, path);
        }
        let typed = ["type", "anyOf", "enum", "const"]
            .iter()
            .any(|key| map.contains_key(*key));
        if !typed && !path.is_empty() {
            return Err(said(path, "schema must have a 'type' key."));
        }
        self.values += map
            .get("enum")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        if self.values > MOST_VALUES {
            return Err(format!(
                "Expected at most {MOST_VALUES} enum values in total within a schema."
            ));
        }
        if let Some(format) = map.get("format").and_then(Value::as_str)
            && !FORMATS.contains(&format)
        {
            return Err(said(path, &format!("'{format}' is not a valid format.")));
        }
        if is_object(map) {
            self.object(map, path, depth)?;
        }
        if let Some(items) = map.get("items") {
            self.within("items", items, path, depth + 1)?;
        } else if has_type(map, "array") {
            return Err(said(path, "array schema missing items."));
        }
        if let Some(branches) = map.get("anyOf").and_then(Value::as_array) {
            for (index, branch) in branches.iter().enumerate() {
                path.push("anyOf".to_owned());
                self.within(&index.to_string(), branch, path, depth)?;
                path.pop();
            }
        }
        for group in ["$defs", "definitions"] {
            for (name, inner) in map
                .get(group)
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                path.push(group.to_owned());
                self.within(name, inner, path, 1)?;
                path.pop();
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        map: &Map<String, Value>,
        path: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("Expected at most {DEEPEST} levels of nesting."));
        }
        if map.get("additionalProperties") != Some(&Value::Bool(false)) {
            return Err(said(
                path,
                "'additionalProperties' is required to be supplied and to be false.",
            ));
        }
        let none = Map::new();
        let properties = map
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        self.properties += properties.len();
        if self.properties > MOST_PROPERTIES {
            return Err(format!(
                "Expected at most {MOST_PROPERTIES} object properties in total within a schema."
            ));
        }
        let required: Vec<&str> = map
            .get("required")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |names| {
                names.iter().filter_map(Value::as_str).collect()
            });
        let rule = "'required' is required to be supplied and to be an array including every key in properties.";
        if let Some(name) = properties
            .keys()
            .find(|name| !required.contains(&name.as_str()))
        {
            return Err(said(path, &format!("{rule} Missing '{name}'.")));
        }
        if let Some(name) = required
            .iter()
            .find(|name| !properties.contains_key(**name))
        {
            return Err(said(
                path,
                &format!("{rule} Extra required key '{name}' supplied."),
            ));
        }
        for (name, inner) in properties {
            path.push("properties".to_owned());
            self.within(name, inner, path, depth + 1)?;
            path.pop();
        }
        Ok(())
    }

    fn within(
        &mut self,
        name: &str,
        schema: &Value,
        path: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        path.push(name.to_owned());
        self.schema(schema, path, depth)?;
        path.pop();
        Ok(())
    }
}

fn refers(map: &Map<String, Value>, reference: &Value, path: &[String]) -> Result<(), String> {
    let target = reference.as_str().unwrap_or("");
    if !target.starts_with('#') {
        return Err(said(
            path,
            &format!("reference can only point to definitions within the schema, got '{target}'."),
        ));
    }
    let beside = map
        .keys()
        .find(|key| !matches!(key.as_str(), "$ref" | "description" | "title"));
    match beside {
        Some(key) if !path.is_empty() => Err(said(
            path,
            &format!("$ref cannot have keywords {{'{key}'}}."),
        )),
        _ => Ok(()),
    }
}

fn is_object(map: &Map<String, Value>) -> bool {
    has_type(map, "object") || map.contains_key("properties")
}

fn has_type(map: &Map<String, Value>, wanted: &str) -> bool {
    match map.get("type") {
        Some(Value::String(kind)) => kind == wanted,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        _ => false,
    }
}

/// The API prints the place as a Python tuple.
fn said(path: &[String], what: &str) -> String {
    let place = match path {
        [] => "()".to_owned(),
        [only] => format!("('{only}',)"),
        many => format!(
            "({})",
            many.iter()
                .map(|step| format!("'{step}'"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    format!("In context={place}, {what}")
}
