//! Who may come in: programs on this machine, and of web pages only those whose origin the user named.
//!
//! A page can point a name of its own at 127.0.0.1 (DNS rebinding), so the `Host` header must name this
//! machine; and a browser sends `Origin` or `Sec-Fetch-Site` with what a foreign page asks for.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::fault::Fault;
use crate::routes::House;

const OWN_NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

pub(crate) async fn guard(State(house): State<House>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN);
    let named = origin
        .filter(|origin| house.controls.names(origin))
        .cloned();
    if let Some(message) = refusal(
        request.headers(),
        request.uri(),
        house.port,
        named.is_some(),
    ) {
        return Fault::new(StatusCode::FORBIDDEN, message).into_response();
    }
    let Some(origin) = named else {
        return next.run(request).await;
    };
    let asks_first = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match asks_first {
        true => may_ask(request.headers()),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("*"),
    );
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

/// What a browser asks before it sends a page's request.
fn may_ask(headers: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let methods = HeaderValue::from_static("GET, POST, DELETE");
    let answer = response.headers_mut();
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(wanted) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    answer.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static("600"),
    );
    response
}

fn refusal(headers: &HeaderMap, uri: &Uri, port: u16, named: bool) -> Option<String> {
    let text = |name: header::HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or(""));
    let hosts = headers.get_all(header::HOST).iter().count();
    let host = text(header::HOST).or_else(|| uri.authority().map(|a| a.as_str()));
    if hosts > 1 || !host.is_some_and(|host| is_own_host(host, port)) {
        return Some(
            "Rheostat's stand-in answers only to 127.0.0.1, localhost and [::1] with its own port."
                .to_owned(),
        );
    }
    if named {
        return None;
    }
    let foreign_origin = text(header::ORIGIN).is_some_and(|origin| {
        !origin
            .strip_prefix("http://")
            .is_some_and(|host| is_own_host(host, port))
    });
    // A picture or a script tag sends no Origin, but a browser marks where it came from.
    let foreign_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| !matches!(site.to_str(), Ok("none" | "same-origin")));
    (foreign_origin || foreign_site)
        .then(|| "Rheostat's stand-in does not answer this web page: its origin is not among those allowed.".to_owned())
}

fn is_own_host(host: &str, port: u16) -> bool {
    OWN_NAMES.iter().any(|name| {
        host.len() >= name.len()
            && host.is_char_boundary(name.len())
            && host[..name.len()].eq_ignore_ascii_case(name)
            && host[name.len()..] == format!(":{port}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        refusal(&headers, &Uri::from_static("/v1/models"), 4010, false).is_none()
    }

    #[test]
    fn only_this_machine_comes_in() {
        let cases: [(&[(&str, &str)], bool); 15] = [
            (&[("host", "127.0.0.1:4010")], true),
            (&[("host", "localhost:4010")], true),
            (&[("host", "LocalHost:4010")], true),
            (&[("host", "[::1]:4010")], true),
            (&[], false),
            (&[("host", "127.0.0.1")], false),
            (&[("host", "127.0.0.1:4011")], false),
            (&[("host", "localhost.evil.example:4010")], false),
            (&[("host", "evil.example:4010")], false),
            (
                &[
                    ("host", "127.0.0.1:4010"),
                    ("origin", "http://localhost:4010"),
                ],
                true,
            ),
            (
                &[
                    ("host", "127.0.0.1:4010"),
                    ("origin", "https://evil.example"),
                ],
                false,
            ),
            (&[("host", "127.0.0.1:4010"), ("origin", "null")], false),
            (
                &[
                    ("host", "127.0.0.1:4010"),
                    ("origin", "https://localhost:4010"),
                ],
                false,
            ),
            (
                &[("host", "127.0.0.1:4010"), ("sec-fetch-site", "cross-site")],
                false,
            ),
            (
                &[("host", "127.0.0.1:4010"), ("sec-fetch-site", "none")],
                true,
            ),
        ];
        for (pairs, welcome) in cases {
            assert_eq!(verdict(pairs), welcome, "{pairs:?}");
        }
    }
}
