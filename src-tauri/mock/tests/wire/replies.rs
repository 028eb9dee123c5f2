//! What a reply looks like on the wire.

use rheostat_mock::{Options, Speed, start};
use serde_json::{Value, json};

use crate::talk::{events, instant, joined, kinds, normalised, parse, post, send, send_repeat};

const TEXT_PATH: [&str; 6] = [
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
];

#[tokio::test]
async fn a_stream_has_the_apis_events_in_order() {
    let stand_in = instant().await;
    let plain = json!({"model": "gpt-5.5", "input": "hi", "stream": true});
    let mut expected = vec!["response.created", "response.in_progress"];
    expected.extend(["response.output_item.added", "response.output_item.done"]);
    expected.extend(TEXT_PATH);
    expected.push("response.completed");
    assert_eq!(
        kinds(&events(&stand_in, &plain).await),
        expected,
        "reasoning without a summary is silent"
    );

    let mut summarised = plain.clone();
    summarised["reasoning"] = json!({"effort": "low", "summary": "auto"});
    let mut expected = vec![
        "response.created",
        "response.in_progress",
        "response.output_item.added",
    ];
    expected.extend([
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_text.delta",
        "response.reasoning_summary_text.done",
        "response.reasoning_summary_part.done",
        "response.output_item.done",
    ]);
    expected.extend(TEXT_PATH);
    expected.push("response.completed");
    assert_eq!(kinds(&events(&stand_in, &summarised).await), expected);

    let mut silent = plain.clone();
    silent["reasoning"] = json!({"effort": "none"});
    let mut expected = vec!["response.created", "response.in_progress"];
    expected.extend(TEXT_PATH);
    expected.push("response.completed");
    assert_eq!(
        kinds(&events(&stand_in, &silent).await),
        expected,
        "without reasoning there is no such item"
    );
}

#[tokio::test]
async fn deltas_join_to_the_done_text_and_to_the_whole_response() {
    let stand_in = instant().await;
    let body = json!({"model": "gpt-5.5", "input": "Grüße", "stream": true, "reasoning": {"summary": "auto"}});
    let events = events(&stand_in, &body).await;
    let done = events
        .iter()
        .find(|event| event["type"] == "response.output_text.done")
        .unwrap();
    assert_eq!(
        joined(&events, "response.output_text.delta"),
        done["text"].as_str().unwrap()
    );

    let streamed = events.last().unwrap()["response"].clone();
    let items: Vec<Value> = events
        .iter()
        .filter(|event| event["type"] == "response.output_item.done")
        .map(|event| event["item"].clone())
        .collect();
    assert_eq!(
        streamed["output"],
        json!(items),
        "the end repeats the finished items"
    );

    let (_, whole) = post(
        &stand_in,
        &json!({"model": "gpt-5.5", "input": "Grüße", "reasoning": {"summary": "auto"}}),
    )
    .await;
    assert_eq!(
        normalised(whole),
        normalised(streamed),
        "streamed or not, the reply is the same"
    );
}

#[tokio::test]
async fn the_response_object_has_every_field() {
    let stand_in = instant().await;
    let body = json!({
        "model": "gpt-5.5",
        "input": [{"role": "user", "content": "hi"}],
        "reasoning": {"effort": "none"},
        "text": {"verbosity": "low"},
        "metadata": {"k": "v"},
        "safety_identifier": "u1",
        "store": false,
    });
    let (status, got) = post(&stand_in, &body).await;
    let text = got["output"][0]["content"][0]["text"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        text.starts_with("This is a sample reply composed by Rheostat's stand-in, not by a model.")
    );
    let visible = text.chars().count().div_ceil(4);
    let expected = json!({
        "id": "resp_…",
        "object": "response",
        "created_at": "now",
        "background": false,
        "error": null,
        "instructions": null,
        "max_output_tokens": null,
        "max_tool_calls": null,
        "model": "gpt-5.5-2026-04-23",
        "parallel_tool_calls": true,
        "previous_response_id": null,
        "prompt_cache_key": null,
        "prompt_cache_retention": "24h",
        "reasoning": {"effort": "none", "summary": null},
        "safety_identifier": "u1",
        "store": false,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "low"},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": 1.0,
        "truncation": "disabled",
        "user": null,
        "metadata": {"k": "v"},
        "status": "completed",
        "completed_at": "now",
        "incomplete_details": null,
        "output": [{
            "id": "msg_…",
            "type": "message",
            "status": "completed",
            "content": [{"type": "output_text", "annotations": [], "logprobs": [], "text": text}],
            "phase": "final_answer",
            "role": "assistant",
        }],
        "service_tier": "default",
        "usage": {
            "input_tokens": 8,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": visible,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 8 + visible,
        },
    });
    assert_eq!((status, normalised(got)), (200, expected));
}

#[tokio::test]
async fn headers_are_the_apis_and_say_who_wrote_it() {
    let stand_in = instant().await;
    for (stream, kind) in [
        (true, "text/event-stream; charset=utf-8"),
        (false, "application/json"),
    ] {
        let body = json!({"model": "gpt-5.5", "input": "hi", "stream": stream});
        let response = send(&stand_in, &body).await;
        let headers = response.headers();
        assert_eq!(headers["content-type"], kind);
        assert_eq!(headers["x-rheostat-sample"], "composed");
        assert_eq!(headers["openai-version"], "2020-10-01");
        assert_eq!(headers["x-ratelimit-limit-requests"], "500");
        assert_eq!(headers["x-ratelimit-limit-tokens"], "500000");
        let own = [
            "x-request-id",
            "openai-processing-ms",
            "openai-organization",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-requests",
            "x-ratelimit-reset-tokens",
        ];
        let absent: Vec<&str> = own
            .into_iter()
            .filter(|name| !headers.contains_key(*name))
            .collect();
        assert_eq!(absent, Vec::<&str>::new());
    }
}

#[tokio::test]
async fn the_same_request_gets_the_same_bytes_and_a_repeat_others() {
    let stand_in = instant().await;
    let body = json!({"model": "gpt-5.5", "input": "Tell me", "stream": true, "reasoning": {"summary": "auto"}});
    let text = |repeat: u64| {
        let sent = send_repeat(&stand_in, &body, repeat);
        async move {
            let text = sent.await.text().await.unwrap();
            let events = parse(&text);
            events
                .into_iter()
                .map(timeless)
                .map(|event| event.to_string())
                .collect::<Vec<_>>()
        }
    };
    let (first, same, second) = (text(1).await, text(1).await, text(2).await);
    assert_eq!(first, same, "byte for byte, but for the clock");
    assert_ne!(first, second);
}

fn timeless(mut event: Value) -> Value {
    for key in ["created_at", "completed_at"] {
        if let Some(time) = event.pointer_mut(&format!("/response/{key}")) {
            *time = Value::Null;
        }
    }
    event
}

#[tokio::test]
async fn obfuscation_can_be_left_out() {
    let stand_in = instant().await;
    for (options, padded) in [
        (json!({}), true),
        (json!({"include_obfuscation": false}), false),
    ] {
        let body =
            json!({"model": "gpt-5.5", "input": "hi", "stream": true, "stream_options": options});
        let events = events(&stand_in, &body).await;
        let mut deltas = events
            .iter()
            .filter(|event| event["type"] == "response.output_text.delta");
        assert!(deltas.all(|event| event.get("obfuscation").is_some() == padded));
    }
}

#[tokio::test]
async fn reasoning_and_length_grow_with_the_effort() {
    let stand_in = instant().await;
    let mut grown = Vec::new();
    for effort in ["none", "low", "medium", "high", "xhigh"] {
        let body = json!({"model": "gpt-5.5", "input": "hi", "reasoning": {"effort": effort}});
        let (_, got) = post(&stand_in, &body).await;
        let reasoning = got["usage"]["output_tokens_details"]["reasoning_tokens"]
            .as_u64()
            .unwrap();
        grown.push((
            reasoning,
            got["usage"]["output_tokens"].as_u64().unwrap() - reasoning,
        ));
    }
    assert!(
        grown
            .windows(2)
            .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1),
        "{grown:?}"
    );
}

#[tokio::test]
async fn a_limit_below_the_reasoning_leaves_no_text() {
    let stand_in = instant().await;
    let body = json!({
        "model": "gpt-5.5",
        "input": "hi",
        "stream": true,
        "reasoning": {"effort": "high"},
        "max_output_tokens": 16,
    });
    let events = events(&stand_in, &body).await;
    assert_eq!(
        kinds(&events),
        [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.output_item.done",
            "response.incomplete",
        ]
    );
    let end = normalised(events.last().unwrap()["response"].clone());
    let told = json!({
        "status": end["status"],
        "incomplete_details": end["incomplete_details"],
        "completed_at": end["completed_at"],
        "output": end["output"],
        "usage": end["usage"],
    });
    let expected = json!({
        "status": "incomplete",
        "incomplete_details": {"reason": "max_output_tokens"},
        "completed_at": null,
        "output": [{"id": "rs_…", "type": "reasoning", "summary": [], "status": "incomplete"}],
        "usage": {
            "input_tokens": 4,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 16,
            "output_tokens_details": {"reasoning_tokens": 16},
            "total_tokens": 20,
        },
    });
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_limit_within_the_text_cuts_it() {
    let stand_in = instant().await;
    let body = json!({
        "model": "gpt-5.5",
        "input": "hi",
        "stream": true,
        "reasoning": {"effort": "none"},
        "max_output_tokens": 20,
    });
    let events = events(&stand_in, &body).await;
    let end = &events.last().unwrap()["response"];
    let cut = "This is a sample reply composed by Rheostat's stand-in, not by a model. It has t";
    let text = end["output"][0]["content"][0]["text"].as_str().unwrap();
    assert_eq!(
        text.chars().count(),
        cut.chars().count(),
        "20 tokens of four characters"
    );
    assert_eq!(
        (
            &end["status"],
            &end["output"][0]["status"],
            &end["usage"]["output_tokens"]
        ),
        (&json!("incomplete"), &json!("incomplete"), &json!(20))
    );
    assert_eq!(joined(&events, "response.output_text.delta"), text);
}

#[tokio::test]
async fn a_long_prompt_is_cached_on_repeats() {
    let stand_in = instant().await;
    let body = json!({"model": "gpt-5.5", "input": "word ".repeat(1_000)});
    let mut cached = Vec::new();
    for repeat in 1..=3 {
        let got: Value = send_repeat(&stand_in, &body, repeat)
            .await
            .json()
            .await
            .unwrap();
        let usage = &got["usage"];
        cached.push((
            usage["input_tokens"].as_u64().unwrap(),
            usage["input_tokens_details"]["cached_tokens"]
                .as_u64()
                .unwrap(),
        ));
    }
    assert_eq!(cached, [(1_253, 0), (1_253, 1_152), (1_253, 1_152)]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_takes_its_time_at_speed_one() {
    let mut seconds = Vec::new();
    for (effort, speed) in [
        ("none", 1.0),
        ("low", 1.0),
        ("medium", 1.0),
        ("high", 1.0),
        ("xhigh", 1.0),
        ("xhigh", 10.0),
    ] {
        let stand_in = start(Options {
            port: 0,
            speed: Speed::Multiple(speed),
        })
        .await
        .unwrap();
        let body = json!({"model": "gpt-5.5", "input": "hi", "stream": true, "reasoning": {"effort": effort}});
        let before = tokio::time::Instant::now();
        events(&stand_in, &body).await;
        seconds.push(before.elapsed().as_secs_f64());
    }
    let expected = [
        2.1..2.9,
        2.9..4.1,
        6.8..9.0,
        11.5..14.2,
        21.5..25.7,
        2.1..2.6,
    ];
    let within = seconds
        .iter()
        .zip(expected)
        .all(|(took, range)| range.contains(took));
    assert!(within, "{seconds:?}");
}

#[tokio::test]
async fn models_are_listed_and_shown() {
    let stand_in = instant().await;
    let get = |path: &str| reqwest::get(format!("{}{path}", stand_in.base_url()));
    let list: Value = get("/models").await.unwrap().json().await.unwrap();
    let entry = json!({
        "id": "gpt-5.5",
        "object": "model",
        "created": 1_776_902_400,
        "owned_by": "system",
        "shutdown_date": null,
    });
    assert_eq!(
        (&list["object"], &list["data"][0]),
        (&json!("list"), &entry)
    );
    let one: Value = get("/models/gpt-5.5").await.unwrap().json().await.unwrap();
    assert_eq!(one, entry);
}
