//! A request as it stands in the workspace: one YAML file, prompts as block scalars.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::plain;
pub use crate::catalog::endpoint::Endpoint;
use crate::error::{Error, ErrorCode, Result};
use crate::grade::checks::Check;

/// The largest request file that is read, in bytes. A prompt of a million tokens fits.
const SIZE_LIMIT: u64 = 16 * 1024 * 1024;

/// One request. The body is the document: what Rheostat does not know in it stays untouched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RequestFile {
    /// UUID v7. History finds the request's runs by it, wherever the file moves.
    pub id: String,
    pub name: String,
    /// Words to find it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(default)]
    pub endpoint: Endpoint,
    /// The JSON body that will be sent.
    #[ts(type = "Record<string, unknown>")]
    pub body: Map<String, Value>,
    /// The schema of its output, a file of the workspace such as `schemas/answer.json`: put into the body where it is
    /// sent. The body then has the format's name and strict, and no schema of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub schema_file: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// What its variables mean where no environment, workspace or folder says otherwise. Texts only: a request may
    /// come from anywhere, and must name no secret and start no program.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[ts(optional, as = "Option<IndexMap<String, String>>")]
    pub variables: IndexMap<String, String>,
    /// What may be replied to the model's calls, by the name of the function.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[ts(optional, as = "Option<IndexMap<String, Vec<Stub>>>")]
    pub stubs: IndexMap<String, Vec<Stub>>,
    /// Tools that are switched off: kept here whole, and not sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<ToolOff>>")]
    pub tools_off: Vec<ToolOff>,
    /// Keys that this version does not know; kept as they are.
    #[serde(flatten)]
    #[ts(skip)]
    pub other: Map<String, Value>,
}

/// A reply that is kept to be given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Stub {
    /// What tells it from others of the function.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[ts(optional, as = "Option<String>")]
    pub name: String,
    /// Sent as it stands: no variable is filled in.
    pub output: String,
    /// Every call of the function is answered with it at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub always: bool,
}

/// A tool that is switched off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ToolOff {
    /// Its place among all tools, those that are on and those that are off, from 0.
    pub at: u32,
    #[ts(type = "Record<string, unknown>")]
    pub tool: Map<String, Value>,
}

/// A request in the sidebar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct RequestSummary {
    /// Relative to the workspace folder, with forward slashes.
    pub path: String,
    /// The folder it lies in, "" at the top.
    pub folder: String,
    /// The path, where the file can't be read.
    pub id: String,
    /// The file's name, where the file can't be read.
    pub name: String,
    /// Its own, or what its folders hand down.
    pub model: Option<String>,
    /// Its own, or what its folders hand down.
    pub effort: Option<String>,
    pub tags: Vec<String>,
    /// Its place in the order that its folder asks for; None: after those, by name.
    pub position: Option<u32>,
    /// What the file was when it was seen; another than that of an open request: it was changed outside.
    pub stamp: String,
    /// It was found but not read yet: only the path is known. News of it follow.
    pub pending: bool,
    /// The file can't be read as a request; it is listed all the same.
    pub problem: Option<Error>,
    /// What is odd about it, though it can be used: another file has the same id.
    pub notice: Option<Error>,
}

/// A request with what its file was when it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRequest {
    pub request: RequestFile,
    pub stamp: String,
}

/// Reads the request at `path`.
///
/// # Errors
/// `FileUnreadable` and `FileInvalid`, naming the file and the line.
pub fn read(path: &Path) -> Result<ReadRequest> {
    let text = read_text(path)?;
    Ok(ReadRequest {
        request: parse(path, &text)?,
        stamp: stamp(&text),
    })
}

/// The file's text.
///
/// # Errors
/// `FileUnreadable`, also where it is no UTF-8 or larger than 16 MB.
pub fn read_text(path: &Path) -> Result<String> {
    let unreadable = |why: String| {
        Error::new(
            ErrorCode::FileUnreadable,
            format!("{} could not be read: {why}.", path.display()),
        )
        .place(path.display().to_string())
    };
    let size = std::fs::metadata(path)
        .map_err(|error| unreadable(error.to_string()).hint("Check the path."))?
        .len();
    if size > SIZE_LIMIT {
        return Err(unreadable(format!("it is {} MB large", size / 1024 / 1024))
            .hint("A request file may have up to 16 MB."));
    }
    let bytes = std::fs::read(path).map_err(|error| {
        unreadable(error.to_string()).hint("Check that the file is yours to read.")
    })?;
    String::from_utf8(bytes).map_err(|error| {
        unreadable(format!(
            "byte {} is no UTF-8",
            error.utf8_error().valid_up_to()
        ))
        .hint("Save the file as UTF-8 in an editor. It was left as it is.")
    })
}

/// Reads a request from its text; `path` names it in messages.
///
/// # Errors
/// `FileInvalid`, naming the line.
pub fn parse(path: &Path, text: &str) -> Result<RequestFile> {
    let invalid = |why: &dyn std::fmt::Display, line: Option<u64>| {
        let place = line.map_or_else(
            || path.display().to_string(),
            |line| format!("{}:{line}", path.display()),
        );
        let name = path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        Error::new(ErrorCode::FileInvalid, format!("{name} is not a request: {why}"))
            .place(place)
            .hint("Mend the file in an editor; it was left as it is. A request has an id, a name and a body.")
    };
    let request: RequestFile = serde_saphyr::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| {
            let line = error.location().map(|location| location.line());
            // The first line of the message says it; the rest draws the place, which has its own field.
            invalid(&plain::words(&error.to_string()), line)
        })?;
    if request.id.trim().is_empty() {
        return Err(invalid(&"its id is empty", None));
    }
    Ok(request)
}

/// What a text is, in short: two texts of one stamp are the same file.
pub fn stamp(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}-{}", hasher.finish(), text.len())
}

/// The file's text for a request: stable key order, prompts as block scalars. The same request
/// gives the same bytes.
///
/// # Errors
/// `Internal` if a value can't be written as YAML.
pub fn to_yaml(request: &RequestFile) -> Result<String> {
    let options = serde_saphyr::ser_options! { compact_list_indent: false };
    serde_saphyr::to_string_with_options(request, options)
        .map_err(|error| Error::internal("The request could not be written as YAML", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(text: &str) -> RequestFile {
        parse(Path::new("a.yaml"), text).unwrap()
    }

    #[test]
    fn saving_twice_is_byte_equal_and_keeps_unknown_keys() {
        let source = "id: x\nname: N\nendpoint: responses\nbody:\n  model: m\n  input:\n    - role: user\n      content: |\n        one\n        # two\n  frobnicate:\n    deep: [1, 2.5, null, yes]\nchecks:\n  - name: C\n    contains: 'a: b'\n  - max_words: 3\ntags: [a]\n";
        let once = to_yaml(&request(source)).unwrap();
        let twice = to_yaml(&request(&once)).unwrap();
        assert_eq!(once, twice, "a second save changes nothing");
        assert_eq!(
            request(source),
            request(&once),
            "nothing is lost on the way"
        );
        assert!(
            once.contains("content: |\n"),
            "prompts are block scalars: {once}"
        );
    }

    #[test]
    fn a_broken_file_names_its_line() {
        let error = parse(Path::new("/w/broken.yaml"), "id: x\nname: [\nbody: {}\n").unwrap_err();
        assert_eq!(
            (error.code, error.place.as_deref()),
            (ErrorCode::FileInvalid, Some("/w/broken.yaml:2")),
            "{error}"
        );
    }

    #[test]
    fn a_missing_field_is_named() {
        let error = parse(Path::new("/w/broken.yaml"), "id: x\nname: n\n").unwrap_err();
        assert!(error.message.contains("body"), "{error}");
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text =
            String::from("id: x\nname: n\nbody:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("  a{level}: &a{level} [{items}]\n");
        }
        assert_eq!(
            parse(Path::new("bomb.yaml"), &text).unwrap_err().code,
            ErrorCode::FileInvalid
        );
    }
}
