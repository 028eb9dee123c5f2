//! Every rule of strict mode (API.md 9): what is refused, where, and what just fits.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use rheostat_core::schema::ProblemCode::{self, *};
use rheostat_core::schema::strict::{check, check_name, fit_name};
use serde_json::{Map, Value, json};

/// The problems of a schema: their codes and places.
fn found(schema: &Value) -> Vec<(ProblemCode, String)> {
    check(schema)
        .problems
        .into_iter()
        .map(|problem| (problem.code, problem.pointer))
        .collect()
}

fn at(list: &[(ProblemCode, &str)]) -> Vec<(ProblemCode, String)> {
    list.iter()
        .map(|(code, place)| (*code, (*place).to_owned()))
        .collect()
}

/// An object that strict mode takes, with these properties.
fn object(properties: Value) -> Value {
    let names: Vec<&String> = properties.as_object().unwrap().keys().collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

/// The problems of one property's schema, with places from it on.
fn of_property(schema: Value) -> Vec<(ProblemCode, String)> {
    found(&object(json!({ "x": schema })))
        .into_iter()
        .map(|(code, place)| {
            let within = place.strip_prefix("/properties/x").map(str::to_owned);
            (code, within.unwrap_or(place))
        })
        .collect()
}

fn accepted(schema: Value) {
    assert_eq!(of_property(schema.clone()), [], "{schema}");
}

#[test]
fn the_types_of_the_list_are_taken_and_no_others() {
    for kind in ["string", "number", "boolean", "integer", "null"] {
        accepted(json!({"type": kind}));
    }
    accepted(json!({"type": "array", "items": {"type": "string"}}));
    accepted(object(json!({"y": {"type": "string"}})));
    accepted(json!({"enum": ["a", 1, null]}));
    accepted(json!({"const": "a"}));
    accepted(json!({"anyOf": [{"type": "string"}, {"type": "null"}]}));
    accepted(json!({"type": ["string", "null"], "description": "may be missing"}));
    let cases = [
        (json!({"type": "date"}), &[(TypeUnsupported, "/type")][..]),
        (
            json!({"type": ["string", "int"]}),
            &[(TypeUnsupported, "/type/1")],
        ),
        (json!({}), &[(TypeMissing, "")]),
        (json!({"description": "anything"}), &[(TypeMissing, "")]),
        (json!(true), &[(NotASchema, "")]),
        (json!("string"), &[(NotASchema, "")]),
        (
            json!({"anyOf": [{}, {"type": "null"}]}),
            &[(TypeMissing, "/anyOf/0")],
        ),
    ];
    for (schema, expected) in cases {
        assert_eq!(of_property(schema.clone()), at(expected), "{schema}");
    }
}

#[test]
fn the_root_is_an_object_and_no_choice() {
    let part = object(json!({"a": {"type": "string"}}));
    let mut both = part.clone();
    both["anyOf"] = json!([part.clone()]);
    let cases = [
        (
            json!({"type": "array", "items": {"type": "string"}}),
            &[(RootNotObject, "")][..],
        ),
        (json!({"type": "string"}), &[(RootNotObject, "")]),
        (
            json!({"type": ["object", "null"], "additionalProperties": false}),
            &[(RootNotObject, "")],
        ),
        (json!({}), &[(RootNotObject, "")]),
        (
            json!({"$ref": "#/$defs/a", "$defs": {"a": part.clone()}}),
            &[(RootNotObject, "")],
        ),
        (json!({"anyOf": [part.clone()]}), &[(RootAnyOf, "/anyOf")]),
        (both, &[(RootAnyOf, "/anyOf")]),
        (json!([]), &[(NotASchema, "")]),
        (json!(null), &[(NotASchema, "")]),
        (part, &[]),
    ];
    for (schema, expected) in cases {
        assert_eq!(found(&schema), at(expected), "{schema}");
    }
}

#[test]
fn every_object_is_closed_and_requires_all_it_has() {
    let schema = json!({
        "type": "object",
        "properties": {
            "open": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
            "said": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": true},
            "map": {"type": "object", "additionalProperties": {"type": "string"}},
            "list": {"type": "array", "items": {"type": "object", "properties": {"a/b": {"type": "string"}}, "additionalProperties": false}},
        },
        "required": ["open", "said", "list", "other"],
        "additionalProperties": false,
    });
    assert_eq!(
        found(&schema),
        at(&[
            (RequiredUnknown, "/required/3"),
            (ExtraKeys, "/properties/open"),
            (ExtraKeys, "/properties/said"),
            (NotRequired, "/properties/map"),
            (ExtraKeys, "/properties/map"),
            (NotRequired, "/properties/list/items/properties/a~1b"),
        ])
    );
    let problems = check(&schema).problems;
    assert_eq!(problems[1].message, "open allows extra keys");
    assert_eq!(problems[5].message, "list[].a/b is not required");
    assert!(problems.iter().all(|problem| !problem.reason.is_empty()));
}

#[test]
fn strings_and_numbers_and_lists_keep_their_rules() {
    accepted(json!({"type": "string", "pattern": "^[a-z]+$"}));
    for format in [
        "date-time",
        "time",
        "date",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uuid",
    ] {
        accepted(json!({"type": "string", "format": format}));
    }
    for format in ["uri", "regex", "idn-email", "json-pointer", "binary"] {
        assert_eq!(
            of_property(json!({"type": "string", "format": format})),
            at(&[(FormatUnsupported, "/format")]),
            "{format}"
        );
    }
    accepted(json!({
        "type": "number", "multipleOf": 0.5, "maximum": 9, "exclusiveMaximum": 10, "minimum": 1, "exclusiveMinimum": 0,
    }));
    accepted(json!({"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 5}));
    let cases = [
        (json!({"type": "array"}), &[(ItemsMissing, "")][..]),
        (
            json!({"type": "array", "items": [{"type": "string"}, {"type": "date"}]}),
            &[(TupleItems, "/items"), (TypeUnsupported, "/items/1/type")],
        ),
        (
            json!({"type": "array", "items": true}),
            &[(NotASchema, "/items")],
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false}),
            &[(KeywordUnsupported, "/prefixItems")],
        ),
    ];
    for (schema, expected) in cases {
        assert_eq!(of_property(schema.clone()), at(expected), "{schema}");
    }
}

/// What OpenAI's list names, what its Node package throws on, and what was seen refused.
const REFUSED: [(&str, &str); 30] = [
    ("allOf", "guide"),
    ("not", "guide"),
    ("dependentRequired", "guide"),
    ("dependentSchemas", "guide"),
    ("if", "guide"),
    ("then", "guide"),
    ("else", "guide"),
    ("$anchor", "Node package"),
    ("$dynamicAnchor", "Node package"),
    ("$dynamicRef", "Node package"),
    ("$recursiveRef", "Node package"),
    ("contains", "Node package"),
    ("contentEncoding", "Node package"),
    ("contentMediaType", "Node package"),
    ("contentSchema", "Node package"),
    ("dependencies", "Node package"),
    ("maxContains", "Node package"),
    ("minContains", "Node package"),
    ("maxProperties", "Node package"),
    ("minProperties", "Node package"),
    ("oneOf", "Node package"),
    ("patternProperties", "Node package"),
    ("prefixItems", "Node package"),
    ("propertyNames", "Node package"),
    ("unevaluatedItems", "Node package"),
    ("unevaluatedProperties", "Node package"),
    ("uniqueItems", "Node package"),
    ("additionalItems", "Node package"),
    ("minLength", "answered with 400"),
    ("maxLength", "answered with 400"),
];

#[test]
fn each_refused_keyword_is_named_with_who_says_so() {
    for (keyword, says) in REFUSED {
        let value = match keyword {
            "allOf" | "oneOf" | "prefixItems" => json!([{"type": "string"}]),
            _ => json!({}),
        };
        let schema = object(json!({"x": {"type": "string", keyword: value}}));
        let checked = check(&schema);
        let problem = &checked.problems[0];
        assert_eq!(checked.problems.len(), 1, "{keyword}");
        assert_eq!(
            (problem.code, problem.pointer.as_str()),
            (
                KeywordUnsupported,
                format!("/properties/x/{keyword}").as_str()
            )
        );
        assert!(problem.reason.contains(says), "{}", problem.reason);
    }
    // A property may have the name of a keyword.
    let names: Map<String, Value> = REFUSED
        .iter()
        .map(|(name, _)| ((*name).to_owned(), json!({"type": "string"})))
        .collect();
    assert_eq!(found(&object(Value::Object(names))), []);
}

#[test]
fn references_stay_inside_stand_alone_and_come_to_an_end() {
    let node = object(json!({
        "value": {"type": "string"},
        "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
        "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
    }));
    let with = |x: Value, defs: Value| {
        let mut schema = object(json!({ "x": x }));
        schema["$defs"] = defs;
        found(&schema)
    };
    let none: [(ProblemCode, String); 0] = [];
    assert_eq!(
        with(json!({"$ref": "#/$defs/node"}), json!({"node": node})),
        none
    );
    assert_eq!(
        with(
            json!({"$ref": "#/$defs/n~1o%20de", "description": "beside"}),
            json!({"n/o de": {"type": "string"}})
        ),
        none,
        "escapes of a pointer and of a URI"
    );
    let mut older = object(json!({"x": {"$ref": "#/definitions/a"}}));
    older["definitions"] = json!({"a": {"type": "string"}});
    assert_eq!(found(&older), none);
    let whole = object(json!({"again": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}));
    assert_eq!(found(&whole), none, "the root may hold itself");
    for remote in [
        "https://example.com/a.json",
        "other.json#/a",
        "",
        "urn:uuid:1",
    ] {
        assert_eq!(
            with(json!({"$ref": remote}), json!({})),
            at(&[(RefRemote, "/properties/x/$ref")]),
            "{remote}"
        );
    }
    for lost in ["#/$defs/lost", "#anchor", "#/required", "#/required/0"] {
        assert_eq!(
            with(json!({"$ref": lost}), json!({})),
            at(&[(RefMissing, "/properties/x/$ref")]),
            "{lost}"
        );
    }
    assert_eq!(
        with(
            json!({"$ref": "#/$defs/a/x-more"}),
            json!({"a": {"type": "string", "x-more": {"type": "string"}}})
        ),
        at(&[(RefMissing, "/properties/x/$ref")]),
        "a place that holds no schema"
    );
    assert_eq!(
        with(
            json!({"$ref": "#/$defs/a", "pattern": "a"}),
            json!({"a": {"type": "string"}})
        ),
        at(&[(RefSibling, "/properties/x/pattern")])
    );
    let circle = json!({"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}});
    assert_eq!(
        with(json!({"$ref": "#/$defs/a"}), circle),
        at(&[
            (RefCycle, "/$defs/a/$ref"),
            (RefCycle, "/$defs/b/anyOf/0/$ref")
        ])
    );
    let endless = object(json!({"next": {"$ref": "#/$defs/node"}}));
    assert_eq!(
        with(json!({"$ref": "#/$defs/node"}), json!({"node": endless})),
        at(&[(RefEndless, "/$defs/node/properties/next/$ref")]),
        "only the reference on the circle"
    );
    let full = object(json!({"all": {"type": "array", "minItems": 1, "items": {"$ref": "#"}}}));
    assert_eq!(
        found(&full),
        at(&[(RefEndless, "/properties/all/items/$ref")])
    );
}

#[test]
fn a_malformed_keyword_is_named_with_what_it_should_be() {
    let cases = [
        ("required", json!("a")),
        ("properties", json!([])),
        ("enum", json!([])),
        ("anyOf", json!({})),
        ("type", json!(["string", "string"])),
        ("type", json!(7)),
        ("pattern", json!(1)),
        ("description", json!({})),
        ("multipleOf", json!(0)),
        ("minimum", json!("1")),
        ("minItems", json!(-1)),
        ("maxItems", json!(1.5)),
        ("$defs", json!([])),
        ("$ref", json!(1)),
    ];
    for (keyword, value) in cases {
        let mut schema = object(json!({"a": {"type": "string"}}));
        schema[keyword] = value.clone();
        assert!(
            found(&schema).contains(&(Malformed, format!("/{keyword}"))),
            "{keyword}: {value}"
        );
    }
}

fn many(count: usize) -> Value {
    object(Value::Object(
        (0..count)
            .map(|index| (format!("f{index}"), json!({"type": "string"})))
            .collect(),
    ))
}

#[test]
fn five_thousand_properties_fit_and_no_more() {
    let checked = check(&many(5_000));
    assert_eq!(checked.problems, []);
    assert_eq!(checked.counts.properties.used, 5_000);
    assert_eq!(found(&many(5_001)), at(&[(TooManyProperties, "")]));
    // Definitions count too.
    let mut schema = many(4_999);
    schema["$defs"] = json!({"a": object(json!({"b": {"type": "string"}}))});
    assert_eq!(found(&schema), []);
    schema["$defs"]["c"] = object(json!({"d": {"type": "string"}}));
    assert_eq!(found(&schema), at(&[(TooManyProperties, "")]));
}

fn nested(levels: usize) -> Value {
    (1..levels).fold(object(json!({"leaf": {"type": "string"}})), |inner, _| {
        object(json!({ "in": inner }))
    })
}

#[test]
fn ten_levels_fit_and_no_more() {
    let checked = check(&nested(10));
    assert_eq!((checked.problems, checked.counts.levels.used), (vec![], 10));
    let place = "/properties/in".repeat(10);
    assert_eq!(found(&nested(11)), at(&[(TooDeep, &place)]));
    assert_eq!(found(&nested(14)), at(&[(TooDeep, &place)]), "named once");
    let mut lists = json!({"type": "string"});
    for _ in 0..9 {
        lists = json!({"type": "array", "items": lists});
    }
    assert_eq!(of_property(lists.clone()), []);
    assert_eq!(
        of_property(json!({"type": "array", "items": lists})).len(),
        1
    );
    // A definition starts anew, and a choice is no level.
    let mut schema = nested(10);
    schema["$defs"] = json!({"deep": {"anyOf": [{"anyOf": [nested(10)]}]}});
    assert_eq!(found(&schema), []);
}

#[test]
fn a_thousand_enum_values_fit_and_no_more() {
    let values = |from: usize, to: usize| json!({"enum": (from..to).collect::<Vec<_>>()});
    let schema = |more: usize| object(json!({"a": values(0, 600), "b": values(600, 1_000 + more)}));
    assert_eq!(found(&schema(0)), []);
    assert_eq!(found(&schema(1)), at(&[(TooManyValues, "")]));
}

#[test]
fn a_large_enum_has_fifteen_thousand_characters_and_no_more() {
    let schema = |values: usize, length: usize| json!({"type": "string", "enum": (0..values).map(|i| format!("{i:0length$}")).collect::<Vec<_>>()});
    assert_eq!(of_property(schema(300, 50)), [], "15 000 characters");
    assert_eq!(of_property(schema(251, 59)), []);
    assert_eq!(of_property(schema(251, 60)), at(&[(EnumTooLong, "/enum")]));
    assert_eq!(
        of_property(schema(250, 400)),
        [],
        "250 values are no large enum"
    );
    // Characters, not bytes.
    let wide: Vec<String> = (0..300)
        .map(|i| format!("{i:03}{}", "ß".repeat(47)))
        .collect();
    assert_eq!(of_property(json!({"enum": wide})), []);
}

#[test]
fn names_and_values_have_a_hundred_and_twenty_thousand_characters_together() {
    let schema = |extra: usize| {
        let mut schema = object(json!({
            "p".repeat(30_000): {"type": "string"},
            "q".repeat(10_000): {"const": "c".repeat(20_000)},
            "r".repeat(10_000): {"enum": ["e".repeat(20_000)]},
        }));
        schema["$defs"] = json!({"d".repeat(20_000): {"type": "string"}, "e".repeat(10_000 + extra): {"type": "string"}});
        check(&schema)
    };
    assert_eq!(schema(0).counts.characters.used, 120_000);
    assert_eq!(schema(0).problems, []);
    assert_eq!(schema(1).problems[0].code, TooManyCharacters);
}

#[test]
fn a_name_is_letters_digits_and_two_signs() {
    for name in ["a", "Event_2-b", &"n".repeat(64)] {
        assert_eq!(check_name(name), None, "{name}");
        assert_eq!(fit_name(name), name);
    }
    for name in ["", "my schema", "größe", "a.b", &"n".repeat(65)] {
        assert_eq!(check_name(name).unwrap().code, NameInvalid, "{name}");
        assert_eq!(check_name(&fit_name(name)), None, "{name}");
    }
    assert_eq!(fit_name("my  schema.v2"), "my_schema_v2");
}

#[test]
fn ten_thousand_fields_and_a_megabyte_are_read_whole() {
    let schema: Map<String, Value> = (0..10_000)
        .map(|index| {
            (
                format!("f{index}"),
                json!({"type": "string", "description": "d".repeat(80), "minLength": 1}),
            )
        })
        .collect();
    let schema = json!({"type": "object", "properties": schema});
    assert!(schema.to_string().len() > 1_000_000);
    let checked = check(&schema);
    assert_eq!(
        checked.counts.problems, 20_002,
        "a length and a missing name each, the open root, and the limit"
    );
}

#[test]
fn what_is_nested_without_measure_is_named_and_not_entered() {
    let mut deep = json!({"type": "string"});
    for _ in 0..1_000 {
        // Not by `json!`, which would copy the whole at each level.
        let mut list = Map::new();
        list.insert("type".into(), "array".into());
        list.insert("items".into(), deep);
        deep = Value::Object(list);
    }
    let mut schema = object(json!({"x": {}}));
    schema["properties"]["x"] = deep;
    assert_eq!(
        found(&schema)
            .into_iter()
            .map(|(code, _)| code)
            .collect::<Vec<_>>(),
        [TooDeep, TooDeep],
        "beyond the level, and where the walk turned back"
    );
}

#[test]
fn a_chain_of_ten_thousand_references_is_followed() {
    let mut defs: Map<String, Value> = (0..10_000)
        .map(|index| {
            (
                format!("d{index}"),
                json!({"$ref": format!("#/$defs/d{}", index + 1)}),
            )
        })
        .collect();
    defs.insert("d10000".into(), json!({"type": "string"}));
    let mut schema = object(json!({"x": {"$ref": "#/$defs/d0"}}));
    schema["$defs"] = Value::Object(defs);
    assert_eq!(found(&schema), []);
    schema["$defs"]["d10000"] = json!({"$ref": "#/$defs/d0"});
    assert_eq!(found(&schema).len(), 10_001, "now it is a circle");
}
