//! TypeScript: interfaces and types. What types can't say stands in their comments.

use super::literal::{comment, script_key, script_type};
use super::model::{Body, Declaration, Field, Kind, Model, Rules, Type};

pub fn print(model: &Model) -> String {
    let declarations: Vec<String> = model
        .declarations
        .iter()
        .rev()
        .map(|declaration| declared(model, declaration))
        .collect();
    declarations.join("\n")
}

/// One exported interface or type.
pub fn declared(model: &Model, declaration: &Declaration) -> String {
    let mut text = doc(declaration.doc.as_deref(), &[], "");
    let name = &declaration.name;
    match &declaration.body {
        Body::Alias(kind) => {
            text += &format!("export type {name} = {};\n", expression(model, kind));
        }
        // An empty interface would take any object.
        Body::Object {
            fields,
            closed: true,
        } if fields.is_empty() => {
            text += &format!("export type {name} = Record<string, never>;\n");
        }
        Body::Object { fields, .. } => {
            text += &format!("export interface {name} {{\n");
            for field in fields {
                text += &doc(field.doc.as_deref(), &tags(&field.kind), "  ");
                text += &line(model, field);
            }
            text += "}\n";
        }
    }
    text
}

fn line(model: &Model, field: &Field) -> String {
    let optional = if field.required { "" } else { "?" };
    format!(
        "  {}{optional}: {};\n",
        script_key(&field.key),
        expression(model, &field.kind)
    )
}

fn expression(model: &Model, kind: &Type) -> String {
    let text = match &kind.kind {
        Kind::Anything => return "unknown".to_owned(),
        Kind::Null => return "null".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Integer(_) | Kind::Number(_) => "number".to_owned(),
        Kind::Text(_) => "string".to_owned(),
        Kind::Values(_, values) => {
            let values: Vec<String> = values.iter().map(script_type).collect();
            values.join(" | ")
        }
        Kind::List(items, _) => match expression(model, items) {
            items if items.contains(" | ") => format!("({items})[]"),
            items => format!("{items}[]"),
        },
        Kind::Map(values) => format!("Record<string, {}>", expression(model, values)),
        Kind::Named(place) => model.name(*place).to_owned(),
        Kind::Choice(_, choices) => {
            let choices: Vec<String> = choices.iter().map(|it| expression(model, it)).collect();
            choices.join(" | ")
        }
    };
    match kind.nullable {
        true => format!("{text} | null"),
        false => text,
    }
}

/// The rules of a field as JSDoc tags, which generators of schemas read.
fn tags(kind: &Type) -> Vec<String> {
    let tag = |rules: &Rules| {
        rules
            .iter()
            .map(|(keyword, value)| {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                format!("@{keyword} {value}")
            })
            .collect()
    };
    match &kind.kind {
        Kind::Integer(rules) => {
            let mut tags: Vec<String> = tag(rules);
            tags.insert(0, "@asType integer".to_owned());
            tags
        }
        Kind::Number(rules) | Kind::Text(rules) | Kind::List(_, rules) => tag(rules),
        _ => Vec::new(),
    }
}

fn doc(text: Option<&str>, tags: &[String], indent: &str) -> String {
    let mut lines: Vec<String> = text.map(comment).unwrap_or_default();
    lines.extend(tags.iter().flat_map(|tag| comment(tag)));
    for line in &mut lines {
        *line = line.replace("*/", "*\\/");
    }
    match lines.as_slice() {
        [] => String::new(),
        [one] => format!("{indent}/** {one} */\n"),
        many => {
            let body: String = many
                .iter()
                .map(|line| format!("{indent} * {line}\n"))
                .collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}
