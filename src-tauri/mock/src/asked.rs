//! What a request asks, as far as the choice of its answer goes.

use axum::http::Method;
use axum::http::request::Parts;
use bytes::Bytes;
use serde_json::Value;

use crate::key::Key;
use crate::knowledge::Knowledge;

#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub method: Method,
    /// With its query.
    pub path: String,
    pub bytes: Bytes,
    /// Null where there is none, a string where it isn't JSON.
    pub body: Value,
    pub key: Key,
    pub model: Option<String>,
    /// The effort asked for, else the model's own.
    pub effort: Option<String>,
    pub streamed: bool,
}

impl Asked {
    pub(crate) fn read(parts: &Parts, bytes: Bytes, knowledge: &Knowledge) -> Self {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let body = match bytes.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned())),
        };
        Self::of(parts.method.clone(), path, bytes, body, knowledge)
    }

    /// `path` with its query; `body` is what `bytes` say.
    pub(crate) fn of(
        method: Method,
        path: &str,
        bytes: Bytes,
        body: Value,
        knowledge: &Knowledge,
    ) -> Self {
        let model = body["model"].as_str().map(str::to_owned);
        let given = body
            .pointer("/reasoning/effort")
            .or(body.get("reasoning_effort"));
        let effort = match given.and_then(Value::as_str) {
            Some(effort) => Some(effort.to_owned()),
            None => model
                .as_deref()
                .and_then(|name| knowledge.model(name))
                .map(|model| model.default.clone()),
        };
        let query = path.split_once('?').map_or("", |(_, query)| query);
        Asked {
            key: Key::of(method.as_str(), path, &body),
            method,
            path: path.to_owned(),
            streamed: body["stream"] == true || query.split('&').any(|pair| pair == "stream=true"),
            bytes,
            body,
            model,
            effort,
        }
    }

    /// The path without its query.
    pub(crate) fn place(&self) -> &str {
        self.path.split('?').next().unwrap_or("")
    }

    pub(crate) fn contains(&self, part: &str) -> bool {
        String::from_utf8_lossy(&self.bytes).contains(part)
    }

    pub(crate) fn include_usage(&self) -> bool {
        self.body.pointer("/stream_options/include_usage") == Some(&Value::Bool(true))
    }
}

#[cfg(test)]
impl Asked {
    pub(crate) fn new(method: &str, path: &str, body: Value, default: Option<&str>) -> Self {
        let effort = body.pointer("/reasoning/effort").and_then(Value::as_str);
        Asked {
            method: method.parse().unwrap(),
            path: path.to_owned(),
            key: Key::of(method, path, &body),
            bytes: Bytes::from(body.to_string()),
            model: body["model"].as_str().map(str::to_owned),
            effort: effort.or(default).map(str::to_owned),
            streamed: body["stream"] == true,
            body,
        }
    }
}
