//! The official Node and Python SDKs, unmodified, against the stand-in: what it sends is what they expect.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rheostat_mock::{Options, Speed, start};
use serde_json::{Value, json};
use tokio::process::Command;

#[tokio::test]
async fn the_node_sdk_reads_all_of_it() {
    let folder = root().join("tests/sdk/node");
    require(&folder.join("node_modules/openai/package.json"));
    let summary = run("node".into(), &folder.join("responses.mjs")).await;
    assert_eq!(summary, expected());
}

#[tokio::test]
async fn the_python_sdk_reads_all_of_it_into_its_types() {
    let python = std::env::var_os("RHEOSTAT_SDK_PYTHON").map_or_else(
        || root().join("target/sdk-python/bin/python"),
        PathBuf::from,
    );
    require(&python);
    let script = root().join("tests/sdk/python/responses.py");
    assert_eq!(run(python.into(), &script).await, expected());
}

/// What both SDKs must report.
fn expected() -> Value {
    let text = [
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
    ];
    let summary = [
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_text.delta",
        "response.reasoning_summary_text.done",
        "response.reasoning_summary_part.done",
    ];
    let start = [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
    ];
    let reasoned = [
        &start[..],
        &summary,
        &summary,
        &["response.output_item.done"],
        &text,
        &["response.completed"],
    ]
    .concat();
    let call = [
        "response.output_item.done",
        "response.output_item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
    ];
    let calling = [&start[..], &call].concat();
    json!({
        "created": {
            "status": "completed",
            "items": ["reasoning", "message"],
            "sample": "composed",
            "opening": "This is a sample reply composed by Rheostat's stand-in, not by a model",
        },
        "streamed": {"kinds": reasoned, "numbered": true},
        "accumulated": {"status": "completed", "equal": true},
        "incomplete": {"status": "incomplete", "why": "max_output_tokens", "text": ""},
        "structured": {"keys": ["name", "age"]},
        "called": {
            "name": "get_weather",
            "arguments": ["city"],
            "kinds": calling,
            "then": "message",
        },
        "models": {"first": "gpt-5.5", "one": "gpt-5.5-pro"},
        "errors": {
            "key": ["AuthenticationError", 401, "invalid_api_key", null],
            "effort": ["BadRequestError", 400, "unsupported_value", "reasoning.effort"],
            "temperature": ["BadRequestError", 400, null, "temperature"],
            "model": ["NotFoundError", 404, "model_not_found", "model"],
            "page": ["PermissionDeniedError", 403, null, null],
        },
    })
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

/// Runs a script against a fresh stand-in and reads the JSON that it prints.
#[cfg(test)]
async fn run(program: OsString, script: &Path) -> Value {
    let stand_in = start(Options {
        port: 0,
        speed: Speed::Instant,
    })
    .await
    .unwrap();
    let output = Command::new(&program)
        .arg(script)
        .env("OPENAI_BASE_URL", stand_in.base_url())
        .env("OPENAI_API_KEY", "sk-test-stand-in")
        // A proxy of the machine's must not come between.
        .env("NO_PROXY", "127.0.0.1")
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{} failed:\n{errors}",
        script.display()
    );
    serde_json::from_slice(&output.stdout).unwrap()
}
