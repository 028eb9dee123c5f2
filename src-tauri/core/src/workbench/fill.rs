//! What the variables of a request mean: its own values, under the workspace's, its folders' and the environment's.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::Workbench;
use crate::error::{Error, ErrorCode, Result};
use crate::media::{self, Files};
use crate::place::Body;
use crate::secret_ref::SecretRef;
use crate::variables::{self, Variable, VariableUse, Variables};
use crate::workspace::environment_file::{VariableValue, VariableValues};
use crate::workspace::request_file::RequestFile;

/// Where the value of a variable was set. A later one goes before an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum VariableScope {
    /// The request itself: what it means where nobody else says anything.
    Request,
    /// `rheostat.yaml`.
    Workspace,
    /// A folder above the request, the nearest one that says so.
    Folder,
    /// The environment in use.
    Environment,
}

/// What a variable means, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    pub name: String,
    pub value: VariableValue,
    pub scope: VariableScope,
    /// As a person calls the scope: `this request`, `the workspace`, `the folder a/b`, or the environment's name.
    pub set_by: String,
}

impl Workbench {
    /// Every variable in reach of a request, by name. No secret is read.
    ///
    /// # Errors
    /// `FileInvalid`, `FileUnreadable`, `BadInput` where the file of the workspace, a folder or the environment can't be used.
    pub fn meanings(&self, request: &RequestFile) -> Result<Vec<Meaning>> {
        let own = request
            .variables
            .iter()
            .map(|(name, text)| (name.clone(), VariableValue::Text(text.clone())));
        let mut layers = vec![
            (
                VariableScope::Request,
                "this request".to_owned(),
                own.collect(),
            ),
            (
                VariableScope::Workspace,
                "the workspace".to_owned(),
                self.workspace.own_variables()?,
            ),
        ];
        for (folder, values) in self.workspace.variables_of(&request.id)? {
            let set_by = match folder.as_str() {
                "" => "the top folder".to_owned(),
                _ => format!("the folder {folder}"),
            };
            layers.push((VariableScope::Folder, set_by, values));
        }
        if let Some(environment) = self.live()?.environment {
            layers.push((
                VariableScope::Environment,
                environment.name,
                environment.variables,
            ));
        }
        Ok(laid_over(layers))
    }

    /// The request as it is shown, kept and sent to the stand-in: variables filled in, secrets left as `{{name}}`.
    ///
    /// # Errors
    /// `VariableMissing`, naming each variable without a value and its places; what [`Self::meanings`] fails with.
    pub fn fill(&self, request: &RequestFile) -> Result<RequestFile> {
        let request = &self.workspace.with_defaults(request)?;
        let known = known(&self.meanings(request)?, |name, _| {
            format!("{{{{{name}}}}}")
        });
        filled(request, &known)
    }

    /// The request as it goes out live, with its secrets; None where it holds none.
    ///
    /// # Errors
    /// As [`Self::fill`]; `SecretUnreadable`, naming the reference.
    pub async fn fill_secrets(&self, request: &RequestFile) -> Result<Option<RequestFile>> {
        let request = &self.workspace.with_defaults(request)?;
        let meanings = self.meanings(request)?;
        let mut known = known(&meanings, |_, _| String::new());
        let used: BTreeSet<_> = variables::uses(&request.body, &known)
            .into_iter()
            .map(|one| one.name)
            .collect();
        let mut any = false;
        for meaning in meanings
            .iter()
            .filter(|meaning| used.contains(&meaning.name))
        {
            let VariableValue::Secret { secret } = &meaning.value else {
                continue;
            };
            let found = self.keys.read(secret).await?;
            any = true;
            if let Some(variable) = known.get_mut(&meaning.name) {
                found.key.expose_secret().clone_into(&mut variable.value);
            }
        }
        any.then(|| filled(request, &known)).transpose()
    }

    /// The data of the workspace files that a body names, read off the async threads.
    ///
    /// # Errors
    /// Why the first of them can't be sent, with its place in the body.
    pub async fn files_of(&self, body: &Body) -> Result<Files> {
        if media::parts(body).is_empty() {
            return Ok(Files::default());
        }
        let body = body.clone();
        self.with_workspace(move |workspace| workspace.files_of(&body))
            .await
    }
}

impl Workbench {
    /// The secrets that stand as `{{name}}` in a body that was sent before, each with its value.
    ///
    /// # Errors
    /// What [`Self::meanings`] fails with; `SecretUnreadable`, naming the reference.
    pub async fn secrets_in(
        &self,
        request: &RequestFile,
        body: &Map<String, Value>,
    ) -> Result<Vec<(String, SecretString)>> {
        let request = &self.workspace.with_defaults(request)?;
        let used: BTreeSet<_> = variables::uses(body, &BTreeMap::new())
            .into_iter()
            .map(|one| one.name)
            .collect();
        let mut found = Vec::new();
        for meaning in self.meanings(request)? {
            if let VariableValue::Secret { secret } = &meaning.value
                && used.contains(&meaning.name)
            {
                found.push((meaning.name, self.keys.read(secret).await?.key));
            }
        }
        Ok(found)
    }
}

/// Puts secrets where they stand as `{{name}}`, in every text of a value.
pub fn put_secrets(value: &mut Value, secrets: &[(String, SecretString)]) {
    match value {
        Value::String(text) => {
            for (name, secret) in secrets {
                let stands = format!("{{{{{name}}}}}");
                if text.contains(&stands) {
                    *text = text.replace(&stands, secret.expose_secret());
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put_secrets(item, secrets)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| put_secrets(field, secrets)),
        _ => {}
    }
}

/// The last layer that names a variable says what it means.
fn laid_over(layers: Vec<(VariableScope, String, VariableValues)>) -> Vec<Meaning> {
    let mut meanings = std::collections::BTreeMap::new();
    for (scope, set_by, variables) in layers {
        for (name, value) in variables {
            let meaning = Meaning {
                name: name.clone(),
                value,
                scope,
                set_by: set_by.clone(),
            };
            meanings.insert(name, meaning);
        }
    }
    meanings.into_values().collect()
}

/// The meanings as variables; `secret` says what stands for a secret.
pub fn known(meanings: &[Meaning], secret: impl Fn(&str, &SecretRef) -> String) -> Variables {
    let variable = |meaning: &Meaning| Variable {
        value: match &meaning.value {
            VariableValue::Text(text) => text.clone(),
            VariableValue::Secret { secret: place } => secret(&meaning.name, place),
        },
        scope: meaning.set_by.clone(),
    };
    meanings
        .iter()
        .map(|meaning| (meaning.name.clone(), variable(meaning)))
        .collect()
}

fn filled(request: &RequestFile, known: &Variables) -> Result<RequestFile> {
    let resolved = variables::resolve(&request.body, known);
    let missing: Vec<_> = resolved.unresolved().collect();
    if let Some(first) = missing.first() {
        return Err(unresolved(&missing, first));
    }
    Ok(RequestFile {
        body: resolved.body,
        ..request.clone()
    })
}

fn unresolved(missing: &[&VariableUse], first: &VariableUse) -> Error {
    let mut names: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in missing {
        match names.iter_mut().find(|(name, _)| *name == one.name) {
            Some((_, places)) if places.contains(&one.pointer.as_str()) => {}
            Some((_, places)) => places.push(&one.pointer),
            None => names.push((&one.name, vec![&one.pointer])),
        }
    }
    let listed: Vec<_> = names
        .iter()
        .map(|(name, places)| format!("{name} (at {})", places.join(", ")))
        .collect();
    let message = match &listed[..] {
        [one] => format!("The variable {one} has no value."),
        many => format!(
            "{} variables have no value: {}.",
            many.len(),
            many.join("; ")
        ),
    };
    let name = &first.name;
    Error::new(ErrorCode::VariableMissing, message)
        .place(first.pointer.clone())
        .hint(format!(
            "Give it a value in the environment, a folder, the workspace or the request, or write \\{{{{{name}}}}} to send the braces."
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(text: &str) -> RequestFile {
        let body =
            json!({"model": "m", "instructions": text, "input": [{"content": "{{b}} and {{b}}"}]});
        serde_json::from_value(json!({"id": "r", "name": "R", "body": body})).unwrap()
    }

    fn texts(pairs: &[(&str, &str)]) -> VariableValues {
        let pair = |(name, text): &(&str, &str)| {
            ((*name).to_owned(), VariableValue::Text((*text).to_owned()))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn the_environment_goes_before_the_workspace_and_that_before_the_request() {
        let meanings = laid_over(vec![
            (
                VariableScope::Request,
                "this request".into(),
                texts(&[("a", "1"), ("b", "1"), ("c", "1")]),
            ),
            (
                VariableScope::Workspace,
                "the workspace".into(),
                texts(&[("b", "2"), ("c", "2")]),
            ),
            (
                VariableScope::Environment,
                "Dev".into(),
                texts(&[("c", "3")]),
            ),
        ]);
        let known = known(&meanings, |_, _| String::new());
        let is: Vec<_> = known
            .iter()
            .map(|(name, it)| (name.as_str(), it.value.as_str(), it.scope.as_str()))
            .collect();
        assert_eq!(
            is,
            [
                ("a", "1", "this request"),
                ("b", "2", "the workspace"),
                ("c", "3", "Dev")
            ]
        );
    }

    #[test]
    fn what_has_no_value_is_named_with_all_its_places() {
        let known = known(&laid_over(Vec::new()), |_, _| String::new());
        let error = filled(&request("{{a}} {{b}}"), &known).unwrap_err();
        assert_eq!(error.code, ErrorCode::VariableMissing);
        assert_eq!(
            error.message,
            "2 variables have no value: a (at /instructions); b (at /instructions, /input/0/content)."
        );
        assert_eq!(error.place.as_deref(), Some("/instructions"));
        let one = filled(&request("x"), &known).unwrap_err();
        assert_eq!(
            one.message,
            "The variable b (at /input/0/content) has no value."
        );
    }
}
