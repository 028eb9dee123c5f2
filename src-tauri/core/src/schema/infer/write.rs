//! The schema of what was seen, and the notes on what in it is a guess.

use serde_json::{Map, Value, json};

use super::format;
use super::seen::{Seen, Texts};
use super::{Note, NoteKind};
use crate::schema::pointer::{self, Step};

/// An enum is guessed where each value came at least twice on average, and at least this many came.
const FEWEST_FOR_ENUM: usize = 4;
/// A longer text is prose and no name of a case.
const LONGEST_CASE: usize = 40;

/// The schema, and what to look at again.
pub fn write(seen: &Seen) -> (Value, Vec<Note>) {
    let mut writer = Writer {
        path: Vec::new(),
        notes: Vec::new(),
    };
    let is_object = matches!(kinds(seen).as_slice(), [Kind::Object]) && seen.nulls == 0;
    if !is_object {
        writer.note(
            NoteKind::RootNotObject,
            "The sample is no object. Strict mode wants one at the root: its fix wraps this schema."
                .to_owned(),
        );
    }
    let schema = writer.schema(seen, false);
    (schema, writer.notes)
}

struct Writer<'a> {
    path: Vec<Step<'a>>,
    notes: Vec<Note>,
}

impl<'a> Writer<'a> {
    fn note(&mut self, kind: NoteKind, message: String) {
        self.notes.push(Note {
            kind,
            pointer: pointer::text(&self.path),
            message,
        });
    }

    /// `may_lack`: the place may be missing, which strict mode says as null.
    fn schema(&mut self, seen: &'a Seen, may_lack: bool) -> Value {
        let takes_null = may_lack || seen.nulls > 0;
        let kinds = kinds(seen);
        match kinds.as_slice() {
            [] => {
                self.note(
                    NoteKind::OnlyNull,
                    "Only null was seen here; text is a guess.".to_owned(),
                );
                json!({"type": ["string", "null"]})
            }
            [only] => {
                let mut only = self.kind(seen, *only);
                if takes_null {
                    allow_null(&mut only);
                }
                Value::Object(only)
            }
            _ => {
                self.note(
                    NoteKind::Union,
                    format!("Values of {} types were seen here.", kinds.len()),
                );
                let mut choices: Vec<Value> = Vec::new();
                // The place of each choice is known only when it is written.
                for (index, single) in kinds.into_iter().enumerate() {
                    self.path.push(Step::Key("anyOf"));
                    self.path.push(Step::Index(index));
                    choices.push(Value::Object(self.kind(seen, single)));
                    self.path.truncate(self.path.len() - 2);
                }
                if takes_null {
                    choices.push(json!({"type": "null"}));
                }
                let mut union = Map::new();
                union.insert("anyOf".to_owned(), Value::Array(choices));
                Value::Object(union)
            }
        }
    }

    fn kind(&mut self, seen: &'a Seen, kind: Kind) -> Map<String, Value> {
        match kind {
            Kind::Boolean => of_type("boolean"),
            Kind::Integer => of_type("integer"),
            Kind::Number => of_type("number"),
            Kind::Text => self.text(&seen.texts),
            Kind::List => {
                let items = match &seen.items {
                    Some(items) => {
                        self.path.push(Step::Key("items"));
                        let items = self.schema(items, false);
                        self.path.pop();
                        items
                    }
                    None => {
                        self.note(
                            NoteKind::EmptyList,
                            "Only empty lists were seen; items of text are a guess.".to_owned(),
                        );
                        json!({"type": "string"})
                    }
                };
                let mut list = of_type("array");
                list.insert("items".to_owned(), items);
                list
            }
            Kind::Object => self.object(seen),
        }
    }

    fn text(&mut self, texts: &Texts) -> Map<String, Value> {
        if let Some(format) = format::name(texts.formats) {
            self.note(
                NoteKind::FormatGuess,
                format!("Every text here reads as {format}."),
            );
            let mut text = of_type("string");
            text.insert("format".to_owned(), format.into());
            return text;
        }
        let cases = texts.different.as_ref().filter(|different| {
            texts.count >= FEWEST_FOR_ENUM
                && different.len() * 2 <= texts.count
                && different
                    .iter()
                    .all(|text| !text.is_empty() && text.chars().count() <= LONGEST_CASE)
        });
        let mut text = of_type("string");
        if let Some(cases) = cases {
            self.note(
                NoteKind::EnumGuess,
                format!(
                    "{} texts, and only {} different ones: they are taken for all there are.",
                    texts.count,
                    cases.len()
                ),
            );
            text.insert("enum".to_owned(), json!(cases));
        }
        text
    }

    fn object(&mut self, seen: &'a Seen) -> Map<String, Value> {
        let mut properties = Map::new();
        if seen.fields.list.is_empty() {
            self.note(
                NoteKind::EmptyObject,
                "Only objects without keys were seen; add the fields.".to_owned(),
            );
        }
        for field in &seen.fields.list {
            let may_lack = field.count < seen.objects;
            self.path.push(Step::Key("properties"));
            self.path.push(Step::Key(&field.name));
            if may_lack {
                self.note(
                    NoteKind::Optional,
                    format!(
                        "{} of {} objects have it; it is null in the others.",
                        field.count, seen.objects
                    ),
                );
            }
            let schema = self.schema(&field.seen, may_lack);
            self.path.truncate(self.path.len() - 2);
            properties.insert(field.name.clone(), schema);
        }
        let required: Vec<Value> = properties.keys().cloned().map(Value::from).collect();
        let mut object = Map::new();
        object.insert("type".to_owned(), "object".into());
        object.insert("properties".to_owned(), Value::Object(properties));
        object.insert("required".to_owned(), Value::Array(required));
        object.insert("additionalProperties".to_owned(), Value::Bool(false));
        object
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Boolean,
    Integer,
    Number,
    Text,
    List,
    Object,
}

/// The types that were seen, null apart and the two of numbers as one.
fn kinds(seen: &Seen) -> Vec<Kind> {
    let number = match (seen.integers, seen.fractions) {
        (0, 0) => None,
        (_, 0) => Some(Kind::Integer),
        _ => Some(Kind::Number),
    };
    [
        (seen.texts.count > 0).then_some(Kind::Text),
        number,
        (seen.booleans > 0).then_some(Kind::Boolean),
        (seen.lists > 0).then_some(Kind::List),
        (seen.objects > 0).then_some(Kind::Object),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
}

fn of_type(kind: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), kind.into())])
}
