//! Request bodies as JSON: what the Playground's code view, the SDKs and logs show (API.md 2, 3.3), one or a list.
//!
//! A saved prompt of the Playground is the same fields with `{{name}}` in its texts, which are Rheostat's variables too.

use serde_json::Value;

use super::call::Item;
use super::detect::is_body;
use super::names;
use super::placeholders::Syntax;
use super::{ImportKind, Imported};
use crate::catalog::endpoint::Endpoint;
use crate::error::Result;

pub(super) fn read(name: &str, value: Value, out: &mut Imported) -> Result<()> {
    let bodies = match value {
        Value::Array(bodies) => bodies,
        body => vec![body],
    };
    let several = bodies.len() > 1;
    for (index, body) in bodies.into_iter().enumerate() {
        let place = if several {
            format!("{name}, item {}", index + 1)
        } else {
            name.to_owned()
        };
        let Some(body) = Some(body).filter(is_body).and_then(|body| match body {
            Value::Object(body) => Some(body),
            _ => None,
        }) else {
            out.leave(place, "The item", "It is no body of a request.");
            continue;
        };
        let chat = body.contains_key("messages") && !body.contains_key("input");
        Item {
            place,
            folder: String::new(),
            name: if several { "" } else { names::stem(name) },
            endpoint: if chat {
                Endpoint::ChatCompletions
            } else {
                Endpoint::Responses
            },
            body,
            syntax: Syntax::Braces,
            checks: Vec::new(),
        }
        .push(out);
    }
    out.found(ImportKind::OpenaiBody);
    Ok(())
}
