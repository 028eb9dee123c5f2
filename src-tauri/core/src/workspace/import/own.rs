//! Rheostat's own files: a request's YAML, an environment's, and the single JSON document that an export makes. They get ids of their own.

use serde_json::Value;

use super::call::{Item, KEY_WHY, environment};
use super::fields::{as_text, text as field};
use super::names;
use super::placeholders::Syntax;
use super::{Imported, ImportedContent};
use crate::error::{Error, ErrorCode, Result};
use crate::secrets_in_text;
use crate::workspace::request_file::RequestFile;

pub(super) fn read(name: &str, value: Value, out: &mut Imported) -> Result<()> {
    if let Some(Value::Object(variables)) = value.get("variables")
        && value.get("body").is_none()
    {
        let variables = variables.iter().map(|(name, meaning)| {
            // A secret is where it is kept; it does not come along.
            let secret = meaning.is_object();
            let value = if secret {
                String::new()
            } else {
                as_text(meaning)
            };
            (name.clone(), value, secret)
        });
        environment(name, field(&value, "name"), variables, Syntax::Literal, out);
        return Ok(());
    }
    let Some(items) = value.get("items").and_then(Value::as_array) else {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        return one(name.to_owned(), folder, value, out);
    };
    for (index, item) in items.iter().enumerate() {
        let place = format!("{name}, item {}", index + 1);
        let request = item.get("request").cloned().unwrap_or_default();
        if let Err(error) = one(place.clone(), field(item, "folder"), request, out) {
            out.leave(place, "The item", error.message);
        }
    }
    Ok(())
}

fn one(place: String, folder: &str, mut value: Value, out: &mut Imported) -> Result<()> {
    // An id is given when it is written; two files of one id would share their history.
    if let Some(fields) = value.as_object_mut() {
        fields.insert("id".into(), "".into());
    }
    let mut request: RequestFile = serde_json::from_value(value).map_err(|error| {
        Error::new(
            ErrorCode::FileInvalid,
            format!("It is not a request: {error}."),
        )
    })?;
    for (name, value) in &mut request.variables {
        if secrets_in_text::without_keys(value).is_some() {
            out.leave(place.clone(), format!("The value of {name}"), KEY_WHY);
            value.clear();
        }
    }
    let folders: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let folder = names::folder(&folders, &place, out);
    Item {
        place,
        folder,
        name: &request.name,
        endpoint: request.endpoint,
        body: request.body,
        syntax: Syntax::Braces,
        checks: request.checks,
    }
    .push(out);
    if let Some(ImportedContent::Request { request: made }) =
        out.items.last_mut().map(|item| &mut item.content)
    {
        made.tags = request.tags;
        made.variables = request.variables;
        made.other = request.other;
    }
    Ok(())
}
