//! The body as it goes over the wire: the document of the editor, with what a run adds to it.

use serde_json::{Map, Value, json};

use crate::catalog::models::Model;

/// The model that a body names.
pub fn model(body: &Map<String, Value>) -> Option<&str> {
    body.get("model").and_then(Value::as_str)
}

/// The effort that a body names; None leaves it to the model's default.
pub fn effort(body: &Map<String, Value>) -> Option<&str> {
    body.get("reasoning")?.get("effort")?.as_str()
}

/// The JSON Schema that the output has to obey, if the body asks for one (`text.format`, flat:
/// API.md 2.1).
pub fn output_schema(body: &Map<String, Value>) -> Option<&Value> {
    let format = body.get("text")?.get("format")?;
    (format.get("type")?.as_str()? == "json_schema").then(|| format.get("schema"))?
}

/// The body with another effort; everything else stays as it is.
#[must_use]
pub fn with_effort(body: &Map<String, Value>, effort: &str) -> Map<String, Value> {
    let mut body = body.clone();
    match body.get_mut("reasoning").and_then(Value::as_object_mut) {
        Some(reasoning) => {
            reasoning.insert("effort".into(), effort.into());
        }
        None => {
            body.insert("reasoning".into(), json!({ "effort": effort }));
        }
    }
    body
}

/// The body that is sent. Only `stream` is added, and only where the body does not say: phases can
/// be told apart only in a stream. A model whose documentation lists no streaming is asked for one
/// answer (API.md 1.1, gpt-5.5-pro).
#[must_use]
pub fn to_send(body: &Map<String, Value>, model: Option<&Model>) -> Map<String, Value> {
    let mut body = body.clone();
    if !body.contains_key("stream") && model.is_none_or(|model| model.streams) {
        body.insert("stream".into(), Value::Bool(true));
    }
    body
}

/// Whether the answer to this body is a stream of events.
pub fn streams(body: &Map<String, Value>) -> bool {
    body.get("stream").and_then(Value::as_bool).unwrap_or(false)
}
