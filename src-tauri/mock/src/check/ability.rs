//! What the model in question cannot do, and what a request refers to that does not exist.

use serde_json::{Map, Value};

use super::parameter::{choice, invalid_type, only};
use super::table::Table;
use crate::fault::Fault;
use crate::models::Model;
use crate::phrase::listed;

/// The form of `reasoning`; whether the model takes the level comes last.
pub(crate) fn check_reasoning(table: &Table, value: &Value) -> Result<(), Fault> {
    let Some(map) = value.as_object() else {
        return Err(invalid_type("reasoning", "an object", value));
    };
    only(
        "reasoning",
        map,
        &["effort", "summary", "generate_summary", "context", "mode"],
    )?;
    let given = |key: &str| map.get(key).filter(|value| !value.is_null());
    if let Some(effort) = given("effort") {
        choice("reasoning.effort", &table.efforts, effort)?;
    }
    for key in ["summary", "generate_summary"] {
        if let Some(summary) = given(key) {
            choice(
                &format!("reasoning.{key}"),
                &["auto", "concise", "detailed"],
                summary,
            )?;
        }
    }
    if let Some(context) = given("context") {
        choice(
            "reasoning.context",
            &["auto", "current_turn", "all_turns"],
            context,
        )?;
    }
    if let Some(mode) = given("mode") {
        choice("reasoning.mode", &["standard", "pro"], mode)?;
    }
    Ok(())
}

/// Of all that a request can refer to, the stand-in keeps responses alone.
pub(crate) fn check_references(
    body: &Map<String, Value>,
    kept: &dyn Fn(&str) -> bool,
) -> Result<(), Fault> {
    let given = |key: &str| body.get(key).filter(|value| !value.is_null());
    if given("conversation").is_some() && given("previous_response_id").is_some() {
        let message = "Mutually exclusive parameters: ''. Ensure you are only providing one of: \
            'pre..._id' or 'conversation'.";
        return Err(Fault::new(axum::http::StatusCode::BAD_REQUEST, message)
            .code("mutually_exclusive_parameters"));
    }
    for name in ["conversation", "prompt"] {
        if given(name).is_some() {
            let message =
                format!("Rheostat's stand-in keeps nothing that '{name}' could refer to.");
            return Err(Fault::about(name, message));
        }
    }
    if let Some(id) = given("previous_response_id").and_then(Value::as_str)
        && !kept(id)
    {
        let message = format!("Previous response with id '{id}' not found.");
        return Err(
            Fault::about("previous_response_id", message).code("previous_response_not_found")
        );
    }
    if given("background") == Some(&Value::Bool(true))
        && given("store") == Some(&Value::Bool(false))
    {
        let message = "Background mode requires 'store' to be true.";
        return Err(Fault::about("background", message).code("unsupported_parameter"));
    }
    Ok(())
}

/// Returns the effort that the model will work at.
pub(crate) fn check(body: &Map<String, Value>, model: &Model) -> Result<String, Fault> {
    let nested = |key: &str| {
        body.get("reasoning")
            .and_then(|r| r.get(key))
            .and_then(Value::as_str)
    };
    let effort = nested("effort").unwrap_or(&model.default);
    if !model.efforts.iter().any(|known| known == effort) {
        return Err(unsupported_value(
            "reasoning.effort",
            effort,
            model,
            &model.efforts,
        ));
    }
    if let Some(mode) = nested("mode")
        && !model.modes.is_empty()
        && !model.modes.iter().any(|known| known == mode)
    {
        return Err(unsupported_value(
            "reasoning.mode",
            mode,
            model,
            &model.modes,
        ));
    }
    if let Some(retention) = body.get("prompt_cache_retention").and_then(Value::as_str)
        && !model.cache_retention.is_empty()
        && !model.cache_retention.iter().any(|known| known == retention)
    {
        return Err(unsupported_value(
            "prompt_cache_retention",
            retention,
            model,
            &model.cache_retention,
        ));
    }
    if effort != "none" {
        check_sampling(body)?;
    }
    if let Some(limit) = body.get("max_output_tokens").and_then(Value::as_u64)
        && limit > model.max_output
    {
        let message = format!(
            "Invalid 'max_output_tokens': integer above maximum value. Expected a value <= {}, but got {limit} instead.",
            model.max_output
        );
        return Err(Fault::about("max_output_tokens", message).code("integer_above_max_value"));
    }
    Ok(effort.to_owned())
}

/// A model that reasons takes no sampling parameters; it refuses them, it does not ignore them (API.md 2.3).
fn check_sampling(body: &Map<String, Value>) -> Result<(), Fault> {
    let refused = |name: &str| {
        Fault::about(
            name,
            format!("Unsupported parameter: '{name}' is not supported with this model."),
        )
    };
    let given = |key: &str| body.get(key).filter(|value| !value.is_null());
    if given("temperature").is_some_and(|value| value.as_f64() != Some(1.0)) {
        return Err(refused("temperature"));
    }
    if given("top_p").is_some() {
        return Err(refused("top_p"));
    }
    let asked = given("include").and_then(Value::as_array);
    if asked.is_some_and(|list| {
        list.iter()
            .any(|item| item == "message.output_text.logprobs")
    }) {
        let message = "logprobs are not supported with reasoning models.";
        return Err(Fault::about("include", message).code("unsupported_parameter"));
    }
    Ok(())
}

pub(crate) fn unsupported_value(
    param: &str,
    got: &str,
    model: &Model,
    supported: &[String],
) -> Fault {
    let message = format!(
        "Unsupported value: '{got}' is not supported with the '{}' model. Supported values are: {}.",
        model.id,
        listed(supported, "and")
    );
    Fault::about(param, message).code("unsupported_value")
}
