//! The body as it goes over the wire: the document of the editor, with what a run adds to it.

use serde_json::{Map, Value, json};

use crate::catalog::endpoint::Endpoint;
use crate::catalog::models::Model;

/// The model that a body names.
pub fn model(body: &Map<String, Value>) -> Option<&str> {
    body.get("model").and_then(Value::as_str)
}

/// The effort that a body of either endpoint names; None leaves it to the model's default.
pub fn effort(body: &Map<String, Value>) -> Option<&str> {
    let responses = body.get("reasoning").and_then(|it| it.get("effort"));
    responses
        .or_else(|| body.get("reasoning_effort"))
        .and_then(Value::as_str)
}

/// The most tokens that a body of either endpoint lets be put out, reasoning included.
pub fn output_cap(body: &Map<String, Value>) -> Option<u64> {
    ["max_output_tokens", "max_completion_tokens"]
        .iter()
        .find_map(|name| body.get(*name).and_then(Value::as_u64))
}

/// The JSON Schema that the output has to obey, if the body asks for one: flat in `text.format`, or nested in
/// `response_format` (API.md 2.1, 3.3).
pub fn output_schema(body: &Map<String, Value>) -> Option<&Value> {
    let responses = body.get("text").and_then(|text| text.get("format"));
    let format = responses.or_else(|| body.get("response_format"))?;
    if format.get("type")?.as_str()? != "json_schema" {
        return None;
    }
    let nested = format.get("json_schema").unwrap_or(format);
    nested.get("schema")
}

/// The same, to be changed.
pub fn output_schema_mut(body: &mut Map<String, Value>) -> Option<&mut Value> {
    output_schema(body)?;
    let format = match body.get("text").and_then(|text| text.get("format")) {
        Some(_) => body.get_mut("text")?.get_mut("format")?,
        None => body.get_mut("response_format")?,
    };
    match format.get("json_schema") {
        Some(_) => format.get_mut("json_schema")?.get_mut("schema"),
        None => format.get_mut("schema"),
    }
}

/// What the format of the output is called, on either endpoint.
pub fn schema_name(body: &Map<String, Value>) -> Option<&str> {
    let responses = body.get("text").and_then(|text| text.get("format"));
    let format = responses.or_else(|| body.get("response_format"))?;
    let nested = format.get("json_schema").unwrap_or(format);
    nested.get("name")?.as_str()
}

/// The body with another effort; everything else stays as it is.
#[must_use]
pub fn with_effort(
    body: &Map<String, Value>,
    endpoint: Endpoint,
    effort: &str,
) -> Map<String, Value> {
    let mut body = body.clone();
    if endpoint == Endpoint::ChatCompletions {
        body.insert("reasoning_effort".into(), effort.into());
        return body;
    }
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

/// The body that is sent. Only `stream` is added, and only where the body does not say: phases can be told apart only in
/// a stream. A model whose documentation lists no streaming is asked for one answer (API.md 1.1, gpt-5.5-pro). A Chat
/// stream tells its usage only where it is asked to, and without usage there is no bill (API.md 3.3).
#[must_use]
pub fn to_send(
    body: &Map<String, Value>,
    endpoint: Endpoint,
    model: Option<&Model>,
) -> Map<String, Value> {
    let mut body = body.clone();
    if !body.contains_key("stream") && model.is_none_or(|model| model.streams) {
        body.insert("stream".into(), Value::Bool(true));
    }
    if endpoint == Endpoint::ChatCompletions && streams(&body) {
        let options = body.entry("stream_options").or_insert_with(|| json!({}));
        if let Some(options) = options.as_object_mut()
            && !options.contains_key("include_usage")
        {
            options.insert("include_usage".into(), Value::Bool(true));
        }
    }
    body
}

/// The body as it is edited: without what [`to_send`] adds, so that sending it sends the same again.
#[must_use]
pub fn as_written(
    body: &Map<String, Value>,
    endpoint: Endpoint,
    model: Option<&Model>,
) -> Map<String, Value> {
    let mut written = body.clone();
    if endpoint == Endpoint::ChatCompletions {
        let added = json!({ "include_usage": true });
        if written.get("stream_options") == Some(&added) {
            written.remove("stream_options");
        }
    }
    if streams(&written) {
        written.remove("stream");
    }
    // Where it can't be told apart from what somebody wrote, it stays.
    if to_send(&written, endpoint, model) == *body {
        written
    } else {
        body.clone()
    }
}

/// Whether the answer to this body is a stream of events.
pub fn streams(body: &Map<String, Value>) -> bool {
    body.get("stream").and_then(Value::as_bool).unwrap_or(false)
}
