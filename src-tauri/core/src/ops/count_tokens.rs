//! How many tokens a request puts in: counted here, about, or exactly by the API's own endpoint.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};
use crate::tokens;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

/// What `POST /responses/input_tokens` takes of a body (API.md 6).
const COUNTED: [&str; 12] = [
    "model",
    "input",
    "instructions",
    "tools",
    "tool_choice",
    "text",
    "reasoning",
    "parallel_tool_calls",
    "previous_response_id",
    "conversation",
    "truncation",
    "personality",
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CountTokensInput {
    /// The request as it stands in the editor, saved or not.
    pub request: RequestFile,
    /// Ask the endpoint of the connection in use, which leaves this computer where that is live.
    pub exact: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CountTokensOutput {
    /// Instructions and messages, without pictures and files: about.
    pub texts: u64,
    /// The output schema, as JSON text: about.
    pub schema: u64,
    /// Tools, as JSON text: about.
    pub tools: u64,
    /// One count per message of the body, in its order: about.
    pub messages: Vec<u64>,
    /// Pictures and files are in it, which are not counted here.
    pub has_media: bool,
    /// The whole input, as the API counts it; None where it was not asked.
    pub exact: Option<u64>,
    /// A stand-in gave the exact count.
    pub sample: bool,
}

/// # Errors
/// `BadInput` where only the API could count, on Chat Completions. For an exact count also `VariableMissing`,
/// `ConfirmProduction`, why a key or a secret can't be read, and what the endpoint refuses with.
pub async fn run(bench: &Workbench, input: CountTokensInput) -> Result<CountTokensOutput> {
    let CountTokensInput { request, exact } = input;
    // A variable without a value is counted as it stands: whoever is still writing wants a figure, too.
    let filled = bench.fill(&request);
    // And so does whoever's schema file is not there.
    let without = RequestFile {
        schema_file: None,
        ..request.clone()
    };
    let shown = match &filled {
        Ok(filled) => filled,
        Err(_) if bench.workspace.with_schema(&request).is_ok() => &request,
        Err(_) => &without,
    };
    let body = bench.wire_body(shown, None)?;
    let (endpoint, counted) = (request.endpoint, body.clone());
    let about = tokio::task::spawn_blocking(move || about(endpoint, &counted))
        .await
        .unwrap_or_else(|broken| Err(Error::internal("Counting tokens broke", broken)))?;
    if !exact {
        return Ok(about);
    }
    if endpoint != Endpoint::Responses {
        return Err(Error::new(
            ErrorCode::BadInput,
            "The API counts the input of Responses only.",
        )
        .place("endpoint")
        .hint("Switch the request to Responses for an exact count."));
    }
    let mut asked = bench.wire_body(&filled?, None)?;
    let target = bench.target().await?;
    if bench.route().live
        && let Some(with_secrets) = bench.fill_secrets(&request).await?
    {
        asked = bench.wire_body(&with_secrets, None)?;
    }
    let files = bench.files_of(&asked).await?;
    if bench.route().live {
        asked = files.put_into(&asked);
    }
    asked.retain(|name, _| COUNTED.contains(&name.as_str()));
    Ok(CountTokensOutput {
        exact: Some(bench.transport.count_input(&target, &asked).await?),
        sample: !bench.route().live,
        ..about
    })
}

fn about(endpoint: Endpoint, body: &Map<String, Value>) -> Result<CountTokensOutput> {
    let null = Value::Null;
    let of = |name: &str| body.get(name).unwrap_or(&null);
    let input = of(endpoint.input_key());
    let messages: Vec<u64> = match input {
        Value::Array(items) => items
            .iter()
            .map(tokens::count_value)
            .collect::<Result<_>>()?,
        other => vec![tokens::count_value(other)?],
    };
    let schema = crate::body::output_schema(body).map_or(Ok(0), tokens::count_json)?;
    let tools = match of("tools") {
        Value::Array(tools) => tools.iter().map(tokens::count_json).sum::<Result<u64>>()?,
        _ => 0,
    };
    Ok(CountTokensOutput {
        texts: messages.iter().sum::<u64>() + tokens::count_value(of("instructions"))?,
        schema,
        tools,
        messages,
        has_media: has_media(input),
        exact: None,
        sample: false,
    })
}

fn has_media(value: &Value) -> bool {
    const KINDS: [&str; 5] = [
        "input_image",
        "input_file",
        "image_url",
        "file",
        "input_audio",
    ];
    match value {
        Value::Array(items) => items.iter().any(has_media),
        Value::Object(fields) => {
            let kind = fields.get("type").and_then(Value::as_str);
            kind.is_some_and(|kind| KINDS.contains(&kind)) || fields.values().any(has_media)
        }
        _ => false,
    }
}
