//! promptfoo's providers: which of them are OpenAI's, and the bodies that they would send.

use serde_json::{Map, Value, json};

use super::super::call::KEY_WHY;
use super::super::fields::{list, text as field};
use super::super::{Imported, names};
use super::Prompt;
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::secrets_in_text;

/// Settings of a provider that say where a call goes and by whose key.
const CONNECTION: [&str; 9] = [
    "apiKey",
    "apiKeyEnvar",
    "apiKeyRequired",
    "apiBaseUrl",
    "apiHost",
    "basePath",
    "organization",
    "headers",
    "maxRetries",
];

/// An OpenAI provider of a configuration.
pub(super) struct Provider<'a> {
    pub(super) label: &'a str,
    pub(super) endpoint: Endpoint,
    pub(super) model: &'a str,
    pub(super) config: Option<&'a Map<String, Value>>,
    /// The labels of the prompts that it takes; all where there are none.
    pub(super) prompts: Vec<&'a str>,
}

pub(super) fn providers<'a>(
    name: &str,
    config: &'a Value,
    out: &mut Imported,
) -> Vec<Provider<'a>> {
    let listed = config.get("providers").or_else(|| config.get("targets"));
    let mut found: Vec<(&str, &Value)> = Vec::new();
    match listed {
        Some(Value::String(id)) => found.push((id, &Value::Null)),
        Some(Value::Array(several)) => {
            for one in several {
                match one {
                    Value::String(id) => found.push((id, &Value::Null)),
                    one if one.get("id").is_some() => found.push((field(one, "id"), one)),
                    // `{"openai:gpt-5.5": {"config": ...}}`.
                    Value::Object(by_id) => {
                        found.extend(by_id.iter().map(|(id, one)| (id.as_str(), one)))
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    let mut providers = Vec::new();
    for (id, one) in found {
        let mut parts = id.splitn(3, ':');
        let parts = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let (endpoint, model) = match parts {
            ("openai", Some("responses"), Some(model)) => (Endpoint::Responses, model),
            ("openai", Some("chat"), Some(model)) => (Endpoint::ChatCompletions, model),
            ("openai", Some(model), None) if !matches!(model, "responses" | "chat") => {
                (Endpoint::ChatCompletions, model)
            }
            _ => {
                let what = format!("The provider {}", names::shortened(id));
                out.leave(
                    name,
                    what,
                    "It is neither openai:responses nor openai:chat.",
                );
                continue;
            }
        };
        providers.push(Provider {
            label: match field(one, "label") {
                "" => model,
                label => label,
            },
            endpoint,
            model,
            config: one.get("config").and_then(Value::as_object),
            prompts: list(one, "prompts")
                .iter()
                .filter_map(Value::as_str)
                .collect(),
        });
    }
    providers
}

/// The body that promptfoo would send, in the API's own names (API.md 2, 3.3).
pub(super) fn request_body(
    place: &str,
    provider: &Provider<'_>,
    prompt: &Prompt,
    table: &ParameterTable,
    out: &mut Imported,
) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("model".into(), provider.model.into());
    let known = table.keys(provider.endpoint);
    let responses = provider.endpoint == Endpoint::Responses;
    let nested = |body: &mut Map<String, Value>, outer: &str, inner: &str, value: &Value| {
        crate::place::put(body, &format!("{outer}.{inner}"), value.clone());
    };
    for (key, value) in provider.config.into_iter().flatten() {
        match key.as_str() {
            "passthrough" => {
                for (key, value) in value.as_object().into_iter().flatten() {
                    body.insert(key.clone(), value.clone());
                }
            }
            "max_tokens" if responses => {
                body.insert("max_output_tokens".into(), value.clone());
            }
            "reasoning_effort" if responses => nested(&mut body, "reasoning", "effort", value),
            "verbosity" if responses => nested(&mut body, "text", "verbosity", value),
            "response_format" if responses => {
                let mut format = value.clone();
                // Chat's form wraps what Responses holds flat.
                if let Some(Value::Object(inner)) = value.get("json_schema") {
                    format = Value::Object(inner.clone());
                    format["type"] = json!("json_schema");
                }
                nested(&mut body, "text", "format", &format);
            }
            key if CONNECTION.contains(&key) => {
                let why = match secrets_in_text::is_secret_name(key) || key == "headers" {
                    true => KEY_WHY,
                    false => "A request goes where the connection says.",
                };
                out.leave(place, format!("The provider's setting {key}"), why);
            }
            key if known.contains(&key) => {
                if value
                    .as_str()
                    .is_some_and(|text| text.starts_with("file://"))
                {
                    out.leave(
                        place,
                        format!("The provider's setting {key}"),
                        "Its value is in a file.",
                    );
                } else {
                    body.insert(key.to_owned(), value.clone());
                }
            }
            key => {
                out.leave(
                    place,
                    format!("The provider's setting {}", names::shortened(key)),
                    "The API has none of this name.",
                );
            }
        }
    }
    let said = match (&prompt.said, responses) {
        (Value::String(text), false) => json!([{"role": "user", "content": text}]),
        (said, _) => said.clone(),
    };
    body.insert(provider.endpoint.input_key().into(), said);
    body
}
