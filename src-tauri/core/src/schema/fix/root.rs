//! The root, which strict mode wants to be an object.

use serde_json::{Map, Value, json};

use super::offer::{RootKind, root_kind};
use super::{Effect, apply, siblings};
use crate::schema::pointer;

/// Makes the root an object: by saying so, by taking in what it refers to, or by wrapping it.
pub fn make_object(schema: &mut Value) -> Option<(String, Effect)> {
    let node = schema.as_object()?;
    if let Some(reference) = node.get("$ref") {
        let reference = reference.as_str()?.to_owned();
        return take_in(schema, &reference);
    }
    match root_kind(node) {
        RootKind::Object | RootKind::Anything => {
            let node = schema.as_object_mut()?;
            let had_type = node.contains_key("type");
            match had_type {
                true => {
                    node.insert("type".to_owned(), "object".into());
                }
                false => apply::set_first(node, "type", "object".into()),
            }
            Some(("it is an object now".to_owned(), Effect::Narrower))
        }
        RootKind::Other => wrap(schema),
    }
}

/// Puts the target in place of a root that only refers to it.
fn take_in(schema: &mut Value, reference: &str) -> Option<(String, Effect)> {
    let at = pointer::local(reference)?;
    if at.is_empty() {
        return None;
    }
    let target = schema.pointer(&at)?.as_object()?.clone();
    let node = schema.as_object_mut()?;
    let own = std::mem::take(node);
    // The definitions go to the end, where a reader expects them.
    let (definitions, own): (Map<_, _>, Map<_, _>) = own
        .into_iter()
        .filter(|(keyword, _)| keyword != "$ref")
        .partition(|(keyword, _)| matches!(keyword.as_str(), "$defs" | "definitions"));
    node.extend(own);
    for (keyword, value) in target {
        if !node.contains_key(&keyword) {
            node.insert(keyword, value);
        }
    }
    for (group, inner) in definitions {
        match (node.get_mut(&group), inner) {
            (Some(Value::Object(known)), Value::Object(inner)) => known.extend(inner),
            (_, inner) => {
                node.insert(group, inner);
            }
        }
    }
    forget_unused(schema, &at);
    Some((format!("it holds now what {reference} says"), Effect::Same))
}

/// Removes a definition that nothing refers to any more: it would only cost tokens.
fn forget_unused(schema: &mut Value, at: &str) {
    let used = siblings::any_reference(schema, &mut |reference| {
        pointer::local(reference)
            .is_none_or(|target| target == at || target.starts_with(&format!("{at}/")))
    });
    let parts = pointer::parts(at);
    let [group, name] = parts.as_slice() else {
        return;
    };
    if used || !matches!(group.as_str(), "$defs" | "definitions") {
        return;
    }
    let Some(root) = schema.as_object_mut() else {
        return;
    };
    if let Some(Value::Object(definitions)) = root.get_mut(group) {
        definitions.shift_remove(name);
        if definitions.is_empty() {
            root.shift_remove(group);
        }
    }
}

/// Puts the root into an object of one property.
pub fn wrap(schema: &mut Value) -> Option<(String, Effect)> {
    let node = schema.as_object_mut()?;
    let name = match node.get("type") {
        Some(kind) if kind == "array" => "items",
        _ => "value",
    };
    let (mut outer, inner): (Map<_, _>, Map<_, _>) =
        std::mem::take(node).into_iter().partition(|(keyword, _)| {
            matches!(
                keyword.as_str(),
                "$schema" | "$id" | "$comment" | "$defs" | "definitions"
            )
        });
    let definitions: Vec<(String, Value)> = ["$defs", "definitions"]
        .iter()
        .filter_map(|group| outer.shift_remove_entry(*group))
        .collect();
    outer.insert("type".to_owned(), "object".into());
    outer.insert("properties".to_owned(), json!({ name: inner }));
    outer.insert("required".to_owned(), json!([name]));
    outer.insert("additionalProperties".to_owned(), Value::Bool(false));
    outer.extend(definitions);
    *node = outer;
    let place = format!("/properties/{name}");
    siblings::change_references(schema, &|reference| {
        let target = pointer::local(reference)?;
        let stays = ["/$defs/", "/definitions/"]
            .iter()
            .any(|group| target.starts_with(group));
        (!stays).then(|| pointer::reference(&format!("{place}{target}")))
    });
    Some((
        format!("the answer is now an object; what it was stands in {name}"),
        Effect::Reshaped,
    ))
}
