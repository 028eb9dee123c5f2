//! A request as a Rust program over `reqwest`: there is no official SDK whose types could fall behind the API.

use super::Asked;
use super::literal::visible;
use super::outside::{Outside, Piece, Source};
use crate::catalog::endpoint::Endpoint;

pub(super) fn print(asked: Asked) -> String {
    let json = serde_json::to_string_pretty(asked.body).unwrap_or_default();
    let (uses, end) = match (asked.streams(), asked.endpoint) {
        (true, Endpoint::Responses) => (STREAM_USES, streamed(RESPONSES_DELTA)),
        (true, Endpoint::ChatCompletions) => (STREAM_USES, streamed(CHAT_DELTA)),
        (false, Endpoint::Responses) => ("", format!("{WHOLE}{RESPONSES_WHOLE}")),
        (false, Endpoint::ChatCompletions) => ("", format!("{WHOLE}{CHAT_WHOLE}")),
    };
    let code = Body::of(&json, asked.outside);
    let Body {
        crates,
        constant,
        built,
        sent,
        functions,
    } = code;
    format!(
        "// Cargo.toml:\n\
         // reqwest = {{ version = \"0.13\", features = [\"blocking\"] }}\n\
         // serde_json = \"1\"\n\
         {crates}\
         {uses}\
         use serde_json::Value;\n\n\
         {constant}\
         fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
             let key = std::env::var(\"OPENAI_API_KEY\")?;\n\
             {built}    \
             // Reasoning takes longer than the half minute that reqwest waits by itself.\n    \
             let client = reqwest::blocking::Client::builder().timeout(None).build()?;\n    \
             let response = client\n        \
                 .post({url:?})\n        \
                 .bearer_auth(key)\n        \
                 .header(\"Content-Type\", \"application/json\")\n        \
                 .body({sent})\n        \
                 .send()?;\n    \
             let status = response.status();\n    \
             if !status.is_success() {{\n        \
                 return Err(format!(\"{{status}}: {{}}\", response.text()?).into());\n    \
             }}\n\
         {end}    \
             println!();\n    \
             Ok(())\n\
         }}\n{functions}",
        url = format!("{}/{}", asked.base_url, asked.endpoint.path()),
    )
}

/// The body in the program, and what it needs.
struct Body {
    crates: &'static str,
    constant: String,
    built: String,
    sent: &'static str,
    functions: String,
}

impl Body {
    fn of(json: &str, outside: &Outside) -> Self {
        if outside.is_empty() {
            return Self {
                crates: "",
                constant: format!("const BODY: &str = {};\n\n", raw(&visible(json))),
                built: String::new(),
                sent: "BODY",
                functions: String::new(),
            };
        }
        let mut parts = String::new();
        for piece in outside.pieces(json) {
            parts += "        ";
            parts += &match piece {
                Piece::Text(text) => raw(&visible(text)),
                Piece::Source(Source::Variable(name)) => format!("environment({name:?})?.as_str()"),
                Piece::Source(Source::File { media_type, path }) => {
                    format!("data_url({path:?}, {media_type:?})?.as_str()")
                }
            };
            parts += ",\n";
        }
        let mut functions = String::new();
        if outside.has_variables() {
            functions += ENVIRONMENT;
        }
        if outside.has_files() {
            functions += DATA_URL;
        }
        Self {
            crates: if outside.has_files() {
                "// base64 = \"0.22\"\n"
            } else {
                ""
            },
            constant: String::new(),
            built: format!("    let body = [\n{parts}    ]\n    .concat();\n"),
            sent: "body",
            functions,
        }
    }
}

const ENVIRONMENT: &str = r#"
/// A variable, as it stands within a text of JSON.
fn environment(name: &str) -> Result<String, Box<dyn std::error::Error>> {
    let value = std::env::var(name).map_err(|error| format!("{name}: {error}"))?;
    let quoted = Value::from(value).to_string();
    Ok(quoted[1..quoted.len() - 1].to_owned())
}
"#;

const DATA_URL: &str = r#"
fn data_url(path: &str, media_type: &str) -> Result<String, Box<dyn std::error::Error>> {
    use base64::Engine;
    let data = base64::engine::general_purpose::STANDARD.encode(std::fs::read(path)?);
    Ok(format!("data:{media_type};base64,{data}"))
}
"#;

const STREAM_USES: &str = "use std::io::{BufRead, BufReader, Write};\n\n";

const WHOLE: &str = "    let response: Value = serde_json::from_str(&response.text()?)?;\n";

const RESPONSES_WHOLE: &str = r#"    for item in response["output"].as_array().into_iter().flatten() {
        for part in item["content"].as_array().into_iter().flatten() {
            if part["type"] == "output_text" {
                print!("{}", part["text"].as_str().unwrap_or_default());
            }
        }
    }
"#;

const CHAT_WHOLE: &str = r#"    let answer = &response["choices"][0]["message"]["content"];
    print!("{}", answer.as_str().unwrap_or_default());
"#;

const RESPONSES_DELTA: &str = r#"        if event["type"] == "response.output_text.delta" {
            print!("{}", event["delta"].as_str().unwrap_or_default());
            std::io::stdout().flush()?;
        }
"#;

const CHAT_DELTA: &str = r#"        for choice in event["choices"].as_array().into_iter().flatten() {
            print!("{}", choice["delta"]["content"].as_str().unwrap_or_default());
            std::io::stdout().flush()?;
        }
"#;

fn streamed(delta: &str) -> String {
    format!(
        r#"    for line in BufReader::new(response).lines() {{
        let line = line?;
        let Some(data) = line.strip_prefix("data: ") else {{
            continue;
        }};
        if data == "[DONE]" {{
            break;
        }}
        let event: Value = serde_json::from_str(data)?;
{delta}    }}
"#
    )
}

/// A raw string, fenced with more `#` than any quote in the text is followed by.
fn raw(text: &str) -> String {
    let longest = text
        .split('"')
        .skip(1)
        .map(|rest| rest.bytes().take_while(|it| *it == b'#').count() + 1)
        .max()
        .unwrap_or(0);
    let fence = "#".repeat(longest);
    format!("r{fence}\"{text}\"{fence}")
}
