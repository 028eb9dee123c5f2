//! Python: models for Pydantic 2, strict, and closed where the schema is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::PrintNote;
use super::literal::{python, python_value};
use super::model::{Body, Declaration, Field, Kind, Model, Rules, Type};
use super::names::{Names, is_plain, snake};

/// Reserved by Python or used by `BaseModel`; as a field each would break the class.
const RESERVED: [&str; 60] = [
    "and",
    "as",
    "assert",
    "async",
    "await",
    "bool",
    "break",
    "class",
    "construct",
    "continue",
    "copy",
    "date",
    "datetime",
    "def",
    "del",
    "dict",
    "elif",
    "else",
    "except",
    "false",
    "field",
    "fields",
    "finally",
    "float",
    "for",
    "from",
    "from_orm",
    "global",
    "if",
    "import",
    "in",
    "int",
    "is",
    "json",
    "lambda",
    "list",
    "none",
    "nonlocal",
    "not",
    "or",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "pass",
    "raise",
    "return",
    "schema",
    "schema_json",
    "self",
    "str",
    "time",
    "timedelta",
    "true",
    "try",
    "update_forward_refs",
    "uuid",
    "validate",
    "while",
    "with",
    "yield",
];

pub fn print(model: &Model, notes: &mut Vec<PrintNote>) -> String {
    let mut printer = Printer {
        model,
        notes,
        imports: BTreeSet::new(),
    };
    let body: Vec<String> = model
        .declarations
        .iter()
        .map(|declaration| printer.declared(declaration))
        .collect();
    let mut head = String::from("from __future__ import annotations\n\n");
    let mut from: Option<&str> = None;
    for (module, name) in &printer.imports {
        if from == Some(module) {
            head += &format!(", {name}");
        } else {
            if from.is_some() {
                head.push('\n');
            }
            head += &format!("from {module} import {name}");
            from = Some(module);
        }
    }
    if from.is_some() {
        head.push('\n');
    }
    let ahead: Vec<&Declaration> = model
        .declarations
        .iter()
        .filter(|it| it.looks_ahead && matches!(it.body, Body::Object { .. }))
        .collect();
    let mut text = format!("{head}\n\n{}", body.join("\n\n"));
    if !ahead.is_empty() {
        text += "\n\n";
        for declaration in ahead {
            text += &format!("{}.model_rebuild()\n", declaration.name);
        }
    }
    text
}

struct Printer<'m> {
    model: &'m Model,
    notes: &'m mut Vec<PrintNote>,
    imports: BTreeSet<(&'static str, &'static str)>,
}

impl Printer<'_> {
    fn import(&mut self, module: &'static str, name: &'static str) -> String {
        self.imports.insert((module, name));
        name.to_owned()
    }

    fn declared(&mut self, declaration: &Declaration) -> String {
        let name = &declaration.name;
        match &declaration.body {
            Body::Alias(kind) => {
                let comment = declaration
                    .doc
                    .as_deref()
                    .map(super::literal::comment)
                    .unwrap_or_default();
                let mut text: String = comment.iter().map(|line| format!("# {line}\n")).collect();
                let value = self.expression(kind, "");
                if declaration.looks_ahead {
                    self.import("typing_extensions", "TypeAliasType");
                    text += &format!(
                        "{name} = TypeAliasType({}, {})\n",
                        python(name),
                        python(&value)
                    );
                } else {
                    text += &format!("{name} = {value}\n");
                }
                text
            }
            Body::Object { fields, closed } => self.class(declaration, fields, *closed),
        }
    }

    fn class(&mut self, declaration: &Declaration, fields: &[Field], closed: bool) -> String {
        self.import("pydantic", "BaseModel");
        self.import("pydantic", "ConfigDict");
        let mut text = format!("class {}(BaseModel):\n", declaration.name);
        if let Some(doc) = &declaration.doc {
            let literal = python(doc);
            // Three quotes as Python writes it, where nothing in the text needs care.
            text += &match literal.trim_matches('"') == doc && !doc.contains('"') {
                true => format!("    \"\"\"{doc}\"\"\"\n\n"),
                false => format!("    {literal}\n\n"),
            };
        }
        let extra = if closed { "extra=\"forbid\", " } else { "" };
        text += &format!("    model_config = ConfigDict({extra}strict=True)\n");
        if !fields.is_empty() {
            text.push('\n');
        }
        let mut names = Names::default();
        for field in fields {
            text += &self.field(field, &mut names);
        }
        text
    }

    fn field(&mut self, field: &Field, names: &mut Names) -> String {
        let plain = match is_plain(&field.key) {
            true => field.key.clone(),
            false => snake(&field.key),
        };
        let lower = plain.to_lowercase();
        let is_reserved = RESERVED.contains(&lower.as_str())
            || plain.starts_with("model_")
            || self.model.declarations.iter().any(|it| it.name == plain);
        let name = names.unique(&if is_reserved { plain + "_" } else { plain });
        let mut kind = self.expression(&field.kind, &field.pointer);
        let mut arguments = Vec::new();
        if !field.required {
            if !kind.ends_with("| None") && kind != "None" && kind != "Any" {
                kind += " | None";
            }
            arguments.push("default=None".to_owned());
        }
        if name != field.key {
            arguments.push(format!("alias={}", python(&field.key)));
        }
        if let Some(doc) = &field.doc {
            arguments.push(format!("description={}", python(doc)));
        }
        if arguments.is_empty() {
            return format!("    {name}: {kind}\n");
        }
        self.import("pydantic", "Field");
        format!("    {name}: {kind} = Field({})\n", arguments.join(", "))
    }

    fn expression(&mut self, kind: &Type, at: &str) -> String {
        let text = match &kind.kind {
            Kind::Anything => return self.import("typing", "Any"),
            Kind::Null => return "None".to_owned(),
            Kind::Boolean => "bool".to_owned(),
            Kind::Integer(rules) => self.ruled("int", rules),
            Kind::Number(rules) => self.ruled("float", rules),
            Kind::Text(rules) => self.text(rules, at),
            Kind::Values(_, values) => self.literals(values, at),
            Kind::List(items, rules) => {
                let items = self.expression(items, at);
                self.ruled(&format!("list[{items}]"), rules)
            }
            Kind::Map(values) => format!("dict[str, {}]", self.expression(values, at)),
            Kind::Named(place) => self.model.name(*place).to_owned(),
            Kind::Choice(_, choices) => {
                let choices: Vec<String> =
                    choices.iter().map(|it| self.expression(it, at)).collect();
                // A name alone can't be joined by `|` while it is only a text.
                self.import("typing", "Union");
                format!("Union[{}]", choices.join(", "))
            }
        };
        match kind.nullable {
            true => format!("{text} | None"),
            false => text,
        }
    }

    /// The type with the rules that Pydantic checks.
    fn ruled(&mut self, kind: &str, rules: &Rules) -> String {
        const ARGUMENTS: [(&str, &str); 9] = [
            ("minimum", "ge"),
            ("maximum", "le"),
            ("exclusiveMinimum", "gt"),
            ("exclusiveMaximum", "lt"),
            ("multipleOf", "multiple_of"),
            ("minItems", "min_length"),
            ("maxItems", "max_length"),
            ("minLength", "min_length"),
            ("maxLength", "max_length"),
        ];
        let arguments: Vec<String> = ARGUMENTS
            .iter()
            .filter_map(|(keyword, argument)| {
                let value = rules.get(*keyword).filter(|value| value.is_number())?;
                Some(format!("{argument}={value}"))
            })
            .collect();
        self.annotated(kind, &arguments)
    }

    fn annotated(&mut self, kind: &str, arguments: &[String]) -> String {
        if arguments.is_empty() {
            return kind.to_owned();
        }
        self.import("typing", "Annotated");
        self.import("pydantic", "Field");
        format!("Annotated[{kind}, Field({})]", arguments.join(", "))
    }

    fn text(&mut self, rules: &Rules, at: &str) -> String {
        let format = rules.get("format").and_then(Value::as_str);
        if rules.len() == 1
            && let Some(kind) = format.and_then(|format| self.typed(format))
        {
            return kind;
        }
        let mut arguments = Vec::new();
        for (keyword, argument) in [("minLength", "min_length"), ("maxLength", "max_length")] {
            if let Some(value) = rules.get(keyword).filter(|value| value.is_number()) {
                arguments.push(format!("{argument}={value}"));
            }
        }
        let mut unchecked = Vec::new();
        if let Some(pattern) = rules.get("pattern").and_then(Value::as_str) {
            // Pydantic's patterns are those of Rust, which know no look-around.
            if regex::Regex::new(pattern).is_ok() {
                arguments.push(format!("pattern={}", python(pattern)));
            } else {
                unchecked.push(("pattern", pattern));
                self.notes.push(PrintNote {
                    pointer: at.to_owned(),
                    message: "Pydantic can't check this pattern; it stands only in the schema"
                        .to_owned(),
                });
            }
        }
        unchecked.extend(format.map(|format| ("format", format)));
        if !unchecked.is_empty() {
            let entries: Vec<String> = unchecked
                .iter()
                .map(|(keyword, value)| format!("{}: {}", python(keyword), python(value)))
                .collect();
            arguments.push(format!("json_schema_extra={{{}}}", entries.join(", ")));
        }
        self.annotated("str", &arguments)
    }

    /// The type that Pydantic has for a format.
    fn typed(&mut self, format: &str) -> Option<String> {
        Some(match format {
            "date-time" => self.import("pydantic", "AwareDatetime"),
            "date" => self.import("datetime", "date"),
            "time" => self.import("datetime", "time"),
            "duration" => self.import("datetime", "timedelta"),
            "email" => self.import("pydantic", "EmailStr"),
            "ipv4" => self.import("ipaddress", "IPv4Address"),
            "ipv6" => self.import("ipaddress", "IPv6Address"),
            "uuid" => self.import("uuid", "UUID"),
            _ => return None,
        })
    }

    fn literals(&mut self, values: &[Value], at: &str) -> String {
        let fits = |value: &Value| value.is_string() || value.is_boolean() || value.is_i64();
        if values.iter().all(fits) {
            self.import("typing", "Literal");
            let list: Vec<String> = values.iter().map(python_value).collect();
            return format!("Literal[{}]", list.join(", "));
        }
        self.notes.push(PrintNote {
            pointer: at.to_owned(),
            message: "Python has no literals of these values; they stand only in the schema"
                .to_owned(),
        });
        let list: Vec<String> = values.iter().map(python_value).collect();
        self.import("typing", "Any");
        let argument = format!("json_schema_extra={{\"enum\": [{}]}}", list.join(", "));
        self.annotated("Any", &[argument])
    }
}
