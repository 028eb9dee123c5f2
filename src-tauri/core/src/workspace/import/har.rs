//! HTTP archives, as browsers and proxies save them: HAR 1.2, whose schema is the npm package `har-schema`.
//!
//! Calls to other addresses are counted by host, not listed: a page makes hundreds. Answers stay behind.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Imported;
use super::call::{Call, Sent};
use super::fields::{has, list, text as field};
use super::names;
use super::placeholders::Syntax;
use crate::error::Result;

pub(super) fn read(name: &str, value: &Value, out: &mut Imported) -> Result<()> {
    let entries = value
        .get("log")
        .map(|log| list(log, "entries"))
        .unwrap_or_default();
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(request) = entry.get("request") else {
            out.leave(
                format!("{name}, entry {}", index + 1),
                "The entry",
                "It holds no request.",
            );
            continue;
        };
        let url = field(request, "url");
        let path = url
            .split(['?', '#'])
            .next()
            .unwrap_or(url)
            .trim_end_matches('/');
        let ours = path.ends_with("/v1/responses") || path.ends_with("/v1/chat/completions");
        if !ours || field(request, "method").eq_ignore_ascii_case("options") {
            let host = path.split_once("://").map_or(path, |(_, rest)| rest);
            let host = host.split('/').next().unwrap_or(host);
            let host = host.rsplit('@').next().unwrap_or(host);
            *others.entry(names::item(host, "no address")).or_default() += 1;
            continue;
        }
        let post = request.get("postData");
        let encoded = post.is_some_and(|post| field(post, "encoding") == "base64");
        let sent = match post {
            _ if encoded => Sent::Other("base64".into()),
            Some(post) if has(post, "text") => Sent::Text(field(post, "text")),
            Some(post) if has(post, "params") => Sent::Other("a form".into()),
            _ => Sent::Nothing,
        };
        Call {
            place: format!("{name}, entry {}", index + 1),
            folders: vec![names::stem(name)],
            name: "",
            method: field(request, "method"),
            url,
            sent,
            headers: list(request, "headers")
                .iter()
                .map(|header| field(header, "name"))
                .collect(),
            auth: None,
            syntax: Syntax::Literal,
            extras: Vec::new(),
        }
        .import(out);
    }
    for (host, count) in others {
        let calls = if count == 1 {
            "1 call".to_owned()
        } else {
            format!("{count} calls")
        };
        out.leave(
            name,
            format!("{calls} to {host}"),
            "They are neither Responses nor Chat Completions.",
        );
    }
    Ok(())
}
