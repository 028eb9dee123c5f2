//! Where a schema on the command line comes from: a file of its own, or a request's.

use std::path::{Path, PathBuf};

use rheostat_core::body;
use rheostat_core::error::{Error, ErrorCode};
use rheostat_core::workspace::request_file::{self, ReadRequest};
use rheostat_core::workspace::schema_use::workspace_of;
use rheostat_core::workspace::{document, schema_file};
use serde_json::Value;

/// A schema, and where it is written back to.
pub struct Source {
    pub schema: Value,
    place: Place,
}

enum Place {
    File(PathBuf),
    /// In the body of a request.
    Request(PathBuf, Box<ReadRequest>),
}

impl Source {
    /// # Errors
    /// `FileUnreadable` and `FileInvalid`, naming the line; `BadInput` for a request without an output schema, or
    /// where the file that it refers to can't be used.
    pub fn of(file: &Path) -> Result<Self, Error> {
        // What has an id, a name and a body is a request; a schema has none of them.
        match is_yaml(file).then(|| request_file::read(file)) {
            Some(Ok(read)) => Self::of_request(file, read),
            _ => Ok(Self {
                schema: schema_file::read(file)?,
                place: Place::File(file.to_owned()),
            }),
        }
    }

    fn of_request(file: &Path, read: ReadRequest) -> Result<Self, Error> {
        if let Some(path) = &read.request.schema_file {
            let workspace = workspace_of(file)?;
            return Ok(Self {
                schema: workspace.read_schema(path)?.schema,
                place: Place::File(workspace.resolve(path)?),
            });
        }
        let schema = body::output_schema(&read.request.body)
            .cloned()
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::BadInput,
                    format!("{} is a request without an output schema.", file.display()),
                )
                .place(file.display().to_string())
                .hint("Give it one in the Schemas screen, or check a schema's own file.")
            })?;
        Ok(Self {
            schema,
            place: Place::Request(file.to_owned(), Box::new(read)),
        })
    }

    /// Puts another schema in its place, whole or not at all.
    ///
    /// # Errors
    /// `FileUnwritable`, `FileChanged`.
    pub fn save(self, schema: &Value) -> Result<(), Error> {
        match self.place {
            Place::File(file) => schema_file::save(&file, schema),
            Place::Request(file, read) => {
                let mut request = read.request;
                if let Some(place) = body::output_schema_mut(&mut request.body) {
                    place.clone_from(schema);
                }
                let name = file.display().to_string();
                document::save(&file, &name, &request, &read.stamp).map(drop)
            }
        }
    }
}

fn is_yaml(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| matches!(ending.to_lowercase().as_str(), "yaml" | "yml"))
}
