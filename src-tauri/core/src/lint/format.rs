//! The output format: its type, the form of this endpoint, a name and a schema.

use serde_json::{Map, Value, json};

use super::{Asked, Edit, Finding, Fix};
use crate::catalog::endpoint::Endpoint;
use crate::place::{Body, join};
use crate::translate::format;

/// API.md 2.1.
const TYPES: [&str; 3] = ["text", "json_object", "json_schema"];
/// API.md 9: the longest name, in characters.
pub(super) const LONGEST_NAME: usize = 64;

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let Some(given) = asked.given("format") else {
        return;
    };
    let pointer = asked.pointer("format");
    let Some(fields) = given.as_object() else {
        return; // told with the other types
    };
    let kind = fields.get("type").and_then(Value::as_str).unwrap_or("");
    if !TYPES.contains(&kind) {
        let message = if kind.is_empty() {
            "The output format has no type.".to_owned()
        } else {
            format!("There is no output format {kind:?}.")
        };
        findings.push(
            Finding::error("format_type", join(&pointer, "type"), message)
                .reason(format!("It is one of {}.", TYPES.join(", "))),
        );
        return;
    }
    if kind != "json_schema" {
        return;
    }
    let shaped = format::to(given, asked.endpoint);
    if shaped != *given {
        let reason = match asked.endpoint {
            Endpoint::Responses => {
                "On Responses name, schema and strict stand beside the type; json_schema within it is answered \
                 with 400."
            }
            Endpoint::ChatCompletions => {
                "On Chat Completions name, schema and strict stand in json_schema; without it the answer is 400."
            }
        };
        findings.push(
            Finding::error(
                "format_shape",
                &pointer,
                "The schema stands in the form of the other endpoint.",
            )
            .reason(reason)
            .fix(Fix::safe(
                "Bring it into this form",
                [Edit::set(&pointer, shaped)],
            )),
        );
        return;
    }
    if let Some((inner, pointer)) = schema_format(asked.body, asked.endpoint, &pointer) {
        fields_of(
            inner,
            &pointer,
            asked.context.schema_file.is_some(),
            findings,
        );
    }
}

/// The object that holds name, schema and strict, and where it stands; `None` where the body asks for no
/// schema, or in the other endpoint's form.
pub(super) fn schema_format<'a>(
    body: &'a Body,
    endpoint: Endpoint,
    pointer: &str,
) -> Option<(&'a Map<String, Value>, String)> {
    let format = crate::place::look(body, pointer)?.as_object()?;
    match endpoint {
        Endpoint::Responses => Some((format, pointer.to_owned())),
        Endpoint::ChatCompletions => {
            let inner = format.get("json_schema")?.as_object()?;
            Some((inner, join(pointer, "json_schema")))
        }
    }
}

/// `elsewhere`: the schema comes from a file, and its name with it where none is given.
fn fields_of(
    fields: &Map<String, Value>,
    pointer: &str,
    elsewhere: bool,
    findings: &mut Vec<Finding>,
) {
    let place = join(pointer, "name");
    match fields.get("name").and_then(Value::as_str) {
        None if elsewhere => return,
        None => findings.push(
            Finding::error("missing_field", &place, "The output format has no name.")
                .reason("A schema is sent under a name.")
                .fix(Fix::safe("Name it output", [Edit::set(&place, "output")])),
        ),
        Some(name) if !is_name(name) => findings.push(bad_name(&place, "the format's name", name)),
        Some(_) => {}
    }
    if !elsewhere && !fields.get("schema").is_some_and(Value::is_object) {
        findings.push(
            Finding::error(
                "missing_field",
                join(pointer, "schema"),
                "The output format has no schema.",
            )
            .reason("The type json_schema needs one."),
        );
    }
    if fields.get("strict").is_none_or(Value::is_null) {
        let place = join(pointer, "strict");
        findings.push(
            Finding::warning(
                "strict_not_set",
                &place,
                "strict is not set, so the answer may stray from the schema.",
            )
            .reason("Left out, strict is false.")
            .fix(Fix::offered(
                "Set strict",
                [Edit::set(place.as_str(), json!(true))],
            )),
        );
    }
}

/// Whether a name of a format or a function is sound (API.md 9).
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "_-".contains(it))
}

/// What is wrong with a name, and the nearest that is sound.
pub(super) fn bad_name(pointer: &str, what: &str, name: &str) -> Finding {
    let sound: String = name
        .chars()
        .take(LONGEST_NAME)
        .map(|it| {
            if it.is_ascii_alphanumeric() || it == '-' {
                it
            } else {
                '_'
            }
        })
        .collect();
    let fix = (!sound.is_empty()).then(|| {
        Fix::offered(
            format!("Call it {sound}"),
            [Edit::set(pointer, sound.as_str())],
        )
    });
    Finding::error("bad_name", pointer, format!("{name:?} can't be {what}."))
        .reason(format!(
            "Letters, digits, _ and - are taken, at most {LONGEST_NAME} of them."
        ))
        .fix(fix)
}
