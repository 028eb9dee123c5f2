//! What becomes of a keyword that strict mode refuses: rewritten where it can be, else removed.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::siblings::{self, Moves};
use super::{Effect, apply, merge};
use crate::schema::pointer;

/// More choices than these are not compared in pairs.
const MOST_COMPARED: usize = 64;

/// Rewrites or removes the keyword at this place.
pub fn rewrite(schema: &mut Value, at: &str, moves: &mut Moves) -> Option<(String, Effect)> {
    let (above, keyword) = pointer::split(at)?;
    let above = above.to_owned();
    match keyword.as_str() {
        "oneOf" => one_of(schema, &above, moves),
        "allOf" => {
            let node = schema.pointer(&above)?.as_object()?;
            let whole = merge::merged(schema, node)?;
            *schema.pointer_mut(&above)? = Value::Object(whole);
            Some((
                "the parts of allOf are one schema now".to_owned(),
                Effect::Same,
            ))
        }
        "$dynamicRef" | "$recursiveRef" => {
            let node = schema.pointer_mut(&above)?.as_object_mut()?;
            if node.contains_key("$ref") {
                return None;
            }
            rename(node, &keyword, "$ref");
            Some((format!("{keyword} is now written $ref"), Effect::Same))
        }
        "$anchor" | "$dynamicAnchor" => anchor(schema, &above, &keyword),
        "prefixItems" => untuple(schema, &above),
        _ => {
            let (node, _) = apply::holder(schema, at)?;
            let value = node.shift_remove(&keyword)?;
            let effect = match (keyword.as_str(), &value) {
                // Without it only the named keys decide, and those are closed apart from this.
                ("uniqueItems" | "unevaluatedProperties" | "unevaluatedItems", Value::Bool(_)) => {
                    match (keyword.as_str(), value == false) {
                        ("uniqueItems", true) => Effect::Same,
                        ("uniqueItems", false) => Effect::Looser,
                        (_, true) => Effect::Looser,
                        (_, false) => Effect::Same,
                    }
                }
                _ => Effect::Looser,
            };
            Some((format!("{keyword} was removed ({})", cut(&value)), effect))
        }
    }
}

fn one_of(schema: &mut Value, above: &str, moves: &mut Moves) -> Option<(String, Effect)> {
    let node = schema.pointer(above)?.as_object()?;
    if node.contains_key("anyOf") {
        return None;
    }
    let apart = are_apart(schema, node.get("oneOf")?.as_array()?);
    rename(
        schema.pointer_mut(above)?.as_object_mut()?,
        "oneOf",
        "anyOf",
    );
    moves.add(format!("{above}/oneOf"), format!("{above}/anyOf"));
    Some(match apart {
        true => (
            "oneOf is now anyOf; no value fits two of its choices".to_owned(),
            Effect::Same,
        ),
        false => (
            "oneOf is now anyOf: a value may fit several of its choices".to_owned(),
            Effect::Looser,
        ),
    })
}

/// Whether no value can fit two of the choices, as far as types and named constants show it.
fn are_apart(root: &Value, choices: &[Value]) -> bool {
    if choices.len() > MOST_COMPARED {
        return false;
    }
    let seen: Vec<Option<&Map<String, Value>>> = choices
        .iter()
        .map(|choice| match choice.get("$ref").and_then(Value::as_str) {
            Some(reference) => pointer::target(root, reference)?.as_object(),
            None => choice.as_object(),
        })
        .collect();
    (0..seen.len()).all(|i| {
        (0..i).all(|j| match (seen[i], seen[j]) {
            (Some(one), Some(other)) => differ(one, other),
            _ => false,
        })
    })
}

fn differ(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    if let (Some(one), Some(other)) = (values(one), values(other)) {
        return one.iter().all(|value| !other.contains(value));
    }
    if let (Some(one), Some(other)) = (types(one), types(other))
        && one.is_disjoint(&other)
    {
        return true;
    }
    let required = |node: &Map<String, Value>, name: &str| {
        node.get("type").is_some_and(|kind| kind == "object")
            && node
                .get("required")
                .and_then(Value::as_array)
                .is_some_and(|names| names.iter().any(|known| known == name))
    };
    let property = |node: &Map<String, Value>, name: &str| {
        node.get("properties")?.get(name)?.as_object().cloned()
    };
    let Some(Value::Object(names)) = one.get("properties") else {
        return false;
    };
    names.keys().any(|name| {
        required(one, name)
            && required(other, name)
            && match (property(one, name), property(other, name)) {
                (Some(one), Some(other)) => match (values(&one), values(&other)) {
                    (Some(one), Some(other)) => one.iter().all(|value| !other.contains(value)),
                    _ => false,
                },
                _ => false,
            }
    })
}

/// The only values that the node takes, where it names them.
fn values(node: &Map<String, Value>) -> Option<Vec<Value>> {
    match (node.get("const"), node.get("enum")) {
        (Some(only), _) => Some(vec![only.clone()]),
        (_, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

/// The types that the node takes; an integer is a number too.
fn types(node: &Map<String, Value>) -> Option<HashSet<&str>> {
    let named: Vec<&str> = match node.get("type")? {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let plain = |kind| if kind == "integer" { "number" } else { kind };
    Some(named.into_iter().map(plain).collect())
}

/// One schema for every place of a list, where there was one for each.
pub fn untuple(schema: &mut Value, above: &str) -> Option<(String, Effect)> {
    let node = schema.pointer_mut(above)?.as_object_mut()?;
    let (places, rest) = match node.get("prefixItems") {
        Some(Value::Array(places)) => (places.clone(), node.get("items").cloned()),
        _ => (
            node.get("items")?.as_array()?.clone(),
            node.get("additionalItems").cloned(),
        ),
    };
    if rest.as_ref().is_some_and(Value::is_array) {
        return None;
    }
    let length = places.len();
    let mut kinds: Vec<Value> = Vec::new();
    let more = rest.iter().filter(|rest| rest.is_object()).cloned();
    for place in places.into_iter().chain(more) {
        if !kinds.contains(&place) {
            kinds.push(place);
        }
    }
    let items = match <[Value; 1]>::try_from(kinds) {
        Ok([only]) => only,
        Err(kinds) => json!({ "anyOf": kinds }),
    };
    node.shift_remove("prefixItems");
    node.shift_remove("additionalItems");
    node.insert("items".to_owned(), items);
    let effect = match rest {
        Some(Value::Bool(false)) => {
            let known = node.get("maxItems").and_then(Value::as_u64);
            let most = known.map_or(length, |known| {
                length.min(usize::try_from(known).unwrap_or(usize::MAX))
            });
            node.insert("maxItems".to_owned(), most.into());
            Effect::Looser
        }
        Some(Value::Object(_)) => Effect::Looser,
        _ => Effect::Narrower,
    };
    Some((
        "the items may stand in any place now; their order can't be said".to_owned(),
        effect,
    ))
}

/// Removes an anchor; what referred to it refers to the place itself.
fn anchor(schema: &mut Value, above: &str, keyword: &str) -> Option<(String, Effect)> {
    let node = schema.pointer_mut(above)?.as_object_mut()?;
    let name = node.shift_remove(keyword)?;
    if let Some(name) = name.as_str() {
        let anchored = format!("#{name}");
        let place = pointer::reference(above);
        siblings::change_references(schema, &|reference| {
            (reference == anchored).then(|| place.clone())
        });
    }
    Some((
        format!("{keyword} {name} was removed; references lead to its place"),
        Effect::Same,
    ))
}

fn rename(node: &mut Map<String, Value>, from: &str, to: &str) {
    *node = std::mem::take(node)
        .into_iter()
        .map(|(keyword, value)| match keyword == from {
            true => (to.to_owned(), value),
            false => (keyword, value),
        })
        .collect();
}

fn cut(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(&text)),
        None => text,
    }
}
