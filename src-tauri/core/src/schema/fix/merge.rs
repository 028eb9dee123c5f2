//! `allOf` as one schema, where its parts don't contradict one another.

use serde_json::{Map, Value, json};

use crate::schema::pointer;

/// The node with its `allOf` merged into it; none where that can't be said in one schema.
pub fn merged(root: &Value, node: &Map<String, Value>) -> Option<Map<String, Value>> {
    let parts = node
        .get("allOf")?
        .as_array()
        .filter(|parts| !parts.is_empty())?;
    let mut whole = node.clone();
    whole.shift_remove("allOf");
    let is_bare = whole
        .keys()
        .all(|keyword| crate::schema::keywords::may_stand_beside_ref(keyword) && keyword != "$ref");
    if let [Value::Object(only)] = parts.as_slice()
        && is_bare
    {
        for (keyword, value) in only {
            if !whole.contains_key(keyword) {
                whole.insert(keyword.clone(), value.clone());
            }
        }
        // The only part may itself be put together.
        return merged(root, &whole).or(Some(whole));
    }
    if whole.contains_key("$ref") {
        return None;
    }
    for part in parts {
        let part = part.as_object()?;
        match part.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let target = pointer::target(root, reference)?.as_object()?;
                // What is itself put together has to be mended first; so a circle is never entered.
                if target.contains_key("allOf") || target.contains_key("$ref") {
                    return None;
                }
                let mut own = part.clone();
                own.shift_remove("$ref");
                take_in(&mut whole, target)?;
                take_in(&mut whole, &own)?;
            }
            None => take_in(&mut whole, part)?,
        }
    }
    closes_nothing_else(node, root, &whole).then_some(whole)
}

fn take_in(whole: &mut Map<String, Value>, part: &Map<String, Value>) -> Option<()> {
    for (keyword, new) in part {
        let Some(known) = whole.get_mut(keyword) else {
            whole.insert(keyword.clone(), new.clone());
            continue;
        };
        if known == new {
            continue;
        }
        match (keyword.as_str(), known, new) {
            (
                "title" | "description" | "default" | "examples" | "$comment" | "$id" | "$schema",
                ..,
            ) => {}
            ("properties" | "$defs" | "definitions", Value::Object(known), Value::Object(new)) => {
                for (name, schema) in new {
                    match known.get(name) {
                        Some(other) if other != schema => return None,
                        Some(_) => {}
                        None => {
                            known.insert(name.clone(), schema.clone());
                        }
                    }
                }
            }
            ("required", Value::Array(known), Value::Array(new)) => {
                for name in new {
                    if !known.contains(name) {
                        known.push(name.clone());
                    }
                }
            }
            ("enum", Value::Array(known), Value::Array(new)) => {
                known.retain(|value| new.contains(value));
                if known.is_empty() {
                    return None;
                }
            }
            ("type", known, new) => *known = common_type(known, new)?,
            ("additionalProperties", known, new) => match (&known, new) {
                (_, Value::Bool(true)) => {}
                (Value::Bool(true), _) | (_, Value::Bool(false)) => *known = new.clone(),
                (Value::Bool(false), _) => {}
                _ => return None,
            },
            (
                "minimum" | "exclusiveMinimum" | "minItems" | "minLength" | "minProperties",
                known,
                new,
            ) => {
                if new.as_f64()? > known.as_f64()? {
                    *known = new.clone();
                }
            }
            (
                "maximum" | "exclusiveMaximum" | "maxItems" | "maxLength" | "maxProperties",
                known,
                new,
            ) => {
                if new.as_f64()? < known.as_f64()? {
                    *known = new.clone();
                }
            }
            _ => return None,
        }
    }
    Some(())
}

fn common_type(one: &Value, other: &Value) -> Option<Value> {
    let list = |value: &Value| match value {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    let (one, other) = (list(one), list(other));
    let takes = |kinds: &[Value], kind: &Value| {
        kinds.contains(kind) || (kind == "integer" && kinds.iter().any(|known| known == "number"))
    };
    let mut common: Vec<Value> = one
        .iter()
        .filter(|kind| takes(&other, kind))
        .cloned()
        .collect();
    for kind in other.iter().filter(|kind| takes(&one, kind)) {
        if !common.contains(kind) {
            common.push(kind.clone());
        }
    }
    match common.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(json!(common)),
    }
}

/// Each part closes itself against the others' properties. One schema can say that only where no
/// closed part would refuse what another one names.
fn closes_nothing_else(
    node: &Map<String, Value>,
    root: &Value,
    whole: &Map<String, Value>,
) -> bool {
    let all = whole.get("properties").and_then(Value::as_object);
    let mut parts: Vec<&Map<String, Value>> = vec![node];
    for part in node
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        parts.extend(part.as_object());
        let target = part
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| pointer::target(root, reference));
        parts.extend(target.and_then(Value::as_object));
    }
    parts
        .iter()
        .filter(|part| {
            !matches!(
                part.get("additionalProperties"),
                None | Some(Value::Bool(true))
            )
        })
        .all(|part| {
            let own = part.get("properties").and_then(Value::as_object);
            all.is_none_or(|all| {
                all.keys()
                    .all(|name| own.is_some_and(|own| own.contains_key(name)))
            })
        })
}
