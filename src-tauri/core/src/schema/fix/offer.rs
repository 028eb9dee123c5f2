//! Which problem can be mended, and what the button says.

use serde_json::{Map, Value};

use super::{merge, nullable, siblings};
use crate::schema::keywords::{implied_type, type_meant};
use crate::schema::strict::problem::Fix;

fn fix(label: impl Into<String>) -> Fix {
    Fix {
        label: label.into(),
        is_choice: false,
    }
}

/// Too much would be lost for "Fix all" to do it unasked.
fn choice(label: &str) -> Fix {
    Fix {
        label: label.to_owned(),
        is_choice: true,
    }
}

pub fn removal() -> Fix {
    fix("Remove it")
}

pub fn required_unknown() -> Fix {
    fix("Remove the name")
}

pub fn endless() -> Fix {
    fix("Allow null")
}

pub fn root_any_of() -> Fix {
    fix("Wrap it in an object")
}

pub fn root_not_object(root: &Value, node: &Map<String, Value>) -> Option<Fix> {
    if let Some(reference) = node.get("$ref") {
        let target = reference
            .as_str()
            .and_then(|reference| crate::schema::pointer::target(root, reference))?;
        // A root that means itself has nothing to take in.
        return (!std::ptr::eq(target, root) && target.is_object())
            .then(|| fix("Take in what it refers to"));
    }
    match root_kind(node) {
        RootKind::Object => Some(fix("Make it an object")),
        RootKind::Other => Some(fix("Wrap it in an object")),
        RootKind::Anything => Some(choice("Make it an object")),
    }
}

/// What a root without `type: "object"` is.
pub enum RootKind {
    /// An object that only doesn't say so.
    Object,
    Other,
    /// It says nothing of what it holds.
    Anything,
}

pub fn root_kind(node: &Map<String, Value>) -> RootKind {
    let means_object = |kind: &Value| kind.as_str().and_then(type_meant) == Some("object");
    match node.get("type") {
        Some(Value::Array(kinds)) if kinds.iter().any(means_object) => RootKind::Object,
        Some(kind) if means_object(kind) => RootKind::Object,
        Some(_) => RootKind::Other,
        None if implied_type(node) == Some("object") => RootKind::Object,
        None if implied_type(node).is_some()
            || ["enum", "const", "anyOf", "oneOf", "allOf"]
                .iter()
                .any(|keyword| node.contains_key(*keyword)) =>
        {
            RootKind::Other
        }
        None => RootKind::Anything,
    }
}

pub fn keyword(root: &Value, node: &Map<String, Value>, keyword: &str) -> Option<Fix> {
    match keyword {
        "oneOf" => (node.get("oneOf").is_some_and(Value::is_array) && !node.contains_key("anyOf"))
            .then(|| fix("Write it as anyOf")),
        "allOf" => merge::merged(root, node).map(|_| fix("Merge the parts")),
        "$dynamicRef" | "$recursiveRef" => (!node.contains_key("$ref")
            && node.get(keyword).is_some_and(Value::is_string))
        .then(|| fix("Write it as $ref")),
        "prefixItems" => tuple(node),
        "patternProperties" => Some(choice("Remove it")),
        _ => Some(removal()),
    }
}

pub fn tuple(node: &Map<String, Value>) -> Option<Fix> {
    let is_tuple = |keyword: &str| {
        node.get(keyword)
            .and_then(Value::as_array)
            .is_some_and(|places| !places.is_empty())
    };
    (is_tuple("prefixItems") ^ is_tuple("items")).then(|| fix("Allow these items in any place"))
}

pub fn sibling(root: &Value, node: &Map<String, Value>, sibling: &str) -> Fix {
    match siblings::is_redundant(root, node, sibling) {
        true => fix("Remove it: the reference says the same"),
        false => removal(),
    }
}

pub fn type_missing(node: &Map<String, Value>) -> Option<Fix> {
    implied_type(node).map(|kind| fix(format!("Make it {kind}")))
}

pub fn type_unsupported(name: &str) -> Option<Fix> {
    type_meant(name).map(|kind| fix(format!("Write {kind}")))
}

/// What an object that isn't closed is used for.
pub enum Openness {
    /// Its properties are named; it only doesn't say that there are no others.
    Unsaid,
    /// Its keys are free and it says what their values are.
    Map,
    /// Its keys are free, and closing it would leave little or nothing.
    Free,
}

pub fn openness(node: &Map<String, Value>) -> Openness {
    let says_values = match node.get("additionalProperties") {
        Some(Value::Object(schema)) => !schema.is_empty(),
        _ => false,
    };
    let names_none = node
        .get("properties")
        .is_none_or(|properties| properties.as_object().is_some_and(Map::is_empty));
    let is_bare = !["patternProperties", "required"]
        .iter()
        .any(|keyword| node.contains_key(*keyword));
    match (says_values, names_none) {
        (true, true) if is_bare => Openness::Map,
        (true, _) => Openness::Free,
        (false, _) if node.contains_key("patternProperties") => Openness::Free,
        (false, _) if !node.contains_key("properties") => Openness::Free,
        (false, _) => Openness::Unsaid,
    }
}

pub fn extra_keys(node: &Map<String, Value>) -> Option<Fix> {
    Some(match openness(node) {
        Openness::Unsaid if node.contains_key("additionalProperties") => fix("Set it to false"),
        Openness::Unsaid => fix("Add it"),
        Openness::Map => fix("Make it a list of keys and values"),
        Openness::Free => choice("Allow no other keys"),
    })
}

pub fn not_required(root: &Value, property: &Value) -> Fix {
    match nullable::takes_null(root, property) {
        true => fix("Require it"),
        false => fix("Require it, allow null"),
    }
}
