//! Rust: types for serde, whose schemas schemars 1 writes.

use serde_json::Value;

use super::PrintNote;
use super::literal::{comment, rust};
use super::model::{Body, Declaration, Field, Kind, Model, Rules, Type};
use super::names::{self, Names};

const DERIVES: &str = "#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]\n";

const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "field",
];

pub fn print(model: &Model, notes: &mut Vec<PrintNote>) -> String {
    let mut printer = Printer {
        model,
        notes,
        extra: Vec::new(),
        has_numbers: false,
    };
    let mut text =
        String::from("use schemars::JsonSchema;\nuse serde::{Deserialize, Serialize};\n");
    for (place, declaration) in model.declarations.iter().enumerate().rev() {
        text.push('\n');
        text += &printer.declared(place, declaration);
        for extra in std::mem::take(&mut printer.extra) {
            text.push('\n');
            text += &extra;
        }
    }
    if printer.has_numbers {
        printer.notes.push(PrintNote {
            pointer: String::new(),
            message: "schemars writes the formats int64 and double for numbers, which strict mode refuses; strict mode's fix removes them".to_owned(),
        });
    }
    text
}

struct Printer<'m> {
    model: &'m Model,
    notes: &'m mut Vec<PrintNote>,
    /// Enums that belong to the declaration being printed.
    extra: Vec<String>,
    has_numbers: bool,
}

impl Printer<'_> {
    fn declared(&mut self, place: usize, declaration: &Declaration) -> String {
        let name = &declaration.name;
        let doc = doc(declaration.doc.as_deref(), "");
        match &declaration.body {
            Body::Object { fields, closed } => {
                let mut text = format!("{doc}{DERIVES}");
                if *closed {
                    text += "#[serde(deny_unknown_fields)]\n";
                }
                // schemars takes an Option for a key that may be missing; here only its value may be null.
                if fields
                    .iter()
                    .any(|field| field.required && field.kind.nullable)
                {
                    let names: Vec<String> = fields
                        .iter()
                        .filter(|field| field.required)
                        .map(|field| rust(&field.key))
                        .collect();
                    text += &format!(
                        "#[schemars(extend(\"required\" = [{}]))]\n",
                        names.join(", ")
                    );
                }
                text += &format!("pub struct {name} {{\n");
                let mut names = Names::default();
                for field in fields {
                    text += &self.field(place, field, &mut names);
                }
                text + "}\n"
            }
            Body::Alias(Type {
                kind: Kind::Choice(_, choices),
                nullable: false,
            }) => {
                let choices = self.choice(place, name, choices);
                format!("{doc}{choices}")
            }
            Body::Alias(Type {
                kind: Kind::Values(_, values),
                nullable: false,
            }) if values.iter().all(Value::is_string) => {
                format!("{doc}{}", values_enum(name, values))
            }
            Body::Alias(kind) => {
                let value = self.expression(place, kind, "");
                match declaration.looks_ahead {
                    // An alias may not refer to itself.
                    true => format!("{doc}{DERIVES}pub struct {name}(pub {value});\n"),
                    false => format!("{doc}pub type {name} = {value};\n"),
                }
            }
        }
    }

    fn field(&mut self, place: usize, field: &Field, names: &mut Names) -> String {
        let mut wanted = names::snake(&field.key);
        if KEYWORDS.contains(&wanted.as_str()) {
            wanted.push('_');
        }
        let name = names.unique(&wanted);
        let mut text = doc(field.doc.as_deref(), "    ");
        if name != field.key {
            text += &format!("    #[serde(rename = {})]\n", rust(&field.key));
        }
        let rules = self.rules(&field.kind, &field.pointer);
        if !rules.is_empty() {
            text += &format!("    #[schemars(extend({}))]\n", rules.join(", "));
        }
        let mut kind = self.expression(place, &field.kind, &field.pointer);
        match (field.required, field.kind.nullable) {
            // A missing key is not null: without this serde would take it for None.
            (true, true) => {
                text += "    #[serde(deserialize_with = \"Option::deserialize\")]\n";
            }
            (true, false) => {}
            (false, nullable) => {
                if !nullable {
                    kind = format!("Option<{kind}>");
                }
                text += "    #[serde(default, skip_serializing_if = \"Option::is_none\")]\n";
            }
        }
        text + &format!("    pub {name}: {kind},\n")
    }

    fn expression(&mut self, place: usize, kind: &Type, at: &str) -> String {
        let text = match &kind.kind {
            Kind::Anything => return "serde_json::Value".to_owned(),
            Kind::Null => return "()".to_owned(),
            Kind::Boolean => "bool".to_owned(),
            Kind::Integer(_) => {
                self.has_numbers = true;
                "i64".to_owned()
            }
            Kind::Number(_) => {
                self.has_numbers = true;
                "f64".to_owned()
            }
            Kind::Text(_) => "String".to_owned(),
            Kind::Values(name, values) => match values.as_slice() {
                all if all.iter().all(Value::is_string) => {
                    self.extra.push(values_enum(name, all));
                    name.clone()
                }
                all if all.iter().all(Value::is_i64) => {
                    self.has_numbers = true;
                    "i64".to_owned()
                }
                all if all.iter().all(Value::is_boolean) => "bool".to_owned(),
                _ => "serde_json::Value".to_owned(),
            },
            Kind::List(items, _) => {
                if !self.rules(items, at).is_empty() {
                    self.notes.push(PrintNote {
                        pointer: at.to_owned(),
                        message: "The rules of the list's items are not in the Rust type"
                            .to_owned(),
                    });
                }
                format!("Vec<{}>", self.within(place, items, at))
            }
            Kind::Map(values) => format!(
                "std::collections::BTreeMap<String, {}>",
                self.within(place, values, at)
            ),
            // Without a box a type that holds itself would have no size.
            Kind::Named(target) if *target >= place => format!("Box<{}>", self.model.name(*target)),
            Kind::Named(target) => self.model.name(*target).to_owned(),
            Kind::Choice(name, choices) => {
                let choices = self.choice(place, name, choices);
                self.extra.push(choices);
                name.clone()
            }
        };
        match kind.nullable {
            true => format!("Option<{text}>"),
            false => text,
        }
    }

    /// What a list or a map holds: it needs no box, for they keep it elsewhere anyway.
    fn within(&mut self, place: usize, kind: &Type, at: &str) -> String {
        match (&kind.kind, kind.nullable) {
            (Kind::Named(target), false) => self.model.name(*target).to_owned(),
            (Kind::Named(target), true) => format!("Option<{}>", self.model.name(*target)),
            _ => self.expression(place, kind, at),
        }
    }

    /// An enum of which serde takes the first variant that fits; whole numbers come before others.
    fn choice(&mut self, place: usize, name: &str, choices: &[Type]) -> String {
        let mut text = format!("{DERIVES}#[serde(untagged)]\npub enum {name} {{\n");
        let mut names = Names::default();
        let mut sorted: Vec<&Type> = choices.iter().collect();
        sorted.sort_by_key(|choice| matches!(choice.kind, Kind::Number(_)));
        for choice in sorted {
            let variant = names.unique(&match &choice.kind {
                Kind::Anything => "Other".to_owned(),
                Kind::Null => "Null".to_owned(),
                Kind::Boolean => "Boolean".to_owned(),
                Kind::Integer(_) => "Integer".to_owned(),
                Kind::Number(_) => "Number".to_owned(),
                Kind::Text(_) => "Text".to_owned(),
                Kind::List(..) => "List".to_owned(),
                Kind::Map(_) => "Map".to_owned(),
                Kind::Values(name, _) | Kind::Choice(name, _) => name.clone(),
                Kind::Named(target) => self.model.name(*target).to_owned(),
            });
            let inner = self.expression(place, choice, "");
            text += &format!("    {variant}({inner}),\n");
        }
        text + "}\n"
    }

    /// What the type doesn't say and the schema should.
    fn rules(&mut self, kind: &Type, at: &str) -> Vec<String> {
        let said = |rules: &Rules| {
            rules
                .iter()
                .map(|(keyword, value)| {
                    let value = value.as_str().map_or_else(|| value.to_string(), rust);
                    format!("{} = {value}", rust(keyword))
                })
                .collect()
        };
        match &kind.kind {
            Kind::Integer(rules)
            | Kind::Number(rules)
            | Kind::Text(rules)
            | Kind::List(_, rules) => said(rules),
            Kind::Values(_, values) if !values.iter().all(Value::is_string) => {
                if values
                    .iter()
                    .any(|value| !(value.is_number() || value.is_boolean() || value.is_string()))
                {
                    self.notes.push(PrintNote {
                        pointer: at.to_owned(),
                        message: "The only values allowed here are not in the Rust type".to_owned(),
                    });
                    return Vec::new();
                }
                let list: Vec<String> = values
                    .iter()
                    .map(|value| value.as_str().map_or_else(|| value.to_string(), rust))
                    .collect();
                let null = if kind.nullable { ", null" } else { "" };
                vec![format!("\"enum\" = [{}{null}]", list.join(", "))]
            }
            _ => Vec::new(),
        }
    }
}

fn values_enum(name: &str, values: &[Value]) -> String {
    let mut text = format!(
        "#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]\npub enum {name} {{\n"
    );
    let mut names = Names::default();
    for value in values.iter().filter_map(Value::as_str) {
        let mut variant = names::pascal(value);
        if variant.is_empty() || variant.starts_with(|c: char| c.is_ascii_digit()) {
            variant.insert_str(0, "Value");
        }
        if variant == "Self" {
            variant.push('_');
        }
        let variant = names.unique(&variant);
        if variant != value {
            text += &format!("    #[serde(rename = {})]\n", rust(value));
        }
        text += &format!("    {variant},\n");
    }
    text + "}\n"
}

fn doc(text: Option<&str>, indent: &str) -> String {
    text.map(comment)
        .unwrap_or_default()
        .iter()
        .map(|line| format!("{indent}/// {line}\n"))
        .collect()
}
