//! Responses over a WebSocket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rheostat_mock::StandIn;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::talk::{at_speed, call, instant, kinds, normalised, post};

struct Talk(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Talk {
    async fn open(stand_in: &StandIn) -> Self {
        let url = format!("ws://127.0.0.1:{}/v1/responses", stand_in.port());
        let (socket, response) = connect_async(url).await.unwrap();
        assert_eq!(response.headers()["x-rheostat-sample"], "composed");
        Talk(socket)
    }

    async fn say(&mut self, event: &Value) {
        let text = Message::Text(event.to_string().into());
        self.0.send(text).await.unwrap();
    }

    async fn create(&mut self, more: Value) {
        let mut event =
            json!({"type": "response.create", "model": "gpt-5.5", "reasoning": {"effort": "none"}});
        event
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.say(&event).await;
    }

    async fn hear(&mut self) -> Value {
        match self.0.next().await.unwrap().unwrap() {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other} is no text"),
        }
    }

    /// The events up to and with the first that ends a response.
    async fn until_end(&mut self) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            let event = self.hear().await;
            let kind = event["type"].as_str().unwrap().to_owned();
            events.push(event);
            if [
                "response.completed",
                "response.incomplete",
                "response.failed",
            ]
            .contains(&kind.as_str())
            {
                return events;
            }
        }
    }
}

fn error(message: &str, param: Value, code: Value, lane: Option<&str>) -> Value {
    let mut frame = json!({
        "type": "error",
        "status": 400,
        "error": {"type": "invalid_request_error", "code": code, "message": message, "param": param},
    });
    if let Some(lane) = lane {
        frame["stream_id"] = json!(lane);
    }
    frame
}

#[tokio::test]
async fn a_turn_on_a_socket_is_the_stream_without_its_framing() {
    let stand_in = instant().await;
    let mut talk = Talk::open(&stand_in).await;
    talk.create(json!({"input": "hi"})).await;
    let events = talk.until_end().await;
    let body =
        json!({"model": "gpt-5.5", "input": "hi", "reasoning": {"effort": "none"}, "stream": true});
    let streamed = crate::talk::events(&stand_in, &body).await;
    assert_eq!(normalised(json!(events)), normalised(json!(streamed)));
    let id = events[0]["response"]["id"].as_str().unwrap();
    let (status, kept) = call(&stand_in, "GET", &format!("/responses/{id}"), None).await;
    assert_eq!(
        (status, &kept["id"]),
        (200, &json!(id)),
        "it is kept as any other"
    );
}

#[tokio::test]
async fn a_connection_remembers_what_is_not_stored() {
    let stand_in = instant().await;
    let mut talk = Talk::open(&stand_in).await;
    talk.create(json!({"input": "hi", "store": false})).await;
    let first = talk.until_end().await.pop().unwrap()["response"].clone();
    let more = json!({"input": "more", "store": false, "previous_response_id": first["id"]});
    talk.create(more.clone()).await;
    let second = talk.until_end().await.pop().unwrap()["response"].clone();
    assert_eq!(second["previous_response_id"], first["id"]);
    assert!(second["usage"]["input_tokens"].as_u64() > first["usage"]["total_tokens"].as_u64());

    let id = first["id"].as_str().unwrap();
    let gone = error(
        &format!("Previous response with id '{id}' not found."),
        json!("previous_response_id"),
        json!("previous_response_not_found"),
        None,
    );
    talk.create(more.clone()).await;
    assert_eq!(talk.hear().await, gone, "only the latest is remembered");
    let mut other = Talk::open(&stand_in).await;
    other.create(more).await;
    assert_eq!(
        other.hear().await,
        gone,
        "another connection knows nothing of it"
    );

    let wrong = json!({"input": "x", "store": false, "previous_response_id": second["id"], "temperature": 9});
    talk.create(wrong).await;
    assert_eq!(talk.hear().await["error"]["param"], "temperature");
    talk.create(json!({"input": "x", "previous_response_id": second["id"]}))
        .await;
    assert_eq!(
        talk.hear().await["error"]["code"],
        "previous_response_not_found",
        "a turn that failed took it along"
    );
}

#[tokio::test]
async fn a_stored_response_is_continued_from_anywhere() {
    let stand_in = instant().await;
    let (_, made) = post(&stand_in, &json!({"model": "gpt-5.5", "input": "hi"})).await;
    let mut talk = Talk::open(&stand_in).await;
    talk.create(json!({"input": "more", "previous_response_id": made["id"]}))
        .await;
    let end = talk.until_end().await.pop().unwrap();
    assert_eq!(end["response"]["previous_response_id"], made["id"]);
}

#[tokio::test]
async fn loading_beforehand_generates_nothing() {
    let stand_in = instant().await;
    let mut talk = Talk::open(&stand_in).await;
    talk.create(json!({"instructions": "Be brief.", "generate": false}))
        .await;
    let events = talk.until_end().await;
    assert_eq!(
        kinds(&events),
        [
            "response.created",
            "response.in_progress",
            "response.completed"
        ]
    );
    let response = &events[2]["response"];
    assert_eq!(
        (
            &response["output"],
            &response["usage"]["output_tokens"],
            &response["status"]
        ),
        (&json!([]), &json!(0), &json!("completed"))
    );
    talk.create(json!({"input": "hi", "previous_response_id": response["id"]}))
        .await;
    assert_eq!(
        talk.until_end().await.last().unwrap()["type"],
        "response.completed"
    );
}

#[tokio::test]
async fn lanes_run_side_by_side_and_each_in_order() {
    let slow = at_speed(5.0).await;
    let mut talk = Talk::open(&slow).await;
    for (lane, input) in [("a", "one"), ("a", "two"), ("b", "three")] {
        talk.create(json!({"input": input, "stream_id": lane}))
            .await;
    }
    let mut begun = Vec::new();
    let mut ends = 0;
    while ends < 3 {
        let event = talk.hear().await;
        let lane = event["stream_id"].as_str().unwrap().to_owned();
        match event["type"].as_str().unwrap() {
            "response.created" => begun.push(lane),
            "response.completed" => ends += 1,
            _ => {}
        }
        if ends == 0 {
            let of_a = begun.iter().filter(|lane| *lane == "a").count();
            assert!(of_a < 2, "a lane's next waits for the one before");
        }
    }
    begun.sort();
    assert_eq!(begun, ["a", "a", "b"]);
}

#[tokio::test]
async fn what_is_wrong_on_a_socket_is_said_in_a_frame() {
    let stand_in = instant().await;
    let mut talk = Talk::open(&stand_in).await;
    let name = "The 'stream_id' field must be a non-empty string with at most 256 characters and may only contain \
        letters, numbers, underscores, hyphens, and periods.";
    for bad in [json!(""), json!("a b"), json!("x".repeat(257)), json!(7)] {
        talk.create(json!({"input": "hi", "stream_id": bad})).await;
        assert_eq!(
            talk.hear().await,
            error(name, json!("stream_id"), json!("invalid_stream_id"), None)
        );
    }
    talk.say(&json!({"type": "response.stop"})).await;
    assert_eq!(
        talk.hear().await,
        error(
            "Invalid value: 'response.stop'. Supported values are: 'response.create' and 'response.steer'.",
            json!("type"),
            json!("invalid_value"),
            None
        )
    );
    talk.create(json!({"input": "hi", "stream_id": "a.b", "seed": 7}))
        .await;
    assert_eq!(
        talk.hear().await,
        error(
            "Unknown parameter: 'seed'.",
            json!("seed"),
            json!("unknown_parameter"),
            Some("a.b")
        )
    );
    talk.0.send(Message::Text("{".into())).await.unwrap();
    assert_eq!(talk.hear().await["status"], 400);

    // One lane has a name already.
    for number in 1..32 {
        talk.create(json!({"input": "hi", "stream_id": format!("lane-{number}")}))
            .await;
        talk.until_end().await;
    }
    talk.create(json!({"input": "hi", "stream_id": "lane-32"}))
        .await;
    assert_eq!(
        talk.hear().await,
        error(
            "This WebSocket connection has reached its maximum number of distinct stream IDs (32). Reuse an existing \
             stream_id or open a new WebSocket connection.",
            json!("stream_id"),
            json!("websocket_stream_limit_reached"),
            Some("lane-32")
        )
    );
    talk.create(json!({"input": "hi"})).await;
    assert_eq!(
        talk.until_end().await.last().unwrap()["type"],
        "response.completed"
    );
}

#[tokio::test]
async fn a_steer_ends_one_response_and_begins_the_next() {
    let slow = at_speed(2.0).await;
    let mut talk = Talk::open(&slow).await;
    talk.create(json!({"input": "hi"})).await;
    let id = talk.hear().await["response"]["id"].clone();
    talk.say(&json!({"type": "response.steer", "input": "Shorter.", "previous_response_id": id}))
        .await;
    let mut events = vec![json!({"type": "response.created", "sequence_number": 0})];
    events.extend(talk.until_end().await);
    let numbers: Vec<&Value> = events
        .iter()
        .map(|event| &event["sequence_number"])
        .collect();
    assert_eq!(
        numbers,
        (0..events.len())
            .map(|n| json!(n))
            .collect::<Vec<_>>()
            .iter()
            .collect::<Vec<_>>()
    );
    let [.., accepted, end] = events.as_slice() else {
        panic!("too few events");
    };
    assert_eq!(
        (
            &accepted["type"],
            &accepted["steer"]["previous_response_id"]
        ),
        (&json!("response.steer.accepted"), &id)
    );
    assert_eq!(
        (&end["type"], &end["response"]["incomplete_details"]),
        (&json!("response.incomplete"), &json!({"reason": "steered"}))
    );
    let next = talk.until_end().await.pop().unwrap()["response"].clone();
    assert_eq!(
        (&next["status"], &next["previous_response_id"]),
        (&json!("completed"), &id)
    );

    let failures = [
        (
            json!("Late."),
            next["id"].clone(),
            "response_already_completed",
            format!(
                "Response '{}' is completed already.",
                next["id"].as_str().unwrap()
            ),
        ),
        (
            json!("Late."),
            id.clone(),
            "response_not_active",
            format!("Response '{}' is not active.", id.as_str().unwrap()),
        ),
        (
            json!("Who?"),
            json!("resp_x"),
            "response_not_found",
            "Response with id 'resp_x' not found on this connection.".to_owned(),
        ),
        (
            json!([]),
            id,
            "invalid_input",
            "'input' must be a non-empty string or array of input items.".to_owned(),
        ),
    ];
    for (input, id, code, message) in failures {
        talk.say(&json!({"type": "response.steer", "input": input, "previous_response_id": id}))
            .await;
        let expected = json!({
            "type": "response.steer.failed",
            "sequence_number": 0,
            "error": {"type": "invalid_request_error", "code": code, "message": message},
            "steer": {"input": input, "previous_response_id": id},
        });
        assert_eq!(talk.hear().await, expected);
    }
}

#[tokio::test]
async fn a_connection_ends_after_an_hour() {
    let stand_in = instant().await;
    let mut talk = Talk::open(&stand_in).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60 * 60)).await;
    assert_eq!(
        talk.hear().await,
        error(
            "Responses websocket connection limit reached (60 minutes). Create a new websocket connection to continue.",
            Value::Null,
            json!("websocket_connection_limit_reached"),
            None
        )
    );
    assert!(talk.0.next().await.unwrap().unwrap().is_close());
}

#[tokio::test]
async fn a_web_page_opens_no_socket() {
    let stand_in = instant().await;
    let url = format!("ws://127.0.0.1:{}/v1/responses", stand_in.port());
    for (name, value, status) in [
        ("origin", "https://evil.example", 403),
        ("authorization", "Bearer sk-invalid", 401),
    ] {
        let mut request = url.as_str().into_client_request().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        match connect_async(request).await.unwrap_err() {
            tokio_tungstenite::tungstenite::Error::Http(response) => {
                assert_eq!(response.status(), status)
            }
            other => panic!("{other}"),
        }
    }
}
