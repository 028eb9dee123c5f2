//! What came in: kept so that a test can check what a client really sent.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use axum::http::{HeaderMap, Method, Uri, header};
use bytes::Bytes;
use serde_json::Value;

/// Enough for any test; a stand-in left running for days must not grow without end.
const MOST: usize = 1_000;
const MOST_BYTES: usize = 64 << 20;

/// One request as it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Header names in lower case. The value of `authorization` is masked.
    pub headers: BTreeMap<String, String>,
    /// The JSON body; a string where it wasn't JSON, null where there was none.
    pub body: Value,
}

#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Each with the size of its body.
    kept: Mutex<VecDeque<(usize, Recorded)>>,
}

impl Record {
    pub(crate) fn keep(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) {
        let recorded = Recorded {
            method: method.to_string(),
            path: uri.to_string(),
            headers: headers
                .iter()
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    let shown = if *name == header::AUTHORIZATION {
                        masked(&value)
                    } else {
                        value
                    };
                    (name.to_string(), shown)
                })
                .collect(),
            body: match body.is_empty() {
                true => Value::Null,
                false => serde_json::from_slice(body)
                    .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned())),
            },
        };
        let mut kept = self
            .kept
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        kept.push_back((body.len(), recorded));
        let mut bytes: usize = kept.iter().map(|(size, _)| size).sum();
        while kept.len() > MOST || (bytes > MOST_BYTES && kept.len() > 1) {
            bytes -= kept.pop_front().map_or(0, |(size, _)| size);
        }
    }

    pub(crate) fn all(&self) -> Vec<Recorded> {
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        kept.iter().map(|(_, recorded)| recorded.clone()).collect()
    }
}

/// Keeps the scheme, so that a test still sees that a key was sent.
fn masked(authorization: &str) -> String {
    match authorization.split_once(' ') {
        Some((scheme, _)) => format!("{scheme} ***"),
        None => "***".to_owned(),
    }
}
