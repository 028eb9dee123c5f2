//! Does what a fix offers, at its place.

use serde_json::{Map, Value, json};

use super::offer::{self, Openness};
use super::siblings::{self, Moves};
use super::{Change, Effect, keyword, nullable, root};
use crate::schema::keywords::{implied_type, type_meant};
use crate::schema::pointer;
use crate::schema::strict::ProblemCode;

/// Mends one problem in place. None where the place is no longer what the problem said.
pub fn apply(schema: &mut Value, code: ProblemCode, at: &str, moves: &mut Moves) -> Option<Change> {
    let (message, effect) = match code {
        ProblemCode::NotRequired => require(schema, at, moves)?,
        ProblemCode::ExtraKeys => close(schema, at, moves)?,
        ProblemCode::RequiredUnknown => forget_required(schema, at)?,
        ProblemCode::KeywordUnsupported => keyword::rewrite(schema, at, moves)?,
        ProblemCode::TupleItems => {
            let (holder, _) = pointer::split(at)?;
            keyword::untuple(schema, holder)?
        }
        ProblemCode::FormatUnsupported => {
            let (node, _) = holder(schema, at)?;
            let format = node.shift_remove("format")?;
            (format!("The format {format} was removed"), Effect::Looser)
        }
        ProblemCode::TypeMissing => {
            let node = schema.pointer_mut(at)?.as_object_mut()?;
            let kind = implied_type(node)?;
            set_first(node, "type", kind.into());
            (format!("It is now said to be {kind}"), Effect::Narrower)
        }
        ProblemCode::TypeUnsupported => {
            let kind = schema.pointer_mut(at)?;
            let meant = type_meant(kind.as_str()?)?;
            let message = format!("The type {kind} is now written {meant}");
            *kind = meant.into();
            (message, Effect::Narrower)
        }
        ProblemCode::RefSibling => {
            let (above, sibling) = pointer::split(at)?;
            let node = schema.pointer(above)?.as_object()?;
            let redundant = siblings::is_redundant(schema, node, &sibling);
            let (node, _) = holder(schema, at)?;
            node.shift_remove(&sibling)?;
            match redundant {
                true => (
                    format!("{sibling} was removed: the reference says the same"),
                    Effect::Same,
                ),
                false => (format!("{sibling} beside $ref was removed"), Effect::Looser),
            }
        }
        ProblemCode::RefEndless => {
            let (above, _) = pointer::split(at)?;
            if nullable::allow_null(schema.pointer_mut(above)?) {
                moves.add(above.to_owned(), format!("{above}/anyOf/0"));
            }
            (
                "It may be null now, so that it can end".to_owned(),
                Effect::Looser,
            )
        }
        ProblemCode::RootAnyOf => {
            moves.settle(schema);
            root::wrap(schema)?
        }
        ProblemCode::RootNotObject => {
            moves.settle(schema);
            root::make_object(schema)?
        }
        _ => return None,
    };
    let place = match code {
        ProblemCode::NotRequired | ProblemCode::ExtraKeys | ProblemCode::TypeMissing => at,
        _ => at.rsplit_once('/').map_or(at, |(above, _)| above),
    };
    Some(Change {
        pointer: at.to_owned(),
        message: format!("{}: {message}", pointer::in_words(place)),
        effect,
    })
}

/// What holds the place, as an object, and the last step to it.
pub fn holder<'a>(schema: &'a mut Value, at: &str) -> Option<(&'a mut Map<String, Value>, String)> {
    let (above, last) = pointer::split(at)?;
    Some((schema.pointer_mut(above)?.as_object_mut()?, last))
}

/// Puts a keyword first, where a reader looks for it.
pub fn set_first(node: &mut Map<String, Value>, keyword: &str, value: Value) {
    node.shift_remove(keyword);
    let rest = std::mem::take(node);
    node.insert(keyword.to_owned(), value);
    node.extend(rest);
}

fn require(schema: &mut Value, at: &str, moves: &mut Moves) -> Option<(String, Effect)> {
    let (properties, name) = pointer::split(at)?;
    let (owner, _) = pointer::split(properties)?;
    let takes_null = nullable::takes_null(schema, schema.pointer(at)?);
    let node = schema.pointer_mut(owner)?.as_object_mut()?;
    match node
        .entry("required")
        .or_insert_with(|| Value::Array(Vec::new()))
    {
        Value::Array(names) => names.push(name.into()),
        _ => return None,
    }
    if takes_null {
        return Some(("it is required now".to_owned(), Effect::Nullable));
    }
    if nullable::allow_null(schema.pointer_mut(at)?) {
        moves.add(at.to_owned(), format!("{at}/anyOf/0"));
    }
    Some((
        "it is required now, and null where it was missing".to_owned(),
        Effect::Nullable,
    ))
}

fn close(schema: &mut Value, at: &str, moves: &mut Moves) -> Option<(String, Effect)> {
    let node = schema.pointer_mut(at)?.as_object_mut()?;
    let closed = |node: &mut Map<String, Value>| {
        node.insert("additionalProperties".to_owned(), Value::Bool(false));
    };
    Some(match offer::openness(node) {
        Openness::Unsaid => {
            closed(node);
            (
                "only the named keys are allowed now".to_owned(),
                Effect::Closed,
            )
        }
        Openness::Free => {
            closed(node);
            (
                "other keys are no longer allowed, and what was said of them is gone".to_owned(),
                Effect::Narrower,
            )
        }
        Openness::Map => {
            let values = node.shift_remove("additionalProperties")?;
            node.shift_remove("properties");
            match node.get_mut("type") {
                Some(Value::Array(kinds)) => {
                    for kind in kinds.iter_mut().filter(|kind| *kind == "object") {
                        *kind = "array".into();
                    }
                }
                _ => set_first(node, "type", "array".into()),
            }
            node.insert(
                "items".to_owned(),
                json!({
                    "type": "object",
                    "properties": {"key": {"type": "string"}, "value": values},
                    "required": ["key", "value"],
                    "additionalProperties": false,
                }),
            );
            moves.add(
                format!("{at}/additionalProperties"),
                format!("{at}/items/properties/value"),
            );
            (
                "free keys can't be said in strict mode; it is now a list of objects with key and value"
                    .to_owned(),
                Effect::Reshaped,
            )
        }
    })
}

fn forget_required(schema: &mut Value, at: &str) -> Option<(String, Effect)> {
    let (list, index) = pointer::split(at)?;
    let names = schema.pointer_mut(list)?.as_array_mut()?;
    let index: usize = index.parse().ok()?;
    if index >= names.len() {
        return None;
    }
    let name = names.remove(index);
    Some((
        format!("{name} is no longer required: there is no such property"),
        Effect::Looser,
    ))
}
