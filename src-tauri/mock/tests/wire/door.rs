//! Who may come in, how it starts and stops, and what it keeps.

use std::collections::BTreeMap;

use rheostat_mock::{Options, Recorded, Speed, start};
use serde_json::{Value, json};

use crate::talk::{instant, post};

#[tokio::test]
async fn a_web_page_is_refused() {
    let stand_in = instant().await;
    let models = format!("{}/models", stand_in.base_url());
    let foreign = [
        ("origin", "https://evil.example".to_owned()),
        ("origin", "null".to_owned()),
        ("host", format!("evil.example:{}", stand_in.port())),
        ("sec-fetch-site", "cross-site".to_owned()),
    ];
    for (name, value) in foreign {
        let response = reqwest::Client::new()
            .get(&models)
            .header(name, &value)
            .send()
            .await
            .unwrap();
        let sample = response.headers()["x-rheostat-sample"].clone();
        let allow = response
            .headers()
            .contains_key("access-control-allow-origin");
        assert_eq!(
            (response.status().as_u16(), sample.to_str().unwrap(), allow),
            (403, "composed", false),
            "{name}: {value}"
        );
    }
    let own = format!("http://localhost:{}", stand_in.port());
    let response = reqwest::Client::new()
        .get(&models)
        .header("origin", own)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200, "its own origin is not foreign");
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let first = instant().await;
    let error = start(Options {
        port: first.port(),
        speed: Speed::Instant,
    })
    .await
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "Port {} is in use. Choose another with --port, or stop what uses it.",
            first.port()
        )
    );
}

#[tokio::test]
async fn a_speed_that_cannot_be_followed_is_refused() {
    for factor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = start(Options {
            port: 0,
            speed: Speed::Multiple(factor),
        })
        .await
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("A speed of {factor} cannot be followed. Give a number above zero.")
        );
    }
}

#[tokio::test]
async fn stopping_frees_the_port_and_cuts_what_runs() {
    let slow = start(Options {
        port: 0,
        speed: Speed::Multiple(0.001),
    })
    .await
    .unwrap();
    let port = slow.port();
    let body = json!({"model": "gpt-5.5", "input": "hi", "stream": true});
    let url = format!("{}/responses", slow.base_url());
    let sent = reqwest::Client::new().post(url).json(&body).send();
    let running = tokio::spawn(async move { sent.await?.text().await });
    while slow.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    slow.stop().await;
    assert!(
        running.await.unwrap().is_err(),
        "the client sees a cut, not an end"
    );
    let again = start(Options {
        port,
        speed: Speed::Instant,
    })
    .await
    .unwrap();
    assert_eq!(again.port(), port);
}

#[tokio::test]
async fn requests_are_kept_without_their_key() {
    let stand_in = instant().await;
    let base = stand_in.base_url();
    let client = reqwest::Client::new();
    let sent = client
        .get(format!("{base}/models?after=x"))
        .bearer_auth("sk-test-planted")
        .header("x-mine", "1");
    sent.send().await.unwrap();
    client
        .post(format!("{base}/responses"))
        .body("{")
        .send()
        .await
        .unwrap();
    post(&stand_in, &json!({"model": "gpt-5.5", "input": "hi"})).await;

    let host = format!("127.0.0.1:{}", stand_in.port());
    let headers = |pairs: &[(&str, &str)]| {
        let own = [("accept", "*/*"), ("host", host.as_str())];
        let all = own
            .iter()
            .chain(pairs)
            .map(|(name, value)| (name.to_string(), value.to_string()));
        all.collect::<BTreeMap<_, _>>()
    };
    let expected = [
        Recorded {
            method: "GET".to_owned(),
            path: "/v1/models?after=x".to_owned(),
            headers: headers(&[("authorization", "Bearer ***"), ("x-mine", "1")]),
            body: Value::Null,
        },
        Recorded {
            method: "POST".to_owned(),
            path: "/v1/responses".to_owned(),
            headers: headers(&[("content-length", "1")]),
            body: json!("{"),
        },
        Recorded {
            method: "POST".to_owned(),
            path: "/v1/responses".to_owned(),
            headers: headers(&[
                ("content-length", "32"),
                ("content-type", "application/json"),
                ("x-rheostat-repeat", "1"),
            ]),
            body: json!({"model": "gpt-5.5", "input": "hi"}),
        },
    ];
    let mut kept = stand_in.requests();
    for request in &mut kept {
        // Its order differs from build to build.
        request.headers.remove("accept-encoding");
    }
    assert_eq!(kept, expected);
}
