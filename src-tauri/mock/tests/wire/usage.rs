//! What was served, as usage and as costs.

use serde_json::{Value, json};

use crate::talk::{call, fault, instant, post};

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap().as_secs()
}

#[tokio::test]
async fn usage_and_costs_add_up_what_was_served() {
    let stand_in = instant().await;
    let body =
        |model: &str| json!({"model": model, "input": "hi", "reasoning": {"effort": "none"}});
    let (_, first) = post(&stand_in, &body("gpt-5.5")).await;
    let (_, second) = post(&stand_in, &body("gpt-5.4-mini")).await;
    let (first, second) = (&first["usage"], &second["usage"]);
    let today = now() / 86_400 * 86_400;
    let page = |results: Value| {
        json!({
            "object": "page",
            "data": [{"object": "bucket", "start_time": today, "end_time": today + 86_400, "results": results}],
            "has_more": false,
            "next_page": null,
        })
    };
    let used = |usage: &Value, model: &str| {
        json!({
            "object": "organization.usage.completions.result",
            "input_tokens": usage["input_tokens"],
            "output_tokens": usage["output_tokens"],
            "num_model_requests": 1,
            "input_cached_tokens": 0,
            "input_uncached_tokens": usage["input_tokens"],
            "input_audio_tokens": 0,
            "output_audio_tokens": 0,
            "project_id": null,
            "user_id": null,
            "api_key_id": null,
            "model": model,
            "batch": null,
            "service_tier": null,
        })
    };
    let path = format!("/organization/usage/completions?start_time={today}&group_by[]=model");
    let expected = page(json!([
        used(second, "gpt-5.4-mini-2026-03-17"),
        used(first, "gpt-5.5-2026-04-23"),
    ]));
    assert_eq!(call(&stand_in, "GET", &path, None).await, (200, expected));

    let dollars = |usage: &Value, input: f64, output: f64| {
        let tokens = |key: &str| usage[key].as_f64().unwrap() / 1e6;
        tokens("input_tokens") * input + tokens("output_tokens") * output
    };
    let sum = dollars(first, 5.0, 30.0) + dollars(second, 0.75, 4.5);
    let path = format!("/organization/costs?start_time={today}");
    let (status, costs) = call(&stand_in, "GET", &path, None).await;
    let value = costs["data"][0]["results"][0]["amount"]["value"].clone();
    assert!((value.as_f64().unwrap() - sum).abs() < 1e-12);
    let result = json!({
        "object": "organization.costs.result",
        "amount": {"value": value, "currency": "usd"},
        "line_item": null,
        "project_id": null,
        "api_key_id": null,
    });
    assert_eq!((status, costs), (200, page(json!([result]))));
}

#[tokio::test]
async fn buckets_come_in_pages() {
    let stand_in = instant().await;
    let path = "/organization/usage/completions?start_time=0&end_time=180&bucket_width=1m&limit=2";
    let bucket = |start: u64| json!({"object": "bucket", "start_time": start, "end_time": start + 60, "results": []});
    let expected = json!({"object": "page", "data": [bucket(0), bucket(60)], "has_more": true, "next_page": "page_120"});
    assert_eq!(call(&stand_in, "GET", path, None).await, (200, expected));
    let rest =
        json!({"object": "page", "data": [bucket(120)], "has_more": false, "next_page": null});
    assert_eq!(
        call(&stand_in, "GET", &format!("{path}&page=page_120"), None).await,
        (200, rest)
    );
    let missing = fault(
        "Missing required parameter: 'start_time'.",
        json!("start_time"),
        json!("missing_required_parameter"),
    );
    assert_eq!(
        call(&stand_in, "GET", "/organization/costs", None).await,
        (400, missing)
    );
}
