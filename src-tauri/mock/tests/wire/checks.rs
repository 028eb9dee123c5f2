//! The sample requests against their written replies: every level passes exactly as many checks as it should.

use std::path::PathBuf;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::talk::{instant, send_repeat};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "name")]
    _name: String,
    endpoint: String,
    body: Value,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    name: String,
    contains: Option<String>,
    not_contains: Option<String>,
    pattern: Option<String>,
    schema_valid: Option<bool>,
    max_words: Option<usize>,
}

impl Check {
    fn passes(&self, output: &str, body: &Value) -> bool {
        let holds = |text: &String| folded(output).contains(&folded(text));
        match self {
            Check {
                contains: Some(text),
                ..
            } => holds(text),
            Check {
                not_contains: Some(text),
                ..
            } => !holds(text),
            Check {
                pattern: Some(pattern),
                ..
            } => Regex::new(pattern).unwrap().is_match(output),
            Check {
                schema_valid: Some(true),
                ..
            } => {
                let schema = &body["text"]["format"]["schema"];
                let validator = jsonschema::options()
                    .should_validate_formats(true)
                    .build(schema)
                    .unwrap();
                serde_json::from_str(output).is_ok_and(|value| validator.is_valid(&value))
            }
            Check {
                max_words: Some(most),
                ..
            } => output.split_whitespace().count() <= *most,
            other => panic!("{} checks nothing", other.name),
        }
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

fn sample(path: &str) -> Sample {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../core/samples");
    let text = std::fs::read_to_string(folder.join(path)).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// One row of figures per level: for each of the three takes the checks that it fails.
async fn failed(path: &str) -> Vec<(&'static str, Vec<Vec<usize>>)> {
    let sample = sample(path);
    assert_eq!(sample.endpoint, "responses");
    let stand_in = instant().await;
    let mut table = Vec::new();
    for effort in ["none", "low", "medium", "high", "xhigh"] {
        let mut body = sample.body.clone();
        body["reasoning"]["effort"] = effort.into();
        let mut takes = Vec::new();
        for repeat in 1..=3 {
            let response = send_repeat(&stand_in, &body, repeat).await;
            assert_eq!(
                response.headers()["x-rheostat-sample"],
                "written",
                "{path} at {effort}"
            );
            let got: Value = response.json().await.unwrap();
            assert_eq!(
                got["status"], "completed",
                "{path} at {effort} fits its limit"
            );
            let last = got["output"].as_array().unwrap().last().unwrap();
            let output = last["content"][0]["text"].as_str().unwrap();
            let numbered = sample.checks.iter().enumerate();
            takes.push(
                numbered
                    .filter(|(_, check)| !check.passes(output, &body))
                    .map(|(index, _)| index + 1)
                    .collect(),
            );
        }
        let fourth = send_repeat(&stand_in, &body, 4)
            .await
            .json::<Value>()
            .await
            .unwrap();
        let first = send_repeat(&stand_in, &body, 1)
            .await
            .json::<Value>()
            .await
            .unwrap();
        assert_eq!(text(&fourth), text(&first), "the takes come round again");
        table.push((effort, takes));
    }
    table
}

fn text(response: &Value) -> String {
    response["output"].as_array().unwrap().last().unwrap()["content"].to_string()
}

fn row<const N: usize>(
    effort: &'static str,
    takes: [&[usize]; N],
) -> (&'static str, Vec<Vec<usize>>) {
    (effort, takes.iter().map(|take| take.to_vec()).collect())
}

#[tokio::test]
async fn the_migration_review_gets_better_with_effort() {
    assert_eq!(
        failed("Migration review/flag-locking-ddl.yaml").await,
        [
            row("none", [&[5, 6, 7, 8], &[6, 7, 8], &[3, 5, 6, 7, 8]]),
            row("low", [&[6, 7, 8], &[5, 6, 7, 8], &[7, 8]]),
            row("medium", [&[8], &[8], &[6, 8]]),
            row("high", [&[], &[], &[]]),
            row("xhigh", [&[], &[], &[]]),
        ]
    );
}

#[tokio::test]
async fn the_worker_pool_gets_better_with_effort() {
    assert_eq!(
        failed("Go services/worker-pool.yaml").await,
        [
            row("none", [&[4, 5], &[4, 5, 6], &[4, 5]]),
            row("low", [&[4], &[4, 5], &[4]]),
            row("medium", [&[], &[], &[5]]),
            row("high", [&[], &[], &[]]),
            row("xhigh", [&[], &[], &[]]),
        ]
    );
}

#[tokio::test]
async fn the_extraction_gets_better_with_effort() {
    assert_eq!(
        failed("Transcripts/extract-session.yaml").await,
        [
            row("none", [&[5, 6], &[4, 5, 6], &[5, 6]]),
            row("low", [&[5], &[6], &[5, 6]]),
            row("medium", [&[], &[], &[5]]),
            row("high", [&[], &[], &[]]),
            row("xhigh", [&[], &[], &[]]),
        ]
    );
}

#[tokio::test]
async fn higher_levels_cost_more() {
    let stand_in = instant().await;
    for path in [
        "Migration review/flag-locking-ddl.yaml",
        "Go services/worker-pool.yaml",
        "Transcripts/extract-session.yaml",
    ] {
        let sample = sample(path);
        let mut output = Vec::new();
        for effort in ["none", "low", "medium", "high", "xhigh"] {
            let mut body = sample.body.clone();
            body["reasoning"]["effort"] = effort.into();
            let got: Value = send_repeat(&stand_in, &body, 1).await.json().await.unwrap();
            output.push(got["usage"]["output_tokens"].as_u64().unwrap());
        }
        assert!(output.is_sorted(), "{path}: {output:?}");
    }
}

#[tokio::test]
async fn the_review_is_long_enough_to_be_cached_on_repeats() {
    let stand_in = instant().await;
    let body = sample("Migration review/flag-locking-ddl.yaml").body;
    let mut cached = Vec::new();
    for repeat in 1..=2 {
        let got: Value = send_repeat(&stand_in, &body, repeat)
            .await
            .json()
            .await
            .unwrap();
        cached.push(
            got["usage"]["input_tokens_details"]["cached_tokens"]
                .as_u64()
                .unwrap(),
        );
    }
    assert_eq!(cached, [0, 1_152]);
}

#[tokio::test]
async fn an_edited_request_gets_no_written_reply() {
    let stand_in = instant().await;
    let extract = sample("Transcripts/extract-session.yaml").body;
    let mut other_fields = extract.clone();
    other_fields["text"]["format"]["schema"]["properties"]["room"] =
        serde_json::json!({"type": "string"});
    other_fields["text"]["format"]["schema"]["required"] =
        serde_json::json!(["title", "speaker", "start_time", "room"]);
    let mut other_model = extract.clone();
    other_model["model"] = "gpt-5.4".into();
    let mut other_talk = extract.clone();
    let prompt = extract["input"][1]["content"]
        .as_str()
        .unwrap()
        .replace("Lindqvist", "Berg");
    other_talk["input"][1]["content"] = prompt.into();
    let mut with_tool = extract;
    with_tool["tools"] = serde_json::json!([{"type": "function", "name": "f", "parameters": null}]);
    for body in [other_fields, other_model, other_talk, with_tool] {
        let response = send_repeat(&stand_in, &body, 1).await;
        assert_eq!(response.headers()["x-rheostat-sample"], "composed");
    }
}

#[tokio::test]
async fn a_written_reply_is_cut_by_the_limit_like_any_other() {
    let stand_in = instant().await;
    let mut body = sample("Migration review/flag-locking-ddl.yaml").body;
    body["max_output_tokens"] = 2_700.into();
    let got: Value = send_repeat(&stand_in, &body, 1).await.json().await.unwrap();
    assert_eq!(
        (
            &got["status"],
            &got["output"][1]["status"],
            &got["usage"]["output_tokens"]
        ),
        (&"incomplete".into(), &"incomplete".into(), &2_700.into())
    );
}
