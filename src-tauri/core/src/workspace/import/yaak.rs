//! A Yaak export (`yaakSchema` 3 and 4): one JSON document of workspaces, folders, requests and environments, as the
//! command line of the npm package `@yaakapp/cli` writes it.
//!
//! Kept: folders, names, JSON and text bodies, environments. Named and left out: sign-in, headers, other bodies,
//! `${[ functions() ]}`, gRPC and WebSocket requests.

use std::collections::HashMap;

use serde_json::Value;

use super::Imported;
use super::call::{Call, Sent, environment};
use super::fields::{has, list, text as field};
use super::names;
use super::placeholders::Syntax;
use crate::error::Result;

/// A folder in a folder in a folder: no deeper, so that a circle ends.
const DEEPEST: usize = 64;

pub(super) fn read(name: &str, value: &Value, out: &mut Imported) -> Result<()> {
    let resources = value.get("resources").unwrap_or(value);
    let by_id = |list: &'static str| -> HashMap<&str, &Value> {
        self::list(resources, list)
            .iter()
            .map(|one| (field(one, "id"), one))
            .collect()
    };
    let workspaces = by_id("workspaces");
    let folders = by_id("folders");
    for shared in workspaces.values().chain(folders.values()) {
        if let Some(auth) = auth(shared) {
            let place = format!("{name}, {}", field(shared, "name"));
            out.leave(place, format!("The sign-in ({auth})"), super::call::KEY_WHY);
        }
    }
    for request in list(resources, "httpRequests") {
        let mut path = Vec::new();
        let mut next = field(request, "folderId");
        while let Some(folder) = folders.get(next).filter(|_| path.len() < DEEPEST) {
            path.push(field(folder, "name"));
            next = field(folder, "folderId");
        }
        path.push(match workspaces.get(field(request, "workspaceId")) {
            Some(workspace) => field(workspace, "name"),
            None => names::stem(name),
        });
        path.reverse();
        let body = request.get("body").unwrap_or(&Value::Null);
        let kind = field(request, "bodyType");
        let sent = if has(body, "text") {
            Sent::Text(field(body, "text"))
        } else if kind.is_empty() {
            Sent::Nothing
        } else {
            Sent::Other(format!("a body of the kind {kind:?}"))
        };
        Call {
            place: format!("{name}, {} / {}", path.join(" / "), field(request, "name")),
            folders: path,
            name: field(request, "name"),
            method: field(request, "method"),
            url: field(request, "url"),
            sent,
            headers: list(request, "headers")
                .iter()
                .filter(|header| is_used(header))
                .map(|header| field(header, "name"))
                .collect(),
            auth: auth(request),
            syntax: Syntax::Yaak,
            extras: Vec::new(),
        }
        .import(out);
    }
    for (list_name, what) in [("grpcRequests", "gRPC"), ("websocketRequests", "WebSocket")] {
        for request in list(resources, list_name) {
            out.leave(
                format!("{name}, {}", field(request, "name")),
                format!("The request {:?}", names::shortened(field(request, "name"))),
                format!("It is a {what} request, not an HTTP one."),
            );
        }
    }
    for one in list(resources, "environments") {
        let variables = list(one, "variables")
            .iter()
            .filter(|it| is_used(it))
            .map(|it| {
                let value = field(it, "value");
                // Yaak keeps what it encrypts in a function of its own.
                let secret = value.contains("secure(");
                (field(it, "name").to_owned(), value.to_owned(), secret)
            });
        let place = format!("{name}, environment {}", field(one, "name"));
        environment(&place, field(one, "name"), variables, Syntax::Yaak, out);
    }
    Ok(())
}

fn is_used(one: &Value) -> bool {
    one.get("enabled").and_then(Value::as_bool).unwrap_or(true)
}

fn auth(value: &Value) -> Option<&str> {
    Some(field(value, "authenticationType")).filter(|kind| !matches!(*kind, "" | "none"))
}
