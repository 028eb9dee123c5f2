//! Mending a schema: what each fix does, what is named and left, and that what was accepted stays so.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use rheostat_core::schema::fix::{Effect, fix, fix_all};
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
