//! Insomnia v5 YAML (`type: collection.insomnia.rest/5.0`), as Insomnia 11 exports and stores it. No registry holds its
//! schema; the fields are those that the npm package `@usebruno/converters` reads of it.
//!
//! Kept: folders, names, JSON and text bodies, environments with what they inherit. Named and left out: sign-in,
//! headers, scripts, other kinds of items and bodies, `{% tags %}`, mock servers and tests.

use serde_json::{Map, Value};

use super::Imported;
use super::call::{Call, KEY_WHY, Sent, environment};
use super::fields::{as_text, has, is_on, list, text as field};
use super::names;
use super::placeholders::Syntax;
use crate::error::{Error, ErrorCode, Result};

pub(super) fn read(name: &str, value: &Value, out: &mut Imported) -> Result<()> {
    if field(value, "_type") == "export" {
        return Err(Error::new(
            ErrorCode::FileInvalid,
            "It is an older export of Insomnia's. Export it again as Insomnia v5.",
        ));
    }
    let kind = field(value, "type");
    if !kind.starts_with("collection.")
        && !kind.starts_with("spec.")
        && !kind.starts_with("environment.")
    {
        let what = format!("The document of the type {kind}");
        out.leave(
            name,
            what,
            "Only collections and environments can be imported.",
        );
        return Ok(());
    }
    let title = match field(value, "name") {
        "" => names::stem(name),
        title => title,
    };
    for (key, what) in [("testSuites", "Tests"), ("spec", "The API description")] {
        if has(value, key) {
            out.leave(name, what, "It has no place here.");
        }
    }
    children(list(value, "collection"), name, &mut vec![title], out);
    if let Some(base) = value.get("environments") {
        environments(name, base, title, out);
    }
    Ok(())
}

fn children<'a>(items: &'a [Value], file: &str, folders: &mut Vec<&'a str>, out: &mut Imported) {
    for item in items {
        let name = field(item, "name");
        let place = format!("{file}, {} / {name}", folders.join(" / "));
        if item.get("children").is_some() {
            if let Some(auth) = auth(item) {
                out.leave(place.clone(), format!("The sign-in ({auth})"), KEY_WHY);
            }
            if has(item, "environment") {
                let data = item["environment"].as_object().cloned().unwrap_or_default();
                environment(&place, name, flattened(&data), Syntax::Insomnia, out);
            }
            folders.push(name);
            children(list(item, "children"), file, folders, out);
            folders.pop();
        } else if item.get("method").is_some() {
            call(item, place, folders, out);
        } else {
            let what = format!("The item {:?}", names::shortened(name));
            out.leave(place, what, "It is no HTTP request.");
        }
    }
}

fn call(item: &Value, place: String, folders: &[&str], out: &mut Imported) {
    let body = item.get("body").unwrap_or(&Value::Null);
    let kind = field(body, "mimeType");
    let sent = if has(body, "text") {
        Sent::Text(field(body, "text"))
    } else if kind.is_empty() {
        Sent::Nothing
    } else {
        Sent::Other(format!("a body of the kind {kind:?}"))
    };
    let scripts = item
        .get("scripts")
        .is_some_and(|it| has(it, "preRequest") || has(it, "afterResponse"));
    Call {
        place,
        folders: folders.to_vec(),
        name: field(item, "name"),
        method: field(item, "method"),
        url: field(item, "url"),
        sent,
        headers: list(item, "headers")
            .iter()
            .filter(|header| !is_on(header, "disabled"))
            .map(|header| field(header, "name"))
            .collect(),
        auth: auth(item),
        syntax: Syntax::Insomnia,
        extras: if scripts { vec!["Scripts"] } else { Vec::new() },
    }
    .import(out);
}

fn auth(item: &Value) -> Option<&str> {
    let auth = item.get("authentication")?;
    let kind = field(auth, "type");
    Some(kind).filter(|kind| !matches!(*kind, "" | "none") && !is_on(auth, "disabled"))
}

/// The base environment, and each of the others with what it takes from the base.
fn environments(file: &str, base: &Value, title: &str, out: &mut Imported) {
    let data = |value: &Value| {
        value
            .get("data")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let shared = data(base);
    let others = list(base, "subEnvironments");
    if others.is_empty() {
        let name = match field(base, "name") {
            "" => title,
            name => name,
        };
        environment(file, name, flattened(&shared), Syntax::Insomnia, out);
    }
    for other in others {
        let mut merged = shared.clone();
        merged.extend(data(other));
        let place = format!("{file}, environment {}", field(other, "name"));
        environment(
            &place,
            field(other, "name"),
            flattened(&merged),
            Syntax::Insomnia,
            out,
        );
    }
}

/// `{"a": {"b": 1}}` as `a.b`, which is how requests name it.
fn flattened(data: &Map<String, Value>) -> Vec<(String, String, bool)> {
    fn walk(prefix: &str, fields: &Map<String, Value>, out: &mut Vec<(String, String, bool)>) {
        for (name, value) in fields {
            let name = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}.{name}")
            };
            match value {
                Value::Object(inner) => walk(&name, inner, out),
                other => out.push((name, as_text(other), false)),
            }
        }
    }
    let mut out = Vec::new();
    walk("", data, &mut out);
    out
}
