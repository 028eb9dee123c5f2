//! A handful of schemas with samples that each language must take, or refuse.

use serde_json::{Map, Value, json};

/// A schema that strict mode takes, and samples.
pub struct Shape {
    /// The root's type in the generated code.
    pub name: &'static str,
    pub schema: Value,
    pub good: Vec<Value>,
    /// Of the wrong form: types alone refuse them.
    pub bad: Vec<Value>,
    /// Of the right form, but outside of a range, a pattern or a format.
    pub beyond_rules: Vec<Value>,
}

/// All of them.
pub fn shapes() -> Vec<Shape> {
    vec![
        ticket(),
        formats(),
        tree(),
        mutual(),
        choices(),
        json_like(),
        clashes(),
    ]
}

/// An object of these fields, as strict mode wants it.
fn object(fields: Value) -> Value {
    let names: Vec<Value> = fields
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .map(|name| name.as_str().into())
        .collect();
    json!({"type": "object", "properties": fields, "required": names, "additionalProperties": false})
}

/// The sample with one field changed; without it where the value is none.
fn with(sample: &Value, field: &str, value: Option<Value>) -> Value {
    let mut sample = sample.clone();
    if let Some(map) = sample.as_object_mut() {
        match value {
            Some(value) => map.insert(field.to_owned(), value),
            None => map.shift_remove(field),
        };
    }
    sample
}

/// Names that are words of the languages, documents that try to leave their comment, and all rules.
fn ticket() -> Shape {
    let schema = object(json!({
        "class": {"type": "string", "description": "Ends a comment: */ \"\"\" \\ \n/// second line\r\u{2028}third"},
        "type": {"type": "string", "enum": ["billing", "bug", "self", "2nd", "a-b", "a_b", "\"quoted\""]},
        "urgency": {"type": "integer", "minimum": 1, "maximum": 5},
        "share": {"type": ["number", "null"], "exclusiveMinimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.25},
        "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$"},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
        "größe": {"type": ["string", "null"], "enum": ["S", "M", null]},
        "a b": {"type": "boolean"},
        "1st": {"const": "only"},
        "model_config": {"type": "integer"},
        "json": {"type": "null"},
        "level": {"type": "integer", "enum": [1, 2, 3]},
        "bare": object(json!({})),
    }));
    let good = json!({
        "class": "x", "type": "2nd", "urgency": 5, "share": 0.5, "code": "AB-12", "tags": ["a"], "größe": null,
        "a b": true, "1st": "only", "model_config": 7, "json": null, "level": 2, "bare": {},
    });
    Shape {
        name: "Ticket",
        bad: vec![
            with(&good, "class", Some(json!(1))),
            with(&good, "type", Some(json!("other"))),
            with(&good, "urgency", Some(json!("5"))),
            with(&good, "share", None),
            with(&good, "größe", Some(json!("L"))),
            with(&good, "a b", Some(json!("yes"))),
            with(&good, "1st", Some(json!("other"))),
            with(&good, "extra", Some(json!(1))),
            with(&good, "json", Some(json!({}))),
            with(&good, "bare", Some(json!({"more": 1}))),
        ],
        beyond_rules: vec![
            with(&good, "urgency", Some(json!(6))),
            with(&good, "share", Some(json!(0.3))),
            with(&good, "share", Some(json!(1))),
            with(&good, "code", Some(json!("ab-12"))),
            with(&good, "tags", Some(json!([]))),
            with(&good, "tags", Some(json!(["a", "b", "c", "d"]))),
        ],
        good: vec![
            with(&good, "share", Some(Value::Null)),
            with(&good, "type", Some(json!("a_b"))),
            with(&good, "type", Some(json!("\"quoted\""))),
            good,
        ],
        schema,
    }
}

/// Every format of strict mode.
fn formats() -> Shape {
    let good = json!({
        "date-time": "2026-11-20T10:00:00+01:00", "time": "10:00:00Z", "date": "2026-11-20", "duration": "P3DT4H",
        "email": "a@b.com", "hostname": "example.com", "ipv4": "192.168.0.1", "ipv6": "fe80::1",
        "uuid": "018f3b6e-7a1c-7cc0-98d5-1f2e3a4b5c6d",
    });
    let fields: Map<String, Value> = good
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .map(|format| (format.clone(), json!({"type": "string", "format": format})))
        .collect();
    let wrong = |format: &str| with(&good, format, Some(json!("!! none")));
    Shape {
        name: "Formats",
        schema: object(Value::Object(fields)),
        bad: vec![
            with(&good, "date", Some(json!(7))),
            with(&good, "uuid", None),
        ],
        // Neither Pydantic nor Zod checks a time with its offset, nor Pydantic a host name.
        beyond_rules: [
            "date-time",
            "date",
            "duration",
            "email",
            "ipv4",
            "ipv6",
            "uuid",
        ]
        .iter()
        .map(|format| wrong(format))
        .collect(),
        good: vec![good],
    }
}

/// A root that holds itself.
fn tree() -> Shape {
    let schema = object(json!({
        "value": {"type": "integer"},
        "left": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
        "children": {"type": "array", "items": {"$ref": "#"}},
    }));
    let leaf = json!({"value": 1, "left": null, "children": []});
    Shape {
        name: "Tree",
        schema,
        bad: vec![
            json!({"value": 1, "left": {"value": 2}, "children": []}),
            json!({"value": 1, "left": null, "children": [null]}),
            json!({"value": 1, "children": []}),
        ],
        beyond_rules: vec![],
        good: vec![
            json!({"value": 1, "left": leaf, "children": [leaf, leaf]}),
            leaf,
        ],
    }
}

/// Two definitions that hold one another, and one that is a list of itself.
fn mutual() -> Shape {
    let mut schema = object(json!({
        "person": {"$ref": "#/$defs/person"},
        "nest": {"$ref": "#/$defs/nest"},
        "again": {"$ref": "#/properties/home"},
        "home": object(json!({"street": {"type": "string"}})),
    }));
    schema["$defs"] = json!({
        "person": object(json!({"name": {"type": "string"}, "employer": {"anyOf": [{"$ref": "#/$defs/company"}, {"type": "null"}]}})),
        "company": object(json!({"staff": {"type": "array", "items": {"$ref": "#/$defs/person"}}})),
        "nest": {"type": "array", "items": {"$ref": "#/$defs/nest"}},
    });
    let home = json!({"street": "A"});
    let good = |person: Value, nest: Value| json!({"person": person, "nest": nest, "again": home, "home": home});
    let alone = json!({"name": "A", "employer": null});
    let employed = json!({"name": "B", "employer": {"staff": [alone]}});
    Shape {
        name: "Mutual",
        schema,
        bad: vec![
            good(json!({"name": "A"}), json!([])),
            good(
                json!({"name": "A", "employer": {"staff": [{"name": 1, "employer": null}]}}),
                json!([]),
            ),
            good(alone.clone(), json!([[1]])),
        ],
        beyond_rules: vec![],
        good: vec![good(alone, json!([])), good(employed, json!([[], [[]]]))],
    }
}

/// Choices by a constant, by type, and of enums.
fn choices() -> Shape {
    let schema = object(json!({
        "about": {"anyOf": [
            object(json!({"kind": {"const": "order"}, "id": {"type": "integer"}})),
            object(json!({"kind": {"const": "user"}, "name": {"type": "string"}})),
            {"type": "null"},
        ]},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "array", "items": {"type": "boolean"}}]},
        "several": {"type": ["string", "number", "null"]},
        "list": {"type": "array", "items": {"type": ["string", "null"]}},
    }));
    let good = |about: Value, either: Value, several: Value| json!({"about": about, "either": either, "several": several, "list": ["a", null]});
    let order = json!({"kind": "order", "id": 1});
    Shape {
        name: "Choices",
        schema,
        bad: vec![
            good(json!({"kind": "order", "name": "A"}), json!(1), json!(1)),
            good(json!({"kind": "other", "id": 1}), json!(1), json!(1)),
            good(order.clone(), json!({}), json!(1)),
            good(order.clone(), json!(1), json!(true)),
        ],
        beyond_rules: vec![good(order.clone(), json!(1.5), json!(1))],
        good: vec![
            good(order, json!("a"), json!(1.5)),
            good(
                json!({"kind": "user", "name": "A"}),
                json!([true]),
                Value::Null,
            ),
            good(Value::Null, json!(3), json!("x")),
        ],
    }
}

/// A definition that is a choice and holds itself.
fn json_like() -> Shape {
    let mut schema = object(json!({"any": {"$ref": "#/$defs/any"}}));
    schema["$defs"] = json!({"any": {"anyOf": [
        {"type": "string"},
        {"type": "number"},
        {"type": "array", "items": {"$ref": "#/$defs/any"}},
        object(json!({"deeper": {"$ref": "#/$defs/any"}})),
    ]}});
    Shape {
        name: "JsonLike",
        schema,
        bad: vec![
            json!({"any": true}),
            json!({"any": [["a", null]]}),
            json!({"any": {"deeper": {}}}),
        ],
        beyond_rules: vec![],
        good: vec![
            json!({"any": 1}),
            json!({"any": ["a", [2, {"deeper": "x"}]]}),
        ],
    }
}

/// Names that meet: of types, of fields, and with what the languages know already.
fn clashes() -> Shape {
    let inner = |kind: &str| object(json!({"x": {"type": kind}}));
    let mut schema = object(json!({
        "item": inner("string"),
        "Item": inner("integer"),
        "option": {"$ref": "#/$defs/Option"},
        "string": {"$ref": "#/$defs/String"},
        "startTime": {"type": "string"},
        "start_time": {"type": "string"},
        "start-time": {"type": "string"},
        "Value": {"$ref": "#/$defs/Clashes"},
        "日本": {"type": "string"},
        "東京": {"type": "string"},
    }));
    schema["$defs"] = json!({
        "Option": inner("boolean"),
        "String": {"type": "string", "enum": ["Ok", "None", "ok"]},
        "Clashes": inner("string"),
        "unused 1": inner("string"),
    });
    let good = json!({
        "item": {"x": "a"}, "Item": {"x": 1}, "option": {"x": true}, "string": "None", "startTime": "a", "start_time": "b",
        "start-time": "c", "Value": {"x": "d"}, "日本": "e", "東京": "f",
    });
    Shape {
        name: "Clashes",
        schema,
        bad: vec![
            with(&good, "item", Some(json!({"x": 1}))),
            with(&good, "Item", Some(json!({"x": "a"}))),
            with(&good, "start-time", None),
            with(&good, "日本", Some(json!(1))),
            with(&good, "string", Some(json!("some"))),
        ],
        beyond_rules: vec![],
        good: vec![with(&good, "string", Some(json!("ok"))), good],
    }
}
