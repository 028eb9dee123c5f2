//! Recordings to answer from, and a client that takes an answer as it comes.

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::StreamExt;
use rheostat_mock::{
    FORMAT, Head, Options, Recording, Requested, Responded, Settings, Source, Speed, StandIn,
    start_with,
};
use serde_json::{Value, json};

pub const CREATED: &str = r#"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","error":null,"output":[],"usage":null}}"#;
pub const DELTA: &str =
    r#"{"type":"response.output_text.delta","sequence_number":1,"delta":"Größe 🙂"}"#;
pub const COMPLETED: &str = r#"{"type":"response.completed","sequence_number":2,"response":{"id":"resp_1","object":"response","status":"completed","error":null,"output":[{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"Größe 🙂"}]}],"usage":{"output_tokens":3}}}"#;

/// An event as it goes over the wire.
pub fn frame(data: &str) -> String {
    let value: Value = serde_json::from_str(data).unwrap();
    format!(
        "event: {}\ndata: {data}\n\n",
        value["type"].as_str().unwrap()
    )
}

pub fn whole_stream() -> String {
    [CREATED, DELTA, COMPLETED].map(frame).concat()
}

pub fn body(stream: bool) -> Value {
    json!({"model": "gpt-5.5", "input": "hi", "stream": stream})
}

pub fn stream_recording() -> Recording {
    let lines = [(10, CREATED), (20, DELTA), (30, COMPLETED)];
    Recording {
        head: Head {
            format: FORMAT,
            request: Requested {
                method: "POST".to_owned(),
                path: "/v1/responses".to_owned(),
                body: body(true),
            },
            response: Responded {
                status: 200,
                headers: BTreeMap::from([
                    ("content-type".to_owned(), "text/event-stream".to_owned()),
                    ("x-request-id".to_owned(), "req_original".to_owned()),
                ]),
            },
            recorded_at: 1_767_225_600_000,
            source: Source::Live,
            name: "Size".to_owned(),
            cut: false,
        },
        lines: lines.map(|(ms, data)| (ms, data.to_owned())).to_vec(),
    }
}

pub async fn answering_from(folder: &Path) -> StandIn {
    let options = Options {
        port: 0,
        speed: Speed::Instant,
    };
    let settings = Settings {
        recordings: Some(folder.to_owned()),
        ..Settings::default()
    };
    start_with(options, settings).await.unwrap()
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub chunks: Vec<Vec<u8>>,
    /// False where the connection broke before the end.
    pub whole: bool,
}

impl Got {
    pub fn text(&self) -> String {
        String::from_utf8(self.chunks.concat()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Takes everything as it is: no redirect is followed, nothing is decompressed.
pub fn client() -> reqwest::Client {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only([]);
    client
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_proxy()
        .build()
        .unwrap()
}

pub async fn open(stand_in: &StandIn, body: &Value) -> reqwest::Response {
    let url = format!("{}/responses", stand_in.base_url());
    client().post(url).json(body).send().await.unwrap()
}

pub async fn get(stand_in: &StandIn, body: &Value) -> Got {
    taken(open(stand_in, body).await).await
}

pub async fn taken(response: reqwest::Response) -> Got {
    let mut got = Got {
        status: response.status().as_u16(),
        headers: response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        chunks: Vec::new(),
        whole: true,
    };
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(bytes) => got.chunks.push(bytes.to_vec()),
            Err(_) => got.whole = false,
        }
    }
    got
}
