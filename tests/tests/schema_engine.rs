//! The schema room from outside: its verbs as a face calls them, and its rules against the stand-in's own.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use rheostat_core::error::ErrorCode;
use rheostat_core::schema::fix::fix_all;
use rheostat_core::schema::strict::check;
use rheostat_mock::{Options, Speed, StandIn, start};
use rheostat_tests::engine::Engine;
use rheostat_tests::shapes::shapes;
use serde_json::{Map, Value, json};

async fn stand_in() -> StandIn {
    let options = Options {
        port: 0,
        speed: Speed::Instant,
    };
    start(options).await.unwrap()
}

/// Whether the stand-in takes a request with this schema, and what it says where it doesn't.
async fn taken(stand_in: &StandIn, client: &reqwest::Client, schema: &Value) -> Result<(), String> {
    let body = json!({
        "model": "gpt-5.5",
        "input": "Say hello",
        "text": {"format": {"type": "json_schema", "name": "x", "strict": true, "schema": schema}},
    });
    let answer = client
        .post(format!("{}/responses", stand_in.base_url()))
        .bearer_auth("sk-test-stand-in")
        .header("content-type", "application/json")
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    match status {
        200 => Ok(()),
        400 => Err(text),
        other => unreachable!("{other}: {text}"),
    }
}

fn object(properties: Value) -> Value {
    let names: Vec<&String> = properties.as_object().unwrap().keys().collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

/// Schemas that break one rule each.
fn broken() -> Vec<Value> {
    let mut list: Vec<Value> = [
        "allOf",
        "not",
        "dependentRequired",
        "dependentSchemas",
        "if",
        "then",
        "else",
        "$anchor",
        "$dynamicAnchor",
        "contains",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "dependencies",
        "maxContains",
        "minContains",
        "maxProperties",
        "minProperties",
        "oneOf",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
        "additionalItems",
        "minLength",
        "maxLength",
    ]
    .iter()
    .map(|keyword| {
        let value = match *keyword {
            "allOf" | "oneOf" | "prefixItems" => json!([{"type": "string"}]),
            _ => json!({}),
        };
        object(json!({"x": {"type": "string", *keyword: value}}))
    })
    .collect();
    let many: Map<String, Value> = (0..5_001)
        .map(|index| (format!("f{index}"), json!({"type": "string"})))
        .collect();
    let deep = (0..10).fold(object(json!({})), |inner, _| object(json!({ "in": inner })));
    list.extend([
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "string"}),
        json!({"anyOf": [object(json!({}))]}),
        json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}),
        json!({"type": "object", "properties": {}, "required": ["a"], "additionalProperties": false}),
        json!({"type": "object", "properties": {"m": {"type": "object", "additionalProperties": {"type": "string"}}}}),
        object(json!({"x": {"type": "string", "format": "uri"}})),
        object(json!({"x": {"type": "array"}})),
        object(json!({"x": {}})),
        object(json!({"x": {"$ref": "https://example.com/a.json"}})),
        object(json!({"x": {"$ref": "#", "type": "object"}})),
        object(json!({"x": {"enum": (0..1_001).collect::<Vec<_>>()}})),
        object(Value::Object(many)),
        deep,
    ]);
    list
}

/// The two share no code. What one refuses, the other must not take for good.
#[tokio::test]
async fn what_the_stand_in_refuses_has_a_problem_and_what_is_mended_it_takes() {
    let stand_in = stand_in().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for shape in shapes() {
        assert_eq!(
            taken(&stand_in, &client, &shape.schema).await,
            Ok(()),
            "{}",
            shape.name
        );
    }
    let mut mended = 0;
    for schema in broken() {
        let refused = taken(&stand_in, &client, &schema).await;
        assert!(refused.is_err(), "{schema}");
        assert!(!check(&schema).problems.is_empty(), "{schema}");
        let outcome = fix_all(&schema);
        if outcome.left.is_empty() {
            mended += 1;
            assert_eq!(
                taken(&stand_in, &client, &outcome.schema).await,
                Ok(()),
                "{schema}"
            );
        }
    }
    assert_eq!(mended, MENDED, "of {}", broken().len());
}

/// How many of the broken schemas "Fix all" mends whole.
const MENDED: usize = 37;

#[tokio::test]
async fn each_verb_answers_by_its_name() {
    let engine = Engine::open("http://127.0.0.1:1/v1").unwrap();
    let call = async |name: &str, input: Value| -> Result<Value, rheostat_core::error::Error> {
        engine
            .call::<Value>(name, &input)
            .await
            .map(|(output, _)| output)
    };
    let loose = json!({"type": "object", "properties": {"a": {"type": "string"}}});

    let checked = call("check_schema", json!({"schema": loose, "name": "a b"}))
        .await
        .unwrap();
    let codes: Vec<&Value> = checked["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["code"])
        .collect();
    assert_eq!(codes, ["name_invalid", "extra_keys", "not_required"]);
    assert_eq!(checked["counts"]["problems"], 3);
    assert_eq!(checked["counts"]["levels"], json!({"used": 1, "most": 10}));

    let one = json!({"schema": loose, "problem": {"code": "extra_keys", "pointer": ""}});
    let fixed = call("fix_schema", one.clone()).await.unwrap();
    assert_eq!(fixed["schema"]["additionalProperties"], false);
    assert_eq!(fixed["changes"][0]["effect"], "closed");
    assert_eq!(fixed["left"][0]["code"], "not_required");
    let gone = json!({"schema": fixed["schema"], "problem": one["problem"]});
    assert_eq!(
        call("fix_schema", gone).await.unwrap_err().code,
        ErrorCode::BadInput
    );
    let fixed = call("fix_schema", json!({"schema": loose})).await.unwrap();
    assert_eq!(fixed["left"], json!([]));

    let made = call("infer_schema", json!({"samples": ["{\"a\": 1}", "{}"]}))
        .await
        .unwrap();
    assert_eq!(
        made["schema"]["properties"]["a"],
        json!({"type": ["integer", "null"]})
    );
    assert_eq!(
        made["notes"][0],
        json!({"kind": "optional", "pointer": "/properties/a", "message": "1 of 2 objects have it; it is null in the others."})
    );
    let bad = call("infer_schema", json!({"samples": ["{"]}))
        .await
        .unwrap_err();
    assert_eq!(bad.place.as_deref(), Some("samples[0]:1:1"));

    let printed = call(
        "print_schema",
        json!({"schema": fixed["schema"], "name": "x", "as": "typescript"}),
    )
    .await
    .unwrap();
    assert_eq!(
        printed,
        json!({"text": "export interface X {\n  a: string | null;\n}\n", "notes": []})
    );

    let judge = async |text: &str, partial: bool| {
        call(
            "validate_output",
            json!({"schema": fixed["schema"], "text": text, "partial": partial}),
        )
        .await
        .unwrap()
    };
    assert_eq!(
        judge("{\"a\": \"x\"}", false).await,
        json!({"failures": [], "isWhole": true})
    );
    assert_eq!(
        judge("{\"a\": \"x", true).await,
        json!({"failures": [], "isWhole": false})
    );
    let failed = judge("{\"a\": 1", true).await;
    assert_eq!(failed["failures"][0]["pointer"], "/a");
    assert_eq!(failed["failures"][0]["schemaPointer"], "/properties/a/type");
    let remote =
        json!({"schema": {"$ref": "https://localhost:1/a"}, "text": "1", "partial": false});
    assert_eq!(
        call("validate_output", remote).await.unwrap_err().code,
        ErrorCode::BadInput
    );
}

#[tokio::test]
async fn the_last_outputs_of_each_level_are_held_against_a_schema() {
    let stand_in = stand_in().await;
    let engine = Engine::open(&stand_in.base_url()).unwrap();
    let wanted = object(json!({"title": {"type": "string"}, "count": {"type": "integer"}}));
    let request = |effort: &str| {
        json!({
            "id": "0199b3c0-0000-7000-8000-00000005c4e3", "name": "Extract",
            "body": {
                "model": "gpt-5.5", "input": "Extract it.", "reasoning": {"effort": effort},
                "text": {"format": {"type": "json_schema", "name": "x", "strict": true, "schema": wanted}},
            },
        })
    };
    let strip = async |schema: &Value| -> Value {
        let input =
            json!({"requestId": request("low")["id"], "model": "gpt-5.5", "schema": schema});
        engine.call("schema_pass_strip", input).await.unwrap().0
    };
    assert_eq!(strip(&wanted).await, json!({"sample": true, "efforts": []}));

    let mut sent = Vec::new();
    // One more than are shown, and the levels not in their order.
    for (turn, effort) in std::iter::once("high")
        .chain(std::iter::repeat_n("low", 21))
        .enumerate()
    {
        let input = json!({"ticket": format!("t{turn}"), "request": request(effort)});
        let run: Value = engine.call("send", input).await.unwrap().0;
        assert_eq!(run["run"]["facts"]["status"], "completed", "{run}");
        sent.push(run["run"]["facts"]["id"].clone());
    }
    let all = strip(&wanted).await;
    let ids = |strip: &Value, level: usize| -> Vec<Value> {
        let runs = strip["efforts"][level]["runs"].as_array().unwrap();
        runs.iter().map(|run| run["runId"].clone()).collect()
    };
    assert_eq!(all["efforts"][0]["effort"], "low");
    assert_eq!(ids(&all, 0), sent[2..], "the last 20, the oldest first");
    assert_eq!(all["efforts"][1]["effort"], "high");
    assert_eq!(ids(&all, 1), sent[..1]);
    let failures = |strip: &Value| -> Vec<Value> {
        let runs = strip["efforts"][0]["runs"].as_array().unwrap();
        runs.iter().map(|run| run["firstFailure"].clone()).collect()
    };
    assert!(failures(&all).iter().all(Value::is_null), "{all}");

    // What the schema adds is held against what these runs took in.
    let input = json!({"schema": wanted, "requestId": request("low")["id"], "model": "gpt-5.5"});
    let measured: Value = engine.call("measure_schema", input).await.unwrap().0;
    assert_eq!(
        (&measured["runs"], &measured["sample"]),
        (&json!(20), &json!(true))
    );
    let (tokens, taken_in) = (
        measured["tokens"].as_u64(),
        measured["inputTokens"].as_u64(),
    );
    assert!(
        tokens > Some(10) && tokens < taken_in,
        "the schema is a part of the input: {measured}"
    );

    // What was valid is not, once the schema wants another thing: the path says where.
    let other = object(json!({"title": {"type": "string"}, "count": {"type": "string"}}));
    let refused = failures(&strip(&other).await);
    assert!(
        refused.iter().all(|failure| failure["pointer"] == "/count"),
        "{refused:?}"
    );
}
