//! Responses that are kept: background runs, resumed streams, chains of turns, and their items.

use serde_json::{Value, json};

use crate::talk::{at_speed, call, fault, instant, kinds, normalised, parse, post, raw};

fn background(stream: bool) -> Value {
    json!({"model": "gpt-5.5", "input": "hi", "background": true, "stream": stream, "reasoning": {"effort": "none"}})
}

#[tokio::test]
async fn a_background_response_is_queued_and_then_done() {
    let stand_in = instant().await;
    let (status, queued) = post(&stand_in, &background(false)).await;
    assert_eq!(status, 200);
    let path = format!("/responses/{}", queued["id"].as_str().unwrap());
    let (_, done) = call(&stand_in, "GET", &path, None).await;
    let mut expected = normalised(done.clone());
    for (key, value) in [("status", json!("queued")), ("service_tier", json!("auto"))] {
        expected[key] = value;
    }
    for key in ["usage", "completed_at"] {
        expected[key] = Value::Null;
    }
    expected["output"] = json!([]);
    assert_eq!(normalised(queued), expected, "only its progress differs");
    assert_eq!(
        (
            &done["status"],
            &done["background"],
            &done["output"][0]["type"]
        ),
        (&json!("completed"), &json!(true), &json!("message"))
    );
    assert_eq!(
        call(&stand_in, "POST", &format!("{path}/cancel"), None).await,
        (200, done),
        "cancelling what is done changes nothing"
    );
}

#[tokio::test]
async fn a_background_response_runs_at_its_own_pace_until_it_is_cancelled() {
    let slow = at_speed(0.01).await;
    let (_, queued) = post(&slow, &background(false)).await;
    let path = format!("/responses/{}", queued["id"].as_str().unwrap());
    assert_eq!(call(&slow, "GET", &path, None).await, (200, queued.clone()));
    let cancel = format!("{path}/cancel");
    let mut expected = queued;
    expected["status"] = json!("cancelled");
    for _ in 0..2 {
        assert_eq!(
            call(&slow, "POST", &cancel, None).await,
            (200, expected.clone()),
            "cancelling again changes nothing"
        );
    }
    assert_eq!(call(&slow, "GET", &path, None).await, (200, expected));
}

#[tokio::test]
async fn cancelling_ends_the_streams_that_follow() {
    let slow = at_speed(0.01).await;
    let response = raw(&slow, "POST", "/responses", Some(&background(true))).await;
    let mut response = response;
    let mut stream = String::new();
    while stream.matches("\n\n").count() < 2 {
        stream.push_str(std::str::from_utf8(&response.chunk().await.unwrap().unwrap()).unwrap());
    }
    let id = parse(&stream)[0]["response"]["id"].clone();
    let path = format!("/responses/{}", id.as_str().unwrap());
    call(&slow, "POST", &format!("{path}/cancel"), None).await;
    assert_eq!(response.chunk().await.unwrap(), None, "the stream is over");
    assert_eq!(
        kinds(&parse(&stream)),
        ["response.created", "response.queued"]
    );
    let again = raw(&slow, "GET", &format!("{path}?stream=true"), None).await;
    assert_eq!(
        again.text().await.unwrap(),
        stream,
        "taken up again, it ends where it was cancelled"
    );
}

#[tokio::test]
async fn a_stream_is_taken_up_where_it_broke() {
    let stand_in = instant().await;
    let sent = raw(&stand_in, "POST", "/responses", Some(&background(true))).await;
    let whole = sent.text().await.unwrap();
    let events = parse(&whole);
    assert_eq!(
        kinds(&events)[..4],
        [
            "response.created",
            "response.queued",
            "response.in_progress",
            "response.output_item.added",
        ]
    );
    let path = format!(
        "/responses/{}",
        events[0]["response"]["id"].as_str().unwrap()
    );
    let again = raw(&stand_in, "GET", &format!("{path}?stream=true"), None).await;
    assert_eq!(again.text().await.unwrap(), whole, "from the start");

    let rest = raw(
        &stand_in,
        "GET",
        &format!("{path}?stream=true&starting_after=4&include_obfuscation=false"),
        None,
    )
    .await;
    let mut expected = events[5..].to_vec();
    for event in &mut expected {
        event.as_object_mut().unwrap().remove("obfuscation");
    }
    let rest = rest.text().await.unwrap();
    let rest: Vec<Value> = rest
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect();
    assert_eq!(rest, expected, "what came after number 4, without padding");
}

#[tokio::test]
async fn what_cannot_be_done_with_a_response_is_said() {
    let stand_in = instant().await;
    let (_, plain) = post(&stand_in, &json!({"model": "gpt-5.5", "input": "hi"})).await;
    let id = plain["id"].as_str().unwrap();
    let (_, unkept) = post(
        &stand_in,
        &json!({"model": "gpt-5.5", "input": "ho", "store": false}),
    )
    .await;
    let unkept = unkept["id"].as_str().unwrap();
    let not_found = |id: &str| {
        (
            404,
            fault(
                &format!("Response with id '{id}' not found."),
                Value::Null,
                Value::Null,
            ),
        )
    };
    let streamed = format!(
        "Response with id '{id}' cannot be streamed: it was not created with both 'background' and 'stream'."
    );
    let cases = [
        (
            "POST",
            format!("/responses/{id}/cancel"),
            (
                400,
                fault(
                    "Cannot cancel a synchronous response.",
                    Value::Null,
                    Value::Null,
                ),
            ),
        ),
        (
            "GET",
            format!("/responses/{id}?stream=true"),
            (400, fault(&streamed, json!("stream"), Value::Null)),
        ),
        (
            "GET",
            format!("/responses/{id}?starting_after=1"),
            (
                400,
                fault(
                    "The 'starting_after' parameter is only allowed when 'stream' is enabled.",
                    json!("starting_after"),
                    Value::Null,
                ),
            ),
        ),
        ("GET", format!("/responses/{unkept}"), not_found(unkept)),
        (
            "GET",
            "/responses/resp_gone".to_owned(),
            not_found("resp_gone"),
        ),
        (
            "POST",
            "/responses/resp_gone/cancel".to_owned(),
            not_found("resp_gone"),
        ),
        (
            "DELETE",
            "/responses/resp_gone".to_owned(),
            not_found("resp_gone"),
        ),
        (
            "GET",
            "/responses/resp_gone/input_items".to_owned(),
            not_found("resp_gone"),
        ),
        (
            "GET",
            format!("/responses/{id}/input_items?limit=101"),
            (
                400,
                fault(
                    "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
                    json!("limit"),
                    json!("integer_above_max_value"),
                ),
            ),
        ),
    ];
    for (method, path, expected) in cases {
        assert_eq!(
            call(&stand_in, method, &path, None).await,
            expected,
            "{method} {path}"
        );
    }
    let body = json!({"model": "gpt-5.5", "input": "hi", "background": true, "store": false});
    let expected = fault(
        "Background mode requires 'store' to be true.",
        json!("background"),
        json!("unsupported_parameter"),
    );
    assert_eq!(post(&stand_in, &body).await, (400, expected));
}

#[tokio::test]
async fn a_deleted_response_is_gone() {
    let stand_in = instant().await;
    let (_, made) = post(&stand_in, &json!({"model": "gpt-5.5", "input": "hi"})).await;
    let id = made["id"].as_str().unwrap();
    let path = format!("/responses/{id}");
    assert_eq!(
        call(&stand_in, "GET", &path, None).await,
        (200, made.clone())
    );
    assert_eq!(
        call(&stand_in, "DELETE", &path, None).await,
        (
            200,
            json!({"id": id, "object": "response", "deleted": true})
        )
    );
    assert_eq!(call(&stand_in, "GET", &path, None).await.0, 404);
    let next = json!({"model": "gpt-5.5", "input": "more", "previous_response_id": id});
    let expected = fault(
        &format!("Previous response with id '{id}' not found."),
        json!("previous_response_id"),
        json!("previous_response_not_found"),
    );
    assert_eq!(post(&stand_in, &next).await, (400, expected));
}

#[tokio::test]
async fn a_turn_continues_from_the_one_before() {
    let stand_in = instant().await;
    let tools = json!([{"type": "function", "name": "look", "parameters": null}]);
    let first = json!({"model": "gpt-5.5", "input": "Look it up.", "tools": tools});
    let (_, asked) = post(&stand_in, &first).await;
    let call_item = asked["output"][1].clone();
    assert_eq!(call_item["type"], "function_call");
    let output =
        json!({"type": "function_call_output", "call_id": call_item["call_id"], "output": "sunny"});
    let second = json!({
        "model": "gpt-5.5",
        "input": [output],
        "tools": tools,
        "previous_response_id": asked["id"],
    });
    let (status, answered) = post(&stand_in, &second).await;
    assert_eq!(
        (
            status,
            &answered["output"][1]["type"],
            &answered["previous_response_id"]
        ),
        (200, &json!("message"), &asked["id"]),
        "an answered call leads to a message"
    );
    assert!(
        answered["usage"]["input_tokens"].as_u64() > asked["usage"]["input_tokens"].as_u64(),
        "the turn before is read again"
    );

    let path = format!(
        "/responses/{}/input_items",
        answered["id"].as_str().unwrap()
    );
    let (_, list) = call(&stand_in, "GET", &format!("{path}?order=asc"), None).await;
    let data = list["data"].as_array().unwrap().clone();
    let expected = json!({
        "object": "list",
        "first_id": data[0]["id"],
        "last_id": data[3]["id"],
        "has_more": false,
        "data": [
            {
                "role": "user",
                "content": [{"type": "input_text", "text": "Look it up."}],
                "type": "message",
                "id": data[0]["id"],
                "status": "completed",
            },
            asked["output"][0],
            call_item,
            {
                "type": "function_call_output",
                "call_id": call_item["call_id"],
                "output": "sunny",
                "id": data[3]["id"],
                "status": "completed",
            },
        ],
    });
    assert_eq!(list, expected);

    let after = data[3]["id"].as_str().unwrap();
    let (_, page) = call(
        &stand_in,
        "GET",
        &format!("{path}?after={after}&limit=2"),
        None,
    )
    .await;
    assert_eq!(
        page,
        json!({
            "object": "list",
            "first_id": data[2]["id"],
            "last_id": data[1]["id"],
            "has_more": true,
            "data": [data[2], data[1]],
        }),
        "newest first unless asked otherwise"
    );

    let mut whole = second;
    whole["previous_response_id"] = Value::Null;
    let expected = fault(
        &format!(
            "No tool call found for function call output with call_id {}.",
            call_item["call_id"].as_str().unwrap()
        ),
        json!("input"),
        Value::Null,
    );
    assert_eq!(post(&stand_in, &whole).await, (400, expected));
}

#[tokio::test]
async fn an_item_may_be_named_instead_of_sent() {
    let stand_in = instant().await;
    let (_, first) = post(&stand_in, &json!({"model": "gpt-5.5", "input": "hi"})).await;
    let reference = |id: &Value| json!({"model": "gpt-5.5", "input": [{"type": "item_reference", "id": id}, {"role": "user", "content": "more"}]});
    let (status, next) = post(&stand_in, &reference(&first["output"][1]["id"])).await;
    assert_eq!(status, 200);
    assert!(next["usage"]["input_tokens"].as_u64() > first["usage"]["input_tokens"].as_u64());
    let gone = "Item with id 'msg_gone' not found. Items are not persisted when `store` is set to false. Try again \
        with `store` set to true, or remove this item from your input.";
    assert_eq!(
        post(&stand_in, &reference(&json!("msg_gone"))).await,
        (404, fault(gone, json!("input"), Value::Null))
    );
}

#[tokio::test]
async fn tokens_are_counted_before_they_are_spent() {
    let stand_in = instant().await;
    let body =
        json!({"model": "gpt-5.5", "input": "How many tokens is this?", "instructions": "Count."});
    let (_, made) = post(&stand_in, &body).await;
    assert_eq!(
        call(&stand_in, "POST", "/responses/input_tokens", Some(&body)).await,
        (
            200,
            json!({"object": "response.input_tokens", "input_tokens": made["usage"]["input_tokens"]})
        )
    );
    let refusals = [
        (
            "stream",
            json!(true),
            "Unknown parameter: 'stream'.",
            "unknown_parameter",
        ),
        (
            "personality",
            json!("grim"),
            "Invalid value: 'grim'. Supported values are: 'friendly' and 'pragmatic'.",
            "invalid_value",
        ),
        (
            "previous_response_id",
            json!("resp_x"),
            "Previous response with id 'resp_x' not found.",
            "previous_response_not_found",
        ),
    ];
    for (name, value, message, code) in refusals {
        let mut body = body.clone();
        body[name] = value;
        assert_eq!(
            call(&stand_in, "POST", "/responses/input_tokens", Some(&body)).await,
            (400, fault(message, json!(name), json!(code)))
        );
    }
}
