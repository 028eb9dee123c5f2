//! Sets what may be spent. Kept across starts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::forecast_run::{self, BudgetState};
use crate::error::Result;
use crate::money::budget::Limits;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetBudgetInput {
    /// None leaves the limits as they are, and only tells how they stand.
    pub limits: Option<Limits>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetBudgetOutput {
    pub budget: BudgetState,
}

/// # Errors
/// `FileUnwritable`; the limits are as they were then.
pub async fn run(bench: &Workbench, input: SetBudgetInput) -> Result<SetBudgetOutput> {
    if let Some(limits) = input.limits {
        bench.purse.set_limits(limits)?;
    }
    Ok(SetBudgetOutput {
        budget: forecast_run::budget(bench).await?,
    })
}
