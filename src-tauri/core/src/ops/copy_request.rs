//! A request as code, to run it elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::catalog::endpoint::Endpoint;
use crate::catalog::parameters::ParameterTable;
use crate::error::Result;
use crate::media::{self, FileRef};
use crate::place::{self, Body};
use crate::request_code::outside::{Outside, Source, environment_name};
use crate::request_code::{self, CodeKind};
use crate::secret_ref::SecretRef;
use crate::secrets_in_text;
use crate::variables::{self, Variable};
use crate::workbench::fill::Meaning;
use crate::workbench::{KEY_VARIABLE, Workbench};
use crate::workspace::attached::cannot;
use crate::workspace::defaults;
use crate::workspace::environment_file::VariableValue;
use crate::workspace::folder::Workspace;
use crate::workspace::request_file::RequestFile;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CopyRequestInput {
    /// In what to write it.
    #[serde(rename = "as")]
    pub kind: CodeKind,
    pub endpoint: Endpoint,
    /// As it is sent.
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
    /// Where it goes; `null`: where Live goes.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The schema file that the request refers to.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub schema_file: Option<String>,
    /// The request that the body is of: its folders hand values down, and it has variables. Its own body is not read.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub request: Option<RequestFile>,
    /// Put the values of variables in, and read files where the code runs. A secret is never put in: the code reads it
    /// from the environment. Otherwise `{{name}}` and `{{file:...}}` stay as they stand.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub filled: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CopyRequestOutput {
    /// Ends with a line feed. The key is read from `OPENAI_API_KEY` where it runs.
    pub code: String,
    pub placeholders: CopyPlaceholders,
}

/// What the body has in double braces, filled in or not. Empty where no request was named.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CopyPlaceholders {
    /// Variables that have a value, by name.
    pub values: Vec<String>,
    pub secrets: Vec<CopiedSecret>,
    /// Paths within the workspace.
    pub files: Vec<String>,
    /// Variables without a value: they stay as they stand.
    pub unset: Vec<String>,
}

/// A secret, and where the code has it from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct CopiedSecret {
    pub name: String,
    /// A variable of the process's environment where the code runs.
    pub variable: String,
}

/// # Errors
/// Why the schema file can't be used: see `Workspace::with_schema`. Where a request is named, what its folders or its
/// environment can't be read for; where values are put in, why a file can't be sent.
pub async fn run(bench: &Workbench, input: CopyRequestInput) -> Result<CopyRequestOutput> {
    let live = bench.route().live_base_url;
    let base_url = input.base_url.as_deref().unwrap_or(live.as_str());
    let mut body = input.body;
    if let Some(path) = &input.schema_file {
        body = bench
            .workspace
            .with_schema_in(&body, input.endpoint, path)?;
    }
    let mut outside = Outside::default();
    let mut placeholders = CopyPlaceholders::default();
    if let Some(request) = &input.request {
        let inherited = bench.workspace.inherited_by(&request.id, input.endpoint)?;
        defaults::apply(&mut body, &inherited);
        let meanings = bench.meanings(request)?;
        let reach = Reach::of(&body, &meanings);
        placeholders = reach.placeholders(&body);
        if input.filled {
            outside = Outside::of(&body, reach.texts());
            body = reach.put_in(&body, &mut outside);
            (body, outside) = bench
                .with_workspace(move |workspace| with_files(workspace, body, outside))
                .await?;
        }
    }
    Ok(CopyRequestOutput {
        code: request_code::print_with(
            input.kind,
            input.endpoint,
            &body,
            Some(base_url),
            ParameterTable::builtin()?,
            &outside,
        ),
        placeholders,
    })
}

/// The variables that a body uses.
struct Reach<'a> {
    meanings: &'a [Meaning],
    /// Variables of the process's environment, by the names of the secrets in use.
    secrets: BTreeMap<&'a str, String>,
    /// The names in use, in their order.
    used: Vec<String>,
}

impl<'a> Reach<'a> {
    fn of(body: &Body, meanings: &'a [Meaning]) -> Self {
        let mut used: Vec<String> = Vec::new();
        for one in variables::uses(body, &variables::Variables::new()) {
            if !used.contains(&one.name) {
                used.push(one.name);
            }
        }
        // The key of the request itself is read from there: no other secret may take its place.
        let mut taken = BTreeSet::from([KEY_VARIABLE.to_owned()]);
        let mut secrets = BTreeMap::new();
        for meaning in meanings.iter().filter(|it| used.contains(&it.name)) {
            let variable = match &meaning.value {
                VariableValue::Secret {
                    secret: SecretRef::Variable(variable),
                } => variable.clone(),
                VariableValue::Secret { .. } => free(environment_name(&meaning.name), &taken),
                // A key that somebody wrote down as a plain value is a secret all the same.
                VariableValue::Text(text) if secrets_in_text::without_keys(text).is_some() => {
                    free(environment_name(&meaning.name), &taken)
                }
                VariableValue::Text(_) => continue,
            };
            taken.insert(variable.clone());
            secrets.insert(meaning.name.as_str(), variable);
        }
        Self {
            meanings,
            secrets,
            used,
        }
    }

    /// The plain values.
    fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.meanings
            .iter()
            .filter_map(|meaning| match &meaning.value {
                VariableValue::Text(text) => Some(text.as_str()),
                VariableValue::Secret { .. } => None,
            })
    }

    fn placeholders(&self, body: &Body) -> CopyPlaceholders {
        let mut told = CopyPlaceholders::default();
        for name in &self.used {
            if let Some(variable) = self.secrets.get(name.as_str()) {
                told.secrets.push(CopiedSecret {
                    name: name.clone(),
                    variable: variable.clone(),
                });
            } else if self.meanings.iter().any(|meaning| meaning.name == *name) {
                told.values.push(name.clone());
            } else {
                told.unset.push(name.clone());
            }
        }
        for part in media::parts(body) {
            if let Some(named) = part.source.and_then(FileRef::parse)
                && !told.files.contains(&named.path)
            {
                told.files.push(named.path);
            }
        }
        told
    }

    /// The body with plain values in it, and what stands for the secrets.
    fn put_in(&self, body: &Body, outside: &mut Outside) -> Body {
        let mut known = variables::Variables::new();
        for meaning in self.meanings {
            let value = match (self.secrets.get(meaning.name.as_str()), &meaning.value) {
                (Some(variable), _) => outside.stand_in(Source::Variable(variable.clone())),
                (None, VariableValue::Text(text)) => text.clone(),
                (None, VariableValue::Secret { .. }) => continue,
            };
            let scope = meaning.set_by.clone();
            known.insert(meaning.name.clone(), Variable { value, scope });
        }
        variables::resolve(body, &known).body
    }
}

/// A name that is not taken yet.
fn free(name: String, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.clone())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or(name)
}

/// The body with what stands for the data of each workspace file that it names.
fn with_files(
    workspace: &Workspace,
    mut body: Body,
    mut outside: Outside,
) -> Result<(Body, Outside)> {
    let mut found = Vec::new();
    for part in media::parts(&body) {
        let Some(named) = part.source.and_then(FileRef::parse) else {
            continue;
        };
        let pointer = part.source_pointer;
        let file = workspace
            .attached(&named, part.picture)
            .map_err(|trouble| cannot(&trouble, &named.path).place(pointer.clone()))?;
        let path = workspace.resolve(&named.path)?;
        let path = path.canonicalize().unwrap_or(path);
        let source = Source::File {
            media_type: file.kind.media_type.to_owned(),
            path: path.display().to_string(),
        };
        found.push((pointer, outside.stand_in(source)));
    }
    for (pointer, text) in found {
        place::set(&mut body, &pointer, text.into());
    }
    Ok((body, outside))
}
