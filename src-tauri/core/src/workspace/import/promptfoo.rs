//! promptfoo configurations (YAML or JSON), and results that hold one: the fields of `UnifiedConfigSchema` in the npm
//! package `promptfoo`.
//!
//! A request is a prompt for an OpenAI provider. Kept: prompts written out or in text files beside the configuration,
//! the provider's settings under the API's own names, assertions that checks can express, the variables of the tests as
//! rows. Named and left out: other providers, prompts that are code, other assertions, scenarios, transforms, results.

use serde_json::Value;

use super::call::{Item, KEY_WHY};
use super::fields::{has, list, text as field};
use super::jsonl::dataset;
use super::placeholders::Syntax;
use super::{Files, ITEM_LIMIT, Imported, names};
use crate::body;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;
use crate::secrets_in_text;

mod checks;
mod providers;

use checks::check;
use providers::{Provider, providers, request_body};

struct Prompt {
    label: String,
    /// A text, or a list of messages.
    said: Value,
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
            // Few lines make very many pairs; more than enough is refused by the caller.
            if out.items.len() > ITEM_LIMIT {
                return Ok(());
            }
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
