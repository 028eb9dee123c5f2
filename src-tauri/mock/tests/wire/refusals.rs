//! Every refusal in the API's own words.

use serde_json::{Value, json};

use crate::talk::{instant, post};

fn fault(message: &str, param: Value, code: Value) -> Value {
    json!({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}})
}

#[tokio::test]
async fn bad_parameters_get_the_apis_words() {
    let stand_in = instant().await;
    let moved = |old: &str, new: &str| {
        format!(
            "Unsupported parameter: '{old}'. In the Responses API, this parameter has moved to '{new}'. Try again \
             with the new parameter. See the API documentation for more information: \
             https://platform.openai.com/docs/api-reference/responses/create."
        )
    };
    let object = |extra: Value| {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        schema
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        json!({"format": {"type": "json_schema", "name": "x", "strict": true, "schema": schema}})
    };
    let efforts = "'none', 'low', 'medium', 'high', and 'xhigh'";
    let cases = [
        ("seed", json!(7), "Unknown parameter: 'seed'.".to_owned(), json!("seed"), json!("unknown_parameter")),
        (
            "response_format",
            json!({"type": "json_object"}),
            moved("response_format", "text.format"),
            json!("response_format"),
            json!("unsupported_parameter"),
        ),
        (
            "max_tokens",
            json!(100),
            moved("max_tokens", "max_output_tokens"),
            json!("max_tokens"),
            json!("unsupported_parameter"),
        ),
        (
            "reasoning_effort",
            json!("low"),
            moved("reasoning_effort", "reasoning.effort"),
            json!("reasoning_effort"),
            json!("unsupported_parameter"),
        ),
        ("messages", json!([]), moved("messages", "input"), Value::Null, json!("unsupported_parameter")),
        (
            "reasoning",
            json!({"effort": "minimal"}),
            format!(
                "Unsupported value: 'minimal' is not supported with the 'gpt-5.5' model. Supported values are: {efforts}."
            ),
            json!("reasoning.effort"),
            json!("unsupported_value"),
        ),
        (
            "reasoning",
            json!({"effort": "maximum"}),
            "Invalid value: 'maximum'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', \
             and 'max'."
                .to_owned(),
            json!("reasoning.effort"),
            json!("invalid_value"),
        ),
        (
            "reasoning",
            json!({"budget": 1}),
            "Unknown parameter: 'reasoning.budget'.".to_owned(),
            json!("reasoning.budget"),
            json!("unknown_parameter"),
        ),
        (
            "max_output_tokens",
            json!(8),
            "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 8 instead."
                .to_owned(),
            json!("max_output_tokens"),
            json!("integer_below_min_value"),
        ),
        (
            "max_output_tokens",
            json!(128_001),
            "Invalid 'max_output_tokens': integer above maximum value. Expected a value <= 128000, but got 128001 \
             instead."
                .to_owned(),
            json!("max_output_tokens"),
            json!("integer_above_max_value"),
        ),
        (
            "max_output_tokens",
            json!("4000"),
            "Invalid type for 'max_output_tokens': expected an integer, but got a string instead.".to_owned(),
            json!("max_output_tokens"),
            json!("invalid_type"),
        ),
        (
            "temperature",
            json!(0.7),
            "Unsupported parameter: 'temperature' is not supported with this model.".to_owned(),
            json!("temperature"),
            Value::Null,
        ),
        (
            "temperature",
            json!(2.5),
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.".to_owned(),
            json!("temperature"),
            json!("decimal_above_max_value"),
        ),
        (
            "top_p",
            json!(0.9),
            "Unsupported parameter: 'top_p' is not supported with this model.".to_owned(),
            json!("top_p"),
            Value::Null,
        ),
        (
            "text",
            object(json!({"required": ["a"]})),
            "Invalid schema for response_format 'x': In context=(), 'additionalProperties' is required to be \
             supplied and to be false."
                .to_owned(),
            json!("text.format.schema"),
            json!("invalid_json_schema"),
        ),
        (
            "text",
            object(json!({"additionalProperties": false})),
            "Invalid schema for response_format 'x': In context=(), 'required' is required to be supplied and to be \
             an array including every key in properties. Missing 'a'."
                .to_owned(),
            json!("text.format.schema"),
            json!("invalid_json_schema"),
        ),
        (
            "text",
            object(json!({
                "additionalProperties": false,
                "required": ["a"],
                "properties": {"a": {"type": "string", "format": "uri"}},
            })),
            "Invalid schema for response_format 'x': In context=('properties', 'a'), 'uri' is not a valid format."
                .to_owned(),
            json!("text.format.schema"),
            json!("invalid_json_schema"),
        ),
        (
            "text",
            object(json!({
                "additionalProperties": false,
                "required": ["a"],
                "properties": {"a": {"oneOf": [{"type": "string"}]}},
            })),
            "Invalid schema for response_format 'x': In context=('properties', 'a'), 'oneOf' is not permitted."
                .to_owned(),
            json!("text.format.schema"),
            json!("invalid_json_schema"),
        ),
        (
            "tools",
            json!([{"type": "function", "function": {"name": "f"}}]),
            "Missing required parameter: 'tools[0].name'.".to_owned(),
            json!("tools[0].name"),
            json!("missing_required_parameter"),
        ),
        (
            "tools",
            json!([{"type": "file_search"}]),
            "Missing required parameter: 'tools[0].vector_store_ids'.".to_owned(),
            json!("tools[0].vector_store_ids"),
            json!("missing_required_parameter"),
        ),
        (
            "tools",
            json!([{"type": "function", "name": "f", "strict": true, "parameters": {"type": "object", "properties": {}}}]),
            "Invalid schema for function 'f': In context=(), 'additionalProperties' is required to be supplied and to \
             be false."
                .to_owned(),
            json!("tools[0].parameters"),
            json!("invalid_function_parameters"),
        ),
        (
            "tool_choice",
            json!({"type": "function", "name": "gone"}),
            "Tool choice 'gone' not found in 'tools' parameter.".to_owned(),
            json!("tool_choice"),
            Value::Null,
        ),
        (
            "input",
            json!([{"role": "user", "content": [{"type": "text", "text": "hi"}]}]),
            "Invalid value: 'text'. Supported values are: 'input_text', 'input_image', and 'input_file'.".to_owned(),
            json!("input[0].content[0]"),
            json!("invalid_value"),
        ),
        (
            "input",
            json!([{"role": "robot", "content": "hi"}]),
            "Invalid value: 'robot'. Supported values are: 'assistant', 'system', 'developer', and 'user'.".to_owned(),
            json!("input[0]"),
            json!("invalid_value"),
        ),
        (
            "input",
            Value::Null,
            "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided.".to_owned(),
            json!("input"),
            json!("missing_required_parameter"),
        ),
        (
            "truncation",
            json!("middle"),
            "Invalid value: 'middle'. Supported values are: 'auto' and 'disabled'.".to_owned(),
            json!("truncation"),
            json!("invalid_value"),
        ),
        (
            "metadata",
            json!({"k": 1}),
            "Invalid type for 'metadata.k': expected a string, but got an integer instead.".to_owned(),
            json!("metadata.k"),
            json!("invalid_type"),
        ),
        (
            "previous_response_id",
            json!("resp_gone"),
            "Previous response with id 'resp_gone' not found.".to_owned(),
            json!("previous_response_id"),
            json!("previous_response_not_found"),
        ),
    ];
    for (name, value, message, param, code) in cases {
        let mut body = json!({"model": "gpt-5.5", "input": "hi"});
        body[name] = value.clone();
        assert_eq!(
            post(&stand_in, &body).await,
            (400, fault(&message, param, code)),
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn sampling_is_open_without_reasoning() {
    let stand_in = instant().await;
    let (status, body) = post(
        &stand_in,
        &json!({
            "model": "gpt-5.5",
            "input": "hi",
            "reasoning": {"effort": "none"},
            "temperature": 0.7,
            "top_p": 0.5,
        }),
    )
    .await;
    assert_eq!(
        (status, &body["temperature"], &body["top_p"]),
        (200, &json!(0.7), &json!(0.5))
    );
}

#[tokio::test]
async fn the_pro_model_takes_no_low_effort() {
    let stand_in = instant().await;
    let body = json!({"model": "gpt-5.5-pro", "input": "hi", "reasoning": {"effort": "low"}});
    let message = "Unsupported value: 'low' is not supported with the 'gpt-5.5-pro' model. Supported values are: \
        'medium', 'high', and 'xhigh'.";
    let expected = fault(
        message,
        json!("reasoning.effort"),
        json!("unsupported_value"),
    );
    assert_eq!(post(&stand_in, &body).await, (400, expected));
}

#[tokio::test]
async fn an_unknown_model_is_not_found() {
    let stand_in = instant().await;
    let expected = fault(
        "The model 'gpt-5.5-mini' does not exist",
        json!("model"),
        json!("model_not_found"),
    );
    let body = json!({"model": "gpt-5.5-mini", "input": "hi"});
    assert_eq!(post(&stand_in, &body).await, (404, expected.clone()));
    let got = reqwest::get(format!("{}/models/gpt-5.5-mini", stand_in.base_url()))
        .await
        .unwrap();
    assert_eq!(
        (got.status().as_u16(), got.json::<Value>().await.unwrap()),
        (404, expected)
    );
}

#[tokio::test]
async fn no_model_and_no_json_are_refused() {
    let stand_in = instant().await;
    let missing = fault(
        "Missing required parameter: 'model'.",
        json!("model"),
        json!("missing_required_parameter"),
    );
    assert_eq!(
        post(&stand_in, &json!({"input": "hi"})).await,
        (400, missing)
    );
    let url = format!("{}/responses", stand_in.base_url());
    for broken in ["", "{", "[]", "null", "{\"model\": \"gpt-5.5\",}"] {
        let got = reqwest::Client::new()
            .post(&url)
            .body(broken)
            .send()
            .await
            .unwrap();
        let status = got.status().as_u16();
        let body: Value = got.json().await.unwrap();
        let message = body["error"]["message"].as_str().unwrap().to_owned();
        assert!(
            message.starts_with("We could not parse the JSON body of your request."),
            "{broken}: {message}"
        );
        assert_eq!(
            (status, body),
            (400, fault(&message, Value::Null, Value::Null))
        );
    }
}

#[tokio::test]
async fn other_places_are_not_found() {
    let stand_in = instant().await;
    let base = stand_in.base_url();
    let cases = [
        (
            "/completions",
            404,
            "Invalid URL (GET /v1/completions)",
            Value::Null,
        ),
        (
            "/responses",
            405,
            "Not allowed to GET on /v1/responses.",
            json!("method_not_supported"),
        ),
    ];
    for (path, status, message, code) in cases {
        let got = reqwest::get(format!("{base}{path}")).await.unwrap();
        let headers = got.headers().clone();
        assert_eq!(got.status(), status);
        assert_eq!(headers["x-rheostat-sample"], "composed");
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(
            got.json::<Value>().await.unwrap(),
            fault(message, Value::Null, code)
        );
    }
}

#[tokio::test]
async fn two_kinds_of_key_are_refused_and_masked() {
    let stand_in = instant().await;
    let url = format!("{}/responses", stand_in.base_url());
    let body = json!({"model": "gpt-5.5", "input": "hi"});
    let ask = |key: &str| {
        reqwest::Client::new()
            .post(&url)
            .bearer_auth(key)
            .json(&body)
            .send()
    };
    for (key, masked) in [
        ("sk-invalid-0123456789abcd", "sk-inval*************abcd"),
        ("sk-wrong-0123456789abcd", "sk-wrong***********abcd"),
    ] {
        let got = ask(key).await.unwrap();
        let message = format!(
            "Incorrect API key provided: {masked}. You can find your API key at \
             https://platform.openai.com/account/api-keys."
        );
        assert_eq!(got.status(), 401);
        assert_eq!(
            got.json::<Value>().await.unwrap(),
            fault(&message, Value::Null, json!("invalid_api_key"))
        );
    }
    assert_eq!(
        ask("sk-anything-else").await.unwrap().status(),
        200,
        "any other key will do"
    );
}

#[tokio::test]
async fn an_input_beyond_the_window_is_refused_or_fails_the_stream() {
    let stand_in = instant().await;
    let message = "Your input exceeds the context window of this model. Please adjust your input and try again.";
    let long = "word ".repeat(330_000);
    let whole = json!({"model": "gpt-5.4-mini", "input": long});
    let expected = fault(message, json!("input"), json!("context_length_exceeded"));
    assert_eq!(post(&stand_in, &whole).await, (400, expected));
    let events = crate::talk::events(
        &stand_in,
        &json!({"model": "gpt-5.4-mini", "input": long, "stream": true}),
    )
    .await;
    assert_eq!(
        crate::talk::kinds(&events),
        [
            "response.created",
            "response.in_progress",
            "error",
            "response.failed"
        ]
    );
    assert_eq!(
        (
            &events[3]["response"]["status"],
            &events[3]["response"]["error"]
        ),
        (
            &json!("failed"),
            &json!({"code": "context_length_exceeded", "message": message})
        )
    );
}
