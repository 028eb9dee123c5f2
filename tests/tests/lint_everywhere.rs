//! What is found in a request is the same wherever it is asked: over the contract, and by `rheostat check` in a terminal.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::process::Stdio;

use rheostat_core::lint::Severity;
use rheostat_core::ops::fix_request::FixRequestOutput;
use rheostat_core::ops::lint_request::LintRequestOutput;
use rheostat_tests::engine::Engine;
use rheostat_tests::programs::{TERMINAL, built};
use serde_json::{Value, json};
use tokio::process::Command;

/// The rules that people meet, each with a body that breaks it: endpoint, what is beside model and input, the code, and
/// whether the API would refuse it.
fn cases() -> Vec<(&'static str, Value, &'static str, bool)> {
    let open = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let nested =
        json!({"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}});
    let function = json!({"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}});
    let pairs: serde_json::Map<String, Value> =
        (0..17).map(|n| (format!("k{n}"), json!("v"))).collect();
    let (r, c) = ("responses", "chat_completions");
    vec![
        (r, json!({"temperature": 0.7}), "sampling_rejected", true),
        (r, json!({"top_p": 0.5}), "sampling_rejected", true),
        (c, json!({"temperature": 0.7}), "sampling_rejected", true),
        (r, json!({"max_output_tokens": 8}), "below_minimum", true),
        (
            r,
            json!({"max_output_tokens": 200_000}),
            "above_maximum",
            true,
        ),
        (
            r,
            json!({"reasoning": {"effort": "xhigh"}, "max_output_tokens": 4000}),
            "cap_may_cut",
            false,
        ),
        (
            r,
            json!({"response_format": {"type": "json_object"}}),
            "moved",
            true,
        ),
        (r, json!({"response_format": nested}), "moved", true),
        (r, json!({"seed": 1}), "not_on_endpoint", true),
        (r, json!({"stop": "."}), "not_on_endpoint", true),
        (r, json!({"reasoning_effort": "low"}), "moved", true),
        (r, json!({"max_tokens": 4000}), "moved", true),
        (r, json!({"text": {"format": nested}}), "format_shape", true),
        (
            c,
            json!({"model": "gpt-5.5-pro"}),
            "model_not_on_endpoint",
            true,
        ),
        (
            c,
            json!({"tools": [function], "reasoning_effort": "high"}),
            "function_tools_with_effort",
            true,
        ),
        (
            r,
            json!({"tools": [{"type": "computer_use"}]}),
            "tool_renamed",
            true,
        ),
        (
            r,
            json!({"tools": [{"type": "code_interpreter"}]}),
            "missing_field",
            true,
        ),
        (
            r,
            json!({"tools": [{"type": "file_search"}]}),
            "missing_field",
            true,
        ),
        (r, json!({"user": "u"}), "deprecated", false),
        (r, json!({"metadata": pairs}), "too_many", true),
        (
            r,
            json!({"metadata": {"k".repeat(65): "v"}}),
            "too_long",
            true,
        ),
        (
            r,
            json!({"metadata": {"k": "v".repeat(513)}}),
            "too_long",
            true,
        ),
        (
            r,
            json!({"text": {"format": {"type": "json_schema", "name": "a", "strict": true, "schema": open}}}),
            "schema_refused",
            true,
        ),
        (
            r,
            json!({"input": "a b ".repeat(140_000)}),
            "long_context_price",
            false,
        ),
        (
            r,
            json!({"input": "a b ".repeat(480_000), "max_output_tokens": 128_000}),
            "window_may_run_out",
            false,
        ),
        (
            r,
            json!({"input": "a b ".repeat(540_000)}),
            "input_over_window",
            true,
        ),
        (
            r,
            json!({"input": "{{nobody}}"}),
            "unresolved_variable",
            true,
        ),
    ]
}

fn body(endpoint: &str, more: &Value) -> Value {
    let mut body = match endpoint {
        "responses" => json!({"model": "gpt-5.5", "input": "Hi"}),
        _ => json!({"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]}),
    };
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_terminal_finds_and_mends_what_the_engine_does() {
    let engine = Engine::open_own().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let mut asked = Vec::new();
    for (number, (endpoint, more, ..)) in cases().iter().enumerate() {
        let body = body(endpoint, more);
        let file = json!({"id": format!("0199b3c0-0000-7000-8000-0000000{number:05}"), "name": "A", "endpoint": endpoint, "body": body});
        let path = folder.path().join(format!("{number}.yaml"));
        std::fs::write(&path, file.to_string()).unwrap();
        files.push(path);
        asked.push(json!({"endpoint": endpoint, "body": body, "variables": {}}));
    }
    let check = async |files: &[std::path::PathBuf], more: &[&str]| {
        let output = Command::new(built(TERMINAL).unwrap())
            .arg("check")
            .args(files)
            .args(more)
            .env("RHEOSTAT_DATA", folder.path().join("data"))
            .env_remove("RHEOSTAT_WORKSPACE")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .unwrap();
        (
            output.status.code(),
            serde_json::from_slice::<Value>(&output.stdout).unwrap_or_default(),
        )
    };
    let (_, told) = check(&files, &["--json"]).await;
    for (number, (endpoint, more, code, refused)) in cases().into_iter().enumerate() {
        let name = format!(
            "{code}: {endpoint} {}",
            &more.to_string().chars().take(80).collect::<String>()
        );
        let (looked, _) = engine
            .call::<LintRequestOutput>("lint_request", &asked[number])
            .await
            .unwrap();
        let found: Vec<_> = looked.findings.iter().map(|it| it.code.as_str()).collect();
        let finding = looked.findings.iter().find(|it| it.code == code);
        let finding = finding.unwrap_or_else(|| panic!("{name}: {found:?}"));
        assert!(
            finding.message.len() > 10 && finding.reason.len() > 10,
            "{name}: {finding:?}"
        );
        assert_eq!(finding.severity == Severity::Error, refused, "{name}");
        assert_eq!(
            told[number]["findings"],
            serde_json::to_value(&looked.findings).unwrap(),
            "{name}: the terminal says the same"
        );
        let (fixed, _) = engine
            .call::<FixRequestOutput>("fix_request", json!({"request": asked[number]}))
            .await
            .unwrap();
        let one = std::slice::from_ref(&files[number]);
        let errors = looked
            .findings
            .iter()
            .any(|it| it.severity == Severity::Error);
        let (exit, _) = check(one, &[]).await;
        assert_eq!(exit, Some(i32::from(errors)), "{name}");
        let (exit, mended) = check(one, &["--fix", "--json"]).await;
        let left = fixed
            .findings
            .iter()
            .any(|it| it.severity == Severity::Error);
        assert_eq!(exit, Some(i32::from(left)), "{name}: mended");
        assert_eq!(
            mended[0]["findings"],
            serde_json::to_value(&fixed.findings).unwrap(),
            "{name}: mended alike"
        );
    }
}
