//! A loopback server that answers everything with one long stream, as fast as it is read.

use std::sync::Arc;

use rheostat_tests::failure::Result;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Runs until it is dropped.
pub struct Source {
    pub base_url: String,
    pub events: usize,
    pub bytes: usize,
    server: tokio::task::JoinHandle<()>,
}

impl Source {
    /// Serves a response of this many text deltas.
    pub async fn start(deltas: usize) -> Result<Self> {
        let (body, events) = stream(deltas);
        let body: Arc<[u8]> = body.into();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base_url = format!("http://{}/v1", listener.local_addr()?);
        let bytes = body.len();
        let server = tokio::spawn(async move {
            while let Ok((peer, _)) = listener.accept().await {
                // A reader that goes away early is its own affair.
                tokio::spawn(answer(peer, Arc::clone(&body)));
            }
        });
        Ok(Self {
            base_url,
            events,
            bytes,
            server,
        })
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(mut peer: TcpStream, body: Arc<[u8]>) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    // The question is small and always the same: its head is all that must be seen.
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let length = peer.read(&mut piece).await?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(piece.get(..length).unwrap_or_default());
    }
    peer.write_all(
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        )
        .as_bytes(),
    )
    .await?;
    peer.write_all(&body).await?;
    peer.shutdown().await?;
    // Closing with unread bytes of the question would reset the connection under the reader.
    while peer.read(&mut piece).await? > 0 {}
    Ok(())
}

/// The whole stream, event for event as the Responses API sends it, and how many events it has.
fn stream(deltas: usize) -> (Vec<u8>, usize) {
    let words = ["one ", "two ", "three ", "four ", "five\n"];
    let text: String = words.iter().copied().cycle().take(deltas).collect();
    let message = |status: &str, text: &str| {
        json!({ "id": "msg_1", "type": "message", "status": status, "role": "assistant",
            "content": [{ "type": "output_text", "text": text, "annotations": [], "logprobs": [] }] })
    };
    let response = |status: &str, output: serde_json::Value, usage: serde_json::Value| {
        json!({ "id": "resp_1", "object": "response", "created_at": 1, "status": status, "model": "gpt-5.5",
            "output": output, "usage": usage, "service_tier": "default", "reasoning": { "effort": "none" } })
    };
    let usage = json!({ "input_tokens": 10, "input_tokens_details": { "cached_tokens": 0 },
        "output_tokens": deltas, "output_tokens_details": { "reasoning_tokens": 0 }, "total_tokens": deltas + 10 });
    let null = serde_json::Value::Null;

    let mut events = vec![
        json!({ "type": "response.created", "response": response("in_progress", json!([]), null.clone()) }),
        json!({ "type": "response.in_progress", "response": response("in_progress", json!([]), null) }),
        json!({ "type": "response.output_item.added", "output_index": 0,
            "item": { "id": "msg_1", "type": "message", "status": "in_progress", "role": "assistant", "content": [] } }),
        json!({ "type": "response.content_part.added", "item_id": "msg_1", "output_index": 0, "content_index": 0,
            "part": { "type": "output_text", "text": "", "annotations": [] } }),
    ];
    events.extend(words.iter().cycle().take(deltas).map(|word| {
        json!({ "type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0,
            "delta": word, "logprobs": [], "obfuscation": "aZ3kQ9" })
    }));
    events.extend([
        json!({ "type": "response.output_text.done", "item_id": "msg_1", "output_index": 0, "content_index": 0,
            "text": text, "logprobs": [] }),
        json!({ "type": "response.content_part.done", "item_id": "msg_1", "output_index": 0, "content_index": 0,
            "part": { "type": "output_text", "text": text, "annotations": [] } }),
        json!({ "type": "response.output_item.done", "output_index": 0, "item": message("completed", &text) }),
        json!({ "type": "response.completed", "response": response("completed", json!([message("completed", &text)]), usage) }),
    ]);
    let mut bytes = Vec::new();
    let count = events.len();
    for (number, mut event) in events.into_iter().enumerate() {
        event["sequence_number"] = json!(number);
        let kind = event["type"].as_str().unwrap_or_default().to_owned();
        bytes.extend_from_slice(format!("event: {kind}\ndata: {event}\n\n").as_bytes());
    }
    (bytes, count)
}
