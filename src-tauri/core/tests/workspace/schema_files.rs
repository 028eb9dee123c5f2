//! Schemas as files: several requests use one, its file is looked after as a request's is, and a body never goes out
//! without the schema that it refers to.

use rheostat_core::error::ErrorCode;
use rheostat_core::workspace::request_file::RequestFile;
use serde_json::{Value, json};

use super::bench::Bench;

const VERDICT: &str = "{\n  \"type\": \"object\", \"properties\": {\"ok\": {\"type\": \"boolean\"}},\n  \"required\": [\"ok\"], \"additionalProperties\": false\n}\n";
const ONE: &str = "id: one\nname: One\nschema_file: schemas/verdict.json\nbody:\n  model: gpt-5.5\n  input: Hi\n  text:\n    format: {type: json_schema, name: judged, strict: true}\n";
const TWO: &str = "# Kept by hand.\nid: two\nname: Two\nendpoint: chat_completions\nschema_file: schemas/verdict.json\nbody:\n  model: gpt-5.5\n  messages: [{role: user, content: Hi}]\n";
const OWN: &str = "id: own\nname: Own\nbody:\n  model: gpt-5.5\n  input: Hi\n  text:\n    format: {type: json_schema, name: mine, strict: true, schema: {type: object}}\n";

fn bench() -> Bench {
    Bench::over(&[
        ("schemas/verdict.json", VERDICT),
        ("schemas/note.txt", "no schema"),
        ("one.yaml", ONE),
        ("in/two.yaml", TWO),
        ("own.yaml", OWN),
    ])
}

async fn open(bench: &Bench, path: &str) -> RequestFile {
    let opened = bench.call("read_request", json!({ "path": path })).await;
    serde_json::from_value(opened["request"].clone()).unwrap()
}

fn verdict() -> Value {
    serde_json::from_str(VERDICT).unwrap()
}

async fn lint(bench: &Bench, request: &RequestFile) -> Vec<(String, String, String)> {
    let asked = json!({"endpoint": request.endpoint, "body": request.body, "requestId": request.id,
        "schemaFile": request.schema_file});
    let found = bench.call("lint_request", asked).await;
    let errors = found["findings"].as_array().unwrap().iter();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    errors
        .filter(|it| it["severity"] == "error")
        .map(|it| (text(it, "code"), text(it, "pointer"), text(it, "message")))
        .collect()
}

#[tokio::test]
async fn two_requests_of_one_file_send_it_on_both_endpoints() {
    let bench = bench();
    let (one, two) = (
        open(&bench, "one.yaml").await,
        open(&bench, "in/two.yaml").await,
    );
    let sent = |request| Value::Object(bench.workbench.wire_body(request, None).unwrap());
    assert_eq!(
        sent(&one)["text"]["format"],
        json!({"type": "json_schema", "name": "judged", "strict": true, "schema": verdict()})
    );
    assert_eq!(
        sent(&two)["response_format"],
        json!({"type": "json_schema", "json_schema": {"name": "verdict", "strict": true, "schema": verdict()}}),
        "a body that says nothing of the format gets the file's name, and is held to it"
    );
    let filled = bench.workbench.fill(&one).unwrap();
    assert_eq!(filled.schema_file, None);
    assert_eq!(
        bench.workbench.fill(&filled).unwrap(),
        filled,
        "filling again changes nothing"
    );
    assert_eq!(lint(&bench, &one).await, []);
    assert_eq!(lint(&bench, &two).await, []);

    let counted = bench
        .call("count_tokens", json!({"request": one, "exact": false}))
        .await;
    assert!(counted["schema"].as_u64().unwrap() > 10, "{counted}");
    let copied = bench
        .call("copy_request", json!({"as": "curl", "endpoint": one.endpoint, "body": one.body, "schemaFile": one.schema_file}))
        .await;
    assert!(
        copied["code"]
            .as_str()
            .unwrap()
            .contains("additionalProperties"),
        "{copied}"
    );
    let exported = bench
        .call(
            "export_requests",
            json!({"requestIds": ["two"], "as": "batch"}),
        )
        .await;
    assert!(
        exported.to_string().contains("additionalProperties"),
        "{exported}"
    );
    let exported = bench
        .call(
            "export_requests",
            json!({"requestIds": ["one"], "as": "folder"}),
        )
        .await;
    assert!(
        exported.to_string().contains("schemas/verdict.json"),
        "{exported}"
    );
}

#[tokio::test]
async fn they_are_listed_with_who_uses_them_and_are_no_requests() {
    let bench = bench();
    assert_eq!(
        bench.tree().await,
        ["in/", "in/two.yaml", "one.yaml", "own.yaml"]
    );
    let listed = bench.call("list_schemas", json!({})).await;
    let names = |list: &Value| -> Vec<String> {
        let each = list.as_array().unwrap().iter();
        each.map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&listed["files"]), ["verdict"]);
    assert_eq!(names(&listed["files"][0]["usedBy"]), ["Two", "One"]);
    assert_eq!(
        listed["inline"],
        json!([{"request": {"path": "own.yaml", "id": "own", "name": "Own", "model": "gpt-5.5", "effort": null}, "name": "mine"}])
    );
    assert_eq!(listed["lost"], json!([]));
}

#[tokio::test]
async fn a_schema_is_saved_as_it_is_spelled_and_never_over_an_outside_edit() {
    let bench = bench();
    let path = "schemas/verdict.json";
    let read = bench.call("read_schema", json!({ "path": path })).await;
    assert_eq!(
        (read["text"].as_str(), &read["problem"]),
        (Some(VERDICT), &Value::Null)
    );
    let text = "{\"type\":   \"object\"}";
    let save = |stamp: &Value| json!({"path": path, "text": text, "stamp": stamp});
    let saved = bench.call("save_schema", save(&read["stamp"])).await;
    let file = bench.root().join(path);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{text}\n"));
    assert_eq!(
        bench.refused("save_schema", save(&read["stamp"])).await,
        ErrorCode::FileChanged
    );
    assert_eq!(
        bench
            .refused(
                "save_schema",
                json!({"path": path, "text": "{", "stamp": saved["stamp"]})
            )
            .await,
        ErrorCode::FileInvalid
    );
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        format!("{text}\n"),
        "left as it is"
    );
    std::fs::remove_file(&file).unwrap();
    assert_eq!(
        bench.refused("save_schema", save(&saved["stamp"])).await,
        ErrorCode::FileChanged
    );
    bench.call("save_schema", save(&json!(""))).await;
    assert!(file.exists(), "made anew when that is asked for");
}

#[tokio::test]
async fn one_is_made_copied_renamed_and_deleted_with_undo() {
    let bench = bench();
    let made = bench
        .call(
            "create_schema",
            json!({"name": "ticket class/2", "text": "{}"}),
        )
        .await;
    assert_eq!(made["path"], "schemas/ticket-class-2.json");
    let again = bench
        .call("create_schema", json!({"name": "Verdict", "text": "{}"}))
        .await;
    assert_eq!(
        again["path"], "schemas/Verdict-2.json",
        "on some systems A and a are one file"
    );
    let copy = bench
        .call("duplicate_schema", json!({"path": "schemas/verdict.json"}))
        .await;
    assert_eq!(copy["path"], "schemas/verdict_copy.json");
    for (name, text, code) in [
        ("x", "no", ErrorCode::FileInvalid),
        ("x", "", ErrorCode::FileInvalid),
    ] {
        assert_eq!(
            bench
                .refused("create_schema", json!({"name": name, "text": text}))
                .await,
            code
        );
    }

    let renamed = bench
        .call(
            "rename_schema",
            json!({"path": "schemas/verdict.json", "name": "ruling"}),
        )
        .await;
    assert_eq!(renamed["path"], "schemas/ruling.json");
    assert_eq!(
        renamed["requests"].as_array().unwrap().len(),
        2,
        "{renamed}"
    );
    let two = std::fs::read_to_string(bench.root().join("in/two.yaml")).unwrap();
    assert_eq!(
        two,
        TWO.replace("verdict", "ruling"),
        "who uses it follows, comments and all"
    );
    assert_eq!(
        bench
            .refused(
                "rename_schema",
                json!({"path": "schemas/ruling.json", "name": "verdict_copy"})
            )
            .await,
        ErrorCode::NameTaken
    );
    assert_eq!(
        bench
            .refused(
                "rename_schema",
                json!({"path": "schemas/ruling.json", "name": "/"})
            )
            .await,
        ErrorCode::BadInput
    );

    let deleted = bench
        .call("delete_schema", json!({"path": "schemas/ruling.json"}))
        .await;
    let listed = bench.call("list_schemas", json!({})).await;
    assert_eq!(listed["lost"].as_array().unwrap().len(), 2, "{listed}");
    let restored = bench
        .call("restore_item", json!({"handle": deleted["handle"]}))
        .await;
    assert_eq!(restored["path"], "schemas/ruling.json");
    assert_eq!(
        bench.call("list_schemas", json!({})).await["lost"],
        json!([])
    );
}

#[tokio::test]
async fn a_reference_that_leads_nowhere_is_named_and_nothing_is_sent() {
    let bench = Bench::over(&[
        ("one.yaml", ONE),
        ("schemas/broken.json", "{\n  \"type\": object\n}"),
        (
            "outside.yaml",
            "id: outside\nname: O\nschema_file: ../../etc/passwd.json\nbody: {model: gpt-5.5, input: Hi}\n",
        ),
        (
            "broken.yaml",
            "id: broken\nname: B\nschema_file: schemas/broken.json\nbody: {model: gpt-5.5, input: Hi}\n",
        ),
        (
            "other.yaml",
            "id: other\nname: X\nschema_file: rheostat.yaml\nbody: {model: gpt-5.5, input: Hi}\n",
        ),
    ]);
    for (path, code, place, said) in [
        (
            "one.yaml",
            ErrorCode::FileUnreadable,
            "/schema_file",
            "There is no schema schemas/verdict.json in the workspace.",
        ),
        (
            "outside.yaml",
            ErrorCode::BadInput,
            "/schema_file",
            "\"../../etc/passwd.json\" leads out of the workspace.",
        ),
        (
            "other.yaml",
            ErrorCode::BadInput,
            "/schema_file",
            "\"rheostat.yaml\" is no schema of the workspace.",
        ),
    ] {
        let request = open(&bench, path).await;
        let refused = bench.workbench.fill(&request).unwrap_err();
        assert_eq!(
            (
                refused.code,
                refused.place.as_deref(),
                refused.message.as_str()
            ),
            (code, Some(place), said)
        );
        assert_eq!(
            lint(&bench, &request).await,
            [("schema_file".to_owned(), place.to_owned(), said.to_owned())]
        );
        let sent = bench
            .try_call("send", json!({"ticket": "t", "request": request}))
            .await
            .unwrap_err();
        assert_eq!(sent.message, said, "no byte is sent");
        bench
            .call("count_tokens", json!({"request": request, "exact": false}))
            .await;
    }
    let broken = open(&bench, "broken.yaml").await;
    let refused = bench.workbench.fill(&broken).unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileInvalid);
    assert!(
        refused.place.unwrap().ends_with("schemas/broken.json:2:11"),
        "the line is named"
    );
    let read = bench
        .call("read_schema", json!({"path": "schemas/broken.json"}))
        .await;
    assert!(
        read["text"].as_str().unwrap().contains("object"),
        "it can be opened to be mended"
    );
    assert_eq!(read["problem"]["code"], "file_invalid");
    let listed = bench.call("list_schemas", json!({})).await;
    assert_eq!(listed["lost"].as_array().unwrap().len(), 4, "{listed}");
    assert_eq!(listed["files"][0]["problem"]["code"], "file_invalid");
}

#[tokio::test]
async fn a_request_has_one_schema() {
    let bench = bench();
    let mut twice = open(&bench, "own.yaml").await;
    twice.schema_file = Some("schemas/verdict.json".to_owned());
    assert_eq!(
        lint(&bench, &twice).await[0].0,
        "schema_twice",
        "two of them would leave it open which is sent"
    );
    assert_eq!(
        bench.workbench.fill(&twice).unwrap_err().code,
        ErrorCode::BadInput
    );
    twice.body["text"] = json!({"format": {"type": "text"}});
    assert_eq!(lint(&bench, &twice).await[0].0, "schema_unused");
    assert_eq!(
        bench.workbench.fill(&twice).unwrap_err().code,
        ErrorCode::BadInput
    );
}

#[tokio::test]
async fn what_strict_mode_refuses_in_the_file_is_told_of_its_requests_and_mended_there() {
    let bench = bench();
    std::fs::write(
        bench.root().join("schemas/verdict.json"),
        "{\"type\": \"object\", \"properties\": {}}",
    )
    .unwrap();
    let one = open(&bench, "one.yaml").await;
    let asked = json!({"endpoint": one.endpoint, "body": one.body, "schemaFile": one.schema_file});
    let found = bench.call("lint_request", asked.clone()).await;
    let first = &found["findings"][0];
    assert_eq!(
        (&first["code"], &first["pointer"], &first["fix"]),
        (
            &json!("schema_refused"),
            &json!("/schema_file"),
            &Value::Null
        )
    );
    let fixed = bench.call("fix_request", json!({"request": asked})).await;
    assert_eq!(
        fixed["body"],
        Value::Object(one.body),
        "the body gets no copy of the schema"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_leads_out() {
    let bench = bench();
    let secret = bench.folder.path().join("secret.json");
    std::fs::write(&secret, "{\"a\": 1}").unwrap();
    std::os::unix::fs::symlink(&secret, bench.root().join("schemas/link.json")).unwrap();
    let path = json!({"path": "schemas/link.json"});
    assert_eq!(
        bench.refused("read_schema", path.clone()).await,
        ErrorCode::BadInput
    );
    assert_eq!(
        bench.refused("delete_schema", path).await,
        ErrorCode::BadInput
    );
    let save = json!({"path": "schemas/link.json", "text": "{}", "stamp": ""});
    assert_eq!(
        bench.refused("save_schema", save).await,
        ErrorCode::BadInput
    );
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "{\"a\": 1}");
    assert_eq!(
        bench.call("list_schemas", json!({})).await["files"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn its_tokens_are_counted_and_held_against_no_run() {
    let bench = bench();
    let measured = bench
        .call(
            "measure_schema",
            json!({"schema": verdict(), "requestId": "one", "model": "gpt-5.5"}),
        )
        .await;
    let tokens = measured["tokens"].as_u64().unwrap();
    assert!((15..80).contains(&tokens), "{measured}");
    assert_eq!(
        (&measured["runs"], &measured["inputTokens"]),
        (&json!(0), &Value::Null)
    );
    let price = measured["inputPrice"].as_u64().unwrap();
    assert_eq!(
        measured["cost"].as_u64().unwrap(),
        price * tokens / 1_000_000,
        "nano-dollars per run"
    );
    let unknown = bench
        .call(
            "measure_schema",
            json!({"schema": verdict(), "model": "mine"}),
        )
        .await;
    assert_eq!(
        (&unknown["inputPrice"], &unknown["cost"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn what_is_huge_or_runs_in_a_circle_ends_with_an_answer() {
    let bench = bench();
    let fields: serde_json::Map<String, Value> = (0..10_000)
        .map(|n| {
            (
                format!("field_{n}"),
                json!({"type": "string", "description": "x".repeat(80)}),
            )
        })
        .collect();
    let names: Vec<&String> = fields.keys().collect();
    let large = json!({"type": "object", "required": names, "properties": fields, "additionalProperties": false});
    assert!(large.to_string().len() > 1_000_000);
    let checked = bench.call("check_schema", json!({"schema": large})).await;
    assert_eq!(checked["problems"][0]["code"], "too_many_properties");
    let made = bench
        .call(
            "create_schema",
            json!({"name": "large", "text": large.to_string()}),
        )
        .await;
    let read = bench
        .call("read_schema", json!({"path": made["path"]}))
        .await;
    assert_eq!(read["problem"], Value::Null);

    let circle = json!({"type": "object", "properties": {"next": {"$ref": "#/$defs/a"}}, "required": ["next"],
        "additionalProperties": false, "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}});
    let codes = |checked: &Value| -> Vec<String> {
        let each = checked["problems"].as_array().unwrap().iter();
        each.map(|it| it["code"].as_str().unwrap().to_owned())
            .collect()
    };
    let checked = bench.call("check_schema", json!({"schema": circle})).await;
    assert!(
        codes(&checked).iter().any(|code| code.starts_with("ref_")),
        "{checked}"
    );
    let remote = json!({"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/x.json"}}, "required": ["a"],
        "additionalProperties": false});
    let checked = bench.call("check_schema", json!({"schema": remote})).await;
    assert_eq!(codes(&checked), ["ref_remote"]);
    assert_eq!(
        bench
            .refused(
                "validate_output",
                json!({"schema": remote, "text": "{\"a\": 1}", "partial": false})
            )
            .await,
        ErrorCode::BadInput,
        "it is not fetched"
    );
    let sample = bench
        .try_call("infer_schema", json!({"samples": ["{}", "{\n  no"]}))
        .await
        .unwrap_err();
    assert_eq!(sample.code, ErrorCode::BadInput);
    assert!(
        sample.message.contains('2'),
        "the sample is named: {sample}"
    );
}
