//! An environment as it stands in the workspace: where requests go, on whose account, within which limits, and what
//! the variables mean there. It names where a key is kept and never holds one.

use std::fmt;
use std::path::Path;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plain;
use crate::error::{Error, ErrorCode, Result};
use crate::ids;
use crate::money::budget::Limits;
use crate::money::dollars::Dollars;
use crate::secret_ref::{self, SecretRef};
use crate::variables;

/// More attempts than these after the first help nobody.
const MOST_RETRIES: u32 = 10;

/// One environment. A key that this version does not know is refused, not kept: a mistyped `production` or `limits`
/// must not pass for none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentFile {
    /// UUID v7. The keychain knows its key by it, wherever the file moves.
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub color: EnvironmentColor,
    /// Such as `https://api.openai.com/v1`, which is meant where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub base_url: Option<String>,
    /// Sent as `OpenAI-Organization` (API.md 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub organization: Option<String>,
    /// Sent as `OpenAI-Project` (API.md 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub project: Option<String>,
    /// Ask before the first live call of a session.
    #[serde(default, skip_serializing_if = "is_false")]
    #[ts(optional, as = "Option<bool>")]
    pub production: bool,
    /// Attempts after a failed first one, 0 to 10; as usual where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retries: Option<u32>,
    /// On top of the limits that hold everywhere.
    #[serde(default, skip_serializing_if = "EnvironmentLimits::is_empty")]
    #[ts(optional, as = "Option<EnvironmentLimits>")]
    pub limits: EnvironmentLimits,
    /// Where the key is: `keychain`, `env:NAME` or `command:op read ...`. The keychain where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<SecretRef>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[ts(optional, as = "Option<IndexMap<String, VariableValue>>")]
    pub variables: VariableValues,
}

/// What the variables of a file mean, in its order.
pub type VariableValues = IndexMap<String, VariableValue>;

/// The colour by which an environment is known at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum EnvironmentColor {
    #[default]
    Grey,
    Red,
    Amber,
    Green,
    Blue,
    Violet,
}

/// The most that may be spent in an environment, in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentLimits {
    /// One run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub per_run: Option<Dollars>,
    /// Since this start of Rheostat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub per_session: Option<Dollars>,
    /// From midnight to midnight, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub per_day: Option<Dollars>,
}

impl EnvironmentLimits {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As the budget counts: in nano-dollars.
    pub fn in_nanos(&self) -> Limits {
        let nanos = |amount: Option<Dollars>| amount.map(|Dollars(nanos)| nanos);
        Limits {
            per_run: nanos(self.per_run),
            per_session: nanos(self.per_session),
            per_day: nanos(self.per_day),
        }
    }
}

/// What a variable means: a text, or where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, JsonSchema)]
#[serde(untagged)]
#[ts(untagged)]
pub enum VariableValue {
    Text(String),
    Secret {
        /// `env:NAME` or `command:op read ...`.
        secret: SecretRef,
    },
}

impl<'de> Deserialize<'de> for VariableValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Meaning;

        impl<'de> Visitor<'de> for Meaning {
            type Value = VariableValue;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("text (a number in quotes), or secret: env:NAME")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<VariableValue, E> {
                Ok(VariableValue::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<VariableValue, A::Error> {
                use serde::de::Error as _;
                let mut secret = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key != "secret" || secret.is_some() {
                        return Err(A::Error::unknown_field(&key, &["secret"]));
                    }
                    secret = Some(map.next_value::<SecretRef>()?);
                }
                secret
                    .map(|secret| VariableValue::Secret { secret })
                    .ok_or_else(|| A::Error::missing_field("secret"))
            }
        }

        deserializer.deserialize_any(Meaning)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Reads an environment from its text; `path` names it in messages.
///
/// # Errors
/// `FileInvalid`, naming the line where one is known. A key in the text is not repeated.
pub fn parse(path: &Path, text: &str) -> Result<EnvironmentFile> {
    refuse_keys(path, text)?;
    let file: EnvironmentFile = serde_saphyr::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| {
            let line = error.location().map(|location| location.line());
            let why = plain::words(&error.to_string());
            invalid(path, &why, line)
        })?;
    file.check()
        .map_err(|(place, why)| invalid(path, &format!("{place} {why}"), None))?;
    Ok(file)
}

/// The file's text: stable key order, what is left out not written. The same environment gives the same bytes.
///
/// # Errors
/// `BadInput` with the field for what no file may hold; `Internal` if a value can't be written as YAML.
pub fn to_yaml(file: &EnvironmentFile) -> Result<String> {
    file.check().map_err(|(place, why)| {
        Error::new(
            ErrorCode::BadInput,
            format!("This can't be saved: {place} {why}."),
        )
        .place(place)
    })?;
    let options = serde_saphyr::ser_options! { compact_list_indent: false };
    let text = serde_saphyr::to_string_with_options(file, options)
        .map_err(|error| Error::internal("The environment could not be written as YAML", error))?;
    if secret_ref::literal_key(&text).is_some() {
        return Err(Error::new(
            ErrorCode::BadInput,
            "This can't be saved: it holds an API key, and a file of the workspace is no place for one.",
        )
        .place("key")
        .hint(KEY_HINT));
    }
    Ok(text)
}

const KEY_HINT: &str =
    "Save the key in the keychain, or name where it is: env:NAME or command:op read ...";

/// Refuses a text with what looks like an API key in it.
///
/// # Errors
/// `FileInvalid`, naming the line.
pub fn refuse_keys(path: &Path, text: &str) -> Result<()> {
    let Some(at) = secret_ref::literal_key(text) else {
        return Ok(());
    };
    let line = text[..at].matches('\n').count() + 1;
    let why =
        format!("line {line} holds an API key, and a file of the workspace is no place for one");
    Err(invalid(path, &why, u64::try_from(line).ok()).hint(format!(
        "{KEY_HINT}. Then take the key out of the file, and out of its versions if it was ever committed."
    )))
}

pub(super) fn invalid(path: &Path, why: &str, line: Option<u64>) -> Error {
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let place = line.map_or_else(
        || path.display().to_string(),
        |line| format!("{}:{line}", path.display()),
    );
    Error::new(
        ErrorCode::FileInvalid,
        format!("{name} can't be used: {why}."),
    )
    .place(place)
    .hint("Mend the file in an editor; it was left as it is.")
}

impl EnvironmentFile {
    /// A new one that says nothing but its name.
    pub fn new(name: &str) -> Self {
        Self {
            id: ids::new(),
            name: name.to_owned(),
            color: EnvironmentColor::default(),
            base_url: None,
            organization: None,
            project: None,
            production: false,
            retries: None,
            limits: EnvironmentLimits::default(),
            key: None,
            variables: VariableValues::new(),
        }
    }

    /// What the types alone don't rule out: the field, and what is wrong with it.
    fn check(&self) -> Result<(), (String, String)> {
        let wrong = |place: &str, why: &str| Err((place.to_owned(), why.to_owned()));
        // The keychain of Windows takes no long names, and a line end would break a header.
        let plain = |text: &str| {
            !text.is_empty()
                && text.len() <= 128
                && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if !plain(&self.id) {
            return wrong("id", "must be letters, digits and signs without spaces");
        }
        if self.name.trim().is_empty() {
            return wrong("name", "is empty");
        }
        for (place, value) in [
            ("organization", &self.organization),
            ("project", &self.project),
        ] {
            if value.as_deref().is_some_and(|value| !plain(value)) {
                return wrong(place, "must be an id without spaces");
            }
        }
        if self.retries.is_some_and(|retries| retries > MOST_RETRIES) {
            return wrong("retries", "must be 0 to 10");
        }
        check_variables(&self.variables)
    }
}

fn is_name(name: &str) -> bool {
    !name.contains([' ', '{', '}', '\\']) && variables::mentions(&format!("{{{{{name}}}}}"))
}

/// Names that a `{{name}}` can have, and secrets that a variable can have.
///
/// # Errors
/// The field, and what is wrong with it.
pub fn check_variables(variables: &VariableValues) -> Result<(), (String, String)> {
    for (name, value) in variables {
        let place = format!("variables.{name}");
        if !is_name(name) {
            let why = "is no name of a variable: it begins with a letter or _, and goes on with letters, digits, _, - and .";
            return Err((place, why.to_owned()));
        }
        if let VariableValue::Secret {
            secret: SecretRef::Keychain,
        } = value
        {
            let why = "names the keychain, which holds keys only: use env:NAME or command:...";
            return Err((place, why.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "id: 0199b3c0-0000-7000-8000-0000000000e1\nname: Staging\ncolor: amber\nbase_url: https://gateway.example/v1\norganization: org-1\nproject: proj_1\nproduction: true\nretries: 0\nlimits:\n  per_run: \"0.50\"\n  per_day: \"20.00\"\nkey: \"env:STAGING_KEY\"\nvariables:\n  tenant: t-1\n  answer: \"42\"\n  greeting: |-\n    Hello,\n    you\n  token:\n    secret: \"command:op read op://v/i\"\n";

    fn read(text: &str) -> Result<EnvironmentFile> {
        parse(Path::new("/w/environments/staging.yaml"), text)
    }

    #[test]
    fn saving_twice_is_byte_equal_and_keeps_the_order() {
        let once = to_yaml(&read(WHOLE).unwrap()).unwrap();
        assert_eq!(read(&once).unwrap(), read(WHOLE).unwrap());
        assert_eq!(to_yaml(&read(&once).unwrap()).unwrap(), once);
        insta::assert_snapshot!(once);
    }

    #[test]
    fn what_is_left_out_is_not_written() {
        let small = "id: a\nname: Dev\ncolor: grey\n";
        assert_eq!(to_yaml(&read(small).unwrap()).unwrap(), small);
    }

    #[test]
    fn limits_count_in_nano_dollars() {
        let limits = read("id: a\nname: b\nlimits: {per_run: 0.1, per_day: '3'}")
            .unwrap()
            .limits;
        let expected = Limits {
            per_run: Some(100_000_000),
            per_session: None,
            per_day: Some(3_000_000_000),
        };
        assert_eq!(limits.in_nanos(), expected);
    }

    #[test]
    fn a_key_in_the_file_is_refused_and_not_repeated() {
        const KEY: &str = "sk-test-0123456789abcdef";
        for text in [
            format!("id: a\nname: b\nkey: {KEY}\n"),
            format!("id: a\nname: b\nvariables:\n  c: Bearer {KEY}\n"),
            format!("id: a\nname: b\n# {KEY}\n"),
        ] {
            let error = read(&text).unwrap_err();
            assert_eq!(error.code, ErrorCode::FileInvalid);
            assert!(error.message.contains("API key"), "{error}");
            assert!(error.place.as_deref().unwrap().contains("staging.yaml:"));
            assert!(!format!("{error:?}").contains(KEY));
        }
        let mut file = read(WHOLE).unwrap();
        file.variables
            .insert("c".into(), VariableValue::Text(KEY.into()));
        let error = to_yaml(&file).unwrap_err();
        assert_eq!(error.code, ErrorCode::BadInput);
        assert!(!format!("{error:?}").contains(KEY));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let cases = [
            (
                "id: a\nname: b\nprodution: true\n",
                "unknown field `prodution`",
                Some(3),
            ),
            ("id: a\nname: ' '\n", "name is empty", None),
            ("id: a b\nname: b\n", "id must be", None),
            (
                "id: a\nname: b\ncolor: pink\n",
                "unknown variant `pink`",
                Some(3),
            ),
            (
                "id: a\nname: b\nkey: somewhere\n",
                "names no place",
                Some(3),
            ),
            (
                "id: a\nname: b\nretries: 11\n",
                "retries must be 0 to 10",
                None,
            ),
            ("id: a\nname: b\nretries: -1\n", "invalid u32", Some(3)),
            (
                "id: a\nname: b\nproject: \"a\\nb\"\n",
                "project must be an id",
                None,
            ),
            (
                "id: a\nname: b\nlimits: {per_day: 1e99}\n",
                "not an amount",
                Some(3),
            ),
            (
                "id: a\nname: b\nvariables: {c: 42}\n",
                "a number in quotes",
                Some(3),
            ),
            (
                "id: a\nname: b\nvariables: {c: {secrt: env:A}}\n",
                "unknown field `secrt`",
                Some(3),
            ),
            (
                "id: a\nname: b\nvariables: {c: {secret: keychain}}\n",
                "holds keys only",
                None,
            ),
            (
                "id: a\nname: b\nvariables: {1c: d}\n",
                "variables.1c is no name",
                None,
            ),
            (
                "id: a\nname: b\nvariables: {c: d, c: e}\n",
                "the same name stands twice: c",
                Some(3),
            ),
            ("name: b\n", "missing field `id`", None),
            ("[", "", None),
        ];
        for (text, cause, line) in cases {
            let error = read(text).unwrap_err();
            assert_eq!(error.code, ErrorCode::FileInvalid, "{text}");
            assert!(error.message.contains(cause), "{text}: {error}");
            if let Some(line) = line {
                let place = error.place.unwrap();
                assert!(
                    place.ends_with(&format!("staging.yaml:{line}")),
                    "{text}: {place}"
                );
            }
        }
    }
}
