//! Reads a schema into declarations and types.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Body, Declaration, Field, Kind, Rules, Type, plain};
use crate::schema::fix::merged;
use crate::schema::keywords::implied_type;
use crate::schema::pointer::{self, Step};
use crate::schema::print::PrintNote;
use crate::schema::print::names::{self, Names};

/// Schemas within one another beyond this are printed as "anything".
const DEEPEST: usize = 160;

/// The declarations in the order in which they were met, and what could not be read.
pub fn read(schema: &Value, name: &str) -> (Vec<Declaration>, Vec<PrintNote>) {
    let mut reader = Reader {
        root: schema,
        names: Names::default(),
        places: HashMap::new(),
        read: Vec::new(),
        waiting: Vec::new(),
        notes: Vec::new(),
    };
    reader.declare(String::new(), name, false);
    // Not by recursion: a chain of references may be as long as the schema.
    while let Some(waiting) = reader.waiting.pop() {
        let target = schema.pointer(&waiting.at).unwrap_or(&Value::Null);
        reader.fill(&waiting, target);
    }
    (reader.read, reader.notes)
}

struct Reader<'s> {
    root: &'s Value,
    names: Names,
    /// The declaration of each place in the schema that has one.
    places: HashMap<(String, bool), usize>,
    read: Vec<Declaration>,
    /// Declared, but not yet read.
    waiting: Vec<Waiting>,
    notes: Vec<PrintNote>,
}

struct Waiting {
    place: usize,
    at: String,
    only_object: bool,
}

impl<'s> Reader<'s> {
    /// Declares what stands at a place. `only_object`: the object that it may be among other types.
    fn declare(&mut self, at: String, wanted: &str, only_object: bool) -> usize {
        let key = (at, only_object);
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let at = key.0.clone();
        let place = self.read.len();
        let name = self.names.unique(&names::of_type(wanted));
        self.read.push(Declaration {
            name,
            doc: None,
            body: Body::Alias(plain(Kind::Anything)),
            looks_ahead: false,
        });
        self.places.insert(key, place);
        self.waiting.push(Waiting {
            place,
            at,
            only_object,
        });
        place
    }

    fn fill(&mut self, waiting: &Waiting, schema: &'s Value) {
        let Waiting {
            place,
            at,
            only_object,
        } = waiting;
        let place = *place;
        let name = self.read[place].name.clone();
        let doc = doc(schema);
        let body = match schema {
            Value::Object(node) if *only_object || is_plain_object(node) => {
                self.object(node, at, &name)
            }
            _ => Body::Alias(self.kind(schema, at, &name, 0)),
        };
        let declaration = &mut self.read[place];
        declaration.doc = doc;
        declaration.body = body;
    }

    fn object(&mut self, node: &'s Map<String, Value>, at: &str, name: &str) -> Body {
        let required: std::collections::HashSet<&str> = node
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = node.get("properties").and_then(Value::as_object);
        let fields = properties
            .into_iter()
            .flatten()
            .map(|(key, property)| {
                let step = [Step::Key("properties"), Step::Key(key)];
                let pointer = format!("{at}{}", pointer::text(&step));
                Field {
                    key: key.clone(),
                    doc: doc(property),
                    kind: self.kind(property, &pointer, &format!("{name} {key}"), 0),
                    required: required.contains(key.as_str()),
                    pointer,
                }
            })
            .collect();
        Body::Object {
            fields,
            closed: node.get("additionalProperties") == Some(&Value::Bool(false)),
        }
    }

    fn note(&mut self, at: &str, message: String) {
        self.notes.push(PrintNote {
            pointer: at.to_owned(),
            message,
        });
    }

    /// The type of a schema; `wanted` names what has to be declared for it.
    fn kind(&mut self, schema: &'s Value, at: &str, wanted: &str, depth: usize) -> Type {
        let Value::Object(node) = schema else {
            if schema != &Value::Bool(true) {
                self.note(
                    at,
                    "This is no schema; it is printed as anything".to_owned(),
                );
            }
            return plain(Kind::Anything);
        };
        if depth > DEEPEST {
            self.note(at, "It lies too deep; it is printed as anything".to_owned());
            return plain(Kind::Anything);
        }
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, at);
        }
        if let Some(values) = values(node) {
            return of_values(values, || self.names.unique(&names::of_type(wanted)));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = node.get(keyword) {
                return self.choice(branches, &format!("{at}/{keyword}"), wanted, depth);
            }
        }
        if node.contains_key("allOf") {
            return self.parts(node, at, wanted, depth);
        }
        let kinds: Vec<&str> = match node.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => implied_type(node).into_iter().collect(),
        };
        let nullable = kinds.contains(&"null");
        let others: Vec<&str> = kinds.into_iter().filter(|kind| *kind != "null").collect();
        match others.as_slice() {
            [] if nullable => plain(Kind::Null),
            [] => {
                self.note(
                    at,
                    "The schema doesn't say what it holds; it is printed as anything".to_owned(),
                );
                plain(Kind::Anything)
            }
            [only] => Type {
                kind: self.single(only, node, at, wanted, depth),
                nullable,
            },
            several => {
                let choices = several
                    .iter()
                    .map(|kind| {
                        plain(self.single(kind, node, at, &format!("{wanted} {kind}"), depth))
                    })
                    .collect();
                Type {
                    kind: Kind::Choice(self.names.unique(&names::of_type(wanted)), choices),
                    nullable,
                }
            }
        }
    }

    fn reference(&mut self, reference: &str, at: &str) -> Type {
        let target = pointer::local(reference)
            .filter(|target| self.root.pointer(target).is_some_and(Value::is_object));
        let Some(target) = target else {
            self.note(
                at,
                format!("{reference} is not there; it is printed as anything"),
            );
            return plain(Kind::Anything);
        };
        let wanted = match pointer::parts(&target).pop() {
            Some(last) if last != "items" => last,
            _ => "Item".to_owned(),
        };
        plain(Kind::Named(self.declare(target, &wanted, false)))
    }

    fn choice(&mut self, branches: &'s [Value], at: &str, wanted: &str, depth: usize) -> Type {
        let mut nullable = false;
        let mut choices = Vec::new();
        let is_null = |branch: &Value| branch.get("type").is_some_and(|kind| kind == "null");
        let others = branches.iter().filter(|branch| !is_null(branch)).count();
        for (index, branch) in branches.iter().enumerate() {
            if is_null(branch) {
                nullable = true;
                continue;
            }
            let name = match (others, branch.get("title").and_then(Value::as_str)) {
                (1, _) => wanted.to_owned(),
                (_, Some(title)) => title.to_owned(),
                _ => format!("{wanted} {}", index + 1),
            };
            let choice = self.kind(branch, &format!("{at}/{index}"), &name, depth + 1);
            nullable |= choice.nullable;
            choices.push(Type {
                nullable: false,
                ..choice
            });
        }
        let kind = match choices.len() {
            0 => Kind::Null,
            1 => choices.pop().map_or(Kind::Null, |only| only.kind),
            _ => Kind::Choice(self.names.unique(&names::of_type(wanted)), choices),
        };
        let nullable = nullable && !matches!(kind, Kind::Null);
        Type { kind, nullable }
    }

    /// `allOf`: the one part that it has, or nothing that could be said.
    fn parts(
        &mut self,
        node: &'s Map<String, Value>,
        at: &str,
        wanted: &str,
        depth: usize,
    ) -> Type {
        if let Some(Value::Array(parts)) = node.get("allOf")
            && let [only] = parts.as_slice()
            && merged(self.root, node).is_some()
        {
            return self.kind(only, &format!("{at}/allOf/0"), wanted, depth + 1);
        }
        self.note(
            at,
            "allOf is printed as anything; strict mode's fix may merge it".to_owned(),
        );
        plain(Kind::Anything)
    }

    fn single(
        &mut self,
        kind: &str,
        node: &'s Map<String, Value>,
        at: &str,
        wanted: &str,
        depth: usize,
    ) -> Kind {
        match kind {
            "string" => Kind::Text(rules(
                node,
                &["format", "pattern", "minLength", "maxLength"],
            )),
            "integer" => Kind::Integer(rules(node, &NUMBERS)),
            "number" => Kind::Number(rules(node, &NUMBERS)),
            "boolean" => Kind::Boolean,
            "array" => {
                let items = match node.get("items") {
                    Some(items) => {
                        self.kind(items, &format!("{at}/items"), &singular(wanted), depth + 1)
                    }
                    None => {
                        self.note(
                            at,
                            "The list doesn't say what it holds; its items are printed as anything"
                                .to_owned(),
                        );
                        plain(Kind::Anything)
                    }
                };
                Kind::List(Box::new(items), rules(node, &["minItems", "maxItems"]))
            }
            "object" if is_map(node) => {
                let values = match node.get("additionalProperties") {
                    Some(values @ Value::Object(_)) => self.kind(
                        values,
                        &format!("{at}/additionalProperties"),
                        &format!("{wanted} value"),
                        depth + 1,
                    ),
                    _ => plain(Kind::Anything),
                };
                Kind::Map(Box::new(values))
            }
            "object" => {
                let only_object = !is_plain_object(node);
                Kind::Named(self.declare(at.to_owned(), wanted, only_object))
            }
            other => {
                self.note(
                    at,
                    format!("There is no type {other}; it is printed as anything"),
                );
                Kind::Anything
            }
        }
    }
}

const NUMBERS: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

fn rules(node: &Map<String, Value>, keywords: &[&str]) -> Rules {
    node.iter()
        .filter(|(keyword, _)| keywords.contains(&keyword.as_str()))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect()
}

fn doc(schema: &Value) -> Option<String> {
    ["description", "title"]
        .iter()
        .find_map(|keyword| schema.get(keyword)?.as_str())
        .filter(|text| !text.trim().is_empty())
        .map(str::to_owned)
}

fn values(node: &Map<String, Value>) -> Option<Vec<Value>> {
    match (node.get("const"), node.get("enum")) {
        (Some(only), _) => Some(vec![only.clone()]),
        (_, Some(Value::Array(values))) if !values.is_empty() => Some(values.clone()),
        _ => None,
    }
}

fn of_values(values: Vec<Value>, name: impl FnOnce() -> String) -> Type {
    let nullable = values.contains(&Value::Null);
    let others: Vec<Value> = values
        .into_iter()
        .filter(|value| !value.is_null())
        .collect();
    match others.is_empty() {
        true => plain(Kind::Null),
        false => Type {
            kind: Kind::Values(name(), others),
            nullable,
        },
    }
}

/// An object that is nothing else too, and whose keys are named.
fn is_plain_object(node: &Map<String, Value>) -> bool {
    let is_object = match node.get("type") {
        Some(kind) => kind == "object",
        None => implied_type(node) == Some("object"),
    };
    is_object
        && !is_map(node)
        && !["$ref", "enum", "const", "anyOf", "oneOf", "allOf"]
            .iter()
            .any(|keyword| node.contains_key(*keyword))
}

/// An object whose keys are free.
fn is_map(node: &Map<String, Value>) -> bool {
    let names_none = node
        .get("properties")
        .and_then(Value::as_object)
        .is_none_or(Map::is_empty);
    names_none && node.get("additionalProperties") != Some(&Value::Bool(false))
}

/// What one of several is called: `speakers` holds a `speaker`.
fn singular(wanted: &str) -> String {
    match wanted.strip_suffix('s') {
        Some(one) if !one.ends_with(['s', 'u', 'i']) && one.len() > 2 => one.to_owned(),
        _ => format!("{wanted} item"),
    }
}
