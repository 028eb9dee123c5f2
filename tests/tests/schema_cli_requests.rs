//! `rheostat schema` on requests and samples as they lie on disk: which file is mended, what stays in it, what is said.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::Path;
use std::process::Command;

use rheostat_tests::programs::{TERMINAL, built};
use serde_json::{Value, json};
use tempfile::TempDir;

struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn rheostat(folder: &TempDir, arguments: &[&str]) -> Outcome {
    let output = Command::new(built(TERMINAL).unwrap())
        .arg("schema")
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn write(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) {
    let file = folder.path().join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

fn text(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap()
}

/// The names of the files in a folder, which a half-written one would be among.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

const RESPONSES: &str = "\
# Who sorts the tickets asked for this one.
id: 0199b3c0-0000-7000-8000-000000000001
name: Sort tickets
body:
  model: gpt-5.5 # the cheap one misses refunds
  instructions: |
    Sort the ticket.

    One word is enough.
  input: '{{ticket}}'
  text:
    format:
      type: json_schema
      name: ticket
      strict: true
      schema:
        type: object
        # Agreed with billing.
        properties:
          kind:
            type: string
          reason: # shown to the agent
            type: string
            minLength: 3
        required: [kind]
";

#[test]
fn the_schema_in_a_request_is_checked_and_mended_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "sort.yaml", RESPONSES);
    let found = rheostat(&folder, &["check", "sort.yaml"]);
    assert_eq!(found.code, Some(1), "{}", found.stderr);
    for words in [
        "sort.yaml: 3 problems; 2 of 5 000 properties",
        "The root allows extra keys (root)",
        "reason is not required (/properties/reason)",
        "reason uses minLength (/properties/reason/minLength)",
    ] {
        assert!(found.stdout.contains(words), "{words}: {}", found.stdout);
    }
    assert_eq!(
        text(&folder, "sort.yaml"),
        RESPONSES,
        "a check writes nothing"
    );

    let mended = rheostat(&folder, &["check", "sort.yaml", "--fix"]);
    assert_eq!(mended.code, Some(0), "{}{}", mended.stdout, mended.stderr);
    assert!(
        mended
            .stdout
            .contains("sort.yaml: 3 changes written; no problems left"),
        "{}",
        mended.stdout
    );
    let expected = RESPONSES
        .replace(
            "            type: string\n            minLength: 3\n        required: [kind]\n",
            "            type:\n              - string\n              - \"null\"\n        required:\n          - kind\n          - reason\n        additionalProperties: false\n",
        );
    assert_eq!(
        text(&folder, "sort.yaml"),
        expected,
        "all else keeps its bytes"
    );
    assert_eq!(names(folder.path()), ["sort.yaml"]);
    assert_eq!(
        rheostat(&folder, &["check", "sort.yaml", "--fix"]).code,
        Some(0)
    );
    assert_eq!(text(&folder, "sort.yaml"), expected);
}

#[test]
fn a_chat_request_has_its_schema_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let request = "id: 0199b3c0-0000-7000-8000-000000000002\nname: Chat\nendpoint: chat_completions\nbody:\n  model: gpt-5.5\n  messages: [{role: user, content: Hello}]\n  response_format:\n    type: json_schema\n    json_schema:\n      name: a\n      schema:\n        type: object # the answer\n        properties:\n          a:\n            type: integer\n        required: [a]\n";
    write(&folder, "chat.yml", request);
    let mended = rheostat(&folder, &["check", "chat.yml", "--fix", "--json"]);
    assert_eq!(mended.code, Some(0), "{}", mended.stderr);
    let outcome: Value = serde_json::from_str(&mended.stdout).unwrap();
    assert_eq!(outcome["changes"].as_array().unwrap().len(), 1);
    assert_eq!(outcome["left"], json!([]));
    assert_eq!(
        text(&folder, "chat.yml"),
        format!("{request}        additionalProperties: false\n")
    );
}

#[test]
fn a_request_whose_comment_would_go_is_left_and_the_line_named() {
    let folder = tempfile::tempdir().unwrap();
    // The braces around it make it one piece, which can only be written anew.
    let request = "id: 0199b3c0-0000-7000-8000-000000000003\nname: Braces\nbody:\n  model: gpt-5.5\n  text: {format: {type: json_schema, name: a, schema: {\n    type: object, # the answer\n    properties: {a: {type: string}}, required: [a]}}}\n";
    write(&folder, "braces.yaml", request);
    let refused = rheostat(&folder, &["check", "braces.yaml", "--fix"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stdout);
    assert!(
        refused.stderr.contains(
            "braces.yaml holds a comment on line 6, which saving would drop. It was left as it is."
        ),
        "{}",
        refused.stderr
    );
    assert_eq!(text(&folder, "braces.yaml"), request);
    assert_eq!(rheostat(&folder, &["check", "braces.yaml"]).code, Some(1));
}

#[test]
fn a_schema_file_in_yaml_keeps_its_comments() {
    let folder = tempfile::tempdir().unwrap();
    let schema = "# Agreed with billing.\ntype: object\nproperties:\n  a: # the first\n    type: string\nrequired: [a]\n";
    write(&folder, "s.yaml", schema);
    let mended = rheostat(&folder, &["check", "s.yaml", "--fix"]);
    assert_eq!(mended.code, Some(0), "{}", mended.stderr);
    assert_eq!(
        text(&folder, "s.yaml"),
        format!("{schema}additionalProperties: false\n")
    );
    let braces = "{type: object, # the answer\n properties: {a: {type: string}}}\n";
    write(&folder, "braces.yaml", braces);
    let refused = rheostat(&folder, &["check", "braces.yaml", "--fix"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stdout);
    assert!(
        refused
            .stderr
            .contains("braces.yaml holds a comment on line 1"),
        "{}",
        refused.stderr
    );
    assert_eq!(text(&folder, "braces.yaml"), braces);
}

/// A workspace whose request refers to a schema file, with these words at `schema_file:`.
fn referring(path: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let request = format!(
        "id: 0199b3c0-0000-7000-8000-000000000004\nname: Shared\nbody:\n  model: gpt-5.5\n  input: Hello\nschema_file: {path} # shared with the nightly batch\n"
    );
    write(&folder, "rheostat.yaml", "version: 1\n");
    write(&folder, "Sorting/shared.yaml", &request);
    (folder, request)
}

#[test]
fn a_reference_leads_to_the_schema_file_and_that_is_mended() {
    let (folder, request) = referring("schemas/ticket.json");
    write(
        &folder,
        "schemas/ticket.json",
        r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}"#,
    );
    let found = rheostat(&folder, &["check", "Sorting/shared.yaml"]);
    assert_eq!(found.code, Some(1), "{}", found.stderr);
    assert!(
        found.stdout.contains("The root allows extra keys (root)"),
        "{}",
        found.stdout
    );
    let mended = rheostat(&folder, &["check", "Sorting/shared.yaml", "--fix"]);
    assert_eq!(mended.code, Some(0), "{}", mended.stderr);
    assert_eq!(
        serde_json::from_str::<Value>(&text(&folder, "schemas/ticket.json")).unwrap(),
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false})
    );
    assert_eq!(
        text(&folder, "Sorting/shared.yaml"),
        request,
        "the request stays as it was"
    );
    assert_eq!(names(&folder.path().join("schemas")), ["ticket.json"]);
    assert_eq!(
        rheostat(&folder, &["check", "Sorting/shared.yaml"]).code,
        Some(0)
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_named() {
    let (folder, request) = referring("schemas/gone.json");
    let gone = rheostat(&folder, &["check", "Sorting/shared.yaml", "--fix"]);
    assert_eq!(gone.code, Some(2), "{}", gone.stdout);
    assert!(gone.stderr.contains("schemas/gone.json"), "{}", gone.stderr);
    assert_eq!(text(&folder, "Sorting/shared.yaml"), request);

    write(&folder, "schemas/gone.json", "{\"type\": }");
    let broken = rheostat(&folder, &["check", "Sorting/shared.yaml", "--fix"]);
    assert_eq!(broken.code, Some(2), "{}", broken.stdout);
    assert!(
        broken.stderr.contains("gone.json:1:10"),
        "{}",
        broken.stderr
    );
    assert_eq!(text(&folder, "schemas/gone.json"), "{\"type\": }");

    std::fs::remove_file(folder.path().join("rheostat.yaml")).unwrap();
    let homeless = rheostat(&folder, &["check", "Sorting/shared.yaml"]);
    assert_eq!(homeless.code, Some(2), "{}", homeless.stdout);
    assert!(
        homeless.stderr.contains("lies in no workspace")
            && homeless.stderr.contains("rheostat.yaml"),
        "{}",
        homeless.stderr
    );

    let (folder, _) = referring("../secret.json");
    let outside = rheostat(&folder, &["check", "Sorting/shared.yaml", "--fix"]);
    assert_eq!(outside.code, Some(2), "{}", outside.stdout);
    assert!(
        outside.stderr.contains("../secret.json"),
        "{}",
        outside.stderr
    );
}

#[test]
fn a_request_without_a_schema_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let request = "id: 0199b3c0-0000-7000-8000-000000000005\nname: Plain\nbody:\n  model: gpt-5.5\n  input: Hello\n";
    write(&folder, "plain.yaml", request);
    let refused = rheostat(&folder, &["check", "plain.yaml", "--fix"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stdout);
    assert!(
        refused
            .stderr
            .contains("plain.yaml is a request without an output schema."),
        "{}",
        refused.stderr
    );
    assert_eq!(text(&folder, "plain.yaml"), request);
}

#[test]
fn each_bad_sample_is_named_and_nothing_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "good.json", r#"{"a": 1}"#);
    write(&folder, "empty.json", " \n");
    write(&folder, "two.json", "{\"a\": 1}\n{\"a\": 2}\n");
    write(&folder, "bytes.json", [b'"', 0xff, b'"']);
    write(&folder, "deep.json", "[".repeat(100_000));
    write(&folder, "prose.json", "Here is the JSON you asked for: {}");
    std::fs::create_dir(folder.path().join("folder.json")).unwrap();
    for (name, words) in [
        ("empty.json", "empty.json is empty."),
        (
            "two.json",
            "two.json is no JSON: trailing characters in line 2, column 1.",
        ),
        (
            "bytes.json",
            "bytes.json could not be read: byte 1 is no UTF-8.",
        ),
        (
            "deep.json",
            "deep.json is no JSON: recursion limit exceeded in line 1, column 128.",
        ),
        (
            "prose.json",
            "prose.json is no JSON: expected value in line 1, column 1.",
        ),
        ("folder.json", "folder.json could not be read"),
        ("nowhere.json", "nowhere.json could not be read"),
    ] {
        let refused = rheostat(&folder, &["infer", "good.json", name]);
        assert_eq!(refused.code, Some(2), "{name}: {}", refused.stdout);
        assert!(
            refused.stderr.contains(words),
            "{words}: {}",
            refused.stderr
        );
        assert_eq!(refused.stdout, "", "{name}");
    }
    let none = rheostat(&folder, &["infer"]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("SAMPLES"), "{}", none.stderr);
}
