//! Checks a request body as the API does, and refuses it in the API's own words (API.md 2, 9, 11).
//!
//! The order is the API's: the model's name, unknown names, then each parameter's own faults in the order of
//! `data/parameters.yaml`, then what it refers to, and last what the model cannot do.

pub(crate) mod ability;
mod input;
pub(crate) mod parameter;
pub(crate) mod strict;
pub(crate) mod table;
pub(crate) mod text;
mod tools;

use serde_json::{Map, Value};

use crate::fault::Fault;
use crate::models::{self, Model};
use table::{Kind, Table};

/// A request that the API would run.
#[derive(Debug)]
pub(crate) struct Accepted<'a> {
    pub model: &'a Model,
    pub effort: String,
}

/// `kept` says whether a response of that id can be continued.
pub(crate) fn body<'a>(
    table: &Table,
    known: &'a [Model],
    body: &Value,
    kept: &dyn Fn(&str) -> bool,
) -> Result<Accepted<'a>, Fault> {
    let Some(map) = body.as_object() else {
        return Err(parameter::invalid_type("body", "an object", body));
    };
    let name = model_name(map)?;
    if let Some(unknown) = map.keys().find(|key| table.parameter(key).is_none()) {
        return Err(parameter::unknown(table, unknown));
    }
    for row in &table.parameters {
        let value = map.get(&row.name).filter(|value| !value.is_null());
        match (row.kind, value) {
            (Kind::Model, _) => {}
            (Kind::Input, value) => input::check(table, map, value)?,
            (_, None) => {}
            (Kind::Tools, Some(value)) => tools::check(table, value)?,
            (Kind::ToolChoice, Some(value)) => tools::check_choice(map, value)?,
            (Kind::Text, Some(value)) => text::check(value)?,
            (Kind::Reasoning, Some(value)) => ability::check_reasoning(table, value)?,
            (_, Some(value)) => parameter::check(row, map, value)?,
        }
    }
    let model = known
        .iter()
        .find(|model| model.id == name || model.snapshot == name);
    let model = model.ok_or_else(|| models::unknown(name))?;
    ability::check_references(map, kept)?;
    let effort = ability::check(map, model)?;
    Ok(Accepted { model, effort })
}

fn model_name(map: &Map<String, Value>) -> Result<&str, Fault> {
    match map.get("model") {
        None => Err(parameter::missing("model")),
        Some(Value::String(name)) => Ok(name),
        // Here alone null is not the same as leaving it out; the API calls it an object.
        Some(Value::Null) => Err(Fault::about(
            "model",
            "Invalid type for 'model': expected a string, but got an object instead.",
        )
        .code("invalid_type")),
        Some(other) => Err(parameter::invalid_type("model", "a string", other)),
    }
}
