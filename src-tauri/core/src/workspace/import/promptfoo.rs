//! promptfoo configurations (YAML or JSON), and results that hold one: the fields of `UnifiedConfigSchema` in the npm
//! package `promptfoo`.
//!
//! A request is a prompt for an OpenAI provider. Kept: prompts written out or in text files beside the configuration,
//! the provider's settings under the API's own names, assertions that checks can express, the variables of the tests as
//! rows. Named and left out: other providers, prompts that are code, other assertions, scenarios, transforms, results.

use serde_json::{Map, Value, json};

use super::call::{Item, KEY_WHY};
use super::fields::{has, list, text as field};
use super::jsonl::dataset;
use super::placeholders::Syntax;
use super::promptfoo_checks::check;
use super::{Files, Imported, names};
use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;
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

struct Prompt {
    label: String,
    /// A text, or a list of messages.
    said: Value,
}

struct Provider<'a> {
    label: &'a str,
    endpoint: Endpoint,
    model: &'a str,
    config: Option<&'a Map<String, Value>>,
    /// The labels of the prompts that it takes; all where there are none.
    prompts: Vec<&'a str>,
}

pub(super) fn read(
    name: &str,
    value: &Value,
    files: &mut Files<'_>,
    out: &mut Imported,
) -> Result<()> {
    let table = ParameterTable::builtin()?;
    let config = value
        .get("config")
        .filter(|_| has(value, "results"))
        .unwrap_or(value);
    if has(value, "results") {
        out.leave(
            name,
            "The results",
            "Answers of another run are not brought in.",
        );
    }
    for (key, what) in [
        ("scenarios", "Scenarios"),
        ("redteam", "Red teaming"),
        ("extensions", "Extensions"),
        ("derivedMetrics", "Derived metrics"),
        ("nunjucksFilters", "Filters"),
        ("env", "Settings of the environment"),
        ("transform", "A transform"),
    ] {
        if has(config, key) {
            out.leave(name, what, "It has no place here.");
        }
    }
    let prompts = prompts(name, config, files, out);
    let providers = providers(name, config, out);
    let tests: Vec<&Value> = list(config, "tests")
        .iter()
        .filter(|test| test.is_object())
        .collect();
    if let Some(Value::String(path)) = config.get("tests") {
        let what = format!("The tests in {:?}", names::shortened(path));
        out.leave(name, what, "Tests in other files are not read.");
    }
    for test in list(config, "tests").iter().filter_map(Value::as_str) {
        let what = format!("The tests in {:?}", names::shortened(test));
        out.leave(name, what, "Tests in other files are not read.");
    }
    let everywhere = config
        .get("defaultTest")
        .map(|test| list(test, "assert"))
        .unwrap_or_default();
    let mut single: Vec<bool> = vec![false; tests.len()];
    for prompt in &prompts {
        for provider in &providers {
            if !provider.prompts.is_empty() && !provider.prompts.contains(&prompt.label.as_str()) {
                continue;
            }
            let own: Vec<usize> = (0..tests.len())
                .filter(|index| applies(tests[*index], prompt, provider))
                .collect();
            let is_filtered = tests
                .iter()
                .any(|test| has(test, "providers") || has(test, "prompts"));
            if is_filtered && own.is_empty() {
                continue;
            }
            let place = format!("{name}, prompt {}", prompt.label);
            let body = request_body(&place, provider, prompt, table, out);
            let schema = body::output_schema(&body).cloned();
            let mut assertions: Vec<&Value> = everywhere.iter().collect();
            // A check belongs to a request; what differs from row to row can't be one.
            if let [only] = own.as_slice()
                && let Some(seen) = single.get_mut(*only)
            {
                *seen = true;
                assertions.extend(list(tests[*only], "assert"));
            }
            let mut checks = Vec::new();
            for assertion in assertions {
                match check(assertion, schema.as_ref()) {
                    Ok(check) => checks.push(check),
                    Err(why) => {
                        let kind = names::item(field(assertion, "type"), "without a kind");
                        out.leave(place.clone(), format!("The assertion {kind}"), why);
                    }
                }
            }
            let several = providers.len() > 1 && provider.label != prompt.label;
            let title = match several {
                true => format!("{}, {}", prompt.label, provider.label),
                false => prompt.label.clone(),
            };
            Item {
                place,
                folder: names::folder(&[title_of(name, config)], name, out),
                name: &title,
                endpoint: provider.endpoint,
                body,
                syntax: Syntax::Nunjucks,
                checks,
            }
            .push(out);
        }
    }
    rows(name, config, &tests, out);
    let lost = tests
        .iter()
        .zip(single)
        .filter(|(test, taken)| !taken && has(test, "assert"))
        .count();
    if lost > 0 {
        let what = if lost == 1 {
            "The assertions of 1 test".into()
        } else {
            format!("The assertions of {lost} tests")
        };
        out.leave(
            name,
            what,
            "They differ from row to row; checks are the same for every row.",
        );
    }
    Ok(())
}

fn title_of<'a>(name: &'a str, config: &'a Value) -> &'a str {
    match field(config, "description") {
        "" => names::stem(name),
        title => title,
    }
}

/// Whether a test is run for this prompt and provider: it may name those that it is for.
fn applies(test: &Value, prompt: &Prompt, provider: &Provider<'_>) -> bool {
    let among = |key: &str, label: &str| {
        let named = list(test, key);
        named.is_empty() || named.iter().any(|one| one.as_str() == Some(label))
    };
    among("prompts", &prompt.label) && among("providers", provider.label)
}

fn prompts(name: &str, config: &Value, files: &mut Files<'_>, out: &mut Imported) -> Vec<Prompt> {
    let mut prompts = Vec::new();
    let mut take = |text: &str, label: &str, prompts: &mut Vec<Prompt>, out: &mut Imported| {
        let path = text.strip_prefix("file://");
        let ending = text
            .rsplit_once('.')
            .map(|(_, ending)| ending)
            .unwrap_or_default();
        let is_path = path.is_some()
            || (!text.contains(char::is_whitespace)
                && matches!(
                    ending,
                    "txt"
                        | "json"
                        | "yaml"
                        | "yml"
                        | "md"
                        | "j2"
                        | "js"
                        | "mjs"
                        | "ts"
                        | "py"
                        | "csv"
                ));
        if !is_path {
            let number = prompts.len() + 1;
            let label = if label.is_empty() {
                format!("Prompt {number}")
            } else {
                label.to_owned()
            };
            prompts.push(Prompt {
                label,
                said: said(text),
            });
            return;
        }
        let path = path.unwrap_or(text);
        let what = format!("The prompt in {:?}", names::shortened(path));
        if !matches!(ending, "txt" | "json" | "yaml" | "yml" | "md" | "j2") {
            out.leave(
                name,
                what,
                "It is made by code, and nothing of an import is run.",
            );
            return;
        }
        let Some(text) = files.beside(name, path) else {
            out.leave(
                name,
                what,
                "The file is not among what is imported. Import the folder.",
            );
            return;
        };
        let label = if label.is_empty() {
            names::stem(path)
        } else {
            label
        };
        // A text file can hold several, with lines of three dashes between them.
        let parts: Vec<&str> = match ending {
            "txt" => text
                .split("\n---\n")
                .filter(|part| !part.trim().is_empty())
                .collect(),
            _ => vec![text],
        };
        for (index, part) in parts.iter().enumerate() {
            let label = match parts.len() {
                1 => label.to_owned(),
                _ => format!("{label} {}", index + 1),
            };
            let said = match ending {
                "yaml" | "yml" => {
                    serde_saphyr::from_str(part).unwrap_or_else(|_| Value::from(*part))
                }
                _ => said(part.trim_end()),
            };
            prompts.push(Prompt { label, said });
        }
    };
    match config.get("prompts") {
        Some(Value::String(text)) => take(text, "", &mut prompts, out),
        Some(Value::Array(several)) => {
            for one in several {
                match one {
                    Value::String(text) => take(text, "", &mut prompts, out),
                    one => {
                        let text = match field(one, "raw") {
                            "" => field(one, "id"),
                            raw => raw,
                        };
                        let label = match field(one, "label") {
                            "" => field(one, "display"),
                            label => label,
                        };
                        take(text, label, &mut prompts, out);
                    }
                }
            }
        }
        Some(Value::Object(labels)) => {
            for (path, label) in labels {
                take(path, label.as_str().unwrap_or_default(), &mut prompts, out);
            }
        }
        _ => {}
    }
    prompts
}

/// A prompt that is a list of messages in JSON is one; all else is text.
fn said(text: &str) -> Value {
    let messages = serde_json::from_str::<Value>(text).ok().filter(|value| {
        value.as_array().is_some_and(|items| {
            !items.is_empty()
                && items
                    .iter()
                    .all(|item| item.get("role").is_some() || item.get("type").is_some())
        })
    });
    messages.unwrap_or_else(|| Value::from(text))
}

fn providers<'a>(name: &str, config: &'a Value, out: &mut Imported) -> Vec<Provider<'a>> {
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
fn request_body(
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

/// The variables of the tests, a row each.
fn rows(name: &str, config: &Value, tests: &[&Value], out: &mut Imported) {
    let shared = config
        .get("defaultTest")
        .and_then(|test| test.get("vars"))
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let mut jsonl = String::new();
    let mut rows = 0;
    for test in tests {
        let own = test
            .get("vars")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        if own.is_empty() {
            continue;
        }
        let mut row = shared.clone();
        row.extend(own);
        for pointer in secrets_in_text::strip(&mut row) {
            out.leave(
                name,
                format!("What stood at {pointer} of a test's variables"),
                KEY_WHY,
            );
        }
        jsonl += &Value::Object(row).to_string();
        jsonl.push('\n');
        rows += 1;
    }
    if rows > 0 {
        dataset(
            name,
            &format!("{} rows", title_of(name, config)),
            jsonl,
            rows,
            out,
        );
    }
}
