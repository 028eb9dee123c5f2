//! Sends one body to one address and hands back the answer's head and its bytes.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::fault::{self, AnswerHead};
use crate::error::{Error, ErrorCode, Result};

/// Connect within this time, as the official SDKs do (API.md 4).
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Which repeat of its level a run is. Only sent to loopback: the stand-in varies its reply by it,
/// as a model's would vary.
const REPEAT: HeaderName = HeaderName::from_static("x-rheostat-repeat");
/// The stand-in says on every reply that it is one.
const SAMPLE: HeaderName = HeaderName::from_static("x-rheostat-sample");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Ours, so that OpenAI's support can find a run (API.md 2).
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-client-request-id");

/// Where requests go and with which key.
#[derive(Clone)]
pub struct Target {
    pub base_url: Url,
    pub key: Option<SecretString>,
}

impl Target {
    /// Reads a base URL.
    ///
    /// # Errors
    /// `BadInput` if it is no http(s) URL, or plain http to another computer: the key would travel
    /// in the clear.
    pub fn base_url(text: &str) -> Result<Url> {
        let bad = |why: &str| {
            Error::new(ErrorCode::BadInput, format!("The base URL {text:?} {why}."))
                .place("baseUrl")
                .hint("Give it as https://host/v1, or http://127.0.0.1:port/v1 for a server on this computer.")
        };
        let url = Url::parse(text.trim().trim_end_matches('/')).map_err(|_| bad("is no URL"))?;
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback(&url) => Ok(url),
            "http" => Err(bad("would send the key unencrypted")),
            _ => Err(bad("is neither https nor http")),
        }
    }

    /// The host with its port where it is not the usual one.
    pub fn host(&self) -> String {
        let host = self.base_url.host_str().unwrap_or("the server");
        self.base_url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    fn endpoint(&self, path: &str) -> String {
        format!("{}/{path}", self.base_url.as_str().trim_end_matches('/'))
    }
}

/// Whether an address stays on this computer.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What names a request beside its body.
pub struct Sending<'a> {
    pub run_id: &'a str,
    /// From 1.
    pub repeat: u32,
    pub body: Bytes,
}

/// An answer whose body is still to be read.
pub struct Answer {
    pub head: AnswerHead,
    response: reqwest::Response,
}

impl Answer {
    /// The body as it arrives.
    pub fn bytes(
        self,
    ) -> impl Stream<Item = std::result::Result<Bytes, reqwest::Error>> + Send + 'static {
        self.response.bytes_stream()
    }

    /// The body as one text, at most `limit` bytes of it.
    ///
    /// # Errors
    /// The connection failed on the way.
    pub async fn text(self, limit: usize) -> std::result::Result<String, reqwest::Error> {
        let mut bytes = Vec::new();
        let mut chunks = std::pin::pin!(self.response.bytes_stream());
        while let Some(chunk) = chunks.next().await {
            bytes.extend_from_slice(&chunk?);
            if bytes.len() >= limit {
                bytes.truncate(limit);
                break;
            }
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The two HTTP clients: what goes to this computer never passes a proxy.
pub struct Transport {
    loopback: reqwest::Client,
    outside: reqwest::Client,
}

impl Transport {
    /// # Errors
    /// `Internal` if the TLS set-up of the system fails.
    pub fn new() -> Result<Self> {
        // Redirects are not followed: the key must not follow one to another host.
        let base = || {
            reqwest::Client::builder()
                .connect_timeout(CONNECT_LIMIT)
                .redirect(Policy::none())
                .user_agent(concat!("rheostat/", env!("CARGO_PKG_VERSION")))
        };
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .build()
                .map_err(|error| Error::internal("The HTTP client could not be set up", error))
        };
        Ok(Self {
            loopback: build(base().no_proxy())?,
            outside: build(base())?,
        })
    }

    /// `POST {base}/responses`. Returns as soon as the head of the answer is there, whatever its status.
    ///
    /// # Errors
    /// `Offline`, `TlsFailed`, or `BadInput` for a key that can't be a header.
    pub async fn post_responses(&self, target: &Target, sending: Sending<'_>) -> Result<Answer> {
        let client = if is_loopback(&target.base_url) {
            &self.loopback
        } else {
            &self.outside
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(
            ACCEPT,
            HeaderValue::from_static("text/event-stream, application/json"),
        );
        if let Ok(id) = HeaderValue::from_str(sending.run_id) {
            headers.insert(CLIENT_REQUEST_ID, id);
        }
        if is_loopback(&target.base_url) {
            headers.insert(REPEAT, HeaderValue::from(sending.repeat));
        }
        if let Some(key) = &target.key {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret()))
                .map_err(|_| {
                    Error::new(
                        ErrorCode::KeyRejected,
                        "The key holds characters that no key has.",
                    )
                    .hint("Copy it again, without spaces or line ends.")
                })?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let response = client
            .post(target.endpoint("responses"))
            .headers(headers)
            .body(sending.body)
            .send()
            .await
            .map_err(|error| fault::of_connection(&error, &target.host()))?;
        Ok(Answer {
            head: head(&response),
            response,
        })
    }
}

fn head(response: &reqwest::Response) -> AnswerHead {
    let text = |name: &HeaderName| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let number = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.trim().parse::<f64>().ok())
    };
    let retry_after_ms = number("retry-after-ms")
        .or_else(|| number("retry-after").map(|seconds| seconds * 1000.0))
        .filter(|ms| *ms >= 0.0);
    AnswerHead {
        status: response.status().as_u16(),
        content_type: text(&CONTENT_TYPE).unwrap_or_default(),
        request_id: text(&REQUEST_ID),
        // Whole ms are enough, and a negative or absurd wait is none.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "filtered to be non-negative"
        )]
        retry_after_ms: retry_after_ms.map(|ms| ms as u64),
        location: text(&LOCATION),
        sample: text(&SAMPLE),
    }
}
