//! Puts these rules in place of all others, in this order; their counts start over.

use rheostat_mock::Rule;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::mock_state;
pub use super::mock_state::MockStateOutput as SetMockRulesOutput;
use crate::error::Result;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SetMockRulesInput {
    pub rules: Vec<Rule>,
}

/// # Errors
/// `BadInput` naming the rule and the field that can't be followed, `FileUnwritable`. The rules are as they were then.
pub async fn run(bench: &Workbench, input: SetMockRulesInput) -> Result<SetMockRulesOutput> {
    let mock = bench.mock()?;
    mock.change(|settings| settings.rules = input.rules)?;
    mock_state::state(bench).await
}
