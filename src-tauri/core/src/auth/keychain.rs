//! The system's keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use crate::error::{Error, ErrorCode, Result};

/// Set to `off`, no keychain is asked: for servers, and for tests that must not find the user's own keys.
pub const KEYCHAIN_VARIABLE: &str = "RHEOSTAT_KEYCHAIN";

/// What entries are filed under.
pub const SERVICE: &str = "rheostat";

/// A keychain may ask its user for a password first.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a keychain did not do as it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is none on this system, or it can't be reached.
    Absent(String),
    /// It is locked, and was not unlocked.
    Locked(String),
    /// It refused this key or account.
    Unfit(String),
}

/// A store of keys by account. Every call may block, for as long as its user takes to type a password.
pub trait Store: Send + Sync + 'static {
    /// None where there is no key of this account.
    ///
    /// # Errors
    /// Why it can't be told.
    fn read(&self, account: &str) -> Result<Option<SecretString>, Refusal>;

    /// # Errors
    /// Why it was not kept.
    fn write(&self, account: &str, key: &SecretString) -> Result<(), Refusal>;

    /// No key of that account is no error.
    ///
    /// # Errors
    /// Why it may still be there.
    fn delete(&self, account: &str) -> Result<(), Refusal>;
}

/// The keychain as async code asks it: off its threads, one question at a time, and with an end to waiting.
#[derive(Clone)]
pub struct Keychain {
    store: Arc<dyn Store>,
    busy: Arc<AtomicBool>,
    patience: Duration,
}

impl Keychain {
    pub fn new(store: impl Store) -> Self {
        Self {
            store: Arc::new(store),
            busy: Arc::default(),
            patience: PATIENCE,
        }
    }

    /// With another end to waiting.
    #[must_use]
    pub fn patient_for(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The system's, unless `setting`, the value of `RHEOSTAT_KEYCHAIN`, is `off`.
    pub fn of_system(setting: Option<&str>) -> Self {
        if setting == Some("off") {
            return Self::none(format!("{KEYCHAIN_VARIABLE} is off"));
        }
        Self::new(SystemStore)
    }

    /// None at all, for the reason given.
    pub fn none(reason: impl Into<String>) -> Self {
        Self::new(NoStore(reason.into()))
    }

    /// The key of an account; None where there is none.
    ///
    /// # Errors
    /// `KeychainMissing`, `KeychainLocked`.
    pub async fn read(&self, account: &str) -> Result<Option<SecretString>> {
        let account = account.to_owned();
        self.ask(move |store| store.read(&account)).await
    }

    /// Keeps a key, in place of an earlier one.
    ///
    /// # Errors
    /// `KeychainMissing`, `KeychainLocked`; `BadInput` for a key that it does not take.
    pub async fn write(&self, account: &str, key: SecretString) -> Result<()> {
        let account = account.to_owned();
        self.ask(move |store| store.write(&account, &key)).await
    }

    /// Deletes the key of an account, if there is one.
    ///
    /// # Errors
    /// `KeychainMissing`, `KeychainLocked`.
    pub async fn delete(&self, account: &str) -> Result<()> {
        let account = account.to_owned();
        self.ask(move |store| store.delete(&account)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Store) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T> {
        // Behind a prompt that nobody answers, every further question would wait in a thread of its own.
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(waiting());
        }
        let (answer, answered) = oneshot::channel();
        let (store, busy) = (Arc::clone(&self.store), Arc::clone(&self.busy));
        // Not one of the runtime's own threads: the process could not end before it does.
        let thread = std::thread::Builder::new()
            .name("keychain".into())
            .spawn(move || {
                let said = {
                    // Also after a panic in the store; and before the answer, which may bring the next question.
                    let _idle = Idle(busy);
                    question(&*store)
                };
                let _ = answer.send(said);
            });
        if let Err(error) = thread {
            self.busy.store(false, Ordering::Release);
            return Err(Error::internal("The keychain could not be asked", error));
        }
        match tokio::time::timeout(self.patience, answered).await {
            Ok(Ok(answer)) => answer.map_err(explain),
            Ok(Err(_)) => Err(explain(Refusal::Absent(
                "it broke while it was asked".into(),
            ))),
            Err(_) => Err(waiting()),
        }
    }
}

struct Idle(Arc<AtomicBool>);

impl Drop for Idle {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

fn waiting() -> Error {
    Error::new(
        ErrorCode::KeychainLocked,
        "The keychain has not answered. It may be waiting for its password.",
    )
    .place("keychain")
    .hint("Look for its window and unlock it, or keep the key for this session only.")
}

fn explain(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Absent(why) => Error::new(
            ErrorCode::KeychainMissing,
            format!("This system's keychain can't be used: {why}."),
        )
        .hint("Keep the key for this session only, or set OPENAI_API_KEY before the start."),
        Refusal::Locked(why) => Error::new(
            ErrorCode::KeychainLocked,
            format!("The keychain is locked or said no: {why}."),
        )
        .hint("Unlock it and try again, or keep the key for this session only."),
        Refusal::Unfit(why) => Error::new(
            ErrorCode::BadInput,
            format!("The keychain does not take this key: {why}."),
        )
        .hint("Keep the key for this session only."),
    }
    .place("keychain")
}

/// None: what it is asked for it refuses, with the reason.
struct NoStore(String);

impl NoStore {
    fn refusal<T>(&self) -> Result<T, Refusal> {
        Err(Refusal::Absent(self.0.clone()))
    }
}

impl Store for NoStore {
    fn read(&self, _: &str) -> Result<Option<SecretString>, Refusal> {
        self.refusal()
    }

    fn write(&self, _: &str, _: &SecretString) -> Result<(), Refusal> {
        self.refusal()
    }

    fn delete(&self, _: &str) -> Result<(), Refusal> {
        self.refusal()
    }
}

/// The system's own.
struct SystemStore;

impl SystemStore {
    fn entry(account: &str) -> Result<keyring::v1::Entry, Refusal> {
        if let Err(error) = keyring::v1::Entry::store_status() {
            return Err(Refusal::Absent(cause(error)));
        }
        keyring::v1::Entry::new(SERVICE, account).map_err(refusal)
    }
}

impl Store for SystemStore {
    fn read(&self, account: &str) -> Result<Option<SecretString>, Refusal> {
        match Self::entry(account)?.get_password() {
            Ok(key) => Ok(Some(SecretString::from(key))),
            Err(keyring::v1::Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(error)),
        }
    }

    fn write(&self, account: &str, key: &SecretString) -> Result<(), Refusal> {
        Self::entry(account)?
            .set_password(key.expose_secret())
            .map_err(refusal)
    }

    fn delete(&self, account: &str) -> Result<(), Refusal> {
        match Self::entry(account)?.delete_credential() {
            Ok(()) | Err(keyring::v1::Error::NoEntry) => Ok(()),
            Err(error) => Err(refusal(error)),
        }
    }
}

/// Never the debug form: it may hold the bytes of an entry.
fn refusal(error: keyring::v1::Error) -> Refusal {
    use keyring::v1::Error as Of;
    match &error {
        Of::NoStorageAccess(_) => Refusal::Locked(cause(&error)),
        Of::TooLong(..) | Of::Invalid(..) | Of::BadEncoding(_) | Of::Ambiguous(_) => {
            Refusal::Unfit(cause(&error))
        }
        _ => Refusal::Absent(cause(&error)),
    }
}

fn cause(error: &keyring::v1::Error) -> String {
    use keyring::v1::Error as Of;
    let text = match error {
        Of::PlatformFailure(why) | Of::NoStorageAccess(why) => why.to_string(),
        Of::BadEncoding(_) => "the entry is no text".to_owned(),
        Of::Ambiguous(_) => "it holds several entries of this account".to_owned(),
        other => other.to_string(),
    };
    text.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Never answers before it is told to.
    struct Prompting(std::sync::Mutex<std::sync::mpsc::Receiver<()>>);

    impl Store for Prompting {
        fn read(&self, _: &str) -> Result<Option<SecretString>, Refusal> {
            let _ = self.0.lock().unwrap().recv();
            Ok(None)
        }

        fn write(&self, _: &str, _: &SecretString) -> Result<(), Refusal> {
            Err(Refusal::Locked("the prompt was dismissed".into()))
        }

        fn delete(&self, _: &str) -> Result<(), Refusal> {
            panic!("a store may break")
        }
    }

    #[tokio::test]
    async fn a_prompt_that_nobody_answers_is_not_waited_for() {
        let (unlock, prompt) = std::sync::mpsc::channel();
        let keychain =
            Keychain::new(Prompting(prompt.into())).patient_for(Duration::from_millis(20));
        let error = keychain.read("a").await.unwrap_err();
        assert_eq!(error.code, ErrorCode::KeychainLocked);
        let second = keychain
            .write("a", SecretString::from("x"))
            .await
            .unwrap_err();
        assert!(second.message.contains("has not answered"), "{second}");
        unlock.send(()).unwrap();
        while keychain.busy.load(Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_refusal_is_told_and_a_store_that_breaks_is_no_keychain() {
        let (_unlock, prompt) = std::sync::mpsc::channel();
        let keychain = Keychain::new(Prompting(prompt.into()));
        let denied = keychain
            .write("a", SecretString::from("x"))
            .await
            .unwrap_err();
        assert_eq!(denied.code, ErrorCode::KeychainLocked);
        assert!(denied.message.contains("dismissed"), "{denied}");
        let broken = keychain.delete("a").await.unwrap_err();
        assert_eq!(broken.code, ErrorCode::KeychainMissing);
        assert!(keychain.write("a", SecretString::from("x")).await.is_err());
    }

    #[tokio::test]
    async fn none_says_why() {
        let keychain = Keychain::of_system(Some("off"));
        let error = keychain
            .write("a", SecretString::from("x"))
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::KeychainMissing);
        assert!(
            error.message.contains("RHEOSTAT_KEYCHAIN is off"),
            "{error}"
        );
    }
}
