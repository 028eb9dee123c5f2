//! Chat Completions: whole, streamed, with tools, and refused.

use serde_json::{Value, json};

use crate::talk::{call, fault, instant, raw};

async fn ask(body: &Value) -> (u16, Value) {
    let stand_in = instant().await;
    call(&stand_in, "POST", "/chat/completions", Some(body)).await
}

fn hello() -> Value {
    json!({"model": "gpt-5.5", "messages": [{"role": "user", "content": "hi"}]})
}

fn with(key: &str, value: Value) -> Value {
    let mut body = hello();
    body[key] = value;
    body
}

fn weather() -> Value {
    json!([{
        "type": "function",
        "function": {
            "name": "get_weather",
            "strict": true,
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
                "additionalProperties": false,
            },
        },
    }])
}

/// The chunks of a stream, without the random padding; the last line is checked here.
async fn chunks(body: &Value) -> Vec<Value> {
    let stand_in = instant().await;
    let response = raw(&stand_in, "POST", "/chat/completions", Some(body)).await;
    assert_eq!(
        response.headers()["content-type"],
        "text/event-stream; charset=utf-8"
    );
    let text = response.text().await.unwrap();
    let mut frames: Vec<&str> = text.split_terminator("\n\n").collect();
    assert_eq!(frames.pop(), Some("data: [DONE]"));
    frames
        .iter()
        .map(|frame| {
            let mut chunk: Value =
                serde_json::from_str(frame.strip_prefix("data: ").unwrap()).unwrap();
            let padding = chunk.as_object_mut().unwrap().remove("obfuscation");
            assert!(padding.unwrap().is_string());
            chunk
        })
        .collect()
}

#[tokio::test]
async fn a_completion_has_every_field() {
    let (status, got) = ask(&with("reasoning_effort", json!("low"))).await;
    let text = got["choices"][0]["message"]["content"].as_str().unwrap();
    let visible = text.chars().count().div_ceil(4) as u64;
    let reasoning = got["usage"]["completion_tokens_details"]["reasoning_tokens"].as_u64();
    let reasoning = reasoning.unwrap();
    assert!((96..=256).contains(&reasoning), "as the level has it");
    let expected = json!({
        "id": got["id"],
        "object": "chat.completion",
        "created": got["created"],
        "model": "gpt-5.5-2026-04-23",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": text, "refusal": null, "annotations": []},
            "logprobs": null,
            "finish_reason": "stop",
        }],
        "usage": {
            "prompt_tokens": 8,
            "completion_tokens": reasoning + visible,
            "total_tokens": 8 + reasoning + visible,
            "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": reasoning,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": null,
    });
    assert_eq!((status, got.clone()), (200, expected));
    assert!(got["id"].as_str().unwrap().starts_with("chatcmpl-"));
}

#[tokio::test]
async fn chunks_join_to_the_completion() {
    let (_, whole) = ask(&hello()).await;
    let mut body = with("stream", json!(true));
    body["stream_options"] = json!({"include_usage": true});
    let chunks = chunks(&body).await;
    let chunk = |choices: Value, usage: Value| {
        json!({
            "id": whole["id"],
            "object": "chat.completion.chunk",
            "created": chunks[0]["created"],
            "model": whole["model"],
            "service_tier": "default",
            "system_fingerprint": null,
            "choices": choices,
            "usage": usage,
        })
    };
    let choice = |delta: Value, finish: Value| json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]);
    let opening = json!({"role": "assistant", "content": "", "refusal": null});
    let [first, pieces @ .., finish, usage] = chunks.as_slice() else {
        panic!("too few chunks");
    };
    assert_eq!(*first, chunk(choice(opening, Value::Null), Value::Null));
    assert_eq!(
        *finish,
        chunk(choice(json!({}), json!("stop")), Value::Null)
    );
    assert_eq!(*usage, chunk(json!([]), whole["usage"].clone()));
    let text: String = pieces
        .iter()
        .map(|piece| piece["choices"][0]["delta"]["content"].as_str().unwrap())
        .collect();
    assert_eq!(json!(text), whole["choices"][0]["message"]["content"]);
}

#[tokio::test]
async fn a_function_is_called_and_its_result_answered() {
    let mut body = with("tools", weather());
    let (_, whole) = ask(&body).await;
    let message = whole["choices"][0]["message"].clone();
    let made = &message["tool_calls"][0];
    let arguments = made["function"]["arguments"].as_str().unwrap();
    let city: Value = serde_json::from_str(arguments).unwrap();
    assert!(city["city"].is_string());
    let expected = json!({
        "role": "assistant",
        "content": null,
        "tool_calls": [{
            "id": made["id"],
            "type": "function",
            "function": {"name": "get_weather", "arguments": arguments},
        }],
        "refusal": null,
        "annotations": [],
    });
    assert_eq!(message, expected);
    assert_eq!(whole["choices"][0]["finish_reason"], "tool_calls");

    body["stream"] = json!(true);
    let chunks = chunks(&body).await;
    let deltas: Vec<&Value> = chunks
        .iter()
        .map(|chunk| &chunk["choices"][0]["delta"])
        .collect();
    assert_eq!(*deltas[0], json!({"role": "assistant", "content": null}));
    assert_eq!(
        *deltas[1],
        json!({"tool_calls": [{
            "index": 0,
            "id": made["id"],
            "type": "function",
            "function": {"name": "get_weather", "arguments": ""},
        }]})
    );
    let joined: String = deltas[2..deltas.len() - 1]
        .iter()
        .map(|delta| {
            delta["tool_calls"][0]["function"]["arguments"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert_eq!(joined, arguments);
    assert!(chunks[0].get("usage").is_none(), "usage was not asked for");

    body["stream"] = json!(false);
    let answer = json!({"role": "tool", "tool_call_id": made["id"], "content": "sunny"});
    body["messages"] = json!([{"role": "user", "content": "hi"}, message, answer]);
    let (status, answered) = ask(&body).await;
    assert_eq!(
        (status, &answered["choices"][0]["finish_reason"]),
        (200, &json!("stop"))
    );
}

#[tokio::test]
async fn a_format_is_obeyed_and_a_limit_kept() {
    let schema = json!({
        "type": "object",
        "properties": {"age": {"type": "integer"}},
        "required": ["age"],
        "additionalProperties": false,
    });
    let format = json!({"type": "json_schema", "json_schema": {"name": "person", "strict": true, "schema": schema}});
    let (_, whole) = ask(&with("response_format", format)).await;
    let text = whole["choices"][0]["message"]["content"].as_str().unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    assert!(value["age"].is_i64());

    let (_, cut) = ask(&with("max_completion_tokens", json!(20))).await;
    assert_eq!(
        (
            &cut["choices"][0]["message"]["content"],
            &cut["choices"][0]["finish_reason"]
        ),
        (&json!(""), &json!("length")),
        "reasoning alone used the limit up"
    );

    let (_, three) = ask(&with("n", json!(3))).await;
    let choices = three["choices"].as_array().unwrap();
    let indexes: Vec<&Value> = choices.iter().map(|choice| &choice["index"]).collect();
    assert_eq!(indexes, [0, 1, 2]);
    assert_ne!(choices[0]["message"], choices[1]["message"]);
}

#[tokio::test]
async fn refusals_come_in_the_apis_words() {
    let loose = json!({"type": "object", "properties": {}});
    let format = json!({"type": "json_schema", "json_schema": {"name": "x", "strict": true, "schema": loose}});
    let called = json!([
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
        {"role": "user", "content": "well?"},
    ]);
    let cases = [
        (
            "max_tokens",
            json!(100),
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            json!("max_tokens"),
            json!("unsupported_parameter"),
        ),
        (
            "temperature",
            json!(0.7),
            "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported.",
            json!("temperature"),
            json!("unsupported_value"),
        ),
        (
            "top_p",
            json!(0.5),
            "Unsupported parameter: 'top_p' is not supported with this model.",
            json!("top_p"),
            json!("unsupported_parameter"),
        ),
        (
            "reasoning_effort",
            json!("minimal"),
            "Unsupported value: 'minimal' is not supported with the 'gpt-5.5' model. Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'.",
            json!("reasoning_effort"),
            json!("unsupported_value"),
        ),
        (
            "reasoning",
            json!({}),
            "Unknown parameter: 'reasoning'.",
            json!("reasoning"),
            json!("unknown_parameter"),
        ),
        (
            "messages",
            json!([]),
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            json!("messages"),
            json!("empty_array"),
        ),
        (
            "messages",
            json!([{"role": "robot", "content": "hi"}]),
            "Invalid value: 'robot'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.",
            json!("messages[0].role"),
            json!("invalid_value"),
        ),
        (
            "messages",
            json!([{"role": "tool", "tool_call_id": "call_1", "content": "x"}]),
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
            json!("messages.[0].role"),
            Value::Null,
        ),
        (
            "messages",
            called,
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
            json!("messages.[2].role"),
            Value::Null,
        ),
        (
            "response_format",
            json!({"type": "json_object"}),
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
            json!("messages"),
            Value::Null,
        ),
        (
            "response_format",
            format,
            "Invalid schema for response_format 'x': In context=(), 'additionalProperties' is required to be supplied and to be false.",
            json!("response_format"),
            json!("invalid_json_schema"),
        ),
        (
            "stream_options",
            json!({"include_usage": true}),
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            json!("stream_options"),
            Value::Null,
        ),
        (
            "tool_choice",
            json!("auto"),
            "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
            json!("tool_choice"),
            Value::Null,
        ),
        (
            "tools",
            json!([{"type": "function", "name": "flat"}]),
            "Missing required parameter: 'tools[0].function'.",
            json!("tools[0].function"),
            json!("missing_required_parameter"),
        ),
    ];
    for (key, value, message, param, code) in cases {
        assert_eq!(
            ask(&with(key, value)).await,
            (400, fault(message, param, code)),
            "{key}"
        );
    }

    let mut both = with("tools", weather());
    both["reasoning_effort"] = json!("high");
    let message = "Function tools with reasoning_effort are not supported for gpt-5.5 in /v1/chat/completions. Please \
        use /v1/responses instead.";
    assert_eq!(
        ask(&both).await,
        (400, fault(message, json!("reasoning_effort"), Value::Null))
    );
    both["reasoning_effort"] = json!("none");
    assert_eq!(
        ask(&both).await.0,
        200,
        "without reasoning they go together"
    );

    let message = "This model is only supported in v1/responses and not in v1/chat/completions.";
    assert_eq!(
        ask(&with("model", json!("gpt-5.5-pro"))).await,
        (404, fault(message, json!("model"), Value::Null))
    );
    assert_eq!(
        ask(&with("model", json!("gpt-none"))).await,
        (
            404,
            fault(
                "The model 'gpt-none' does not exist",
                json!("model"),
                json!("model_not_found")
            )
        )
    );
}
