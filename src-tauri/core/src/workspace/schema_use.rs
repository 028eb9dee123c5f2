//! Requests and the schema files that they refer to: who uses which, and the body with the schema in it.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

use super::folder::Workspace;
use super::index::Brief;
use super::names;
use super::request_file::{self, RequestFile};
use super::schema_files::{self, SchemaSummary};
use crate::body;
use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};

/// Where a request refers to its schema: its field, as a pointer beside those into the body.
pub const PLACE: &str = "/schema_file";

/// A request that uses a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct SchemaUse {
    /// Relative to the workspace folder.
    pub path: String,
    pub id: String,
    pub name: String,
    /// As the request or its folders say.
    pub model: Option<String>,
    /// As the request or its folders say.
    pub effort: Option<String>,
}

/// A request with a schema in its own body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct InlineSchema {
    pub request: SchemaUse,
    /// What the schema is called in it.
    pub name: String,
}

/// A request that refers to a schema that can't be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct LostSchema {
    pub request: SchemaUse,
    /// As the request has it.
    pub schema_file: String,
    pub problem: Error,
}

/// Every schema of the workspace.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SchemaList {
    pub files: Vec<SchemaSummary>,
    pub inline: Vec<InlineSchema>,
    pub lost: Vec<LostSchema>,
}

/// A request that now refers to another path, or could not be made to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RepointedRequest {
    pub path: String,
    /// What its file is now; an open request goes on with it.
    pub stamp: String,
    /// Why it still refers to the old path.
    pub problem: Option<Error>,
}

impl Workspace {
    /// Every schema file with who uses it, every request with a schema of its own, and every reference that leads
    /// nowhere.
    ///
    /// # Errors
    /// `WorkspaceGone`.
    pub fn list_schemas(&self) -> Result<SchemaList> {
        let listing = self.listing()?;
        let mut list = SchemaList::default();
        let mut used: Vec<(String, SchemaUse)> = Vec::new();
        let files = self.index().snapshot().files;
        let seen = files.iter().filter_map(|(path, seen)| {
            let brief = seen.as_ref()?.brief.as_ref().ok()?;
            Some((path.as_str(), brief))
        });
        let briefs: HashMap<&str, &Brief> = seen.collect();
        for summary in &listing.requests {
            let Some(brief) = briefs.get(summary.path.as_str()) else {
                continue;
            };
            let request = SchemaUse {
                path: summary.path.clone(),
                id: summary.id.clone(),
                name: summary.name.clone(),
                model: summary.model.clone(),
                effort: summary.effort.clone(),
            };
            if let Some(name) = &brief.schema_name {
                list.inline.push(InlineSchema {
                    request: request.clone(),
                    name: name.clone(),
                });
            }
            if let Some(path) = &brief.schema_file {
                used.push((path.clone(), request));
            }
        }
        for path in self.schema_paths() {
            let read = self.read_schema(&path);
            let (here, others) = used.into_iter().partition(|(known, _)| *known == path);
            used = others;
            let here: Vec<(String, SchemaUse)> = here;
            let problem = read.as_ref().err().cloned();
            if let Some(problem) = &problem {
                list.lost.extend(here.iter().map(|(_, request)| LostSchema {
                    request: request.clone(),
                    schema_file: path.clone(),
                    problem: problem.clone(),
                }));
            }
            list.files.push(SchemaSummary {
                name: schema_files::stem(&path).to_owned(),
                stamp: read.map(|read| read.stamp).unwrap_or_default(),
                problem,
                used_by: here.into_iter().map(|(_, request)| request).collect(),
                path,
            });
        }
        list.lost
            .extend(used.into_iter().filter_map(|(path, request)| {
                let problem = self.read_schema(&path).err()?;
                Some(LostSchema {
                    request,
                    schema_file: path,
                    problem,
                })
            }));
        Ok(list)
    }

    /// Renames a schema file, and leads the requests that refer to it to its new name. Its path, and these requests.
    ///
    /// # Errors
    /// `BadInput`, `NameTaken`, `FileUnwritable`: nothing is changed then. A request that can't be changed is told in
    /// the list.
    pub fn rename_schema(&self, path: &str, name: &str) -> Result<(String, Vec<RepointedRequest>)> {
        let _writing = self.writing();
        let users = self.list_schemas()?.files.into_iter();
        let users = users.filter(|file| file.path == path);
        let users: Vec<SchemaUse> = users.flat_map(|file| file.used_by).collect();
        let new = self.move_schema(path, name)?;
        if new == path {
            return Ok((new, Vec::new()));
        }
        let changed = users
            .into_iter()
            .map(|user| match self.point_to_schema(&user.path, &new) {
                Ok(stamp) => RepointedRequest {
                    path: user.path,
                    stamp,
                    problem: None,
                },
                Err(problem) => RepointedRequest {
                    path: user.path,
                    stamp: String::new(),
                    problem: Some(problem),
                },
            })
            .collect();
        Ok((new, changed))
    }

    fn point_to_schema(&self, request: &str, schema: &str) -> Result<String> {
        let read = request_file::read(&self.resolve(request)?)?;
        let changed = RequestFile {
            schema_file: Some(schema.to_owned()),
            ..read.request
        };
        self.save_document(request, &changed, &read.stamp)
    }

    /// The request with the schema that it refers to in its body, and the reference gone; one that refers to none is as
    /// it was. Every body that is sent, counted, copied or exported passes here.
    ///
    /// # Errors
    /// `BadInput` for a path out of the workspace, a body with a schema of its own, or another output format;
    /// `FileUnreadable`, `FileInvalid` for the schema's file. The place is `/schema_file` or the file's line.
    pub fn with_schema(&self, request: &RequestFile) -> Result<RequestFile> {
        let mut request = request.clone();
        if let Some(path) = request.schema_file.take() {
            request.body = self.with_schema_in(&request.body, request.endpoint, &path)?;
        }
        Ok(request)
    }

    /// A body for `endpoint` with the schema of the file at `path` in it.
    ///
    /// # Errors
    /// As [`Self::with_schema`].
    pub fn with_schema_in(
        &self,
        body: &Map<String, Value>,
        endpoint: Endpoint,
        path: &str,
    ) -> Result<Map<String, Value>> {
        let schema = self.read_schema(path).map_err(unresolved)?.schema;
        let mut body = body.clone();
        put(&mut body, endpoint, path, schema)?;
        Ok(body)
    }
}

/// The workspace that a request's file lies in: the nearest folder above it with the settings file of one.
///
/// # Errors
/// `BadInput` where there is none: a schema file is found from there.
pub fn workspace_of(file: &Path) -> Result<Workspace> {
    let unfit = |why: String| {
        Error::new(ErrorCode::BadInput, why)
            .place(file.display().to_string())
            .hint("Schema files are found from the folder that holds rheostat.yaml.")
    };
    let real = file
        .canonicalize()
        .map_err(|error| unfit(format!("{} could not be found: {error}.", file.display())))?;
    let mut above = real.ancestors().skip(1);
    let root = above.find(|folder| folder.join(names::SETTINGS).is_file());
    root.map(|root| Workspace::new(root.to_owned()))
        .ok_or_else(|| {
            unfit(format!(
                "{} refers to a schema file, and lies in no workspace.",
                file.display()
            ))
        })
}

/// The error of a schema's file, as one of the request that refers to it.
fn unresolved(mut error: Error) -> Error {
    if error.code != ErrorCode::FileInvalid {
        error = error.place(PLACE);
    }
    error
}

/// Puts the schema of the file at `path` where the endpoint has it: flat in `text.format`, nested in `response_format`
/// (API.md 2.1, 3.3). A body that names no format gets one, strict and named after the file.
///
/// # Errors
/// `BadInput` where the body has a schema of its own, or a format that takes none.
fn put(body: &mut Map<String, Value>, endpoint: Endpoint, path: &str, schema: Value) -> Result<()> {
    let (outer, inner) = match endpoint {
        Endpoint::Responses => ("text", Some("format")),
        Endpoint::ChatCompletions => ("response_format", None),
    };
    let refused = |what: &str| {
        Err(Error::new(
            ErrorCode::BadInput,
            format!("The request refers to {path}, and {what}."),
        )
        .place(PLACE)
        .hint("Keep one of the two."))
    };
    if body::output_schema(body).is_some() {
        return refused("has a schema of its own in its body too");
    }
    let mut place = body.entry(outer).or_insert(Value::Null);
    if let Some(inner) = inner {
        if place.is_null() {
            *place = json!({});
        }
        let Some(fields) = place.as_object_mut() else {
            return refused(&format!("its {outer} is no object"));
        };
        place = fields.entry(inner).or_insert(Value::Null);
    }
    if place.is_null() {
        *place = json!({"type": "json_schema"});
    }
    if place.get("type").and_then(Value::as_str) != Some("json_schema") {
        return refused("its output format takes no schema");
    }
    if endpoint == Endpoint::ChatCompletions {
        place = &mut place["json_schema"];
        if place.is_null() {
            *place = json!({});
        }
    }
    let Some(fields) = place.as_object_mut() else {
        return refused("its output format is no object");
    };
    // A format with nothing but its type was named nowhere: the file says how, and it is held to it.
    if !fields.contains_key("name") {
        fields.insert("name".into(), schema_files::stem(path).into());
        fields.entry("strict").or_insert(Value::Bool(true));
    }
    fields.insert("schema".into(), schema);
    Ok(())
}
