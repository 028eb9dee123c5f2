//! What running a request may cost and take, before it is sent: likely from its own live history, at worst from its cap.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::body;
use crate::error::{Error, Result};
use crate::money::budget::{Allowance, Limits};
use crate::money::forecast::{self, Likely};
use crate::run::purse::Purse;
use crate::workbench::Workbench;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ForecastRunInput {
    /// The request as it stands in the editor, saved or not.
    pub request: RequestFile,
    /// The levels to run; empty for the request's own.
    pub efforts: Vec<String>,
    /// Runs per level, from 1.
    pub repeats: u32,
}

/// What one run of a level may cost and take. Figures of live runs only; absent where there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LevelForecast {
    /// None where the body leaves it to the model's default.
    pub effort: Option<String>,
    /// Live runs that the likely figures rest on, at most 20.
    pub runs: u32,
    /// Median, nano-dollars.
    pub cost: Option<u64>,
    /// 90th percentile, nano-dollars.
    pub high_cost: Option<u64>,
    /// Median, ms.
    pub ms: Option<f64>,
    /// 90th percentile, ms.
    pub high_ms: Option<f64>,
    /// Every byte of text a token of input, its pictures, and the whole cap put out, nano-dollars; None where the price is not known.
    pub worst_cost: Option<u64>,
}

/// What is limited, spent and held back, in nano-dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct BudgetState {
    pub limits: Limits,
    pub spent_session: u64,
    /// UTC.
    pub spent_today: u64,
    /// By runs under way.
    pub reserved: u64,
    /// Why the limits could not be read.
    pub problem: Option<Error>,
    /// The same of the environment in use, where it has limits of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub environment: Option<EnvironmentBudget>,
}

/// What is limited, spent and held back in an environment, in nano-dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EnvironmentBudget {
    pub name: String,
    pub limits: Limits,
    pub spent_session: u64,
    /// UTC.
    pub spent_today: u64,
    /// By runs under way.
    pub reserved: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ForecastRunOutput {
    pub levels: Vec<LevelForecast>,
    /// Runs in all.
    pub calls: u32,
    /// Of all runs: the sum of the medians; None where a level has no live run yet.
    pub cost: Option<u64>,
    /// Of all runs: the sum of the 90th percentiles; None where a level has no live run yet.
    pub high_cost: Option<u64>,
    /// Of all runs; None where a price is not known.
    pub worst_cost: Option<u64>,
    pub budget: BudgetState,
    /// Why it would be refused now.
    pub refusal: Option<Error>,
}

/// # Errors
/// `VariableMissing`, `EffortUnsupported`, `BadInput` without a model; what reading the environment or the history fails
/// with.
pub async fn run(bench: &Workbench, input: ForecastRunInput) -> Result<ForecastRunOutput> {
    forecast(bench, &input).await
}

/// As [`run`], for who needs it as a part.
///
/// # Errors
/// As [`run`].
pub async fn forecast(bench: &Workbench, input: &ForecastRunInput) -> Result<ForecastRunOutput> {
    let request = &bench.fill(&input.request)?;
    let live = bench.live()?;
    let model = body::model(&request.body).unwrap_or_default().to_owned();
    let id = request.id.clone();
    let records = {
        let model = model.clone();
        bench
            .read_history(move |history| history.figures(&id, &model, false))
            .await?
    };
    let asked: Vec<Option<&str>> = match &input.efforts[..] {
        [] => vec![None],
        efforts => efforts.iter().map(|effort| Some(effort.as_str())).collect(),
    };
    let wires = asked
        .iter()
        .map(|effort| bench.wire_body(request, *effort))
        .collect::<Result<Vec<_>>>()?;
    let worst = bench.worst(&live.base_url, wires.clone()).await?;
    let mut levels = Vec::new();
    for (wire, worst_cost) in wires.iter().zip(worst) {
        let known = bench
            .catalog
            .model(&model)
            .map(|model| model.default_effort.as_str());
        let at = body::effort(wire).or(known).unwrap_or_default();
        let runs = records
            .iter()
            .find(|record| record.effort == at)
            .map_or(&[][..], |record| &record.runs);
        let Likely {
            runs,
            cost,
            high_cost,
            ms,
            high_ms,
        } = forecast::likely(runs);
        levels.push(LevelForecast {
            effort: body::effort(wire).map(str::to_owned),
            runs,
            cost,
            high_cost,
            ms,
            high_ms,
            worst_cost,
        });
    }
    let repeats = u64::from(input.repeats.max(1));
    let sum = |of: fn(&LevelForecast) -> Option<u64>| -> Option<u64> {
        levels
            .iter()
            .map(of)
            .sum::<Option<u64>>()
            .map(|one| one * repeats)
    };
    let (cost, high_cost, worst_cost) = (
        sum(|level| level.cost),
        sum(|level| level.high_cost),
        sum(|level| level.worst_cost),
    );
    let mut bodies = Vec::new();
    for body in wires {
        bodies.extend(std::iter::repeat_n(body, input.repeats.max(1) as usize));
    }
    let calls = bodies.len();
    // Held for no longer than it takes to be asked.
    let refusal = bench
        .reserve(&live.base_url, live.allowance(), bodies)
        .await
        .err();
    Ok(ForecastRunOutput {
        calls: u32::try_from(calls).unwrap_or(u32::MAX),
        levels,
        cost,
        high_cost,
        worst_cost,
        budget: budget(bench).await?,
        refusal,
    })
}

/// What is limited, spent and held back now.
///
/// # Errors
/// What reading the history fails with.
pub async fn budget(bench: &Workbench) -> Result<BudgetState> {
    let spent = bench.with_purse(Purse::spent).await?;
    // An environment that can't be read is told where it is used.
    let allowance = bench.live().ok().and_then(|live| live.allowance());
    let environment = match allowance.filter(|allowance| !allowance.limits.is_empty()) {
        Some(Allowance { id, name, limits }) => {
            let reserved = bench.purse.reserved_in(&id);
            let spent = bench
                .with_purse(move |purse| purse.spent_in(Some(&id)))
                .await?;
            Some(EnvironmentBudget {
                name,
                limits,
                spent_session: spent.session,
                spent_today: spent.day,
                reserved,
            })
        }
        None => None,
    };
    Ok(BudgetState {
        limits: bench.purse.limits(),
        spent_session: spent.session,
        spent_today: spent.day,
        reserved: bench.purse.reserved(),
        problem: bench.purse.problem(),
        environment,
    })
}
