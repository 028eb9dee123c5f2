//! `data/chat.yaml`, read.

use serde::Deserialize;

use crate::check::table::{Content, Parameter};

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChatTable {
    pub parameters: Vec<Parameter>,
    pub reasoning_refuses: Vec<String>,
    pub content: Content,
}
