//! Schemas that strict mode refuses, of the output format and of function tools.

use serde_json::Value;

use super::finding::{Edit, Fix};
use super::{Asked, Finding, format};
use crate::catalog::endpoint::Endpoint;
use crate::place::join;
use crate::schema::{fix, strict};

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    for (schema, pointer) in strict_schemas(asked) {
        findings.extend(problems_of(schema, &pointer));
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

/// Problems of one schema that are told one by one; a schema with more has its own editor.
const MOST: usize = 20;

/// What strict mode refuses about one schema that stands at `pointer` (API.md 9). The first finding mends all that can
/// be mended without a choice, the others one place each.
pub(super) fn problems_of(schema: &Value, pointer: &str) -> Vec<Finding> {
    let problems = strict::check(schema).problems;
    let count = problems.len();
    let mut findings: Vec<Finding> = problems
        .iter()
        .take(MOST)
        .map(|problem| {
            let place = format!("{pointer}{}", problem.pointer);
            Finding::error("schema_refused", place, format!("{}.", problem.message))
                .reason(problem.reason.clone())
        })
        .collect();
    if count > MOST {
        let more = format!("The schema has {} problems more.", count - MOST);
        findings.push(
            Finding::error("schema_refused", pointer, more)
                .reason("Open it in the schema editor to see them all."),
        );
    }
    let mended = fix::fix_all(schema);
    if let Some(first) = findings.first_mut()
        && !mended.changes.is_empty()
    {
        let label = match mended.changes.len() {
            1 => "Mend the schema".to_owned(),
            changes => format!("Mend the schema: {changes} changes"),
        };
        first.fix = Some(Fix::safe(label, [Edit::set(pointer, mended.schema)]));
    }
    for (finding, problem) in findings.iter_mut().zip(&problems).skip(1) {
        let one = fix::fix(schema, problem.code, &problem.pointer);
        let label = problem.fix.as_ref().map(|fix| fix.label.clone());
        finding.fix = one
            .zip(label)
            .map(|(one, label)| Fix::offered(label, [Edit::set(pointer, one.schema)]));
    }
    findings
}
