//! Sends one request to one address and hands back the answer's head and its bytes.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::{Host, Url};

use super::fault::{self, AnswerHead, Lost, Recorded};
use super::network::{self, Network};
use super::retry::RetryHeaders;
use super::timeouts::Timeouts;
use crate::catalog::endpoint::Endpoint;
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, ErrorCode, Result};

/// Which repeat of its level a run is. Only sent to loopback: the stand-in varies its reply by it,
/// as a model's would vary.
const REPEAT: HeaderName = HeaderName::from_static("x-rheostat-repeat");
/// The stand-in says on every reply that it is one.
const SAMPLE: HeaderName = HeaderName::from_static("x-rheostat-sample");
/// Opens the stand-in's door to its own program, and keeps what it asks on this machine.
const OWN: HeaderName = HeaderName::from_static("x-rheostat-own");
/// When a replayed answer was recorded, in ms since the epoch, and how long it took then.
const RECORDED_AT: HeaderName = HeaderName::from_static("x-rheostat-recorded-at");
const ORIGINAL_MS: HeaderName = HeaderName::from_static("x-rheostat-original-ms");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Ours, so that OpenAI's support can find a run (API.md 2).
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-client-request-id");

/// The most that is read of an answer that holds figures only.
const SMALL_ANSWER: usize = 1 << 20;

/// Where requests go and with which key.
#[derive(Clone)]
pub struct Target {
    pub base_url: Url,
    pub key: Option<SecretString>,
    /// What the engine's own stand-in knows it by. Only sent to loopback.
    pub own: Option<SecretString>,
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
        host(&self.base_url)
    }

    /// The address of a path below the base URL. A segment is data, such as an id that a server
    /// gave: it can't leave its place.
    fn endpoint(&self, segments: &[&str]) -> Url {
        let mut url = self.base_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
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
#[derive(Clone)]
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

/// Why a body could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    #[error("{0}")]
    Connection(#[from] reqwest::Error),
    /// Nothing came for the idle limit.
    #[error("nothing came for the idle limit")]
    Idle,
    /// Decoded, it is larger than the limit given.
    #[error("larger than {} MB", .0 / 1024 / 1024)]
    TooLarge(usize),
}

impl Answer {
    /// Whether the body is a stream of events.
    pub fn is_stream(&self) -> bool {
        self.head.content_type.starts_with("text/event-stream")
    }

    /// The body as it arrives, decoded.
    pub fn bytes(
        self,
    ) -> impl Stream<Item = std::result::Result<Bytes, reqwest::Error>> + Send + 'static {
        self.response.bytes_stream()
    }

    /// The body as one text of at most `limit` bytes after decoding, with a sign at least every `idle`.
    ///
    /// # Errors
    /// The connection failed on the way, went silent, or brought more than that.
    pub async fn text(
        self,
        limit: usize,
        idle: Duration,
    ) -> std::result::Result<String, BodyError> {
        let mut bytes = Vec::new();
        let mut chunks = std::pin::pin!(self.response.bytes_stream());
        while let Some(chunk) = tokio::time::timeout(idle, chunks.next())
            .await
            .map_err(|_| BodyError::Idle)?
        {
            let chunk = chunk?;
            if bytes.len() + chunk.len() > limit {
                return Err(BodyError::TooLarge(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The two HTTP clients: what goes to this computer never passes a proxy.
pub struct Transport {
    loopback: reqwest::Client,
    /// Why nothing can go out: a proxy or a file of authorities that is none. Going around it would
    /// go where the network's owner does not want it.
    outside: Result<reqwest::Client>,
    /// The proxy as it may be shown.
    proxy: Option<String>,
    timeouts: Timeouts,
}

impl Transport {
    /// A proxy or a file of authorities that can't be used is told by the first request that needs
    /// it: sample replies work without.
    ///
    /// # Errors
    /// `Internal` if the TLS set-up of the system fails.
    pub fn new(network: &Network, timeouts: &Timeouts) -> Result<Self> {
        // Redirects are not followed: the key must not follow one to another host.
        let base = || {
            reqwest::Client::builder()
                .connect_timeout(timeouts.connect)
                .redirect(Policy::none())
                .user_agent(concat!("rheostat/", env!("CARGO_PKG_VERSION")))
        };
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .build()
                .map_err(|error| Error::internal("The HTTP client could not be set up", error))
        };
        let outside = network.authorities().and_then(|authorities| {
            let builder = base().tls_certs_merge(authorities);
            build(match network.proxy()? {
                Some(proxy) => builder.proxy(proxy),
                None => builder,
            })
        });
        // A server on this computer may use an authority of one's own, too.
        let local = base()
            .no_proxy()
            .tls_certs_merge(network.authorities().unwrap_or_default());
        Ok(Self {
            loopback: build(local)?,
            outside,
            proxy: network
                .proxy_url()
                .ok()
                .flatten()
                .map(|url| network::without_password(&url)),
            timeouts: *timeouts,
        })
    }

    /// `POST {base}/responses`, or to the other endpoint. Returns as soon as the head of the answer is there, whatever its status.
    ///
    /// # Errors
    /// Why no answer came, with whether the request may have arrived.
    pub async fn post(
        &self,
        target: &Target,
        endpoint: Endpoint,
        sending: Sending<'_>,
    ) -> std::result::Result<Answer, Lost> {
        let path: Vec<&str> = endpoint.path().split('/').collect();
        let url = target.endpoint(&path);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if is_loopback(&target.base_url) {
            headers.insert(REPEAT, HeaderValue::from(sending.repeat));
        }
        let request = self.client(target)?.post(url).headers(headers);
        self.answer(target, sending.run_id, request.body(sending.body))
            .await
    }

    /// `GET {base}/responses/{id}`: how a background response stands, or with `after` its stream from
    /// the event after that number (API.md 6.3).
    ///
    /// # Errors
    /// As [`Self::post`].
    pub async fn retrieve(
        &self,
        target: &Target,
        run_id: &str,
        response_id: &str,
        after: Option<u64>,
    ) -> std::result::Result<Answer, Lost> {
        let mut url = target.endpoint(&["responses", response_id]);
        if let Some(after) = after {
            url.query_pairs_mut()
                .append_pair("stream", "true")
                .append_pair("starting_after", &after.to_string());
        }
        let request = self.client(target)?.get(url);
        self.answer(target, run_id, request).await
    }

    /// `POST {base}/responses/{id}/cancel`: ends a background response (API.md 6.3).
    ///
    /// # Errors
    /// As [`Self::post`].
    pub async fn cancel(
        &self,
        target: &Target,
        run_id: &str,
        response_id: &str,
    ) -> std::result::Result<Answer, Lost> {
        let url = target.endpoint(&["responses", response_id, "cancel"]);
        let request = self.client(target)?.post(url);
        self.answer(target, run_id, request).await
    }

    /// `POST {base}/responses/input_tokens`: how many tokens a body puts in, exactly (API.md 6). No price is stated.
    ///
    /// # Errors
    /// What the endpoint refuses with, and why it could not be asked.
    pub async fn count_input(&self, target: &Target, body: &Map<String, Value>) -> Result<u64> {
        let url = target.endpoint(&["responses", "input_tokens"]);
        let request = self
            .client(target)
            .map_err(|lost| lost.error)?
            .post(url)
            .json(body);
        let answer = self
            .answer(target, "", request)
            .await
            .map_err(|lost| lost.error)?;
        let host = target.host();
        let head = answer.head.clone();
        let text = answer
            .text(SMALL_ANSWER, self.timeouts.idle)
            .await
            .map_err(|error| fault::of_body(&error, self.timeouts.idle, &host))?;
        if !(200..300).contains(&head.status) {
            return Err(fault::of_answer(&head, &text, &host, SystemClock.now_ms()));
        }
        serde_json::from_str::<Value>(&text)
            .ok()
            .and_then(|answer| answer.get("input_tokens")?.as_u64())
            .ok_or_else(|| {
                fault::not_the_api(&host, &head.content_type, Some(head.status)).detail(text)
            })
    }

    fn client(&self, target: &Target) -> std::result::Result<&reqwest::Client, Lost> {
        if is_loopback(&target.base_url) {
            return Ok(&self.loopback);
        }
        self.outside
            .as_ref()
            .map_err(|error| Lost::unsent(error.clone()))
    }

    async fn answer(
        &self,
        target: &Target,
        run_id: &str,
        request: reqwest::RequestBuilder,
    ) -> std::result::Result<Answer, Lost> {
        let mut headers = HeaderMap::new();
        headers.insert(
            ACCEPT,
            HeaderValue::from_static("text/event-stream, application/json"),
        );
        if let Ok(id) = HeaderValue::from_str(run_id) {
            headers.insert(CLIENT_REQUEST_ID, id);
        }
        if let Some(own) = target
            .own
            .as_ref()
            .filter(|_| is_loopback(&target.base_url))
            && let Ok(mut value) = HeaderValue::from_str(own.expose_secret())
        {
            value.set_sensitive(true);
            headers.insert(OWN, value);
        }
        if let Some(key) = &target.key {
            headers.insert(AUTHORIZATION, bearer(key).map_err(Lost::unsent)?);
        }
        let host = target.host();
        let Timeouts {
            connect,
            first_byte,
            ..
        } = self.timeouts;
        let sent = tokio::time::timeout(first_byte, request.headers(headers).send()).await;
        let response = sent
            .map_err(|_| fault::no_answer(first_byte, &host))?
            .map_err(|error| fault::of_connection(&error, &host, self.proxy.as_deref(), connect))?;
        Ok(Answer {
            head: head(&response),
            response,
        })
    }
}

/// The host of a base URL, with its port where it is not the usual one.
pub fn host(base_url: &Url) -> String {
    let host = base_url.host_str().unwrap_or("the server");
    base_url
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The key as a header that no log shows.
fn bearer(key: &SecretString) -> Result<HeaderValue> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| {
            Error::new(
                ErrorCode::KeyRejected,
                "The key holds characters that no key has.",
            )
            .hint("Copy it again, without spaces or line ends.")
        })?;
    value.set_sensitive(true);
    Ok(value)
}

fn head(response: &reqwest::Response) -> AnswerHead {
    let text = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let retry = RetryHeaders {
        retry_after_ms: text("retry-after-ms"),
        retry_after: text("retry-after"),
        should_retry: text("x-should-retry"),
    };
    AnswerHead {
        status: response.status().as_u16(),
        content_type: text(CONTENT_TYPE.as_str()).unwrap_or_default(),
        request_id: text(REQUEST_ID.as_str()),
        location: text(LOCATION.as_str()),
        sample: text(SAMPLE.as_str()),
        recorded: recorded(response),
        retry,
    }
}

fn recorded(response: &reqwest::Response) -> Option<Recorded> {
    let figure = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    Some(Recorded {
        at: figure(RECORDED_AT)?.parse().ok()?,
        original_ms: figure(ORIGINAL_MS)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_server_stays_in_its_place() {
        let at = |base: &str, id: &str| {
            let target = Target {
                base_url: Target::base_url(base).unwrap(),
                key: None,
                own: None,
            };
            target.endpoint(&["responses", id, "cancel"]).to_string()
        };
        assert_eq!(
            at("https://host.example/v1/", "resp_1"),
            "https://host.example/v1/responses/resp_1/cancel"
        );
        assert_eq!(
            at("https://host.example", "a/../b?c#d"),
            "https://host.example/responses/a%2F..%2Fb%3Fc%23d/cancel"
        );
    }

    #[test]
    fn a_way_out_that_is_none_is_told_by_what_needs_it() {
        let network = Network {
            proxy: Some("nowhere".to_owned().into()),
            ca_file: None,
        };
        let transport = Transport::new(&network, &Timeouts::default()).unwrap();
        let target = |base: &str| Target {
            base_url: Target::base_url(base).unwrap(),
            key: None,
            own: None,
        };
        assert!(transport.client(&target("http://127.0.0.1:1/v1")).is_ok());
        let lost = transport
            .client(&target("https://host.example/v1"))
            .unwrap_err();
        assert_eq!(lost.error.code, ErrorCode::BadInput);
    }
}
