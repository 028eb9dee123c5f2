//! Pictures.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::talk::{call, fault, instant, raw};

const PATH: &str = "/images/generations";

fn asked() -> Value {
    json!({"model": "gpt-image-2", "prompt": "A lighthouse at dusk", "size": "1024x1536", "quality": "low"})
}

/// The size of a PNG and the colours of its pixels.
fn decoded(b64: &Value) -> (u32, u32, Vec<u8>) {
    let bytes = STANDARD.decode(b64.as_str().unwrap()).unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, pixels)
}

#[tokio::test]
async fn a_picture_is_a_png_of_the_size_that_was_asked_for() {
    let stand_in = instant().await;
    let (status, got) = call(&stand_in, "POST", PATH, Some(&asked())).await;
    let picture = got["data"][0]["b64_json"].clone();
    let expected = json!({
        "created": got["created"],
        "background": "opaque",
        "data": [{"b64_json": picture}],
        "output_format": "png",
        "quality": "low",
        "size": "1024x1536",
        "usage": {
            "input_tokens": 5,
            "input_tokens_details": {"image_tokens": 0, "text_tokens": 5},
            "output_tokens": 167,
            "output_tokens_details": {"image_tokens": 167, "text_tokens": 0},
            "total_tokens": 172,
        },
    });
    assert_eq!((status, got.clone()), (200, expected));
    let (width, height, pixels) = decoded(&picture);
    assert_eq!((width, height), (1024, 1536));
    let ink = pixels
        .chunks(3)
        .filter(|pixel| pixel == &[24, 24, 28])
        .count();
    assert!(
        ink > 20_000,
        "the mark is there to be seen: {ink} pixels of it"
    );
    let (_, again) = call(&stand_in, "POST", PATH, Some(&asked())).await;
    assert_eq!(
        again["data"], got["data"],
        "the same request, the same picture"
    );
    let mut other = asked();
    other["prompt"] = json!("A harbour at dawn");
    other["n"] = json!(2);
    let (_, others) = call(&stand_in, "POST", PATH, Some(&other)).await;
    let data = others["data"].as_array().unwrap();
    assert_eq!(
        (data.len(), &others["usage"]["output_tokens"]),
        (2, &json!(334))
    );
    assert!(data[0] != data[1] && data[0] != got["data"][0]);
}

#[tokio::test]
async fn a_stream_shows_the_picture_as_it_grows() {
    let stand_in = instant().await;
    let (_, whole) = call(&stand_in, "POST", PATH, Some(&asked())).await;
    let mut body = asked();
    body["stream"] = json!(true);
    body["partial_images"] = json!(2);
    let text = raw(&stand_in, "POST", PATH, Some(&body))
        .await
        .text()
        .await
        .unwrap();
    let events: Vec<Value> = text
        .split_terminator("\n\n")
        .map(|frame| {
            let (kind, data) = frame.split_once('\n').unwrap();
            let event: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
            assert_eq!(kind, format!("event: {}", event["type"].as_str().unwrap()));
            event
        })
        .collect();
    let common = |kind: &str, event: &Value| {
        json!({
            "type": kind,
            "b64_json": event["b64_json"],
            "background": "opaque",
            "created_at": event["created_at"],
            "output_format": "png",
            "quality": "low",
            "size": "1024x1536",
        })
    };
    let mut expected = Vec::new();
    for (index, event) in events.iter().take(2).enumerate() {
        let mut event = common("image_generation.partial_image", event);
        event["partial_image_index"] = json!(index);
        assert_eq!(decoded(&event["b64_json"]).0, 1024);
        expected.push(event);
    }
    let mut last = common("image_generation.completed", &events[2]);
    last["b64_json"] = events[2]["b64_json"].clone();
    last["usage"] = json!({
        "input_tokens": 5,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": 5},
        "output_tokens": 367,
        "total_tokens": 372,
    });
    expected.push(last);
    assert_eq!(events, expected);
    assert_ne!(events[0]["b64_json"], events[2]["b64_json"]);
    assert_eq!(whole["size"], events[2]["size"]);
}

#[tokio::test]
async fn what_cannot_be_drawn_is_refused() {
    let stand_in = instant().await;
    let cases = [
        (
            "response_format",
            json!("url"),
            "Unknown parameter: 'response_format'.",
            json!("unknown_parameter"),
        ),
        (
            "prompt",
            Value::Null,
            "Missing required parameter: 'prompt'.",
            json!("missing_required_parameter"),
        ),
        (
            "n",
            json!(11),
            "Invalid 'n': integer above maximum value. Expected a value <= 10, but got 11 instead.",
            json!("integer_above_max_value"),
        ),
        (
            "quality",
            json!("xhigh"),
            "Invalid value: 'xhigh'. Supported values are: 'low', 'medium', 'high', and 'auto'.",
            json!("invalid_value"),
        ),
        (
            "size",
            json!("1000x1000"),
            "Invalid size '1000x1000'. Width and height must be multiples of 16.",
            json!("invalid_value"),
        ),
        (
            "background",
            json!("transparent"),
            "Transparent background is not supported for this model.",
            json!("invalid_value"),
        ),
        (
            "output_format",
            json!("webp"),
            "Rheostat's stand-in draws PNG pictures alone, and no webp.",
            Value::Null,
        ),
        (
            "partial_images",
            json!(1),
            "The 'partial_images' parameter is only allowed when 'stream' is enabled.",
            Value::Null,
        ),
    ];
    for (key, value, message, code) in cases {
        let mut body = asked();
        body[key] = value;
        assert_eq!(
            call(&stand_in, "POST", PATH, Some(&body)).await,
            (400, fault(message, json!(key), code))
        );
    }
    let mut body = asked();
    body["model"] = json!("gpt-5.5");
    assert_eq!(
        call(&stand_in, "POST", PATH, Some(&body)).await,
        (
            404,
            fault(
                "The model 'gpt-5.5' does not exist",
                json!("model"),
                json!("model_not_found")
            )
        )
    );
}
