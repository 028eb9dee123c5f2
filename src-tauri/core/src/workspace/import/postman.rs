//! Postman collections v2.0 and v2.1, and environments: the schemas that their `info.schema` names, as the npm package
//! `postman-collection` reads and writes them.
//!
//! Kept: folders, names, raw bodies, variables of the collection and of environments. Named and left out: sign-in,
//! headers, scripts, other bodies than raw ones, saved answers, `{{$dynamic}}` values.

use serde_json::Value;

use super::Imported;
use super::call::{Call, Sent, environment};
use super::fields::{as_text, has, is_on, list, text as field};
use super::placeholders::Syntax;
use crate::error::Result;

pub(super) fn read(name: &str, value: &Value, out: &mut Imported) -> Result<()> {
    let info = value.get("info").unwrap_or(&Value::Null);
    let title = match field(info, "name") {
        "" => super::names::stem(name),
        title => title,
    };
    shared(value, &format!("{name}, the collection"), out);
    items(value, name, &mut vec![title], out);
    let variables = list(value, "variable")
        .iter()
        .filter(|one| !is_on(one, "disabled"));
    environment(name, title, variables.map(variable), Syntax::Braces, out);
    Ok(())
}

pub(super) fn read_environment(name: &str, value: &Value, out: &mut Imported) -> Result<()> {
    let is_used = |one: &&Value| one.get("enabled").and_then(Value::as_bool).unwrap_or(true);
    let variables = list(value, "values").iter().filter(is_used).map(variable);
    let title = match field(value, "name") {
        "" => super::names::stem(name),
        title => title,
    };
    environment(name, title, variables, Syntax::Braces, out);
    Ok(())
}

fn variable(one: &Value) -> (String, String, bool) {
    let name = match field(one, "key") {
        "" => field(one, "id"),
        key => key,
    };
    let value = one.get("value").map(as_text).unwrap_or_default();
    (name.to_owned(), value, field(one, "type") == "secret")
}

fn items<'a>(value: &'a Value, file: &str, folders: &mut Vec<&'a str>, out: &mut Imported) {
    for item in list(value, "item") {
        let name = field(item, "name");
        if item.get("item").is_some() {
            folders.push(name);
            shared(item, &format!("{file}, {}", folders.join(" / ")), out);
            items(item, file, folders, out);
            folders.pop();
        } else {
            call(item, file, folders, out);
        }
    }
}

/// What a collection or a folder hands down to its calls.
fn shared(value: &Value, place: &str, out: &mut Imported) {
    if let Some(auth) = auth(value) {
        out.leave(place, format!("The sign-in ({auth})"), super::call::KEY_WHY);
    }
    if has(value, "event") {
        out.leave(place, "Scripts", "Nothing of an import is run.");
    }
}

fn auth(value: &Value) -> Option<&str> {
    let auth = value.get("auth")?;
    Some(field(auth, "type")).filter(|kind| !kind.is_empty() && *kind != "noauth")
}

/// An address in parts: `raw` is what the user typed, and may be missing in a generated collection.
fn address(url: &Value) -> String {
    if has(url, "raw") {
        return field(url, "raw").to_owned();
    }
    let joined = |name: &str, between: &str| match url.get(name) {
        Some(Value::Array(parts)) => {
            let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
            parts.join(between)
        }
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    format!("{}/{}", joined("host", "."), joined("path", "/"))
}

fn call(item: &Value, file: &str, folders: &[&str], out: &mut Imported) {
    let name = field(item, "name");
    let place = format!("{file}, {} / {name}", folders.join(" / "));
    let request = item.get("request").unwrap_or(&Value::Null);
    // A request may be just its address.
    let url = match (request.as_str(), request.get("url")) {
        (Some(url), _) => url.to_owned(),
        (None, Some(Value::String(url))) => url.clone(),
        (None, Some(url)) => address(url),
        (None, None) => String::new(),
    };
    let method = match field(request, "method") {
        "" => "GET",
        method => method,
    };
    let body = request.get("body").unwrap_or(&Value::Null);
    let sent = match field(body, "mode") {
        _ if is_on(body, "disabled") => Sent::Nothing,
        "" => Sent::Nothing,
        "raw" => Sent::Text(field(body, "raw")),
        mode => Sent::Other(format!("a body of the kind {mode:?}")),
    };
    let mut extras = Vec::new();
    if has(item, "event") {
        extras.push("Scripts");
    }
    if has(item, "response") {
        extras.push("Saved answers");
    }
    let headers = match request.get("header") {
        Some(Value::Array(headers)) => headers
            .iter()
            .filter(|header| !is_on(header, "disabled"))
            .map(|header| field(header, "key"))
            .collect(),
        // Older collections hold them as one text.
        Some(Value::String(text)) => text
            .lines()
            .filter_map(|line| line.split(':').next())
            .collect(),
        _ => Vec::new(),
    };
    Call {
        place,
        folders: folders.to_vec(),
        name,
        method,
        url: &url,
        sent,
        headers,
        auth: auth(request),
        syntax: Syntax::Braces,
        extras,
    }
    .import(out);
}
