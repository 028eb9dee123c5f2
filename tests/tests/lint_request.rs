//! What the lint mends and the translation writes, the stand-in takes: it checks bodies as the API does.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use rheostat_core::catalog::endpoint::Endpoint;
use rheostat_core::catalog::models::Catalog;
use rheostat_core::catalog::parameters::ParameterTable;
use rheostat_core::error::ErrorCode;
use rheostat_core::lint::{Context, Knowledge, Severity, fix_all, lint};
use rheostat_core::ops::compare_efforts::CompareEffortsOutput;
use rheostat_core::ops::count_tokens::CountTokensOutput;
use rheostat_core::ops::fix_request::FixRequestOutput;
use rheostat_core::ops::lint_request::LintRequestOutput;
use rheostat_core::ops::look_over_request::LookOverRequestOutput;
use rheostat_core::run::facts::RunStatus;
use rheostat_core::translate::translate;
use rheostat_mock::{Options, Speed, StandIn};
use rheostat_tests::engine::Engine;
use serde_json::{Map, Value, json};

async fn stand_in() -> StandIn {
    let options = Options {
        port: 0,
        speed: Speed::Instant,
    };
    rheostat_mock::start(options).await.unwrap()
}

/// The stand-in's status, and what it says of a refusal.
async fn send(
    stand_in: &StandIn,
    endpoint: Endpoint,
    body: &Map<String, Value>,
) -> (u16, Option<String>) {
    let url = format!("{}/{}", stand_in.base_url(), endpoint.path());
    let answer = reqwest::Client::new()
        .post(url)
        .json(body)
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let error = serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|answer| Some(answer["error"]["message"].as_str()?.to_owned()));
    (status, error)
}

fn knowledge() -> Knowledge<'static> {
    Knowledge {
        catalog: Catalog::builtin().unwrap(),
        table: ParameterTable::builtin().unwrap(),
    }
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

const RESPONSES: Endpoint = Endpoint::Responses;
const CHAT: Endpoint = Endpoint::ChatCompletions;

/// Bodies as articles of the first days wrote them (API.md 10): the endpoint, the body, what must be done
/// to it.
fn articles() -> Vec<(Endpoint, Value, Vec<&'static str>)> {
    let schema = json!({
        "type": "object",
        "properties": {"title": {"type": "string"}, "starts": {"type": "string", "format": "date-time"}},
        "required": ["title", "starts"],
    });
    let weather = json!({"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}});
    vec![
        (
            RESPONSES,
            json!({
                "model": "gpt-5.5",
                "input": "Extract the session from this transcript.",
                "reasoning": {"effort": "medium"},
                "response_format": {"type": "json_schema", "json_schema": {"name": "session", "schema": schema}},
                "temperature": 0.7,
                "seed": 42,
                "user": "user-123",
                "max_output_tokens": 1,
                "metadata": {"team": "platform"},
            }),
            vec![
                "Move it to text.format",
                "Leave seed out",
                "Set it to 16",
                "Leave temperature out",
                "Use safety_identifier",
            ],
        ),
        (
            RESPONSES,
            json!({
                "model": "gpt-5.5",
                "input": [{"role": "user", "content": "Find it in our files."}],
                "reasoning": {"effort": "low"},
                "tools": [{"type": "web_search"}, {"type": "file_search"}, {"type": "code_interpreter"}, {"type": "computer_use"}],
                "tool_choice": {"type": "file_search"},
            }),
            vec![
                "Take file_search out",
                "Set container to {\"type\":\"auto\"}",
                "Call it computer",
                "Leave tool_choice out",
            ],
        ),
        (
            CHAT,
            json!({
                "model": "gpt-5.5-pro",
                "messages": [{"role": "system", "content": "Think hard."}, {"role": "user", "content": "Prove it."}],
                "reasoning_effort": "low",
                "seed": 7,
            }),
            vec!["Switch to Responses", "Use medium"],
        ),
        (
            CHAT,
            json!({
                "model": "gpt-5.5",
                "messages": [{"role": "user", "content": "Weather in Rome?"}],
                "tools": [weather],
                "reasoning_effort": "high",
                "temperature": 0.3,
                "max_tokens": 30_000,
            }),
            vec!["Switch to Responses", "Leave temperature out"],
        ),
        (
            RESPONSES,
            json!({
                "model": "gpt-5.5",
                "messages": [{"role": "user", "content": "Hello"}],
                "reasoning_effort": "none",
                "max_tokens": 200_000,
                "top_p": 0.9,
            }),
            vec![
                "Move it to input",
                "Move it to reasoning.effort",
                "Move it to max_output_tokens",
                "Set it to 128000",
            ],
        ),
    ]
}

#[tokio::test]
async fn the_bodies_of_articles_are_refused_and_taken_once_mended() {
    let stand_in = stand_in().await;
    for (endpoint, body, expected) in articles() {
        let body = map(body);
        let context = Context::default();
        let (status, _) = send(&stand_in, endpoint, &body).await;
        assert!(
            (400..500).contains(&status),
            "as it stands it is refused: {status} {body:?}"
        );
        assert!(
            lint(&body, endpoint, knowledge(), &context)
                .iter()
                .any(|it| it.severity == Severity::Error),
            "and that is said before: {body:?}"
        );
        let fixed = fix_all(&body, endpoint, knowledge(), &context);
        let done: Vec<_> = fixed.changes.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(done, expected, "{body:?}");
        let left = lint(&fixed.body, fixed.endpoint, knowledge(), &context);
        assert!(
            left.iter().all(|it| it.severity == Severity::Warning),
            "{left:#?}"
        );
        let answer = send(&stand_in, fixed.endpoint, &fixed.body).await;
        assert_eq!(answer, (200, None), "mended: {:?}", fixed.body);
    }
}

#[tokio::test]
async fn what_the_lint_calls_an_error_the_stand_in_refuses() {
    let stand_in = stand_in().await;
    let cases = [
        (RESPONSES, json!({"stop": "."})),
        (RESPONSES, json!({"n": 1})),
        (RESPONSES, json!({"max_output_tokens": 15})),
        (RESPONSES, json!({"max_output_tokens": 128_001})),
        (RESPONSES, json!({"reasoning": {"effort": "max"}})),
        (RESPONSES, json!({"temperature": 0})),
        (RESPONSES, json!({"top_p": 0.5})),
        (RESPONSES, json!({"prompt_cache_retention": "in_memory"})),
        (
            RESPONSES,
            json!({"stream_options": {"include_obfuscation": true}}),
        ),
        (RESPONSES, json!({"metadata": {"a": "x".repeat(513)}})),
        (RESPONSES, json!({"text": {"verbosity": "loud"}})),
        (
            RESPONSES,
            json!({"text": {"format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}}}),
        ),
        (RESPONSES, json!({"tools": [{"type": "code_interpreter"}]})),
        (
            RESPONSES,
            json!({"tools": [{"type": "function", "name": "a b"}]}),
        ),
        (
            RESPONSES,
            json!({"tools": [{"type": "function", "function": {"name": "a"}}]}),
        ),
        (
            RESPONSES,
            json!({"input": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}),
        ),
        (
            RESPONSES,
            json!({"input": [{"role": "tool", "tool_call_id": "a", "content": "1"}]}),
        ),
        (CHAT, json!({"max_tokens": 100})),
        (CHAT, json!({"temperature": 0})),
        (CHAT, json!({"top_p": 0.5})),
        (CHAT, json!({"input": "Hi"})),
        (CHAT, json!({"reasoning": {"effort": "low"}})),
        (CHAT, json!({"tools": [{"type": "web_search"}]})),
        (CHAT, json!({"tools": [{"type": "function", "name": "a"}]})),
        (CHAT, json!({"tool_choice": "auto"})),
        (CHAT, json!({"messages": []})),
        (CHAT, json!({"model": "gpt-5.5-pro"})),
    ];
    for (endpoint, more) in cases {
        let mut body = map(json!({"model": "gpt-5.5"}));
        let input = match endpoint {
            Endpoint::Responses => ("input", json!("Hi")),
            Endpoint::ChatCompletions => ("messages", json!([{"role": "user", "content": "Hi"}])),
        };
        body.insert(input.0.into(), input.1);
        body.extend(map(more.clone()));
        let findings = lint(&body, endpoint, knowledge(), &Context::default());
        assert!(
            findings.iter().any(|it| it.severity == Severity::Error),
            "{endpoint:?} {more}: {findings:?}"
        );
        let (status, said) = send(&stand_in, endpoint, &body).await;
        assert!(
            (400..500).contains(&status),
            "{endpoint:?} {more}: {status} {said:?}"
        );
    }
}

#[tokio::test]
async fn a_translated_request_is_taken_by_the_other_endpoint() {
    let stand_in = stand_in().await;
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false});
    let responses = map(json!({
        "model": "gpt-5.5",
        "instructions": "Be brief.",
        "reasoning": {"effort": "low"},
        "text": {"verbosity": "low", "format": {"type": "json_schema", "name": "a", "strict": true, "schema": schema}},
        "max_output_tokens": 4000,
        "store": false,
        "input": [
            {"role": "developer", "content": "Answer in JSON."},
            {"role": "user", "content": [{"type": "input_text", "text": "Hi"}, {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="}]},
            {"role": "assistant", "content": [{"type": "output_text", "text": "So."}]},
            {"role": "user", "content": "Go on"},
        ],
    }));
    let tools = map(json!({
        "model": "gpt-5.5",
        "messages": [
            {"role": "user", "content": "Weather?"},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "21"},
        ],
        "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}],
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
        "verbosity": "high",
    }));
    for (body, from) in [(responses, RESPONSES), (tools, CHAT)] {
        assert_eq!(send(&stand_in, from, &body).await, (200, None), "{body:?}");
        let there = translate(&body, from, knowledge().table);
        assert_eq!(there.lost, []);
        let to = from.other();
        assert_eq!(
            send(&stand_in, to, &there.body).await,
            (200, None),
            "{:?}",
            there.body
        );
    }
}

#[tokio::test]
async fn a_face_looks_a_request_over_and_mends_it() {
    let stand_in = stand_in().await;
    let engine = Engine::open(&stand_in.base_url()).unwrap();
    let request = json!({
        "endpoint": "responses",
        "body": {"model": "gpt-5.5", "input": "Hi {{name}}", "temperature": 0.5},
        "variables": {},
        "inputTokens": 300_000,
    });
    let (looked, _) = engine
        .call::<LintRequestOutput>("lint_request", &request)
        .await
        .unwrap();
    let codes: Vec<_> = looked.findings.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "sampling_rejected",
            "unresolved_variable",
            "long_context_price"
        ]
    );
    let (mended, _) = engine
        .call::<FixRequestOutput>("fix_request", json!({"request": request}))
        .await
        .unwrap();
    assert_eq!(
        Value::Object(mended.body),
        json!({"model": "gpt-5.5", "input": "Hi {{name}}"})
    );
    assert_eq!(mended.changes.len(), 1);
    assert_eq!(mended.findings.len(), 2);
    let only = json!({"code": "unresolved_variable", "pointer": "/input"});
    let (mended, _) = engine
        .call::<FixRequestOutput>("fix_request", json!({"request": request, "only": only}))
        .await
        .unwrap();
    assert_eq!(mended.body["input"], json!(r"Hi \{{name}}"));
    let gone = json!({"code": "moved", "pointer": "/input"});
    let error = engine
        .call::<FixRequestOutput>("fix_request", json!({"request": request, "only": gone}))
        .await
        .unwrap_err();
    assert_eq!(error.place.as_deref(), Some("/input"));
}

#[tokio::test]
async fn a_comparison_goes_without_what_only_some_levels_take() {
    let engine = Engine::open_own().await.unwrap();
    let request = json!({"id": rheostat_core::ids::new(), "name": "Warm", "endpoint": "responses",
        "body": {"model": "gpt-5.5", "input": "Hi", "temperature": 0.5}});
    let statuses = async |left_out: Value| -> Vec<RunStatus> {
        let grid = json!({"ticket": "t", "request": request, "efforts": ["none", "low"], "repeats": 1, "leftOut": left_out});
        let (done, _) = engine
            .call::<CompareEffortsOutput>("compare_efforts", grid)
            .await
            .unwrap();
        done.runs.iter().map(|run| run.facts.status).collect()
    };
    assert_eq!(
        statuses(json!({})).await,
        [RunStatus::Completed, RunStatus::Failed],
        "it is sent as it stands"
    );
    assert_eq!(
        statuses(json!({"low": ["/temperature"]})).await,
        [RunStatus::Completed, RunStatus::Completed]
    );
}

#[tokio::test]
async fn what_a_folder_hands_down_is_looked_over_and_left_as_it_is() {
    let folder =
        "defaults:\n  model: gpt-5.4\n  effort: high\n  tools:\n  - type: code_interpreter\n";
    let id = "0199b3c0-0000-7000-8000-00000000f01d";
    let file = format!("id: {id}\nname: Warm\nbody:\n  input: Hi\n  temperature: 0.2\n");
    let engine = rheostat_tests::environments::engine(&[
        ("deep/folder.yaml", folder),
        ("deep/warm.yaml", &file),
    ])
    .await;
    engine
        .call::<Value>("read_request", json!({"path": "deep/warm.yaml"}))
        .await
        .unwrap();
    let request = |body: Value| json!({"endpoint": "responses", "body": body, "requestId": id});
    let body = json!({"input": "Hi", "temperature": 0.2});
    let (looked, _) = engine
        .call::<LintRequestOutput>("lint_request", request(body.clone()))
        .await
        .unwrap();
    let told: Vec<_> = looked
        .findings
        .iter()
        .map(|it| {
            let from: Vec<_> = it
                .inherited
                .iter()
                .map(|from| from.folder.as_str())
                .collect();
            (it.code.as_str(), from)
        })
        .collect();
    // gpt-5.4 does not reason by itself: the effort is what refuses the temperature.
    assert_eq!(
        told,
        [
            ("sampling_rejected", vec!["deep"]),
            ("missing_field", vec!["deep"])
        ],
        "{:#?}",
        looked.findings
    );
    // Each by itself, then all of it.
    let only = json!({"code": "missing_field", "pointer": looked.findings[1].pointer});
    let input = json!({"request": request(body.clone()), "only": only});
    let (mended, _) = engine
        .call::<FixRequestOutput>("fix_request", input)
        .await
        .unwrap();
    let tools = json!([{"type": "code_interpreter", "container": {"type": "auto"}}]);
    assert_eq!(
        Value::Object(mended.body),
        json!({"input": "Hi", "temperature": 0.2, "tools": tools})
    );
    let (mended, _) = engine
        .call::<FixRequestOutput>("fix_request", json!({"request": request(body)}))
        .await
        .unwrap();
    assert_eq!(mended.findings, []);
    assert_eq!(
        Value::Object(mended.body.clone()),
        json!({"input": "Hi", "tools": tools}),
        "model and effort are still the folder's"
    );
    let there = engine.folder.path().join("workspace/deep/folder.yaml");
    assert_eq!(std::fs::read_to_string(there).unwrap(), folder);
    // And so it is taken, with what the folder says.
    let send = json!({"ticket": "t", "request": {"id": id, "name": "Warm", "endpoint": "responses", "body": mended.body}});
    let (sent, _) = engine
        .call::<rheostat_core::ops::send::SendOutput>("send", send)
        .await
        .unwrap();
    assert_eq!(
        sent.run.facts.status,
        RunStatus::Completed,
        "{:?}",
        sent.run.facts.fault
    );
    assert_eq!(sent.run.facts.effort_sent.as_deref(), Some("high"));
}

#[tokio::test]
async fn one_look_says_what_its_parts_say_each_by_itself() {
    let engine = Engine::open_own().await.unwrap();
    let body = json!({
        "model": "gpt-5.5", "reasoning": {"effort": "high"}, "temperature": 0.2,
        "input": "Ask {{who}} and {{who}} again, and then {{what}}.",
    });
    let request = json!({
        "id": "0199b3c0-0000-7000-8000-00000000aaaa", "name": "Look", "endpoint": "responses", "body": body,
    });
    let (seen, _) = engine
        .call::<LookOverRequestOutput>("look_over_request", json!({"request": request}))
        .await
        .unwrap();
    let question = json!({
        "endpoint": "responses", "body": body, "requestId": request["id"], "variables": {},
    });
    let (linted, _) = engine
        .call::<LintRequestOutput>("lint_request", question)
        .await
        .unwrap();
    assert!(linted.findings.len() >= 2, "{:?}", linted.findings);
    assert_eq!(seen.findings, linted.findings);
    assert_eq!(
        (seen.problem, seen.unresolved),
        (None, vec!["who".to_owned(), "what".to_owned()])
    );
    let counting = json!({"request": request, "exact": false});
    let (counted, _) = engine
        .call::<CountTokensOutput>("count_tokens", counting)
        .await
        .unwrap();
    assert_eq!(seen.tokens, Some(counted));
    // A variable without a value keeps the forecast from being made, and nothing else.
    assert_eq!(seen.forecast, None);
    let problem = seen.forecast_problem.unwrap();
    assert_eq!(problem.code, ErrorCode::VariableMissing);
    let mut whole = request.clone();
    whole["variables"] = json!({"who": "Ann", "what": "wait"});
    let (seen, _) = engine
        .call::<LookOverRequestOutput>("look_over_request", json!({"request": whole}))
        .await
        .unwrap();
    assert_eq!((seen.unresolved.len(), seen.forecast_problem), (0, None));
    assert!(seen.forecast.unwrap().worst_cost.unwrap() > 0);
}
