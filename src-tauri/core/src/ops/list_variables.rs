//! What the variables of a request mean and who says so; where it uses them, and which of them mean nothing yet.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Result;
use crate::variables::{self, VariableUse};
use crate::workbench::Workbench;
use crate::workbench::fill::{self, Meaning, VariableScope};
use crate::workspace::environment_file::VariableValue;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListVariablesInput {
    /// The request as it stands in the editor, saved or not.
    pub request: RequestFile,
}

/// A variable in reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListedVariable {
    pub name: String,
    /// None for a secret: it is read when it is sent, and never shown.
    pub value: Option<String>,
    pub scope: VariableScope,
    /// As a person calls the scope, such as the environment's name.
    pub set_by: String,
    pub secret: bool,
    /// Where the secret is kept, such as `env:TOKEN`.
    pub reference: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ListVariablesOutput {
    /// By name.
    pub variables: Vec<ListedVariable>,
    /// Every use in the body, in its order; without a scope where the variable has no value, and nothing can be sent.
    pub uses: Vec<VariableUse>,
}

/// # Errors
/// What reading the workspace and the environment fails with.
pub async fn run(bench: &Workbench, input: ListVariablesInput) -> Result<ListVariablesOutput> {
    let meanings = bench.meanings(&input.request)?;
    let known = fill::known(&meanings, |_, _| String::new());
    Ok(ListVariablesOutput {
        uses: variables::uses(&input.request.body, &known),
        variables: meanings.into_iter().map(listed).collect(),
    })
}

fn listed(meaning: Meaning) -> ListedVariable {
    let (value, reference) = match meaning.value {
        VariableValue::Text(text) => (Some(text), None),
        VariableValue::Secret { secret } => (None, Some(secret.to_string())),
    };
    ListedVariable {
        name: meaning.name,
        value,
        scope: meaning.scope,
        set_by: meaning.set_by,
        secret: reference.is_some(),
        reference,
    }
}
