//! What is wrong with a request, before it is sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;
use crate::lint::{Context, Finding, Knowledge, SchemaFile, UsedTokens, lint};
use crate::ops::request_figures::{self, RequestFiguresInput};
use crate::workbench::Workbench;
use crate::workspace::defaults;

/// A request to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LintRequestInput {
    pub endpoint: Endpoint,
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
    /// Its runs tell how many tokens it needs.
    #[serde(default)]
    pub request_id: Option<String>,
    /// The variables in reach, by name; `null`: a `{{name}}` is not judged.
    #[serde(default)]
    pub variables: Option<BTreeMap<String, String>>,
    /// The input's size in tokens, an estimate.
    #[serde(default)]
    pub input_tokens: Option<u64>,
    /// The schema file that the request refers to.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub schema_file: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LintRequestOutput {
    /// What would be refused first.
    pub findings: Vec<Finding>,
}

/// # Errors
/// What reading the history fails with.
pub async fn run(bench: &Workbench, input: LintRequestInput) -> Result<LintRequestOutput> {
    let mut input = input;
    // What is looked over is what would be sent. A folder that can't be followed is told elsewhere.
    if let Some(id) = &input.request_id
        && let Ok(inherited) = bench.workspace.inherited_by(id, input.endpoint)
    {
        defaults::apply(&mut input.body, &inherited);
    }
    let context = context(bench, &input).await?;
    let knowledge = knowledge(bench)?;
    Ok(LintRequestOutput {
        findings: lint(&input.body, input.endpoint, knowledge, &context),
    })
}

/// The tables that the rules read.
///
/// # Errors
/// `Internal` where the embedded table is broken, which the tests rule out.
pub(super) fn knowledge(bench: &Workbench) -> Result<Knowledge<'_>> {
    Ok(Knowledge {
        catalog: &bench.catalog,
        table: ParameterTable::builtin()?,
    })
}

/// What is known besides the body.
///
/// # Errors
/// What reading the history fails with.
pub(super) async fn context(bench: &Workbench, input: &LintRequestInput) -> Result<Context> {
    let model = body::model(&input.body).and_then(|name| bench.catalog.model(name));
    let used = match (&input.request_id, body::model(&input.body)) {
        (Some(id), Some(name)) => used_tokens(bench, id, name, input).await?,
        _ => None,
    };
    let day = crate::money::prices::day_of(bench.clock.now_ms());
    let dearer = model.is_some_and(|model| {
        let price = bench.prices.price(&model.id, "default", day);
        price.is_some_and(|price| price.long.is_some())
    });
    let asked = input.body.clone();
    let files = bench
        .with_workspace(move |workspace| Ok(workspace.file_troubles(&asked)))
        .await?;
    Ok(Context {
        used,
        files,
        variables: input.variables.clone(),
        input_tokens: input.input_tokens,
        long_context_over: dearer.then(|| bench.prices.long_context_above()),
        schema_file: input.schema_file.as_ref().map(|path| SchemaFile {
            path: path.clone(),
            schema: bench.workspace.read_schema(path).map(|read| read.schema),
        }),
    })
}

/// What earlier runs used, at this effort.
async fn used_tokens(
    bench: &Workbench,
    request_id: &str,
    model: &str,
    input: &LintRequestInput,
) -> Result<Option<UsedTokens>> {
    let effort = match input.endpoint {
        Endpoint::Responses => body::effort(&input.body),
        Endpoint::ChatCompletions => input.body.get("reasoning_effort").and_then(Value::as_str),
    };
    let default = || {
        bench
            .catalog
            .model(model)
            .map(|it| it.default_effort.as_str())
    };
    let Some(effort) = effort.or_else(default) else {
        return Ok(None);
    };
    let asked = RequestFiguresInput {
        request_id: request_id.to_owned(),
        model: model.to_owned(),
    };
    let figures = request_figures::run(bench, asked).await?;
    let row = figures.efforts.into_iter().find(|row| row.effort == effort);
    Ok(row.and_then(|row| {
        Some(UsedTokens {
            runs: row.runs,
            median: row.median_output_tokens?,
            high: row.high_output_tokens?,
        })
    }))
}
