//! What a file is: by its content first, by its name where the content says nothing.

use serde_json::Value;

use super::fields::{has, list, text as field};
use super::{FILE_LIMIT, ImportKind, Source};
use crate::error::{Error, ErrorCode, Result};
use crate::request_code::parse_value;
use crate::workspace::plain;

/// What was found.
pub(super) enum Found<'a> {
    /// A document of this kind.
    Value(ImportKind, Value),
    /// A JSON object a line.
    Rows(ImportKind, &'a str),
    Curl,
    Bru,
    /// A file that only marks a folder as a tool's own.
    Marker(ImportKind),
    Nothing,
}

/// The file's text.
///
/// # Errors
/// `FileInvalid`: an archive, no UTF-8, or too large.
pub(super) fn text(source: &Source) -> Result<&str> {
    let bytes = source.bytes.as_slice();
    let invalid = |why: String| Error::new(ErrorCode::FileInvalid, why);
    if bytes.len() > FILE_LIMIT {
        return Err(invalid(format!(
            "It is {} MB large; up to {} MB are read.",
            bytes.len() / 1024 / 1024,
            FILE_LIMIT / 1024 / 1024
        )));
    }
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"PK\x03\x04")
        || starts(b"PK\x05\x06")
        || starts(b"\x1f\x8b")
        || starts(b"7z\xbc\xaf")
    {
        return Err(invalid(
            "It is an archive. Unpack it first, and import the folder.".into(),
        ));
    }
    if starts(b"\xff\xfe") || starts(b"\xfe\xff") {
        return Err(invalid("It is UTF-16. Save it as UTF-8.".into()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| invalid(format!("Byte {} is no UTF-8.", error.valid_up_to())))?;
    if text.contains('\0') {
        return Err(invalid("It holds zero bytes, so it is no text.".into()));
    }
    Ok(text)
}

/// What `text` is; `name` is the file's.
///
/// # Errors
/// `FileInvalid` where it begins like a format and is broken, naming the line.
pub(super) fn detect<'a>(name: &str, text: &'a str) -> Result<Found<'a>> {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let ending = ending.as_deref().unwrap_or_default();
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Ok(Found::Nothing);
    }
    if trimmed.starts_with(['{', '[']) {
        return json(name, trimmed, ending, text);
    }
    if ending == "bru" || is_bru(trimmed) {
        return Ok(Found::Bru);
    }
    if !matches!(ending, "yaml" | "yml") && holds_curl(text) {
        return Ok(Found::Curl);
    }
    let first = trimmed
        .lines()
        .find(|line| !line.starts_with('#') && *line != "---");
    let like_yaml = first.is_some_and(|line| {
        line.split_once(':').is_some_and(|(key, _)| {
            !key.is_empty()
                && key
                    .chars()
                    .all(|it| it.is_ascii_alphanumeric() || "_-$".contains(it))
        })
    });
    if matches!(ending, "yaml" | "yml") || (like_yaml && !matches!(ending, "md" | "txt" | "rst")) {
        let value: Value = match serde_saphyr::from_str(text) {
            Ok(value) => value,
            Err(error) => {
                let line = error.location().map(|at| at.line());
                let why = plain::words(&error.to_string());
                let error = Error::new(
                    ErrorCode::FileInvalid,
                    format!("It can't be read as YAML: {why}."),
                );
                return Err(match line {
                    Some(line) => error.place(format!("line {line}")),
                    None => error,
                });
            }
        };
        return Ok(match yaml_kind(&value) {
            Some(kind) => Found::Value(kind, value),
            None => Found::Nothing,
        });
    }
    Ok(Found::Nothing)
}

fn json<'a>(name: &str, trimmed: &str, ending: &str, text: &'a str) -> Result<Found<'a>> {
    match serde_json::from_str::<Value>(trimmed) {
        Ok(value) => {
            if ending == "jsonl" || ending == "ndjson" {
                return Ok(Found::Rows(rows_kind(&value), text));
            }
            if name.rsplit('/').next() == Some("bruno.json") {
                return Ok(Found::Marker(ImportKind::Bruno));
            }
            Ok(match json_kind(&value) {
                // The name that stands last would win, by chance.
                Some(ImportKind::OpenaiBody) => {
                    let once = parse_value(trimmed, "The file").map_err(|mut error| {
                        error.code = ErrorCode::FileInvalid;
                        error
                    })?;
                    Found::Value(ImportKind::OpenaiBody, once)
                }
                Some(ImportKind::OpenaiBatch) => Found::Rows(ImportKind::OpenaiBatch, text),
                Some(kind) => Found::Value(kind, value),
                None => Found::Nothing,
            })
        }
        Err(error) => {
            // Several objects, one a line.
            let first = trimmed.lines().next().unwrap_or_default();
            let lines = serde_json::from_str::<Value>(first)
                .ok()
                .filter(Value::is_object);
            if let Some(first) = lines {
                return Ok(Found::Rows(rows_kind(&first), text));
            }
            let said = error.to_string();
            let why = plain::words(said.split(" at line ").next().unwrap_or(&said));
            // Bodies may hold comments and bare placeholders; that is no file of a tool, so it is just broken.
            Err(Error::new(
                ErrorCode::FileInvalid,
                format!(
                    "It can't be read as JSON: {why} (line {}, column {}).",
                    error.line(),
                    error.column()
                ),
            )
            .place(format!("line {}", error.line())))
        }
    }
}

fn rows_kind(first: &Value) -> ImportKind {
    if first.get("custom_id").is_some() && first.get("body").is_some() {
        ImportKind::OpenaiBatch
    } else {
        ImportKind::OpenaiRows
    }
}

fn json_kind(value: &Value) -> Option<ImportKind> {
    if let Some(items) = value.as_array() {
        return items
            .first()
            .filter(|first| is_body(first))
            .map(|_| ImportKind::OpenaiBody);
    }
    let schema = value
        .get("info")
        .map(|info| field(info, "schema"))
        .unwrap_or_default();
    if schema.contains("getpostman.com") || schema.contains("schema.postman.com") {
        return Some(ImportKind::Postman);
    }
    if value.get("info").is_some() && value.get("item").is_some_and(Value::is_array) {
        return Some(ImportKind::Postman);
    }
    if value.get("rheostat").is_some() && value.get("items").is_some() {
        return Some(ImportKind::Rheostat);
    }
    if value.get("yaakSchema").is_some() || value.get("yaakVersion").is_some() {
        return Some(ImportKind::Yaak);
    }
    if value
        .get("log")
        .is_some_and(|log| log.get("entries").is_some())
    {
        return Some(ImportKind::Har);
    }
    if value.get("_postman_variable_scope").is_some()
        || list(value, "values")
            .first()
            .is_some_and(|first| first.get("key").is_some())
    {
        return Some(ImportKind::PostmanEnvironment);
    }
    if field(value, "_type") == "export" && value.get("resources").is_some() {
        return Some(ImportKind::Insomnia);
    }
    if value.get("custom_id").is_some() && value.get("body").is_some() {
        return Some(ImportKind::OpenaiBatch);
    }
    if is_promptfoo(value) {
        return Some(ImportKind::Promptfoo);
    }
    if value.get("opencollection").is_some() {
        return Some(ImportKind::Opencollection);
    }
    if is_body(value) {
        return Some(ImportKind::OpenaiBody);
    }
    None
}

fn yaml_kind(value: &Value) -> Option<ImportKind> {
    if field(value, "type").contains(".insomnia.rest/") {
        return Some(ImportKind::Insomnia);
    }
    let kind = value
        .get("info")
        .map(|info| field(info, "type"))
        .unwrap_or_default();
    let is_environment = has(value, "name")
        && list(value, "variables")
            .first()
            .is_some_and(|first| first.get("name").is_some());
    if value.get("opencollection").is_some()
        || matches!(
            kind,
            "http" | "folder" | "graphql" | "grpc" | "websocket" | "script" | "app"
        )
        || is_environment
    {
        return Some(ImportKind::Opencollection);
    }
    if is_promptfoo(value) {
        return Some(ImportKind::Promptfoo);
    }
    if has(value, "name")
        && (value.get("id").is_some() && value.get("body").is_some_and(Value::is_object)
            || value.get("variables").is_some_and(Value::is_object))
    {
        return Some(ImportKind::Rheostat);
    }
    json_kind(value)
}

fn is_promptfoo(value: &Value) -> bool {
    let config = |value: &Value| {
        value.get("prompts").is_some()
            && (value.get("providers").is_some() || value.get("targets").is_some())
    };
    config(value) || (value.get("results").is_some() && value.get("config").is_some_and(config))
}

/// Whether an object looks like the body of a request.
pub(super) fn is_body(value: &Value) -> bool {
    let has = |key: &str| value.get(key).is_some();
    // An answer has a status and an output; it is no request.
    let answer = field(value, "object") == "response"
        || field(value, "object").starts_with("chat.completion");
    !answer
        && (has("messages")
            || (has("input")
                && (has("model") || has("instructions") || has("prompt") || has("text")))
            || (has("model") && (has("instructions") || has("prompt") || has("reasoning"))))
}

fn is_bru(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default().trim_end();
    let block = line.strip_suffix(" {").or_else(|| line.strip_suffix(" ["));
    block.is_some_and(|name| {
        let first = name.split(':').next().unwrap_or(name);
        matches!(
            first,
            "meta"
                | "get"
                | "post"
                | "put"
                | "delete"
                | "patch"
                | "options"
                | "head"
                | "http"
                | "vars"
                | "headers"
                | "auth"
                | "body"
                | "query"
                | "params"
                | "assert"
                | "script"
                | "tests"
                | "docs"
                | "settings"
        )
    })
}

fn holds_curl(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line
            .trim_start()
            .trim_start_matches(['$', '%', '>'])
            .trim_start();
        ["curl ", "curl.exe ", "/usr/bin/curl "]
            .iter()
            .any(|program| line.starts_with(program))
            || line == "curl"
            || line.contains("| curl ")
            || (line.starts_with(|it: char| it.is_ascii_uppercase())
                && line.contains("=")
                && line.contains(" curl "))
    })
}
