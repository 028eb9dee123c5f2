//! A schema from samples: what is seen, what is guessed, and that every sample satisfies it.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use proptest::prelude::*;
use rheostat_core::error::ErrorCode;
use rheostat_core::schema::infer::{NoteKind, from_values, infer};
use rheostat_core::schema::validate::Judge;
use rheostat_core::schema::{ProblemCode, strict};
use serde_json::{Map, Value, json};

fn of(samples: &[Value]) -> (Value, Vec<(NoteKind, String)>) {
    let inferred = from_values(samples);
    let notes = inferred
        .notes
        .into_iter()
        .map(|note| (note.kind, note.pointer))
        .collect();
    (inferred.schema, notes)
}

#[test]
fn several_samples_give_types_gaps_choices_and_guesses() {
    let (schema, notes) = of(&[
        json!({
            "id": "018f3b6e-7a1c-7cc0-98d5-1f2e3a4b5c6d", "at": "2026-11-20T10:00:00Z", "mail": "a@b.example",
            "level": "low", "score": 1, "tags": ["x", "y"], "more": {"deep": true}, "either": "text", "gone": null,
        }),
        json!({
            "id": "018f3b6e-7a1c-7cc0-98d5-1f2e3a4b5c6e", "at": "2026-11-21T10:00:00+01:00", "mail": "c@d.example",
            "level": "high", "score": 1.5, "tags": [], "either": 7, "gone": null,
        }),
        json!({
            "id": "018f3b6e-7a1c-7cc0-98d5-1f2e3a4b5c6f", "at": "2026-11-22T10:00:00Z", "mail": "e@f.example",
            "level": "low", "score": 2, "tags": ["z"], "either": null, "gone": null,
        }),
        json!({
            "id": "018f3b6e-7a1c-7cc0-98d5-1f2e3a4b5c70", "at": "2026-11-23T10:00:00Z", "mail": "g@h.example",
            "level": "high", "score": 3, "tags": ["w"], "either": "more", "gone": null,
        }),
    ]);
    assert_eq!(
        schema,
        json!({
            "type": "object",
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "at": {"type": "string", "format": "date-time"},
                "mail": {"type": "string", "format": "email"},
                "level": {"type": "string", "enum": ["low", "high"]},
                "score": {"type": "number"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "more": {
                    "type": ["object", "null"],
                    "properties": {"deep": {"type": "boolean"}},
                    "required": ["deep"],
                    "additionalProperties": false,
                },
                "either": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
                "gone": {"type": ["string", "null"]},
            },
            "required": ["id", "at", "mail", "level", "score", "tags", "more", "either", "gone"],
            "additionalProperties": false,
        })
    );
    let expected = [
        (NoteKind::FormatGuess, "/properties/id"),
        (NoteKind::FormatGuess, "/properties/at"),
        (NoteKind::FormatGuess, "/properties/mail"),
        (NoteKind::EnumGuess, "/properties/level"),
        (NoteKind::Optional, "/properties/more"),
        (NoteKind::Union, "/properties/either"),
        (NoteKind::OnlyNull, "/properties/gone"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(kind, place)| (*kind, (*place).to_owned()))
        .collect();
    assert_eq!(notes, expected);
    assert_eq!(strict::check(&schema).problems, []);
}

#[test]
fn each_format_of_strict_mode_that_can_be_told_is_guessed_and_uri_is_not() {
    for (text, format) in [
        ("2026-11-20T10:00:00Z", Some("date-time")),
        ("2026-11-20", Some("date")),
        ("10:00:00Z", Some("time")),
        ("P3DT4H", Some("duration")),
        ("a@b.example", Some("email")),
        ("018f3b6e-7a1c-7cc0-98d5-1f2e3a4b5c6d", Some("uuid")),
        ("192.168.0.1", Some("ipv4")),
        ("fe80::1", Some("ipv6")),
        ("https://example.com/", None),
        ("example.com", None),
        ("2026-13-40", None),
        ("", None),
    ] {
        let (schema, _) = of(&[json!({ "x": text })]);
        assert_eq!(
            schema["properties"]["x"]
                .get("format")
                .and_then(Value::as_str),
            format,
            "{text}"
        );
    }
    let (schema, _) = of(&[json!(["2026-11-20", "soon"])]);
    assert_eq!(
        schema["items"],
        json!({"type": "string"}),
        "one that is none rules it out"
    );
}

#[test]
fn an_enum_is_guessed_only_where_values_come_again() {
    let texts = |texts: &[&str]| of(&[json!({ "x": texts })]).0["properties"]["x"]["items"].clone();
    assert_eq!(
        texts(&["a", "b", "a", "b"]),
        json!({"type": "string", "enum": ["a", "b"]})
    );
    assert_eq!(
        texts(&["a", "b", "c", "a"]),
        json!({"type": "string"}),
        "too few came again"
    );
    assert_eq!(
        texts(&["a", "a"]),
        json!({"type": "string"}),
        "too few at all"
    );
    let long = "a sentence that is far too long for the name of a case";
    assert_eq!(texts(&[long, long, long, long]), json!({"type": "string"}));
}

#[test]
fn roots_and_empty_values_are_noted() {
    let (schema, notes) = of(&[json!([1, 2])]);
    assert_eq!(
        schema,
        json!({"type": "array", "items": {"type": "integer"}})
    );
    assert_eq!(notes, [(NoteKind::RootNotObject, String::new())]);
    assert_eq!(
        strict::check(&schema).problems[0].code,
        ProblemCode::RootNotObject
    );
    let (schema, notes) = of(&[json!({"list": [], "bare": {}})]);
    assert_eq!(
        notes,
        [
            (NoteKind::EmptyList, "/properties/list".to_owned()),
            (NoteKind::EmptyObject, "/properties/bare".to_owned()),
        ]
    );
    assert_eq!(strict::check(&schema).problems, []);
}

#[test]
fn a_sample_that_is_no_json_is_named_with_its_place() {
    let texts = |texts: &[&str]| {
        infer(
            &texts
                .iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>(),
        )
    };
    let error = texts(&["{}", "{\n  \"a\": 1,\n  b\n}"]).unwrap_err();
    assert_eq!(error.code, ErrorCode::BadInput);
    assert_eq!(
        error.message,
        "Sample 2 is no JSON: key must be a string in line 3, column 3."
    );
    assert_eq!(error.place.as_deref(), Some("samples[1]:3:3"));
    assert_eq!(texts(&[" \n"]).unwrap_err().message, "The sample is empty.");
    assert_eq!(texts(&[]).unwrap_err().message, "There is no sample.");
    let deep = "[".repeat(100_000);
    assert!(
        texts(&[&deep])
            .unwrap_err()
            .message
            .contains("recursion limit"),
        "nesting is no crash"
    );
    assert!(texts(&["\u{feff}{\"a\": 1}"]).is_ok());
}

#[test]
fn ten_thousand_fields_are_taken_in() {
    let sample: Map<String, Value> = (0..10_000).map(|i| (format!("f{i}"), json!(i))).collect();
    let (schema, _) = of(&[Value::Object(sample)]);
    assert_eq!(schema["required"].as_array().unwrap().len(), 10_000);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1.0e9..1.0e9f64).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
        prop_oneof![
            Just("2026-11-20"),
            Just("10:00:00Z"),
            Just("a@b.example"),
            Just("::1"),
            Just("P1D")
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[a-d/~ ]{0,2}", inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Puts null where the sample lacks a key that the schema names: how strict mode says "missing".
fn filled(value: &Value, schema: &Value) -> Value {
    let branches = schema["anyOf"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![schema.clone()]);
    match value {
        Value::Object(map) => {
            let of_object = branches
                .iter()
                .find(|branch| branch.get("properties").is_some())
                .unwrap();
            let fields = of_object["properties"].as_object().unwrap();
            fields
                .iter()
                .map(|(name, field)| {
                    (
                        name.clone(),
                        map.get(name)
                            .map_or(Value::Null, |value| filled(value, field)),
                    )
                })
                .collect()
        }
        Value::Array(list) => {
            let of_list = branches
                .iter()
                .find(|branch| branch.get("items").is_some())
                .unwrap();
            list.iter()
                .map(|item| filled(item, &of_list["items"]))
                .collect()
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_sample_satisfies_its_schema(samples in prop::collection::vec(any_json(), 1..6)) {
        let inferred = from_values(&samples);
        let judge = Judge::new(&inferred.schema).unwrap();
        for sample in &samples {
            let sample = filled(sample, &inferred.schema);
            prop_assert_eq!(judge.value(&sample), vec![], "{} by {}", sample, inferred.schema);
        }
        for note in &inferred.notes {
            prop_assert!(inferred.schema.pointer(&note.pointer).is_some(), "{:?}", note);
        }
        // Strict mode takes it, but for a root that is no object and what nests too deep.
        let others: Vec<_> = strict::check(&inferred.schema)
            .problems
            .into_iter()
            .filter(|problem| !matches!(problem.code, ProblemCode::RootNotObject | ProblemCode::RootAnyOf | ProblemCode::TooDeep))
            .collect();
        prop_assert_eq!(others, vec![]);
    }
}
