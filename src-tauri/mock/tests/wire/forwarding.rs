//! What no recording answers goes to an upstream, passes through as it comes, and is recorded.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request};
use axum::response::Response;
use futures_util::StreamExt;
use rheostat_mock::{
    Options, Recordings, Rule, Secret, Settings, Source, Speed, StandIn, Upstream, UpstreamKey,
    start, start_with,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::recorded::{
    COMPLETED, CREATED, DELTA, answering_from, body, client, frame, get, open, taken, whole_stream,
};
use crate::talk::instant;

const PLANTED: &str = "sk-test-planted-0001";

/// A server that tells what it got, and sends what it is told, when it is told.
struct Fake {
    base_url: String,
    got: Arc<Mutex<Vec<(String, HeaderMap, Bytes)>>>,
    send: mpsc::Sender<String>,
}

impl Fake {
    /// Answers once with this status and these headers; the body comes from `send`, and ends with it.
    async fn start(status: u16, headers: &'static [(&'static str, &'static str)]) -> Self {
        let (send, told) = mpsc::channel::<String>(8);
        let told = Arc::new(Mutex::new(Some(told)));
        let got = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&got);
        let router = Router::new().fallback(move |request: Request<Body>| {
            let (told, seen) = (told.lock().unwrap().take(), Arc::clone(&seen));
            async move {
                let (parts, body) = request.into_parts();
                let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
                seen.lock()
                    .unwrap()
                    .push((parts.uri.to_string(), parts.headers, bytes));
                let told = told.unwrap_or_else(|| mpsc::channel(1).1);
                let chunks = futures_util::stream::unfold(told, |mut told| async move {
                    let chunk = told.recv().await?;
                    Some((Ok::<_, Infallible>(chunk), told))
                });
                let mut response = Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(*name, *value);
                }
                response.body(Body::from_stream(chunks)).unwrap()
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Fake {
            base_url,
            got,
            send,
        }
    }
}

fn to(base_url: &str, key: UpstreamKey) -> Upstream {
    Upstream {
        base_url: base_url.to_owned(),
        key,
        record_errors: false,
    }
}

async fn forwarding(folder: &Path, upstream: Upstream) -> StandIn {
    let stand_in = answering_from(folder).await;
    stand_in.set_upstream(Some(upstream)).unwrap();
    stand_in
}

const STREAM: &[(&str, &str)] = &[
    ("content-type", "text/event-stream; charset=utf-8"),
    ("connection", "keep-alive, x-hop"),
    ("x-hop", "1"),
    ("keep-alive", "timeout=5"),
    ("x-request-id", "req_real"),
    ("openai-organization", "org-mine"),
    ("x-ratelimit-remaining-requests", "7"),
];

#[tokio::test]
async fn each_event_passes_before_the_next_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start(200, STREAM).await;
    let stand_in = forwarding(folder.path(), to(&fake.base_url, UpstreamKey::Pass)).await;
    fake.send.send(frame(CREATED)).await.unwrap();
    let response = open(&stand_in, &body(true)).await;
    let rung = response.headers()["x-rheostat-rung"]
        .to_str()
        .unwrap()
        .to_owned();
    let mut stream = response.bytes_stream();
    assert_eq!(stream.next().await.unwrap().unwrap(), frame(CREATED));
    // Only now does the upstream have more to send.
    fake.send.send(frame(DELTA)).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), frame(DELTA));
    fake.send.send(frame(COMPLETED)).await.unwrap();
    drop(fake.send);
    assert_eq!(stream.next().await.unwrap().unwrap(), frame(COMPLETED));
    assert!(stream.next().await.is_none());
    assert_eq!(rung, "upstream");

    let again = get(&stand_in, &body(true)).await;
    assert_eq!(
        (
            again.header("x-rheostat-rung"),
            again.header("x-rheostat-replay"),
            again.text()
        ),
        ("live_last", "recorded", whole_stream())
    );
    assert_eq!(
        fake.got.lock().unwrap().len(),
        1,
        "the second was answered from the recording"
    );
}

#[tokio::test]
async fn headers_of_one_connection_and_secrets_stay_behind() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start(200, STREAM).await;
    let stand_in = forwarding(folder.path(), to(&fake.base_url, UpstreamKey::Pass)).await;
    fake.send.send(whole_stream()).await.unwrap();
    drop(fake.send);
    let mut sent = body(true);
    sent["instructions"] = json!(format!("never tell {PLANTED}"));
    let request = client()
        .post(format!("{}/responses?a=b", stand_in.base_url()))
        .bearer_auth(PLANTED)
        .header("connection", "x-mine")
        .header("x-mine", "1")
        .header("te", "trailers")
        .header("accept-encoding", "gzip")
        .header("x-rheostat-repeat", "2")
        .header("openai-project", "proj-mine")
        .json(&sent);
    let got = taken(request.send().await.unwrap()).await;
    assert_eq!((got.status, got.text()), (200, whole_stream()));
    let mut names: Vec<&str> = got.headers.keys().map(String::as_str).collect();
    names.retain(|name| !matches!(*name, "date" | "transfer-encoding"));
    let expected = [
        "content-type",
        "openai-organization",
        "x-ratelimit-remaining-requests",
        "x-request-id",
        "x-rheostat-rung",
    ];
    assert_eq!(
        names, expected,
        "the client gets the upstream's head, and no mark of a sample"
    );

    let seen = fake.got.lock().unwrap()[0].clone();
    let (path, headers, bytes) = seen;
    let mut sent_on: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    sent_on.sort();
    let host = fake
        .base_url
        .trim_start_matches("http://")
        .trim_end_matches("/v1");
    let length = bytes.len().to_string();
    let authorization = format!("Bearer {PLANTED}");
    let expected = [
        ("accept", "*/*"),
        ("accept-encoding", "identity"),
        ("authorization", authorization.as_str()),
        ("content-length", length.as_str()),
        ("content-type", "application/json"),
        ("host", host),
        ("openai-project", "proj-mine"),
    ];
    assert_eq!(
        (path.as_str(), sent_on),
        ("/v1/responses?a=b", expected.to_vec())
    );
    assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), sent);

    let files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let text = std::fs::read_to_string(&files[0]).unwrap();
    for secret in [PLANTED, "org-mine", "proj-mine", "authorization"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let log = serde_json::to_string(&stand_in.log(0)).unwrap();
    assert!(!log.contains(PLANTED), "{log}");
    let recordings = Recordings::open(folder.path());
    let listed = &recordings.list()[0];
    assert_eq!(
        (listed.source, listed.status, listed.streamed, listed.cut),
        (Some(Source::Live), Some(200), true, false)
    );

    let again = client()
        .post(format!("{}/responses?a=b", stand_in.base_url()))
        .json(&sent);
    let again = taken(again.send().await.unwrap()).await;
    assert_eq!(
        again.header("x-rheostat-rung"),
        "live_last",
        "masked in the file, the key is the same"
    );
    assert_eq!(
        again.header("x-ratelimit-remaining-requests"),
        "7",
        "as it was then"
    );
}

#[tokio::test]
async fn a_given_key_takes_the_place_of_the_clients_and_the_token_goes_nowhere() {
    let plain: &[(&str, &str)] = &[("content-type", "application/json")];
    for (key, expected) in [
        (
            UpstreamKey::Given(Secret::new("upstream-key")),
            Some("Bearer upstream-key"),
        ),
        (UpstreamKey::Pass, None),
    ] {
        let fake = Fake::start(200, plain).await;
        let options = Options {
            port: 0,
            speed: Speed::Instant,
        };
        let settings = Settings {
            upstream: Some(to(&fake.base_url, key)),
            token: Some(Secret::new("let-me-in")),
            ..Settings::default()
        };
        let stand_in = start_with(options, settings).await.unwrap();
        drop(fake.send);
        let url = format!("{}/models", stand_in.base_url());
        let answer = client()
            .get(url)
            .bearer_auth("let-me-in")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let got = fake.got.lock().unwrap();
        let sent = got[0]
            .1
            .get("authorization")
            .map(|value| value.to_str().unwrap());
        assert_eq!(sent, expected);
        let state = format!(
            "{:?} {}",
            stand_in,
            serde_json::to_string(&stand_in.state()).unwrap()
        );
        assert!(
            !state.contains("upstream-key") && !state.contains("let-me-in"),
            "{state}"
        );
    }
}

#[tokio::test]
async fn errors_pass_and_are_recorded_when_asked() {
    let error = r#"{"error":{"message":"Slow down","type":"rate_limit_error","param":null,"code":"slow_down"}}"#;
    for record_errors in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let headers: &[(&str, &str)] = &[
            ("content-type", "application/json"),
            ("retry-after-ms", "40"),
        ];
        let fake = Fake::start(429, headers).await;
        let upstream = Upstream {
            record_errors,
            ..to(&fake.base_url, UpstreamKey::Pass)
        };
        let stand_in = forwarding(folder.path(), upstream).await;
        fake.send.send(error.to_owned()).await.unwrap();
        drop(fake.send);
        let got = get(&stand_in, &body(true)).await;
        assert_eq!(
            (
                got.status,
                got.header("retry-after-ms"),
                got.text().as_str()
            ),
            (429, "40", error)
        );
        assert_eq!(
            Recordings::open(folder.path()).list().len(),
            usize::from(record_errors)
        );
        stand_in.set_upstream(None).unwrap();
        let again = get(&stand_in, &body(true)).await;
        let expected = if record_errors {
            (429, "40")
        } else {
            (200, "")
        };
        assert_eq!((again.status, again.header("retry-after-ms")), expected);
    }
}

#[tokio::test]
async fn what_is_cut_is_kept_and_marked() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start(200, STREAM).await;
    let stand_in = forwarding(folder.path(), to(&fake.base_url, UpstreamKey::Pass)).await;
    fake.send.send(frame(CREATED)).await.unwrap();
    let mut news = stand_in.subscribe();
    let mut response = open(&stand_in, &body(true)).await;
    assert_eq!(response.chunk().await.unwrap().unwrap(), frame(CREATED));
    drop(response);
    fake.send.closed().await;
    news.recv().await.unwrap();
    news.recv().await.unwrap();
    let listed = Recordings::open(folder.path()).list();
    let seen: Vec<_> = listed
        .iter()
        .map(|file| (file.cut, file.streamed, file.problem.clone()))
        .collect();
    assert_eq!(
        seen,
        [(true, true, None)],
        "the client left, so the upstream was left, and what came is kept"
    );
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_named() {
    let gone = instant().await;
    let base_url = gone.base_url();
    gone.stop().await;
    let folder = tempfile::tempdir().unwrap();
    let stand_in = forwarding(folder.path(), to(&base_url, UpstreamKey::Pass)).await;
    let got = get(&stand_in, &body(true)).await;
    let answer: Value = serde_json::from_str(&got.text()).unwrap();
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with(&format!("Rheostat's stand-in could not reach {base_url}: ")),
        "{message}"
    );
    assert_eq!(
        (got.status, &answer["error"]["code"]),
        (502, &json!("upstream_unreachable"))
    );
    assert_eq!(Recordings::open(folder.path()).list(), []);
}

#[tokio::test]
async fn another_stand_in_as_upstream_stays_marked_as_a_sample() {
    let upstream = start(Options {
        port: 0,
        speed: Speed::Instant,
    })
    .await
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let stand_in = forwarding(folder.path(), to(&upstream.base_url(), UpstreamKey::Pass)).await;
    let first = get(&stand_in, &body(true)).await;
    let second = get(&stand_in, &body(true)).await;
    assert_eq!(
        first.text(),
        second.text(),
        "the recording is the answer to the byte"
    );
    let marks = ["x-rheostat-rung", "x-rheostat-sample", "x-rheostat-replay"];
    assert_eq!(
        marks.map(|name| first.header(name)),
        ["upstream", "composed", ""]
    );
    assert_eq!(
        marks.map(|name| second.header(name)),
        ["sequence", "recorded", ""]
    );
    assert_eq!(upstream.requests().len(), 1);

    let zip = "- {id: zip, action: {fault: {kind: gzip}}}";
    upstream.set_rules(Rule::read_all(zip).unwrap()).unwrap();
    let other = json!({"model": "gpt-5.5", "input": "ho", "stream": true});
    let unzipped = get(&stand_in, &other).await;
    assert_eq!(unzipped.header("content-encoding"), "");
    assert_eq!(
        crate::talk::parse(&unzipped.text()),
        crate::talk::parse(&get(&stand_in, &other).await.text()),
        "an upstream that compresses unasked is read and recorded all the same"
    );
    assert_eq!(upstream.requests().len(), 2);
    let itself = stand_in.set_upstream(Some(to(&stand_in.base_url(), UpstreamKey::Pass)));
    assert_eq!(
        itself.unwrap_err().to_string(),
        "The stand-in cannot be its own upstream."
    );
}

#[tokio::test]
async fn a_recorded_completion_answers_streamed_and_whole() {
    let upstream = instant().await;
    let folder = tempfile::tempdir().unwrap();
    let stand_in = forwarding(folder.path(), to(&upstream.base_url(), UpstreamKey::Pass)).await;
    let url = format!("{}/chat/completions", stand_in.base_url());
    let ask = async |stream: bool| {
        let messages = json!([{"role": "user", "content": "hi"}]);
        let body = json!({
            "model": "gpt-5.5",
            "messages": messages,
            "stream": stream,
            "stream_options": if stream { json!({"include_usage": true}) } else { Value::Null },
        });
        taken(client().post(&url).json(&body).send().await.unwrap()).await
    };
    let streamed = ask(true).await;
    let again = ask(true).await;
    assert_eq!(
        (again.header("x-rheostat-rung"), again.text()),
        ("sequence", streamed.text())
    );
    let whole: Value = serde_json::from_str(&ask(false).await.text()).unwrap();
    let said: String = streamed
        .text()
        .split_terminator("\n\n")
        .filter_map(|frame| serde_json::from_str::<Value>(frame.strip_prefix("data: ")?).ok())
        .filter_map(|chunk| {
            chunk["choices"][0]["delta"]["content"]
                .as_str()
                .map(str::to_owned)
        })
        .collect();
    let choice = &whole["choices"][0];
    assert_eq!(
        (
            &choice["message"]["content"],
            &choice["finish_reason"],
            &whole["object"]
        ),
        (&json!(said), &json!("stop"), &json!("chat.completion"))
    );
    assert!(whole["usage"]["total_tokens"].is_u64());
    assert_eq!(upstream.requests().len(), 1);
}
