//! JSON Schemas of what a workspace holds, for editors: made from the same types and tables that read it.
//!
//! They lie in `.rheostat/schemas` of the workspace. The first line of the files that Rheostat makes leads an
//! editor to them (see `document`).

use std::path::Path;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::defaults::FolderFile;
use super::environment_file::EnvironmentFile;
use super::request_file::{self, RequestFile};
use super::{folder, write};
use crate::catalog::endpoint::Endpoint;
use crate::catalog::models::Catalog;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;

mod body;

pub use body::body_schema;

/// What Rheostat writes into a workspace for others to read.
const FOLDER: &str = ".rheostat";

/// The JSON Schema of a `folder.yaml`. What a folder hands down is held to the table of the body that it
/// becomes a part of.
pub fn folder_schema(catalog: &Catalog, table: &ParameterTable) -> Value {
    let mut root = schema_of::<FolderFile>("A folder of Rheostat");
    let body = body_schema(Endpoint::Responses, catalog, table);
    let parts = [
        ("model", "/properties/model"),
        ("effort", "/properties/reasoning/properties/effort"),
        ("instructions", "/properties/instructions"),
        ("tools", "/properties/tools"),
        ("text_format", "/properties/text/properties/format"),
    ];
    for (field, pointer) in parts {
        let place = format!("/$defs/Defaults/properties/{field}");
        if let (Some(place), Some(part)) = (root.pointer_mut(&place), body.pointer(pointer)) {
            *place = part.clone();
        }
    }
    root
}

/// The JSON Schema of a type as its own derivation says it.
pub fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut root = generator.into_root_schema_for::<T>().to_value();
    if let Some(fields) = root.as_object_mut() {
        fields.insert("title".into(), json!(title));
    }
    root
}

/// The JSON Schema of a request file, its body by the endpoint that it names.
pub fn request_schema(catalog: &Catalog, table: &ParameterTable) -> Value {
    let mut root = schema_of::<RequestFile>("A request of Rheostat");
    let bodies =
        Endpoint::ALL.map(|endpoint| (def(endpoint), body_schema(endpoint, catalog, table)));
    if let Some(fields) = root.as_object_mut() {
        let defs = fields.entry("$defs").or_insert_with(|| json!({}));
        for (name, mut body) in bodies {
            // They stand inside another schema here.
            if let Some(body) = body.as_object_mut() {
                body.shift_remove("$schema");
            }
            defs[name] = body;
        }
        let chat = json!({"properties": {"endpoint": {"const": "chat_completions"}}, "required": ["endpoint"]});
        let body = |endpoint: Endpoint| json!({"properties": {"body": {"$ref": format!("#/$defs/{}", def(endpoint))}}});
        fields.insert("if".into(), chat);
        fields.insert("then".into(), body(Endpoint::ChatCompletions));
        fields.insert("else".into(), body(Endpoint::Responses));
    }
    root
}

/// The JSON Schema of an environment's file.
pub fn environment_schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut root = generator
        .into_root_schema_for::<EnvironmentFile>()
        .to_value();
    if let Some(fields) = root.as_object_mut() {
        fields.insert("title".into(), json!("An environment of Rheostat"));
    }
    root
}

fn def(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Responses => "responsesBody",
        Endpoint::ChatCompletions => "chatCompletionsBody",
    }
}

/// Writes the schemas into a workspace, where they are missing or old, and those of `others` by the names of
/// their files. A folder without the settings file
/// of a workspace is left alone.
///
/// # Errors
/// `FileUnwritable`.
pub fn install(
    root: &Path,
    catalog: &Catalog,
    table: &ParameterTable,
    others: &[(&str, Value)],
) -> Result<()> {
    if !root.join(folder::SETTINGS).exists() {
        return Ok(());
    }
    let ours = root.join(FOLDER);
    // They are made anew on every computer, so they are no part of what is shared.
    put(&ours.join(".gitignore"), "*\n")?;
    let files = [
        ("request.json", request_schema(catalog, table)),
        ("environment.json", environment_schema()),
        ("folder.json", folder_schema(catalog, table)),
        (
            "responses-body.json",
            body_schema(Endpoint::Responses, catalog, table),
        ),
        (
            "chat-completions-body.json",
            body_schema(Endpoint::ChatCompletions, catalog, table),
        ),
    ];
    for (name, schema) in files.iter().chain(others) {
        put(&ours.join("schemas").join(name), &text(schema))?;
    }
    Ok(())
}

fn text(schema: &Value) -> String {
    let text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text + "\n"
}

/// Writes a file unless it is what it should be.
fn put(path: &Path, content: &str) -> Result<()> {
    if request_file::read_text(path).is_ok_and(|known| known == content) {
        return Ok(());
    }
    write::write(path, content)
}

#[cfg(test)]
mod tests;
