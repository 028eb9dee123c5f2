//! Bodies of both endpoints that say the same, side by side; and there and back again.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use proptest::prelude::*;
use rheostat_core::catalog::endpoint::Endpoint;
use rheostat_core::catalog::parameters::ParameterTable;
use rheostat_core::translate::{Translation, translate};
use serde_json::{Map, Value, json};

fn go(body: &Value, from: Endpoint) -> Translation {
    translate(
        body.as_object().unwrap(),
        from,
        ParameterTable::builtin().unwrap(),
    )
}

fn to_chat(body: &Value) -> Translation {
    go(body, Endpoint::Responses)
}

fn to_responses(body: &Value) -> Translation {
    go(body, Endpoint::ChatCompletions)
}

/// Two bodies that say the same: each is the other's translation, and nothing is lost on either way.
fn pair(responses: &Value, chat: &Value) {
    let there = to_chat(responses);
    assert_eq!(&Value::Object(there.body), chat, "to Chat Completions");
    assert_eq!(there.lost, [], "{responses}");
    let back = to_responses(chat);
    assert_eq!(&Value::Object(back.body), responses, "to Responses");
    assert_eq!(back.lost, [], "{chat}");
}

/// Places and words of what was lost.
fn lost(translation: &Translation) -> Vec<(&str, &str)> {
    let lost = translation.lost.iter();
    lost.map(|it| (it.pointer.as_str(), it.message.as_str()))
        .collect()
}

#[test]
fn a_plain_request() {
    pair(
        &json!({
            "model": "gpt-5.5",
            "instructions": "Be brief.",
            "input": [{"role": "developer", "content": "D"}, {"role": "user", "content": "Hi"}],
            "reasoning": {"effort": "high"},
            "text": {"verbosity": "low"},
            "max_output_tokens": 4000,
            "temperature": 1,
            "top_p": 0.5,
            "metadata": {"a": "b"},
            "store": false,
            "service_tier": "flex",
            "stream": true,
            "stream_options": {"include_obfuscation": false},
            "parallel_tool_calls": false,
            "safety_identifier": "s",
            "prompt_cache_key": "k",
            "prompt_cache_retention": "24h",
            "something_new": [1],
        }),
        &json!({
            "model": "gpt-5.5",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "developer", "content": "D"},
                {"role": "user", "content": "Hi"},
            ],
            "reasoning_effort": "high",
            "verbosity": "low",
            "max_completion_tokens": 4000,
            "temperature": 1,
            "top_p": 0.5,
            "metadata": {"a": "b"},
            "store": false,
            "service_tier": "flex",
            "stream": true,
            "stream_options": {"include_obfuscation": false},
            "parallel_tool_calls": false,
            "safety_identifier": "s",
            "prompt_cache_key": "k",
            "prompt_cache_retention": "24h",
            "something_new": [1],
        }),
    );
}

#[test]
fn a_format_and_pictures_and_files() {
    let schema = json!({"type": "object", "properties": {}, "additionalProperties": false});
    pair(
        &json!({
            "model": "gpt-5.5",
            "store": true,
            "input": [
                {"role": "user", "content": [
                    {"type": "input_text", "text": "What is this?"},
                    {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "high"},
                    {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="},
                    {"type": "input_file", "file_id": "file_1"},
                ]},
                {"role": "assistant", "content": [
                    {"type": "output_text", "text": "A dot."},
                    {"type": "refusal", "refusal": "No more."},
                ]},
            ],
            "text": {"format": {"type": "json_schema", "name": "a", "strict": true, "schema": schema}},
        }),
        &json!({
            "model": "gpt-5.5",
            "store": true,
            "messages": [
                {"role": "user", "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "high"}},
                    {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="}},
                    {"type": "file", "file": {"file_id": "file_1"}},
                ]},
                {"role": "assistant", "content": [
                    {"type": "text", "text": "A dot."},
                    {"type": "refusal", "refusal": "No more."},
                ]},
            ],
            "response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": schema}},
        }),
    );
}

#[test]
fn tools_calls_and_their_outputs() {
    let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    pair(
        &json!({
            "model": "gpt-5.5",
            "store": false,
            "input": [
                {"role": "user", "content": "Weather?"},
                {"role": "assistant", "content": "Let me see."},
                {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{\"city\":\"Rome\"}"},
                {"type": "custom_tool_call", "call_id": "c2", "name": "shout", "input": "ROME"},
                {"type": "function_call_output", "call_id": "c1", "output": "21"},
                {"type": "custom_tool_call_output", "call_id": "c2", "output": "done"},
            ],
            "tools": [
                {"type": "function", "name": "weather", "description": "W", "parameters": schema, "strict": false},
                {"type": "custom", "name": "shout", "format": {"type": "grammar", "syntax": "regex", "definition": ".+"}},
            ],
            "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "weather"}]},
        }),
        &json!({
            "model": "gpt-5.5",
            "store": false,
            "messages": [
                {"role": "user", "content": "Weather?"},
                {"role": "assistant", "content": "Let me see.", "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"Rome\"}"}},
                    {"id": "c2", "type": "custom", "custom": {"name": "shout", "input": "ROME"}},
                ]},
                {"role": "tool", "tool_call_id": "c1", "content": "21"},
                {"role": "tool", "tool_call_id": "c2", "content": "done"},
            ],
            "tools": [
                {"type": "function", "function": {"name": "weather", "description": "W", "parameters": schema, "strict": false}},
                {"type": "custom", "custom": {"name": "shout", "format": {"type": "grammar", "grammar": {"syntax": "regex", "definition": ".+"}}}},
            ],
            "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "weather"}}]}},
        }),
    );
    let tool = json!({"type": "function", "name": "f", "strict": true});
    let nested = json!({"type": "function", "function": {"name": "f", "strict": true}});
    for (flat, deep) in [
        (json!("required"), json!("required")),
        (
            json!({"type": "function", "name": "f"}),
            json!({"type": "function", "function": {"name": "f"}}),
        ),
        (
            json!({"type": "custom", "name": "c"}),
            json!({"type": "custom", "custom": {"name": "c"}}),
        ),
    ] {
        pair(
            &json!({"store": true, "tools": [tool], "tool_choice": flat}),
            &json!({"store": true, "tools": [nested], "tool_choice": deep}),
        );
    }
}

#[test]
fn log_probabilities_are_asked_for_in_their_own_way() {
    pair(
        &json!({"model": "gpt-5.4", "store": true, "include": ["message.output_text.logprobs"], "top_logprobs": 3}),
        &json!({"model": "gpt-5.4", "store": true, "logprobs": true, "top_logprobs": 3}),
    );
}

#[test]
fn what_chat_completions_has_no_place_for_is_listed() {
    let translation = to_chat(&json!({
        "model": "gpt-5.5",
        "store": true,
        "previous_response_id": "resp_1",
        "background": false,
        "truncation": "disabled",
        "max_tool_calls": 3,
        "reasoning": {"effort": "max", "summary": "auto", "budget": 9},
        "include": ["reasoning.encrypted_content"],
        "service_tier": "ultrafast",
        "input": [
            {"type": "message", "id": "msg_1", "status": "completed", "phase": "commentary", "role": "assistant", "content": []},
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {"type": "web_search_call", "id": "ws_1"},
            {"role": "user", "content": [{"type": "input_image", "file_id": "file_1"}, {"type": "input_file", "file_url": "https://a/b"}]},
            "what",
        ],
        "tools": [{"type": "web_search"}],
        "tool_choice": {"type": "file_search"},
    }));
    assert_eq!(
        Value::Object(translation.body.clone()),
        json!({
            "model": "gpt-5.5",
            "store": true,
            "reasoning_effort": "xhigh",
            "messages": [{"role": "assistant", "content": []}],
        })
    );
    assert_eq!(
        lost(&translation),
        [
            (
                "/previous_response_id",
                "Chat Completions has no previous response."
            ),
            ("/max_tool_calls", "Chat Completions has no max tool calls."),
            (
                "/reasoning/summary",
                "Chat Completions has no reasoning summary."
            ),
            (
                "/reasoning/budget",
                "Responses does not know reasoning.budget."
            ),
            (
                "/include/0",
                "Chat Completions cannot include \"reasoning.encrypted_content\"."
            ),
            (
                "/service_tier",
                "Chat Completions does not take \"ultrafast\" as service tier."
            ),
            (
                "/input/0/phase",
                "Chat Completions has no place for phase here."
            ),
            (
                "/input/1",
                "Chat Completions takes no reasoning back; the model thinks anew."
            ),
            (
                "/input/2",
                "Chat Completions has no item of the type \"web_search_call\"."
            ),
            (
                "/input/3/content/0",
                "Chat Completions takes a picture by its URL or its data, not by a file's id."
            ),
            (
                "/input/3/content/1",
                "Chat Completions takes a file by its data or its id, not by a URL."
            ),
            ("/input/4", "It is no object, so it could not be read."),
            (
                "/tools/0",
                "Chat Completions has functions and custom tools only, not \"web_search\"."
            ),
            (
                "/tool_choice",
                "Chat Completions has no tool \"file_search\" to choose."
            ),
        ]
    );
    let changed: Vec<_> = translation
        .changed
        .iter()
        .map(|it| it.message.as_str())
        .collect();
    assert_eq!(
        changed,
        ["Chat Completions goes no higher than xhigh, so the effort is xhigh."]
    );
}

#[test]
fn what_responses_has_no_place_for_is_listed() {
    let translation = to_responses(&json!({
        "model": "gpt-5.5",
        "n": 2,
        "seed": 7,
        "stop": ["."],
        "modalities": ["text"],
        "presence_penalty": 0,
        "frequency_penalty": 0.5,
        "stream_options": {"include_usage": true},
        "messages": [
            {"role": "user", "name": "Ada", "content": [{"type": "input_audio", "input_audio": {}}, {"type": "text", "text": "Hi"}]},
            {"role": "function", "name": "f", "content": "1"},
        ],
    }));
    assert_eq!(
        Value::Object(translation.body.clone()),
        json!({"model": "gpt-5.5", "input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]})
    );
    assert_eq!(
        lost(&translation),
        [
            ("/n", "Responses has no answers."),
            ("/seed", "Responses has no seed."),
            ("/stop", "Responses has no stop words."),
            ("/frequency_penalty", "Responses has no frequency penalty."),
            (
                "/stream_options/include_usage",
                "Responses has no usage in the stream."
            ),
            ("/messages/0/name", "Responses has no place for name here."),
            ("/messages/0/content/0", "Responses takes no audio."),
            (
                "/messages/1",
                "The role function is deprecated and has no place in Responses."
            ),
        ]
    );
    assert_eq!(
        translation.changed.len(),
        1,
        "store has another default there: {:?}",
        translation.changed
    );
}

#[test]
fn old_names_and_short_forms_become_today_s() {
    let body = |it: Value| Value::Object(to_responses(&it).body);
    assert_eq!(
        body(json!({
            "max_tokens": 100,
            "functions": [{"name": "f", "parameters": {}}],
            "function_call": {"name": "f"},
            "logprobs": false,
        })),
        json!({
            "max_output_tokens": 100,
            "tools": [{"type": "function", "name": "f", "parameters": {}, "strict": false}],
            "tool_choice": {"type": "function", "name": "f"},
        })
    );
    assert_eq!(
        body(json!({"max_tokens": 100, "max_completion_tokens": 200})),
        json!({"max_output_tokens": 200})
    );
    let chat = to_chat(&json!({"store": true, "input": "Hi", "reasoning": null}));
    assert_eq!(
        Value::Object(chat.body),
        json!({"store": true, "messages": [{"role": "user", "content": "Hi"}]})
    );
    // A tool without `strict` means one thing here and another there.
    let chat = to_chat(&json!({"store": true, "tools": [{"type": "function", "name": "f"}]}));
    assert_eq!(chat.changed.len(), 1);
    assert_eq!(chat.changed[0].pointer, "/tools/0/strict");
    let back = to_responses(&Value::Object(chat.body));
    assert_eq!(back.body["tools"][0]["strict"], json!(false));
    assert_eq!(back.changed[0].pointer, "/tools/0/function/strict");
}

#[test]
fn a_body_of_the_wrong_types_is_told_and_never_ends_in_a_panic() {
    let broken = json!({
        "input": 3, "instructions": [], "reasoning": "high", "text": [1], "tools": {}, "tool_choice": 4,
        "include": "all", "stream_options": true,
    });
    let translation = to_chat(&broken);
    let places: Vec<_> = lost(&translation).into_iter().map(|it| it.0).collect();
    assert_eq!(
        places,
        [
            "/input",
            "/instructions",
            "/reasoning",
            "/text",
            "/tools",
            "/include",
            "/stream_options",
            "/tool_choice"
        ]
    );
    let broken = json!({"messages": {}, "tools": [1, {"type": "function", "function": 3}], "response_format": "json"});
    let translation = to_responses(&broken);
    assert_eq!(lost(&translation)[0].0, "/messages");
}

fn text() -> impl Strategy<Value = Value> {
    "[a-zé ]{0,12}".prop_map(Value::String)
}

fn parts(types: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let part = (0..types.len(), "[a-z]{0,8}").prop_map(move |(which, word)| match types[which] {
        "input_image" => {
            json!({"type": "input_image", "image_url": format!("data:,{word}"), "detail": "low"})
        }
        "input_file" => json!({"type": "input_file", "filename": word, "file_data": "data:,"}),
        "refusal" => json!({"type": "refusal", "refusal": word}),
        kind => json!({"type": kind, "text": word}),
    });
    prop::collection::vec(part, 1..4).prop_map(Value::Array)
}

/// Items that both endpoints can say: what the assistant says comes before its calls.
fn items() -> impl Strategy<Value = Vec<Value>> {
    let user = prop_oneof![text(), parts(&["input_text", "input_image", "input_file"])]
        .prop_map(|content| vec![json!({"role": "user", "content": content})]);
    let developer =
        text().prop_map(|content| vec![json!({"role": "developer", "content": content})]);
    let answer = prop_oneof![text(), parts(&["output_text", "refusal"])]
        .prop_map(|content| vec![json!({"role": "assistant", "content": content})]);
    let calls = (prop::collection::vec((any::<bool>(), "[a-z]{1,6}"), 1..4), any::<bool>()).prop_map(
        |(calls, speaks)| {
            let mut turn = Vec::new();
            turn.extend(speaks.then(|| json!({"role": "assistant", "content": "So."})));
            let id = |index: usize| format!("call_{index}");
            for (index, (custom, word)) in calls.iter().enumerate() {
                turn.push(if *custom {
                    json!({"type": "custom_tool_call", "call_id": id(index), "name": "c", "input": word})
                } else {
                    json!({"type": "function_call", "call_id": id(index), "name": "f", "arguments": word})
                });
            }
            for (index, (custom, word)) in calls.iter().enumerate() {
                let kind = if *custom { "custom_tool_call_output" } else { "function_call_output" };
                turn.push(json!({"type": kind, "call_id": id(index), "output": word}));
            }
            turn
        },
    );
    // One turn of calls: their ids are told apart within it.
    (
        prop::collection::vec(prop_oneof![user, developer, answer], 0..5),
        prop::option::of(calls),
    )
        .prop_map(|(said, calls)| said.into_iter().chain(calls).flatten().collect())
}

fn tools() -> impl Strategy<Value = Value> {
    let function = ("[a-z]{1,8}", any::<bool>())
        .prop_map(|(name, strict)| json!({"type": "function", "name": name, "strict": strict, "parameters": {"type": "object"}}));
    let custom =
        "[a-z]{1,8}".prop_map(|name| json!({"type": "custom", "name": name, "description": "d"}));
    prop::collection::vec(prop_oneof![function, custom], 1..4).prop_map(Value::Array)
}

/// A Responses body of nothing but what both endpoints have.
fn shared() -> impl Strategy<Value = Value> {
    let effort = prop::sample::select(vec!["none", "minimal", "low", "medium", "high", "xhigh"]);
    let verbosity = prop::sample::select(vec!["low", "medium", "high"]);
    let tier = prop::sample::select(vec!["auto", "default", "flex", "priority", "fast"]);
    let format = prop_oneof![
        Just(json!({"type": "text"})),
        Just(json!({"type": "json_object"})),
        any::<bool>().prop_map(|strict| json!({"type": "json_schema", "name": "n", "strict": strict, "schema": {"type": "object"}})),
    ];
    let choice = prop_oneof![
        Just(json!("auto")),
        Just(json!("required")),
        Just(json!({"type": "function", "name": "f"})),
        Just(
            json!({"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "f"}]})
        ),
    ];
    let words = (
        prop::option::of("[a-z .]{1,20}"),
        prop::option::of(effort),
        prop::option::of(verbosity),
        prop::option::of(tier),
        prop::option::of(format),
        prop::option::of((tools(), prop::option::of(choice))),
    );
    let numbers = (
        prop::option::of(16..128_000u32),
        prop::option::of(0..20u32),
        prop::option::of(any::<bool>()),
        prop::option::of(any::<bool>()),
        prop::option::of(prop::collection::btree_map(
            "[a-z]{1,5}",
            "[a-z]{0,5}",
            1..4,
        )),
        prop::option::of("[a-z]{1,9}"),
    );
    (items(), words, numbers).prop_map(|(items, words, numbers)| {
        let mut body = Map::new();
        let mut set = |path: &str, value: Option<Value>| {
            if let Some(value) = value {
                match path.split_once('.') {
                    None => {
                        body.insert(path.into(), value);
                    }
                    Some((outer, inner)) => {
                        body.entry(outer).or_insert_with(|| json!({}))[inner] = value
                    }
                }
            }
        };
        let (instructions, effort, verbosity, tier, format, tools) = words;
        let (cap, top, stream, parallel, metadata, unknown) = numbers;
        set("model", Some(json!("gpt-5.5")));
        set("instructions", instructions.map(Value::from));
        set("input", Some(Value::Array(items)));
        set("reasoning.effort", effort.map(Value::from));
        set("text.verbosity", verbosity.map(Value::from));
        set("text.format", format);
        set("service_tier", tier.map(Value::from));
        if let Some((tools, choice)) = tools {
            set("tools", Some(tools));
            set("tool_choice", choice);
        }
        set("max_output_tokens", cap.map(Value::from));
        set("top_logprobs", top.map(Value::from));
        set("stream", stream.map(Value::from));
        set("parallel_tool_calls", parallel.map(Value::from));
        set("metadata", metadata.map(|it| json!(it)));
        set("store", Some(json!(true)));
        set("of_tomorrow", unknown.map(Value::from));
        Value::Object(body)
    })
}

/// Any JSON, for bodies that no one would write.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z_]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop::sample::select(vec![
            "type",
            "role",
            "content",
            "text",
            "name",
            "function",
            "custom",
            "tools",
            "json_schema",
            "image_url",
            "tool_calls",
            "call_id",
            "effort",
            "format",
        ]);
        let key = key.prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn there_and_back_is_unchanged(responses in shared()) {
        let there = to_chat(&responses);
        prop_assert_eq!(&there.lost, &[]);
        let chat = Value::Object(there.body);
        let back = to_responses(&chat);
        prop_assert_eq!(&back.lost, &[]);
        prop_assert_eq!(&Value::Object(back.body.clone()), &responses);
        let again = to_chat(&Value::Object(back.body));
        prop_assert_eq!(Value::Object(again.body), chat, "and from the other side");
    }

    #[test]
    fn no_body_is_too_strange(
        keys in prop::collection::vec(0..40usize, 1..6),
        values in prop::collection::vec(anything(), 6),
        from_chat in any::<bool>(),
    ) {
        let from = if from_chat { Endpoint::ChatCompletions } else { Endpoint::Responses };
        let table = ParameterTable::builtin().unwrap();
        let names = table.keys(from);
        let body: Map<String, Value> = keys
            .iter()
            .zip(values)
            .map(|(key, value)| (names[key % names.len()].to_owned(), value))
            .collect();
        let context = rheostat_core::lint::Context::default();
        let knowledge = rheostat_core::lint::Knowledge {
            catalog: rheostat_core::catalog::models::Catalog::builtin().unwrap(),
            table,
        };
        translate(&body, from, table);
        let fixed = rheostat_core::lint::fix_all(&body, from, knowledge, &context);
        let left = rheostat_core::lint::lint(&fixed.body, fixed.endpoint, knowledge, &context);
        let mendable: Vec<_> = left.iter().filter(|it| it.fix.as_ref().is_some_and(|fix| fix.safe)).collect();
        prop_assert!(mendable.is_empty(), "fix all ends: {mendable:#?}");
    }
}
