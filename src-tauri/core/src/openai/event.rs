//! One event of a Responses stream, read as far as it can be: unknown kinds are kept, never dropped.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// An event's parts (API.md 3.1). Which are there depends on `kind`; a field of the wrong type
/// makes the event unreadable, not the stream.
#[derive(Debug, Deserialize)]
pub struct Event<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'a, str>,
    pub sequence_number: Option<u64>,
    pub output_index: Option<u64>,
    pub content_index: Option<u64>,
    pub summary_index: Option<u64>,
    #[serde(borrow)]
    pub item_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub delta: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub refusal: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub arguments: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub input: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub code: Option<&'a RawValue>,
    #[serde(borrow)]
    pub message: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub param: Option<&'a RawValue>,
    #[serde(borrow)]
    pub item: Option<&'a RawValue>,
    #[serde(borrow)]
    pub response: Option<&'a RawValue>,
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
}

/// The type and number of an event, all that is needed to list it.
#[derive(Debug, Default, Deserialize)]
pub struct EventHead {
    #[serde(rename = "type", default)]
    pub kind: String,
    pub sequence_number: Option<u64>,
}

impl<'a> Event<'a> {
    /// Reads one event.
    ///
    /// # Errors
    /// What does not fit, in words; the raw text stays with the caller.
    pub fn read(raw: &'a str) -> Result<Self, String> {
        serde_json::from_str(raw).map_err(|error| error.to_string())
    }

    /// The error of an `error` event: nested as the live API sends it, or flat as its SDK says
    /// (API.md 3.1).
    pub fn error_value(&self) -> Value {
        if let Some(nested) = self.error {
            return value(nested);
        }
        let mut flat = serde_json::Map::new();
        if let Some(code) = self.code {
            flat.insert("code".into(), value(code));
        }
        if let Some(message) = &self.message {
            flat.insert("message".into(), Value::String(message.to_string()));
        }
        if let Some(param) = self.param {
            flat.insert("param".into(), value(param));
        }
        Value::Object(flat)
    }
}

/// A raw part as a value; `RawValue` is JSON by construction.
pub fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_default()
}
