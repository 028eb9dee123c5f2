//! The JSON Schema of a body, from the tables of parameters, tools and models.

use serde_json::{Map, Value, json};

use crate::catalog::endpoint::Endpoint;
use crate::catalog::models::Catalog;
use crate::catalog::parameters::{
    Effect, Limit, Parameter, ParameterTable, ToolField, ToolKind, ValueType, When,
};

/// What an editor should know of a body for `endpoint`. Names that the table does not have are let
/// through, as the API may be newer; so are variables in place of any text.
pub fn body_schema(endpoint: Endpoint, catalog: &Catalog, table: &ParameterTable) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for row in table.parameters() {
        let Some(wire) = row.wire(endpoint) else {
            continue;
        };
        let schema = parameter(row, endpoint, catalog, table);
        let mut steps = wire.steps();
        let first = steps.next().unwrap_or_default();
        match steps.next() {
            None => {
                // What Responses is given may also be something kept there.
                if row.required && (row.id != "input" || endpoint == Endpoint::ChatCompletions) {
                    required.push(first);
                }
                properties.insert(first.to_owned(), schema);
            }
            Some(inner) => {
                let group = properties
                    .entry(first.to_owned())
                    .or_insert_with(|| json!({"type": ["object", "null"], "properties": {}}));
                group["properties"][inner] = schema;
            }
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("A body for {}", endpoint.name()),
        "type": "object",
        "properties": properties,
        "required": required,
    })
}

fn parameter(
    row: &Parameter,
    endpoint: Endpoint,
    catalog: &Catalog,
    table: &ParameterTable,
) -> Value {
    let mut schema = Map::new();
    schema.insert("description".into(), json!(row.help));
    let types = row.types(endpoint);
    // Null is the same as leaving it out.
    let null = (!row.required).then_some("null");
    let names: Vec<&str> = types.iter().map(|kind| name(*kind)).chain(null).collect();
    schema.insert("type".into(), json!(names));
    let default = row.wire(endpoint).and_then(|wire| wire.default.as_ref());
    if let Some(default) = default.or(row.default.as_ref()) {
        schema.insert("default".into(), default.clone());
    }
    if row
        .rules
        .iter()
        .any(|rule| rule.effect == Effect::Deprecated && rule.when == When::default())
    {
        schema.insert("deprecated".into(), json!(true));
    }
    let values: Vec<&str> = row.values(endpoint).iter().map(String::as_str).collect();
    if !values.is_empty() {
        schema.insert("anyOf".into(), words(&values, types));
    }
    if row.id == "model" {
        let known: Vec<&str> = catalog
            .models()
            .iter()
            .map(|model| model.id.as_str())
            .collect();
        schema.insert("examples".into(), json!(known));
    }
    if !row.item_values.is_empty() {
        schema.insert(
            "items".into(),
            json!({"type": "string", "enum": row.item_values}),
        );
    }
    if row.id == "tools" {
        schema.insert("items".into(), tools(endpoint, table));
    }
    let largest = match row.limit {
        Some(Limit::ModelOutput) => {
            let outputs = catalog.models().iter().map(|model| model.max_output_tokens);
            outputs.max().map(|most| json!(most))
        }
        _ => row.max.map(number),
    };
    let bounds = [
        ("minimum", row.min(endpoint).map(number)),
        ("maximum", largest),
    ];
    for (key, bound) in bounds {
        schema.extend(bound.map(|bound| (key.to_owned(), bound)));
    }
    if let Some(longest) = row.max_key_length {
        let text = json!({"type": "string", "maxLength": row.max_length});
        schema.insert("additionalProperties".into(), text);
        schema.insert("propertyNames".into(), json!({"maxLength": longest}));
        schema.insert("maxProperties".into(), json!(row.max_items));
    } else {
        schema.extend(
            row.max_length
                .map(|most| ("maxLength".to_owned(), json!(most))),
        );
        schema.extend(
            row.max_items
                .map(|most| ("maxItems".to_owned(), json!(most))),
        );
    }
    Value::Object(schema)
}

/// One of a few words, or a text with a variable in it; other types are not limited by it.
fn words(values: &[&str], types: &[ValueType]) -> Value {
    let mut open = vec![
        json!({"enum": values}),
        json!({"type": "string", "pattern": r"\{\{.+\}\}"}),
        json!({"type": "null"}),
    ];
    let others = types.iter().filter(|kind| **kind != ValueType::String);
    open.extend(others.map(|kind| json!({"type": name(*kind)})));
    Value::Array(open)
}

/// A tool of a known kind has its fields; of another kind it has any.
fn tools(endpoint: Endpoint, table: &ParameterTable) -> Value {
    let kinds: Vec<&ToolKind> = table
        .tools()
        .iter()
        .filter(|kind| kind.on(endpoint))
        .collect();
    let names: Vec<&str> = kinds.iter().map(|kind| kind.kind.as_str()).collect();
    let rules: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            let fields = tool(kind);
            let then = match endpoint {
                Endpoint::Responses => fields,
                Endpoint::ChatCompletions => {
                    let name = kind.kind.as_str();
                    json!({"required": [name], "properties": {name: fields}})
                }
            };
            json!({
                "if": {"properties": {"type": {"const": kind.kind}}, "required": ["type"]},
                "then": then,
            })
        })
        .collect();
    json!({
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "examples": names}},
        "allOf": rules,
    })
}

fn tool(kind: &ToolKind) -> Value {
    let mut schema = json!({
        "description": kind.help,
        "required": kind.requires,
        "properties": {},
    });
    for field in &kind.fields {
        // Fields of fields are described by their own documentation.
        if !field.path.contains('.') {
            schema["properties"][&field.path] = tool_field(field);
        }
    }
    if !kind.requires_one_of.is_empty() {
        let any = kind.requires_one_of.iter();
        schema["anyOf"] = any.map(|name| json!({"required": [name]})).collect();
    }
    schema
}

fn tool_field(field: &ToolField) -> Value {
    let names: Vec<&str> = field
        .types
        .iter()
        .map(|kind| name(*kind))
        .chain(["null"])
        .collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!(names));
    if !field.values.is_empty() {
        let values: Vec<&str> = field.values.iter().map(String::as_str).collect();
        schema.insert("anyOf".into(), words(&values, &field.types));
    }
    let bounds = [
        ("minimum", field.min.map(number)),
        ("maximum", field.max.map(number)),
        ("maxLength", field.max_length.map(|most| json!(most))),
        ("maxItems", field.max_items.map(|most| json!(most))),
    ];
    for (key, bound) in bounds {
        schema.extend(bound.map(|bound| (key.to_owned(), bound)));
    }
    Value::Object(schema)
}

fn name(kind: ValueType) -> &'static str {
    match kind {
        ValueType::String => "string",
        ValueType::Integer => "integer",
        ValueType::Number => "number",
        ValueType::Boolean => "boolean",
        ValueType::Array => "array",
        ValueType::Object => "object",
    }
}

/// A bound without a needless point.
fn number(bound: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounds are small, and checked to be whole"
    )]
    if bound.fract() == 0.0 {
        json!(bound as i64)
    } else {
        json!(bound)
    }
}
