//! OpenCollection YAML, which Bruno writes from version 3 on: an item, a folder or an environment a file, or a whole
//! collection in one. The format is that of the npm packages `@usebruno/filestore` and `@opencollection/types`.
//!
//! Kept: folders, names, JSON and text bodies, variables. Named and left out: sign-in, headers, scripts, tests,
//! assertions, other kinds of items and bodies, and the values of secret variables.

use serde_json::Value;

use super::Imported;
use super::call::{Call, KEY_WHY, Sent, environment, leave_header};
use super::fields::{as_text, has, is_on, list, text as field};
use super::names;
use super::placeholders::Syntax;
use crate::error::Result;

pub(super) fn read<'a>(name: &'a str, value: &'a Value, out: &mut Imported) -> Result<()> {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut folders: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if value.get("opencollection").is_some() {
        let info = value.get("info").unwrap_or(&Value::Null);
        shared(value, name, out);
        if folders.is_empty() || has(value, "items") {
            folders.push(match field(info, "name") {
                "" => names::stem(name),
                title => title,
            });
        }
        items(value, name, &mut folders, out);
        let config = value.get("config").unwrap_or(&Value::Null);
        for one in list(config, "environments") {
            variables(&format!("{name}, environment"), one, out);
        }
    } else if value.get("info").is_some() {
        item(value, name, &mut folders, out);
    } else {
        variables(name, value, out);
    }
    Ok(())
}

fn items<'a>(value: &'a Value, file: &'a str, folders: &mut Vec<&'a str>, out: &mut Imported) {
    for one in list(value, "items") {
        item(one, file, folders, out);
    }
}

fn item<'a>(value: &'a Value, file: &'a str, folders: &mut Vec<&'a str>, out: &mut Imported) {
    let info = value.get("info").unwrap_or(&Value::Null);
    let title = match field(info, "name") {
        "" => names::stem(file),
        title => title,
    };
    let place = if file.contains(title) {
        file.to_owned()
    } else {
        format!("{file}, {title}")
    };
    match field(info, "type") {
        "http" => {}
        "folder" => {
            shared(value, &place, out);
            if has(value, "items") {
                folders.push(title);
                items(value, file, folders, out);
                folders.pop();
            }
            return;
        }
        kind => {
            let what = format!("The item {:?}", names::shortened(title));
            out.leave(
                place,
                what,
                format!("It is of the kind {kind:?}, not an HTTP request."),
            );
            return;
        }
    }
    let http = value.get("http").unwrap_or(&Value::Null);
    // A body may come in variants, of which one is chosen.
    let body = match http.get("body") {
        Some(Value::Array(variants)) => variants
            .iter()
            .find(|variant| is_on(variant, "selected"))
            .or(variants.first())
            .and_then(|variant| variant.get("body").or(Some(variant))),
        body => body,
    };
    let sent = match body.map(|body| (field(body, "type"), body)) {
        None => Sent::Nothing,
        Some(("json" | "text", body)) => Sent::Text(field(body, "data")),
        Some((kind, _)) => Sent::Other(format!("a body of the kind {kind:?}")),
    };
    let runtime = value.get("runtime").unwrap_or(&Value::Null);
    let mut extras = Vec::new();
    for (key, what) in [
        ("scripts", "Scripts"),
        ("assertions", "Assertions"),
        ("tests", "Tests"),
        ("variables", "Variables that are set before the call"),
        ("actions", "Variables that are set after the call"),
    ] {
        if has(runtime, key) {
            extras.push(what);
        }
    }
    if has(value, "examples") {
        extras.push("Saved answers");
    }
    Call {
        place,
        folders: folders.clone(),
        name: title,
        method: field(http, "method"),
        url: field(http, "url"),
        sent,
        headers: list(http, "headers")
            .iter()
            .filter(|header| !is_on(header, "disabled"))
            .map(|header| field(header, "name"))
            .collect(),
        auth: auth(http.get("auth").or_else(|| runtime.get("auth"))),
        syntax: Syntax::Braces,
        extras,
    }
    .import(out);
}

/// The kind of a sign-in; `inherit` stands as a bare word.
fn auth(value: Option<&Value>) -> Option<&str> {
    let kind = match value? {
        Value::String(kind) => kind,
        auth => field(auth, "type"),
    };
    Some(kind).filter(|kind| !matches!(*kind, "" | "none" | "inherit"))
}

/// What a collection or a folder hands down to its items.
fn shared(value: &Value, place: &str, out: &mut Imported) {
    let request = value.get("request").unwrap_or(&Value::Null);
    if let Some(auth) = auth(request.get("auth")) {
        out.leave(place, format!("The sign-in ({auth})"), KEY_WHY);
    }
    for header in list(request, "headers") {
        leave_header(place, field(header, "name"), out);
    }
    if has(request, "scripts") {
        out.leave(place, "Scripts", "Nothing of an import is run.");
    }
    if has(request, "variables") {
        let title = field(value.get("info").unwrap_or(&Value::Null), "name");
        variables(
            place,
            &serde_json::json!({"name": title, "variables": request["variables"]}),
            out,
        );
    }
}

fn variables(place: &str, value: &Value, out: &mut Imported) {
    let used = list(value, "variables")
        .iter()
        .filter(|one| !is_on(one, "disabled"));
    let variables = used.map(|one| {
        // A value with a type says what it holds under `data`.
        let text = match one.get("value") {
            Some(Value::Object(typed)) => typed.get("data").map(as_text).unwrap_or_default(),
            Some(value) => as_text(value),
            None => String::new(),
        };
        (field(one, "name").to_owned(), text, is_on(one, "secret"))
    });
    environment(place, field(value, "name"), variables, Syntax::Braces, out);
}
