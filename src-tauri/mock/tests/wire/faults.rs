//! Every failure on demand, compared with the bytes that arrive.

use std::io::Read;

use futures_util::StreamExt;
use rheostat_mock::{Rule, StandIn};
use serde_json::{Value, json};

use crate::recorded::{
    COMPLETED, CREATED, DELTA, answering_from, body, client, frame, get, open, stream_recording,
    taken, whole_stream,
};
use crate::talk::instant;

/// A stand-in with one recording and one rule.
async fn failing(fault: &str) -> (StandIn, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    stream_recording().write_into(folder.path()).unwrap();
    let stand_in = answering_from(folder.path()).await;
    stand_in.set_rules(rule(fault)).unwrap();
    (stand_in, folder)
}

fn rule(fault: &str) -> Vec<Rule> {
    Rule::read_all(&format!("- {{id: on-demand, action: {{fault: {fault}}}}}")).unwrap()
}

const QUOTA: &str = "You exceeded your current quota, please check your plan and billing details. For more \
    information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.";

#[tokio::test]
async fn refusals_have_the_apis_status_body_and_headers() {
    let stand_in = instant().await;
    let rate = "Rate limit reached for gpt-5.5 in organization rheostat-stand-in on requests per min (RPM): Limit \
        500, Used 500, Requested 1. Please try again in 120ms. Visit \
        https://platform.openai.com/account/rate-limits to learn more.";
    let rate = json!([rate, "requests", null, "rate_limit_exceeded"]);
    let no_key = "You didn't provide an API key. You need to provide your API key in an Authorization header using \
        Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can find your API key at \
        https://platform.openai.com/account/api-keys.";
    let cases = [
        (
            "{kind: rate_limited, retry_after_ms: 1200}",
            429,
            rate.clone(),
            vec![("retry-after-ms", "1200")],
        ),
        (
            "{kind: rate_limited, retry_after_s: 2}",
            429,
            rate.clone(),
            vec![("retry-after", "2")],
        ),
        (
            "{kind: rate_limited, retry_after_s: 0.5, retry_after_ms: 500}",
            429,
            rate.clone(),
            vec![("retry-after", "0.5"), ("retry-after-ms", "500")],
        ),
        (
            "{kind: rate_limited, code: slow_down, should_retry: false}",
            429,
            json!(["Slow down", "rate_limit_error", null, "slow_down"]),
            vec![("x-should-retry", "false")],
        ),
        (
            "{kind: insufficient_quota}",
            429,
            json!([QUOTA, "insufficient_quota", null, "insufficient_quota"]),
            vec![],
        ),
        (
            "{kind: insufficient_quota, code: credit_balance_exhausted}",
            429,
            json!([
                QUOTA,
                "insufficient_quota",
                null,
                "credit_balance_exhausted"
            ]),
            vec![],
        ),
        (
            "{kind: server_error}",
            500,
            json!([
                "The server had an error while processing your request. Sorry about that!",
                "server_error",
                null,
                "server_error"
            ]),
            vec![],
        ),
        (
            "{kind: overloaded, retry_after_s: 3}",
            503,
            json!([
                "Our servers are currently overloaded. Please try again later.",
                "service_unavailable_error",
                null,
                "server_is_overloaded"
            ]),
            vec![("retry-after", "3")],
        ),
        (
            "{kind: context_length_exceeded}",
            400,
            json!([
                "Your input exceeds the context window of this model. Please adjust your input and try again.",
                "invalid_request_error",
                "input",
                "context_length_exceeded"
            ]),
            vec![],
        ),
        (
            "{kind: invalid_key}",
            401,
            json!([no_key, "invalid_request_error", null, "invalid_api_key"]),
            vec![],
        ),
        (
            "{kind: forbidden}",
            403,
            json!([
                "Country, region, or territory not supported",
                "request_forbidden",
                null,
                "unsupported_country_region_territory"
            ]),
            vec![],
        ),
        (
            "{kind: status, status: 413, message: Too much, type: t, param: input, code: c, should_retry: true}",
            413,
            json!(["Too much", "t", "input", "c"]),
            vec![("x-should-retry", "true")],
        ),
    ];
    for (fault, status, error, headers) in cases {
        stand_in.set_rules(rule(fault)).unwrap();
        let got = get(&stand_in, &body(true)).await;
        let [message, kind, param, code] = [0, 1, 2, 3].map(|at| error[at].clone());
        let expected =
            json!({"error": {"message": message, "type": kind, "param": param, "code": code}});
        let told: Vec<(&str, &str)> = ["retry-after", "retry-after-ms", "x-should-retry"]
            .into_iter()
            .filter_map(|name| got.headers.get(name).map(|value| (name, value.as_str())))
            .collect();
        assert_eq!(
            (got.status, got.text(), told),
            (status, expected.to_string(), headers),
            "{fault}"
        );
        let marks = [
            "content-type",
            "x-rheostat-rung",
            "x-rheostat-rule",
            "x-rheostat-sample",
        ];
        assert_eq!(
            marks.map(|name| got.header(name)),
            ["application/json", "rule", "on-demand", "composed"]
        );
    }
}

#[tokio::test]
async fn a_wait_may_be_a_date() {
    let stand_in = instant().await;
    for (seconds, ahead) in [(3_600, true), (-3_600, false)] {
        let fault = format!("{{kind: rate_limited, retry_after_date: {seconds}}}");
        stand_in.set_rules(rule(&fault)).unwrap();
        let got = get(&stand_in, &body(false)).await;
        let date = httpdate::parse_http_date(got.header("retry-after")).unwrap();
        assert_eq!(date > std::time::SystemTime::now(), ahead);
    }
}

#[tokio::test]
async fn other_places_and_pages_pass_for_answers() {
    let (stand_in, _folder) = failing("{kind: redirect, to: 'https://elsewhere.example/v1'}").await;
    let got = get(&stand_in, &body(true)).await;
    assert_eq!(
        (got.status, got.header("location"), got.text().as_str()),
        (307, "https://elsewhere.example/v1", "")
    );
    stand_in.set_rules(rule("{kind: html_page}")).unwrap();
    let got = get(&stand_in, &body(true)).await;
    let page = "<!DOCTYPE html>\n<html>\n<head><title>Sign in to this network</title></head>\n<body><h1>Sign in to \
        this network</h1></body>\n</html>\n";
    assert_eq!(
        (got.status, got.header("content-type"), got.text().as_str()),
        (200, "text/html; charset=utf-8", page)
    );
}

/// A failure, the bytes that come of the recorded stream, and whether it ends well.
fn spoiled() -> Vec<(&'static str, String, bool)> {
    let half = |text: &str| text[..text.len() / 2].to_owned();
    let overloaded = json!({
        "type": "service_unavailable_error",
        "code": "server_is_overloaded",
        "message": "Our servers are currently overloaded. Please try again later.",
        "param": null,
    });
    let failed = |number: u64, code: &str, message: &str| {
        json!({"type": "response.failed", "sequence_number": number, "response": {
            "id": "resp_1",
            "object": "response",
            "status": "failed",
            "error": {"code": code, "message": message},
            "output": [],
            "usage": null,
            "completed_at": null,
        }})
        .to_string()
    };
    let told = overloaded["message"].as_str().unwrap();
    let nested = json!({"type": "error", "sequence_number": 2, "error": overloaded}).to_string();
    let sorry = "The server had an error while processing your request. Sorry about that!";
    let flat = json!({"type": "error", "code": "server_error", "message": sorry, "param": null, "sequence_number": 1});
    let data = format!("data: {DELTA}");
    let malformed = &data[..data.len() / 2];
    let mut huge: Value = serde_json::from_str(DELTA).unwrap();
    huge["obfuscation"] = json!("x".repeat(200_000));
    vec![
        (
            "{kind: error_in_stream, after_events: 2, code: server_is_overloaded}",
            [
                CREATED,
                DELTA,
                &nested,
                &failed(3, "server_is_overloaded", told),
            ]
            .map(frame)
            .concat(),
            true,
        ),
        (
            "{kind: error_in_stream, after_events: 1, flat: true}",
            [
                CREATED,
                &flat.to_string(),
                &failed(2, "server_error", sorry),
            ]
            .map(frame)
            .concat(),
            true,
        ),
        ("{kind: slow_start, ms: 1}", whole_stream(), true),
        (
            "{kind: cut_mid_event, after_events: 2}",
            [CREATED, DELTA].map(frame).concat() + &half(&frame(COMPLETED)),
            false,
        ),
        (
            "{kind: malformed_json, at_event: 1}",
            format!(
                "{}event: response.output_text.delta\n{malformed}\n\n{}",
                frame(CREATED),
                frame(COMPLETED)
            ),
            true,
        ),
        (
            "{kind: split_utf8}",
            format!(": 🙂\n\n{}", whole_stream()),
            true,
        ),
        ("{kind: crlf}", whole_stream().replace('\n', "\r\n"), true),
        (
            "{kind: comments}",
            [CREATED, DELTA, COMPLETED]
                .map(|data| format!(": keep-alive\n\n{}", frame(data)))
                .concat(),
            true,
        ),
        (
            "{kind: huge_event, bytes: 200000}",
            [CREATED, &huge.to_string(), COMPLETED].map(frame).concat(),
            true,
        ),
        ("{kind: wrong_content_type}", whole_stream(), true),
    ]
}

#[tokio::test]
async fn streams_are_spoiled_as_told() {
    let (stand_in, _folder) = failing("{kind: crlf}").await;
    for (fault, expected, whole) in spoiled() {
        stand_in.set_rules(rule(fault)).unwrap();
        let got = get(&stand_in, &body(true)).await;
        assert_eq!(
            (got.status, got.text(), got.whole),
            (200, expected, whole),
            "{fault}"
        );
        let kind = match fault {
            "{kind: wrong_content_type}" => "text/plain; charset=utf-8",
            _ => "text/event-stream",
        };
        assert_eq!(got.header("content-type"), kind, "{fault}");
        let marks = [
            "x-rheostat-rung",
            "x-rheostat-rule",
            "x-rheostat-replay",
            "x-rheostat-sample",
        ];
        assert_eq!(
            marks.map(|name| got.header(name)),
            ["rule", "on-demand", "recorded", ""],
            "a spoiled replay is still marked as one"
        );
    }
}

#[tokio::test]
async fn a_letter_is_split_over_two_chunks() {
    let (stand_in, _folder) = failing("{kind: split_utf8}").await;
    for stream in [true, false] {
        let got = get(&stand_in, &body(stream)).await;
        let broken = got
            .chunks
            .iter()
            .filter(|chunk| std::str::from_utf8(chunk).is_err())
            .count();
        assert!(broken >= 4, "{broken} of {:?}", got.chunks);
        assert!(got.text().contains("Größe 🙂"), "joined they are whole");
    }
}

#[tokio::test]
async fn a_dripping_stream_comes_byte_by_byte() {
    let (stand_in, _folder) = failing("{kind: drip, ms: 0}").await;
    let got = get(&stand_in, &body(true)).await;
    let sizes: Vec<usize> = got.chunks.iter().map(Vec::len).collect();
    assert_eq!(
        (got.text(), sizes),
        (whole_stream(), vec![1; whole_stream().len()])
    );
}

#[tokio::test]
async fn a_stalled_stream_says_nothing_more_and_stays_open() {
    let (stand_in, _folder) = failing("{kind: stall, after_events: 2}").await;
    let mut stream = open(&stand_in, &body(true)).await.bytes_stream();
    let expected = [CREATED, DELTA].map(frame).concat();
    let mut got = Vec::new();
    while got.len() < expected.len() {
        got.extend_from_slice(&stream.next().await.unwrap().unwrap());
    }
    assert_eq!(String::from_utf8(got).unwrap(), expected);
    let last = tokio::spawn(async move { stream.next().await });
    tokio::task::yield_now().await;
    assert!(!last.is_finished(), "the connection is open");
    stand_in.stop().await;
    assert!(
        last.await.unwrap().unwrap().is_err(),
        "until the stand-in stops"
    );
}

#[tokio::test]
async fn gzip_is_real_and_flushed() {
    let (stand_in, _folder) = failing("{kind: gzip}").await;
    let got = get(&stand_in, &body(true)).await;
    assert_eq!(
        (got.header("content-encoding"), got.header("content-length")),
        ("gzip", "")
    );
    let unzip = |bytes: &[u8]| {
        let mut text = Vec::new();
        let _ = flate2::read::GzDecoder::new(bytes).read_to_end(&mut text);
        String::from_utf8(text).unwrap()
    };
    assert_eq!(unzip(&got.chunks.concat()), whole_stream());
    assert_eq!(
        unzip(&got.chunks[0]),
        frame(CREATED),
        "the first event is there with the first chunk"
    );
}

#[tokio::test]
async fn plain_answers_are_spoiled_too() {
    let (stand_in, _folder) = failing("{kind: crlf}").await;
    let completed: Value = serde_json::from_str(COMPLETED).unwrap();
    let plain = completed["response"].to_string();
    let half = plain[..plain.len() / 2].to_owned();
    let mut failed = completed["response"].clone();
    failed["status"] = json!("failed");
    failed["error"] = json!({"code": "server_error", "message": "The server had an error while processing your request. Sorry about that!"});
    failed["output"] = json!([]);
    failed["usage"] = Value::Null;
    failed["completed_at"] = Value::Null;
    let cases = [
        ("{kind: crlf}", plain.clone(), true),
        (
            "{kind: cut_mid_event, after_events: 2}",
            half.clone(),
            false,
        ),
        ("{kind: malformed_json, at_event: 2}", half, true),
        ("{kind: error_in_stream}", failed.to_string(), true),
    ];
    for (fault, expected, whole) in cases {
        stand_in.set_rules(rule(fault)).unwrap();
        let got = get(&stand_in, &body(false)).await;
        assert_eq!(
            (got.status, got.text(), got.whole),
            (200, expected, whole),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_refusal_is_a_part_of_an_answer() {
    let stand_in = instant().await;
    stand_in
        .set_rules(rule("{kind: refusal, text: 'No, not that.'}"))
        .unwrap();
    let got = get(&stand_in, &body(false)).await;
    let plain: Value = serde_json::from_str(&got.text()).unwrap();
    let refusal = json!({"type": "refusal", "refusal": "No, not that."});
    assert_eq!(plain["output"][1]["content"], json!([refusal]));

    let got = get(&stand_in, &body(true)).await;
    assert_eq!(
        got.header("content-type"),
        "text/event-stream; charset=utf-8"
    );
    let events = crate::talk::parse(&got.text());
    let expected = [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.output_item.done",
        "response.output_item.added",
        "response.content_part.added",
        "response.refusal.delta",
        "response.refusal.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ];
    assert_eq!(crate::talk::kinds(&events), expected);
    assert_eq!(
        crate::talk::joined(&events, "response.refusal.delta"),
        "No, not that."
    );
    let last = &events.last().unwrap()["response"];
    assert_eq!(last["output"][1]["content"], json!([refusal]));
}

#[tokio::test]
async fn a_rule_applies_so_often_and_then_lets_go() {
    let stand_in = instant().await;
    let rules =
        "- {id: twice, times: 2, matches: {effort: high}, action: {fault: {kind: overloaded}}}";
    stand_in.set_rules(Rule::read_all(rules).unwrap()).unwrap();
    let high = json!({"model": "gpt-5.5", "input": "hi", "reasoning": {"effort": "high"}});
    let mut statuses = Vec::new();
    for body in [&high, &body(false), &high, &high] {
        statuses.push(get(&stand_in, body).await.status);
    }
    assert_eq!(statuses, [503, 200, 503, 200]);
    let state = stand_in.state().rules;
    assert_eq!((state[0].matched, state[0].applied), (2, 2));
}

#[tokio::test]
async fn chat_completions_fail_in_their_own_form() {
    let stand_in = instant().await;
    let url = format!("{}/chat/completions", stand_in.base_url());
    let ask = async |fault: &str, stream: bool| {
        stand_in.set_rules(rule(fault)).unwrap();
        let messages = json!([{"role": "user", "content": "hi"}]);
        let body = json!({"model": "gpt-5.5", "messages": messages, "stream": stream});
        taken(client().post(&url).json(&body).send().await.unwrap()).await
    };
    let refusal = "{kind: refusal, text: 'No, not that.'}";
    let plain: Value = serde_json::from_str(&ask(refusal, false).await.text()).unwrap();
    let message = json!({"role": "assistant", "content": null, "refusal": "No, not that.", "annotations": []});
    let choice = &plain["choices"][0];
    assert_eq!(
        (&choice["message"], &choice["finish_reason"]),
        (&message, &json!("stop"))
    );
    let streamed = ask(refusal, true).await.text();
    let data: Vec<&str> = streamed
        .split_terminator("\n\n")
        .map(|frame| frame.strip_prefix("data: ").unwrap())
        .collect();
    let refused: String = data
        .iter()
        .filter_map(|data| serde_json::from_str::<Value>(data).ok())
        .filter_map(|chunk| {
            chunk["choices"][0]["delta"]["refusal"]
                .as_str()
                .map(str::to_owned)
        })
        .collect();
    assert_eq!(
        (refused.as_str(), data.last()),
        ("No, not that.", Some(&"[DONE]"))
    );

    let broken = ask("{kind: error_in_stream, after_events: 1}", true)
        .await
        .text();
    let (_, last) = broken.trim_end().rsplit_once("\n\n").unwrap();
    let sorry = "The server had an error while processing your request. Sorry about that!";
    let error = json!({"error": {"type": "server_error", "code": "server_error", "message": sorry, "param": null}});
    assert_eq!(last, format!("data: {error}"));
}
