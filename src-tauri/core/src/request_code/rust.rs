//! A request as a Rust program over `reqwest`: there is no official SDK whose types could fall behind the API.

use super::Asked;
use super::literal::visible;
use crate::catalog::endpoint::Endpoint;

pub(super) fn print(asked: Asked) -> String {
    let json = serde_json::to_string_pretty(asked.body).unwrap_or_default();
    let (uses, end) = match (asked.streams(), asked.endpoint) {
        (true, Endpoint::Responses) => (STREAM_USES, streamed(RESPONSES_DELTA)),
        (true, Endpoint::ChatCompletions) => (STREAM_USES, streamed(CHAT_DELTA)),
        (false, Endpoint::Responses) => ("", format!("{WHOLE}{RESPONSES_WHOLE}")),
        (false, Endpoint::ChatCompletions) => ("", format!("{WHOLE}{CHAT_WHOLE}")),
    };
    format!(
        "// Cargo.toml:\n\
         // reqwest = {{ version = \"0.13\", features = [\"blocking\"] }}\n\
         // serde_json = \"1\"\n\
         {uses}\
         use serde_json::Value;\n\n\
         const BODY: &str = {body};\n\n\
         fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
             let key = std::env::var(\"OPENAI_API_KEY\")?;\n    \
             // Reasoning takes longer than the half minute that reqwest waits by itself.\n    \
             let client = reqwest::blocking::Client::builder().timeout(None).build()?;\n    \
             let response = client\n        \
                 .post({url:?})\n        \
                 .bearer_auth(key)\n        \
                 .header(\"Content-Type\", \"application/json\")\n        \
                 .body(BODY)\n        \
                 .send()?;\n    \
             let status = response.status();\n    \
             if !status.is_success() {{\n        \
                 return Err(format!(\"{{status}}: {{}}\", response.text()?).into());\n    \
             }}\n\
         {end}    \
             println!();\n    \
             Ok(())\n\
         }}\n",
        body = raw(&visible(&json)),
        url = format!("{}/{}", asked.base_url, asked.endpoint.path()),
    )
}

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
