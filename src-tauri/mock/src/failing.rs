//! The failures that are whole answers, in the API's own words (API.md 4, 11).

use std::time::{Duration, SystemTime};

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use crate::fault_kind::{FaultKind, RateCode};

const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

pub(crate) const OVERFLOW: &str =
    "Your input exceeds the context window of this model. Please adjust your input and try again.";
pub(crate) const QUOTA: &str = "You exceeded your current quota, please check your plan and billing details. For \
    more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.";
pub(crate) const OVERLOADED: &str = "Our servers are currently overloaded. Please try again later.";
pub(crate) const SERVER_ERROR: &str =
    "The server had an error while processing your request. Sorry about that!";

/// A log-in page of a network: what stands between the client and the API.
const PAGE: &str = "<!DOCTYPE html>\n<html>\n<head><title>Sign in to this network</title></head>\n\
    <body><h1>Sign in to this network</h1></body>\n</html>\n";

/// The answer of a failure that needs no other; none for one that bends an answer. `key` is the key that came
/// with the request, masked.
pub(crate) fn answer(kind: &FaultKind, model: &str, key: &str) -> Option<Response> {
    let response = match kind {
        FaultKind::RateLimited {
            retry_after_ms,
            retry_after_s,
            retry_after_date,
            code,
            should_retry,
        } => {
            let body = match code {
                RateCode::RateLimitExceeded => envelope(
                    &rate_message(model),
                    "requests",
                    None,
                    Some("rate_limit_exceeded"),
                ),
                RateCode::SlowDown => {
                    envelope("Slow down", "rate_limit_error", None, Some("slow_down"))
                }
            };
            let mut response = error(StatusCode::TOO_MANY_REQUESTS, body);
            set(
                &mut response,
                RETRY_AFTER_MS,
                retry_after_ms.map(|ms| ms.to_string()),
            );
            let wait = retry_after_s.map(|seconds| seconds.to_string());
            let date = retry_after_date.map(http_date);
            set(&mut response, header::RETRY_AFTER, wait.or(date));
            set(
                &mut response,
                SHOULD_RETRY,
                should_retry.map(|retry| retry.to_string()),
            );
            response
        }
        FaultKind::InsufficientQuota { code } => error(
            StatusCode::TOO_MANY_REQUESTS,
            envelope(QUOTA, "insufficient_quota", None, Some(code)),
        ),
        FaultKind::ServerError {} => error(
            StatusCode::INTERNAL_SERVER_ERROR,
            envelope(SERVER_ERROR, "server_error", None, Some("server_error")),
        ),
        FaultKind::Overloaded { retry_after_s } => {
            let body = envelope(
                OVERLOADED,
                "service_unavailable_error",
                None,
                Some("server_is_overloaded"),
            );
            let mut response = error(StatusCode::SERVICE_UNAVAILABLE, body);
            let wait = retry_after_s.map(|seconds| seconds.to_string());
            set(&mut response, header::RETRY_AFTER, wait);
            response
        }
        FaultKind::ContextLengthExceeded {} => error(
            StatusCode::BAD_REQUEST,
            envelope(
                OVERFLOW,
                "invalid_request_error",
                Some("input"),
                Some("context_length_exceeded"),
            ),
        ),
        FaultKind::InvalidKey {} => invalid_key(key),
        FaultKind::Forbidden {} => error(
            StatusCode::FORBIDDEN,
            envelope(
                "Country, region, or territory not supported",
                "request_forbidden",
                None,
                Some("unsupported_country_region_territory"),
            ),
        ),
        FaultKind::Status {
            status,
            message,
            r#type,
            param,
            code,
            should_retry,
        } => {
            let body = envelope(message, r#type, param.as_deref(), code.as_deref());
            let mut response = error(status_of(*status), body);
            set(
                &mut response,
                SHOULD_RETRY,
                should_retry.map(|retry| retry.to_string()),
            );
            response
        }
        FaultKind::Redirect { to, status } => {
            let mut response = status_of(*status).into_response();
            set(&mut response, header::LOCATION, Some(to.clone()));
            response
        }
        FaultKind::HtmlPage {} => Html(PAGE).into_response(),
        _ => return None,
    };
    Some(response)
}

/// 401 for a key that is not the right one, or for none.
pub(crate) fn invalid_key(key: &str) -> Response {
    let place = "You can find your API key at https://platform.openai.com/account/api-keys.";
    let message = match key {
        "" => format!(
            "You didn't provide an API key. You need to provide your API key in an Authorization header using \
             Bearer auth (i.e. Authorization: Bearer YOUR_KEY). {place}"
        ),
        key => format!("Incorrect API key provided: {key}. {place}"),
    };
    let body = envelope(
        &message,
        "invalid_request_error",
        None,
        Some("invalid_api_key"),
    );
    error(StatusCode::UNAUTHORIZED, body)
}

fn rate_message(model: &str) -> String {
    format!(
        "Rate limit reached for {model} in organization rheostat-stand-in on requests per min (RPM): Limit 500, \
         Used 500, Requested 1. Please try again in 120ms. Visit \
         https://platform.openai.com/account/rate-limits to learn more."
    )
}

/// The error body, all four keys always there.
pub(crate) fn envelope(
    message: &str,
    kind: &str,
    param: Option<&str>,
    code: Option<&str>,
) -> Value {
    json!({"error": {"message": message, "type": kind, "param": param, "code": code}})
}

pub(crate) fn error(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

fn set(response: &mut Response, name: HeaderName, value: Option<String>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        response.headers_mut().insert(name, value);
    }
}

fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn http_date(seconds_from_now: i64) -> String {
    let away = Duration::from_secs(seconds_from_now.unsigned_abs());
    let now = SystemTime::now();
    let moment = match seconds_from_now < 0 {
        true => now.checked_sub(away),
        false => now.checked_add(away),
    };
    httpdate::fmt_http_date(moment.unwrap_or(now))
}
