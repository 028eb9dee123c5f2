//! Requests as tests for pytest, over the official SDK. Its generic `post` takes any body, on either endpoint.

use std::collections::BTreeSet;

use serde_json::Value;

use super::pattern::{Dialect, translate};
use super::{Exported, Outgoing, at_once, line, no_values, path_of, schema_of, spell, words};
use crate::grade::checks::{Check, CheckRule};
use crate::request_code::literal::{Language, literal};

pub(super) fn write(requests: &[Outgoing], out: &mut Exported) {
    let mut tests = String::new();
    let mut variables = BTreeSet::new();
    let mut uses = Uses::default();
    for (one, word) in requests.iter().zip(words(requests)) {
        let spelled = spell(&one.request.body, |name| format!("{{{{{name}}}}}"));
        no_values(one, &spelled.variables, out);
        variables.extend(spelled.variables);
        let body = at_once(one, spelled.body, out);
        let endpoint = one.request.endpoint;
        let schema = schema_of(endpoint, &body).cloned();
        let body = literal(&Value::Object(body), Language::Python, 4);
        tests += &format!(
            "\n\ndef test_{word}(client):\n    # {}\n    body = {body}\n",
            line(&one.request.name)
        );
        let path = literal(&path_of(endpoint).into(), Language::Python, 0);
        tests += &format!(
            "    text = answer(client, {path}, body)\n    assert text.strip(), \"The answer is empty\"\n"
        );
        for check in &one.request.checks {
            match assertion(check, schema.as_ref(), &mut uses) {
                Some(code) => tests += &format!("    {code}, {}\n", said(check)),
                None => {
                    let what = format!("The check {}", line(&check.rule.to_string()));
                    tests += &format!("    # Left out: {what}\n");
                    out.leave(&one.path, what, "Python has no way to say the same.");
                }
            }
        }
    }
    let text = head(&variables, uses) + &tests;
    out.file("test_requests.py", text);
}

/// What the assertions need.
#[derive(Default)]
struct Uses {
    folding: bool,
    pattern: bool,
    schema: bool,
}

fn assertion(check: &Check, schema: Option<&Value>, uses: &mut Uses) -> Option<String> {
    let text = |text: &str| literal(&text.into(), Language::Python, 4);
    Some(match &check.rule {
        CheckRule::Contains(words) => {
            uses.folding = true;
            format!("assert folded({}) in folded(text)", text(words))
        }
        CheckRule::NotContains(words) => {
            uses.folding = true;
            format!("assert folded({}) not in folded(text)", text(words))
        }
        CheckRule::Pattern(pattern) => {
            let translated = translate(pattern, Dialect::Python)?;
            uses.pattern = true;
            let flags: Vec<String> = translated
                .flags
                .chars()
                .map(|flag| format!("re.{}", flag.to_uppercase()))
                .collect();
            let flags = if flags.is_empty() {
                String::new()
            } else {
                format!(", {}", flags.join(" | "))
            };
            format!(
                "assert re.search({}, text{flags})",
                text(&translated.pattern)
            )
        }
        CheckRule::SchemaValid(wanted) => {
            uses.schema = true;
            let not = if *wanted { "" } else { "not " };
            format!(
                "assert {not}obeys(text, {})",
                literal(schema?, Language::Python, 4)
            )
        }
        CheckRule::MaxWords(most) => format!("assert len(text.split()) <= {most}"),
    })
}

/// What a failed test says.
fn said(check: &Check) -> String {
    let words = check.name.clone().unwrap_or_else(|| check.rule.to_string());
    literal(&line(&words).into(), Language::Python, 0)
}

fn head(variables: &BTreeSet<String>, uses: Uses) -> String {
    let mut needs = vec!["pytest", "openai"];
    if uses.schema {
        needs.push("jsonschema");
    }
    let mut text = format!(
        "\"\"\"Requests of Rheostat as tests. They need: {}.\n\nThe key comes from OPENAI_API_KEY, and every test is a call that costs money. OPENAI_BASE_URL sends the\ncalls elsewhere, such as to `rheostat mock`.\n\"\"\"\n\n",
        needs.join(", ")
    );
    if uses.schema {
        text += "import json\n";
    }
    if uses.pattern {
        text += "import re\n";
    }
    if uses.schema || uses.pattern {
        text += "\n";
    }
    text += "import pytest\n";
    if uses.schema {
        text += "from jsonschema import Draft202012Validator\n";
    }
    text += "from openai import OpenAI\n";
    if !variables.is_empty() {
        text += "\n# Give each a value.\nVARIABLES = {\n";
        for name in variables {
            text += &format!(
                "    {}: \"\",\n",
                literal(&name.as_str().into(), Language::Python, 0)
            );
        }
        text += "}\n";
    }
    text += "\n\n@pytest.fixture(scope=\"session\")\ndef client():\n    return OpenAI()\n\n\n";
    if !variables.is_empty() {
        text += r#"def filled(value):
    if isinstance(value, dict):
        return {key: filled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner) for inner in value]
    if isinstance(value, str):
        for name, meaning in VARIABLES.items():
            if "{{" + name + "}}" in value:
                assert meaning, f"Give {name} a value in VARIABLES"
                value = value.replace("{{" + name + "}}", meaning)
    return value


"#;
    }
    let body = if variables.is_empty() {
        "body"
    } else {
        "filled(body)"
    };
    text += &format!(
        "def answer(client, path, body):\n    got = client.post(path, cast_to=object, body={body})\n"
    );
    text += r#"    if "choices" in got:
        return got["choices"][0]["message"].get("content") or ""
    messages = (item for item in got["output"] if item["type"] == "message")
    return "".join(part.get("text", "") for item in messages for part in item["content"])
"#;
    if uses.folding {
        text += "\n\ndef folded(text):\n    return \" \".join(text.lower().split())\n";
    }
    if uses.schema {
        text += r#"

def obeys(text, schema):
    try:
        return Draft202012Validator(schema).is_valid(json.loads(text))
    except json.JSONDecodeError:
        return False
"#;
    }
    text
}
