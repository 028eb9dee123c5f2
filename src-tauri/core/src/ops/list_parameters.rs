//! The parameters that a form can offer, with the kinds of tools.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::parameters::{Parameter, ParameterGroup, ParameterTable, ToolKind};
use crate::error::Result;
use crate::money::prices::ToolCharge;
use crate::workbench::Workbench;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListParametersInput {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListParametersOutput {
    /// The headings of the form, in order.
    pub groups: Vec<ParameterGroup>,
    /// In the order of the form.
    pub parameters: Vec<Parameter>,
    /// In the order of the form.
    pub tools: Vec<ToolKind>,
    /// What tools cost, by the price table of this installation.
    pub tool_charges: Vec<ToolCharge>,
}

/// # Errors
/// `Internal` where the embedded table is broken, which the tests rule out.
pub async fn run(bench: &Workbench, _: ListParametersInput) -> Result<ListParametersOutput> {
    let table = ParameterTable::builtin()?;
    Ok(ListParametersOutput {
        groups: table.groups().to_vec(),
        parameters: table.parameters().to_vec(),
        tools: table.tools().to_vec(),
        tool_charges: bench.prices.tool_charges().to_vec(),
    })
}
