//! Moving in and out with other tools themselves: files that they wrote come in, and what is written out runs in them.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::{Path, PathBuf};

use rheostat_core::workspace::export::{ExportKind, Outgoing, export};
use rheostat_core::workspace::import::{self, ImportedContent, from_paths};
use rheostat_mock::{Options, Speed, start};
use rheostat_tests::programs::{TERMINAL, built};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn python() -> PathBuf {
    let python = std::env::var_os("RHEOSTAT_SDK_PYTHON").map_or_else(
        || root().join("target/sdk-python/bin/python"),
        PathBuf::from,
    );
    require(&python);
    python
}

fn require(path: &Path) {
    assert!(
        path.exists(),
        "{} is missing. Run `cargo xtask test`, which installs what the tests need and then runs every test.",
        path.display()
    );
}

async fn output(command: &mut Command) -> (bool, String, String) {
    let output = command.kill_on_drop(true).output().await.unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Bruno, Postman, Yaak and others write the same request and environment; all come in alike.
#[tokio::test]
async fn files_that_the_tools_wrote_come_in() {
    let node = root().join("tests/sdk/node");
    require(&node.join("node_modules/@usebruno/filestore/package.json"));
    let folder = tempfile::tempdir().unwrap();
    let (done, stdout, stderr) = output(
        Command::new("node")
            .arg(node.join("samples.mjs"))
            .arg(folder.path()),
    )
    .await;
    assert!(done, "{stderr}");
    let report: Value = serde_json::from_str(stdout.lines().last().unwrap()).unwrap();
    let yaak = report["yaak"] == json!(true);
    assert_eq!(
        report,
        json!({"yaak": yaak, "bundled": "1.0.0", "validHar": true, "insomnia": ["Talk", "Greet", "json", 2]}),
        "what was made by hand is valid"
    );
    let gathered = from_paths(&[folder.path().to_owned()]).unwrap();
    let imported = import::read(&gathered.sources).unwrap();
    assert!(
        !serde_json::to_string(&imported)
            .unwrap()
            .contains("planted"),
        "no key comes in"
    );
    let mut seen = Vec::new();
    for item in &imported.items {
        match &item.content {
            ImportedContent::Request { request } => {
                let asked = if item.name.contains("Ada") {
                    "Ada"
                } else {
                    "{{name}}"
                };
                let body = json!({"model": "gpt-5.5", "input": format!("Greet {asked}"), "reasoning": {"effort": "low"}});
                assert_eq!(Value::Object(request.body.clone()), body, "{}", item.place);
                let folder = item
                    .folder
                    .split_once('/')
                    .map_or(item.folder.as_str(), |(_, rest)| rest);
                seen.push(format!("{folder}/{}", item.name));
            }
            ImportedContent::Environment { variables } => {
                let variables: Vec<_> = variables
                    .iter()
                    .map(|it| format!("{}={}", it.name, it.value))
                    .collect();
                seen.push(format!("{}: {}", item.name, variables.join(" ")));
            }
            ImportedContent::Dataset { .. } => panic!("{item:?}"),
        }
    }
    seen.sort();
    let mut expected = vec![
        "Base Environment: name=Ada api_key=",
        "Bundled/Talk/Greet",
        "Local: name=Ada api_key=",
        "Local: name=Ada api_key=",
        "Local: name=Ada api_key=",
        "Local: name=Ada api_key=",
        "Postman: base_url=https://api.openai.com",
        "Talk/Greet",
        "Talk/Greet",
        "bruno-bru/Talk/Greet",
        "bruno-yml/Talk/Greet",
        "session/Greet Ada",
    ];
    if yaak {
        expected.push("Talk/Greet");
    }
    expected.sort_unstable();
    assert_eq!(seen, expected);
    let unread: Vec<_> = imported
        .left_out
        .iter()
        .filter(|left| left.what == "The file")
        .collect();
    assert!(unread.is_empty(), "{unread:?}");
}

/// Three requests: one whose checks all pass, one whose schema is obeyed, one whose check must fail.
fn requests() -> Vec<Outgoing> {
    let request = |name: &str, value: Value| {
        let mut value = value;
        value["id"] = json!(name);
        value["name"] = json!(name);
        Outgoing {
            path: format!("{name}.yaml"),
            request: serde_json::from_value(value).unwrap(),
        }
    };
    vec![
        request(
            "Texts",
            json!({
                "body": {"model": "gpt-5.5", "stream": true, "input": "Say 'it' \"as\" {% it %} is: \\{{name}} {# no #} \u{2028} $HOME \\n"},
                "checks": [{"contains": "SAMPLE  reply"}, {"not_contains": "nowhere to be found"}, {"pattern": "(?i)\\bSTAND-IN\\b"},
                    {"pattern": "^This is"}, {"max_words": 5000}, {"pattern": r"\p{Greek}"}, {"schema_valid": true}],
            }),
        ),
        request(
            "Person",
            json!({
                "body": {"model": "gpt-5.5", "input": "Who?", "text": {"format": {"type": "json_schema", "name": "person", "strict": true,
                    "schema": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                        "required": ["name", "age"], "additionalProperties": false}}}},
                "checks": [{"schema_valid": true}, {"pattern": r#""name"\s*:"#}],
            }),
        ),
        request(
            "Chat",
            json!({
                "endpoint": "chat_completions",
                "body": {"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]},
                "checks": [{"contains": "nowhere to be found"}],
            }),
        ),
    ]
}

/// The exported files in a folder of their own.
fn written(kind: ExportKind) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let exported = export(&requests(), kind).unwrap();
    assert_eq!(exported.files.len(), 1);
    let path = folder.path().join(&exported.files[0].name);
    std::fs::write(&path, &exported.files[0].text).unwrap();
    (folder, path)
}

async fn stand_in() -> rheostat_mock::StandIn {
    let options = Options {
        port: 0,
        speed: Speed::Instant,
    };
    start(options).await.unwrap()
}

fn against(command: &mut Command, stand_in: &rheostat_mock::StandIn) {
    command
        .env("OPENAI_BASE_URL", stand_in.base_url())
        .env("OPENAI_API_KEY", "sk-test-stand-in")
        .env("NO_PROXY", "127.0.0.1");
}

#[tokio::test]
async fn exported_tests_run_in_pytest() {
    let stand_in = stand_in().await;
    let (folder, path) = written(ExportKind::Pytest);
    let mut command = Command::new(python());
    command
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line"])
        .arg(&path)
        .current_dir(folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1");
    against(&mut command, &stand_in);
    let (done, stdout, stderr) = output(&mut command).await;
    assert!(!done, "the failing check fails");
    assert!(stdout.contains("1 failed, 2 passed"), "{stdout}{stderr}");
    assert!(
        stdout.contains("Contains \"nowhere to be found\""),
        "its words are said: {stdout}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn exported_tests_run_in_vitest() {
    let stand_in = stand_in().await;
    let (folder, _) = written(ExportKind::Vitest);
    let packages = root().join("tests/sdk/node/node_modules");
    require(&packages.join("vitest/package.json"));
    std::os::unix::fs::symlink(&packages, folder.path().join("node_modules")).unwrap();
    let mut command = Command::new("node");
    command
        .arg(packages.join("vitest/vitest.mjs"))
        .args(["run", "--reporter=json", "--root"])
        .arg(folder.path())
        .current_dir(folder.path());
    against(&mut command, &stand_in);
    let (done, stdout, stderr) = output(&mut command).await;
    assert!(!done, "the failing check fails");
    let report: Value =
        serde_json::from_str(stdout.trim()).unwrap_or_else(|_| panic!("{stdout}{stderr}"));
    let outcomes: Vec<_> = report["testResults"][0]["assertionResults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["title"].as_str().unwrap(),
                one["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            ("Texts", "passed"),
            ("Person", "passed"),
            ("Chat", "failed")
        ],
        "{stdout}"
    );
}

#[tokio::test]
async fn exported_configurations_run_in_promptfoo() {
    let stand_in = stand_in().await;
    let (folder, path) = written(ExportKind::Promptfoo);
    let place = root().join("tests/promptfoo");
    require(&place.join("node_modules/promptfoo/package.json"));
    let mut command = Command::new("node");
    command
        .arg(place.join("check.mjs"))
        .arg(&path)
        .env("PROMPTFOO_CONFIG_DIR", folder.path().join("config"))
        // Nothing of it may leave this machine.
        .envs(
            ["TELEMETRY", "UPDATE", "REMOTE_GENERATION", "SHARING"]
                .map(|it| (format!("PROMPTFOO_DISABLE_{it}"), "1")),
        );
    against(&mut command, &stand_in);
    let (done, stdout, stderr) = output(&mut command).await;
    assert!(done, "{stdout}{stderr}");
    let results: Vec<Value> = serde_json::from_str(stdout.lines().last().unwrap()).unwrap();
    let assertions: Vec<_> = results
        .iter()
        .map(|one| json!([one["label"], one["assertions"]]))
        .collect();
    assert_eq!(
        Value::from(assertions),
        json!([
            [
                "Texts",
                [
                    ["icontains", true],
                    ["not-icontains", true],
                    ["javascript", true],
                    ["regex", true],
                    ["word-count", true]
                ]
            ],
            ["Person", [["is-json", true], ["regex", true]]],
            ["Chat", [["icontains", false]]],
        ]),
        "{stdout}"
    );
    let body = &requests()[0].request.body["input"];
    let sent = body.as_str().unwrap().replace("\\{{", "{{");
    assert_eq!(
        results[0]["asked"],
        json!(sent),
        "the template gives the text that is sent"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn exported_commands_run_in_a_shell() {
    let stand_in = stand_in().await;
    let (_folder, path) = written(ExportKind::Curl);
    let script = std::fs::read_to_string(&path).unwrap();
    // A script calls OpenAI; here it may not.
    std::fs::write(
        &path,
        script.replace("https://api.openai.com/v1", &stand_in.base_url()),
    )
    .unwrap();
    let mut command = Command::new("sh");
    command.arg(&path);
    against(&mut command, &stand_in);
    let (done, stdout, stderr) = output(&mut command).await;
    assert!(done, "{stderr}");
    let streamed = stdout.contains("event: response.completed");
    let answers = stdout.matches("\"object\":\"response\"").count()
        + stdout.matches("\"object\": \"response\"").count();
    let chat = stdout.contains("chat.completion");
    assert_eq!(
        (streamed, answers > 0, chat),
        (true, true, true),
        "{stdout}"
    );
}

/// `rheostat` in a data folder of its own.
async fn rheostat(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(built(TERMINAL).unwrap())
        .args(arguments)
        .current_dir(folder.path())
        .env("RHEOSTAT_DATA", folder.path().join("data"))
        .env("RHEOSTAT_WORKSPACE", folder.path().join("ws"))
        .output()
        .await
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[tokio::test]
async fn a_terminal_imports_lists_shows_and_exports() {
    let folder = tempfile::tempdir().unwrap();
    let key = "sk-test-planted0123456789abcdef";
    let curl = format!(
        "curl https://api.openai.com/v1/responses -H 'Authorization: Bearer {key}' -d '{{\"model\":\"gpt-5.5\",\"input\":\"Say hello\",\"reasoning\":{{\"effort\":\"low\"}}}}'\n"
    );
    std::fs::write(folder.path().join("calls.sh"), curl).unwrap();

    let (code, stdout, _) = rheostat(&folder, &["import", "calls.sh", "--dry-run"]).await;
    assert_eq!(code, Some(0));
    assert!(
        stdout.ends_with("1 item would be imported (cURL), 1 thing left out.\n"),
        "{stdout}"
    );
    assert!(!folder.path().join("ws").exists(), "nothing is written");

    for file in ["say-hello.yaml", "say-hello-2.yaml"] {
        let (code, stdout, _) = rheostat(&folder, &["import", "calls.sh", "--into", "Inbox"]).await;
        assert_eq!(code, Some(0));
        assert!(stdout.contains(&format!("-> Inbox/{file}")), "{stdout}");
        assert!(!stdout.contains("planted"), "{stdout}");
    }
    let (code, stdout, _) = rheostat(&folder, &["list"]).await;
    assert_eq!(
        (code, stdout.as_str()),
        (
            Some(0),
            "Inbox/say-hello-2.yaml  Say hello  gpt-5.5  low\nInbox/say-hello.yaml  Say hello  gpt-5.5  low\n"
        )
    );
    let (code, stdout, _) = rheostat(&folder, &["show", "Inbox/say-hello.yaml"]).await;
    assert_eq!(code, Some(0));
    assert!(
        stdout.starts_with("Say hello: Responses, gpt-5.5, low, no checks\n\nid: "),
        "{stdout}"
    );
    let (code, stdout, _) = rheostat(
        &folder,
        &["export", "Inbox/say-hello.yaml", "--as", "batch"],
    )
    .await;
    assert_eq!(code, Some(0));
    let line: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(line["body"]["input"], json!("Say hello"));
    for (out, code) in [("out.json", Some(0)), ("out.json", Some(2))] {
        let (got, _, stderr) =
            rheostat(&folder, &["export", "Inbox", "--as", "json", "--out", out]).await;
        assert_eq!(got, code, "{stderr}");
    }
    let (code, stdout, _) = rheostat(&folder, &["import", "out.json", "--into", "Again"]).await;
    assert_eq!(code, Some(0));
    assert!(
        stdout.ends_with("2 items imported (Rheostat), 0 things left out.\n"),
        "{stdout}"
    );

    for arguments in [
        &["export", "Nowhere", "--as", "curl"][..],
        &["import", "gone.json"],
        &["import", "calls.sh", "--into", "../outside"],
        &["export", "--as", "folder"],
        &["show", "../calls.sh"],
    ] {
        let (code, stdout, stderr) = rheostat(&folder, arguments).await;
        assert_eq!(
            (code, stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}: {stderr}"
        );
        assert!(stderr.starts_with("rheostat: "), "{stderr}");
    }
    std::fs::write(folder.path().join("prose.txt"), "Just words").unwrap();
    assert_eq!(
        rheostat(&folder, &["import", "prose.txt"]).await.0,
        Some(1),
        "nothing to import"
    );
}
