//! Requests as a promptfoo configuration: a provider, a prompt and a test each, which name one another.
//!
//! The body goes under `passthrough`, which promptfoo hands to the API as it is; it looks only for the model and the
//! prompt itself. Its templates are Nunjucks, so braces that are text are written as `{{ '{{' }}`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::pattern::{Dialect, Translated, translate};
use super::{Exported, Outgoing, at_once, labels, schema_of, spell};
use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, Result};
use crate::grade::checks::{Check, CheckRule};

/// They stand in for the braces of a variable until all others are written as text.
const OPEN: char = '\u{f8f0}';
const CLOSE: char = '\u{f8f1}';

pub(super) fn write(requests: &[Outgoing], out: &mut Exported) -> Result<()> {
    let mut providers = Vec::new();
    let mut prompts = Vec::new();
    let mut tests = Vec::new();
    let mut notes = String::new();
    for (one, label) in requests.iter().zip(labels(requests)) {
        let spelled = spell(&one.request.body, |name| {
            format!("{OPEN}{}{CLOSE}", variable(name))
        });
        let variables: BTreeSet<String> = spelled
            .variables
            .iter()
            .map(|name| variable(name))
            .collect();
        let mut rest = at_once(one, spelled.body, out);
        let endpoint = one.request.endpoint;
        let schema = schema_of(endpoint, &rest).cloned();
        let model = body::model(&rest).unwrap_or_default().to_owned();
        rest.shift_remove("model");
        no_summary(one, &mut rest, out);
        let said = rest.shift_remove(endpoint.input_key()).unwrap_or_default();
        let kind = match endpoint {
            Endpoint::Responses => "responses",
            Endpoint::ChatCompletions => "chat",
        };
        let mut config = Value::Object(rest);
        as_template(&mut config);
        let mut said = said;
        as_template(&mut said);
        let raw = match said {
            Value::String(text) => text,
            Value::Null => String::new(),
            messages => serde_json::to_string_pretty(&messages)
                .map_err(|error| Error::internal("A prompt could not be written", error))?,
        };
        if raw.trim().is_empty() {
            out.leave(
                &one.path,
                "The request",
                "promptfoo needs a prompt, and it has no input.",
            );
            continue;
        }
        let mut provider = json!({"id": format!("openai:{kind}:{model}"), "label": label});
        if config.as_object().is_some_and(|fields| !fields.is_empty()) {
            provider["config"] = json!({ "passthrough": config });
        }
        provider["prompts"] = json!([label]);
        providers.push(provider);
        prompts.push(json!({"id": label, "label": label, "raw": raw}));
        let mut test = json!({"description": label, "providers": [label], "prompts": [label]});
        if !variables.is_empty() {
            let values: Map<String, Value> = variables
                .iter()
                .map(|name| (name.clone(), format!("(a value for {name})").into()))
                .collect();
            test["vars"] = Value::Object(values);
            for name in &spelled.variables {
                out.leave(
                    &one.path,
                    format!("The value of {{{{{name}}}}}"),
                    "It is set in environments; put one into the test's vars.",
                );
            }
        }
        let mut assertions = Vec::new();
        for check in &one.request.checks {
            match assertion(check, schema.as_ref()) {
                Some(assertion) => assertions.push(assertion),
                None => {
                    let what = format!("The check {}", super::line(&check.rule.to_string()));
                    notes += &format!("# Left out of {label}: {what}\n");
                    out.leave(
                        &one.path,
                        what,
                        "promptfoo has no assertion that means the same.",
                    );
                }
            }
        }
        if !assertions.is_empty() {
            test["assert"] = Value::Array(assertions);
        }
        tests.push(test);
    }
    let config = json!({
        "description": "Requests of Rheostat",
        "providers": providers,
        "prompts": prompts,
        "tests": tests,
    });
    let yaml = serde_saphyr::to_string(&config).map_err(|error| {
        Error::internal("The configuration could not be written as YAML", error)
    })?;
    let head = "# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\n\
                # The key comes from OPENAI_API_KEY.\n";
    out.file("promptfooconfig.yaml", format!("{head}{notes}{yaml}"));
    Ok(())
}

/// promptfoo puts a summary of the thinking before the answer, where no assertion expects it.
fn no_summary(one: &Outgoing, body: &mut Map<String, Value>, out: &mut Exported) {
    let Some(Value::Object(reasoning)) = body.get_mut("reasoning") else {
        return;
    };
    if reasoning.shift_remove("summary").is_some() {
        out.leave(
            &one.path,
            "reasoning.summary",
            "promptfoo would grade the summary as a part of the answer.",
        );
    }
    if reasoning.is_empty() {
        body.shift_remove("reasoning");
    }
}

/// A variable's name as Nunjucks takes it: `-` would subtract, and `.` would look inside of another.
fn variable(name: &str) -> String {
    name.chars()
        .map(|letter| {
            if letter.is_alphanumeric() || letter == '_' {
                letter
            } else {
                '_'
            }
        })
        .collect()
}

/// Every text as a template that gives it.
fn as_template(value: &mut Value) {
    match value {
        Value::String(text) => {
            let mut out = String::with_capacity(text.len());
            let mut rest = text.as_str();
            while let Some(letter) = rest.chars().next() {
                // Nunjucks stumbles over the end of a comment that did not begin.
                let mark = ["{{", "{%", "{#", "#}"]
                    .into_iter()
                    .find(|mark| rest.starts_with(mark));
                match (mark, letter) {
                    (Some(mark), _) => {
                        out.push_str(&format!("{{{{ '{mark}' }}}}"));
                        rest = &rest[mark.len()..];
                        continue;
                    }
                    (None, OPEN) => out.push_str("{{"),
                    (None, CLOSE) => out.push_str("}}"),
                    (None, letter) => out.push(letter),
                }
                rest = &rest[letter.len_utf8()..];
            }
            *text = out;
        }
        Value::Array(items) => items.iter_mut().for_each(as_template),
        Value::Object(fields) => fields.values_mut().for_each(as_template),
        _ => {}
    }
}

fn assertion(check: &Check, schema: Option<&Value>) -> Option<Value> {
    let mut assertion = match &check.rule {
        // A check overlooks white space; promptfoo takes it as it stands.
        CheckRule::Contains(text) => json!({"type": "icontains", "value": super::line(text)}),
        CheckRule::NotContains(text) => {
            json!({"type": "not-icontains", "value": super::line(text)})
        }
        CheckRule::Pattern(pattern) => {
            let Translated { pattern, flags } = translate(pattern, Dialect::JavaScript)?;
            if flags.is_empty() {
                json!({"type": "regex", "value": pattern})
            } else {
                // `regex` has no place for flags.
                let test = format!(
                    "new RegExp({}, {}).test(output)",
                    json!(pattern),
                    json!(flags)
                );
                json!({"type": "javascript", "value": test})
            }
        }
        CheckRule::SchemaValid(wanted) => {
            let kind = if *wanted { "is-json" } else { "not-is-json" };
            json!({"type": kind, "value": schema?})
        }
        CheckRule::MaxWords(most) => json!({"type": "word-count", "value": {"max": most}}),
    };
    // Values are templates too.
    if let Some(value) = assertion.get_mut("value") {
        as_template(value);
    }
    if let Some(name) = &check.name {
        assertion["metric"] = super::line(name).into();
    }
    Some(assertion)
}
