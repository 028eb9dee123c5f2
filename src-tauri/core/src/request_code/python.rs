//! A request as a Python script over the official SDK.

use serde_json::{Map, Value};

use super::Asked;
use super::literal::{Language, expression, literal};
use super::outside::Outside;
use crate::catalog::endpoint::Endpoint;

pub(super) fn print(asked: Asked) -> String {
    let (call, shown, streamed) = match asked.endpoint {
        Endpoint::Responses => (
            "client.responses.create",
            "print(response.output_text)",
            r#"    if event.type == "response.output_text.delta":
        print(event.delta, end="", flush=True)"#,
        ),
        Endpoint::ChatCompletions => (
            "client.chat.completions.create",
            "print(response.choices[0].message.content)",
            r#"    for choice in event.choices:
        print(choice.delta.content or "", end="", flush=True)"#,
        ),
    };
    let client = if asked.is_openai() {
        "OpenAI()".to_owned()
    } else {
        let url = literal(&Value::from(asked.base_url), Language::Python, 0);
        format!("OpenAI(base_url={url})")
    };
    let variable = if asked.streams() {
        "stream"
    } else {
        "response"
    };
    let end = if asked.streams() {
        format!("for event in stream:\n{streamed}\nprint()")
    } else {
        shown.to_owned()
    };
    let (imports, functions) = prelude(asked.outside);
    format!(
        "{imports}from openai import OpenAI\n\n{functions}client = {client}  # the key comes from OPENAI_API_KEY\n\n{variable} = {call}(\n{})\n{end}\n",
        arguments(asked)
    )
}

/// What the calls within texts need.
fn prelude(outside: &Outside) -> (String, &'static str) {
    let mut imports = String::new();
    if outside.has_files() {
        imports += "import base64\n";
    }
    if outside.has_variables() {
        imports += "import os\n";
    }
    if !imports.is_empty() {
        imports += "\n";
    }
    let functions = if outside.has_files() {
        r#"
def data_url(path, media_type):
    with open(path, "rb") as file:
        return f"data:{media_type};base64,{base64.b64encode(file.read()).decode()}"


"#
    } else {
        ""
    };
    (imports, functions)
}

/// The SDK refuses arguments that it does not know; `extra_body` takes them.
fn arguments(asked: Asked) -> String {
    let known = asked.table.keys(asked.endpoint);
    let mut lines = String::new();
    let mut others = Map::new();
    for (key, value) in asked.body {
        if known.contains(&key.as_str()) {
            let value = expression(value, Language::Python, 4, asked.outside);
            lines += &format!("    {key}={value},\n");
        } else {
            others.insert(key.clone(), value.clone());
        }
    }
    if !others.is_empty() {
        let others = expression(&Value::Object(others), Language::Python, 4, asked.outside);
        lines += &format!("    extra_body={others},\n");
    }
    lines
}
