//! The official Node and Python SDKs, unmodified, against the stand-in: what it sends is what they expect.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rheostat_mock::{Options, Rule, Settings, Speed, start_with};
use serde_json::{Value, json};
use tokio::process::Command;

#[tokio::test]
async fn responses_are_read_whole_and_streamed() {
    both("responses", expected_responses()).await;
}

#[tokio::test]
async fn responses_run_in_the_background_and_are_continued() {
    let stream = [
        &["response.created", "response.queued"][..],
        &["response.in_progress"],
        &TEXT,
        &["response.completed"],
    ];
    let expected = json!({
        "polled": {"begun": "queued", "ended": "completed", "cancelled": "completed"},
        "resumed": {"kinds": stream.concat(), "numbered": true, "whole": true},
        "continued": {"items": ["message", "reasoning", "message", "message"], "counted": true},
        "removed": {
            "deleted": ["NotFoundError", 404, null, null],
            "unkept": ["NotFoundError", 404, null, null],
            "before": ["BadRequestError", 400, "previous_response_not_found", "previous_response_id"],
        },
    });
    both("kept", expected).await;
}

#[tokio::test]
async fn chat_completions_are_read_whole_and_streamed() {
    let expected = json!({
        "whole": {
            "finish": "stop",
            "opening": "This is a sample reply composed by Rheostat's stand-in, not by a model",
            "reasoned": true,
            "sample": "composed",
        },
        "streamed": {"equal": true, "finish": "stop", "usage": true, "last": 0},
        "accumulated": {"name": "get_weather", "arguments": ["city"]},
        "called": {"finish": "tool_calls", "name": "get_weather", "then": "stop"},
        "structured": {"keys": ["name", "age"]},
        "errors": {
            "pro": ["NotFoundError", 404, null, "model"],
            "max_tokens": ["BadRequestError", 400, "unsupported_parameter", "max_tokens"],
            "effort": ["BadRequestError", 400, null, "reasoning_effort"],
            "temperature": ["BadRequestError", 400, "unsupported_value", "temperature"],
        },
    });
    both("chat", expected).await;
}

#[tokio::test]
async fn responses_travel_over_a_socket() {
    let turn = [
        &["response.created", "response.in_progress"][..],
        &TEXT,
        &["response.completed"],
    ];
    let loaded = [
        "response.created",
        "response.in_progress",
        "response.completed",
    ];
    let expected = json!({
        "spoken": {
            "kinds": turn.concat(),
            "numbered": true,
            "before": true,
            "lane": "main",
            "loaded": [loaded, 0],
            "error": [400, "previous_response_not_found"],
        },
    });
    both("sockets", expected).await;
}

#[tokio::test]
async fn a_batch_runs_from_the_upload_to_the_results() {
    let expected = json!({
        "ran": {
            "begun": "validating",
            "ended": "completed",
            "counts": {"total": 2, "completed": 1, "failed": 1},
            "good": ["good", 200],
            "bad": ["bad", 400],
            "listed": true,
            "late": ["ConflictError", 409, null, null],
        },
        "failed": {"status": "failed", "code": "duplicate_custom_id", "line": 2},
        "files": {
            "names": ["in.jsonl"],
            "deleted": true,
            "gone": ["NotFoundError", 404, null, "id"],
        },
    });
    both("batches", expected).await;
}

#[tokio::test]
async fn pictures_are_drawn_whole_and_streamed() {
    let partial = "image_generation.partial_image";
    let expected = json!({
        "drawn": {"png": "PNG", "size": "1024x1024", "tokens": 200},
        "grown": {"kinds": [partial, partial, "image_generation.completed"], "tokens": 400},
        "errors": {"size": ["BadRequestError", 400, "invalid_value", "size"]},
    });
    both("images", expected).await;
}

#[tokio::test]
async fn usage_and_costs_are_summed() {
    let snapshot = "gpt-5.5-2026-04-23";
    let expected = json!({
        "summed": {
            "model": snapshot,
            "tokens": true,
            "dollars": true,
            "items": [format!("{snapshot}, input"), format!("{snapshot}, output")],
        },
    });
    both("usage", expected).await;
}

#[tokio::test]
async fn failures_become_their_classes_and_what_passes_is_tried_again() {
    let limited = json!(["RateLimitError", 429, "rate_limit_exceeded", null]);
    let quota = json!(["RateLimitError", 429, "insufficient_quota", null]);
    let expected = json!({
        "recovered": ["completed", "completed"],
        "errors": {
            "always limited": limited,
            "no credit left": quota,
            "always broken": ["InternalServerError", 500, "server_error", null],
            "always busy": ["InternalServerError", 503, "server_is_overloaded", null],
            "not served here": ["PermissionDeniedError", 403, "unsupported_country_region_territory", null],
        },
    });
    both("retries", expected).await;
}

/// Failures by a word of the prompt. Only the proof of the retries says these words.
#[cfg(test)]
fn rules() -> Vec<Rule> {
    let rule = |word: &str, fault: Value, times: Option<u64>| {
        json!({
            "id": word, "matches": {"body_contains": word}, "action": {"fault": fault}, "times": times,
        })
    };
    let rules = json!([
        rule(
            "limited once",
            json!({"kind": "rate_limited", "retry_after_ms": 5}),
            Some(1)
        ),
        rule("broken once", json!({"kind": "server_error"}), Some(1)),
        rule(
            "always limited",
            json!({"kind": "rate_limited", "retry_after_ms": 5}),
            None
        ),
        rule(
            "no credit left",
            json!({"kind": "insufficient_quota"}),
            None
        ),
        rule("always broken", json!({"kind": "server_error"}), None),
        rule("always busy", json!({"kind": "overloaded"}), None),
        rule("not served here", json!({"kind": "forbidden"}), None),
    ]);
    Rule::read_all(&rules.to_string()).unwrap()
}

/// How a message comes as a stream.
const TEXT: [&str; 6] = [
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
];

/// Runs the proof of this name with either SDK. Both must report the same.
#[cfg(test)]
async fn both(proof: &str, expected: Value) {
    let node = root().join("tests/sdk/node");
    require(&node.join("node_modules/openai/package.json"));
    let script = node.join(proof).with_extension("mjs");
    assert_eq!(run("node".into(), &script).await, expected, "Node: {proof}");

    let python = std::env::var_os("RHEOSTAT_SDK_PYTHON").map_or_else(
        || root().join("target/sdk-python/bin/python"),
        PathBuf::from,
    );
    require(&python);
    let script = root()
        .join("tests/sdk/python")
        .join(proof)
        .with_extension("py");
    assert_eq!(
        run(python.into(), &script).await,
        expected,
        "Python: {proof}"
    );
}

/// What both SDKs must report of responses.
fn expected_responses() -> Value {
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
        &TEXT,
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
    let options = Options {
        port: 0,
        speed: Speed::Instant,
    };
    let settings = Settings {
        rules: rules(),
        ..Settings::default()
    };
    let stand_in = start_with(options, settings).await.unwrap();
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
