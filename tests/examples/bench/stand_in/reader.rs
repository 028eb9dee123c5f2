//! The client that asks all servers alike.

use std::time::Instant;

use futures_util::StreamExt;
use rheostat_tests::failure::{Failure, Result};
use serde_json::{Value, json};

/// An answer, read whole.
pub struct Answer {
    pub text: String,
    pub content_type: String,
    /// 0 where it is no stream.
    pub events: usize,
}

#[derive(Clone)]
pub struct Reader(reqwest::Client);

/// What is asked; a fixture is found by its input.
pub fn body(input: &str, stream: bool) -> Value {
    json!({ "model": "gpt-5.5", "input": input, "stream": stream })
}

impl Reader {
    pub fn new() -> Result<Self> {
        Ok(Self(reqwest::Client::builder().no_proxy().build()?))
    }

    async fn ask(&self, base_url: &str, body: &Value) -> Result<reqwest::Response> {
        let response = self
            .0
            .post(format!("{base_url}/responses"))
            .json(body)
            .send()
            .await?;
        if response.status().as_u16() == 200 {
            return Ok(response);
        }
        Err(Failure::new(format!(
            "{base_url} answered {}: {}",
            response.status(),
            response.text().await?
        )))
    }

    pub async fn read(&self, base_url: &str, body: &Value) -> Result<Answer> {
        let response = self.ask(base_url, body).await?;
        let kind = response.headers().get("content-type");
        let content_type = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let content_type = content_type.to_owned();
        let text = response.text().await?;
        let events = match content_type.starts_with("text/event-stream") {
            true => text.matches("\n\n").count(),
            false => 0,
        };
        Ok(Answer {
            text,
            content_type,
            events,
        })
    }

    /// When each event was there: when the last byte of its blank line had come.
    pub async fn arrivals(&self, base_url: &str, body: &Value) -> Result<Vec<Instant>> {
        let mut chunks = self.ask(base_url, body).await?.bytes_stream();
        let mut arrivals = Vec::new();
        let mut last = 0;
        while let Some(chunk) = chunks.next().await {
            let at = Instant::now();
            for byte in chunk? {
                if (last, byte) == (b'\n', b'\n') {
                    arrivals.push(at);
                }
                last = byte;
            }
        }
        Ok(arrivals)
    }
}
