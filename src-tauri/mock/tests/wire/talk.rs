//! Starting a stand-in and talking to it.

use rheostat_mock::{Options, Speed, StandIn, start};
use serde_json::Value;

pub async fn instant() -> StandIn {
    start(Options {
        port: 0,
        speed: Speed::Instant,
    })
    .await
    .unwrap()
}

pub async fn post(stand_in: &StandIn, body: &Value) -> (u16, Value) {
    let response = send(stand_in, body).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

pub async fn send(stand_in: &StandIn, body: &Value) -> reqwest::Response {
    send_repeat(stand_in, body, 1).await
}

pub async fn send_repeat(stand_in: &StandIn, body: &Value, repeat: u64) -> reqwest::Response {
    reqwest::Client::new()
        .post(format!("{}/responses", stand_in.base_url()))
        .header("x-rheostat-repeat", repeat)
        .json(body)
        .send()
        .await
        .unwrap()
}

/// The events of a stream, checked for the shape of every frame.
pub async fn events(stand_in: &StandIn, body: &Value) -> Vec<Value> {
    let response = send(stand_in, body).await;
    assert_eq!(response.status(), 200);
    parse(&response.text().await.unwrap())
}

pub fn parse(stream: &str) -> Vec<Value> {
    let events: Vec<Value> = stream
        .split_terminator("\n\n")
        .map(|frame| {
            let (kind, data) = frame.split_once('\n').unwrap();
            let event: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
            assert_eq!(
                kind,
                format!("event: {}", event["type"].as_str().unwrap()),
                "the two lines agree"
            );
            event
        })
        .collect();
    let numbers: Vec<u64> = events
        .iter()
        .map(|event| event["sequence_number"].as_u64().unwrap())
        .collect();
    assert_eq!(
        numbers,
        (0..events.len() as u64).collect::<Vec<_>>(),
        "numbered from 0 without gaps"
    );
    events
}

/// The kinds of the events, runs of the same kind once.
pub fn kinds(events: &[Value]) -> Vec<String> {
    let mut kinds: Vec<String> = events
        .iter()
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    kinds.dedup();
    kinds
}

pub fn joined(events: &[Value], kind: &str) -> String {
    events
        .iter()
        .filter(|event| event["type"] == kind)
        .map(|event| event["delta"].as_str().unwrap())
        .collect()
}

/// Ids and times stand for themselves nowhere but in the reply that bears them.
pub fn normalised(mut value: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    match (key.as_str(), &mut *inner) {
                        ("id" | "item_id" | "call_id", Value::String(id)) => {
                            let prefix = id.split('_').next().unwrap().to_owned();
                            *id = format!("{prefix}_…");
                        }
                        ("created_at" | "completed_at", Value::Number(_)) => *inner = "now".into(),
                        ("obfuscation", Value::String(padding)) => *padding = "…".to_owned(),
                        _ => walk(inner),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut value);
    value
}

/// Any request below the base address, with what came back: the status and the JSON.
pub async fn call(
    stand_in: &StandIn,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> (u16, Value) {
    let response = raw(stand_in, method, path, body).await;
    assert_eq!(
        response.headers()["x-rheostat-sample"],
        "composed",
        "{method} {path} says that no model wrote it"
    );
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

pub async fn raw(
    stand_in: &StandIn,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> reqwest::Response {
    let url = format!("{}{path}", stand_in.base_url());
    let mut request = reqwest::Client::new().request(method.parse().unwrap(), url);
    if let Some(body) = body {
        request = request.json(body);
    }
    request.send().await.unwrap()
}

pub async fn at_speed(speed: f64) -> StandIn {
    start(Options {
        port: 0,
        speed: Speed::Multiple(speed),
    })
    .await
    .unwrap()
}

pub fn fault(message: &str, param: Value, code: Value) -> Value {
    serde_json::json!({
        "error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    })
}
