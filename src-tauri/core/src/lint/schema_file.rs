//! The schema file that a request refers to: that it is there, has the place to itself, and is one that strict mode takes.

use serde_json::Value;

use super::{Asked, Edit, Finding, Fix, SchemaFile, format, schema_problems};
use crate::place::join;
use crate::workspace::schema_use::PLACE;

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let Some(SchemaFile { path, schema }) = &asked.context.schema_file else {
        return;
    };
    let place = asked.pointer("format");
    let given = asked.given("format");
    if let Some(kind) = given.and_then(|format| format.get("type"))
        && kind != "json_schema"
    {
        findings.push(
            Finding::error(
                "schema_unused",
                join(&place, "type"),
                format!("The request refers to {path}, and its output format takes no schema."),
            )
            .reason("Only the type json_schema has one.")
            .fix(Fix::offered(
                "Answer by the schema",
                [Edit::set(join(&place, "type"), "json_schema")],
            )),
        );
        return;
    }
    let known = format::schema_format(asked.body, asked.endpoint, &place);
    if let Some((fields, pointer)) = &known
        && fields.contains_key("schema")
    {
        let own = join(pointer, "schema");
        findings.push(
            Finding::error(
                "schema_twice",
                own.as_str(),
                format!("The request refers to {path}, and has a schema of its own too."),
            )
            .reason("Only one of the two can be sent.")
            .fix(Fix::offered(
                "Take the file's",
                [Edit::remove(own.as_str())],
            )),
        );
        return;
    }
    match schema {
        Err(problem) => findings.push(
            Finding::error("schema_file", PLACE, problem.message.clone())
                .reason(problem.hint.clone().unwrap_or_default()),
        ),
        Ok(schema) => {
            // A format that has no name gets the file's, and strict with it.
            let strict = known.is_none_or(|(fields, _)| {
                fields
                    .get("strict")
                    .map_or(!fields.contains_key("name"), |it| *it == Value::Bool(true))
            });
            if strict {
                findings.extend(schema_problems::problems_of(schema, PLACE).into_iter().map(
                    |finding| {
                        let reason =
                            format!("{} It is in {path}: mend it in Schemas.", finding.reason);
                        // The file may be used by others: it is changed where that is shown.
                        Finding {
                            fix: None,
                            reason: reason.trim().to_owned(),
                            ..finding
                        }
                    },
                ));
            }
        }
    }
}
