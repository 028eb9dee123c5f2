//! Where requests go that nothing here answers: the real API, or another server that speaks it.

use std::fmt;
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use ts_rs::TS;

use crate::asked::Asked;
use crate::failing::{envelope, error};
use crate::headers::AsRecorded;

/// A server to forward to, and with which key.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// What stands in place of this stand-in's own base URL, such as `https://api.openai.com/v1`.
    pub base_url: String,
    pub key: UpstreamKey,
    /// Answers with a status of 400 and above are recorded too. They always pass through.
    pub record_errors: bool,
}

#[derive(Debug, Clone)]
pub enum UpstreamKey {
    /// What the client sends, unless that is the stand-in's own token.
    Pass,
    Given(Secret),
}

/// A key that prints as stars.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(secret: impl Into<String>) -> Self {
        Secret(secret.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What can be shown of an upstream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "MockUpstream")]
pub struct UpstreamState {
    pub base_url: String,
    /// A key of its own is used, not the client's.
    pub own_key: bool,
    pub record_errors: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    #[error("{0:?} is no base URL: give one such as https://api.openai.com/v1.")]
    BaseUrl(String),
    #[error("The stand-in cannot be its own upstream.")]
    Itself,
    #[error("The key holds what no header can.")]
    Key,
    #[error("No connection can be set up: {0}")]
    Client(String),
}

/// Concern one connection, not the message (RFC 9110, 7.6.1); so do the fields that `connection` names.
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Set anew for the next hop. Nothing is compressed on the way, so that it can be recorded as it comes.
const SET_ANEW: [HeaderName; 3] = [
    header::HOST,
    header::CONTENT_LENGTH,
    header::ACCEPT_ENCODING,
];

/// An answer may take as long as a model thinks; a connection may not.
const CONNECT: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Forwarder {
    pub upstream: Upstream,
    authorization: Option<HeaderValue>,
    client: reqwest::Client,
}

impl Forwarder {
    pub(crate) fn new(upstream: Upstream, own_port: u16) -> Result<Self, UpstreamError> {
        let url = reqwest::Url::parse(&upstream.base_url);
        let wrong = || UpstreamError::BaseUrl(upstream.base_url.clone());
        let url = url.map_err(|_| wrong())?;
        let host = url
            .host_str()
            .filter(|_| matches!(url.scheme(), "http" | "https"));
        let host = host.ok_or_else(wrong)?;
        if !url.username().is_empty() || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong());
        }
        let local = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
        if local && url.port_or_known_default() == Some(own_port) {
            return Err(UpstreamError::Itself);
        }
        let authorization = match &upstream.key {
            UpstreamKey::Pass => None,
            UpstreamKey::Given(secret) => {
                let value = HeaderValue::from_str(&format!("Bearer {}", secret.reveal()));
                let mut value = value.map_err(|_| UpstreamError::Key)?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        // A redirect passes through like any answer: the key must not follow it.
        let mut client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT);
        if local {
            client = client.no_proxy();
        }
        let client = client
            .build()
            .map_err(|error| UpstreamError::Client(error.to_string()))?;
        Ok(Forwarder {
            upstream,
            authorization,
            client,
        })
    }

    pub(crate) fn state(&self) -> UpstreamState {
        UpstreamState {
            base_url: self.upstream.base_url.clone(),
            own_key: self.authorization.is_some(),
            record_errors: self.upstream.record_errors,
        }
    }

    /// Sends the request on. The body of the answer comes as it arrives; dropping it ends the request there.
    pub(crate) async fn forward(&self, parts: &Parts, asked: &Asked, own_token: bool) -> Response {
        let path = asked.path.strip_prefix("/v1").unwrap_or(&asked.path);
        let url = format!("{}{path}", self.upstream.base_url.trim_end_matches('/'));
        let mut headers = end_to_end(&parts.headers);
        headers.retain_names(|name| {
            !SET_ANEW.contains(name) && !name.as_str().starts_with("x-rheostat-")
        });
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        );
        match &self.authorization {
            Some(own) => {
                headers.insert(header::AUTHORIZATION, own.clone());
            }
            // The token opens this door alone.
            None if own_token => {
                headers.remove(header::AUTHORIZATION);
            }
            None => {}
        }
        let request = self
            .client
            .request(asked.method.clone(), url)
            .headers(headers);
        match request.body(asked.bytes.clone()).send().await {
            Ok(answer) => passed(answer),
            Err(reason) => {
                let message = format!(
                    "Rheostat's stand-in could not reach {}: {}",
                    self.upstream.base_url,
                    told(&reason.without_url())
                );
                let body = envelope(
                    &message,
                    "upstream_error",
                    None,
                    Some("upstream_unreachable"),
                );
                error(StatusCode::BAD_GATEWAY, body)
            }
        }
    }
}

/// An error with what caused it, for the outer one often says little.
fn told(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

fn passed(answer: reqwest::Response) -> Response {
    let status = answer.status();
    let headers = end_to_end(answer.headers());
    let mut response = Response::new(axum::body::Body::from_stream(answer.bytes_stream()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.extensions_mut().insert(AsRecorded);
    response
}

fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let mut kept = headers.clone();
    kept.retain_names(|name| {
        let name = name.as_str();
        !HOP_BY_HOP.contains(&name) && !named.iter().any(|hop| hop == name)
    });
    kept
}

trait RetainNames {
    fn retain_names(&mut self, keep: impl Fn(&HeaderName) -> bool);
}

impl RetainNames for HeaderMap {
    fn retain_names(&mut self, keep: impl Fn(&HeaderName) -> bool) {
        let gone: Vec<HeaderName> = self.keys().filter(|name| !keep(name)).cloned().collect();
        for name in gone {
            self.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(base_url: &str) -> Option<UpstreamError> {
        let upstream = Upstream {
            base_url: base_url.to_owned(),
            key: UpstreamKey::Pass,
            record_errors: false,
        };
        Forwarder::new(upstream, 4010).err()
    }

    #[test]
    fn a_base_url_is_checked() {
        for wrong in [
            "",
            "api.openai.com",
            "ftp://a.example",
            "https://user@a.example/v1",
            "https://a.example/?q",
        ] {
            assert_eq!(
                refused(wrong),
                Some(UpstreamError::BaseUrl(wrong.to_owned()))
            );
        }
        assert_eq!(
            refused("http://localhost:4010/v1"),
            Some(UpstreamError::Itself)
        );
        assert_eq!(refused("http://localhost:4011/v1"), None);
    }

    #[test]
    fn a_secret_prints_as_stars() {
        assert_eq!(
            format!("{:?}", UpstreamKey::Given(Secret::new("sk-test"))),
            "Given(***)"
        );
    }

    #[test]
    fn what_concerns_one_connection_stays_behind() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Mine"),
            ("x-mine", "1"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("keep-alive", "timeout=5"),
            ("x-request-id", "req_1"),
        ] {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        let kept = end_to_end(&headers);
        let names: Vec<&str> = kept.keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["x-request-id"]);
    }
}
