//! The request log, as a screen would read it.

use rheostat_mock::{Action, LogEntry, Outcome, Recording, Rule, Rung};
use serde_json::{Value, json};

use crate::recorded::{
    CREATED, DELTA, answering_from, body, client, frame, get, open, stream_recording, taken,
    whole_stream,
};
use crate::talk::instant;

const PLANTED: &str = "sk-test-planted-0001";

/// Times and what each build of a client sends differently.
fn steady(mut entry: LogEntry) -> Value {
    assert!(entry.at_ms > 1_700_000_000_000);
    entry.at_ms = 0;
    entry.first_byte_ms = entry.first_byte_ms.map(|_| 0);
    entry.total_ms = entry.total_ms.map(|_| 0);
    entry
        .request_headers
        .retain(|name, _| name == "authorization");
    entry
        .response_headers
        .retain(|name, _| name.starts_with("x-rheostat"));
    entry.response = vec![(
        0,
        entry.response.into_iter().map(|(_, text)| text).collect(),
    )];
    serde_json::to_value(entry).unwrap()
}

#[tokio::test]
async fn an_entry_tells_all_but_secrets() {
    let folder = tempfile::tempdir().unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    let mut news = stand_in.subscribe();
    let url = format!("{}/responses?note={PLANTED}", stand_in.base_url());
    let sent = json!({"model": "gpt-5.5", "input": format!("my key is {PLANTED}"), "stream": true});
    let request = client().post(url).bearer_auth(PLANTED).json(&sent);
    let got = taken(request.send().await.unwrap()).await;
    assert!(got.status == 200 && got.whole);
    get(&stand_in, &body(true)).await;

    let told = [
        news.recv().await.unwrap(),
        news.recv().await.unwrap(),
        news.recv().await.unwrap(),
        news.recv().await.unwrap(),
    ];
    let told = told.map(|entry| (entry.id, entry.outcome));
    let expected = [
        (1, Outcome::Running),
        (1, Outcome::Complete),
        (2, Outcome::Running),
        (2, Outcome::Complete),
    ];
    assert_eq!(told, expected);

    let log = stand_in.log(0);
    let all = serde_json::to_string(&log).unwrap();
    assert!(!all.contains(PLANTED), "{all}");
    assert_eq!(log[0].request_headers["authorization"], "Bearer ***");
    assert_eq!(log[0].path, "/v1/responses?note=sk-***");
    assert_eq!(
        (log[0].rung, log[0].request["input"].as_str()),
        (Some(Rung::Composed), Some("my key is sk-***"))
    );

    let second = steady(stand_in.log(1).remove(0));
    let expected = json!({
        "id": 2,
        "at_ms": 0,
        "own": false,
        "method": "POST",
        "path": "/v1/responses",
        "key": stream_recording().key().exact,
        "model": "gpt-5.5",
        "effort": "medium",
        "status": 200,
        "rung": "live_last",
        "rule": null,
        "first_byte_ms": 0,
        "total_ms": 0,
        "bytes": whole_stream().len(),
        "request_headers": {},
        "request": body(true),
        "response_headers": {
            "x-rheostat-original-ms": "30",
            "x-rheostat-recorded-at": "1767225600000",
            "x-rheostat-replay": "recorded",
            "x-rheostat-rung": "live_last",
        },
        "response": [[0, whole_stream()]],
        "kept_whole": true,
        "outcome": "complete",
    });
    assert_eq!(second, expected);
}

#[tokio::test]
async fn a_plain_answer_and_an_empty_one_are_complete() {
    let stand_in = instant().await;
    let plain = get(&stand_in, &body(false)).await;
    assert_eq!(
        plain.header("content-length"),
        plain.text().len().to_string()
    );
    let rules = "- {id: away, action: {fault: {kind: redirect, to: /}}}";
    stand_in.set_rules(Rule::read_all(rules).unwrap()).unwrap();
    get(&stand_in, &body(false)).await;
    let log = stand_in.log(0);
    let seen: Vec<_> = log
        .iter()
        .map(|entry| {
            (
                entry.status,
                entry.bytes,
                entry.outcome,
                entry.rule.as_deref(),
            )
        })
        .collect();
    let bytes = plain.text().len() as u64;
    let expected = [
        (Some(200), bytes, Outcome::Complete, None),
        (Some(307), 0, Outcome::Complete, Some("away")),
    ];
    assert_eq!(seen, expected);
    assert_eq!(log[0].response, [(log[0].response[0].0, plain.text())]);
}

#[tokio::test]
async fn what_breaks_off_is_logged_as_cut() {
    let folder = tempfile::tempdir().unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    let rules =
        |fault: &str| Rule::read_all(&format!("- {{id: a, action: {{fault: {fault}}}}}")).unwrap();
    stand_in
        .set_rules(rules("{kind: stall, after_events: 1}"))
        .unwrap();
    let mut news = stand_in.subscribe();
    let mut left = open(&stand_in, &body(true)).await;
    assert_eq!(left.chunk().await.unwrap().unwrap(), frame(CREATED));
    drop(left);
    // The entry's end is told once the server has seen that nobody is there.
    news.recv().await.unwrap();
    let ended = news.recv().await.unwrap();
    assert_eq!(
        (ended.id, ended.outcome, ended.bytes),
        (1, Outcome::Cut, frame(CREATED).len() as u64)
    );

    stand_in
        .set_rules(rules("{kind: slow_start, ms: 100000000}"))
        .unwrap();
    let (base, sent) = (stand_in.base_url(), body(true));
    let waiting = tokio::spawn(async move {
        client()
            .post(format!("{base}/responses"))
            .json(&sent)
            .send()
            .await
    });
    assert_eq!(news.recv().await.unwrap().outcome, Outcome::Running);
    waiting.abort();
    let ended = news.recv().await.unwrap();
    assert_eq!(
        (ended.id, ended.outcome, ended.status),
        (2, Outcome::Cut, None)
    );
}

#[tokio::test]
async fn an_entry_becomes_a_rule_that_answers_alike() {
    let folder = tempfile::tempdir().unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    get(&stand_in, &body(true)).await;
    let rule = Rule::from_entry(&stand_in.log(0)[0]).unwrap();
    let Action::Answer(recording) = &rule.action else {
        panic!("a rule from an entry brings its answer along");
    };
    let data: Vec<&str> = recording
        .lines
        .iter()
        .map(|(_, data)| data.as_str())
        .collect();
    assert_eq!(
        data,
        stream_recording()
            .lines
            .iter()
            .map(|(_, data)| data.as_str())
            .collect::<Vec<_>>()
    );
    assert_eq!(
        Recording::parse(&recording.to_text()).unwrap().lines,
        recording.lines
    );

    let text = serde_json::to_string(&[&rule]).unwrap();
    assert_eq!(
        Rule::read_all(&text).unwrap(),
        std::slice::from_ref(&rule),
        "it can be kept as data"
    );
    stand_in.set_recordings(None);
    stand_in.set_rules(vec![rule]).unwrap();
    let again = get(&stand_in, &body(true)).await;
    assert_eq!(
        (again.header("x-rheostat-rung"), again.text()),
        ("rule", whole_stream())
    );
    let other = get(
        &stand_in,
        &json!({"model": "gpt-5.5", "input": "something else"}),
    )
    .await;
    assert_eq!(other.header("x-rheostat-rung"), "composed");
    let delta: Value = serde_json::from_str(DELTA).unwrap();
    assert_eq!(crate::talk::parse(&again.text())[1], delta);
}
