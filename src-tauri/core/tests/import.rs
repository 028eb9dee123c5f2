//! Moving in: each format with what it holds, bad files, and writing without overwriting.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

use rheostat_core::catalog::endpoint::Endpoint;
use rheostat_core::error::ErrorCode;
use rheostat_core::workspace::folder::Workspace;
use rheostat_core::workspace::import::{
    self, FILE_LIMIT, ITEM_LIMIT, ImportKind, Imported, ImportedContent, Source, from_paths,
    to_responses,
};
use rheostat_core::workspace::request_file::RequestFile;
use serde_json::{Value, json};

/// Planted in every file: it must never come out again.
const KEY: &str = "sk-test-planted0123456789abcdef";

fn source(name: &str, text: impl AsRef<[u8]>) -> Source {
    Source {
        name: name.into(),
        bytes: text.as_ref().to_vec(),
    }
}

fn read(name: &str, text: impl AsRef<[u8]>) -> Imported {
    let imported = import::read(&[source(name, text)]).unwrap();
    no_key(&imported);
    imported
}

fn no_key(imported: &Imported) {
    let all = serde_json::to_string(imported).unwrap();
    assert!(!all.contains("planted"), "a key came out: {all}");
}

/// Folder, name, endpoint and body of every request.
fn requests(imported: &Imported) -> Vec<(String, String, Endpoint, Value)> {
    let request = |item: &import::ImportedItem| match &item.content {
        ImportedContent::Request { request } => Some((
            item.folder.clone(),
            item.name.clone(),
            request.endpoint,
            Value::Object(request.body.clone()),
        )),
        _ => None,
    };
    imported.items.iter().filter_map(request).collect()
}

fn one(imported: &Imported) -> (String, String, Endpoint, Value) {
    let mut requests = requests(imported);
    assert_eq!(requests.len(), 1, "{imported:?}");
    requests.remove(0)
}

/// Name and variables of every environment.
fn environments(imported: &Imported) -> Value {
    let environments = imported
        .items
        .iter()
        .filter_map(|item| match &item.content {
            ImportedContent::Environment { variables } => {
                let variables: Vec<Value> = variables
                    .iter()
                    .map(|it| json!([it.name, it.value]))
                    .collect();
                Some(json!([item.name, variables]))
            }
            _ => None,
        });
    environments.collect()
}

fn left(imported: &Imported) -> Vec<String> {
    imported
        .left_out
        .iter()
        .map(|left| left.what.clone())
        .collect()
}

/// The body that the samples send.
fn body() -> Value {
    json!({"model": "gpt-5.5", "input": "Greet {{name}}", "reasoning": {"effort": "low"}})
}

#[test]
fn a_command_brings_the_body_that_stands_in_a_file_beside_it() {
    let script = "curl https://api.openai.com/v1/responses -d @bodies/hi.json\ncurl https://api.openai.com/v1/responses --json @gone.json\ncurl https://api.openai.com/v1/responses -d @../../etc/passwd\n";
    let body = r#"{"model": "gpt-5.5", "input": "From a file"}"#;
    let own = r#"{"model": "gpt-5.5", "input": "By itself"}"#;
    for bodies_first in [false, true] {
        let mut sources = vec![
            source("calls/run.sh", script),
            source("calls/bodies/hi.json", body),
            source("calls/own.json", own),
        ];
        if bodies_first {
            sources.rotate_left(1);
        }
        let imported = import::read(&sources).unwrap();
        let mut inputs: Vec<_> = requests(&imported)
            .into_iter()
            .map(|(_, _, _, body)| body["input"].as_str().unwrap().to_owned())
            .collect();
        inputs.sort();
        assert_eq!(inputs, ["By itself", "From a file"], "each once");
        let why: Vec<_> = imported.left_out.iter().map(|it| it.why.as_str()).collect();
        assert_eq!(
            why,
            [
                "The body stands in the file gone.json, which is not among what is imported.",
                "The body stands in the file ../../etc/passwd, which is not among what is imported.",
            ]
        );
    }
}

#[test]
fn a_body_that_says_a_name_twice_is_told_and_not_settled_by_chance() {
    for text in [
        r#"{"model": "gpt-5.5", "input": "a", "input": "b"}"#,
        r#"[{"model": "gpt-5.5", "input": "a", "metadata": {"x": "1", "x": "2"}}]"#,
    ] {
        let imported = read("twice.json", text);
        assert_eq!(imported.items.len(), 0);
        assert!(
            imported.left_out[0].why.contains("twice"),
            "{:?}",
            imported.left_out
        );
    }
}

#[test]
fn curl_scripts_come_in_command_by_command() {
    let script = format!(
        "#!/bin/sh\nset -e\n# one\ncurl https://api.openai.com/v1/responses -H 'Authorization: Bearer {KEY}' -d '{{\"model\":\"gpt-5.5\",\"input\":\"One two\"}}'\necho done\ncurl -N https://elsewhere.example/v1/chat/completions \\\n  -d '{{\"model\":\"gpt-5.5\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hi\"}}]}}'\ncurl https://api.openai.com/v1/models\n"
    );
    let imported = read("calls.sh", script);
    assert_eq!(
        requests(&imported),
        [
            (
                String::new(),
                "One two".into(),
                Endpoint::Responses,
                json!({"model": "gpt-5.5", "input": "One two"})
            ),
            (
                String::new(),
                "Hi".into(),
                Endpoint::ChatCompletions,
                json!({"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]})
            ),
        ]
    );
    assert_eq!(imported.kinds, [ImportKind::Curl]);
    assert_eq!(
        left(&imported),
        [
            "The key in the header Authorization",
            "The address elsewhere.example/v1",
            "The command"
        ]
    );
}

#[test]
fn bodies_of_the_playground_and_lists_of_them_come_in() {
    let imported = read("prompts/Greet.json", body().to_string());
    assert_eq!(
        one(&imported),
        (String::new(), "Greet".into(), Endpoint::Responses, body())
    );
    let list = json!([body(), {"model": "gpt-5.5", "messages": []}, {"other": 1}]);
    let imported = read("list.json", list.to_string());
    assert_eq!(requests(&imported).len(), 2);
    assert_eq!(left(&imported), ["The item"]);
    let answer = json!({"object": "response", "model": "gpt-5.5", "input": [], "output": []});
    assert_eq!(
        requests(&read("answer.json", answer.to_string())),
        [],
        "an answer is no request"
    );
}

#[test]
fn batches_come_in_line_by_line() {
    let lines = [
        json!({"custom_id": "a", "method": "POST", "url": "/v1/responses", "body": {"model": "gpt-5.5", "input": "{{x}}"}})
            .to_string(),
        "broken".into(),
        json!({"custom_id": "b", "method": "POST", "url": "/v1/embeddings", "body": {"input": "x"}}).to_string(),
        json!({"custom_id": "c", "method": "POST", "url": "/v1/chat/completions", "body": {"messages": [], "user": KEY}})
            .to_string(),
    ];
    let imported = read("batch.jsonl", lines.join("\n"));
    let names: Vec<_> = requests(&imported)
        .into_iter()
        .map(|it| (it.0, it.1, it.2))
        .collect();
    assert_eq!(
        names,
        [
            ("batch".into(), "a".into(), Endpoint::Responses),
            ("batch".into(), "c".into(), Endpoint::ChatCompletions)
        ]
    );
    assert_eq!(
        requests(&imported)[0].3["input"],
        json!(r"\{{x}}"),
        "a batch sends its braces as they are"
    );
    assert_eq!(
        left(&imported),
        [
            "The line",
            "The call \"b\"",
            "What stood at /user of the body"
        ]
    );
}

#[test]
fn rows_of_evaluations_stay_rows() {
    let lines = format!(
        "{}\n\n{}\n[1]\n{}\n",
        json!({"item": {"question": "q", "answer": 4}}),
        json!({"input": [{"role": "user", "content": "x"}], "ideal": "y"}),
        json!({"item": {"q": 1}, "sample": {"output": KEY}}),
    );
    let imported = read("data/questions.jsonl", lines);
    let ImportedContent::Dataset { jsonl, rows } = &imported.items[0].content else {
        panic!("{imported:?}");
    };
    let read: Vec<Value> = jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (read, *rows, imported.items[0].name.as_str()),
        (
            vec![
                json!({"question": "q", "answer": 4}),
                json!({"input": [{"role": "user", "content": "x"}], "ideal": "y"}),
                json!({"item": {"q": 1}, "sample": {"output": "[key left out]"}}),
            ],
            3,
            "questions"
        )
    );
    assert_eq!(
        left(&imported),
        ["The row", "What stood at /sample/output of the row"]
    );
}

#[test]
fn postman_collections_come_in_with_folders_and_variables() {
    let collection = json!({
        "info": {"name": "Work", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": KEY}]},
        "event": [{"listen": "prerequest", "script": {"exec": ["pm.x"]}}],
        "variable": [{"key": "name", "value": "Ada"}, {"key": "api_key", "value": "hush"}, {"key": "note", "value": KEY}],
        "item": [
            {"name": "Deep", "item": [
                {"name": "Greet", "event": [{"listen": "test"}], "response": [{"name": "old"}], "request": {
                    "method": "POST",
                    "header": [{"key": "Authorization", "value": KEY}, {"key": "X-Trace", "value": "1"},
                        {"key": "X-Off", "value": "1", "disabled": true}],
                    "url": {"raw": format!("{{{{base}}}}/responses?key={KEY}")},
                    "body": {"mode": "raw", "raw": "{ // hi\n\"model\": \"gpt-5.5\", \"input\": \"Greet {{name}}\", \"reasoning\": {\"effort\": \"low\"}, \"max_output_tokens\": {{max tokens}}}"},
                }},
            ]},
            {"name": "Models", "request": "https://api.openai.com/v1/models"},
            {"name": "Form", "request": {"method": "POST", "url": "https://api.openai.com/v1/responses", "body": {"mode": "formdata"}}},
            {"name": "Survey", "request": {"method": "POST", "url": "https://forms.example/v1/responses", "body": {"mode": "raw", "raw": "{\"answers\": []}"}}},
        ],
    });
    let imported = read("work.postman_collection.json", collection.to_string());
    let mut expected = body();
    expected["max_output_tokens"] = json!("{{max_tokens}}");
    assert_eq!(
        one(&imported),
        (
            "Work/Deep".into(),
            "Greet".into(),
            Endpoint::Responses,
            expected
        )
    );
    assert_eq!(
        environments(&imported),
        json!([["Work", [["name", "Ada"], ["api_key", ""], ["note", ""]]]])
    );
    assert_eq!(
        left(&imported),
        [
            "The sign-in (bearer)",
            "Scripts",
            "The bare placeholder {{max tokens}}",
            "The header Authorization",
            "The header X-Trace",
            "Scripts",
            "Saved answers",
            "The call \"Models\"",
            "The call \"Form\"",
            "The call \"Survey\"",
            "The value of api_key",
            "The value of note"
        ]
    );
    let environment = json!({"name": "Staging", "_postman_variable_scope": "environment", "values": [
        {"key": "name", "value": "Ada", "enabled": true}, {"key": "plain", "value": "x", "type": "secret"},
        {"key": "off", "value": "x", "enabled": false}]});
    let imported = read("staging.json", environment.to_string());
    assert_eq!(
        environments(&imported),
        json!([["Staging", [["name", "Ada"], ["plain", ""]]]])
    );
    assert_eq!(imported.kinds, [ImportKind::PostmanEnvironment]);
}

#[test]
fn bruno_folders_come_in() {
    let request = format!(
        "meta {{\n  name: Greet: all\n  type: http\n  seq: 1\n}}\n\npost {{\n  url: {{{{base}}}}/v1/responses\n  body: json\n  auth: bearer\n}}\n\nheaders {{\n  X-Team: a\n  ~X-Off: b\n}}\n\nauth:bearer {{\n  token: {KEY}\n}}\n\nbody:json {{\n  {{\n    \"model\": \"gpt-5.5\",\n    \"input\": \"Greet {{{{name}}}}\",\n    \"reasoning\": {{\n      \"effort\": \"low\"\n    }}\n  }}\n}}\n\nassert {{\n  res.status: eq 200\n}}\n\ntests {{\n  test(\"x\");\n}}\n"
    );
    let sources = [
        source(
            "api/bruno.json",
            r#"{"version": "1", "name": "API", "type": "collection"}"#,
        ),
        source(
            "api/collection.bru",
            "headers {\n  X-All: 1\n}\n\nauth {\n  mode: bearer\n}\n",
        ),
        source("api/Talk/greet.bru", request),
        source(
            "api/Talk/list.bru",
            "meta {\n  name: List\n}\n\nget {\n  url: {{base}}/v1/models\n  body: none\n}\n",
        ),
        source(
            "api/environments/Local.bru",
            "vars {\n  base: http://127.0.0.1:4010\n  ~off: x\n}\nvars:secret [\n  key\n]\n",
        ),
        source("api/README.md", "# Read me\n"),
        source("api/broken.bru", "meta {\n  name: x\n"),
    ];
    let imported = import::read(&sources).unwrap();
    no_key(&imported);
    assert_eq!(
        one(&imported),
        (
            "api/Talk".into(),
            "Greet: all".into(),
            Endpoint::Responses,
            body()
        )
    );
    assert_eq!(
        environments(&imported),
        json!([["Local", [["base", "http://127.0.0.1:4010"], ["key", ""]]]])
    );
    assert_eq!(
        left(&imported),
        [
            "The header X-All",
            "The sign-in (bearer)",
            "The header X-Team",
            "The sign-in (bearer)",
            "Tests",
            "Assertions",
            "The call \"List\"",
            "The file",
            "The file"
        ]
    );
    assert_eq!(imported.left_out[7].place, "api/broken.bru: line 1");
    assert_eq!(imported.kinds, [ImportKind::Bruno]);
}

#[test]
fn opencollection_comes_in_as_files_and_as_one() {
    let item = format!(
        "info:\n  name: Greet\n  type: http\n  seq: 1\nhttp:\n  method: POST\n  url: https://api.openai.com/v1/responses\n  headers:\n    - name: Authorization\n      value: Bearer {KEY}\n  body:\n    type: json\n    data: |-\n      {{\"model\": \"gpt-5.5\", \"input\": \"Greet {{{{name}}}}\", \"reasoning\": {{\"effort\": \"low\"}}}}\n  auth: inherit\nruntime:\n  scripts:\n    - type: tests\n      code: test()\n"
    );
    let sources = [
        source(
            "api/opencollection.yml",
            "opencollection: 1.0.0\ninfo:\n  name: API\n",
        ),
        source(
            "api/Talk/folder.yml",
            "info:\n  name: Talk\n  type: folder\n",
        ),
        source("api/Talk/greet.yml", &item),
        source(
            "api/environments/Local.yml",
            "name: Local\nvariables:\n  - name: base\n    value: x\n  - name: pass\n    secret: true\n",
        ),
    ];
    let imported = import::read(&sources).unwrap();
    no_key(&imported);
    assert_eq!(
        one(&imported),
        (
            "api/Talk".into(),
            "Greet".into(),
            Endpoint::Responses,
            body()
        )
    );
    assert_eq!(
        environments(&imported),
        json!([["Local", [["base", "x"], ["pass", ""]]]])
    );
    assert_eq!(left(&imported), ["The header Authorization", "Scripts"]);
    let item: Value = serde_saphyr::from_str(&item).unwrap();
    let whole = json!({"opencollection": "1.0.0", "info": {"name": "API"}, "items": [
        {"info": {"name": "Talk", "type": "folder"}, "items": [item, {"info": {"name": "G", "type": "graphql"}}]}]});
    let imported = read("api.yml", serde_saphyr::to_string(&whole).unwrap());
    assert_eq!(one(&imported).0, "API/Talk");
    assert_eq!(
        left(&imported),
        ["The header Authorization", "Scripts", "The item \"G\""]
    );
}

#[test]
fn insomnia_comes_in_with_its_environments() {
    let yaml = format!(
        r#"type: collection.insomnia.rest/5.0
name: Work
meta:
  id: wrk_1
collection:
  - name: Deep
    meta: {{id: fld_1}}
    children:
      - url: "{{{{ _.base }}}}/v1/responses"
        name: Greet
        meta: {{id: req_1}}
        method: POST
        body:
          mimeType: application/json
          text: '{{"model": "gpt-5.5", "input": "Greet {{{{ _.name }}}}", "reasoning": {{"effort": "low"}}}}'
        headers:
          - {{name: Content-Type, value: application/json}}
        authentication: {{type: bearer, token: {KEY}}}
  - url: https://api.openai.com/v1/responses
    name: Tagged
    method: POST
    body:
      mimeType: application/json
      text: '{{"model": "gpt-5.5", "input": "{{% uuid ''v4'' %}}"}}'
environments:
  name: Base Environment
  data: {{name: Ada, api: {{token: {KEY}, host: x}}}}
  subEnvironments:
    - name: Staging
      data: {{name: Bob}}
"#
    );
    let imported = read("insomnia.yaml", yaml);
    let requests = requests(&imported);
    assert_eq!(
        requests[0],
        (
            "Work/Deep".into(),
            "Greet".into(),
            Endpoint::Responses,
            body()
        )
    );
    assert_eq!(requests[1].3["input"], json!("{% uuid 'v4' %}"));
    assert_eq!(
        environments(&imported),
        json!([[
            "Staging",
            [["name", "Bob"], ["api.token", ""], ["api.host", "x"]]
        ]])
    );
    assert_eq!(
        left(&imported),
        [
            "The sign-in (bearer)",
            "The placeholder {% uuid 'v4' %}",
            "The value of api.token"
        ]
    );
    let old = json!({"_type": "export", "__export_format": 4, "resources": []});
    let imported = read("old.json", old.to_string());
    assert!(
        imported.left_out[0].why.contains("Insomnia v5"),
        "{imported:?}"
    );
}

#[test]
fn yaak_exports_come_in() {
    let export = json!({"yaakVersion": "1", "yaakSchema": 4, "resources": {
        "workspaces": [{"id": "w", "name": "Work"}],
        "folders": [{"id": "f", "name": "Deep", "workspaceId": "w", "folderId": "g"},
            {"id": "g", "name": "Loop", "workspaceId": "w", "folderId": "h"}],
        "environments": [{"name": "Staging", "variables": [
            {"name": "name", "value": "Ada", "enabled": true}, {"name": "pw", "value": "${[ secure(value='YENC') ]}"}]}],
        "httpRequests": [
            {"workspaceId": "w", "folderId": "f", "name": "Greet", "method": "POST", "url": "${[ base ]}/v1/responses",
             "bodyType": "application/json", "authenticationType": "bearer", "authentication": {"token": KEY},
             "headers": [{"name": "X-A", "value": "1", "enabled": false}],
             "body": {"text": "{\"model\": \"gpt-5.5\", \"input\": \"Greet ${[ name ]}\", \"reasoning\": {\"effort\": \"low\"}}"}},
            {"workspaceId": "w", "name": "Get", "method": "GET", "url": "https://api.openai.com/v1/responses/1"}],
        "grpcRequests": [{"name": "G"}], "websocketRequests": []}});
    let imported = read("yaak.json", export.to_string());
    assert_eq!(
        one(&imported),
        (
            "Work/Loop/Deep".into(),
            "Greet".into(),
            Endpoint::Responses,
            body()
        )
    );
    assert_eq!(
        environments(&imported),
        json!([["Staging", [["name", "Ada"], ["pw", ""]]]])
    );
    assert_eq!(
        left(&imported),
        [
            "The sign-in (bearer)",
            "The call \"Get\"",
            "The request \"G\"",
            "The value of pw"
        ]
    );
}

#[test]
fn promptfoo_configurations_become_requests_checks_and_rows() {
    let config = format!(
        r#"description: Greetings
prompts:
  - "Greet {{{{ name }}}}"
  - file://chat.json
  - file://../outside.txt
  - file://made.py
providers:
  - id: openai:responses:gpt-5.5
    config:
      reasoning_effort: low
      apiKey: {KEY}
      unknown_setting: 1
  - anthropic:messages:claude
defaultTest:
  assert:
    - type: icontains
      value: hello
    - type: llm-rubric
      value: is kind
tests:
  - vars: {{name: Ada}}
    assert: [{{type: equals, value: x}}]
  - vars: {{name: Bob}}
"#
    );
    let sources = [
        source("evals/promptfooconfig.yaml", config),
        source(
            "evals/chat.json",
            r#"[{"role": "user", "content": "Hi {{ name | upper }}"}]"#,
        ),
        source("outside.txt", "never"),
    ];
    let imported = import::read(&sources[..2]).unwrap();
    no_key(&imported);
    let got = requests(&imported);
    assert_eq!(
        got[0],
        (
            "Greetings".into(),
            "Prompt 1".into(),
            Endpoint::Responses,
            json!({
            "model": "gpt-5.5", "reasoning": {"effort": "low"}, "input": "Greet {{name}}"})
        )
    );
    assert_eq!(
        got[1].3["input"],
        json!([{"role": "user", "content": "Hi {{ name | upper }}"}])
    );
    let ImportedContent::Request { request } = &imported.items[0].content else {
        panic!("{imported:?}");
    };
    assert_eq!(
        serde_json::to_value(&request.checks).unwrap(),
        json!([{"contains": "hello"}])
    );
    let ImportedContent::Dataset { jsonl, .. } = &imported.items[2].content else {
        panic!("{imported:?}");
    };
    assert_eq!(jsonl, "{\"name\":\"Ada\"}\n{\"name\":\"Bob\"}\n");
    assert_eq!(
        left(&imported),
        [
            "The prompt in \"../outside.txt\"",
            "The prompt in \"made.py\"",
            "The provider anthropic:messages:claude",
            "The provider's setting apiKey",
            "The provider's setting unknown_setting",
            "The assertion llm-rubric",
            "The provider's setting apiKey",
            "The provider's setting unknown_setting",
            "The assertion llm-rubric",
            "The placeholder {{ name | upper }}",
            "The assertions of 1 test"
        ]
    );
    let beside = import::read(&sources).unwrap();
    assert_eq!(
        requests(&beside).len(),
        3,
        "a file is read where it is imported too"
    );
}

#[test]
fn archives_of_browsers_come_in() {
    let entry = |method: &str, url: &str, text: &str| {
        json!({"request": {"method": method, "url": url, "headers": [{"name": "authorization", "value": KEY}],
            "postData": {"mimeType": "application/json", "text": text}}})
    };
    let sent = json!({"model": "gpt-5.5", "input": "Say {{it}}"}).to_string();
    let har = json!({"log": {"version": "1.2", "entries": [
        entry("POST", "https://api.openai.com/v1/responses", &sent),
        entry("OPTIONS", "https://api.openai.com/v1/responses", ""),
        entry("GET", "https://cdn.example/a.js", ""),
        entry("GET", "https://cdn.example/b.js", ""),
    ]}});
    let imported = read("session.har", har.to_string());
    assert_eq!(
        one(&imported),
        (
            "session".into(),
            r"Say \{{it}}".into(),
            Endpoint::Responses,
            json!({"model": "gpt-5.5", "input": r"Say \{{it}}"})
        )
    );
    assert_eq!(
        left(&imported),
        [
            "The header authorization",
            "1 call to api.openai.com",
            "2 calls to cdn.example"
        ]
    );
}

#[test]
fn chat_is_translated_where_that_is_asked_for() {
    let chat = json!({"model": "gpt-5.5", "reasoning_effort": "low", "messages": [{"role": "user", "content": "Hi"}], "seed": 1});
    let mut imported = read("chat.json", chat.to_string());
    assert_eq!(one(&imported).3, chat, "else it stays as it is");
    to_responses(&mut imported).unwrap();
    let (_, _, endpoint, body) = one(&imported);
    assert_eq!(endpoint, Endpoint::Responses);
    assert_eq!(body["reasoning"], json!({"effort": "low"}));
    assert!(
        left(&imported).contains(&"/seed of Chat Completions".to_owned()),
        "{imported:?}"
    );
}

#[test]
fn rheostat_s_own_files_come_in_with_new_ids() {
    let yaml = "id: x\nname: Mine\nendpoint: responses\nbody:\n  model: gpt-5.5\n  input: Hi\nchecks:\n  - max_words: 3\ntags:\n  - a\nvariables:\n  city: Paris\nwonder: 1\n";
    let imported = read("Folder/mine.yaml", yaml);
    let ImportedContent::Request { request } = &imported.items[0].content else {
        panic!("{imported:?}");
    };
    assert_eq!((request.id.as_str(), request.checks.len()), ("", 1));
    assert_eq!(request.tags, ["a"]);
    assert_eq!(request.variables["city"], "Paris");
    assert_eq!(request.other["wonder"], 1, "what is not known stays");
    assert_eq!(imported.items[0].folder, "Folder");
}

#[test]
fn bad_files_are_named_and_the_others_come_in() {
    let bomb = {
        let mut text = String::from(
            "type: collection.insomnia.rest/5.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n",
        );
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("a{level}: &a{level} [{items}]\n");
        }
        text
    };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_yaml = format!(
        "type: collection.insomnia.rest/5.0\na: {}{}\n",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let sources = [
        source("latin.json", b"{\"name\": \"\xe9\"}"),
        source("zip.json", b"PK\x03\x04rest"),
        source("utf16.json", b"\xff\xfe{\0"),
        source("zero.json", b"{\0}"),
        source("bomb.yaml", bomb),
        source("deep.json", deep),
        source("deep.yaml", deep_yaml),
        source("cut.json", "{\"info\": {"),
        source(
            "twice.yaml",
            "type: collection.insomnia.rest/5.0\nname: a\nname: b\n",
        ),
        source("prose.txt", "Nothing to see here: at all"),
        source("empty.json", ""),
        source("huge.json", vec![b' '; FILE_LIMIT + 1]),
        source("good.json", body().to_string()),
    ];
    let imported = import::read(&sources).unwrap();
    assert_eq!(one(&imported).1, "good");
    let said: Vec<_> = imported
        .left_out
        .iter()
        .map(|left| format!("{} | {}", left.place, left.why))
        .collect();
    assert_eq!(said.len(), 12, "{said:#?}");
    for (part, line) in [
        ("latin.json | Byte 10 is no UTF-8", 0),
        ("zip.json | It is an archive", 1),
        ("utf16.json | It is UTF-16", 2),
        ("zero.json | It holds zero bytes", 3),
        ("bomb.yaml", 4),
        ("deep.json: line 1 | It can't be read as JSON", 5),
        ("deep.yaml", 6),
        ("cut.json: line 1 | It can't be read as JSON: EOF", 7),
        ("twice.yaml", 8),
        ("huge.json | It is 64 MB large", 9),
        ("prose.txt | It is in none of the formats", 10),
        ("empty.json | It is in none", 11),
    ] {
        assert!(said[line].starts_with(part), "{part}: {}", said[line]);
    }
}

#[test]
fn too_many_items_are_refused_as_a_whole_and_rows_are_not() {
    let line = json!({"custom_id": "a", "url": "/v1/responses", "body": {"model": "gpt-5.5", "input": "x"}}).to_string() + "\n";
    let error = import::read(&[source("many.jsonl", line.repeat(50_000))]).unwrap_err();
    assert_eq!(
        (error.code, error.place.as_deref()),
        (ErrorCode::BadInput, Some("many.jsonl"))
    );
    assert!(error.message.contains(&ITEM_LIMIT.to_string()), "{error}");
    let rows = import::read(&[source("rows.jsonl", "{\"a\": 1}\n".repeat(50_000))]).unwrap();
    assert_eq!(rows.items.len(), 1);
}

#[test]
fn what_is_imported_is_written_beside_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::new(folder.path().join("workspace"));
    std::fs::create_dir_all(workspace.root().join("Inbox/Work")).unwrap();
    let taken = workspace.root().join("Inbox/Work/greet.yaml");
    std::fs::write(&taken, "mine").unwrap();
    let item = |name: &str, folder: &str| json!({"folder": folder, "request": {"id": "x", "name": name, "body": body()}});
    let document = json!({"rheostat": 1, "items": [
        item("Greet", "Work"), item("greet", "Work"), item("../../Greet", "../../../Work"), item("Nul", "/etc")]});
    let mut sources = vec![source("requests.json", document.to_string())];
    sources.push(source("rows.jsonl", "{\"a\": 1}\n{\"a\": 2}\n"));
    sources.push(source("e.json", json!({"_postman_variable_scope": "environment", "name": "A: b", "values": [{"key": "n", "value": "5"}]}).to_string()));
    let imported = import::read(&sources).unwrap();
    let written = import::write(&workspace, &imported, "Inbox").unwrap();
    assert_eq!(
        written.paths,
        [
            "Inbox/Work/greet-2.yaml",
            "Inbox/Work/greet-3.yaml",
            "Inbox/Work/greet-4.yaml",
            "Inbox/etc/request-nul.yaml",
            "Inbox/rows.jsonl",
            "environments/a-b.yaml"
        ]
    );
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
    let mut outside: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    outside.sort();
    assert_eq!(outside, ["workspace"], "nothing is written outside");
    let made: RequestFile = workspace.read(&written.paths[0]).unwrap().request;
    assert_eq!(Value::Object(made.body), body());
    assert_eq!(made.id.len(), 36, "an id of its own");
    let environment =
        std::fs::read_to_string(workspace.root().join("environments/a-b.yaml")).unwrap();
    let environment: Value = serde_saphyr::from_str(&environment).unwrap();
    assert_eq!(
        (&environment["name"], &environment["variables"]),
        (&json!("A: b"), &json!({"n": "5"}))
    );
    assert_eq!(
        import::write(&workspace, &imported, "../x")
            .unwrap_err()
            .code,
        ErrorCode::BadInput
    );
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_and_a_failed_import_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = folder.path().join("theirs");
    std::fs::create_dir_all(theirs.join("sub")).unwrap();
    std::fs::write(folder.path().join("secret.json"), body().to_string()).unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.json"), theirs.join("link.json"))
        .unwrap();
    std::os::unix::fs::symlink(folder.path(), theirs.join("sub/up")).unwrap();
    std::fs::write(theirs.join("sub/a.json"), body().to_string()).unwrap();
    let gathered = from_paths(std::slice::from_ref(&theirs)).unwrap();
    let names: Vec<_> = gathered
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    assert_eq!(names, ["theirs/sub/a.json"]);
    let links: Vec<_> = gathered
        .left_out
        .iter()
        .map(|left| left.what.as_str())
        .collect();
    assert_eq!(links, ["The link", "The link"]);
    assert_eq!(
        from_paths(&[folder.path().join("gone")]).unwrap_err().code,
        ErrorCode::FileUnreadable
    );

    // A link in the workspace leads out: the second item fails, and the first is taken away again.
    let workspace = Workspace::new(folder.path().join("workspace"));
    std::fs::create_dir_all(workspace.root()).unwrap();
    std::os::unix::fs::symlink(folder.path(), workspace.root().join("Out")).unwrap();
    let item = |folder: &str| json!({"folder": folder, "request": {"id": "x", "name": "Greet", "body": body()}});
    let document = json!({"rheostat": 1, "items": [item("In"), item("Out")]});
    let imported = import::read(&[source("requests.json", document.to_string())]).unwrap();
    let error = import::write(&workspace, &imported, "").unwrap_err();
    assert_eq!(error.code, ErrorCode::BadInput);
    assert!(workspace.requests().is_empty());
    assert!(!folder.path().join("greet.yaml").exists());
}

#[test]
fn a_file_of_100_mb_is_named_without_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large.har");
    std::fs::File::create(&large)
        .unwrap()
        .set_len(100 * 1024 * 1024)
        .unwrap();
    let gathered = from_paths(&[large]).unwrap();
    assert_eq!((gathered.sources.len(), gathered.left_out.len()), (0, 1));
    assert!(gathered.left_out[0].why.contains("100 MB"), "{gathered:?}");
}

/// A file of each kind, to be cut and changed at random.
const SAMPLES: [(&str, &str); 9] = [
    (
        "a.sh",
        "curl https://api.openai.com/v1/responses -d '{\"model\":\"m\",\"input\":\"{{x}} ü\"}'",
    ),
    (
        "a.jsonl",
        "{\"custom_id\":\"a\",\"url\":\"/v1/responses\",\"body\":{\"model\":\"m\",\"input\":\"x\"}}\n{}",
    ),
    (
        "a.json",
        "{\"info\":{\"name\":\"a\"},\"item\":[{\"name\":\"b\",\"request\":{\"method\":\"POST\",\"url\":\"{{b}}/responses\",\"body\":{\"mode\":\"raw\",\"raw\":\"{\\\"model\\\": {{m}} /* é */}\"}}}]}",
    ),
    (
        "a.bru",
        "meta {\n  name: ü\n}\npost {\n  url: {{b}}/responses\n  body: json\n}\nbody:json {\n  {\"model\": {{m}}}\n}\nvars:secret [\n  a, b\n]\n",
    ),
    (
        "a.yml",
        "info:\n  name: a\n  type: http\nhttp:\n  method: POST\n  url: '{{b}}/responses'\n  body: {type: json, data: '{\"model\": 1}'}\n",
    ),
    (
        "a.yaml",
        "type: collection.insomnia.rest/5.0\ncollection:\n  - {name: a, method: POST, url: '{{ _.b }}/responses', body: {text: '{\"model\": \"{{ _.m }}\"}'}}\nenvironments: {data: {a: {b: 1}}}\n",
    ),
    (
        "y.json",
        "{\"yaakSchema\":4,\"resources\":{\"folders\":[{\"id\":\"f\",\"folderId\":\"f\"}],\"httpRequests\":[{\"folderId\":\"f\",\"method\":\"POST\",\"url\":\"${[ b ]}/responses\",\"body\":{\"text\":\"{\\\"model\\\": ${[ m ]}}\"}}]}}",
    ),
    (
        "p.yaml",
        "prompts: ['{{ a | b }}', file://x.txt]\nproviders: [openai:responses:m, {id: 'openai:chat:m', config: {response_format: {type: json_schema, json_schema: {schema: {}}}}}]\ntests: [{vars: {a: 1}, assert: [{type: regex, value: '('}]}]\n",
    ),
    (
        "a.har",
        "{\"log\":{\"entries\":[{\"request\":{\"method\":\"POST\",\"url\":\"https://u:p@h/v1/responses?k#f\",\"postData\":{\"text\":\"{\\\"model\\\":\\\"\\\\\\\\{{m}}\\\"}\"}}}]}}",
    ),
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    #[test]
    fn any_file_can_be_looked_at(
        which in 0..SAMPLES.len(),
        cuts in proptest::collection::vec((0usize..400, 0usize..12, "[{}\\[\\]\"':,\\\\ \n$%é_.a/-]{0,4}"), 0..4),
    ) {
        let (name, text) = SAMPLES[which];
        let mut bytes = text.as_bytes().to_vec();
        for (at, length, put) in cuts {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, put.into_bytes());
        }
        let imported = import::read(&[source(name, bytes)]).unwrap();
        for item in &imported.items {
            proptest::prop_assert!(!item.folder.split('/').any(|part| part == ".." || part == "."), "{item:?}");
            proptest::prop_assert!(!item.name.is_empty());
        }
    }
}
