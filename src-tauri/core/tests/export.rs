//! Moving out: what each form holds, what it can't say, and that it comes in again as it went out.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

use rheostat_core::workspace::export::{ExportKind, Exported, Outgoing, export};
use rheostat_core::workspace::import::{self, ImportedContent, Source};
use rheostat_core::workspace::request_file::RequestFile;
use serde_json::{Value, json};

/// Planted in what goes out: it must never arrive.
const KEY: &str = "sk-test-planted0123456789abcdef";

fn outgoing(path: &str, request: Value) -> Outgoing {
    let mut request = request;
    request["id"] = json!("0199b3c0-0000-7000-8000-00000000e571");
    Outgoing {
        path: path.into(),
        request: serde_json::from_value::<RequestFile>(request).unwrap(),
    }
}

fn requests() -> Vec<Outgoing> {
    vec![
        outgoing(
            "Work/person.yaml",
            json!({
                "name": "Person",
                "body": {"model": "gpt-5.5", "input": [{"role": "user", "content": "Who is {{the-one}}? {% raw %} \\{{kept}}"}],
                    "stream": true, "reasoning": {"effort": "low", "summary": "auto"},
                    "tools": [{"type": "mcp", "server_label": "x", "authorization": KEY}],
                    "text": {"format": {"type": "json_schema", "name": "p", "strict": true, "schema": {"type": "object"}}}},
                "checks": [{"schema_valid": true}, {"name": "Has \"A\"\n*/", "contains": "A {{b}}"}, {"pattern": "(?i)x$"},
                    {"pattern": r"\p{L}"}, {"max_words": 9}, {"not_contains": "z"}],
            }),
        ),
        outgoing(
            "Work/talk.yaml",
            json!({"name": "Person", "endpoint": "chat_completions", "body": {"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]}}),
        ),
    ]
}

fn written(kind: ExportKind) -> Exported {
    let exported = export(&requests(), kind).unwrap();
    let text: String = exported
        .files
        .iter()
        .map(|file| file.text.as_str())
        .collect();
    assert!(!text.contains("planted"), "a key went out: {text}");
    assert_eq!(
        export(&requests(), kind).unwrap(),
        exported,
        "the same bytes again"
    );
    let what = &exported.left_out[0].what;
    assert_eq!(
        what, "What stood at /tools/0/authorization",
        "and it is said"
    );
    exported
}

fn only(exported: &Exported) -> &str {
    assert_eq!(exported.files.len(), 1);
    &exported.files[0].text
}

fn left(exported: &Exported) -> Vec<&str> {
    exported.left_out[1..]
        .iter()
        .map(|left| left.what.as_str())
        .collect()
}

/// What an import makes of the files: folder, name, body and checks of each request.
fn back(exported: &Exported) -> Vec<(String, String, Value, Value)> {
    let sources: Vec<Source> = exported
        .files
        .iter()
        .map(|file| Source {
            name: file.name.clone(),
            bytes: file.text.clone().into_bytes(),
        })
        .collect();
    let imported = import::read(&sources).unwrap();
    let requests = imported
        .items
        .iter()
        .filter_map(|item| match &item.content {
            ImportedContent::Request { request } => Some((
                item.folder.clone(),
                item.name.clone(),
                Value::Object(request.body.clone()),
                serde_json::to_value(&request.checks).unwrap(),
            )),
            _ => None,
        });
    requests.collect()
}

fn as_they_went_out() -> Vec<(String, String, Value, Value)> {
    let mut bodies: Vec<Value> = requests()
        .into_iter()
        .map(|it| Value::Object(it.request.body))
        .collect();
    bodies[0]["tools"][0]
        .as_object_mut()
        .unwrap()
        .remove("authorization");
    let checks = serde_json::to_value(&requests()[0].request.checks).unwrap();
    vec![
        ("Work".into(), "Person".into(), bodies[0].clone(), checks),
        ("Work".into(), "Person".into(), bodies[1].clone(), json!([])),
    ]
}

#[test]
fn a_folder_and_a_document_come_in_as_they_went_out() {
    let folder = written(ExportKind::Folder);
    let names: Vec<_> = folder.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["Work/person.yaml", "Work/talk.yaml"]);
    assert_eq!(back(&folder), as_they_went_out());
    let document = written(ExportKind::Json);
    assert_eq!(back(&document), as_they_went_out());
}

#[test]
fn a_batch_is_a_file_per_endpoint_with_unique_ids() {
    let exported = written(ExportKind::Batch);
    let names: Vec<_> = exported
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["batch-chat-gpt-5.5.jsonl", "batch-responses-gpt-5.5.jsonl"]
    );
    let line: Value = serde_json::from_str(&exported.files[1].text).unwrap();
    assert_eq!(
        (&line["custom_id"], &line["url"]),
        (&json!("person"), &json!("/v1/responses"))
    );
    assert_eq!(line["body"].get("stream"), None, "a batch takes no stream");
    assert_eq!(
        line["body"]["input"][0]["content"],
        json!("Who is {{the-one}}? {% raw %} {{kept}}"),
        "what is escaped goes out as it is sent"
    );
    let other: Value = serde_json::from_str(&exported.files[0].text).unwrap();
    assert_eq!(other["custom_id"], json!("person-2"));
    assert_eq!(left(&exported), ["6 checks", "The value of {{the-one}}"]);
    assert_eq!(back(&exported)[1].0, "batch-responses-gpt-5.5");
}

#[test]
fn promptfoo_gets_templates_that_give_the_same_texts() {
    let exported = written(ExportKind::Promptfoo);
    let config: Value = serde_saphyr::from_str(only(&exported)).unwrap();
    assert_eq!(
        config["prompts"][0]["raw"]
            .as_str()
            .map(|raw| serde_json::from_str::<Value>(raw).unwrap()),
        Some(
            json!([{"role": "user", "content": "Who is {{the_one}}? {{ '{%' }} raw %} {{ '{{' }}kept}}"}])
        )
    );
    assert_eq!(
        config["providers"][0]["id"],
        json!("openai:responses:gpt-5.5")
    );
    assert_eq!(config["providers"][1]["label"], json!("Person 2"));
    assert_eq!(
        config["tests"][0]["vars"],
        json!({"the_one": "(a value for the_one)"})
    );
    assert_eq!(
        config["tests"][0]["assert"],
        json!([
            {"type": "is-json", "value": {"type": "object"}},
            {"type": "icontains", "value": "A {{ '{{' }}b}}", "metric": "Has \"A\" */"},
            {"type": "javascript", "value": r#"new RegExp("x$", "i").test(output)"#},
            {"type": "word-count", "value": {"max": 9}},
            {"type": "not-icontains", "value": "z"},
        ])
    );
    assert_eq!(
        left(&exported),
        [
            "reasoning.summary",
            "The value of {{the-one}}",
            r"The check Matches /\p{L}/"
        ]
    );
    let back = back(&exported);
    assert_eq!(
        (back[0].1.as_str(), back[1].1.as_str()),
        ("Person", "Person 2")
    );
    assert_eq!(back[0].2["text"], requests()[0].request.body["text"]);
    assert_eq!(back[0].3[0], json!({"schema_valid": true}));
}

#[test]
fn scripts_and_tests_say_what_they_leave_out() {
    let curl = written(ExportKind::Curl);
    assert!(only(&curl).contains("\n# Person\n# Put a value in place of {{the-one}}.\ncurl -N https://api.openai.com/v1/responses"), "{}", only(&curl));
    assert_eq!(
        left(&curl),
        ["The value of {{the-one}}".to_owned(), "6 checks".to_owned()]
            .iter()
            .rev()
            .collect::<Vec<_>>()
    );
    let pytest = written(ExportKind::Pytest);
    let text = only(&pytest);
    for part in [
        "def test_person(client):",
        "def test_person_2(client):",
        "\"the-one\": \"\"",
        r#"assert re.search("x\\Z", text, re.I)"#,
        r#"assert folded("A {{b}}") in folded(text), "Has \"A\" */""#,
        "    # Left out: The check Matches /\\p{L}/\n",
        "assert len(text.split()) <= 9",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let vitest = written(ExportKind::Vitest);
    let text = only(&vitest);
    for part in [
        "test(\"Person\", async",
        "test(\"Person 2\", async",
        r#"toMatch(new RegExp("x$", "i"))"#,
        "  // Left out: The check Matches /\\p{L}/\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(
        !text.contains("stream"),
        "a test waits for the whole answer"
    );
}

#[test]
fn hostile_names_stay_in_their_comments() {
    let one = outgoing(
        "x.yaml",
        json!({"name": "a\n\"\"\" */\nrm -rf /\u{2028}import os", "body": {"model": "m", "input": "x"}}),
    );
    for kind in [ExportKind::Curl, ExportKind::Pytest, ExportKind::Vitest] {
        let exported = export(std::slice::from_ref(&one), kind).unwrap();
        let text = only(&exported);
        let bare = |line: &str| {
            line.trim_start().starts_with("rm ") || line.trim_start().starts_with("import os")
        };
        assert!(!text.lines().any(bare), "{kind:?}: {text}");
        assert!(!text.contains('\u{2028}'), "{kind:?}");
    }
}
