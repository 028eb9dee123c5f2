//! `rheostat schema` as a shell sees it: what is printed, what the file holds after, and exit codes.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::Path;
use std::process::Command;

use rheostat_tests::programs::{TERMINAL, built};
use serde_json::{Map, Value, json};
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

/// A folder with one file in it.
fn holding(name: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

fn json_at(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

const LOOSE: &str =
    r#"{"type": "object", "properties": {"a": {"type": "string", "minLength": 2}}}"#;

#[test]
fn a_check_names_every_problem_and_a_fix_writes_the_file() {
    let folder = holding("loose.json", LOOSE);
    let found = rheostat(&folder, &["check", "loose.json"]);
    assert_eq!(found.code, Some(1), "{}", found.stderr);
    for words in [
        "loose.json: 3 problems; 1 of 5 000 properties, 1 of 10 levels",
        "The root allows extra keys (root)",
        "a is not required (/properties/a)",
        "a uses minLength (/properties/a/minLength)",
    ] {
        assert!(found.stdout.contains(words), "{words}: {}", found.stdout);
    }
    let mended = rheostat(&folder, &["check", "loose.json", "--fix"]);
    assert_eq!(mended.code, Some(0), "{}", mended.stderr);
    assert!(
        mended
            .stdout
            .contains("3 changes written; no problems left"),
        "{}",
        mended.stdout
    );
    assert!(
        mended
            .stdout
            .contains("changed: a: minLength was removed (2)"),
        "{}",
        mended.stdout
    );
    assert_eq!(
        json_at(&folder.path().join("loose.json")),
        json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}, "required": ["a"], "additionalProperties": false})
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
    assert_eq!(rheostat(&folder, &["check", "loose.json"]).code, Some(0));
    let before = std::fs::metadata(folder.path().join("loose.json"))
        .unwrap()
        .modified()
        .unwrap();
    let again = rheostat(&folder, &["check", "loose.json", "--fix", "--json"]);
    let outcome: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(outcome["changes"], json!([]));
    let after = std::fs::metadata(folder.path().join("loose.json"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after, "a file without problems is not written");
}

#[test]
fn yaml_stays_yaml_and_what_is_left_is_named() {
    let text = "type: object\nproperties:\n  a:\n    type: integer\n  b: {}\nrequired: [b]\n";
    let folder = holding("s.yaml", text);
    let mended = rheostat(&folder, &["check", "s.yaml", "--fix"]);
    assert_eq!(mended.code, Some(1), "{}", mended.stdout);
    assert!(
        mended
            .stdout
            .contains("left: b has no type (/properties/b)"),
        "{}",
        mended.stdout
    );
    let written = std::fs::read_to_string(folder.path().join("s.yaml")).unwrap();
    assert!(
        written.starts_with("type: object\nproperties:\n"),
        "{written}"
    );
    let checked = rheostat(&folder, &["check", "s.yaml", "--json"]);
    let output: Value = serde_json::from_str(&checked.stdout).unwrap();
    assert_eq!(output["problems"][0]["code"], "type_missing");
    assert_eq!(
        output["counts"]["properties"],
        json!({"used": 2, "most": 5000})
    );
}

#[test]
fn a_file_that_can_not_be_read_is_named_with_line_and_column() {
    for (name, text, place) in [
        ("a.json", "{\n  \"type\": object\n}", "a.json:2:11"),
        (
            "b.yaml",
            "type: object\nproperties: {a: [}\n",
            "b.yaml:2:17",
        ),
        ("c.json", &"[".repeat(100_000), "c.json:1:128"),
        ("d.json", "", "d.json:1:1"),
    ] {
        let folder = holding(name, text);
        let outcome = rheostat(&folder, &["check", name, "--fix"]);
        assert_eq!(outcome.code, Some(2), "{}", outcome.stdout);
        assert!(
            outcome.stderr.contains(place),
            "{place}: {}",
            outcome.stderr
        );
        assert_eq!(
            std::fs::read_to_string(folder.path().join(name)).unwrap(),
            text,
            "left as it was"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let outcome = rheostat(&folder, &["check", "nowhere.json"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("nowhere.json could not be read"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_megabyte_ten_thousand_fields_and_circles_are_read_to_the_end() {
    let fields: Map<String, Value> = (0..10_000)
        .map(|index| {
            (
                format!("field_{index}"),
                json!({"type": "string", "description": "d".repeat(60), "minLength": 1}),
            )
        })
        .collect();
    let text = json!({"type": "object", "properties": fields}).to_string();
    assert!(text.len() > 1_000_000);
    let folder = holding("large.json", &text);
    assert_eq!(rheostat(&folder, &["check", "large.json"]).code, Some(1));
    let mended = rheostat(&folder, &["check", "large.json", "--fix"]);
    assert!(
        mended
            .stdout
            .contains("20 001 changes written; 1 problem left")
    );
    assert!(
        mended
            .stdout
            .contains("The schema has 10000 properties, of 5000")
    );

    let circle = json!({
        "type": "object", "properties": {"a": {"$ref": "#/$defs/a"}, "r": {"$ref": "https://localhost:1/never"}},
        "required": ["a", "r"], "additionalProperties": false,
        "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}},
    });
    let folder = holding("circle.json", &circle.to_string());
    let found = rheostat(&folder, &["check", "circle.json"]);
    assert_eq!(found.code, Some(1));
    assert!(
        found
            .stdout
            .contains("refers to itself without ever saying what it holds"),
        "{}",
        found.stdout
    );
    assert!(
        found.stdout.contains("Nothing was fetched."),
        "{}",
        found.stdout
    );
    let printed = rheostat(&folder, &["print", "circle.json", "--as", "zod"]);
    assert_eq!(printed.code, Some(2));
    assert!(
        printed.stderr.contains("nothing outside of it is fetched"),
        "{}",
        printed.stderr
    );
}

#[test]
fn samples_become_a_schema_and_a_bad_one_is_named() {
    let folder = holding("one.json", r#"{"id": 1, "at": "2026-11-20"}"#);
    std::fs::write(
        folder.path().join("two.json"),
        r#"{"id": 2.5, "more": [true]}"#,
    )
    .unwrap();
    let made = rheostat(&folder, &["infer", "one.json", "two.json"]);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let schema: Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!(schema["properties"]["id"], json!({"type": "number"}));
    assert_eq!(
        schema["properties"]["at"],
        json!({"type": ["string", "null"], "format": "date"})
    );
    assert!(
        made.stderr
            .contains("/properties/more: 1 of 2 objects have it"),
        "{}",
        made.stderr
    );
    std::fs::write(folder.path().join("three.json"), "{\"id\": 1,\n}").unwrap();
    let bad = rheostat(&folder, &["infer", "one.json", "three.json"]);
    assert_eq!(bad.code, Some(2));
    assert!(
        bad.stderr
            .contains("three.json is no JSON: trailing comma in line 2, column 1."),
        "{}",
        bad.stderr
    );
}

#[test]
fn each_language_is_printed_under_the_name_of_the_file() {
    let folder = holding(
        "my ticket.json",
        r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}"#,
    );
    for (language, words) in [
        ("json_schema", "\"additionalProperties\": false"),
        ("responses", "\"name\": \"my_ticket\""),
        ("chat", "\"json_schema\": {"),
        ("pydantic", "class MyTicket(BaseModel):"),
        ("zod", "export const MyTicket = z.strictObject({"),
        ("typescript", "export interface MyTicket {"),
        ("rust", "pub struct MyTicket {"),
    ] {
        let printed = rheostat(&folder, &["print", "my ticket.json", "--as", language]);
        assert_eq!(printed.code, Some(0), "{}", printed.stderr);
        assert!(
            printed.stdout.contains(words),
            "{language}: {}",
            printed.stdout
        );
    }
    let named = rheostat(
        &folder,
        &[
            "print",
            "my ticket.json",
            "--as",
            "rust",
            "--name",
            "other-thing",
        ],
    );
    assert!(named.stdout.contains("pub struct OtherThing {"));
    assert_eq!(
        rheostat(&folder, &["print", "my ticket.json", "--as", "cobol"]).code,
        Some(2)
    );
}
