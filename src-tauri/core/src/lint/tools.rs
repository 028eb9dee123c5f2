//! Tools: of a kind that the endpoint has, with what they cannot do without; and the choice among them.

use serde_json::{Map, Value};

use super::values::Bounds;
use super::{Asked, Edit, Finding, Fix, format};
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ToolKind;
use crate::place::{self, join};
use crate::translate::tools::shape;

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    let tools = asked.given("tools").and_then(Value::as_array);
    for (index, tool) in tools.into_iter().flatten().enumerate() {
        one(asked, tool, &join(&asked.pointer("tools"), index), findings);
    }
    if let Some(choice) = asked.given("tool_choice") {
        let tools = tools.map_or(&[][..], Vec::as_slice);
        findings.extend(chosen(asked, choice, tools));
    }
    findings.extend(unreturned(asked, tools.map_or(&[][..], Vec::as_slice)));
}

/// Reasoning before a call that nobody could send back with its reply (API.md 2.1, 2.4).
fn unreturned(asked: &Asked, tools: &[Value]) -> Option<Finding> {
    const ENCRYPTED: &str = "reasoning.encrypted_content";
    let waits = |tool: &Value| matches!(tool["type"].as_str(), Some("function" | "custom"));
    let unstored = asked.endpoint == Endpoint::Responses
        && asked.given("store").and_then(Value::as_bool) == Some(false);
    if !unstored || asked.effort == Some("none") || !tools.iter().any(waits) {
        return None;
    }
    let pointer = asked.pointer("include");
    let included = match asked.given("include") {
        None => Vec::new(),
        Some(Value::Array(included)) => included.clone(),
        // What it is instead has a finding of its own.
        Some(_) => return None,
    };
    if included.iter().any(|one| one == ENCRYPTED) {
        return None;
    }
    let whole: Vec<Value> = included.into_iter().chain([ENCRYPTED.into()]).collect();
    Some(
        Finding::warning(
            "reasoning_not_returned",
            &pointer,
            "After a call, the reasoning can't be sent back.",
        )
        .reason(
            "With store false nobody keeps it. Its encrypted form comes along where include asks for it, and goes back with the reply.",
        )
        .fix(Fix::offered(
            format!("Include {ENCRYPTED}"),
            [Edit::set(&pointer, whole)],
        )),
    )
}

fn one(asked: &Asked, tool: &Value, pointer: &str, findings: &mut Vec<Finding>) {
    let kind = tool.get("type").and_then(Value::as_str).unwrap_or("");
    let place = join(pointer, "type");
    if kind.is_empty() {
        findings.push(
            Finding::error("missing_field", place, "A tool has no type.")
                .reason("Every tool is an object with a type."),
        );
        return;
    }
    let Some(row) = asked.table.tool(kind) else {
        findings.push(unknown(asked, kind, &place));
        return;
    };
    if !row.on(asked.endpoint) {
        findings.push(
            Finding::error(
                "tool_not_on_endpoint",
                place,
                format!("{} has no tool {kind}.", asked.endpoint.name()),
            )
            .reason("It takes functions and custom tools only.")
            .fix(Fix::switch(asked.endpoint.other())),
        );
        return;
    }
    let shaped = shape(tool, asked.endpoint);
    if shaped != *tool {
        let reason = match asked.endpoint {
            Endpoint::Responses => "On Responses the fields of a tool stand beside its type.",
            Endpoint::ChatCompletions => {
                "On Chat Completions the fields of a tool stand in an object named after its type."
            }
        };
        findings.push(
            Finding::error(
                "tool_shape",
                pointer,
                "The tool stands in the form of the other endpoint.",
            )
            .reason(reason)
            .fix(Fix::safe(
                "Bring it into this form",
                [Edit::set(pointer, shaped)],
            )),
        );
        return;
    }
    let nested = asked.endpoint == Endpoint::ChatCompletions;
    let inner = if nested { &tool[kind] } else { tool };
    let at = if nested {
        join(pointer, kind)
    } else {
        pointer.to_owned()
    };
    if let Some(fields) = inner.as_object() {
        required(row, fields, &at, pointer, findings);
        bounded(row, fields, &at, findings);
    }
    let model = asked
        .model
        .map(|model| model.id.as_str())
        .unwrap_or_default();
    if row.unlisted_for.iter().any(|id| id == model) {
        findings.push(
            Finding::warning(
                "not_listed",
                place,
                format!("{kind} is not in the documentation of {model}."),
            )
            .reason("What happens is not known.")
            .fix(Fix::offered("Take the tool out", [Edit::remove(pointer)])),
        );
    }
}

fn unknown(asked: &Asked, kind: &str, place: &str) -> Finding {
    let mut rows = asked.table.tools().iter();
    match rows.find(|row| row.old_names.iter().any(|name| name == kind)) {
        Some(row) => Finding::error("tool_renamed", place, format!("There is no tool {kind}."))
            .reason(format!("It is called {}.", row.kind))
            .fix(Fix::safe(
                format!("Call it {}", row.kind),
                [Edit::set(place, row.kind.as_str())],
            )),
        None => Finding::warning(
            "unknown_tool",
            place,
            format!("{kind} is not in the list of tools."),
        )
        .reason("It is sent as it is; if the API does not know it either, the answer is 400."),
    }
}

fn required(
    row: &ToolKind,
    fields: &Map<String, Value>,
    at: &str,
    tool: &str,
    findings: &mut Vec<Finding>,
) {
    let empty = |name: &String| match fields.get(name) {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    };
    for name in row.requires.iter().filter(|name| empty(name)) {
        let place = join(at, name);
        let fix = match row.preset.get(name) {
            Some(preset) => Some(Fix::safe(
                format!("Set {name} to {preset}"),
                [Edit::set(&place, preset.clone())],
            )),
            // Only its owner can name a function; a built-in tool can be left out.
            None if row.chat_completions => None,
            None => Some(Fix::safe(
                format!("Take {} out", row.kind),
                [Edit::remove(tool)],
            )),
        };
        findings.push(
            Finding::error(
                "missing_field",
                place,
                format!("The tool {} has no {name}.", row.kind),
            )
            .reason("Without it the request is answered with 400.")
            .fix(fix),
        );
    }
    if !row.requires_one_of.is_empty() && row.requires_one_of.iter().all(empty) {
        findings.push(
            Finding::error(
                "missing_field",
                at,
                format!("The tool {} leads nowhere.", row.kind),
            )
            .reason(format!(
                "It needs one of {}.",
                row.requires_one_of.join(", ")
            )),
        );
    }
}

fn bounded(row: &ToolKind, fields: &Map<String, Value>, at: &str, findings: &mut Vec<Finding>) {
    for field in &row.fields {
        let Some(value) = place::given(fields, &field.path) else {
            continue;
        };
        let pointer = format!("{at}{}", place::pointer(&field.path));
        match value.as_str() {
            Some(name) if field.path == "name" && row.chat_completions => {
                if !format::is_name(name) {
                    findings.push(format::bad_name(&pointer, "the name of a tool", name));
                }
            }
            _ => Bounds::of(field, pointer).check(value, findings),
        }
    }
}

/// A choice among tools that are not there.
fn chosen(asked: &Asked, choice: &Value, tools: &[Value]) -> Option<Finding> {
    let pointer = asked.pointer("tool_choice");
    let leave = || Fix::safe("Leave tool_choice out", [Edit::remove(&pointer)]);
    if tools.is_empty() {
        let idle = matches!(choice.as_str(), Some("auto" | "none"));
        if idle && asked.endpoint == Endpoint::Responses {
            return None;
        }
        return Some(
            Finding::error(
                "tool_choice_without_tools",
                &pointer,
                "There is no tool to choose.",
            )
            .reason("tool_choice is taken together with tools.")
            .fix(leave()),
        );
    }
    let kind = choice.get("type").and_then(Value::as_str)?;
    let shaped = shape(choice, asked.endpoint);
    if shaped != *choice {
        return Some(
            Finding::error(
                "tool_shape",
                &pointer,
                "The choice stands in the form of the other endpoint.",
            )
            .reason("Responses names the tool beside the type, Chat Completions within it.")
            .fix(Fix::safe(
                "Bring it into this form",
                [Edit::set(&pointer, shaped)],
            )),
        );
    }
    let name = |it: &Value| match asked.endpoint {
        Endpoint::Responses => it.get("name").cloned(),
        Endpoint::ChatCompletions => it[kind].get("name").cloned(),
    };
    let mut same = tools.iter().filter(|tool| tool["type"] == *kind);
    match kind {
        "allowed_tools" | "mcp" => None,
        "function" | "custom" => {
            let wanted = name(choice)?;
            let found = same.any(|tool| name(tool).as_ref() == Some(&wanted));
            (!found).then(|| {
                Finding::error(
                    "tool_choice_unknown",
                    &pointer,
                    format!("tool_choice names {wanted}, which is not among the tools."),
                )
                .reason("The tool that must be called has to be there.")
                .fix(leave())
            })
        }
        _ => same.next().is_none().then(|| {
            Finding::warning(
                "tool_choice_unknown",
                &pointer,
                format!("tool_choice names {kind}, which is not among the tools."),
            )
            .reason("The tool that must be called has to be there.")
            .fix(leave())
        }),
    }
}
