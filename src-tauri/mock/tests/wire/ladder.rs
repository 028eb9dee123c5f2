//! Which rung answers, and what a replay looks like.

use rheostat_mock::{
    AtEnd, Ladder, Options, Pinned, Profile, Rule, Rung, Secret, Settings, Source, Speed,
    start_with,
};
use serde_json::{Value, json};

use crate::recorded::{
    COMPLETED, DELTA, answering_from, body, client, frame, get, stream_recording, taken,
    whole_stream,
};
use crate::talk::instant;

#[tokio::test]
async fn a_replay_is_marked_and_keeps_the_original_head() {
    let folder = tempfile::tempdir().unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    let got = get(&stand_in, &body(true)).await;
    let mut headers = got.headers.clone();
    headers.remove("date");
    headers.remove("transfer-encoding");
    let expected = [
        ("content-type", "text/event-stream"),
        ("x-request-id", "req_original"),
        ("x-rheostat-original-ms", "30"),
        ("x-rheostat-recorded-at", "1767225600000"),
        ("x-rheostat-replay", "recorded"),
        ("x-rheostat-rung", "live_last"),
    ];
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        (got.status, headers, got.text()),
        (200, expected.to_vec(), whole_stream())
    );
}

#[tokio::test]
async fn a_stream_answers_a_plain_request_and_the_other_way_round() {
    let folder = tempfile::tempdir().unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    let completed: Value = serde_json::from_str(COMPLETED).unwrap();
    let response = completed["response"].clone();
    let got = get(&stand_in, &body(false)).await;
    assert_eq!(
        (
            got.header("content-type"),
            got.header("x-rheostat-rung"),
            got.text()
        ),
        ("application/json", "live_last", response.to_string())
    );

    let other = tempfile::tempdir().unwrap();
    let mut plain = stream_recording();
    plain
        .head
        .response
        .headers
        .insert("content-type".to_owned(), "application/json".to_owned());
    plain.lines = vec![(30, response.to_string())];
    plain.write_into(other.path()).unwrap();
    stand_in.set_recordings(Some(other.path().to_owned()));
    let got = get(&stand_in, &body(true)).await;
    let events = crate::talk::parse(&got.text());
    let expected = [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ];
    assert_eq!(crate::talk::kinds(&events), expected);
    assert_eq!(
        crate::talk::joined(&events, "response.output_text.delta"),
        "Größe 🙂"
    );
    assert_eq!(events.last().unwrap()["response"], response);
    assert_eq!(
        got.header("content-type"),
        "text/event-stream; charset=utf-8"
    );
}

#[tokio::test]
async fn a_sequence_is_served_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    for (at, words) in [(2, "second"), (1, "first"), (3, "third")] {
        let mut recording = stream_recording();
        recording.head.recorded_at = at;
        recording.head.source = Source::Sample;
        recording.lines[1].1 = DELTA.replace("Größe 🙂", words);
        recording.write_into(folder.path()).unwrap();
    }
    let stand_in = answering_from(folder.path()).await;
    let mut served = Vec::new();
    for at_end in [AtEnd::Stick, AtEnd::Wrap] {
        stand_in.set_ladder(Ladder {
            at_end,
            ..Ladder::default()
        });
        stand_in.reset_sequences();
        for _ in 0..4 {
            let got = get(&stand_in, &body(true)).await;
            assert_eq!(
                (
                    got.header("x-rheostat-rung"),
                    got.header("x-rheostat-sample")
                ),
                ("sequence", "recorded")
            );
            let events = crate::talk::parse(&got.text());
            served.push(events[1]["delta"].as_str().unwrap().to_owned());
        }
    }
    let expected = [
        "first", "second", "third", "third", "first", "second", "third", "first",
    ];
    assert_eq!(served, expected);
}

#[tokio::test]
async fn rungs_can_be_off_and_a_request_pinned_to_one() {
    let folder = tempfile::tempdir().unwrap();
    let recording = stream_recording();
    recording.write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    let rules = "- {id: late, enabled: false, action: {fault: {kind: server_error}}}\n\
        - {id: named, enabled: false, action: {pin: Size}}\n\
        - {id: gone, enabled: false, action: {pin: Nothing}}";
    stand_in.set_rules(Rule::read_all(rules).unwrap()).unwrap();
    let pinned = |to: Pinned| Ladder {
        pinned: [(recording.key().exact, to)].into(),
        ..Ladder::default()
    };
    let only = |rungs: &[Rung]| Ladder {
        rungs: rungs.to_vec(),
        ..Ladder::default()
    };
    let rule = |id: &str| pinned(Pinned::Rule(id.to_owned()));
    let cases = [
        (Ladder::default(), 200, "live_last", "recorded"),
        (only(&[Rung::Sequence]), 200, "sequence", "recorded"),
        (only(&[Rung::Composed]), 200, "composed", ""),
        (only(&[Rung::Upstream]), 404, "", ""),
        (pinned(Pinned::Composed), 200, "composed", ""),
        (pinned(Pinned::Sequence), 200, "sequence", "recorded"),
        (rule("late"), 500, "rule", ""),
        (rule("named"), 200, "rule", "recorded"),
        (rule("gone"), 404, "rule", ""),
    ];
    for (ladder, status, rung, replay) in cases {
        stand_in.set_ladder(ladder.clone());
        let got = get(&stand_in, &body(true)).await;
        let found = (
            got.status,
            got.header("x-rheostat-rung"),
            got.header("x-rheostat-replay"),
        );
        assert_eq!(found, (status, rung, replay), "{ladder:?}");
    }
    let got = get(&stand_in, &body(true)).await;
    let expected =
        "Rheostat's stand-in has no recording named \"Nothing\", which rule \"gone\" pins.";
    let error = json!({"error": {"message": expected, "type": "invalid_request_error", "param": null, "code": "recording_missing"}});
    assert_eq!(got.text(), error.to_string());
}

#[tokio::test]
async fn another_effort_is_another_request_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    let mut high = body(true);
    high["reasoning"] = json!({"effort": "high"});
    assert_eq!(
        get(&stand_in, &high).await.header("x-rheostat-rung"),
        "composed"
    );
    stand_in.set_ladder(Ladder {
        any_effort: true,
        ..Ladder::default()
    });
    assert_eq!(
        get(&stand_in, &high).await.header("x-rheostat-rung"),
        "live_last"
    );
}

#[tokio::test]
async fn the_token_is_asked_for() {
    let options = Options {
        port: 0,
        speed: Speed::Instant,
    };
    let settings = Settings {
        token: Some(Secret::new("let-me-in")),
        ..Settings::default()
    };
    let stand_in = start_with(options, settings).await.unwrap();
    let models = format!("{}/models", stand_in.base_url());
    let cases = [
        ("", 401),
        ("Bearer let-me-out", 401),
        ("Bearer let-me-in2", 401),
        ("Basic let-me-in", 401),
        ("Bearer let-me-in", 200),
        ("bearer let-me-in", 200),
    ];
    for (authorization, status) in cases {
        let request = client().get(&models).header("authorization", authorization);
        let got = taken(request.send().await.unwrap()).await;
        assert_eq!(got.status, status, "{authorization}");
        if authorization == "Bearer let-me-out" {
            let message = "Incorrect API key provided: ***. You can find your API key at \
                https://platform.openai.com/account/api-keys.";
            let error = json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": "invalid_api_key"}});
            assert_eq!(got.text(), error.to_string());
        }
    }
    assert!(stand_in.state().token_required);
    stand_in.set_token(None);
    assert_eq!(client().get(&models).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn everything_can_be_set_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.recording.jsonl"), "{").unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = instant().await;
    let profile = Speed::Profile(Profile {
        time_to_first_token_ms: 5,
        tokens_per_second: 1_000.0,
        jitter: 0.5,
    });
    stand_in.set_speed(profile).unwrap();
    stand_in.set_recordings(Some(folder.path().to_owned()));
    stand_in
        .set_rules(Rule::read_all("- {id: off, enabled: false, action: {pin: Size}}").unwrap())
        .unwrap();
    assert_eq!(get(&stand_in, &body(true)).await.text(), whole_stream());

    let wrong = Speed::Profile(Profile {
        time_to_first_token_ms: 5,
        tokens_per_second: 0.0,
        jitter: 0.5,
    });
    let error = stand_in.set_speed(wrong).unwrap_err().to_string();
    assert_eq!(
        error,
        "tokens_per_second: 0 cannot be followed. Give a number above zero."
    );
    let mut rules = Rule::read_all("- {id: a, action: {pin: b}}").unwrap();
    rules[0].times = Some(0);
    assert!(stand_in.set_rules(rules).is_err());

    let mut state = serde_json::to_value(stand_in.state()).unwrap();
    let files = state["recordings"]["files"].take();
    let names: Vec<&Value> = files
        .as_array()
        .unwrap()
        .iter()
        .map(|file| &file["name"])
        .collect();
    assert_eq!(names, ["Size", ""]);
    let problem = "broken.recording.jsonl: Line 1 is not the header of a recording: EOF while parsing an object at \
        line 1 column 1";
    let expected = json!({
        "port": stand_in.port(),
        "speed": {"profile": {"time_to_first_token_ms": 5, "tokens_per_second": 1_000.0, "jitter": 0.5}},
        "rules": [{
            "rule": {"id": "off", "name": "", "enabled": false, "matches": {}, "action": {"pin": "Size"}},
            "matched": 0,
            "applied": 0,
        }],
        "ladder": {
            "rungs": ["live_last", "sequence", "upstream", "composed"],
            "pinned": {},
            "any_effort": false,
            "at_end": "stick",
        },
        "recordings": {"folder": folder.path(), "files": null, "problems": [problem]},
        "upstream": null,
        "token_required": false,
        "closed": false,
    });
    assert_eq!(state, expected);
}

#[tokio::test]
async fn who_may_not_come_in_gets_no_replay_either() {
    let folder = tempfile::tempdir().unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    let url = format!("{}/responses", stand_in.base_url());
    for (name, value) in [
        ("host", "evil.example:80"),
        ("origin", "https://evil.example"),
    ] {
        let request = client().post(&url).header(name, value).json(&body(true));
        let got = taken(request.send().await.unwrap()).await;
        assert_eq!(
            (got.status, got.header("x-rheostat-rung")),
            (403, ""),
            "{name}: {value}"
        );
    }
    assert_eq!(stand_in.log(0), [], "and is not in the log");
    assert_eq!(
        get(&stand_in, &body(true)).await.text(),
        [crate::recorded::CREATED, DELTA, COMPLETED]
            .map(frame)
            .concat()
    );
}
