//! `mock.yaml` of a workspace: what the stand-in does, as the user wrote it.

use std::collections::BTreeMap;
use std::path::Path;

use rheostat_mock::{AtEnd, Ladder, Pinned, Rule, Rung, Speed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::workspace::document::{self, Document};
use crate::workspace::{request_file, write};

/// The file's name within the workspace folder.
pub const FILE: &str = "mock.yaml";

/// Where other programs find it, unless the user chose another.
pub const USUAL_PORT: u16 = 4010;

/// The stand-in's settings. Fields that are as usual are not written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MockSettings {
    /// Other programs on this computer may call it.
    pub open: bool,
    /// Web pages that may call it, by their origins, such as `http://localhost:5173`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// On 127.0.0.1; 0 takes any free one at every start.
    pub port: u16,
    pub speed: Speed,
    /// The rungs that are on, in order.
    pub rungs: Vec<Rung>,
    /// A recording of another effort will do where there is none of the request's own.
    pub any_effort: bool,
    /// What follows the last recording of a sequence.
    pub at_end: AtEnd,
    /// What answers a request of the workspace, by the request's id, whatever the rungs say.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Pinned>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

impl Default for MockSettings {
    fn default() -> Self {
        let Ladder {
            rungs,
            any_effort,
            at_end,
            ..
        } = Ladder::default();
        Self {
            open: false,
            origins: Vec::new(),
            port: USUAL_PORT,
            speed: Speed::default(),
            rungs,
            any_effort,
            at_end,
            answers: BTreeMap::new(),
            rules: Vec::new(),
        }
    }
}

impl MockSettings {
    /// The ladder, without what single requests are pinned to.
    pub fn ladder(&self) -> Ladder {
        Ladder {
            rungs: self.rungs.clone(),
            any_effort: self.any_effort,
            at_end: self.at_end,
            pinned: BTreeMap::new(),
        }
    }
}

/// An origin as a browser sends it.
///
/// # Errors
/// `BadInput` for what is none: it has a scheme, a host and perhaps a port, and nothing behind.
pub fn origin(text: &str) -> Result<String> {
    let none = || {
        Error::new(
            ErrorCode::BadInput,
            format!("{text:?} is no origin of a web page."),
        )
        .place("origins")
        .hint("Give scheme, host and port, such as http://localhost:5173.")
    };
    let url = url::Url::parse(text.trim()).map_err(|_| none())?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    match url.origin() {
        origin @ url::Origin::Tuple(..) if bare && matches!(url.scheme(), "http" | "https") => {
            Ok(origin.ascii_serialization())
        }
        _ => Err(none()),
    }
}

/// Reads the file; the usual settings where there is none.
///
/// # Errors
/// `FileUnreadable`, `FileInvalid`, naming the file and the line.
pub fn read(file: &Path) -> Result<MockSettings> {
    if !file.exists() {
        return Ok(MockSettings::default());
    }
    MockSettings::parse(file, &request_file::read_text(file)?)
}

impl Document for MockSettings {
    const SCHEMA: &'static str = "mock";

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let settings: Option<Self> = serde_saphyr::from_str(text).map_err(|error| {
            let place = error.location().map_or_else(
                || path.display().to_string(),
                |at| format!("{}:{}", path.display(), at.line()),
            );
            Error::new(
                ErrorCode::FileInvalid,
                format!("{place} does not hold the settings of the mock: {error}"),
            )
            .place(place)
            .hint("Put it right in a text editor, or delete it. The usual settings are used until then.")
        })?;
        // A file of comments alone says nothing.
        Ok(settings.unwrap_or_default())
    }

    fn to_yaml(&self) -> Result<String> {
        let options = serde_saphyr::ser_options! { compact_list_indent: false };
        serde_saphyr::to_string_with_options(self, options)
            .map_err(|error| Error::internal("The mock's settings could not be written", error))
    }
}

/// Writes the file, whole or not at all. What someone else wrote in it stays.
///
/// # Errors
/// `FileUnwritable`, also where a comment would be lost; `FileInvalid` for a file that holds something else.
pub fn write(file: &Path, settings: &MockSettings) -> Result<()> {
    let text = if file.exists() {
        document::rewrite(file, FILE, &request_file::read_text(file)?, settings)?
    } else {
        document::schema_line_for::<MockSettings>(FILE) + &settings.to_yaml()?
    };
    write::write(file, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_the_same_and_is_byte_equal_twice() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let rules = "\
- id: twice-limited
  name: Rate limit, then recovery
  matches: { path: /v1/responses, model: gpt-5.5*, effort: high }
  action: { fault: { kind: rate_limited, retry_after_ms: 1200 } }
  times: 2
";
        let settings = MockSettings {
            open: true,
            port: 4011,
            rules: Rule::read_all(rules).unwrap(),
            answers: BTreeMap::from([
                ("one".to_owned(), Pinned::Composed),
                ("two".to_owned(), Pinned::Rule("twice-limited".to_owned())),
            ]),
            ..MockSettings::default()
        };
        write(&file, &settings).unwrap();
        let first = std::fs::read_to_string(&file).unwrap();
        assert_eq!(read(&file).unwrap(), settings, "{first}");
        write(&file, &read(&file).unwrap()).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
        assert!(first.starts_with("# yaml-language-server: $schema=.rheostat/schemas/mock.json\n"));
    }

    #[test]
    fn what_someone_wrote_in_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let text = "# Ours.\nopen: false # for now\nport: 4012\n";
        std::fs::write(&file, text).unwrap();
        let settings = MockSettings {
            open: true,
            ..read(&file).unwrap()
        };
        write(&file, &settings).unwrap();
        let expected = text.replace("open: false", "open: true");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
    }

    #[test]
    fn its_schema_takes_what_it_writes_and_names_what_it_refuses() {
        let schema = crate::workspace::schemas::schema_of::<MockSettings>("mock");
        assert!(jsonschema::meta::is_valid(&schema), "a sound schema");
        let validator = jsonschema::validator_for(&schema).unwrap();
        let settings = MockSettings {
            rules: Rule::read_all("- id: a\n  matches: { rate: 0.2 }\n  action: { fault: { kind: rate_limited, retry_after_ms: 1200 } }\n").unwrap(),
            answers: BTreeMap::from([("one".to_owned(), Pinned::Composed)]),
            ..MockSettings::default()
        };
        let document = serde_json::to_value(&settings).unwrap();
        let refused = |document: &serde_json::Value| -> Vec<String> {
            let errors = validator.iter_errors(document);
            errors
                .map(|error| error.instance_path().to_string())
                .collect()
        };
        assert_eq!(refused(&document), [""; 0]);
        let mut broken = document;
        broken["port"] = "many".into();
        broken["rules"][0]["matches"]["rate"] = "often".into();
        assert_eq!(refused(&broken), ["/port", "/rules/0/matches/rate"]);
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, "open: true\nport: many\n").unwrap();
        let error = read(&file).unwrap_err();
        assert_eq!(error.code, ErrorCode::FileInvalid);
        assert!(error.message.contains("mock.yaml:2"), "{}", error.message);
    }
}
