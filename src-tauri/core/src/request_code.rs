//! A request as code: written out as cURL, Python, Node and Rust, and read back from a cURL command.
//!
//! The key is never part of it: what is written reads it from the environment, what is read leaves it out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::place::Body;
use outside::Outside;

mod curl;
mod json_text;
pub(crate) mod literal;
mod node;
pub mod outside;
mod paste;
mod python;
mod rust;
mod words;

pub use json_text::{parse as parse_json, parse_value};
pub use paste::{LeftOut, Pasted, paste, paste_script};

/// In what a request can be written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum CodeKind {
    /// A command for a POSIX shell.
    Curl,
    /// A script over the official `openai` package.
    Python,
    /// A module over the official `openai` package.
    Node,
    /// A program over `reqwest` and `serde_json`.
    Rust,
}

/// OpenAI's own address: code for it names none.
const OPENAI: &str = "https://api.openai.com/v1";

/// What is written out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub endpoint: Endpoint,
    pub body: &'a Body,
    /// Without a slash at its end.
    pub base_url: &'a str,
    pub table: &'a ParameterTable,
    /// What texts of the body stand for.
    pub outside: &'a Outside,
}

impl Asked<'_> {
    fn streams(&self) -> bool {
        self.body.get("stream") == Some(&serde_json::Value::Bool(true))
    }

    fn is_openai(&self) -> bool {
        self.base_url == OPENAI
    }
}

/// `body` as code that sends it to `base_url` (`None`: OpenAI's), with the key from `OPENAI_API_KEY`. It
/// ends with a line feed.
pub fn print(
    kind: CodeKind,
    endpoint: Endpoint,
    body: &Body,
    base_url: Option<&str>,
    table: &ParameterTable,
) -> String {
    print_with(kind, endpoint, body, base_url, table, &Outside::default())
}

/// As [`print`], with code for what texts of the body stand for.
pub fn print_with(
    kind: CodeKind,
    endpoint: Endpoint,
    body: &Body,
    base_url: Option<&str>,
    table: &ParameterTable,
    outside: &Outside,
) -> String {
    let asked = Asked {
        endpoint,
        body,
        base_url: base_url.unwrap_or(OPENAI).trim_end_matches('/'),
        table,
        outside,
    };
    match kind {
        CodeKind::Curl => curl::print(asked),
        CodeKind::Python => python::print(asked),
        CodeKind::Node => node::print(asked),
        CodeKind::Rust => rust::print(asked),
    }
}
