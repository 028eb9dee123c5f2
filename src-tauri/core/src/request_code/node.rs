//! A request as a JavaScript module over the official SDK.

use serde_json::Value;

use super::Asked;
use super::literal::{Language, expression, literal};
use super::outside::Outside;
use crate::catalog::endpoint::Endpoint;

pub(super) fn print(asked: Asked) -> String {
    let (call, shown, streamed) = match asked.endpoint {
        Endpoint::Responses => (
            "client.responses.create",
            "console.log(response.output_text);",
            r#"  if (event.type === "response.output_text.delta") process.stdout.write(event.delta);"#,
        ),
        Endpoint::ChatCompletions => (
            "client.chat.completions.create",
            "console.log(response.choices[0].message.content);",
            r#"  for (const choice of event.choices) process.stdout.write(choice.delta.content ?? "");"#,
        ),
    };
    let client = if asked.is_openai() {
        "new OpenAI()".to_owned()
    } else {
        let url = literal(&Value::from(asked.base_url), Language::JavaScript, 0);
        format!("new OpenAI({{ baseURL: {url} }})")
    };
    let variable = if asked.streams() {
        "stream"
    } else {
        "response"
    };
    let end = if asked.streams() {
        format!("for await (const event of stream) {{\n{streamed}\n}}\nconsole.log();")
    } else {
        shown.to_owned()
    };
    let body = expression(
        &Value::Object(asked.body.clone()),
        Language::JavaScript,
        0,
        asked.outside,
    );
    let (imports, functions) = prelude(asked.outside);
    format!(
        "{imports}import OpenAI from \"openai\";\n\n{functions}const client = {client}; // the key comes from OPENAI_API_KEY\n\nconst {variable} = await {call}({body});\n{end}\n"
    )
}

/// What the calls within texts need.
fn prelude(outside: &Outside) -> (&'static str, String) {
    let mut functions = String::new();
    if outside.has_variables() {
        functions += r#"function environment(name) {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

"#;
    }
    if !outside.has_files() {
        return ("", functions);
    }
    functions += r#"function dataUrl(path, mediaType) {
  return `data:${mediaType};base64,${readFileSync(path).toString("base64")}`;
}

"#;
    ("import { readFileSync } from \"node:fs\";\n", functions)
}
