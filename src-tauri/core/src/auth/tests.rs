//! Keys: where each is taken from, what is shown of it, and what a keychain that says no leads to.

use super::*;
use keychain::{Refusal, Store};

/// A keychain in memory; `Err` is what it always says.
struct Fake(Result<Mutex<HashMap<String, String>>, Refusal>);

impl Fake {
    fn entries(&self) -> Result<MutexGuard<'_, HashMap<String, String>>, Refusal> {
        let entries = self.0.as_ref().map_err(Clone::clone)?;
        Ok(entries.lock().unwrap())
    }
}

impl Store for Fake {
    fn read(&self, account: &str) -> Result<Option<SecretString>, Refusal> {
        Ok(self
            .entries()?
            .get(account)
            .cloned()
            .map(SecretString::from))
    }

    fn write(&self, account: &str, key: &SecretString) -> Result<(), Refusal> {
        self.entries()?
            .insert(account.into(), key.expose_secret().into());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), Refusal> {
        self.entries()?.remove(account);
        Ok(())
    }
}

const USUAL: &str = "sk-usual-00000000000001";
const TYPED: &str = "sk-typed-00000000000002";

fn keys(keychain: Result<&[(&str, &str)], Refusal>) -> Keys {
    let entries = keychain.map(|entries| {
        let own = |(account, key): &(&str, &str)| ((*account).to_owned(), (*key).to_owned());
        Mutex::new(entries.iter().map(own).collect())
    });
    let variable: ReadVariable = Arc::new(|name| {
        (name == "STAGING_KEY").then(|| SecretString::from(" sk-staging-0000000003 "))
    });
    Keys::new(
        Some(SecretString::from(USUAL)),
        variable,
        Keychain::new(Fake(entries)),
    )
}

fn place(reference: Option<&str>) -> KeyPlace {
    KeyPlace {
        account: "one".into(),
        reference: reference.map(|text| text.parse().unwrap()),
        in_environment: true,
        takes_usual: true,
    }
}

fn outside() -> KeyPlace {
    KeyPlace {
        account: "api.openai.com".into(),
        reference: None,
        in_environment: false,
        takes_usual: true,
    }
}

async fn masked(keys: &Keys, place: &KeyPlace) -> Option<(KeySource, String)> {
    let found = keys.find(place).await.unwrap()?;
    assert_eq!(keys.label(place), Some(found.label.clone()));
    Some((found.label.source, found.label.masked))
}

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

#[tokio::test]
async fn without_an_environment_a_typed_key_goes_first_and_the_keychain_last() {
    let keys = keys(Ok(&[("api.openai.com", "sk-kept-000000000000004")]));
    let usual = Some((KeySource::Environment, "sk-…0001".to_owned()));
    assert_eq!(masked(&keys, &outside()).await, usual);
    keys.keep_in_session(&outside(), &SecretString::from(format!(" {TYPED} ")), None)
        .unwrap();
    let typed = Some((KeySource::Session, "sk-…0002".to_owned()));
    assert_eq!(masked(&keys, &outside()).await, typed);
    keys.forget_session(&outside());
    assert_eq!(masked(&keys, &outside()).await, usual);
    let alone = Keys {
        usual: None,
        state: Mutex::default(),
        ..keys
    };
    assert_eq!(
        alone.label(&outside()),
        None,
        "the keychain is not asked for a label"
    );
    let kept = Some((KeySource::Keychain, "sk-…0004".to_owned()));
    assert_eq!(masked(&alone, &outside()).await, kept);
    alone.forget(&outside()).await.unwrap();
    assert_eq!(masked(&alone, &outside()).await, None);
}

#[tokio::test]
async fn an_environment_has_a_key_of_its_own() {
    let keys = keys(Ok(&[("one", "sk-kept-000000000000004")]));
    let kept = Some((KeySource::Keychain, "sk-…0004".to_owned()));
    assert_eq!(keys.label(&place(None)).unwrap().masked, "");
    assert_eq!(masked(&keys, &place(None)).await, kept);
    assert_eq!(masked(&keys, &place(Some("keychain"))).await, kept);
    let variable = Some((KeySource::Environment, "sk-…0003".to_owned()));
    assert_eq!(
        masked(&keys, &place(Some("env:STAGING_KEY"))).await,
        variable
    );
    let missing = place(Some("env:PRODUCTION_KEY"));
    let error = keys.find(&missing).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::SecretUnreadable);
    assert_eq!(error.place.as_deref(), Some("env:PRODUCTION_KEY"));
    keys.keep_in_session(&place(None), &SecretString::from(TYPED), None)
        .unwrap();
    assert_eq!(
        masked(&keys, &outside()).await.unwrap().1,
        "sk-…0001",
        "and nobody else's"
    );
    keys.keep_in_keychain(&place(None), &SecretString::from("sk-new-0000000000000005"))
        .await
        .unwrap();
    let new = Some((KeySource::Keychain, "sk-…0005".to_owned()));
    assert_eq!(masked(&keys, &place(None)).await, new);
}

#[tokio::test]
async fn where_there_is_no_keychain_the_usual_key_serves_and_says_so() {
    let keys = keys(Err(Refusal::Absent("no bus".into())));
    let found = keys.find(&place(Some("keychain"))).await.unwrap().unwrap();
    assert_eq!(found.label.kept, KEY_VARIABLE);
    assert!(found.label.note.unwrap().contains("no bus"));
    let elsewhere = KeyPlace {
        takes_usual: false,
        ..place(None)
    };
    assert!(
        keys.find(&elsewhere).await.unwrap().is_none(),
        "but not at a stranger's address"
    );
    let refused = keys
        .keep_in_keychain(&place(None), &SecretString::from(TYPED))
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::KeychainMissing);
    keys.forget(&place(None)).await.unwrap();
}

#[tokio::test]
async fn a_locked_keychain_is_told_and_not_passed_over() {
    let keys = keys(Err(Refusal::Locked("dismissed".into())));
    let error = keys.find(&place(None)).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::KeychainLocked);
    let forgotten = keys.forget(&place(None)).await.unwrap_err();
    assert_eq!(forgotten.code, ErrorCode::KeychainLocked);
}

#[test]
fn what_is_no_key_is_not_repeated() {
    let keys = keys(Ok(&[]));
    for text in [
        "",
        "short",
        "sk-with a blank 000000",
        "sk-ünïcode-0000000000",
    ] {
        let error = keys
            .keep_in_session(&outside(), &SecretString::from(text), None)
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::BadInput);
        assert!(text.is_empty() || !format!("{error:?}").contains(text));
    }
}
