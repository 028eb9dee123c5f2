//! An existing sign-in of the Codex CLI, read and never touched: its API key, if it has one, or else who is signed in
//! (API.md 8). Its tokens are not refreshed, written or sent: refreshing one would sign the CLI out.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, ErrorCode, Result};

/// Names the folder, instead of `.codex` in the home folder (API.md 8).
pub const HOME_VARIABLE: &str = "CODEX_HOME";

/// The file within it.
pub const FILE: &str = "auth.json";

/// It holds three tokens and a few words.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// The claim of an id token under which OpenAI says what the account is (API.md 8).
const CLAIMS: &str = "https://api.openai.com/auth";

/// What a sign-in holds.
#[derive(Clone, Default)]
pub struct SignIn {
    pub key: Option<SecretString>,
    /// Someone is signed in with a ChatGPT account.
    pub account: Option<Account>,
    /// When the CLI last refreshed it, as the file says it.
    pub last_refresh: Option<String>,
    /// What is odd about the file.
    pub remarks: Vec<String>,
}

/// Who is signed in. All of it is what the tokens claim; nobody has verified it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    pub email: Option<String>,
    pub account_id: Option<String>,
    pub plan: Option<String>,
    /// When the access token runs out, in ms since the epoch, UTC.
    pub expires_at: Option<i64>,
}

// Unknown fields are passed over: the file is another program's, and it may say more tomorrow.
#[derive(Deserialize)]
struct File {
    #[serde(rename = "OPENAI_API_KEY")]
    key: Option<SecretString>,
    tokens: Option<Tokens>,
    last_refresh: Option<Value>,
}

#[derive(Deserialize)]
struct Tokens {
    // The CLI itself has written it as an object with the token in it, too.
    id_token: Option<Value>,
    access_token: Option<SecretString>,
    account_id: Option<String>,
}

/// Reads the sign-in in the folder `home`; None where there is none.
///
/// # Errors
/// `FileUnreadable`; `FileInvalid` with the line, and never with what stands there.
pub fn read(home: &Path) -> Result<Option<SignIn>> {
    let path = home.join(FILE);
    let unreadable = |why: String| {
        Error::new(
            ErrorCode::FileUnreadable,
            format!("The Codex sign-in could not be read: {why}."),
        )
        .place(path.display().to_string())
    };
    let known = match std::fs::symlink_metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        known => known.map_err(|error| unreadable(error.to_string()))?,
    };
    let behind = std::fs::metadata(&path).map_err(|error| unreadable(error.to_string()))?;
    if !behind.is_file() {
        return Err(unreadable("it is no file".into()));
    }
    if behind.len() > SIZE_LIMIT {
        return Err(unreadable(format!(
            "it is {} MB large",
            behind.len() / 1024 / 1024
        )));
    }
    let mut remarks = Vec::new();
    if known.is_symlink() {
        remarks.push(format!("{} is a link to another file.", path.display()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = behind.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            remarks.push(format!(
                "Others on this computer may read {} (mode {mode:03o}). Codex itself keeps it at 600.",
                path.display()
            ));
        }
    }
    let text = std::fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
    let mut sign_in = parse(&text).map_err(|line| {
        let mut error = Error::new(
            ErrorCode::FileInvalid,
            format!("The Codex sign-in is not what it should be, at line {line}."),
        );
        error.place = Some(format!("{}:{line}", path.display()));
        error.hint("Sign in again with `codex login`. Rheostat left the file as it was.")
    })?;
    sign_in.remarks = remarks;
    Ok(Some(sign_in))
}

/// The sign-in of a file's text, or the line that is wrong. The parser's own words would repeat what stands there.
fn parse(text: &str) -> Result<SignIn, usize> {
    let file: File = serde_json::from_str(text).map_err(|error| error.line())?;
    let account = file.tokens.map(|tokens| {
        let id_token = match &tokens.id_token {
            Some(Value::String(token)) => Some(token.as_str()),
            Some(Value::Object(fields)) => fields.get("raw_jwt").and_then(Value::as_str),
            _ => None,
        };
        let id = id_token.and_then(claims).unwrap_or_default();
        let access = tokens
            .access_token
            .as_ref()
            .and_then(|token| claims(token.expose_secret()))
            .unwrap_or_default();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let seconds = |claims: &Value| claims["exp"].as_i64();
        let account_id = tokens.account_id.filter(|id| !id.is_empty());
        Account {
            email: text(&id["email"]),
            account_id: account_id.or_else(|| text(&id[CLAIMS]["chatgpt_account_id"])),
            plan: text(&id[CLAIMS]["chatgpt_plan_type"]),
            expires_at: seconds(&access)
                .or_else(|| seconds(&id))
                .and_then(|seconds| seconds.checked_mul(1000)),
        }
    });
    Ok(SignIn {
        key: file
            .key
            .filter(|key| !key.expose_secret().trim().is_empty()),
        account,
        last_refresh: file
            .last_refresh
            .as_ref()
            .and_then(Value::as_str)
            .map(str::to_owned),
        remarks: Vec::new(),
    })
}

/// What a token claims, unverified; None where it is no JWT.
fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?.trim_end_matches('=');
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn jwt(claims: Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(&json!({"alg": "RS256"})), part(&claims))
    }

    fn home(text: &str) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(FILE);
        std::fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        home
    }

    #[test]
    fn a_key_is_offered() {
        let home = home(
            r#"{"auth_mode": "apikey", "OPENAI_API_KEY": "sk-codex-000000000000001", "tokens": null}"#,
        );
        let sign_in = read(home.path()).unwrap().unwrap();
        assert_eq!(
            sign_in.key.unwrap().expose_secret(),
            "sk-codex-000000000000001"
        );
        assert_eq!(sign_in.account, None);
        assert_eq!(sign_in.remarks, Vec::<String>::new());
    }

    #[test]
    fn an_account_is_told_by_its_claims() {
        let id = jwt(
            json!({"email": "ada@example.com", "exp": 1_700_000_000, CLAIMS: {
            "chatgpt_plan_type": "plus", "chatgpt_account_id": "acc-1"}}),
        );
        let access = jwt(json!({"exp": 1_800_000_000}));
        let text = json!({"OPENAI_API_KEY": null, "tokens": {"id_token": id, "access_token": access,
            "refresh_token": "r", "account_id": null}, "last_refresh": "2026-11-20T00:00:00Z", "new": 1});
        let home = home(&text.to_string());
        let sign_in = read(home.path()).unwrap().unwrap();
        let expected = Account {
            email: Some("ada@example.com".into()),
            account_id: Some("acc-1".into()),
            plan: Some("plus".into()),
            expires_at: Some(1_800_000_000_000),
        };
        assert_eq!(sign_in.account, Some(expected));
        assert!(sign_in.key.is_none());
        assert_eq!(
            sign_in.last_refresh.as_deref(),
            Some("2026-11-20T00:00:00Z")
        );
        assert_eq!(
            std::fs::read_to_string(home.path().join(FILE)).unwrap(),
            text.to_string()
        );
    }

    #[test]
    fn what_is_no_token_claims_nothing() {
        for token in ["", "a", "a.b.c", "a.bm90IGpzb24.c", "....", "ä.ö.ü"] {
            let text = json!({"tokens": {"id_token": token, "access_token": token}});
            let sign_in = parse(&text.to_string()).unwrap();
            assert_eq!(sign_in.account, Some(Account::default()), "{token}");
        }
        let odd = json!({"tokens": {"id_token": {"raw_jwt": jwt(json!({"email": "a@b.c", "exp": "soon"}))}}});
        let account = parse(&odd.to_string()).unwrap().account.unwrap();
        assert_eq!(
            (account.email.as_deref(), account.expires_at),
            (Some("a@b.c"), None)
        );
    }

    #[test]
    fn a_missing_or_broken_file_is_told_apart_and_not_repeated() {
        let none = tempfile::tempdir().unwrap();
        assert!(read(none.path()).unwrap().is_none());
        for text in [
            "{\n\"OPENAI_API_KEY\": \"sk-codex-0000",
            "[]",
            "",
            "{\"OPENAI_API_KEY\": 7}",
            "{\"tokens\": \"sk-codex-0000\"}",
        ] {
            let home = home(text);
            let error = read(home.path()).err().unwrap();
            assert_eq!(error.code, ErrorCode::FileInvalid, "{text}");
            assert!(error.place.as_deref().unwrap().contains("auth.json:"));
            assert!(!format!("{error:?}").contains("sk-codex"), "{error:?}");
            assert_eq!(
                std::fs::read_to_string(home.path().join(FILE)).unwrap(),
                text
            );
        }
        std::fs::create_dir(none.path().join(FILE)).unwrap();
        assert_eq!(
            read(none.path()).err().unwrap().code,
            ErrorCode::FileUnreadable
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_open_doors_are_remarked_on() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let real = home("{}");
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(real.path().join(FILE), open).unwrap();
        let linked = tempfile::tempdir().unwrap();
        symlink(real.path().join(FILE), linked.path().join(FILE)).unwrap();
        let remarks = read(linked.path()).unwrap().unwrap().remarks;
        assert!(
            remarks[0].contains("is a link") && remarks[1].contains("mode 644"),
            "{remarks:?}"
        );
    }
}
