//! What stands beside `$ref`, and the change of places that references mean.

use serde_json::{Map, Value};

use crate::schema::pointer;

/// Whether the schema that is referred to says the same.
pub fn is_redundant(root: &Value, node: &Map<String, Value>, sibling: &str) -> bool {
    node.get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| pointer::target(root, reference))
        .is_some_and(|target| target.get(sibling) == node.get(sibling))
}

/// Whether some reference leads to a place that a change within the tree could move: any but the
/// root and the definitions themselves.
fn lead_inside(schema: &Value) -> bool {
    any_reference(schema, &mut |reference| {
        pointer::local(reference).is_none_or(|target| {
            let parts = pointer::parts(&target);
            let is_definition = parts.len() == 2
                && parts
                    .first()
                    .is_some_and(|group| group == "$defs" || group == "definitions");
            !target.is_empty() && !is_definition
        })
    })
}

/// Whether some reference in the schema is what `wanted` looks for.
pub fn any_reference(value: &Value, wanted: &mut impl FnMut(&str) -> bool) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, inner)| match (key.as_str(), inner) {
            ("$ref" | "$dynamicRef", Value::String(reference)) => wanted(reference),
            _ => any_reference(inner, wanted),
        }),
        Value::Array(list) => list.iter().any(|inner| any_reference(inner, wanted)),
        _ => false,
    }
}

/// Rewrites every reference by `change`, which says the new one, or none to leave it.
pub fn change_references(value: &mut Value, change: &impl Fn(&str) -> Option<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                match (key.as_str(), inner) {
                    ("$ref" | "$dynamicRef", Value::String(reference)) => {
                        if let Some(new) = change(reference) {
                            *reference = new;
                        }
                    }
                    (_, inner) => change_references(inner, change),
                }
            }
        }
        Value::Array(list) => {
            for inner in list {
                change_references(inner, change);
            }
        }
        _ => {}
    }
}

/// What moved while a schema was mended. References follow all at once, for there may be thousands.
#[derive(Default)]
pub struct Moves(Vec<(String, String)>);

impl Moves {
    /// What lay below `from` lies below `to` now.
    pub fn add(&mut self, from: String, to: String) {
        self.0.push((from, to));
    }

    /// Lets every reference lead to where its target went.
    pub fn settle(&mut self, schema: &mut Value) {
        let moves = std::mem::take(&mut self.0);
        if moves.is_empty() || !lead_inside(schema) {
            return;
        }
        change_references(schema, &|reference| {
            let mut target = pointer::local(reference)?;
            let mut has_moved = false;
            for (from, to) in &moves {
                if let Some(below) = target.strip_prefix(from.as_str())
                    && below.starts_with('/')
                {
                    target = format!("{to}{below}");
                    has_moved = true;
                }
            }
            has_moved.then(|| pointer::reference(&target))
        });
    }
}
