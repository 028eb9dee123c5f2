//! What is wrong with a request, before it is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;
use crate::lint::{self, Context, Finding, HandedDown, Knowledge, SchemaFile, UsedTokens, lint};
use crate::ops::request_figures::{self, RequestFiguresInput};
use crate::variables::{self, Variable};
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
    /// The input's size in tokens, an estimate; `null`: it is counted here.
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
    let inherited = handed_down(bench, input);
    // What is looked over is what would be sent.
    let mut body = input.body.clone();
    defaults::apply(&mut body, inherited.on(input.endpoint));
    let model = body::model(&body).and_then(|name| bench.catalog.model(name));
    let used = match (&input.request_id, body::model(&body)) {
        (Some(id), Some(name)) => used_tokens(bench, id, name, input.endpoint, &body).await?,
        _ => None,
    };
    let day = crate::money::prices::day_of(bench.clock.now_ms());
    let dearer = model.is_some_and(|model| {
        let price = bench.prices.price(&model.id, "default", day);
        price.is_some_and(|price| price.long.is_some())
    });
    let long_context_over = dearer.then(|| bench.prices.long_context_above());
    let (told, variables, endpoint) = (input.input_tokens, input.variables.clone(), input.endpoint);
    let catalog = Arc::clone(&bench.catalog);
    let (files, input_tokens) = bench
        .with_workspace(move |workspace| {
            let files = workspace.file_troubles(&body);
            let counted = match told {
                Some(told) => Some(told),
                None => {
                    let body = filled(&body, variables.as_ref());
                    lint::input_tokens(
                        Some(workspace),
                        endpoint,
                        &body,
                        &catalog,
                        long_context_over,
                    )?
                }
            };
            Ok((files, counted))
        })
        .await?;
    Ok(Context {
        used,
        files,
        variables: input.variables.clone(),
        input_tokens,
        long_context_over,
        inherited,
        schema_file: input.schema_file.as_ref().map(|path| SchemaFile {
            path: path.clone(),
            schema: bench.workspace.read_schema(path).map(|read| read.schema),
        }),
    })
}

/// What the folders of the request say. One that can't be followed is told elsewhere.
fn handed_down(bench: &Workbench, input: &LintRequestInput) -> HandedDown {
    let on = |endpoint| {
        let id = input.request_id.as_ref()?;
        bench.workspace.inherited_by(id, endpoint).ok()
    };
    HandedDown {
        responses: on(Endpoint::Responses).unwrap_or_default(),
        chat_completions: on(Endpoint::ChatCompletions).unwrap_or_default(),
    }
}

/// With the values of the variables in reach.
fn filled(
    body: &Map<String, Value>,
    known: Option<&BTreeMap<String, String>>,
) -> Map<String, Value> {
    let variable = |(name, value): (&String, &String)| {
        let (value, scope) = (value.clone(), String::new());
        (name.clone(), Variable { value, scope })
    };
    let known = known.into_iter().flatten().map(variable).collect();
    variables::resolve(body, &known).body
}

/// What earlier runs used, at this effort.
async fn used_tokens(
    bench: &Workbench,
    request_id: &str,
    model: &str,
    endpoint: Endpoint,
    body: &Map<String, Value>,
) -> Result<Option<UsedTokens>> {
    let effort = match endpoint {
        Endpoint::Responses => body::effort(body),
        Endpoint::ChatCompletions => body.get("reasoning_effort").and_then(Value::as_str),
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
