//! How many tokens a request puts in: counted here, about, or exactly by the API's own endpoint.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};
use crate::input_size::{self, PictureRule};
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
    /// One count per message of the body, in its order, with its pictures: about.
    pub messages: Vec<u64>,
    /// The instructions: about.
    pub instructions: u64,
    /// Pictures: about.
    pub pictures: u64,
    /// Pictures and files that are not counted here: no rule is known for them, or their size is not.
    pub uncounted: u32,
    /// All that is counted: about.
    pub total: u64,
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
    let (endpoint, counted) = (request.endpoint, body);
    let rule = PictureRule::of(&bench.catalog, &counted);
    let size = bench
        .with_workspace(move |workspace| {
            input_size::about(Some(workspace), endpoint, &counted, &rule)
        })
        .await?;
    let about = CountTokensOutput {
        texts: size.texts(),
        schema: size.schema,
        tools: size.tools,
        messages: size
            .messages
            .iter()
            .zip(&size.pictures)
            .map(|(texts, pictures)| texts + pictures)
            .collect(),
        instructions: size.instructions,
        pictures: size.all_pictures(),
        uncounted: size.uncounted,
        total: size.total(),
        exact: None,
        sample: false,
    };
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
