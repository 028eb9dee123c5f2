//! One case per rule: the finding, its place, and the body that its fix leaves.

use serde_json::{Value, json};

use super::*;

fn knowledge() -> Knowledge<'static> {
    Knowledge {
        catalog: Catalog::builtin().expect("sound"),
        table: ParameterTable::builtin().expect("sound"),
    }
}

fn body(value: &Value) -> Body {
    value.as_object().cloned().expect("an object")
}

fn find(endpoint: Endpoint, it: &Value, context: &Context) -> Vec<Finding> {
    lint(&body(it), endpoint, knowledge(), context)
}

/// Code, severity and place of every finding.
fn told(findings: &[Finding]) -> Vec<(&str, Severity, &str)> {
    findings
        .iter()
        .map(|it| (it.code.as_str(), it.severity, it.pointer.as_str()))
        .collect()
}

/// The minimal body with `more` in it.
fn with(endpoint: Endpoint, more: Value) -> Value {
    let mut it = match endpoint {
        Endpoint::Responses => json!({"model": "gpt-5.5", "input": "Hi"}),
        Endpoint::ChatCompletions => {
            json!({"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]})
        }
    };
    if let (Some(it), Value::Object(more)) = (it.as_object_mut(), more) {
        it.extend(more);
    }
    it
}

struct Case {
    endpoint: Endpoint,
    body: Value,
    /// The one finding: code, severity, pointer.
    finds: (&'static str, Severity, &'static str),
    /// What its fix leaves; `None`: there is none.
    fixed: Option<Value>,
}

fn responses(
    more: Value,
    finds: (&'static str, Severity, &'static str),
    fixed: Option<Value>,
) -> Case {
    Case {
        endpoint: Endpoint::Responses,
        body: with(Endpoint::Responses, more),
        finds,
        fixed: fixed.map(|more| with(Endpoint::Responses, more)),
    }
}

fn chat(more: Value, finds: (&'static str, Severity, &'static str), fixed: Option<Value>) -> Case {
    Case {
        endpoint: Endpoint::ChatCompletions,
        body: with(Endpoint::ChatCompletions, more),
        finds,
        fixed: fixed.map(|more| with(Endpoint::ChatCompletions, more)),
    }
}

/// A schema that strict mode takes.
fn sound_schema() -> Value {
    json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false})
}

#[test]
fn what_strict_mode_refuses_is_told_place_by_place_and_mended() {
    let schema = json!({
        "type": "object",
        "properties": {"city": {"type": "string"}, "at": {"type": "string", "format": "phone"}},
        "required": ["city"]
    });
    let format = json!({"type": "json_schema", "name": "a", "strict": true, "schema": schema});
    let body = with(Endpoint::Responses, json!({"text": {"format": format}}));
    let findings = find(Endpoint::Responses, &body, &Context::default());
    let places: Vec<_> = findings
        .iter()
        .map(|finding| finding.pointer.as_str())
        .collect();
    assert!(
        findings
            .iter()
            .all(|finding| finding.code == "schema_refused"),
        "{findings:#?}"
    );
    assert_eq!(
        places.len(),
        3,
        "an open object, an optional field, a format: {places:?}"
    );
    assert!(
        places
            .iter()
            .all(|place| place.starts_with("/text/format/schema")),
        "{places:?}"
    );
    assert!(
        findings.iter().all(|finding| finding.fix.is_some()),
        "{findings:#?}"
    );
    let Edit::Set { pointer, value } = &findings[0].fix.as_ref().unwrap().edits[0] else {
        panic!("the schema is set: {findings:#?}");
    };
    assert_eq!(pointer, "/text/format/schema");
    assert_eq!(crate::schema::strict::check(value).problems, []);
}

fn check(cases: Vec<Case>) {
    for case in cases {
        let it = &case.body;
        let findings = find(case.endpoint, it, &Context::default());
        assert_eq!(told(&findings), [case.finds], "{it}: {findings:#?}");
        let finding = &findings[0];
        assert!(
            finding.message.ends_with('.') && finding.reason.ends_with('.'),
            "{finding:?}"
        );
        assert_eq!(finding.fix.is_some(), case.fixed.is_some(), "{finding:?}");
        if let Some(expected) = case.fixed {
            let fixed = apply_fix(&body(it), case.endpoint, finding, knowledge().table);
            assert_eq!(Value::Object(fixed.body.clone()), expected, "{it}");
            assert_eq!(fixed.changes.len(), 1);
            let after = lint(
                &fixed.body,
                fixed.endpoint,
                knowledge(),
                &Context::default(),
            );
            assert!(
                after
                    .iter()
                    .all(|it| (it.code.as_str(), it.pointer.as_str())
                        != (case.finds.0, case.finds.2)),
                "{it}: the fix takes the finding away: {after:#?}"
            );
        }
    }
}

use Severity::{Error, Warning};

#[test]
fn a_sound_request_is_left_alone() {
    let sound = [
        with(Endpoint::Responses, json!({})),
        with(
            Endpoint::Responses,
            json!({
                "reasoning": {"effort": "none", "summary": null}, "temperature": 0.7, "top_p": 0.9,
                "max_output_tokens": 16, "stream": true, "stream_options": {"include_obfuscation": false},
                "tools": [{"type": "code_interpreter", "container": {"type": "auto"}}, {"type": "web_search_2025_08_26"}],
                "tool_choice": {"type": "code_interpreter"}, "metadata": {"a": "b"},
                "text": {"format": {"type": "json_schema", "name": "a", "strict": true, "schema": sound_schema()}, "verbosity": "low"},
            }),
        ),
        with(
            Endpoint::Responses,
            json!({"temperature": 1, "prompt_cache_retention": "24h"}),
        ),
        json!({"model": "gpt-5.5", "previous_response_id": "resp_1"}),
    ];
    for it in sound {
        assert_eq!(
            find(Endpoint::Responses, &it, &Context::default()),
            [],
            "{it}"
        );
    }
    let it = with(
        Endpoint::ChatCompletions,
        json!({
            "reasoning_effort": "xhigh", "max_completion_tokens": 30_000, "verbosity": "high", "n": 2,
            "response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": sound_schema()}},
        }),
    );
    assert_eq!(
        find(Endpoint::ChatCompletions, &it, &Context::default()),
        [],
        "{it}"
    );
}

#[test]
fn the_model_is_known_and_open_here() {
    check(vec![
        responses(
            json!({"model": null}),
            ("model_missing", Error, "/model"),
            None,
        ),
        responses(
            json!({"model": "gpt-7"}),
            ("unknown_model", Warning, "/model"),
            None,
        ),
    ]);
    let it =
        json!({"model": "gpt-5.5-pro", "messages": [{"role": "user", "content": "Hi"}], "seed": 1});
    let findings = find(Endpoint::ChatCompletions, &it, &Context::default());
    assert_eq!(
        told(&findings),
        [
            ("model_not_on_endpoint", Error, "/model"),
            ("deprecated", Warning, "/seed")
        ]
    );
    let fixed = apply_fix(
        &body(&it),
        Endpoint::ChatCompletions,
        &findings[0],
        knowledge().table,
    );
    assert_eq!(fixed.endpoint, Endpoint::Responses);
    assert_eq!(
        Value::Object(fixed.body),
        json!({"model": "gpt-5.5-pro", "input": [{"role": "user", "content": "Hi"}]})
    );
    assert_eq!(
        fixed.changes[0].lost[0].pointer, "/seed",
        "what could not go over is told"
    );
}

#[test]
fn sampling_is_refused_while_the_model_reasons() {
    check(vec![
        responses(
            json!({"temperature": 0.7}),
            ("sampling_rejected", Error, "/temperature"),
            Some(json!({})),
        ),
        responses(
            json!({"top_p": 1}),
            ("sampling_rejected", Error, "/top_p"),
            Some(json!({})),
        ),
        responses(
            json!({"include": ["reasoning.encrypted_content", "message.output_text.logprobs"]}),
            ("sampling_rejected", Warning, "/include"),
            Some(json!({"include": ["reasoning.encrypted_content"]})),
        ),
        chat(
            json!({"temperature": 0}),
            ("sampling_rejected", Error, "/temperature"),
            Some(json!({})),
        ),
        chat(
            json!({"stop": ["a"]}),
            ("sampling_rejected", Warning, "/stop"),
            Some(json!({})),
        ),
    ]);
    // gpt-5.4 does not reason unless asked to.
    let it = json!({"model": "gpt-5.4", "input": "Hi", "temperature": 0.2});
    assert_eq!(find(Endpoint::Responses, &it, &Context::default()), []);
    let findings = find(
        Endpoint::Responses,
        &with(
            Endpoint::Responses,
            json!({"reasoning": {"effort": "high"}, "temperature": 0.2}),
        ),
        &Context::default(),
    );
    assert_eq!(
        findings[0].message,
        "temperature is refused at effort high."
    );
}

#[test]
fn values_are_of_their_type_and_within_their_bounds() {
    check(vec![
        responses(
            json!({"max_output_tokens": 8}),
            ("below_minimum", Error, "/max_output_tokens"),
            Some(json!({"max_output_tokens": 16})),
        ),
        responses(
            json!({"max_output_tokens": 200_000}),
            ("above_maximum", Error, "/max_output_tokens"),
            Some(json!({"max_output_tokens": 128_000})),
        ),
        responses(
            json!({"max_output_tokens": "4000"}),
            ("wrong_type", Error, "/max_output_tokens"),
            None,
        ),
        responses(
            json!({"stream": "yes"}),
            ("wrong_type", Error, "/stream"),
            None,
        ),
        responses(
            json!({"reasoning": "high"}),
            ("wrong_type", Error, "/reasoning"),
            None,
        ),
        responses(
            json!({"reasoning": {"effort": "max"}}),
            ("effort_not_offered", Error, "/reasoning/effort"),
            Some(json!({"reasoning": {"effort": "xhigh"}})),
        ),
        responses(
            json!({"reasoning": {"effort": "minimal"}}),
            ("effort_not_offered", Error, "/reasoning/effort"),
            Some(json!({"reasoning": {"effort": "none"}})),
        ),
        responses(
            json!({"reasoning": {"effort": "extreme"}}),
            ("value_not_taken", Error, "/reasoning/effort"),
            Some(json!({})),
        ),
        responses(
            json!({"text": {"verbosity": "loud"}}),
            ("value_not_taken", Error, "/text/verbosity"),
            Some(json!({})),
        ),
        responses(
            json!({"include": ["everything"]}),
            ("value_not_taken", Error, "/include/0"),
            Some(json!({})),
        ),
        responses(
            json!({"safety_identifier": "x".repeat(65)}),
            ("too_long", Warning, "/safety_identifier"),
            None,
        ),
        responses(
            json!({"prompt_cache_retention": "in_memory"}),
            (
                "cache_retention_unsupported",
                Error,
                "/prompt_cache_retention",
            ),
            Some(json!({"prompt_cache_retention": "24h"})),
        ),
        responses(
            json!({"stream_options": {"include_obfuscation": false}}),
            (
                "needs_another",
                Error,
                "/stream_options/include_obfuscation",
            ),
            Some(json!({})),
        ),
        responses(
            json!({"user": "u1"}),
            ("deprecated", Warning, "/user"),
            Some(json!({"safety_identifier": "u1"})),
        ),
        responses(
            json!({"tool_choice": "sometimes", "tools": [{"type": "web_search"}]}),
            ("value_not_taken", Error, "/tool_choice"),
            Some(json!({"tools": [{"type": "web_search"}]})),
        ),
        chat(
            json!({"n": 200}),
            ("above_maximum", Error, "/n"),
            Some(json!({"n": 128})),
        ),
        chat(
            json!({"max_tokens": 100}),
            ("moved", Error, "/max_tokens"),
            Some(json!({"max_completion_tokens": 100})),
        ),
        chat(
            json!({"service_tier": "ultrafast"}),
            ("value_not_taken", Error, "/service_tier"),
            Some(json!({})),
        ),
    ]);
    let it = json!({"model": "gpt-5.6-sol", "messages": [{"role": "user", "content": "Hi"}], "reasoning_effort": "max"});
    let findings = find(Endpoint::ChatCompletions, &it, &Context::default());
    assert_eq!(
        told(&findings),
        [("value_not_taken", Error, "/reasoning_effort")],
        "Chat Completions ends at xhigh"
    );
    let pro = json!({"model": "gpt-5.5-pro", "input": "Hi", "reasoning": {"effort": "low"}});
    let findings = find(Endpoint::Responses, &pro, &Context::default());
    assert_eq!(
        findings[0].fix.as_ref().map(|fix| fix.label.as_str()),
        Some("Use medium"),
        "its lowest"
    );
}

#[test]
fn names_of_the_other_endpoint_are_moved() {
    let schema = json!({"type": "object"});
    let nested = json!({"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": schema}});
    let flat = json!({"type": "json_schema", "name": "a", "strict": true, "schema": schema});
    check(vec![
        responses(
            json!({"response_format": nested}),
            ("moved", Error, "/response_format"),
            Some(json!({"text": {"format": flat}})),
        ),
        responses(
            json!({"reasoning_effort": "low"}),
            ("moved", Error, "/reasoning_effort"),
            Some(json!({"reasoning": {"effort": "low"}})),
        ),
        responses(
            json!({"max_tokens": 500}),
            ("moved", Error, "/max_tokens"),
            Some(json!({"max_output_tokens": 500})),
        ),
        responses(
            json!({"max_completion_tokens": 500, "max_output_tokens": 400}),
            ("moved", Error, "/max_completion_tokens"),
            Some(json!({"max_output_tokens": 400})),
        ),
        responses(
            json!({"seed": 7}),
            ("not_on_endpoint", Error, "/seed"),
            Some(json!({})),
        ),
        responses(
            json!({"stop": "."}),
            ("not_on_endpoint", Error, "/stop"),
            Some(json!({})),
        ),
        responses(
            json!({"n": 1}),
            ("not_on_endpoint", Error, "/n"),
            Some(json!({})),
        ),
        responses(
            json!({"presence_penalty": 1}),
            ("not_on_endpoint", Error, "/presence_penalty"),
            Some(json!({})),
        ),
        responses(
            json!({"stream": true, "stream_options": {"include_usage": true}}),
            ("not_on_endpoint", Error, "/stream_options/include_usage"),
            Some(json!({"stream": true})),
        ),
        responses(
            json!({"frobnicate": {"a": 1}}),
            ("unknown_parameter", Warning, "/frobnicate"),
            Some(json!({})),
        ),
        responses(
            json!({"reasoning": {"budget": 5}}),
            ("unknown_parameter", Warning, "/reasoning/budget"),
            Some(json!({})),
        ),
        chat(
            json!({"text": {"format": flat, "verbosity": "low"}}),
            ("moved", Error, "/text"),
            Some(json!({"response_format": nested, "verbosity": "low"})),
        ),
        chat(
            json!({"reasoning": {"effort": "low", "summary": "auto"}}),
            ("moved", Error, "/reasoning"),
            Some(json!({"reasoning_effort": "low"})),
        ),
        chat(
            json!({"max_output_tokens": 500}),
            ("moved", Error, "/max_output_tokens"),
            Some(json!({"max_completion_tokens": 500})),
        ),
        chat(
            json!({"background": true}),
            ("not_on_endpoint", Error, "/background"),
            Some(json!({})),
        ),
        Case {
            endpoint: Endpoint::Responses,
            body: json!({"model": "gpt-5.5", "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}]}),
            finds: ("moved", Error, "/messages"),
            fixed: Some(
                json!({"model": "gpt-5.5", "instructions": "S", "input": [{"role": "user", "content": "Hi"}]}),
            ),
        },
        Case {
            endpoint: Endpoint::ChatCompletions,
            body: json!({"model": "gpt-5.5", "input": "Hi"}),
            finds: ("moved", Error, "/input"),
            fixed: Some(with(Endpoint::ChatCompletions, json!({}))),
        },
    ]);
}

#[test]
fn the_input_is_in_the_words_of_the_endpoint() {
    let said = |content: Value| json!([{"role": "user", "content": content}]);
    check(vec![
        Case {
            endpoint: Endpoint::Responses,
            body: json!({"model": "gpt-5.5"}),
            finds: ("input_missing", Error, "/input"),
            fixed: None,
        },
        chat(
            json!({"messages": []}),
            ("input_missing", Error, "/messages"),
            None,
        ),
        responses(
            json!({"input": said(json!([{"type": "text", "text": "Hi"}]))}),
            ("part_type", Error, "/input/0/content/0/type"),
            Some(json!({"input": said(json!([{"type": "input_text", "text": "Hi"}]))})),
        ),
        responses(
            json!({"input": said(json!([{"type": "image_url", "image_url": {"url": "data:,", "detail": "low"}}]))}),
            ("part_type", Error, "/input/0/content/0/type"),
            Some(
                json!({"input": said(json!([{"type": "input_image", "image_url": "data:,", "detail": "low"}]))}),
            ),
        ),
        chat(
            json!({"messages": said(json!([{"type": "input_text", "text": "Hi"}]))}),
            ("part_type", Error, "/messages/0/content/0/type"),
            Some(json!({"messages": said(json!([{"type": "text", "text": "Hi"}]))})),
        ),
        responses(
            json!({"input": [{"role": "oracle", "content": "Hi"}]}),
            ("value_not_taken", Error, "/input/0/role"),
            None,
        ),
        responses(
            json!({"input": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                {"role": "tool", "tool_call_id": "c", "content": "1"},
            ]}),
            ("input_shape", Error, "/input"),
            Some(json!({"input": [
                {"role": "user", "content": "Hi"},
                {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "c", "output": "1"},
            ]})),
        ),
    ]);
}

#[test]
fn tools_have_what_they_need() {
    let f =
        json!({"type": "function", "name": "f", "strict": false, "parameters": {"type": "object"}});
    let nested = json!({"type": "function", "function": {"name": "f", "strict": false, "parameters": {"type": "object"}}});
    check(vec![
        responses(
            json!({"tools": [{"type": "computer_use"}]}),
            ("tool_renamed", Error, "/tools/0/type"),
            Some(json!({"tools": [{"type": "computer"}]})),
        ),
        responses(
            json!({"tools": [{"type": "code_interpreter"}]}),
            ("missing_field", Error, "/tools/0/container"),
            Some(json!({"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]})),
        ),
        responses(
            json!({"tools": [{"type": "file_search"}, f]}),
            ("missing_field", Error, "/tools/0/vector_store_ids"),
            Some(json!({"tools": [f]})),
        ),
        responses(
            json!({"tools": [{"type": "file_search", "vector_store_ids": []}]}),
            ("missing_field", Error, "/tools/0/vector_store_ids"),
            Some(json!({})),
        ),
        responses(
            json!({"tools": [{"type": "file_search", "vector_store_ids": ["v"], "max_num_results": 99}]}),
            ("above_maximum", Error, "/tools/0/max_num_results"),
            Some(
                json!({"tools": [{"type": "file_search", "vector_store_ids": ["v"], "max_num_results": 50}]}),
            ),
        ),
        responses(
            json!({"tools": [{"type": "mcp", "server_label": "m"}]}),
            ("missing_field", Error, "/tools/0"),
            None,
        ),
        responses(
            json!({"tools": [nested]}),
            ("tool_shape", Error, "/tools/0"),
            Some(json!({"tools": [f]})),
        ),
        responses(
            json!({"tools": [{"type": "function", "name": "get weather"}]}),
            ("bad_name", Error, "/tools/0/name"),
            Some(json!({"tools": [{"type": "function", "name": "get_weather"}]})),
        ),
        responses(
            json!({"tools": [{"type": "teleport"}]}),
            ("unknown_tool", Warning, "/tools/0/type"),
            None,
        ),
        responses(
            json!({"tools": [{}]}),
            ("missing_field", Error, "/tools/0/type"),
            None,
        ),
        responses(
            json!({"tools": [f], "tool_choice": {"type": "function", "name": "g"}}),
            ("tool_choice_unknown", Error, "/tool_choice"),
            Some(json!({"tools": [f]})),
        ),
        responses(
            json!({"tools": [f], "tool_choice": {"type": "file_search"}}),
            ("tool_choice_unknown", Warning, "/tool_choice"),
            Some(json!({"tools": [f]})),
        ),
        responses(
            json!({"tools": [f], "tool_choice": {"type": "function", "function": {"name": "f"}}}),
            ("tool_shape", Error, "/tool_choice"),
            Some(json!({"tools": [f], "tool_choice": {"type": "function", "name": "f"}})),
        ),
        responses(
            json!({"tool_choice": "required"}),
            ("tool_choice_without_tools", Error, "/tool_choice"),
            Some(json!({})),
        ),
        chat(
            json!({"tools": [f]}),
            ("tool_shape", Error, "/tools/0"),
            Some(json!({"tools": [nested]})),
        ),
        chat(
            json!({"functions": [{"name": "f"}]}),
            ("deprecated", Warning, "/functions"),
            Some(json!({"tools": [{"type": "function", "function": {"name": "f"}}]})),
        ),
    ]);
    let pro = json!({"model": "gpt-5.5-pro", "input": "Hi", "tools": [{"type": "computer"}]});
    assert_eq!(
        told(&find(Endpoint::Responses, &pro, &Context::default())),
        [("not_listed", Warning, "/tools/0/type")]
    );
    // On Chat Completions, tools and effort lead to Responses.
    for more in [
        json!({"tools": [nested], "reasoning_effort": "low"}),
        json!({"tools": [{"type": "web_search"}]}),
    ] {
        let it = with(Endpoint::ChatCompletions, more);
        let findings = find(Endpoint::ChatCompletions, &it, &Context::default());
        assert_eq!(findings.len(), 1, "{findings:#?}");
        let fixed = apply_fix(
            &body(&it),
            Endpoint::ChatCompletions,
            &findings[0],
            knowledge().table,
        );
        assert_eq!(fixed.endpoint, Endpoint::Responses, "{}", findings[0].code);
        assert_eq!(
            lint(
                &fixed.body,
                fixed.endpoint,
                knowledge(),
                &Context::default()
            ),
            []
        );
    }
}

#[test]
fn the_output_format_is_whole_and_in_the_form_of_the_endpoint() {
    let format = |it: Value| json!({"text": {"format": it}});
    check(vec![
        responses(
            format(
                json!({"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": sound_schema()}}),
            ),
            ("format_shape", Error, "/text/format"),
            Some(format(
                json!({"type": "json_schema", "name": "a", "strict": true, "schema": sound_schema()}),
            )),
        ),
        responses(
            format(json!({"type": "yaml"})),
            ("format_type", Error, "/text/format/type"),
            None,
        ),
        responses(
            format(json!({"type": "json_schema", "strict": true, "schema": sound_schema()})),
            ("missing_field", Error, "/text/format/name"),
            Some(format(
                json!({"type": "json_schema", "strict": true, "schema": sound_schema(), "name": "output"}),
            )),
        ),
        responses(
            format(json!({"type": "json_schema", "name": "a", "strict": true})),
            ("missing_field", Error, "/text/format/schema"),
            None,
        ),
        responses(
            format(
                json!({"type": "json_schema", "name": "a b", "strict": true, "schema": sound_schema()}),
            ),
            ("bad_name", Error, "/text/format/name"),
            Some(format(
                json!({"type": "json_schema", "name": "a_b", "strict": true, "schema": sound_schema()}),
            )),
        ),
        responses(
            format(json!({"type": "json_schema", "name": "a", "schema": sound_schema()})),
            ("strict_not_set", Warning, "/text/format/strict"),
            Some(format(
                json!({"type": "json_schema", "name": "a", "schema": sound_schema(), "strict": true}),
            )),
        ),
        chat(
            json!({"response_format": {"type": "json_schema", "name": "a", "strict": true, "schema": sound_schema()}}),
            ("format_shape", Error, "/response_format"),
            Some(
                json!({"response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": sound_schema()}}}),
            ),
        ),
    ]);
}

#[test]
fn metadata_has_sixteen_short_pairs() {
    let pairs = |count: usize| -> Value {
        (0..count)
            .map(|i| (format!("k{i:02}"), json!("v")))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let (long, cut) = ("é".repeat(513), "é".repeat(512));
    check(vec![
        responses(
            json!({"metadata": pairs(17)}),
            ("too_many", Error, "/metadata"),
            Some(json!({"metadata": pairs(16)})),
        ),
        responses(
            json!({"metadata": {"a": long}}),
            ("too_long", Error, "/metadata/a"),
            Some(json!({"metadata": {"a": cut}})),
        ),
        responses(
            json!({"metadata": {"a": 3}}),
            ("wrong_type", Error, "/metadata/a"),
            Some(json!({"metadata": {"a": "3"}})),
        ),
    ]);
    let name = "n".repeat(65);
    let it = with(
        Endpoint::Responses,
        json!({"metadata": {(name.as_str()): "v"}}),
    );
    let fixed = fix_all(
        &body(&it),
        Endpoint::Responses,
        knowledge(),
        &Context::default(),
    );
    assert_eq!(fixed.body["metadata"], json!({("n".repeat(64)): "v"}));
}

#[test]
fn a_small_cap_is_judged_by_what_runs_used() {
    let it = with(
        Endpoint::Responses,
        json!({"reasoning": {"effort": "high"}, "max_output_tokens": 6_000}),
    );
    let used = |runs, median, high| Context {
        used: Some(UsedTokens { runs, median, high }),
        ..Context::default()
    };
    let message = |context: &Context| {
        find(Endpoint::Responses, &it, context)
            .pop()
            .map(|it| it.message)
    };
    assert_eq!(message(&used(5, 3_000, 5_900)), None);
    assert_eq!(
        message(&used(5, 3_000, 6_100)).as_deref(),
        Some("Some runs at high would be cut at 6000 tokens.")
    );
    assert_eq!(
        message(&used(5, 6_050, 6_100)).as_deref(),
        Some("Most runs at high would be cut at 6000 tokens.")
    );
    let unmeasured = Some("At high, 6000 tokens may be used up by reasoning alone.");
    assert_eq!(message(&Context::default()).as_deref(), unmeasured);
    assert_eq!(
        message(&used(2, 100, 100)).as_deref(),
        unmeasured,
        "two runs are no figure"
    );
    let finding = find(Endpoint::Responses, &it, &used(5, 6_050, 6_100)).remove(0);
    assert_eq!(
        (finding.code.as_str(), finding.severity),
        ("cap_may_cut", Warning)
    );
    let fixed = apply_fix(&body(&it), Endpoint::Responses, &finding, knowledge().table);
    assert_eq!(fixed.body["max_output_tokens"], json!(8_000));
    let low = with(
        Endpoint::Responses,
        json!({"reasoning": {"effort": "low"}, "max_output_tokens": 6_000}),
    );
    assert_eq!(find(Endpoint::Responses, &low, &Context::default()), []);
}

#[test]
fn input_is_measured_against_window_and_price() {
    let it = with(Endpoint::Responses, json!({"max_output_tokens": 100_000}));
    let context = |input| Context {
        input_tokens: Some(input),
        long_context_over: Some(272_000),
        ..Context::default()
    };
    let codes = |input| -> Vec<String> {
        find(Endpoint::Responses, &it, &context(input))
            .into_iter()
            .map(|it| it.code)
            .collect()
    };
    assert_eq!(codes(272_000), [""; 0]);
    assert_eq!(codes(272_001), ["long_context_price"]);
    assert_eq!(codes(950_000), ["long_context_price"]);
    assert_eq!(codes(950_001), ["window_may_run_out", "long_context_price"]);
    assert_eq!(
        codes(1_050_001),
        ["input_over_window", "long_context_price"]
    );
}

#[test]
fn a_variable_without_a_value_is_named_with_its_place() {
    let it = with(
        Endpoint::Responses,
        json!({"input": "Hi {{name}}, {{name}} and {{other}}", "metadata": {"a": "{{known}}"}}),
    );
    let context = Context {
        variables: Some(BTreeMap::from([("known".to_owned(), "x".to_owned())])),
        ..Context::default()
    };
    let findings = find(Endpoint::Responses, &it, &context);
    assert_eq!(
        told(&findings),
        [("unresolved_variable", Error, "/input"); 2]
    );
    assert_eq!(findings[0].message, "The variable name has no value.");
    let fixed = apply_fix(
        &body(&it),
        Endpoint::Responses,
        &findings[0],
        knowledge().table,
    );
    assert_eq!(
        fixed.body["input"],
        json!(r"Hi \{{name}}, \{{name}} and \{{other}}")
    );
    assert_eq!(
        find(Endpoint::Responses, &it, &Context::default()),
        [],
        "without an environment nothing is judged"
    );
    let it = with(
        Endpoint::Responses,
        json!({"reasoning": {"effort": "{{effort}}"}, "model": "{{model}}"}),
    );
    assert_eq!(
        find(Endpoint::Responses, &it, &Context::default()),
        [],
        "a variable may become any value"
    );
}

#[test]
fn fix_all_leaves_what_only_a_person_can_decide() {
    let it = with(
        Endpoint::Responses,
        json!({
            "temperature": 0.2, "max_output_tokens": 8, "user": "u", "wonder": 1,
            "tools": [{"type": "file_search"}], "tool_choice": {"type": "file_search"},
        }),
    );
    let fixed = fix_all(
        &body(&it),
        Endpoint::Responses,
        knowledge(),
        &Context::default(),
    );
    assert_eq!(
        Value::Object(fixed.body),
        with(
            Endpoint::Responses,
            json!({"max_output_tokens": 16, "safety_identifier": "u", "wonder": 1})
        )
    );
    let labels: Vec<&str> = fixed.changes.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "Set it to 16",
            "Leave temperature out",
            "Take file_search out",
            "Leave tool_choice out",
            "Use safety_identifier"
        ]
    );
    assert_eq!(fixed.changes[0].before, Some(json!(8)));
}

#[test]
fn reasoning_that_nobody_keeps_is_asked_for_where_a_call_may_come() {
    let tool =
        json!([{"type": "function", "name": "f", "strict": true, "parameters": sound_schema()}]);
    let finds = |more: Value| {
        let whole = with(Endpoint::Responses, more);
        find(Endpoint::Responses, &whole, &Context::default())
    };
    let bare = json!({"tools": tool, "store": false, "include": ["file_search_call.results"]});
    let found = finds(bare.clone());
    assert_eq!(
        told(&found),
        [("reasoning_not_returned", Severity::Warning, "/include")]
    );
    let fix = found[0].fix.as_ref().expect("it has one");
    let whole = json!(["file_search_call.results", "reasoning.encrypted_content"]);
    assert_eq!(
        (fix.safe, &fix.edits[..]),
        (false, &[Edit::set("/include", whole.clone())][..])
    );

    for quiet in [
        json!({"tools": tool, "store": false, "include": whole}),
        json!({"tools": tool}),
        json!({"tools": [{"type": "web_search"}], "store": false}),
        json!({"tools": tool, "store": false, "reasoning": {"effort": "none"}}),
    ] {
        assert_eq!(told(&finds(quiet.clone())), [], "{quiet}");
    }
}
