//! What is copied runs: cURL, Python, Node and Rust send the very body to the stand-in, with the key from the
//! environment.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::{Path, PathBuf};

use rheostat_core::catalog::endpoint::Endpoint;
use rheostat_core::ops::copy_request::CopyRequestOutput;
use rheostat_core::ops::paste_request::PasteRequestOutput;
use rheostat_mock::{Options, Speed, StandIn};
use rheostat_tests::engine::Engine;
use serde_json::{Map, Value, json};
use tokio::process::Command;

const KEY: &str = "sk-test-of-the-environment";
const SECRET: &str = "tok-$HOME-`id`-9f2c";

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Bodies that are easy to get wrong, on either endpoint, whole and streamed.
fn bodies() -> Vec<(Endpoint, Map<String, Value>)> {
    let text = "It's \"quoted\", $HOME `id` \\n \n\t%PATH% ^ ! é 日 \u{1f600} \u{2028} </script>";
    let schema = json!({"type": "object", "properties": {"class": {"type": "string"}}, "required": ["class"], "additionalProperties": false});
    let format = json!({"type": "json_schema", "name": "a", "strict": true, "schema": schema});
    let nested = json!({"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": schema}});
    vec![
        (
            Endpoint::Responses,
            map(json!({
                "model": "gpt-5.5",
                "input": [{"role": "user", "content": text}],
                "instructions": text,
                "text": {"format": format, "verbosity": "low"},
                "reasoning": {"effort": "none", "summary": null},
                "temperature": 0.5,
                "store": false,
                "metadata": {"a key": "1", "__proto__": "2", "class": "3"},
            })),
        ),
        (
            Endpoint::Responses,
            map(
                json!({"model": "gpt-5.5", "input": text, "stream": true, "stream_options": {"include_obfuscation": false}}),
            ),
        ),
        (
            Endpoint::ChatCompletions,
            map(
                json!({"model": "gpt-5.5", "messages": [{"role": "user", "content": text}], "response_format": nested, "max_completion_tokens": 4000}),
            ),
        ),
        (
            Endpoint::ChatCompletions,
            map(
                json!({"model": "gpt-5.5", "messages": [{"role": "user", "content": text}], "stream": true, "n": 1}),
            ),
        ),
    ]
}

async fn stand_in() -> StandIn {
    let options = Options {
        port: 0,
        speed: Speed::Instant,
    };
    rheostat_mock::start(options).await.unwrap()
}

/// The code that is copied for the stand-in's address.
async fn copied(
    stand_in: &StandIn,
    kind: &str,
    endpoint: Endpoint,
    body: &Map<String, Value>,
) -> String {
    let engine = Engine::open(&stand_in.base_url()).unwrap();
    let input =
        json!({"as": kind, "endpoint": endpoint, "body": body, "baseUrl": stand_in.base_url()});
    let (output, _) = engine
        .call::<CopyRequestOutput>("copy_request", input)
        .await
        .unwrap();
    assert!(!output.code.contains(KEY));
    output.code
}

/// Runs a program, and gives what it printed and the body that the stand-in got.
async fn run(stand_in: &StandIn, mut command: Command) -> (String, Value) {
    // What `{{token}}` is where the code runs. It is hard to put into anything.
    command.env("PLACE_TOKEN", SECRET);
    stand_in.clear_log();
    let output = command
        .env("OPENAI_API_KEY", KEY)
        .env_remove("OPENAI_BASE_URL")
        // A proxy of the machine's must not come between.
        .env("NO_PROXY", "127.0.0.1")
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{errors}");
    let log = stand_in.log(0);
    assert_eq!(log.len(), 1, "one request is sent: {log:?}");
    assert_eq!(log[0].status, Some(200), "{log:?}");
    assert!(
        log[0].request_headers.contains_key("authorization"),
        "with the key of the environment: {:?}",
        log[0].request_headers
    );
    (
        String::from_utf8(output.stdout).unwrap(),
        log[0].request.clone(),
    )
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn require(path: &Path) {
    assert!(
        path.exists(),
        "{} is missing. Run `cargo xtask test`, which installs the SDKs and then runs every test.",
        path.display()
    );
}

#[tokio::test]
async fn copied_python_runs() {
    let python = std::env::var_os("RHEOSTAT_SDK_PYTHON").map_or_else(
        || root().join("target/sdk-python/bin/python"),
        PathBuf::from,
    );
    require(&python);
    let stand_in = stand_in().await;
    let folder = tempfile::tempdir().unwrap();
    for (endpoint, mut body) in bodies() {
        // The SDK of today takes it beside what it knows itself.
        body.insert("of_tomorrow".into(), json!([true, null, {"a": 1.5}]));
        let script = folder.path().join("copied.py");
        let code = copied(&stand_in, "python", endpoint, &body).await;
        std::fs::write(&script, &code).unwrap();
        let mut command = Command::new(&python);
        command.args([script.as_os_str()]);
        let refused = refused_stranger(&stand_in, command).await;
        assert_eq!(refused, Value::Object(body.clone()), "{code}");

        body.shift_remove("of_tomorrow");
        let code = copied(&stand_in, "python", endpoint, &body).await;
        std::fs::write(&script, &code).unwrap();
        let mut command = Command::new(&python);
        command.args([script.as_os_str()]);
        let (printed, sent) = run(&stand_in, command).await;
        assert_eq!(sent, Value::Object(body), "{code}");
        assert!(!printed.trim().is_empty(), "it prints the answer: {code}");
    }
}

/// A body with a name that the stand-in refuses: what it got all the same.
async fn refused_stranger(stand_in: &StandIn, mut command: Command) -> Value {
    stand_in.clear_log();
    let output = command
        .env("OPENAI_API_KEY", KEY)
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .await
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("of_tomorrow"), "{errors}");
    stand_in.log(0)[0].request.clone()
}

#[tokio::test]
async fn copied_node_runs() {
    let packages = root().join("tests/sdk/node");
    require(&packages.join("node_modules/openai/package.json"));
    let stand_in = stand_in().await;
    // Node looks for packages beside the module.
    let folder = tempfile::tempdir_in(&packages).unwrap();
    for (endpoint, body) in bodies() {
        let module = folder.path().join("copied.mjs");
        let code = copied(&stand_in, "node", endpoint, &body).await;
        std::fs::write(&module, &code).unwrap();
        let mut command = Command::new("node");
        command.args([module.as_os_str()]);
        let (printed, sent) = run(&stand_in, command).await;
        assert_eq!(sent, Value::Object(body), "{code}");
        assert!(!printed.trim().is_empty(), "it prints the answer: {code}");
    }
}

#[tokio::test]
async fn copied_rust_compiles_and_runs() {
    // Kept between runs, so that only the first one builds what the programs need.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copied-rust");
    std::fs::create_dir_all(folder.join("src/bin")).unwrap();
    // The stand-in speaks plain HTTP: without TLS there is little to build.
    let manifest = "[package]\nname = \"copied\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nreqwest = { version = \"0.13\", default-features = false, features = [\"blocking\"] }\nserde_json = \"1\"\nbase64 = \"0.22\"\n\n[workspace]\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    // The same versions as our own, which are here already: nothing is fetched.
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let stand_in = stand_in().await;
    for (index, (endpoint, body)) in bodies().iter().enumerate() {
        let code = copied(&stand_in, "rust", *endpoint, body).await;
        let program = folder.join(format!("src/bin/copied_{index}.rs"));
        std::fs::write(program, format!("#![deny(warnings)]\n{code}")).unwrap();
    }
    let (engine, mut input) = with_values(&stand_in).await;
    input["as"] = json!("rust");
    let (with_values, _) = engine
        .call::<CopyRequestOutput>("copy_request", input)
        .await
        .unwrap();
    let code = with_values.code;
    std::fs::write(
        folder.join("src/bin/copied_filled.rs"),
        format!("#![deny(warnings)]\n{code}"),
    )
    .unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = folder.join("target");
    let output = Command::new(cargo)
        .args(["build", "--offline", "--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "it does not compile:\n{errors}");
    for (index, (_, body)) in bodies().into_iter().enumerate() {
        let name = format!("debug/copied_{index}{}", std::env::consts::EXE_SUFFIX);
        let (printed, sent) = run(&stand_in, Command::new(target.join(name))).await;
        assert_eq!(sent, Value::Object(body), "program {index}");
        assert!(
            !printed.trim().is_empty(),
            "program {index} prints the answer"
        );
    }
    let name = format!("debug/copied_filled{}", std::env::consts::EXE_SUFFIX);
    let (_, sent) = run(&stand_in, Command::new(target.join(name))).await;
    assert_eq!(sent, sent_with_values(), "{code}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_copied_command_runs_and_is_read_back() {
    let stand_in = stand_in().await;
    let engine = Engine::open(&stand_in.base_url()).unwrap();
    // Without cURL, reading it back is what can be shown.
    let runs = Path::new("/usr/bin/curl").exists();
    for (endpoint, body) in bodies() {
        let code = copied(&stand_in, "curl", endpoint, &body).await;
        if runs {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", &code]);
            let (printed, sent) = run(&stand_in, command).await;
            assert_eq!(sent, Value::Object(body.clone()), "{code}");
            assert!(!printed.trim().is_empty(), "it prints the answer: {code}");
        }
        let (pasted, _) = engine
            .call::<PasteRequestOutput>("paste_request", json!({"text": code}))
            .await
            .unwrap();
        assert_eq!(pasted.body, body, "{code}");
        assert_eq!(pasted.endpoint, endpoint);
        assert_eq!(pasted.base_url, Some(stand_in.base_url()));
        let left: Vec<_> = pasted.left_out.iter().map(|it| it.what.as_str()).collect();
        assert_eq!(left, ["The key in the header Authorization"]);
    }
}

/// A workspace whose request has variables of every scope, a secret, and a picture and a text as files.
async fn with_values(stand_in: &StandIn) -> (Engine, Value) {
    let staging = "id: 0199b3c0-0000-7000-8000-0000000000e1\nname: Staging\nvariables:\n  name: \"Ada \\\"$HOME\\\"\"\n  token: {secret: env:PLACE_TOKEN}\n";
    let engine = rheostat_tests::environments::engine(&[
        ("environments/staging.yaml", staging),
        ("team/folder.yaml", "defaults:\n  model: gpt-5.5\n  effort: low\n  variables: {tone: kind}\n"),
        ("team/greet.yaml", "id: 0199b3c0-0000-7000-8000-00000000c0de\nname: Greet\nbody:\n  input: Hi\nvariables: {mine: m}\n"),
    ])
    .await;
    rheostat_tests::environments::choose(&engine, "sample", "Staging")
        .await
        .unwrap();
    engine
        .call::<Value>("read_request", json!({"path": "team/greet.yaml"}))
        .await
        .unwrap();
    let attach = async |name: &str, data: &str| {
        let input = json!({"name": name, "data": data, "path": null});
        let (taken, _) = engine.call::<Value>("attach_file", input).await.unwrap();
        taken["reference"].as_str().unwrap().to_owned()
    };
    let picture = attach("it's a dot.png", DOT).await;
    let body = json!({
        "input": [{"role": "user", "content": [
            {"type": "input_text", "text": "{{name}}, {{tone}} {{mine}} \\{{name}} with {{token}}{{token}} \\ $1 `x`"},
            {"type": "input_image", "image_url": picture},
        ]}],
        "instructions": "{{token}}",
    });
    let input = json!({
        "as": "curl", "endpoint": "responses", "body": body, "baseUrl": stand_in.base_url(), "filled": true,
        "request": {"id": "0199b3c0-0000-7000-8000-00000000c0de", "name": "Greet", "endpoint": "responses", "body": {}, "variables": {"mine": "m"}},
    });
    (engine, input)
}

const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// What the stand-in is sent by code with the values in it.
fn sent_with_values() -> Value {
    json!({
        "input": [{"role": "user", "content": [
            {"type": "input_text", "text": format!("Ada \"$HOME\", kind m {{{{name}}}} with {SECRET}{SECRET} \\ $1 `x`")},
            {"type": "input_image", "image_url": format!("data:image/png;base64,{DOT}")},
        ]}],
        "instructions": SECRET,
        "model": "gpt-5.5",
        "reasoning": {"effort": "low"},
    })
}

#[tokio::test]
async fn code_with_values_in_it_runs_and_holds_no_secret() {
    let stand_in = stand_in().await;
    let (engine, mut input) = with_values(&stand_in).await;
    let python = std::env::var_os("RHEOSTAT_SDK_PYTHON").map_or_else(
        || root().join("target/sdk-python/bin/python"),
        PathBuf::from,
    );
    let packages = root().join("tests/sdk/node");
    require(&python);
    require(&packages.join("node_modules/openai/package.json"));
    let folder = tempfile::tempdir_in(&packages).unwrap();
    for kind in ["python", "node", "curl"] {
        input["as"] = json!(kind);
        let (copied, _) = engine
            .call::<CopyRequestOutput>("copy_request", &input)
            .await
            .unwrap();
        let code = copied.code;
        assert!(!code.contains(SECRET) && !code.contains(DOT), "{code}");
        let told = copied.placeholders;
        assert_eq!(told.values, ["name", "tone", "mine"]);
        assert_eq!(
            (
                told.secrets[0].name.as_str(),
                told.secrets[0].variable.as_str()
            ),
            ("token", "PLACE_TOKEN")
        );
        assert_eq!(told.files, ["attachments/it-s-a-dot.png"]);
        assert_eq!(told.unset, [""; 0]);
        let script = folder.path().join("copied.mjs");
        std::fs::write(&script, &code).unwrap();
        let mut command = match kind {
            "python" => Command::new(&python),
            "node" => Command::new("node"),
            _ if !Path::new("/usr/bin/curl").exists() => continue,
            _ => Command::new("/bin/sh"),
        };
        command.arg(script.as_os_str());
        let (printed, sent) = run(&stand_in, command).await;
        assert_eq!(sent, sent_with_values(), "{code}");
        assert!(!printed.trim().is_empty(), "it prints the answer: {code}");
    }
}

#[tokio::test]
async fn values_stay_out_where_nobody_asks_for_them() {
    let stand_in = stand_in().await;
    let (engine, mut input) = with_values(&stand_in).await;
    input["as"] = json!("node");
    input["filled"] = json!(false);
    let (copied, _) = engine
        .call::<CopyRequestOutput>("copy_request", &input)
        .await
        .unwrap();
    assert!(
        copied.code.contains("{{name}}, {{tone}}") && copied.code.contains("{{file:attachments/")
    );
    assert!(
        copied.code.contains("model: \"gpt-5.5\""),
        "what the folder hands down is sent, and so it is copied: {}",
        copied.code
    );
    assert_eq!(copied.placeholders.values, ["name", "tone", "mine"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_long_request_is_a_command_that_a_shell_takes() {
    let stand_in = stand_in().await;
    let text = "It's $HOME \\ `id` \"x\"\n".repeat(20_000);
    let body = map(json!({"model": "gpt-5.5", "input": text}));
    let code = copied(&stand_in, "curl", Endpoint::Responses, &body).await;
    if Path::new("/usr/bin/curl").exists() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("copied.sh");
        std::fs::write(&script, &code).unwrap();
        let mut command = Command::new("/bin/sh");
        command.arg(&script);
        let (_, sent) = run(&stand_in, command).await;
        assert!(sent == Value::Object(body.clone()));
    }
    let engine = Engine::open(&stand_in.base_url()).unwrap();
    let (pasted, _) = engine
        .call::<PasteRequestOutput>("paste_request", json!({"text": code}))
        .await
        .unwrap();
    assert!(pasted.body == body, "it is read back");
}
