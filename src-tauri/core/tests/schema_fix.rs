//! Mending a schema: what each fix does, what is named and left, and that what was accepted stays so.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use proptest::prelude::*;
use rheostat_core::schema::fix::{Effect, fix, fix_all};
use rheostat_core::schema::validate::Judge;
use rheostat_core::schema::{ProblemCode, strict};
use serde_json::{Value, json};

/// The schema after "Fix all", which must be one that strict mode takes.
fn fixed(schema: Value) -> (Value, Vec<Effect>) {
    let outcome = fix_all(&schema);
    assert_eq!(outcome.left, [], "{schema}");
    let effects = outcome.changes.iter().map(|change| change.effect).collect();
    (outcome.schema, effects)
}

/// An object that strict mode takes, with these properties.
fn object(properties: Value) -> Value {
    let names: Vec<&String> = properties.as_object().unwrap().keys().collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

/// One property's schema after "Fix all".
fn property(schema: Value) -> (Value, Vec<Effect>) {
    let (schema, effects) = fixed(object(json!({ "x": schema })));
    (schema["properties"]["x"].clone(), effects)
}

#[test]
fn what_may_be_missing_is_required_and_nullable() {
    let (schema, effects) = fixed(json!({
        "type": "object",
        "properties": {
            "plain": {"type": "string", "description": "said once"},
            "several": {"type": ["string", "integer"]},
            "listed": {"type": "string", "enum": ["a", "b"]},
            "only": {"const": "a"},
            "choice": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "refers": {"$ref": "#/$defs/a", "description": "outside"},
            "already": {"type": ["string", "null"]},
            "kept": {"type": "integer"},
        },
        "required": ["kept"],
        "$defs": {"a": {"type": "integer"}},
    }));
    assert_eq!(
        schema,
        json!({
            "type": "object",
            "properties": {
                "plain": {"type": ["string", "null"], "description": "said once"},
                "several": {"type": ["string", "integer", "null"]},
                "listed": {"type": ["string", "null"], "enum": ["a", "b", null]},
                "only": {"enum": ["a", null]},
                "choice": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
                "refers": {"description": "outside", "anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]},
                "already": {"type": ["string", "null"]},
                "kept": {"type": "integer"},
            },
            "required": ["kept", "plain", "several", "listed", "only", "choice", "refers", "already"],
            "$defs": {"a": {"type": "integer"}},
            "additionalProperties": false,
        })
    );
    assert_eq!(
        effects
            .iter()
            .filter(|effect| **effect == Effect::Nullable)
            .count(),
        7
    );
    assert_eq!(
        effects
            .iter()
            .filter(|effect| **effect == Effect::Closed)
            .count(),
        1
    );
}

#[test]
fn one_of_becomes_any_of_and_says_whether_that_is_the_same() {
    let by_type = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    let shape = |kind: &str| object(json!({"kind": {"const": kind}}));
    let by_constant = json!({"oneOf": [shape("circle"), shape("square")]});
    let overlapping = json!({"oneOf": [{"type": "number"}, {"type": "integer"}]});
    for (schema, effect) in [
        (by_type, Effect::Same),
        (by_constant, Effect::Same),
        (overlapping, Effect::Looser),
    ] {
        let expected = json!({ "anyOf": schema["oneOf"] });
        assert_eq!(property(schema), (expected, vec![effect]));
    }
    let both = object(json!({"x": {"anyOf": [{"type": "string"}], "oneOf": [{"type": "string"}]}}));
    assert_eq!(
        fix_all(&both).left.len(),
        1,
        "two choices at once can't be said"
    );
}

#[test]
fn all_of_is_merged_where_its_parts_agree() {
    let base =
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]});
    let mut schema = object(json!({"x": {
        "description": "both",
        "allOf": [{"$ref": "#/$defs/base"}, {"properties": {"b": {"type": "integer"}}, "required": ["b"]}],
    }}));
    schema["$defs"] = json!({ "base": base });
    let (schema, effects) = fixed(schema);
    assert_eq!(
        schema["properties"]["x"],
        json!({
            "description": "both",
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
            "required": ["a", "b"],
            "additionalProperties": false,
        })
    );
    assert_eq!(
        effects
            .iter()
            .filter(|effect| **effect == Effect::Same)
            .count(),
        1
    );
    let contradicts = object(json!({"x": {"allOf": [{"type": "string"}, {"type": "integer"}]}}));
    let outcome = fix_all(&contradicts);
    assert_eq!(
        outcome.schema, contradicts,
        "what can't be merged stands as it was"
    );
    assert_eq!(outcome.left[0].pointer, "/properties/x/allOf");
    let closed = object(
        json!({"x": {"allOf": [object(json!({"a": {"type": "string"}})), object(json!({"b": {"type": "string"}}))]}}),
    );
    assert_eq!(
        fix_all(&closed).left.len(),
        1,
        "each part refuses the other's property"
    );
}

#[test]
fn a_keyword_that_is_removed_is_named() {
    let outcome = fix_all(&object(json!({
        "x": {"type": "string", "minLength": 3, "format": "uri"},
        "y": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
    })));
    assert_eq!(
        outcome.schema,
        object(
            json!({"x": {"type": "string"}, "y": {"type": "array", "items": {"type": "string"}}})
        )
    );
    let said: Vec<&str> = outcome
        .changes
        .iter()
        .map(|change| change.message.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "y: uniqueItems was removed (true)",
            "x: The format \"uri\" was removed",
            "x: minLength was removed (3)",
        ]
    );
    assert!(
        outcome
            .changes
            .iter()
            .all(|change| change.effect == Effect::Looser)
    );
}

#[test]
fn a_root_that_is_no_object_is_wrapped_and_its_references_follow() {
    let (schema, _) = fixed(json!({
        "$defs": {"leaf": {"type": "string"}},
        "anyOf": [{"$ref": "#/$defs/leaf"}, {"type": "array", "items": {"$ref": "#"}}],
    }));
    assert_eq!(
        schema,
        json!({
            "type": "object",
            "properties": {"value": {"anyOf": [{"$ref": "#/$defs/leaf"}, {"type": "array", "items": {"$ref": "#/properties/value"}}]}},
            "required": ["value"],
            "additionalProperties": false,
            "$defs": {"leaf": {"type": "string"}},
        })
    );
    let (schema, effects) = fixed(json!({"type": "array", "items": {"type": "string"}}));
    assert_eq!(
        schema,
        object(json!({"items": {"type": "array", "items": {"type": "string"}}}))
    );
    assert_eq!(effects, [Effect::Reshaped]);
    let node = object(json!({"next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}}));
    let (schema, effects) =
        fixed(json!({"$ref": "#/$defs/node", "$defs": {"node": node, "lone": object(json!({}))}}));
    let mut expected = node.clone();
    expected["$defs"] = json!({"node": node, "lone": object(json!({}))});
    assert_eq!((schema, effects), (expected, vec![Effect::Same]));
}

#[test]
fn maps_become_lists_and_what_has_no_fields_is_left() {
    let (schema, effects) =
        property(json!({"type": "object", "additionalProperties": {"type": "integer"}}));
    assert_eq!(
        schema,
        json!({"type": "array", "items": object(json!({"key": {"type": "string"}, "value": {"type": "integer"}}))})
    );
    assert_eq!(effects, [Effect::Reshaped]);
    let free = object(json!({"x": {"type": "object"}, "y": {}, "z": {"type": "array"}}));
    let outcome = fix_all(&free);
    assert_eq!(outcome.schema, free);
    let left: Vec<ProblemCode> = outcome.left.iter().map(|problem| problem.code).collect();
    assert_eq!(
        left,
        [
            ProblemCode::ExtraKeys,
            ProblemCode::TypeMissing,
            ProblemCode::ItemsMissing
        ]
    );
    assert!(
        outcome.left[0].fix.as_ref().unwrap().is_choice,
        "a person may still choose it"
    );
    let outcome = fix(&free, ProblemCode::ExtraKeys, "/properties/x").unwrap();
    assert_eq!(outcome.changes[0].effect, Effect::Narrower);
}

#[test]
fn tuples_types_and_references_are_rewritten() {
    assert_eq!(
        property(
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}, {"type": "string"}], "items": false})
        ),
        (
            json!({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "maxItems": 3}),
            vec![Effect::Looser]
        )
    );
    assert_eq!(
        property(json!({"type": ["str", "none"]})).0,
        json!({"type": ["string", "null"]})
    );
    assert_eq!(
        property(json!({"pattern": "^a"})).0,
        json!({"type": "string", "pattern": "^a"})
    );
    let mut schema = object(
        json!({"x": {"$ref": "#a"}, "y": {"$ref": "#/$defs/b", "type": "string", "minimum": 1}}),
    );
    schema["$defs"] = json!({"a/1": {"$anchor": "a", "type": "string"}, "b": {"type": "string"}});
    let (schema, effects) = fixed(schema);
    assert_eq!(
        schema["properties"],
        json!({"x": {"$ref": "#/$defs/a~11"}, "y": {"$ref": "#/$defs/b"}})
    );
    assert_eq!(effects, [Effect::Same, Effect::Looser, Effect::Same]);
    let (schema, _) = fixed(object(json!({"next": {"$ref": "#"}})));
    assert_eq!(
        schema,
        object(json!({"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}))
    );
}

#[test]
fn references_into_what_moves_lead_to_the_new_place() {
    let (schema, _) = fixed(json!({
        "type": "object",
        "properties": {
            "a": {"oneOf": [object(json!({"inner": {"type": "string"}})), {"type": "integer"}]},
            "b": {"$ref": "#/properties/a/oneOf/0/properties/inner"},
        },
        "required": ["a", "b"],
    }));
    assert_eq!(
        schema["properties"]["b"],
        json!({"$ref": "#/properties/a/anyOf/0/properties/inner"})
    );
}

#[test]
fn what_no_fix_can_say_is_left_and_named() {
    let mut schema = object(json!({
        "remote": {"$ref": "https://example.com/a"},
        "lost": {"$ref": "#/$defs/lost"},
        "circle": {"$ref": "#/$defs/a"},
    }));
    schema["$defs"] = json!({"a": {"$ref": "#/$defs/a"}});
    let outcome = fix_all(&schema);
    assert_eq!(outcome.schema, schema);
    assert!(outcome.changes.is_empty());
    assert_eq!(outcome.left, strict::check(&schema).problems);
}

#[test]
fn a_fix_asked_for_a_place_without_that_problem_is_refused() {
    let schema = object(json!({"a": {"type": "string"}}));
    assert_eq!(fix(&schema, ProblemCode::ExtraKeys, ""), None);
    assert_eq!(fix(&schema, ProblemCode::NotRequired, "/nowhere"), None);
}

#[test]
fn ten_thousand_fields_are_mended() {
    let properties: serde_json::Map<String, Value> = (0..10_000)
        .map(|index| {
            (
                format!("f{index}"),
                json!({"type": "string", "minLength": 1}),
            )
        })
        .collect();
    let outcome = fix_all(&json!({"type": "object", "properties": properties}));
    assert_eq!(outcome.changes.len(), 20_001);
    assert_eq!(outcome.schema["required"].as_array().unwrap().len(), 10_000);
    assert_eq!(outcome.left[0].code, ProblemCode::TooManyProperties);
}

/// A schema as people write them, with a value that satisfies it.
fn loose() -> impl Strategy<Value = (Value, Value)> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|value| (json!({"type": "boolean"}), json!(value))),
        (0..50i64).prop_map(|value| (json!({"type": "integer", "minimum": 0}), json!(value))),
        (0..50i64).prop_map(|value| (json!({"minimum": 0}), json!(value))),
        "[a-z]{1,5}".prop_map(|value| (
            json!({"type": "string", "minLength": 1, "format": "uri-reference"}),
            json!(value)
        )),
        "[a-z]{1,5}".prop_map(|value| (json!({"type": "str", "description": "d"}), json!(value))),
        prop_oneof![Just("x"), Just("y")]
            .prop_map(|value| (json!({"enum": ["x", "y"]}), json!(value))),
        Just((json!({"const": 7}), json!(7))),
        (0..9i64).prop_map(|value| (json!({"$ref": "#/$defs/count"}), json!(value))),
        (0..9i64).prop_map(|value| (json!({"$ref": "#/$defs/count", "minimum": 0}), json!(value))),
        Just((json!({"type": "object"}), json!({}))),
        Just((json!({}), json!("anything"))),
        (0..9i64).prop_map(|value| (
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            json!({"k": value})
        )),
    ];
    leaf.prop_recursive(3, 30, 4, |inner| {
        prop_oneof![
            (inner.clone(), 1..3usize).prop_map(|((schema, value), count)| {
                (
                    json!({"type": "array", "items": schema, "uniqueItems": false, "minItems": 1}),
                    json!(vec![value; count]),
                )
            }),
            prop::collection::btree_map(
                "[a-c/~]{1,2}",
                (inner.clone(), any::<bool>(), any::<bool>()),
                0..4
            )
            .prop_map(|fields| {
                let mut schema = json!({"type": "object", "properties": {}, "required": []});
                let mut value = json!({});
                for (name, ((inner, example), required, given)) in fields {
                    schema["properties"][&name] = inner;
                    if required {
                        schema["required"]
                            .as_array_mut()
                            .unwrap()
                            .push(name.clone().into());
                    }
                    if required || given {
                        value[&name] = example;
                    }
                }
                (schema, value)
            }),
            (inner.clone(), inner.clone())
                .prop_map(|((one, value), (other, _))| (json!({"anyOf": [other, one]}), value)),
            inner
                .clone()
                .prop_map(|(schema, value)| (json!({"oneOf": [schema, {"type": "null"}]}), value)),
            inner.clone().prop_map(|(schema, value)| (
                json!({"allOf": [schema], "description": "d"}),
                value
            )),
            inner.prop_map(|(schema, value)| (
                json!({"type": "array", "prefixItems": [schema], "items": {"type": "string"}}),
                json!([value, "s"])
            )),
        ]
    })
}

/// Puts null where an optional key is missing: how strict mode says so. Where a schema has a choice,
/// any filling that satisfies it will do.
fn fillings(value: &Value, schema: &Value, root: &Value) -> Vec<Value> {
    let node = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    if let Some(branches) = node["anyOf"].as_array() {
        return branches
            .iter()
            .flat_map(|branch| fillings(value, branch, root))
            .collect();
    }
    match value {
        Value::Object(map) => {
            let Some(fields) = node["properties"].as_object() else {
                return vec![value.clone()];
            };
            let mut filled = vec![serde_json::Map::new()];
            for (name, field) in fields {
                let options = match map.get(name) {
                    Some(value) => fillings(value, field, root),
                    None => vec![Value::Null],
                };
                filled = filled
                    .into_iter()
                    .flat_map(|known| {
                        options.iter().map(move |option| {
                            let mut more = known.clone();
                            more.insert(name.clone(), option.clone());
                            more
                        })
                    })
                    .take(200)
                    .collect();
            }
            filled.into_iter().map(Value::Object).collect()
        }
        Value::Array(list) => {
            let mut filled: Vec<Vec<Value>> = vec![vec![]];
            for item in list {
                let options = fillings(item, &node["items"], root);
                filled = filled
                    .into_iter()
                    .flat_map(|known| {
                        options
                            .iter()
                            .map(move |option| [known.clone(), vec![option.clone()]].concat())
                    })
                    .take(200)
                    .collect();
            }
            filled.into_iter().map(Value::from).collect()
        }
        other => vec![other.clone()],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn fix_all_leaves_nothing_without_naming_it((schema, value) in loose()) {
        let schema = json!({
            "type": "object",
            "properties": {"x": schema},
            "required": ["x"],
            "$defs": {"count": {"type": "integer", "maxLength": 3}},
        });
        let value = json!({ "x": value });
        let outcome = fix_all(&schema);
        prop_assert_eq!(&strict::check(&outcome.schema).problems, &outcome.left);
        prop_assert!(
            outcome.left.iter().all(|problem| problem.fix.as_ref().is_none_or(|fix| fix.is_choice)),
            "what is left has no fix that needs no choice: {:?}", outcome.left
        );
        let again = fix_all(&outcome.schema);
        prop_assert_eq!(again.changes, vec![], "a second time there is nothing to do");
        prop_assert_eq!(&again.schema, &outcome.schema);

        // What was accepted stays accepted, unless a change says otherwise.
        let says_otherwise = outcome.changes.iter().any(|change| matches!(change.effect, Effect::Narrower | Effect::Reshaped));
        let accepted = Judge::new(&schema).is_ok_and(|judge| judge.value(&value).is_empty());
        if accepted && !says_otherwise {
            let judge = Judge::new(&outcome.schema).unwrap();
            let filled = fillings(&value, &outcome.schema, &outcome.schema);
            prop_assert!(
                filled.iter().any(|filled| judge.value(filled).is_empty()),
                "{} by {} was {}", value, outcome.schema, schema
            );
        }
    }

    #[test]
    fn each_offered_fix_does_away_with_its_problem((schema, _) in loose()) {
        let schema = json!({"type": "object", "properties": {"x": schema}, "$defs": {"count": {"type": "integer"}}});
        for problem in strict::check(&schema).problems {
            let outcome = fix(&schema, problem.code, &problem.pointer);
            match problem.fix {
                None => prop_assert_eq!(outcome, None),
                Some(_) => {
                    let outcome = outcome.unwrap();
                    prop_assert_eq!(outcome.changes.len(), 1);
                    prop_assert!(outcome.schema != schema, "{:?}", problem.code);
                    let known = |left: &rheostat_core::schema::Problem| (left.code, &left.pointer) == (problem.code, &problem.pointer);
                    prop_assert!(!outcome.left.iter().any(known), "{:?} at {} of {}", problem.code, problem.pointer, schema);
                }
            }
        }
    }
}
