//! Every failure explained: from an HTTP answer, an event, or a connection to an error with a code.

use serde_json::Value;

use super::sse::{SseError, with_causes};
use crate::error::{Error, ErrorCode};

/// What an answer said beside its body.
#[derive(Debug, Clone, Default)]
pub struct AnswerHead {
    pub status: u16,
    pub content_type: String,
    /// OpenAI's `x-request-id`.
    pub request_id: Option<String>,
    pub retry_after_ms: Option<u64>,
    /// Where a redirect points.
    pub location: Option<String>,
    /// Set by the stand-in on every reply of its own: `written` or `composed`.
    pub sample: Option<String>,
}

/// Billing codes of a 429: waiting does not help (API.md 4).
const BILLING: &[&str] = &[
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
];

/// The fault of an HTTP answer that is not a success. `host` names the server in the words.
pub fn of_answer(head: &AnswerHead, body: &str, host: &str) -> Error {
    let mut fault = match serde_json::from_str::<Value>(body)
        .ok()
        .and_then(|value| value.get("error").cloned())
    {
        Some(error @ Value::Object(_)) => of_error_object(&error, Some(head.status)),
        _ => of_foreign_answer(head, body, host),
    };
    fault.http_status = Some(head.status);
    fault.request_id = head.request_id.clone();
    fault.retry_after_ms = head.retry_after_ms;
    if fault.detail.is_none() && !body.is_empty() {
        fault = fault.detail(body);
    }
    fault
}

/// An answer without OpenAI's envelope: another server, a proxy, a login page.
fn of_foreign_answer(head: &AnswerHead, body: &str, host: &str) -> Error {
    if let (300..=399, Some(location)) = (head.status, &head.location) {
        return Error::new(ErrorCode::NotTheApi, format!("{host} redirects to {location}. Redirects are not followed, so that the key goes nowhere else."))
            .hint("Set the base URL to where the API really is.");
    }
    if looks_like_html(&head.content_type, body) {
        return not_the_api(host, &head.content_type, Some(head.status));
    }
    let (code, hint) = by_status(head.status);
    Error::new(
        code,
        format!(
            "{host} answered with HTTP {} and no explanation.",
            head.status
        ),
    )
    .hint(hint)
}

/// A success whose content is not what this API sends.
pub fn not_the_api(host: &str, content_type: &str, status: Option<u16>) -> Error {
    let kind = if content_type.is_empty() {
        "something of no stated type"
    } else {
        content_type
    };
    let mut fault = Error::new(ErrorCode::NotTheApi, format!("{host} answered with {kind}, not with the Responses API."))
        .hint("Check the base URL: it usually ends in /v1. A sign-in page of a network or a proxy looks like this, too.");
    fault.http_status = status;
    fault
}

/// Whether an answer is a web page.
pub fn looks_like_html(content_type: &str, body: &str) -> bool {
    content_type.starts_with("text/html")
        || body.trim_start().get(..1).is_some_and(|first| first == "<")
}

/// The fault of an error object, from an HTTP body, an `error` event or `response.error`.
pub fn of_error_object(error: &Value, status: Option<u16>) -> Error {
    let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    let (code, kind, message) = (text("code"), text("type"), text("message"));
    let (ours, hint) = match (code, kind, status) {
        (code, kind, _) if BILLING.contains(&code) || BILLING.contains(&kind) => (
            ErrorCode::QuotaExceeded,
            "Retrying will not help. Add credit or raise the limit in the billing settings, or use another key.",
        ),
        ("invalid_api_key", ..) | (_, _, Some(401)) => (
            ErrorCode::KeyRejected,
            "It may be revoked or mistyped. Replace the key under Connection.",
        ),
        ("model_not_found", ..) => (
            ErrorCode::ModelNotFound,
            "Choose another model, or check that the key's project may use this one.",
        ),
        ("context_length_exceeded", ..) => (
            ErrorCode::ContextTooLong,
            "Shorten the input. It is not retried.",
        ),
        ("invalid_json_schema", ..) => (
            ErrorCode::SchemaRefused,
            "Mend the schema at the place named. It is not retried.",
        ),
        (
            "invalid_prompt" | "cyber_policy" | "bio_policy" | "misalignment_policy_violation",
            ..,
        ) => (
            ErrorCode::PromptDeclined,
            "Retrying will not help. Rewriting the prompt may.",
        ),
        ("server_is_overloaded", ..) | (_, "service_unavailable_error", _) => {
            (ErrorCode::Overloaded, "Wait a little and run it again.")
        }
        ("rate_limit_exceeded" | "slow_down", ..) => (
            ErrorCode::RateLimited,
            "Wait a little and run it again, or run fewer at once.",
        ),
        ("server_error", ..) => (
            ErrorCode::ServerError,
            "Run it again. If it goes on, the status page tells more.",
        ),
        _ => status.map_or(
            (
                ErrorCode::ServerError,
                "Run it again. If it goes on, the status page tells more.",
            ),
            by_status,
        ),
    };
    let message = if message.is_empty() {
        format!(
            "The API gave no message ({})",
            if code.is_empty() { kind } else { code }
        )
    } else {
        message.to_owned()
    };
    let mut fault = Error::new(ours, message)
        .hint(hint)
        .detail(error.to_string());
    fault.place = error
        .get("param")
        .and_then(Value::as_str)
        .map(str::to_owned);
    fault
}

/// What a status alone tells (API.md 4).
fn by_status(status: u16) -> (ErrorCode, &'static str) {
    match status {
        401 => (
            ErrorCode::KeyRejected,
            "It may be revoked or mistyped. Replace the key under Connection.",
        ),
        403 => (
            ErrorCode::PermissionDenied,
            "The key's project, region or programme does not allow this.",
        ),
        404 => (
            ErrorCode::NotTheApi,
            "Check the base URL: it usually ends in /v1.",
        ),
        429 => (
            ErrorCode::RateLimited,
            "Wait a little and run it again, or run fewer at once.",
        ),
        503 => (ErrorCode::Overloaded, "Wait a little and run it again."),
        408 | 409 | 500.. => (
            ErrorCode::ServerError,
            "Run it again. If it goes on, the status page tells more.",
        ),
        _ => (
            ErrorCode::RequestRejected,
            "Mend the field named. It is not retried.",
        ),
    }
}

/// The fault of a request that got no answer.
pub fn of_connection(error: &reqwest::Error, host: &str) -> Error {
    let causes = with_causes(error).to_lowercase();
    let fault = if causes.contains("certificate")
        || causes.contains("handshake")
        || causes.contains("tls")
    {
        Error::new(
            ErrorCode::TlsFailed,
            format!("The secure connection to {host} could not be made."),
        )
        .hint("A proxy that inspects traffic, an expired certificate or a wrong clock causes this.")
    } else if error.is_timeout() {
        Error::new(
            ErrorCode::Offline,
            format!("{host} did not answer in time."),
        )
        .hint("Check the network and the base URL. Sample replies still work.")
    } else if error.is_connect() || error.is_request() {
        let why =
            if causes.contains("dns") || causes.contains("resolve") || causes.contains("lookup") {
                "its name could not be found"
            } else if causes.contains("refused") {
                "nothing listens there"
            } else {
                "the connection failed"
            };
        Error::new(
            ErrorCode::Offline,
            format!("{host} could not be reached: {why}."),
        )
        .hint("Check the network and the base URL. Sample replies still work.")
    } else {
        Error::new(
            ErrorCode::StreamCut,
            format!("The connection to {host} was lost."),
        )
        .hint("Run it again. What had arrived is kept and may be charged.")
    };
    fault.detail(with_causes(error))
}

/// The fault of a stream that could not be read on. `event` is the number of the event it broke at.
pub fn of_stream(error: &SseError, event: u32, host: &str) -> Error {
    match error {
        SseError::Connection(cause) => Error::new(
            ErrorCode::StreamCut,
            format!("The connection to {host} was lost after {event} events."),
        )
        .hint("Run it again. What had arrived is kept and may be charged.")
        .detail(cause.clone()),
        SseError::TooLarge | SseError::Invalid(_) => Error::new(
            ErrorCode::StreamInvalid,
            format!("Event {event} could not be read: {error}."),
        )
        .hint("What came before it is kept and may be charged."),
    }
}

/// A stream that ended without saying how the response ended (API.md 3.2).
pub fn no_terminal_event(event: u32, host: &str) -> Error {
    Error::new(
        ErrorCode::StreamCut,
        format!("{host} closed the stream after {event} events, before the response was over."),
    )
    .hint("Run it again. What had arrived is kept and may be charged.")
}

/// Nothing came for the idle limit.
pub fn idle(seconds: u64, event: u32, host: &str) -> Error {
    Error::new(
        ErrorCode::StreamIdle,
        format!("{host} sent nothing for {seconds} s after {event} events."),
    )
    .hint("Run it again. What had arrived is kept and may be charged.")
}
