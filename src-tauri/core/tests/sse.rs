//! Twelve cases of the WHATWG event stream text, each cut into chunks of several sizes.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::StreamExt;
use proptest::prelude::*;
use rheostat_core::openai::sse::{self, EVENT_LIMIT, SseError};

const CHUNKS: [usize; 6] = [1, 2, 3, 5, 7, 4096];

/// What the case shows, the bytes, and the data of each event.
const CASES: [(&str, &[u8], &[&str]); 12] = [
    ("lines end in LF", b"data: a\n\ndata: b\n\n", &["a", "b"]),
    ("lines end in CR", b"data: a\r\rdata: b\r\r", &["a", "b"]),
    (
        "lines end in CR LF, and all three mix",
        b"data: a\r\n\r\ndata: b\n\rdata: c\r\n\n",
        &["a", "b", "c"],
    ),
    (
        "one leading BOM is dropped, no other",
        b"\xEF\xBB\xBFdata: a\n\ndata: \xEF\xBB\xBFb\n\n",
        &["a", "\u{feff}b"],
    ),
    (
        "data lines are joined with LF",
        b"data: YHOO\ndata: +2\ndata: 10\n\n",
        &["YHOO\n+2\n10"],
    ),
    (
        "comments say nothing, whether or not they stand alone",
        b": test stream\n\n:\n:x\ndata: first\n:y\nid: 1\n\n: end\n\n",
        &["first"],
    ),
    (
        "a field without a colon has an empty value",
        b"data\n\ndata\ndata\n\ndata:\n\n",
        &["", "\n", ""],
    ),
    (
        "one space after the colon is dropped, no more",
        b"data:test\n\ndata: test\n\ndata:  test\n\n",
        &["test", "test", " test"],
    ),
    (
        "an event without data is not dispatched",
        b"event: ping\n\nid: 7\nretry: 10\n\ndata: x\n\n",
        &["x"],
    ),
    (
        "unknown fields and wrong case are ignored",
        b"Data: no\nfoo: no\ndata : no\ndata: yes\n\n",
        &["yes"],
    ),
    (
        "an unfinished last event is dropped",
        b"data: whole\n\ndata: half\n",
        &["whole"],
    ),
    (
        "characters of two to four bytes survive any cut",
        "data: é€😀 ‰\n\n".as_bytes(),
        &["é€😀 ‰"],
    ),
];

async fn read(bytes: &[u8], chunk: usize) -> Vec<Result<String, String>> {
    let chunks: Vec<Result<Bytes, Infallible>> = bytes
        .chunks(chunk)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    sse::frames(futures_util::stream::iter(chunks))
        .map(|frame| frame.map_err(|error| error.to_string()))
        .collect()
        .await
}

#[tokio::test]
async fn the_twelve_cases_hold_however_they_are_cut() {
    for (shows, bytes, expected) in CASES {
        let expected: Vec<Result<String, String>> =
            expected.iter().map(|data| Ok((*data).to_owned())).collect();
        for chunk in CHUNKS {
            assert_eq!(
                read(bytes, chunk).await,
                expected,
                "{shows}, in chunks of {chunk}"
            );
        }
    }
}

#[tokio::test]
async fn an_event_of_two_megabytes_is_one_event() {
    let text = "0123456789abcdef".repeat(2 * 1024 * 1024 / 16);
    let stream = format!("data: {text}\n\n");
    for chunk in CHUNKS {
        assert_eq!(
            read(stream.as_bytes(), chunk).await,
            [Ok(text.clone())],
            "in chunks of {chunk}"
        );
    }
}

#[tokio::test]
async fn an_endless_event_is_refused_at_the_limit() {
    let chunk = Bytes::from(vec![b'x'; 1024 * 1024]);
    let endless = futures_util::stream::repeat_with(move || Ok::<_, Infallible>(chunk.clone()));
    let frames: Vec<_> = sse::frames(endless).take(2).collect().await;
    assert!(
        matches!(frames.as_slice(), [Err(SseError::TooLarge)]),
        "refused once, at {EVENT_LIMIT} bytes, then over: {frames:?}"
    );
}

#[tokio::test]
async fn bytes_that_are_no_utf8_end_the_stream_and_keep_what_came_before() {
    let frames = read(b"data: good\n\ndata: \xFF\xFE\n\ndata: after\n\n", 5).await;
    assert_eq!(
        frames.first(),
        Some(&Ok("good".to_owned())),
        "what came before is kept"
    );
    assert!(
        matches!(frames.get(1), Some(Err(why)) if why.contains("UTF-8") || why.contains("utf-8")),
        "and the fault is named: {frames:?}"
    );
    assert_eq!(frames.len(), 2, "nothing is guessed after it");
}

proptest! {
    /// Any bytes in any chunks: no panic, and the cut changes nothing.
    #[test]
    fn any_cut_gives_the_same_events(
        lines in proptest::collection::vec(prop_oneof![
            Just("data: x".to_owned()), Just("data:".to_owned()), Just(":c".to_owned()), Just(String::new()), "[a-zé€😀: ]{0,12}",
        ], 0..30),
        ends in proptest::collection::vec(prop_oneof![Just("\n"), Just("\r"), Just("\r\n")], 30),
        chunk in 1usize..40,
    ) {
        let text: String = lines.iter().zip(ends).map(|(line, end)| format!("{line}{end}")).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let whole = runtime.block_on(read(text.as_bytes(), text.len().max(1)));
        prop_assert_eq!(runtime.block_on(read(text.as_bytes(), chunk)), whole);
    }
}
