//! Every rule of a check: passed, failed with its reason, and broken without a panic.

use rheostat_core::grade::checks::{Check, CheckOutcome, CheckRule, CheckSet, evaluate};
use serde_json::{Value, json};

fn graded(rule: CheckRule, output: &str, schema: Option<&Value>) -> CheckOutcome {
    let check = Check { name: None, rule };
    let mut outcomes = evaluate(&[check], output, schema);
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

fn passed(rule: &str) -> CheckOutcome {
    CheckOutcome {
        name: rule.into(),
        rule: rule.into(),
        passed: true,
        reason: None,
        offending: None,
    }
}

fn failed(rule: &str, reason: &str, offending: Option<&str>) -> CheckOutcome {
    CheckOutcome {
        passed: false,
        reason: Some(reason.into()),
        offending: offending.map(Into::into),
        ..passed(rule)
    }
}

#[test]
fn contains_looks_past_case_and_white_space() {
    let rule = || CheckRule::Contains("NOT  valid\n".into());
    let words = "Contains \"NOT valid\"";
    assert_eq!(graded(rule(), "It is not\n\tVALID.", None), passed(words));
    assert_eq!(
        graded(rule(), "It is valid.", None),
        failed(words, "The text does not occur", None)
    );
    assert_eq!(
        graded(rule(), "", None),
        failed(words, "The text does not occur", None)
    );
    assert_eq!(
        graded(CheckRule::Contains(" ".into()), "anything", None),
        failed("Contains \"\"", "The check names no text to look for", None)
    );
}

#[test]
fn not_contains_shows_the_exact_text_that_offends() {
    let rule = || CheckRule::NotContains("as an AI".into());
    let words = "Does not contain \"as an AI\"";
    assert_eq!(graded(rule(), "Plain answer.", None), passed(words));
    assert_eq!(
        graded(rule(), "Well,\nAs  an\nai, I think. As an AI.", None),
        failed(words, "The text occurs in line 2", Some("As  an\nai"))
    );
    assert_eq!(
        graded(CheckRule::NotContains(String::new()), "anything", None),
        failed(
            "Does not contain \"\"",
            "The check names no text to look for",
            None
        )
    );
}

#[test]
fn a_pattern_matches_somewhere_or_says_what_is_wrong_with_it() {
    let rule = |pattern: &str| CheckRule::Pattern(pattern.into());
    assert_eq!(
        graded(rule(r"\b\d{4}-\d{2}\b"), "Due 2026-11.", None),
        passed(r"Matches /\b\d{4}-\d{2}\b/")
    );
    assert_eq!(
        graded(rule("^Due"), "due 2026-11", None),
        failed("Matches /^Due/", "Nothing matches the pattern", None)
    );
    assert_eq!(
        graded(rule("(open"), "open", None),
        failed(
            "Matches /(open/",
            "The pattern is broken: unclosed group",
            None
        )
    );
    assert_eq!(
        graded(rule(r"(\w{500}){500}"), "open", None),
        failed(
            r"Matches /(\w{500}){500}/",
            "The pattern is broken: it is too large",
            None
        )
    );
    // Nested repeats hang a backtracking matcher; this one is linear.
    let started = std::time::Instant::now();
    assert!(!graded(rule("^(a+)+$"), &("a".repeat(100_000) + "!"), None).passed);
    assert!(started.elapsed().as_secs() < 5, "a pattern stays linear");
}

fn speakers() -> Value {
    json!({
        "type": "object",
        "properties": {
            "title": { "type": "string" },
            "starts": { "type": "string", "format": "date-time" },
            "speakers": { "type": "array", "items": { "type": "object",
                "properties": { "age": { "type": "integer" } },
                "required": ["age"], "additionalProperties": false } }
        },
        "required": ["title"],
        "additionalProperties": false
    })
}

#[test]
fn schema_valid_names_the_place_in_the_output() {
    let schema = speakers();
    let grade = |output| graded(CheckRule::SchemaValid(true), output, Some(&schema));
    let words = "Satisfies the schema";
    assert_eq!(
        grade(r#"{"title":"T","speakers":[{"age":3}]}"#),
        passed(words)
    );
    assert_eq!(
        grade(r#"{"title":"T","speakers":[{"age":3},{"age":"old"}]}"#),
        failed(
            words,
            "/speakers/1/age: \"old\" is not of type \"integer\"",
            Some("\"old\"")
        )
    );
    assert_eq!(
        grade(r#"{"speakers":[{}]}"#),
        failed(
            words,
            "/speakers/0: \"age\" is a required property, and 1 fault more",
            None
        )
    );
    assert_eq!(
        grade("{}"),
        failed(words, "The root: \"title\" is a required property", None)
    );
    assert_eq!(
        grade(r#"{"title":"T","starts":"tomorrow"}"#),
        failed(
            words,
            "/starts: \"tomorrow\" is not a \"date-time\"",
            Some("\"tomorrow\"")
        )
    );
    assert_eq!(
        grade("{\"title\": \"T\",\n  oops}"),
        failed(
            words,
            "Not JSON, line 2 column 3: key must be a string",
            None
        )
    );
    assert_eq!(
        grade("```json\n{}\n```"),
        failed(words, "Not JSON, line 1 column 1: expected value", None)
    );
    assert_eq!(grade(" \n"), failed(words, "The output is empty", None));
}

#[test]
fn a_value_that_stands_twice_is_not_marked() {
    let schema = json!({ "type": "array", "items": { "maximum": 5 } });
    let outcome = graded(CheckRule::SchemaValid(true), "[7, 7]", Some(&schema));
    assert_eq!(outcome.offending, None);
}

#[test]
fn schema_valid_false_asks_for_the_opposite() {
    let schema = speakers();
    let grade = |output, schema| graded(CheckRule::SchemaValid(false), output, schema);
    let words = "Does not satisfy the schema";
    assert_eq!(grade("no JSON", Some(&schema)), passed(words));
    assert_eq!(
        grade(r#"{"title":"T"}"#, Some(&schema)),
        failed(words, "The output satisfies the schema", None)
    );
    assert_eq!(
        grade("no JSON", None),
        failed(words, "The request has no schema", None)
    );
}

#[test]
fn a_missing_or_broken_schema_is_a_failed_check() {
    fn grade(schema: Option<&Value>) -> CheckOutcome {
        graded(CheckRule::SchemaValid(true), "{}", schema)
    }
    let words = "Satisfies the schema";
    assert_eq!(
        grade(None),
        failed(words, "The request has no schema", None)
    );
    for schema in [
        json!({ "type": "strange" }),
        json!({ "$ref": "https://example.com/schema.json" }),
        json!({ "$ref": "#/nowhere" }),
        json!({ "pattern": "(" }),
        json!("text"),
    ] {
        let outcome = grade(Some(&schema));
        let reason = outcome.reason.expect("a reason");
        assert!(!outcome.passed);
        assert!(
            reason.starts_with("The schema is broken: "),
            "{schema}: {reason}"
        );
    }
}

#[test]
fn a_reason_stays_short_however_large_the_value() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "integer" } } });
    let output = json!({ "a": "é".repeat(50_000) }).to_string();
    let outcome = graded(CheckRule::SchemaValid(true), &output, Some(&schema));
    let reason = outcome.reason.expect("a reason");
    assert!(reason.chars().count() < 300, "{}", reason.len());
    assert!(reason.ends_with('…'));
}

#[test]
fn max_words_counts_what_white_space_parts() {
    let rule = CheckRule::MaxWords;
    assert_eq!(
        graded(rule(3), " one\u{a0}two\u{2003}three\n", None),
        passed("At most 3 words")
    );
    assert_eq!(
        graded(rule(220), &"word ".repeat(231), None),
        failed("At most 220 words", "231 words, at most 220", None)
    );
    assert_eq!(
        graded(rule(0), "word", None),
        failed("At most 0 words", "1 word, at most 0", None)
    );
    assert_eq!(graded(rule(1), "", None), passed("At most 1 word"));
}

#[test]
fn a_set_is_compiled_once_and_keeps_order_and_names() {
    let check = |name: Option<&str>, rule| Check {
        name: name.map(Into::into),
        rule,
    };
    let set = CheckSet::compile(
        &[
            check(Some(" Says so "), CheckRule::Contains("yes".into())),
            check(Some(""), CheckRule::MaxWords(2)),
            check(None, CheckRule::Contains("long ".repeat(30))),
        ],
        None,
    );
    assert_eq!((set.len(), set.is_empty()), (3, false));
    for output in ["Yes, quite so", "YES"] {
        let names: Vec<String> = set.evaluate(output).into_iter().map(|o| o.name).collect();
        let cut = format!("Contains \"{}…\"", "long ".repeat(12));
        assert_eq!(names, ["Says so", "At most 2 words", cut.as_str()]);
    }
    let passes = |output| -> Vec<bool> { set.evaluate(output).iter().map(|o| o.passed).collect() };
    assert_eq!(passes("Yes, quite so"), [true, false, false]);
    assert_eq!(passes("no"), [false, true, false]);
    assert!(CheckSet::default().evaluate("anything").is_empty());
}

#[test]
fn a_set_may_grade_on_any_thread() {
    fn sendable<T: Send + Sync + Clone + 'static>() {}
    sendable::<CheckSet>();
}
