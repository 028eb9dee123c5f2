//! A schema in other languages: types that hold what it describes, or the part of a request that sends it.

mod literal;
mod model;
mod names;
mod pydantic;
mod rust;
mod typescript;
mod wire;
mod zod;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::circles::{self, Trap};
use crate::error::{Error, ErrorCode, Result};

/// What a schema can be printed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SchemaLanguage", rename_all = "snake_case")]
pub enum Language {
    JsonSchema,
    /// `text.format` of a Responses body (API.md 2).
    Responses,
    /// `response_format` of a Chat Completions body (API.md 3).
    Chat,
    /// Python models for Pydantic 2.
    Pydantic,
    /// Zod 4.
    Zod,
    Typescript,
    /// Rust types for serde and schemars 1.
    Rust,
}

impl Language {
    pub const ALL: [Self; 7] = [
        Self::JsonSchema,
        Self::Responses,
        Self::Chat,
        Self::Pydantic,
        Self::Zod,
        Self::Typescript,
        Self::Rust,
    ];

    /// The name in the contract and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonSchema => "json_schema",
            Self::Responses => "responses",
            Self::Chat => "chat",
            Self::Pydantic => "pydantic",
            Self::Zod => "zod",
            Self::Typescript => "typescript",
            Self::Rust => "rust",
        }
    }
}

/// Something of the schema that the language doesn't say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PrintNote", rename_all = "camelCase")]
pub struct PrintNote {
    /// JSON Pointer into the schema.
    pub pointer: String,
    pub message: String,
}

/// Code, and what is lost in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PrintSchemaOutput", rename_all = "camelCase")]
pub struct Printed {
    pub text: String,
    pub notes: Vec<PrintNote>,
}

/// Prints a schema; `name` is what its type, or the schema in a request, is called. Names become
/// identifiers of the language; where that changes them, the code says the name on the wire.
///
/// # Errors
/// `BadInput` for types of a schema that is no object, refers out of itself, or leads round in a circle.
pub fn print(schema: &Value, name: &str, language: Language) -> Result<Printed> {
    let plain = |text: String| Printed {
        text,
        notes: Vec::new(),
    };
    match language {
        Language::JsonSchema => return wire::schema(schema).map(plain),
        Language::Responses => return wire::responses(schema, name).map(plain),
        Language::Chat => return wire::chat(schema, name).map(plain),
        _ => {}
    }
    let refused = |why: String| {
        Error::new(
            ErrorCode::BadInput,
            format!("The schema can't be printed as code: {why}."),
        )
        .place("schema")
    };
    if !schema.is_object() {
        return Err(refused("it is no object".to_owned()));
    }
    match circles::trap(schema) {
        None => {}
        Some(Trap::Circle(at)) => {
            return Err(refused(format!(
                "the reference at {at} leads back to itself"
            )));
        }
        Some(Trap::Long(at)) => {
            return Err(refused(format!(
                "{at} passes on through too many references"
            )));
        }
        Some(Trap::Remote(reference)) => {
            return Err(refused(format!(
                "it refers to {reference}, and nothing outside of it is fetched"
            )));
        }
    }
    let mut model = model::Model::of(schema, name);
    let mut notes = std::mem::take(&mut model.notes);
    let text = match language {
        Language::Pydantic => pydantic::print(&model, &mut notes),
        Language::Zod => zod::print(&model, &mut notes),
        Language::Typescript => typescript::print(&model),
        _ => rust::print(&model, &mut notes),
    };
    Ok(Printed { text, notes })
}
