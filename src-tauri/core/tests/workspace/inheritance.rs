//! What folders hand down is shown, sent, and never written into the requests.

use rheostat_core::error::ErrorCode;
use rheostat_core::workspace::request_file::RequestFile;
use serde_json::{Value, json};

use super::bench::Bench;

const BARE: &str = "id: bare\nname: Bare\nbody:\n  input: Hi\n";

fn bench() -> Bench {
    Bench::over(&[
        (
            "folder.yaml",
            "defaults:\n  model: gpt-5.5\n  effort: low\n  instructions: Be brief.\n",
        ),
        ("review/folder.yaml", "defaults:\n  effort: high\n"),
        ("review/deep/bare.yaml", BARE),
        (
            "review/own.yaml",
            "id: own\nname: Own\nbody:\n  model: gpt-5.4\n  reasoning: {effort: none}\n  input: Hi\n",
        ),
    ])
}

async fn open(bench: &Bench, path: &str) -> (RequestFile, Value) {
    let opened = bench.call("read_request", json!({ "path": path })).await;
    let request = serde_json::from_value(opened["request"].clone()).unwrap();
    (request, opened)
}

#[tokio::test]
async fn it_is_shown_with_its_folder_and_sent_but_not_written() {
    let bench = bench();
    let (request, opened) = open(&bench, "review/deep/bare.yaml").await;
    assert_eq!(
        opened["inherited"],
        json!([
            { "pointer": "/model", "value": "gpt-5.5", "from": "" },
            { "pointer": "/reasoning/effort", "value": "high", "from": "review" },
            { "pointer": "/instructions", "value": "Be brief.", "from": "" },
        ])
    );
    let sent = |effort| Value::Object(bench.workbench.wire_body(&request, effort).unwrap());
    assert_eq!(
        sent(None),
        json!({ "input": "Hi", "model": "gpt-5.5", "reasoning": { "effort": "high" },
                "instructions": "Be brief.", "stream": true })
    );
    assert_eq!(sent(Some("xhigh"))["reasoning"]["effort"], "xhigh");
    let saved = json!({ "path": "review/deep/bare.yaml", "request": opened["request"], "stamp": opened["stamp"] });
    let saved = bench.call("save_request", saved).await;
    assert_eq!(bench.text("review/deep/bare.yaml"), BARE);
    assert_eq!(
        (&saved["summary"]["model"], &saved["summary"]["effort"]),
        (&json!("gpt-5.5"), &json!("high"))
    );
}

#[tokio::test]
async fn the_list_and_the_forecast_go_by_it() {
    let bench = bench();
    let listed = bench.call("list_requests", json!({})).await;
    let shown: Vec<_> = listed["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["id"].clone(), it["model"].clone(), it["effort"].clone()))
        .collect();
    assert_eq!(
        shown,
        [
            (json!("bare"), json!("gpt-5.5"), json!("high")),
            (json!("own"), json!("gpt-5.4"), json!("none"))
        ]
    );
    let (_, opened) = open(&bench, "review/deep/bare.yaml").await;
    let forecast = json!({ "request": opened["request"], "efforts": [], "repeats": 1 });
    let forecast = bench.call("forecast_run", forecast).await;
    assert_eq!(forecast["levels"][0]["effort"], "high");
    assert!(
        forecast["levels"][0]["worstCost"].is_u64(),
        "the model's price is known"
    );
}

#[tokio::test]
async fn a_folder_is_saved_like_a_request() {
    let bench = bench();
    let read = bench.call("read_folder", json!({ "path": "review" })).await;
    assert_eq!(read["folder"], json!({ "defaults": { "effort": "high" } }));
    assert_eq!(
        read["inherited"][1],
        json!({ "pointer": "/reasoning/effort", "value": "low", "from": "" })
    );
    let (request, _) = open(&bench, "review/deep/bare.yaml").await;

    let mut folder = read["folder"].clone();
    folder["defaults"]["effort"] = json!("medium");
    folder["defaults"]["variables"] = json!({ "tone": "dry" });
    let save = |stamp: &Value| json!({ "path": "review", "folder": folder, "stamp": stamp });
    assert_eq!(
        bench.refused("save_folder", save(&json!("other"))).await,
        ErrorCode::FileChanged
    );
    let saved = bench.call("save_folder", save(&read["stamp"])).await;
    assert_eq!(
        bench.text("review/folder.yaml"),
        "defaults:\n  effort: medium\n  variables:\n    tone: dry\n"
    );
    assert_eq!(
        saved["news"]["requests"][0]["effort"], "medium",
        "the list follows"
    );
    let sent = bench.workbench.wire_body(&request, None).unwrap();
    assert_eq!(sent["reasoning"]["effort"], "medium");
    let variables = bench.workbench.workspace.variables_of("bare").unwrap();
    assert_eq!(
        serde_json::to_value(variables).unwrap(),
        json!([["", {}], ["review", { "tone": "dry" }]])
    );

    // A folder without a file gets one.
    let read = bench
        .call("read_folder", json!({ "path": "review/deep" }))
        .await;
    assert_eq!((&read["folder"], &read["stamp"]), (&json!({}), &json!("")));
    let save = json!({ "path": "review/deep", "folder": { "defaults": { "model": "gpt-5.4" } }, "stamp": "" });
    bench.call("save_folder", save).await;
    assert_eq!(
        bench.workbench.wire_body(&request, None).unwrap()["model"],
        "gpt-5.4"
    );
}

#[tokio::test]
async fn it_follows_a_request_to_its_new_place() {
    let bench = bench();
    let (request, _) = open(&bench, "review/deep/bare.yaml").await;
    let effort =
        || bench.workbench.wire_body(&request, None).unwrap()["reasoning"]["effort"].clone();
    bench
        .call(
            "move_item",
            json!({ "path": "review/deep/bare.yaml", "toFolder": "" }),
        )
        .await;
    assert_eq!(effort(), "low");
    // Moved outside, while nothing watches.
    std::fs::rename(
        bench.root().join("bare.yaml"),
        bench.root().join("review/moved.yaml"),
    )
    .unwrap();
    assert_eq!(effort(), "high");
    bench
        .call("rename_item", json!({ "path": "review", "name": "other" }))
        .await;
    assert_eq!(effort(), "high");
}

#[tokio::test]
async fn nothing_is_sent_without_what_it_should_inherit() {
    let bench = bench();
    let (request, _) = open(&bench, "review/deep/bare.yaml").await;
    std::fs::write(
        bench.root().join("review/folder.yaml"),
        "defaults:\n  effort: [high\n",
    )
    .unwrap();
    let refused = bench.workbench.wire_body(&request, None).unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileInvalid);
    assert!(refused.place.unwrap().contains("review/folder.yaml:"));
    let (_, opened) = open(&bench, "review/deep/bare.yaml").await;
    assert_eq!(
        opened["inheritedProblem"]["code"], "file_invalid",
        "it can still be opened"
    );
    let listed = bench.call("list_requests", json!({})).await;
    let problems: Vec<_> = listed["folders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["problem"]["code"].clone())
        .collect();
    assert_eq!(problems, [Value::Null, json!("file_invalid"), Value::Null]);
}

#[tokio::test]
async fn a_request_from_elsewhere_inherits_nothing() {
    let bench = bench();
    let foreign: RequestFile = serde_json::from_value(
        json!({ "id": "foreign", "name": "F", "body": { "model": "gpt-5.5", "input": "Hi" } }),
    )
    .unwrap();
    let sent = bench.workbench.wire_body(&foreign, None).unwrap();
    assert_eq!(
        Value::Object(sent),
        json!({ "model": "gpt-5.5", "input": "Hi", "stream": true })
    );
}
