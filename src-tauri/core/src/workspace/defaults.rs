//! What a folder hands down to the requests below it: `folder.yaml`, and the merge at the time of sending.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::environment_file::{VariableValue, VariableValues};
use super::plain;
use super::request_file::{self, Endpoint};
use crate::error::{Error, ErrorCode, Result};

/// `folder.yaml`: what holds for everything below, and the order of what lies in the folder.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
pub struct FolderFile {
    #[serde(default, skip_serializing_if = "Defaults::is_empty")]
    pub defaults: Defaults,
    /// Names of files and folders in this folder, in the order in which they are shown. Those that are
    /// not named follow: folders first, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// Keys that this version does not know; kept as they are.
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

/// What requests below a folder have where they say nothing of their own. The nearest folder wins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
#[ts(rename = "FolderDefaults")]
pub struct Defaults {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// `reasoning.effort` of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// The whole list: a request with tools of its own has none of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "unknown[] | null")]
    pub tools: Option<Vec<Value>>,
    /// `text.format` of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "unknown")]
    pub text_format: Option<Value>,
    /// What `{{name}}` stands for. Each name is handed down by itself.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub variables: Map<String, Value>,
    /// Keys that this version does not know; kept as they are.
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

impl Defaults {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The values that stand for parts of a body, each with its JSON Pointer (API.md 2.1, 3.3). A body for
    /// Chat Completions has what is written alike in both: the others are in another form there.
    fn of_body(&self, endpoint: Endpoint) -> Vec<(&'static str, Value)> {
        let text = |text: &Option<String>| text.clone().map(Value::String);
        let model = ("/model", text(&self.model));
        let effort = text(&self.effort);
        let values = match endpoint {
            Endpoint::Responses => vec![
                model,
                (EFFORT, effort),
                ("/instructions", text(&self.instructions)),
                ("/tools", self.tools.clone().map(Value::Array)),
                ("/text/format", self.text_format.clone()),
            ],
            Endpoint::ChatCompletions => vec![model, (CHAT_EFFORT, effort)],
        };
        values
            .into_iter()
            .filter_map(|(pointer, value)| Some((pointer, value?)))
            .collect()
    }
}

/// Where a body for Responses has its effort, and where one for Chat Completions.
pub const EFFORT: &str = "/reasoning/effort";
pub const CHAT_EFFORT: &str = "/reasoning_effort";

/// One value that a request has from a folder, unless its own body has something at that place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Inherited {
    /// A JSON Pointer into the body, such as `/reasoning/effort`.
    pub pointer: String,
    #[ts(type = "unknown")]
    pub value: Value,
    /// The folder that says so, "" for the top of the workspace.
    pub from: String,
}

/// What the folders above a request hand down, from the top of the workspace to the nearest one.
pub type Chain = Vec<(String, FolderFile)>;

/// What a body below `chain` inherits; of one place the nearest.
pub fn inherited(chain: &[(String, FolderFile)], endpoint: Endpoint) -> Vec<Inherited> {
    let mut found: Vec<Inherited> = Vec::new();
    for (folder, file) in chain {
        for (pointer, value) in file.defaults.of_body(endpoint) {
            let nearer = Inherited {
                pointer: pointer.to_owned(),
                value,
                from: folder.clone(),
            };
            match found.iter_mut().find(|known| known.pointer == pointer) {
                Some(known) => *known = nearer,
                None => found.push(nearer),
            }
        }
    }
    found
}

/// The variables of a folder. Texts only: a folder may come from anywhere, and must name no secret and start no
/// program.
///
/// # Errors
/// The name of the first that is none.
pub fn texts(variables: &Map<String, Value>) -> Result<VariableValues, String> {
    let text = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Ok((name.clone(), VariableValue::Text(text.clone()))),
        _ => Err(name.clone()),
    };
    variables.iter().map(text).collect()
}

/// Puts inherited values where the body has nothing of its own. A null in the body is something of its
/// own: it was written to get the API's default.
pub fn apply(body: &mut Map<String, Value>, inherited: &[Inherited]) {
    for Inherited { pointer, value, .. } in inherited {
        let mut steps = pointer.trim_start_matches('/').split('/');
        let (Some(first), second) = (steps.next(), steps.next()) else {
            continue;
        };
        let Some(second) = second else {
            body.entry(first).or_insert_with(|| value.clone());
            continue;
        };
        let group = body
            .entry(first)
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(group) = group {
            group.entry(second).or_insert_with(|| value.clone());
        }
    }
}

/// Reads `folder.yaml` in `folder`; None where there is none.
///
/// # Errors
/// `FileUnreadable`, `FileInvalid`, naming the file and the line.
pub fn read(folder: &Path) -> Result<Option<(FolderFile, String)>> {
    let file = folder.join(super::names::FOLDER_FILE);
    if file.symlink_metadata().is_err() {
        return Ok(None);
    }
    let text = request_file::read_text(&file)?;
    Ok(Some((parse(&file, &text)?, request_file::stamp(&text))))
}

/// Reads a folder's file from its text; `path` names it in messages.
///
/// # Errors
/// `FileInvalid`, naming the line.
pub fn parse(path: &Path, text: &str) -> Result<FolderFile> {
    let text = text.trim_start_matches('\u{feff}');
    // A file of comments alone, or an empty one, says nothing.
    let file: Option<FolderFile> = serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location().map_or_else(
            || path.display().to_string(),
            |at| format!("{}:{}", path.display(), at.line()),
        );
        let why = plain::words(&error.to_string());
        Error::new(
            ErrorCode::FileInvalid,
            format!("{} holds no defaults of a folder: {}", path.display(), why),
        )
        .place(place)
        .hint("Mend the file in an editor; it was left as it is. It may have `defaults` and `order`. Requests below it are not sent until then, as they would lack what it hands down.")
    })?;
    Ok(file.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn file(text: &str) -> FolderFile {
        parse(Path::new("folder.yaml"), text).unwrap()
    }

    fn chain() -> Chain {
        vec![
            (
                String::new(),
                file(
                    "defaults:\n  model: gpt-5.5\n  effort: low\n  instructions: Be brief.\n  variables: {tone: dry, team: A}\n",
                ),
            ),
            (
                "review".to_owned(),
                file(
                    "defaults:\n  effort: high\n  tools: [{type: web_search}]\n  text_format: {type: text}\n  variables: {team: B}\norder: [b.yaml]\n",
                ),
            ),
        ]
    }

    fn merged(mut body: Value) -> Value {
        let found = inherited(&chain(), Endpoint::Responses);
        if let Value::Object(body) = &mut body {
            apply(body, &found);
        }
        body
    }

    #[test]
    fn the_nearest_folder_wins_and_the_body_over_all() {
        assert_eq!(
            merged(
                json!({ "input": "x", "instructions": "Mine.", "reasoning": { "summary": "auto" }, "tools": null })
            ),
            json!({
                "input": "x", "instructions": "Mine.", "reasoning": { "summary": "auto", "effort": "high" },
                "tools": null, "model": "gpt-5.5", "text": { "format": { "type": "text" } },
            }),
            "what the body says stays, a null too"
        );
        let from: Vec<_> = inherited(&chain(), Endpoint::Responses)
            .into_iter()
            .map(|it| (it.pointer, it.from))
            .collect();
        let expected = [
            ("/model", ""),
            ("/reasoning/effort", "review"),
            ("/instructions", ""),
            ("/tools", "review"),
            ("/text/format", "review"),
        ];
        assert_eq!(
            from,
            expected.map(|(pointer, folder)| (pointer.to_owned(), folder.to_owned()))
        );
    }

    #[test]
    fn a_body_for_chat_completions_has_what_is_written_alike() {
        let pointers: Vec<_> = inherited(&chain(), Endpoint::ChatCompletions)
            .into_iter()
            .map(|it| (it.pointer, it.value))
            .collect();
        assert_eq!(
            pointers,
            [
                ("/model".to_owned(), json!("gpt-5.5")),
                ("/reasoning_effort".to_owned(), json!("high"))
            ]
        );
    }

    #[test]
    fn a_place_that_holds_no_object_is_left_alone() {
        assert_eq!(
            merged(json!({ "reasoning": "{{reasoning}}", "text": null }))["reasoning"],
            json!("{{reasoning}}")
        );
    }

    #[test]
    fn merging_again_changes_nothing() {
        let once = merged(json!({ "input": "x" }));
        assert_eq!(merged(once.clone()), once);
    }

    #[test]
    fn a_variable_is_a_text_and_nothing_else() {
        let of = |value: Value| texts(value.as_object().unwrap());
        assert_eq!(
            of(json!({ "tone": "dry" })).unwrap()["tone"],
            VariableValue::Text("dry".into())
        );
        let secret = json!({ "tone": "dry", "token": { "secret": "command:rm" } });
        assert_eq!(of(secret).unwrap_err(), "token");
        assert_eq!(of(json!({ "n": 5 })).unwrap_err(), "n");
    }

    #[test]
    fn an_empty_file_says_nothing_and_a_broken_one_names_its_line() {
        assert_eq!(file(""), FolderFile::default());
        assert_eq!(file("# nothing yet\n"), FolderFile::default());
        let error = parse(Path::new("a/folder.yaml"), "defaults:\n  model: [1, 2]\n").unwrap_err();
        assert_eq!(
            (error.code, error.place.as_deref()),
            (ErrorCode::FileInvalid, Some("a/folder.yaml:2")),
            "{error}"
        );
    }
}
