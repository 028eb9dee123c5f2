//! Replies that must obey a schema: structured output and function calls.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::talk::{events, instant, joined, kinds, normalised, post};

fn strict(schema: &Value) -> Value {
    json!({"format": {"type": "json_schema", "name": "x", "strict": true, "schema": schema}})
}

async fn composed(stand_in: &rheostat_mock::StandIn, schema: &Value) -> Value {
    let body = json!({"model": "gpt-5.5", "input": "hi", "reasoning": {"effort": "none"}, "text": strict(schema)});
    let (status, got) = post(stand_in, &body).await;
    assert_eq!(status, 200, "{got} for {schema}");
    serde_json::from_str(got["output"][0]["content"][0]["text"].as_str().unwrap()).unwrap()
}

fn assert_valid(schema: &Value, value: &Value) {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap();
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(faults, Vec::<String>::new(), "{value} for {schema}");
}

#[tokio::test]
async fn a_recursive_schema_comes_to_an_end() {
    let stand_in = instant().await;
    let tree = json!({
        "type": "object",
        "properties": {"root": {"$ref": "#/$defs/node"}},
        "required": ["root"],
        "additionalProperties": false,
        "$defs": {
            "node": {
                "type": "object",
                "properties": {
                    "value": {"type": "integer"},
                    "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                },
                "required": ["value", "next", "children"],
                "additionalProperties": false,
            },
        },
    });
    assert_valid(&tree, &composed(&stand_in, &tree).await);
    let itself = json!({
        "type": "object",
        "properties": {"name": {"type": "string"}, "parent": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}},
        "required": ["name", "parent"],
        "additionalProperties": false,
    });
    assert_valid(&itself, &composed(&stand_in, &itself).await);
}

#[tokio::test]
async fn a_schema_that_asks_for_too_much_gets_an_answer_all_the_same() {
    let stand_in = instant().await;
    let twins = json!({"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}, "required": ["a", "b"]});
    let long = json!({"type": "object", "properties": {"a": {"type": "string", "pattern": "((a{999}){999}){999}"}}});
    let many = json!({"type": "object", "properties": {"a": {"type": "array", "minItems": u64::MAX, "items": {"const": 1}}}});
    let text =
        json!({"type": "object", "properties": {"a": {"type": "string", "minLength": u64::MAX}}});
    for schema in [twins, long, many, text] {
        let format = json!({"type": "json_schema", "name": "x", "schema": schema});
        let body = json!({"model": "gpt-5.5", "input": "hi", "text": {"format": format}});
        assert_eq!(post(&stand_in, &body).await.0, 200, "{schema}");
    }
}

#[tokio::test]
async fn keys_come_in_the_schemas_order() {
    let stand_in = instant().await;
    let schema = json!({
        "type": "object",
        "properties": {"z": {"type": "boolean"}, "a": {"const": 7}, "m": {"enum": ["only"]}},
        "required": ["a", "m", "z"],
        "additionalProperties": false,
    });
    let value = composed(&stand_in, &schema).await;
    assert_eq!(
        value.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["z", "a", "m"]
    );
}

#[tokio::test]
async fn json_object_mode_gives_an_object() {
    let stand_in = instant().await;
    let body = json!({"model": "gpt-5.5", "input": "Answer in JSON", "text": {"format": {"type": "json_object"}}});
    let (_, got) = post(&stand_in, &body).await;
    let text = got["output"][1]["content"][0]["text"].as_str().unwrap();
    let value: Map<String, Value> = serde_json::from_str(text).unwrap();
    assert_eq!(
        value["note"],
        "This is a sample reply composed by Rheostat's stand-in, not by a model."
    );
}

fn weather() -> Value {
    json!({
        "type": "function",
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"enum": ["c"]}},
            "required": ["city", "unit"],
            "additionalProperties": false,
        },
        "strict": true,
    })
}

#[tokio::test]
async fn a_function_is_called_with_arguments_that_fit() {
    let stand_in = instant().await;
    let body = json!({
        "model": "gpt-5.5",
        "input": "Weather?",
        "stream": true,
        "reasoning": {"effort": "none"},
        "tools": [weather()],
    });
    let events = events(&stand_in, &body).await;
    assert_eq!(
        kinds(&events),
        [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed",
        ]
    );
    let arguments = joined(&events, "response.function_call_arguments.delta");
    assert_valid(
        &weather()["parameters"],
        &serde_json::from_str(&arguments).unwrap(),
    );
    let end = normalised(events.last().unwrap()["response"].clone());
    let call = json!({
        "id": "fc_…",
        "type": "function_call",
        "status": "completed",
        "arguments": arguments,
        "call_id": "call_…",
        "name": "get_weather",
    });
    assert_eq!(end["output"], json!([call]));
}

#[tokio::test]
async fn tool_choice_decides_what_is_called() {
    let stand_in = instant().await;
    let named = |name: &str| json!({"type": "function", "name": name, "parameters": null});
    let tools = json!([named("one"), named("two"), named("three")]);
    let output = json!([
        {"type": "function_call", "call_id": "call_1", "name": "one", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "ok"},
    ]);
    let cases = [
        (json!({"tool_choice": "auto"}), vec!["one", "two"]),
        (
            json!({"tool_choice": "required", "parallel_tool_calls": false}),
            vec!["one"],
        ),
        (
            json!({"tool_choice": {"type": "function", "name": "three"}}),
            vec!["three"],
        ),
        (
            json!({"tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "two"}]}}),
            vec!["two"],
        ),
        (json!({"tool_choice": "none"}), vec!["message"]),
        (json!({"input": output}), vec!["message"]),
    ];
    for (extra, expected) in cases {
        let mut body = json!({"model": "gpt-5.5", "input": "go", "reasoning": {"effort": "none"}, "tools": tools});
        body.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        let (_, got) = post(&stand_in, &body).await;
        let called: Vec<&str> = got["output"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().or(item["type"].as_str()).unwrap())
            .collect();
        assert_eq!(called, expected, "{extra}");
    }
}

/// Schemas of the strict subset: every type, every format, bounds, patterns, choices, nesting.
fn leaf() -> impl Strategy<Value = Value> {
    let formats = [
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
    let patterns = [
        "^[A-Z]{2}-\\d{4}$",
        "^(alpha|beta)+$",
        "\\w+@\\w+",
        "^.{3,8}$",
        "[^a-z]+",
        "^\\d{4}-\\d{2}$",
    ];
    let bound = -500i64..500;
    prop_oneof![
        Just(json!({"type": "string"})),
        Just(json!({"type": "boolean"})),
        Just(json!({"type": "null"})),
        Just(json!({"type": ["string", "null"]})),
        Just(json!({"enum": ["a", 1, null, true]})),
        Just(json!({"const": {"deep": [1]}})),
        prop::sample::select(formats.to_vec())
            .prop_map(|format| json!({"type": "string", "format": format})),
        prop::sample::select(patterns.to_vec())
            .prop_map(|pattern| json!({"type": "string", "pattern": pattern})),
        (bound.clone(), 0i64..200).prop_map(|(low, room)| json!({
            "type": "integer", "minimum": low, "maximum": low + room
        })),
        (bound.clone(), 2i64..200).prop_map(|(low, room)| json!({
            "type": "integer", "exclusiveMinimum": low, "exclusiveMaximum": low + room
        })),
        (1i64..50)
            .prop_map(|factor| json!({"type": "integer", "multipleOf": factor, "minimum": 7})),
        (bound.clone(), 1i64..200).prop_map(|(low, room)| json!({
            "type": "number", "exclusiveMinimum": low, "maximum": low + room
        })),
        bound.prop_map(|high| json!({"type": "number", "maximum": high, "multipleOf": 0.5})),
    ]
}

fn schema() -> impl Strategy<Value = Value> {
    let any = leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (inner.clone(), 0usize..3, 0usize..3).prop_map(|(items, least, room)| json!({
                "type": "array", "items": items, "minItems": least, "maxItems": least + room
            })),
            prop::collection::vec(inner.clone(), 1..3)
                .prop_map(|branches| json!({"anyOf": branches})),
            prop::collection::vec(inner, 0..4).prop_map(object),
        ]
    });
    prop::collection::vec(any, 0..4).prop_map(object)
}

fn object(fields: Vec<Value>) -> Value {
    let names: Vec<String> = (0..fields.len())
        .map(|index| format!("field_{index}"))
        .collect();
    let properties: Map<String, Value> = names.iter().cloned().zip(fields).collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

#[test]
fn any_strict_schema_is_obeyed() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let stand_in = runtime.block_on(instant());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&schema(), |schema| {
        let value = runtime.block_on(composed(&stand_in, &schema));
        assert_valid(&schema, &value);
        Ok(())
    });
    outcome.unwrap();
}
