//! Names at the top of the body, and in its groups: unknown ones, and ones of the other endpoint.

use serde_json::{Map, Value};

use super::{Asked, Edit, Finding, Fix};
use crate::place::{self, Body, join};
use crate::translate::translate;

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    for (key, value) in asked.body {
        if asked.table.under(asked.endpoint, key).next().is_some() {
            inside(asked, key, value, findings);
        } else if asked
            .table
            .under(asked.endpoint.other(), key)
            .next()
            .is_some()
        {
            findings.push(foreign(asked, key, value));
        } else {
            findings.push(unknown(join("", key), key));
        }
    }
}

/// A name that no table has. It stays: the API may be newer than the table.
fn unknown(pointer: String, name: &str) -> Finding {
    Finding::warning(
        "unknown_parameter",
        pointer.clone(),
        format!("{name} is not in the list of parameters."),
    )
    .reason("It is sent as it is. If the API does not know it either, the answer is 400 unknown_parameter.")
    .fix(Fix::offered(format!("Leave {name} out"), [Edit::remove(pointer)]))
}

/// A group such as `reasoning`: an object of known names.
fn inside(asked: &Asked, key: &str, value: &Value, findings: &mut Vec<Finding>) {
    if asked.table.at(asked.endpoint, key).is_some() || value.is_null() {
        return;
    }
    let pointer = join("", key);
    let Some(fields) = value.as_object() else {
        let known = asked.table.under(asked.endpoint, key);
        let known: Vec<&str> = known
            .filter_map(|row| row.wire(asked.endpoint)?.steps().nth(1))
            .collect();
        findings.push(
            Finding::error("wrong_type", pointer, format!("{key} should be an object."))
                .reason(format!("It holds {}.", known.join(", "))),
        );
        return;
    };
    for name in fields.keys() {
        let path = format!("{key}.{name}");
        if asked.table.at(asked.endpoint, &path).is_some() {
            continue;
        }
        let elsewhere = asked.table.at(asked.endpoint.other(), &path);
        if elsewhere.is_some_and(|row| row.wire(asked.endpoint).is_none()) {
            findings.push(absent(asked, &path, join(&pointer, name)));
        } else {
            findings.push(unknown(join(&pointer, name), &path));
        }
    }
}

fn absent(asked: &Asked, name: &str, pointer: String) -> Finding {
    Finding::error(
        "not_on_endpoint",
        pointer.clone(),
        format!("{} has no parameter {name}.", asked.endpoint.name()),
    )
    .reason(format!(
        "It belongs to {}; here it is answered with 400.",
        asked.endpoint.other().name()
    ))
    .fix(Fix::safe(
        format!("Leave {name} out"),
        [Edit::remove(pointer)],
    ))
}

/// A name of the other endpoint: moved here, if it has a place here.
fn foreign(asked: &Asked, key: &str, value: &Value) -> Finding {
    let pointer = join("", key);
    let alone: Body = Map::from_iter([(key.to_owned(), value.clone())]);
    let translation = translate(&alone, asked.endpoint.other(), asked.table);
    let moved = translation.body;
    let places: Vec<(String, &Value)> = asked
        .table
        .parameters()
        .iter()
        .filter_map(|row| row.wire(asked.endpoint))
        .filter_map(|wire| Some((wire.path.clone(), place::given(&moved, &wire.path)?)))
        .collect();
    let home = home(asked, key);
    if places.is_empty() && home.is_empty() {
        return absent(asked, key, pointer);
    }
    let names = if places.is_empty() {
        home
    } else {
        places.iter().map(|(path, _)| path.clone()).collect()
    };
    let (taken, free): (Vec<_>, Vec<_>) = places
        .iter()
        .partition(|(path, _)| place::given(asked.own, path).is_some());
    let label = if free.is_empty() {
        format!("Leave {key} out")
    } else {
        format!("Move it to {}", listed(free.iter().map(|(path, _)| path)))
    };
    let mut reason = format!(
        "{} calls it {}; under this name it is answered with 400.",
        asked.endpoint.name(),
        listed(names.iter())
    );
    if !taken.is_empty() {
        reason += &format!(
            " {} is set already and stays as it is.",
            listed(taken.iter().map(|(path, _)| path))
        );
    }
    for remark in translation.lost {
        reason += &format!(" {}", remark.message);
    }
    let edits = free
        .iter()
        .map(|(path, value)| Edit::set(place::pointer(path), (*value).clone()));
    // Removed first: the two names may be one place.
    let edits = [Edit::remove(pointer.clone())].into_iter().chain(edits);
    Finding::error(
        "moved",
        pointer,
        format!("{key} is not the name on {}.", asked.endpoint.name()),
    )
    .reason(reason)
    .fix(Fix::safe(label, edits))
}

/// Where the parameters under a name of the other endpoint stand on this one.
fn home(asked: &Asked, key: &str) -> Vec<String> {
    asked
        .table
        .under(asked.endpoint.other(), key)
        .filter_map(|row| match &row.moved_to {
            Some(id) => asked.table.parameter(id),
            None => Some(row),
        })
        .filter_map(|row| Some(row.wire(asked.endpoint)?.path.clone()))
        .collect()
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(" and ")
}
