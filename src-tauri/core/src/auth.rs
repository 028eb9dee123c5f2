//! Where a key comes from, and what may be said of it.

use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};

/// Where the key in use is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum KeySource {
    /// Read from `OPENAI_API_KEY` at launch, never copied.
    Environment,
    /// Typed in, in this session's memory only.
    Session,
}

/// What a face may know of a key: never the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct KeyLabel {
    pub source: KeySource,
    /// First letters and last four: `sk-proj-…4f2a`.
    pub masked: String,
}

/// The keys of a session. A typed one goes before the environment's.
#[derive(Default)]
pub struct Keys {
    environment: Option<SecretString>,
    session: Mutex<Option<SecretString>>,
}

impl Keys {
    /// `environment` is `OPENAI_API_KEY`, read by the caller.
    pub fn new(environment: Option<SecretString>) -> Self {
        let environment = environment.filter(|key| !key.expose_secret().trim().is_empty());
        Self {
            environment,
            session: Mutex::default(),
        }
    }

    /// The key to send, with where it comes from.
    pub fn current(&self) -> Option<(KeySource, SecretString)> {
        let session = self
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        session.map(|key| (KeySource::Session, key)).or_else(|| {
            self.environment
                .clone()
                .map(|key| (KeySource::Environment, key))
        })
    }

    pub fn label(&self) -> Option<KeyLabel> {
        self.current().map(|(source, key)| KeyLabel {
            source,
            masked: mask(key.expose_secret()),
        })
    }

    /// Takes a typed key, or forgets it with None.
    ///
    /// # Errors
    /// `BadInput` where it can't be a key; the text itself is not repeated.
    pub fn set_session(&self, key: Option<SecretString>) -> Result<()> {
        let key = match key {
            None => None,
            Some(key) => {
                let trimmed = key.expose_secret().trim();
                if trimmed.len() < 8 || !trimmed.chars().all(|letter| letter.is_ascii_graphic()) {
                    return Err(Error::new(
                        ErrorCode::BadInput,
                        "This does not look like an API key.",
                    )
                    .place("key")
                    .hint("Paste the whole key, without spaces or quotes. It begins with sk-."));
                }
                Some(SecretString::from(trimmed.to_owned()))
            }
        };
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = key;
        Ok(())
    }
}

/// A key as it may be shown. Short keys show no letters at all.
pub fn mask(key: &str) -> String {
    let key = key.trim();
    if key.len() < 16 || !key.is_ascii() {
        return "…".into();
    }
    let prefix = ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-"]
        .into_iter()
        .find(|prefix| key.starts_with(prefix))
        .unwrap_or_default();
    format!("{prefix}…{}", &key[key.len() - 4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_by_its_kind_and_last_letters() {
        let masks: Vec<_> = [
            "sk-proj-abcdefghijkl4f2a",
            "sk-abcdefghijklmnop",
            "short",
            "0123456789abcdef",
        ]
        .into_iter()
        .map(mask)
        .collect();
        assert_eq!(masks, ["sk-proj-…4f2a", "sk-…mnop", "…", "…cdef"]);
    }

    #[test]
    fn a_typed_key_goes_before_the_environments() {
        let keys = Keys::new(Some(SecretString::from("sk-environment-0001".to_owned())));
        keys.set_session(Some(SecretString::from(" sk-session-00000002 ".to_owned())))
            .unwrap();
        assert_eq!(
            keys.label(),
            Some(KeyLabel {
                source: KeySource::Session,
                masked: "sk-…0002".into()
            })
        );
        keys.set_session(None).unwrap();
        assert_eq!(
            keys.label(),
            Some(KeyLabel {
                source: KeySource::Environment,
                masked: "sk-…0001".into()
            })
        );
    }
}
