//! Where a key comes from, and what may be said of it.

pub mod codex;
pub mod command;
pub mod keychain;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, ErrorCode, Result};
use crate::secret_ref::SecretRef;
use keychain::Keychain;

/// Where a key may stand in the environment.
pub const KEY_VARIABLE: &str = "OPENAI_API_KEY";

/// Where the key in use is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum KeySource {
    /// A variable of the process's environment, never copied.
    Environment,
    /// Typed in, in this session's memory only.
    Session,
    /// The system's keychain.
    Keychain,
    /// Printed by a program such as a password manager's, and held in this session's memory.
    Command,
}

/// What a face may know of a key: never the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct KeyLabel {
    pub source: KeySource,
    /// First letters and last four: `sk-proj-…4f2a`. Empty while it has not been read: a keychain is asked when
    /// something is sent, not before.
    pub masked: String,
    /// Where exactly: `OPENAI_API_KEY`, `keychain`, `command:op read ...`, `memory`.
    pub kept: String,
    /// Why it is not the keychain's, or what else there is to say.
    pub note: Option<String>,
}

/// What a key is looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPlace {
    /// The environment's id, or the host of the base URL where there is no environment.
    pub account: String,
    /// As the environment's file has it; None where it says nothing.
    pub reference: Option<SecretRef>,
    /// There is an environment: its key is its own.
    pub in_environment: bool,
    /// `OPENAI_API_KEY` may go there: to OpenAI, to this computer, or wherever the user typed in. A file that came
    /// with a workspace can't send it elsewhere without naming it.
    pub takes_usual: bool,
}

/// A key, with where it comes from.
#[derive(Clone)]
pub struct Found {
    pub key: SecretString,
    pub label: KeyLabel,
}

/// Reads a variable of the process's environment.
pub type ReadVariable = Arc<dyn Fn(&str) -> Option<SecretString> + Send + Sync>;

/// The keys of a session.
pub struct Keys {
    usual: Option<SecretString>,
    variable: ReadVariable,
    keychain: Keychain,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By account.
    typed: HashMap<String, Typed>,
    /// What programs printed, by reference. A password manager asks its user each time.
    printed: HashMap<String, SecretString>,
    /// What the last look found, by account.
    seen: HashMap<String, Option<KeyLabel>>,
}

struct Typed {
    key: SecretString,
    note: Option<String>,
}

impl Keys {
    /// `usual` is `OPENAI_API_KEY`, and `variable` reads any other, as the caller's environment has them.
    pub fn new(usual: Option<SecretString>, variable: ReadVariable, keychain: Keychain) -> Self {
        Self {
            usual: usual.filter(|key| !key.expose_secret().trim().is_empty()),
            variable,
            keychain,
            state: Mutex::default(),
        }
    }

    /// The key to send, with where it comes from; None where there is none. What is found is remembered for
    /// [`Self::label`].
    ///
    /// # Errors
    /// `KeychainLocked`; `SecretUnreadable` where a reference leads to nothing.
    pub async fn find(&self, place: &KeyPlace) -> Result<Option<Found>> {
        let found = self.look(place).await?;
        let label = found.as_ref().map(|found| found.label.clone());
        self.lock().seen.insert(place.account.clone(), label);
        Ok(found)
    }

    async fn look(&self, place: &KeyPlace) -> Result<Option<Found>> {
        if let Some(found) = self.typed(place) {
            return Ok(Some(found));
        }
        match &place.reference {
            Some(SecretRef::Variable(_) | SecretRef::Command(_)) => {}
            // What is set for this one start goes before what is kept, unless an environment has a key of its own.
            None if !place.in_environment => {
                if let Some(found) = self.usual(None) {
                    return Ok(Some(found));
                }
                return self
                    .in_keychain(place)
                    .await
                    .or_else(|error| match error.code {
                        ErrorCode::KeychainMissing => Ok(None),
                        _ => Err(error),
                    });
            }
            None | Some(SecretRef::Keychain) => {
                return match self.in_keychain(place).await {
                    Err(error) if error.code == ErrorCode::KeychainMissing => Ok(self
                        .usual(Some(error.message))
                        .filter(|_| place.takes_usual)),
                    Ok(None) if place.reference.is_none() && place.takes_usual => {
                        let note = "The keychain holds no key of this environment.";
                        Ok(self.usual(Some(note.to_owned())))
                    }
                    other => other,
                };
            }
        }
        match &place.reference {
            Some(reference) => self.read(reference).await.map(Some),
            None => Ok(None),
        }
    }

    /// The secret behind a reference of a file.
    ///
    /// # Errors
    /// `SecretUnreadable`, naming the reference.
    pub async fn read(&self, reference: &SecretRef) -> Result<Found> {
        let name = reference.to_string();
        let (source, key) = match reference {
            SecretRef::Keychain => {
                return Err(unreadable(&name, "only a key can be in the keychain"));
            }
            SecretRef::Variable(variable) => {
                let value = (self.variable)(variable)
                    .filter(|value| !value.expose_secret().trim().is_empty())
                    .ok_or_else(|| {
                        unreadable(&name, "the variable is not set").hint(format!(
                            "Set {variable} before Rheostat starts, or name another place."
                        ))
                    })?;
                (KeySource::Environment, trimmed(&value))
            }
            SecretRef::Command(words) => {
                let known = self.lock().printed.get(&name).cloned();
                let key = match known {
                    Some(key) => key,
                    None => {
                        let key = command::read(words, &[KEY_VARIABLE], command::TIME).await?;
                        self.lock().printed.insert(name.clone(), key.clone());
                        key
                    }
                };
                (KeySource::Command, key)
            }
        };
        let kept = match reference {
            SecretRef::Variable(variable) => variable.clone(),
            _ => name,
        };
        Ok(found(source, key, kept, None))
    }

    async fn in_keychain(&self, place: &KeyPlace) -> Result<Option<Found>> {
        let key = self.keychain.read(&place.account).await?;
        Ok(key.map(|key| found(KeySource::Keychain, key, "keychain".into(), None)))
    }

    fn typed(&self, place: &KeyPlace) -> Option<Found> {
        let state = self.lock();
        let account = if place.in_environment {
            &place.account
        } else {
            NO_ENVIRONMENT
        };
        let typed = state.typed.get(account)?;
        let (key, note) = (typed.key.clone(), typed.note.clone());
        Some(found(KeySource::Session, key, "memory".into(), note))
    }

    fn usual(&self, note: Option<String>) -> Option<Found> {
        let key = self.usual.clone()?;
        Some(found(
            KeySource::Environment,
            key,
            KEY_VARIABLE.into(),
            note,
        ))
    }

    /// What may be said of the key without reading it: neither keychain nor program is asked. None where there is
    /// none, as far as that can be told.
    pub fn label(&self, place: &KeyPlace) -> Option<KeyLabel> {
        if let Some(found) = self.typed(place) {
            return Some(found.label);
        }
        if !place.in_environment
            && let Some(found) = self.usual(None)
        {
            return Some(found.label);
        }
        if let Some(seen) = self.lock().seen.get(&place.account) {
            return seen.clone();
        }
        let unread = |source, kept| KeyLabel {
            source,
            masked: String::new(),
            kept,
            note: None,
        };
        match &place.reference {
            Some(SecretRef::Variable(variable)) => {
                Some(unread(KeySource::Environment, variable.clone()))
            }
            Some(reference @ SecretRef::Command(_)) => {
                Some(unread(KeySource::Command, reference.to_string()))
            }
            Some(SecretRef::Keychain) => Some(unread(KeySource::Keychain, "keychain".into())),
            None if place.in_environment => Some(unread(KeySource::Keychain, "keychain".into())),
            None => None,
        }
    }

    /// Takes a typed key into this session's memory. `note` says why it is there, where there is something to say.
    ///
    /// # Errors
    /// `BadInput` where it can't be a key; the text itself is not repeated.
    pub fn keep_in_session(
        &self,
        place: &KeyPlace,
        key: &SecretString,
        note: Option<String>,
    ) -> Result<()> {
        let key = checked(key)?;
        let account = if place.in_environment {
            &place.account
        } else {
            NO_ENVIRONMENT
        };
        self.lock()
            .typed
            .insert(account.to_owned(), Typed { key, note });
        Ok(())
    }

    /// Takes a typed key into the system's keychain. One in this session's memory is forgotten, so that the new one
    /// is used.
    ///
    /// # Errors
    /// `BadInput` where it can't be a key; `KeychainMissing`, `KeychainLocked`.
    pub async fn keep_in_keychain(&self, place: &KeyPlace, key: &SecretString) -> Result<()> {
        let key = checked(key)?;
        self.keychain.write(&place.account, key).await?;
        self.forget_session(place);
        Ok(())
    }

    /// Forgets the key in this session's memory and what was read from elsewhere.
    pub fn forget_session(&self, place: &KeyPlace) {
        let mut state = self.lock();
        let account = if place.in_environment {
            &place.account
        } else {
            NO_ENVIRONMENT
        };
        state.typed.remove(account);
        state.seen.remove(&place.account);
        if let Some(reference) = &place.reference {
            state.printed.remove(&reference.to_string());
        }
    }

    /// Forgets the key wherever Rheostat keeps it: in memory, and in the keychain. What others keep stays: variables,
    /// and what programs print.
    ///
    /// # Errors
    /// `KeychainLocked`: it may still be there. Where there is no keychain there is nothing in it.
    pub async fn forget(&self, place: &KeyPlace) -> Result<()> {
        self.forget_session(place);
        match self.keychain.delete(&place.account).await {
            Err(error) if error.code == ErrorCode::KeychainMissing => Ok(()),
            other => other,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Under what a key is typed in where no environment is chosen. No id is empty.
const NO_ENVIRONMENT: &str = "";

fn found(source: KeySource, key: SecretString, kept: String, note: Option<String>) -> Found {
    let masked = mask(key.expose_secret());
    Found {
        key,
        label: KeyLabel {
            source,
            masked,
            kept,
            note,
        },
    }
}

fn unreadable(name: &str, why: &str) -> Error {
    Error::new(
        ErrorCode::SecretUnreadable,
        format!("{name} gave no secret: {why}."),
    )
    .place(name)
}

fn trimmed(key: &SecretString) -> SecretString {
    SecretString::from(key.expose_secret().trim())
}

/// A typed key without the blanks around it.
fn checked(key: &SecretString) -> Result<SecretString> {
    let key = trimmed(key);
    let text = key.expose_secret();
    if text.len() < 8 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            Error::new(ErrorCode::BadInput, "This does not look like an API key.")
                .place("key")
                .hint("Paste the whole key, without spaces or quotes. It begins with sk-."),
        );
    }
    Ok(key)
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
mod tests;
