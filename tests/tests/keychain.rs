//! A key in a real keychain, from one process to the next: kept, used, forgotten, and found nowhere else.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::Path;
use std::process::Stdio;

use rheostat_core::ops::check_key::{CheckKeyOutput, KeyVerdict};
use rheostat_tests::keyring::Keyring;
use rheostat_tests::programs::{TERMINAL, built};
use rheostat_tests::scripted::{Reply, Scripted, frame, http, http_with, stream_head};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

const KEY: &str = "sk-test-7f3Kq9ZpLm2Xv8Rt";
const REQUEST: &str = "id: 0199b3c0-0000-7000-8000-00000000e572\nname: Greeting\nbody:\n  model: gpt-5.5\n  input: Say hello\n";

/// A workspace with an environment that points at a server, and the data folder beside it.
struct Place {
    folder: TempDir,
    keyring: Keyring,
}

struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Place {
    fn over(keyring: Keyring, server: &Scripted) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environments = folder.path().join("workspace/environments");
        std::fs::create_dir_all(&environments).unwrap();
        let text = format!(
            "id: 0199b3c0-0000-7000-8000-0000000000e1\nname: Staging\nbase_url: {}\nkey: keychain\n",
            server.base_url()
        );
        std::fs::write(environments.join("staging.yaml"), text).unwrap();
        std::fs::write(folder.path().join("request.yaml"), REQUEST).unwrap();
        Self { folder, keyring }
    }

    async fn rheostat(&self, arguments: &[&str], stdin: &str) -> Outcome {
        self.rheostat_with(&[], arguments, stdin).await
    }

    async fn rheostat_with(
        &self,
        variables: &[(&str, &str)],
        arguments: &[&str],
        stdin: &str,
    ) -> Outcome {
        let mut child = Command::new(built(TERMINAL).unwrap())
            .args(arguments)
            .current_dir(self.folder.path())
            .env("RHEOSTAT_DATA", self.folder.path().join("data"))
            .env("RHEOSTAT_WORKSPACE", self.folder.path().join("workspace"))
            .env_remove("RHEOSTAT_KEYCHAIN")
            .env_remove("OPENAI_API_KEY")
            .envs(self.keyring.env())
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(stdin.as_bytes()).await.unwrap();
        drop(input);
        let output = child.wait_with_output().await.unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn holds_key(bytes: &[u8]) -> bool {
    bytes
        .windows(KEY.len())
        .any(|window| window == KEY.as_bytes())
}

/// The files below a folder that hold the key, and how many there are.
fn search(folder: &Path) -> (Vec<String>, usize) {
    let (mut found, mut files) = (Vec::new(), 0);
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            if holds_key(&std::fs::read(&path).unwrap()) {
                found.push(path.display().to_string());
            }
        }
    }
    (found, files)
}

fn answer() -> Reply {
    let completed = json!({"type": "response.completed", "sequence_number": 0, "response": {
        "id": "resp_1", "status": "completed", "model": "gpt-5.5-2026-04-23", "service_tier": "default",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": "hello"}]}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    }});
    Reply::whole([stream_head(), frame(&completed)].concat())
}

#[tokio::test]
async fn a_key_is_kept_used_and_forgotten_and_found_nowhere_else() {
    let models =
        json!({"object": "list", "data": [{"id": "gpt-5.5"}, {"id": "gpt-5.4"}]}).to_string();
    let limits = [
        ("content-type", "application/json"),
        ("x-ratelimit-limit-requests", "500"),
        ("x-ratelimit-remaining-requests", "499"),
        ("x-ratelimit-reset-requests", "120ms"),
        ("openai-organization", "org-1"),
    ];
    let server = Scripted::in_turn(vec![
        Reply::whole(http_with("200 OK", &limits, &models)),
        answer(),
        Reply::whole(http("401 Unauthorized", "application/json", "{}")),
    ])
    .await
    .unwrap();
    let place = Place::over(Keyring::unlocked().unwrap(), &server);

    let kept = place
        .rheostat(&["key", "set", "--env", "Staging"], &format!("{KEY}\n"))
        .await;
    assert_eq!(kept.code, Some(0), "{}", kept.stderr);

    // Each call is a process of its own: what it knows it has from the keychain.
    let checked = place
        .rheostat(&["key", "check", "--env", "Staging", "--json"], "")
        .await;
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    let check: CheckKeyOutput = serde_json::from_str(&checked.stdout).unwrap();
    assert_eq!(
        (check.verdict, check.models),
        (KeyVerdict::Accepted, Some(2))
    );
    assert_eq!(check.key.unwrap().masked, "sk-…v8Rt");
    assert_eq!(check.organization.as_deref(), Some("org-1"));
    let seen: Vec<_> = check
        .limits
        .into_iter()
        .map(|it| (it.of, it.remaining, it.reset))
        .collect();
    assert_eq!(
        seen,
        [(
            "requests".to_owned(),
            Some("499".to_owned()),
            Some("120ms".to_owned())
        )]
    );

    let run = place
        .rheostat(&["run", "request.yaml", "--live", "--env", "Staging"], "")
        .await;
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for request in server.requests() {
        assert!(
            request.contains(&format!("authorization: Bearer {KEY}\r\n")),
            "{request}"
        );
    }
    assert_eq!(server.requests().len(), 2);

    let said =
        [&kept, &checked, &run].map(|outcome| format!("{}{}", outcome.stdout, outcome.stderr));
    assert!(!said.iter().any(|text| text.contains(KEY)), "{said:?}");
    let (found, files) = search(place.folder.path());
    assert_eq!(found, Vec::<String>::new());
    assert!(files > 3, "the history is there to be searched: {files}");
    let history = place.folder.path().join("data/history.sqlite");
    assert!(history.is_file());

    let forgotten = place
        .rheostat(&["key", "forget", "--env", "Staging"], "")
        .await;
    assert_eq!(forgotten.code, Some(0), "{}", forgotten.stderr);
    let without = place
        .rheostat(&["run", "request.yaml", "--live", "--env", "Staging"], "")
        .await;
    assert!(
        !server.requests()[2].contains("authorization"),
        "{}",
        without.stderr
    );
    let (found, _) = search(place.folder.path());
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn a_keychain_that_stays_locked_is_named_and_nothing_is_sent() {
    let server = Scripted::in_turn(vec![answer()]).await.unwrap();
    let mut place = Place::over(Keyring::unlocked().unwrap(), &server);
    let kept = place
        .rheostat(&["key", "set", "--env", "Staging"], KEY)
        .await;
    assert_eq!(kept.code, Some(0), "{}", kept.stderr);
    place.keyring = place.keyring.lock().unwrap();
    let run = place
        .rheostat(&["run", "request.yaml", "--live", "--env", "Staging"], "")
        .await;
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("keychain"), "{}", run.stderr);
    assert_eq!(server.requests().len(), 0);
    assert!(!holds_key(run.stderr.as_bytes()));
}

#[tokio::test]
async fn without_a_keychain_a_key_is_not_kept_elsewhere() {
    let server = Scripted::in_turn(vec![answer()]).await.unwrap();
    let place = Place::over(Keyring::unlocked().unwrap(), &server);
    let off = [("RHEOSTAT_KEYCHAIN", "off")];
    let kept = place
        .rheostat_with(&off, &["key", "set", "--env", "Staging"], KEY)
        .await;
    assert_eq!(kept.code, Some(2));
    assert!(
        kept.stderr.contains("RHEOSTAT_KEYCHAIN is off"),
        "{}",
        kept.stderr
    );
    assert_eq!(search(place.folder.path()).0, Vec::<String>::new());
    let nowhere = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")];
    let kept = place
        .rheostat_with(&nowhere, &["key", "set", "--env", "Staging"], KEY)
        .await;
    assert_eq!(kept.code, Some(2));
    assert!(
        kept.stderr.contains("keychain can't be used"),
        "{}",
        kept.stderr
    );
    // The usual key serves then, at this computer's own address.
    let usual = [nowhere[0], ("OPENAI_API_KEY", KEY)];
    let run = place
        .rheostat_with(
            &usual,
            &["run", "request.yaml", "--live", "--env", "Staging"],
            "",
        )
        .await;
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(server.requests()[0].contains(KEY));
}
