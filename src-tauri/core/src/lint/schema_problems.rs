//! Schemas that strict mode refuses, of the output format and of function tools.

use serde_json::Value;

use super::{Asked, Finding, format};
use crate::catalog::endpoint::Endpoint;
use crate::place::join;

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    for (schema, pointer) in strict_schemas(asked) {
        findings.extend(schema_problems(schema, &pointer));
    }
}

/// Every schema that the body sends with `strict: true`, and where it stands.
fn strict_schemas<'a>(asked: &Asked<'a>) -> Vec<(&'a Value, String)> {
    let strict = Some(&Value::Bool(true));
    let mut schemas = Vec::new();
    let place = asked.pointer("format");
    if let Some((fields, pointer)) = format::schema_format(asked.body, asked.endpoint, &place)
        && fields.get("strict") == strict
    {
        let schema = fields.get("schema");
        schemas.extend(schema.map(|schema| (schema, join(&pointer, "schema"))));
    }
    let tools = asked.given("tools").and_then(Value::as_array);
    for (index, tool) in tools.into_iter().flatten().enumerate() {
        let here = join(&asked.pointer("tools"), index);
        let (tool, here) = match asked.endpoint {
            Endpoint::Responses => (tool, here),
            Endpoint::ChatCompletions => (&tool["function"], join(&here, "function")),
        };
        if tool.get("strict") == strict {
            let schema = tool.get("parameters");
            schemas.extend(schema.map(|schema| (schema, join(&here, "parameters"))));
        }
    }
    schemas
}

/// What strict mode refuses about one schema that stands at `pointer` (API.md 9).
fn schema_problems(schema: &Value, pointer: &str) -> Vec<Finding> {
    if schema.is_object() {
        return Vec::new();
    }
    vec![
        Finding::error("schema_refused", pointer, "The schema is no object.")
            .reason("Strict mode takes a JSON Schema whose root is an object."),
    ]
}
