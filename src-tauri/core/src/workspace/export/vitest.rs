//! Requests as tests for vitest, over the official SDK. Its generic `post` takes any body, on either endpoint.

use std::collections::BTreeSet;

use serde_json::Value;

use super::pattern::{Dialect, translate};
use super::{Exported, Outgoing, at_once, labels, line, no_values, path_of, schema_of, spell};
use crate::grade::checks::{Check, CheckRule};
use crate::request_code::literal::{Language, literal};

pub(super) fn write(requests: &[Outgoing], out: &mut Exported) {
    let mut tests = String::new();
    let mut variables = BTreeSet::new();
    let mut uses = Uses::default();
    for (one, label) in requests.iter().zip(labels(requests)) {
        let spelled = spell(&one.request.body, |name| format!("{{{{{name}}}}}"));
        no_values(one, &spelled.variables, out);
        variables.extend(spelled.variables);
        let body = at_once(one, spelled.body, out);
        let endpoint = one.request.endpoint;
        let schema = schema_of(endpoint, &body).cloned();
        let js = |value: &Value| literal(value, Language::JavaScript, 2);
        tests += &format!(
            "\ntest({}, async () => {{\n  const body = {};\n  const text = await answer({}, body);\n  expect(text.trim()).not.toBe(\"\");\n",
            js(&label.into()),
            js(&Value::Object(body)),
            js(&path_of(endpoint).into()),
        );
        for check in &one.request.checks {
            match assertion(check, schema.as_ref(), &mut uses) {
                Some(code) => tests += &format!("  {code}\n"),
                None => {
                    let what = format!("The check {}", line(&check.rule.to_string()));
                    tests += &format!("  // Left out: {what}\n");
                    out.leave(&one.path, what, "JavaScript has no way to say the same.");
                }
            }
        }
        tests += "}, WAIT);\n";
    }
    let text = head(&variables, uses) + &tests;
    out.file("requests.test.mjs", text);
}

/// What the assertions need.
#[derive(Default)]
struct Uses {
    folding: bool,
    schema: bool,
}

fn assertion(check: &Check, schema: Option<&Value>, uses: &mut Uses) -> Option<String> {
    let text = |text: &str| literal(&text.into(), Language::JavaScript, 2);
    let words = check.name.clone().unwrap_or_else(|| check.rule.to_string());
    let said = text(&line(&words));
    Some(match &check.rule {
        CheckRule::Contains(words) => {
            uses.folding = true;
            format!(
                "expect(folded(text), {said}).toContain(folded({}));",
                text(words)
            )
        }
        CheckRule::NotContains(words) => {
            uses.folding = true;
            format!(
                "expect(folded(text), {said}).not.toContain(folded({}));",
                text(words)
            )
        }
        CheckRule::Pattern(pattern) => {
            let translated = translate(pattern, Dialect::JavaScript)?;
            let flags = text(&translated.flags);
            format!(
                "expect(text, {said}).toMatch(new RegExp({}, {flags}));",
                text(&translated.pattern)
            )
        }
        CheckRule::SchemaValid(wanted) => {
            uses.schema = true;
            format!(
                "expect(obeys(text, {}), {said}).toBe({wanted});",
                literal(schema?, Language::JavaScript, 2)
            )
        }
        CheckRule::MaxWords(most) => {
            format!(
                "expect(text.split(/\\s+/).filter(Boolean).length, {said}).toBeLessThanOrEqual({most});"
            )
        }
    })
}

fn head(variables: &BTreeSet<String>, uses: Uses) -> String {
    let needs = if uses.schema {
        "vitest, openai, ajv"
    } else {
        "vitest, openai"
    };
    let mut text = format!(
        "// Requests of Rheostat as tests. They need: {needs}.\n// The key comes from OPENAI_API_KEY, and every test is a call that costs money. OPENAI_BASE_URL sends the\n// calls elsewhere, such as to `rheostat mock`.\n\n"
    );
    if uses.schema {
        text += "import Ajv from \"ajv/dist/2020.js\";\n";
    }
    text += "import OpenAI from \"openai\";\nimport { expect, test } from \"vitest\";\n\nconst client = new OpenAI();\n// High efforts take minutes; in ms.\nconst WAIT = 900_000;\n";
    if !variables.is_empty() {
        text += "\n// Give each a value.\nconst VARIABLES = {\n";
        for name in variables {
            text += &format!(
                "  {}: \"\",\n",
                literal(&name.as_str().into(), Language::JavaScript, 0)
            );
        }
        text += r#"};

function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
  }
  if (typeof value !== "string") return value;
  return Object.entries(VARIABLES).reduce((text, [name, meaning]) => {
    if (!text.includes(`{{${name}}}`)) return text;
    expect(meaning, `Give ${name} a value in VARIABLES`).not.toBe("");
    return text.replaceAll(`{{${name}}}`, () => meaning);
  }, value);
}
"#;
    }
    let body = if variables.is_empty() {
        "body"
    } else {
        "body: filled(body)"
    };
    text += &format!(
        "\nasync function answer(path, body) {{\n  const got = await client.post(path, {{ {body} }});\n"
    );
    text += r#"  if (got.choices) return got.choices[0].message.content ?? "";
  const messages = got.output.filter((item) => item.type === "message");
  return messages.flatMap((item) => item.content.map((part) => part.text ?? "")).join("");
}
"#;
    if uses.folding {
        text += "\nfunction folded(text) {\n  return text.toLowerCase().split(/\\s+/).filter(Boolean).join(\" \");\n}\n";
    }
    if uses.schema {
        text += r#"
// What a format such as date-time asks for is not looked at.
const ajv = new Ajv({ strict: false, validateFormats: false });

function obeys(text, schema) {
  try {
    return ajv.validate(schema, JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
"#;
    }
    text
}
