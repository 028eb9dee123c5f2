//! Judging outputs: whole ones by path, and beginnings by what no continuation can mend.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use proptest::prelude::*;
use rheostat_core::error::ErrorCode;
use rheostat_core::schema::partial;
use rheostat_core::schema::validate::Judge;
use serde_json::{Map, Value, json};

fn ticket() -> Value {
    json!({
        "type": "object",
        "properties": {
            "category": {"type": "string", "enum": ["billing", "bug"]},
            "urgency": {"type": "integer", "minimum": 1, "maximum": 5},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "people": {"type": "array", "items": {"$ref": "#/$defs/person"}, "maxItems": 2},
            "about": {"anyOf": [
                {"type": "object", "properties": {"kind": {"const": "order"}, "id": {"type": "integer"}}, "required": ["kind", "id"], "additionalProperties": false},
                {"type": "object", "properties": {"kind": {"const": "user"}, "name": {"type": "string"}}, "required": ["kind", "name"], "additionalProperties": false},
                {"type": "null"},
            ]},
        },
        "required": ["category", "urgency", "at", "people", "about"],
        "additionalProperties": false,
        "$defs": {"person": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"], "additionalProperties": false}},
    })
}

fn whole(text: &str) -> Vec<(String, String)> {
    Judge::new(&ticket())
        .unwrap()
        .text(text)
        .into_iter()
        .map(|failure| (failure.pointer, failure.message))
        .collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(place, message)| ((*place).to_owned(), (*message).to_owned()))
        .collect()
}

#[test]
fn each_failure_has_its_path_and_its_words() {
    let good = json!({"category": "bug", "urgency": 2, "at": null, "people": [{"name": "A"}], "about": null});
    assert_eq!(whole(&good.to_string()), []);
    let bad = json!({
        "category": "other", "urgency": 9, "at": "soon", "people": [{"name": 1}, {}], "about": {"kind": "user", "name": 3}, "x/y": 1,
    });
    let mut found = whole(&bad.to_string());
    found.sort();
    assert_eq!(
        found,
        pairs(&[
            ("", "\"x/y\" is not among the fields"),
            ("/about/name", "3 is not a text"),
            ("/at", "\"soon\" is no date-time"),
            ("/category", "\"other\" is none of \"billing\", \"bug\""),
            ("/people/0/name", "1 is not a text"),
            ("/people/1", "\"name\" is missing"),
            ("/urgency", "9 is greater than the maximum of 5"),
        ])
    );
    assert_eq!(whole("[1]"), pairs(&[("", "The list is not an object")]));
    assert_eq!(whole(""), pairs(&[("", "The output is empty")]));
    assert_eq!(
        whole("{\n \"a\": }"),
        pairs(&[("", "No JSON: expected value in line 2, column 7")])
    );
    let failure = &Judge::new(&ticket())
        .unwrap()
        .text(r#"{"category": 1, "urgency": 1, "at": null, "people": [], "about": null}"#)[0];
    assert_eq!(
        failure.schema_pointer.as_deref(),
        Some("/properties/category/type")
    );
}

#[test]
fn a_long_value_and_a_flood_of_failures_stay_short() {
    let judge = Judge::new(&json!({"type": "array", "items": {"type": "integer"}})).unwrap();
    let failures = judge.value(&json!(vec!["x".repeat(100_000); 1_000]));
    assert_eq!(failures.len(), 200);
    assert!(failures.iter().all(|failure| failure.message.len() < 200));
}

#[test]
fn a_schema_that_can_judge_nothing_says_why() {
    let fault = |schema: Value| {
        let error = Judge::new(&schema).unwrap_err();
        assert_eq!(error.code, ErrorCode::BadInput);
        error.message
    };
    let circle = json!({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"});
    assert!(fault(circle).contains("leads back to itself"));
    assert!(fault(json!({"not": {"$ref": "#"}})).contains("leads back to itself"));
    assert!(fault(json!({"$anchor": "a", "if": {"$ref": "#a"}})).contains("leads back to itself"));
    assert_eq!(
        fault(json!({"$ref": "https://example.com/schema.json"})),
        "The schema can't judge anything: it refers to https://example.com/schema.json, and nothing outside of it is fetched."
    );
    assert!(fault(json!({"properties": {"a": {"type": "date"}}})).contains("/properties/a"));
    assert!(fault(json!({"pattern": "("})).contains("/pattern"));
    assert!(fault(json!({"$ref": "#/$defs/lost"})).starts_with("The schema can't judge"));
    let chain: Map<String, Value> = (0..10_000)
        .map(|index| {
            (
                format!("d{index}"),
                json!({"$ref": format!("#/$defs/d{}", index + 1)}),
            )
        })
        .chain([("d10000".to_owned(), json!({"type": "string"}))])
        .collect();
    assert!(fault(json!({"$defs": chain, "$ref": "#/$defs/d0"})).contains("too many references"));
    let doubling: Map<String, Value> = (0..60)
        .map(|index| {
            let next = json!({"$ref": format!("#/$defs/d{}", index + 1)});
            (format!("d{index}"), json!({"anyOf": [next, next]}))
        })
        .chain([("d60".to_owned(), json!({"type": "string"}))])
        .collect();
    assert!(
        fault(json!({"$defs": doubling, "$ref": "#/$defs/d0"})).contains("too many references")
    );
}

#[test]
fn a_dialect_that_nobody_knows_is_read_as_the_newest() {
    let judge =
        Judge::new(&json!({"$schema": "https://example.com/own", "type": "integer"})).unwrap();
    assert_eq!(judge.text("1"), []);
    assert_eq!(judge.text("\"a\"").len(), 1);
}

#[test]
fn recursion_through_properties_and_items_is_judged() {
    let tree = json!({
        "type": "object",
        "properties": {"v": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["v", "children"],
        "additionalProperties": false,
    });
    let judge = Judge::new(&tree).unwrap();
    let failures = judge
        .value(&json!({"v": 1, "children": [{"v": 2, "children": [{"v": "3", "children": []}]}]}));
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].pointer, "/children/0/children/0/v");
}

/// The failures of a beginning: places and messages.
fn begun(text: &str) -> Vec<(String, String)> {
    let so_far = partial::judge(&ticket(), text).unwrap();
    so_far
        .failures
        .into_iter()
        .map(|failure| (failure.pointer, failure.message))
        .collect()
}

#[test]
fn a_beginning_fails_only_by_what_can_no_longer_be_mended() {
    for fine in [
        "",
        " ",
        "{",
        "{\"",
        "{\"cat",
        "{\"category\"",
        "{\"category\":",
        "{\"category\": \"b",
        "{\"category\": \"bu",
        "{\"urgency\": 1",
        "{\"urgency\": 1.5",
        "{\"urgency\": -",
        "{\"at\": n",
        "{\"at\": \"so",
        "{\"people\": [",
        "{\"people\": [{\"name\": \"a\\u00",
        "{\"about\": {\"kind\": \"us",
        "{\"about\": {\"ki",
        "{\"category\": \"bug\",",
    ] {
        assert_eq!(begun(fine), [], "{fine}");
    }
    let cases = [
        ("[", ("", "A list is not an object")),
        ("\"te", ("", "A text is not an object")),
        ("{\"x", ("", "No field begins with \"x\"")),
        ("{\"categ\"", ("", "\"categ\" is not among the fields")),
        (
            "{\"category\": \"o",
            ("/category", "The value can't become any of those allowed"),
        ),
        ("{\"category\": 1", ("/category", "A number is not a text")),
        (
            "{\"urgency\": 1.5,",
            ("/urgency", "A number is not a whole number"),
        ),
        (
            "{\"urgency\": 9,",
            ("/urgency", "9 is greater than the maximum of 5"),
        ),
        ("{\"at\": \"soon\"", ("/at", "\"soon\" is no date-time")),
        ("{\"at\": t", ("/at", "true or false is not a text or null")),
        ("{\"people\": [{}", ("/people/0", "\"name\" is missing")),
        (
            "{\"people\": [{\"name\": \"a\"}, {\"name\": \"b\"}, {",
            ("/people", "More than 2 items"),
        ),
        (
            "{\"about\": {\"kind\": \"user\", \"name\": 3",
            ("/about/name", "A number is not a text"),
        ),
        (
            "{\"about\": {\"kind\": \"x",
            ("/about", "The value can't become any of the choices"),
        ),
        (
            "{\"a\": nul1",
            (
                "",
                "No JSON: this is neither null nor true nor false in line 1, column 10",
            ),
        ),
        (
            "{\"category\": \"bug\"\n \"",
            (
                "",
                "No JSON: a comma or the object's end must follow in line 2, column 2",
            ),
        ),
    ];
    for (text, (place, message)) in cases {
        let mut found = begun(text);
        found.truncate(1);
        assert_eq!(found, pairs(&[(place, message)]), "{text}");
    }
    assert!(
        partial::judge(&ticket(), "{\"category\": \"bug\"}")
            .unwrap()
            .is_whole,
        "a whole text is judged whole"
    );
    assert_eq!(
        begun("{\"category\": \"bug\"}").len(),
        4,
        "what is missing at the end is missing"
    );
    assert!(
        begun(&"[".repeat(100_000))[0]
            .1
            .contains("nested too deeply")
    );
}

/// A schema and a value that satisfies it.
fn pair() -> impl Strategy<Value = (Value, Value)> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|value| (json!({"type": "boolean"}), json!(value))),
        (-50..50i64).prop_map(|value| (json!({"type": "integer", "minimum": -50}), json!(value))),
        (-5.0..5.0f64).prop_map(|value| (
            json!({"type": "number", "exclusiveMaximum": 5}),
            json!(value)
        )),
        "\\PC{0,8}".prop_map(|value| (json!({"type": "string"}), json!(value))),
        "[a-z]{1,4}".prop_map(|value| (
            json!({"type": "string", "pattern": "^[a-z]+$"}),
            json!(value)
        )),
        prop_oneof![Just("red"), Just("rose"), Just("blue")].prop_map(|value| (
            json!({"type": "string", "enum": ["red", "rose", "blue"]}),
            json!(value)
        )),
        Just((json!({"const": {"a": [1, "x"]}}), json!({"a": [1, "x"]}))),
        Just((
            json!({"type": ["string", "null"], "format": "uuid"}),
            Value::Null
        )),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        prop_oneof![
            inner.clone().prop_flat_map(|(schema, value)| (Just(schema), Just(value), 0..4usize))
                .prop_map(|(schema, value, count)| {
                    (json!({"type": "array", "items": schema, "maxItems": 4}), json!(vec![value; count]))
                }),
            prop::collection::btree_map("[a-e\"\\\\é]{1,3}", inner.clone(), 0..4).prop_map(|fields| {
                let schemas: Map<String, Value> = fields.iter().map(|(name, (schema, _))| (name.clone(), schema.clone())).collect();
                let values: Map<String, Value> = fields.into_iter().map(|(name, (_, value))| (name, value)).collect();
                let names: Vec<String> = schemas.keys().cloned().collect();
                (json!({"type": "object", "properties": schemas, "required": names, "additionalProperties": false}), Value::Object(values))
            }),
            (inner.clone(), inner).prop_map(|((one, value), (other, _))| (json!({"anyOf": [other, one]}), value)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn no_beginning_of_a_good_output_fails((schema, value) in pair(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        prop_assert_eq!(Judge::new(&schema).unwrap().text(&text), vec![]);
        for (end, _) in text.char_indices() {
            let so_far = partial::judge(&schema, &text[..end]).unwrap();
            prop_assert_eq!(so_far.failures, vec![], "{} by {}", &text[..end], schema);
        }
    }

    #[test]
    fn an_output_whose_beginning_fails_never_passes((schema, _) in pair(), (_, value) in pair()) {
        let text = value.to_string();
        let fails = Judge::new(&schema).unwrap().text(&text).len();
        for (end, _) in text.char_indices() {
            let so_far = partial::judge(&schema, &text[..end]).unwrap();
            prop_assert!(so_far.failures.is_empty() || fails > 0, "{} by {}", &text[..end], schema);
        }
    }

    #[test]
    fn a_text_is_called_whole_exactly_where_a_parser_takes_it(text in "[\\[\\]{},:\"a-ent\\\\0-9.+u -]{0,12}") {
        let so_far = partial::judge(&json!({}), &text).unwrap();
        if so_far.is_whole {
            prop_assert!(serde_json::from_str::<Value>(&text).is_ok() || !so_far.failures.is_empty());
        }
        if serde_json::from_str::<Value>(&text).is_ok() {
            prop_assert_eq!(so_far.failures, vec![], "{}", text);
        }
    }
}
