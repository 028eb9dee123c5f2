//! All that there is to say of a request as it stands in the editor: findings, size and forecast in one answer, so that a
//! long prompt comes here once for each key.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::blocking;
use crate::error::{Error, Result};
use crate::lint::Finding;
use crate::ops::count_tokens::{self, CountTokensInput, CountTokensOutput};
use crate::ops::forecast_run::{self, ForecastRunInput, ForecastRunOutput};
use crate::ops::lint_request::{self, LintRequestInput};
use crate::ops::list_variables::{self, ListVariablesInput};
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LookOverRequestInput {
    /// The request as it stands in the editor, saved or not.
    pub request: RequestFile,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LookOverRequestOutput {
    pub findings: Vec<Finding>,
    /// Why there are no findings.
    pub problem: Option<Error>,
    /// Names of variables that have no value, each once: with one of them nothing can be sent.
    pub unresolved: Vec<String>,
    /// As [`count_tokens`] counts here; None where that needs something that the request lacks.
    pub tokens: Option<CountTokensOutput>,
    /// Of one run at the request's own effort; None where it can't be told.
    pub forecast: Option<ForecastRunOutput>,
    /// Why it can't.
    pub forecast_problem: Option<Error>,
}

/// # Errors
/// None of its own: what a part fails with stands in its place.
pub async fn run(bench: &Workbench, input: LookOverRequestInput) -> Result<LookOverRequestOutput> {
    // Asked after each key: waiting for another thread at each part would take longer than the parts do.
    blocking::on_one_thread(look_over(bench, input.request)).await
}

async fn look_over(bench: &Workbench, request: RequestFile) -> Result<LookOverRequestOutput> {
    let listed = list_variables::run(
        bench,
        ListVariablesInput {
            request: request.clone(),
        },
    )
    .await;
    // Why an environment can't be read is told where it is chosen; no variable is judged then.
    let (variables, uses) = match listed {
        Ok(listed) => (Some(listed.variables), listed.uses),
        Err(_) => (None, Vec::new()),
    };
    let asked = LintRequestInput {
        endpoint: request.endpoint,
        body: request.body.clone(),
        request_id: Some(request.id.clone()),
        // A secret's value is not told; that it has one is enough here.
        variables: variables.map(|listed| {
            let value =
                |it: list_variables::ListedVariable| (it.name, it.value.unwrap_or_default());
            listed.into_iter().map(value).collect()
        }),
        input_tokens: None,
        schema_file: request.schema_file.clone(),
    };
    let mut unresolved: Vec<String> = Vec::new();
    for used in uses.into_iter().filter(|used| used.scope.is_none()) {
        if !unresolved.contains(&used.name) {
            unresolved.push(used.name);
        }
    }
    let counting = CountTokensInput {
        request: request.clone(),
        exact: false,
    };
    let run = ForecastRunInput {
        request,
        efforts: Vec::new(),
        repeats: 1,
    };
    let linted = lint_request::run(bench, asked).await;
    let tokens = count_tokens::run(bench, counting).await;
    let forecast = forecast_run::run(bench, run).await;
    let (findings, problem) = match linted {
        Ok(linted) => (linted.findings, None),
        Err(problem) => (Vec::new(), Some(problem)),
    };
    let (forecast, forecast_problem) = match forecast {
        Ok(forecast) => (Some(forecast), None),
        Err(problem) => (None, Some(problem)),
    };
    Ok(LookOverRequestOutput {
        findings,
        problem,
        unresolved,
        tokens: tokens.ok(),
        forecast,
        forecast_problem,
    })
}
