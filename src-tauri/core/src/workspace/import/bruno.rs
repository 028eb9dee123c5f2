//! Bruno's `.bru` files: requests, and environments in the folder `environments`. The format is that of the npm
//! package `@usebruno/lang`.
//!
//! Kept: the folders on disk, names, JSON and text bodies, variables. Named and left out: sign-in, headers, scripts,
//! tests, assertions, other kinds of bodies, and the values of `vars:secret`, which Bruno does not write either.

use super::Imported;
use super::bru::{Block, blocks};
use super::call::{Call, Sent, environment};
use super::names;
use super::placeholders::Syntax;
use crate::error::{Error, ErrorCode, Result};

const METHODS: [&str; 9] = [
    "get", "post", "put", "delete", "patch", "options", "head", "connect", "trace",
];

pub(super) fn read(name: &str, text: &str, out: &mut Imported) -> Result<()> {
    let blocks = blocks(text).map_err(|(line, why)| {
        Error::new(
            ErrorCode::FileInvalid,
            format!("It is no file of Bruno's: {why} (line {line})."),
        )
        .place(format!("line {line}"))
    })?;
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let find = |wanted: &str| blocks.iter().find(|block| block.name == wanted);
    let is_call = blocks
        .iter()
        .any(|block| METHODS.contains(&block.name) || block.name == "http");
    if !is_call
        && blocks
            .iter()
            .any(|block| block.name == "vars" || block.name == "vars:secret")
    {
        let in_environments = folder == "environments" || folder.ends_with("/environments");
        if in_environments || !matches!(file, "collection.bru" | "folder.bru") {
            variables(name, names::stem(file), &blocks, out);
            return Ok(());
        }
    }
    if !is_call {
        shared(name, &blocks, out);
        return Ok(());
    }
    let meta = find("meta");
    let title = meta.map(|meta| meta.get("name")).unwrap_or_default();
    let title = if title.is_empty() {
        names::stem(file).to_owned()
    } else {
        title
    };
    let http = blocks
        .iter()
        .find(|block| METHODS.contains(&block.name) || block.name == "http");
    let Some(http) = http else {
        return Ok(());
    };
    let method = match http.name {
        "http" => http.get("method"),
        method => method.to_owned(),
    };
    let mode = http.get("body");
    let body = find("body:json")
        .or_else(|| find("body:text"))
        .or_else(|| find("body"));
    let body_text = body.map(Block::text).unwrap_or_default();
    let sent = match mode.as_str() {
        "json" | "text" | "" => Sent::Text(&body_text),
        "none" => Sent::Nothing,
        other => Sent::Other(format!("a body of the kind {other:?}")),
    };
    let headers: Vec<String> = find("headers")
        .map(|headers| headers.pairs())
        .unwrap_or_default()
        .into_iter()
        .filter(|pair| pair.is_on)
        .map(|pair| pair.name)
        .collect();
    let auth = http.get("auth");
    let mut extras: Vec<&str> = Vec::new();
    for (start, what) in [
        ("script:", "Scripts"),
        ("tests", "Tests"),
        ("assert", "Assertions"),
        ("vars:pre-request", "Variables that are set before the call"),
        (
            "vars:post-response",
            "Variables that are set after the call",
        ),
        ("example", "Saved answers"),
    ] {
        if blocks
            .iter()
            .any(|block| block.name.starts_with(start) && !block.is_empty())
        {
            extras.push(what);
        }
    }
    let url = http.get("url");
    Call {
        place: name.to_owned(),
        folders: folder.split('/').filter(|part| !part.is_empty()).collect(),
        name: &title,
        method: &method,
        url: &url,
        sent,
        headers: headers.iter().map(String::as_str).collect(),
        auth: Some(auth.as_str()).filter(|auth| !matches!(*auth, "" | "none" | "inherit")),
        syntax: Syntax::Braces,
        extras,
    }
    .import(out);
    Ok(())
}

/// The file of a folder or a collection: what it hands down.
fn shared(name: &str, blocks: &[Block<'_>], out: &mut Imported) {
    for block in blocks.iter().filter(|block| !block.is_empty()) {
        match block.name {
            "auth" if matches!(block.get("mode").as_str(), "none" | "inherit" | "") => {}
            "auth" => {
                let what = format!("The sign-in ({})", block.get("mode"));
                out.leave(name, what, super::call::KEY_WHY);
            }
            "headers" => {
                for header in block.pairs().iter().filter(|pair| pair.is_on) {
                    super::call::leave_header(name, &header.name, out);
                }
            }
            "tests" => out.leave(name, "Tests", "Nothing of an import is run."),
            name_of if name_of.starts_with("script") => {
                out.leave(name, "Scripts", "Nothing of an import is run.");
            }
            name_of if name_of.starts_with("vars:pre-request") => {
                let folder = name.rsplit_once('/').map_or(name, |(folder, _)| folder);
                variables(name, names::stem(folder), blocks, out);
            }
            _ => {}
        }
    }
}

fn variables(place: &str, title: &str, blocks: &[Block<'_>], out: &mut Imported) {
    let plain = blocks
        .iter()
        .filter(|block| block.name == "vars" || block.name == "vars:pre-request")
        .flat_map(Block::pairs)
        .filter(|pair| pair.is_on)
        .map(|pair| (pair.name, pair.value, false));
    let secret = blocks
        .iter()
        .filter(|block| block.name == "vars:secret")
        .flat_map(Block::names)
        .map(|name| (name, String::new(), true));
    environment(place, title, plain.chain(secret), Syntax::Braces, out);
}
