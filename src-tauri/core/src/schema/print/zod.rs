//! Zod 4: a schema and its type for each declaration.

use serde_json::Value;

use super::PrintNote;
use super::literal::{script, script_key};
use super::model::{Body, Declaration, Kind, Model, Rules, Type};
use super::typescript;

pub fn print(model: &Model, notes: &mut Vec<PrintNote>) -> String {
    let mut text = String::from("import * as z from \"zod\";\n");
    for declaration in &model.declarations {
        text.push('\n');
        text += &declared(model, declaration, notes);
    }
    text
}

fn declared(model: &Model, declaration: &Declaration, notes: &mut Vec<PrintNote>) -> String {
    let name = &declaration.name;
    let mut schema = match &declaration.body {
        Body::Alias(kind) => expression(model, kind, "", notes),
        Body::Object { fields, closed } => {
            let mut object = match closed {
                true => "z.strictObject({\n".to_owned(),
                false => "z.looseObject({\n".to_owned(),
            };
            for field in fields {
                let mut line = expression(model, &field.kind, &field.pointer, notes);
                if !field.required {
                    line += ".optional()";
                }
                if let Some(doc) = &field.doc {
                    line += &format!(".describe({})", script(doc));
                }
                object += &format!("  {}: {line},\n", script_key(&field.key));
            }
            object + "})"
        }
    };
    if let Some(doc) = &declaration.doc {
        schema += &format!(".describe({})", script(doc));
    }
    if declaration.looks_ahead {
        // Its type can't be inferred from itself, and what it refers to is not there yet.
        let kind = typescript::declared(model, declaration);
        return format!("{kind}export const {name}: z.ZodType<{name}> = z.lazy(() => {schema});\n");
    }
    format!("export const {name} = {schema};\nexport type {name} = z.infer<typeof {name}>;\n")
}

fn expression(model: &Model, kind: &Type, at: &str, notes: &mut Vec<PrintNote>) -> String {
    let mut inner = |kind: &Type| expression(model, kind, at, notes);
    let text = match &kind.kind {
        Kind::Anything => "z.unknown()".to_owned(),
        Kind::Null => "z.null()".to_owned(),
        Kind::Boolean => "z.boolean()".to_owned(),
        Kind::Integer(rules) => format!("z.int(){}", number(rules)),
        Kind::Number(rules) => format!("z.number(){}", number(rules)),
        Kind::Text(rules) => string(rules),
        Kind::Values(_, values) => literals(values, at, notes),
        Kind::List(items, rules) => format!(
            "z.array({}){}",
            inner(items),
            calls(rules, &[("minItems", "min"), ("maxItems", "max")])
        ),
        Kind::Map(values) => format!("z.record(z.string(), {})", inner(values)),
        Kind::Named(place) => model.name(*place).to_owned(),
        Kind::Choice(_, choices) => {
            let choices: Vec<String> = choices.iter().map(inner).collect();
            format!("z.union([{}])", choices.join(", "))
        }
    };
    match kind.nullable {
        true => format!("{text}.nullable()"),
        false => text,
    }
}

fn number(rules: &Rules) -> String {
    calls(
        rules,
        &[
            ("minimum", "min"),
            ("maximum", "max"),
            ("exclusiveMinimum", "gt"),
            ("exclusiveMaximum", "lt"),
            ("multipleOf", "multipleOf"),
        ],
    )
}

fn string(rules: &Rules) -> String {
    let format = rules.get("format").and_then(Value::as_str);
    let start = match format {
        Some("date-time") => "z.iso.datetime({ offset: true })".to_owned(),
        Some("date") => "z.iso.date()".to_owned(),
        Some("duration") => "z.iso.duration()".to_owned(),
        Some("email") => "z.email()".to_owned(),
        Some("hostname") => "z.hostname()".to_owned(),
        Some("ipv4") => "z.ipv4()".to_owned(),
        Some("ipv6") => "z.ipv6()".to_owned(),
        // z.uuid() also wants a known version; the format doesn't.
        Some("uuid") => "z.guid()".to_owned(),
        // z.iso.time() takes no offset, which the format demands.
        Some(other) => format!("z.string().meta({{ format: {} }})", script(other)),
        None => "z.string()".to_owned(),
    };
    let pattern = rules
        .get("pattern")
        .and_then(Value::as_str)
        .map(|pattern| format!(".regex(new RegExp({}, \"u\"))", script(pattern)))
        .unwrap_or_default();
    let lengths = calls(rules, &[("minLength", "min"), ("maxLength", "max")]);
    format!("{start}{pattern}{lengths}")
}

fn calls(rules: &Rules, names: &[(&str, &str)]) -> String {
    names
        .iter()
        .filter_map(|(keyword, call)| {
            let value = rules.get(*keyword).filter(|value| value.is_number())?;
            Some(format!(".{call}({value})"))
        })
        .collect()
}

fn literals(values: &[Value], at: &str, notes: &mut Vec<PrintNote>) -> String {
    if values
        .iter()
        .any(|value| value.is_object() || value.is_array())
    {
        notes.push(PrintNote {
            pointer: at.to_owned(),
            message: "Zod has no literals that are objects or lists; it takes anything here"
                .to_owned(),
        });
        return "z.unknown()".to_owned();
    }
    let list: Vec<String> = values
        .iter()
        .map(|value| value.as_str().map_or_else(|| value.to_string(), script))
        .collect();
    match list.as_slice() {
        [only] => format!("z.literal({only})"),
        many if values.iter().all(Value::is_string) => format!("z.enum([{}])", many.join(", ")),
        many => format!("z.literal([{}])", many.join(", ")),
    }
}
