//! Every failure explained: from an HTTP answer, an event, or a connection to an error with a code.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::retry::{Cause, RetryHeaders};
use super::sse::{SseError, with_causes};
use super::timeouts::in_words;
use super::transport::BodyError;
use crate::error::{Error, ErrorCode};

/// What an answer said beside its body.
#[derive(Debug, Clone, Default)]
pub struct AnswerHead {
    pub status: u16,
    pub content_type: String,
    /// OpenAI's `x-request-id`.
    pub request_id: Option<String>,
    /// What it says about trying again.
    pub retry: RetryHeaders,
    /// Where a redirect points.
    pub location: Option<String>,
    /// Set by the stand-in on every reply of its own: `written` or `composed`.
    pub sample: Option<String>,
    /// The stand-in's word that the answer was recorded: when, and how long it took then.
    pub recorded: Option<Recorded>,
}

/// When an answer of the stand-in was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// ms since the epoch, UTC.
    pub at: i64,
    /// How long it took then, in ms.
    pub original_ms: u64,
}

/// A request that got no answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{error}")]
pub struct Lost {
    pub error: Error,
    pub cause: Cause,
    /// It may have arrived, and may be at work.
    pub reached: bool,
}

impl Lost {
    /// A request that never left, and would not the next time.
    pub fn unsent(error: Error) -> Self {
        Self {
            error,
            cause: Cause::Certain,
            reached: false,
        }
    }
}

/// Whether something may have been charged for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, Default,
)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Charged {
    /// It did not arrive, was refused before any work, or came from the stand-in.
    No,
    /// Nothing is known: no usage came, and the kind of failure rules nothing out.
    #[default]
    Maybe,
    /// Usage was reported.
    Yes,
}

/// How far a request had come when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// An HTTP error, in place of a response.
    Answered,
    /// A failure inside a 200.
    Begun {
        /// Something of the output had come.
        output: bool,
    },
}

/// Whether a request that failed with `fault`, without usage, may have been charged. No is only said
/// where the kind of failure says that no model ran: refused for its key, its limits or its form
/// (API.md 4). A server error rules nothing out, and a declined prompt may have been read first.
pub fn charged(fault: &Error, stage: Stage) -> Charged {
    use ErrorCode as Code;
    if stage == (Stage::Begun { output: true }) {
        return Charged::Maybe;
    }
    match fault.code {
        Code::KeyMissing
        | Code::KeyRejected
        | Code::PermissionDenied
        | Code::ModelNotFound
        | Code::RateLimited
        | Code::QuotaExceeded
        | Code::ContextTooLong
        | Code::SchemaRefused
        | Code::RequestRejected => Charged::No,
        Code::NotTheApi if matches!(fault.http_status, Some(300..=399)) => Charged::No,
        _ => Charged::Maybe,
    }
}

/// What an error's code or type means: ours, and the next step.
struct Known {
    /// Codes and types as the API sends them.
    names: &'static [&'static str],
    code: ErrorCode,
    hint: &'static str,
}

/// Every code of API.md 4 and 11 that its status alone does not explain.
const KNOWN: &[Known] = &[
    Known {
        names: &["credit_balance_exhausted"],
        code: ErrorCode::QuotaExceeded,
        hint: "The prepaid credit is used up, and retrying will not help. Add credit in the billing settings, or use another key.",
    },
    Known {
        names: &["organization_spend_limit_exceeded"],
        code: ErrorCode::QuotaExceeded,
        hint: "The organisation's spending limit is reached, and retrying will not help. An owner can raise it in the billing settings.",
    },
    Known {
        names: &["project_spend_limit_exceeded"],
        code: ErrorCode::QuotaExceeded,
        hint: "The project's spending limit is reached, and retrying will not help. Raise it in the project's settings, or use a key of another project.",
    },
    Known {
        names: &["organization_usage_limit_exceeded"],
        code: ErrorCode::QuotaExceeded,
        hint: "The organisation's usage limit is reached, and retrying will not help. A higher usage tier raises it.",
    },
    Known {
        names: &["insufficient_quota"],
        code: ErrorCode::QuotaExceeded,
        hint: "Retrying will not help. Add credit or raise the limit in the billing settings, or use another key.",
    },
    Known {
        names: &["invalid_api_key"],
        code: ErrorCode::KeyRejected,
        hint: "It may be revoked or mistyped. Replace the key under Connection.",
    },
    Known {
        names: &["model_not_found"],
        code: ErrorCode::ModelNotFound,
        hint: "Choose another model, or check that the key's project may use this one.",
    },
    Known {
        names: &["context_length_exceeded"],
        code: ErrorCode::ContextTooLong,
        hint: "Shorten the input. It is not retried.",
    },
    Known {
        names: &["invalid_json_schema"],
        code: ErrorCode::SchemaRefused,
        hint: "Mend the schema at the place named. It is not retried.",
    },
    Known {
        names: &[
            "invalid_prompt",
            "cyber_policy",
            "bio_policy",
            "misalignment_policy_violation",
        ],
        code: ErrorCode::PromptDeclined,
        hint: "Retrying will not help. Rewriting the prompt may.",
    },
    Known {
        names: &["unsupported_parameter"],
        code: ErrorCode::RequestRejected,
        hint: "Take the field named out of the body, or put it where the message says. It is not retried.",
    },
    Known {
        names: &["unknown_parameter"],
        code: ErrorCode::RequestRejected,
        hint: "There is no such field: check its spelling, or take it out. It is not retried.",
    },
    Known {
        names: &["unsupported_value"],
        code: ErrorCode::RequestRejected,
        hint: "Choose one of the values that the message lists. It is not retried.",
    },
    Known {
        names: &["missing_required_parameter"],
        code: ErrorCode::RequestRejected,
        hint: "Add the field named. It is not retried.",
    },
    Known {
        names: &["previous_response_not_found"],
        code: ErrorCode::RequestRejected,
        hint: "The earlier response was not stored, or is gone. Send the whole conversation in its place. It is not retried.",
    },
    Known {
        names: &["server_is_overloaded"],
        code: ErrorCode::Overloaded,
        hint: "Wait a little and run it again.",
    },
    Known {
        names: &["rate_limit_exceeded"],
        code: ErrorCode::RateLimited,
        hint: "Wait a little and run it again, or run fewer at once.",
    },
    Known {
        names: &["slow_down"],
        code: ErrorCode::RateLimited,
        hint: "Requests rise too quickly. Run fewer at once for a while, then raise them step by step.",
    },
    Known {
        names: &["server_error"],
        code: ErrorCode::ServerError,
        hint: SERVER_ERROR_HINT,
    },
    // Types: they speak where the code is not known.
    Known {
        names: &["service_unavailable_error"],
        code: ErrorCode::Overloaded,
        hint: "Wait a little and run it again.",
    },
    Known {
        names: &["rate_limit_error"],
        code: ErrorCode::RateLimited,
        hint: "Wait a little and run it again, or run fewer at once.",
    },
];

const SERVER_ERROR_HINT: &str = "Run it again. If it goes on, the status page tells more.";

fn known(name: &str) -> Option<(ErrorCode, &'static str)> {
    KNOWN
        .iter()
        .find(|known| known.names.contains(&name))
        .map(|known| (known.code, known.hint))
}

/// The fault of an HTTP answer that is not a success. `host` names the server in the words; `now_ms`,
/// since the epoch, tells how long a wait until a date is.
pub fn of_answer(head: &AnswerHead, body: &str, host: &str, now_ms: i64) -> Error {
    let mut fault = match serde_json::from_str::<Value>(body)
        .ok()
        .and_then(|value| value.get("error").cloned())
    {
        Some(error @ Value::Object(_)) => of_error_object(&error, Some(head.status)),
        _ => of_foreign_answer(head, body, host),
    };
    fault.http_status = Some(head.status);
    fault.request_id = head.request_id.clone();
    fault.retry_after_ms = head.retry.wait_ms(now_ms);
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
    if head.status == 407 {
        return proxy_wants_a_password("The proxy");
    }
    if looks_like_html(&head.content_type, body) {
        return not_the_api(host, &head.content_type, Some(head.status));
    }
    let (code, hint) = match head.status {
        // Without OpenAI's envelope nothing says that this address is the API's.
        404 => (
            ErrorCode::NotTheApi,
            "Check the base URL: it usually ends in /v1.",
        ),
        status => by_status(status),
    };
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
    // A billing type stands over a code that speaks of waiting: waiting does not help (API.md 4).
    let billing = known(kind).filter(|(ours, _)| *ours == ErrorCode::QuotaExceeded);
    let (ours, hint) = known(code)
        .filter(|(ours, _)| billing.is_none() || *ours == ErrorCode::QuotaExceeded)
        .or(billing)
        .or_else(|| known(kind))
        .or_else(|| status.map(by_status))
        .unwrap_or((ErrorCode::ServerError, SERVER_ERROR_HINT));
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

/// What a status alone tells of an answer of this API (API.md 4).
fn by_status(status: u16) -> (ErrorCode, &'static str) {
    match status {
        401 => (
            ErrorCode::KeyRejected,
            "It may be revoked or mistyped, or not be meant for this organisation or this network. Replace the key under Connection.",
        ),
        403 => (
            ErrorCode::PermissionDenied,
            "The key's project, region or programme does not allow this. It is not retried.",
        ),
        404 => (
            ErrorCode::RequestRejected,
            "Nothing is there by that name. Check the ids in the body, and the base URL: it usually ends in /v1.",
        ),
        408 => (
            ErrorCode::ServerError,
            "The server stopped waiting for the request. Run it again.",
        ),
        409 => (
            ErrorCode::ServerError,
            "Something else was at work on the same thing. Run it again.",
        ),
        413 => (
            ErrorCode::RequestRejected,
            "The request is too large. Shorten the input or send files by their id. It is not retried.",
        ),
        429 => (
            ErrorCode::RateLimited,
            "Wait a little and run it again, or run fewer at once.",
        ),
        503 => (ErrorCode::Overloaded, "Wait a little and run it again."),
        500.. => (ErrorCode::ServerError, SERVER_ERROR_HINT),
        _ => (
            ErrorCode::RequestRejected,
            "Mend the field named. It is not retried.",
        ),
    }
}

const OFFLINE_HINT: &str = "Check the network and the base URL. Sample replies still work.";
const MAY_BE_CHARGED: &str = "Run it again. What had arrived is kept and may be charged.";

/// The fault of a request that got no answer. `proxy` names the one that was set, if any; `limit` is
/// the one for the connection.
pub fn of_connection(
    error: &reqwest::Error,
    host: &str,
    proxy: Option<&str>,
    limit: Duration,
) -> Lost {
    let causes = with_causes(error);
    let (fault, cause) = if error.is_timeout() && error.is_connect() {
        let fault = Error::new(
            ErrorCode::TimedOut,
            format!(
                "No connection to {host} came about within {}.",
                in_words(limit)
            ),
        );
        (fault.hint(OFFLINE_HINT), Cause::Timeout)
    } else {
        by_words(&causes.to_lowercase(), host, proxy)
    };
    Lost {
        error: fault.detail(causes),
        cause,
        // What failed to connect can't have been read by anyone.
        reached: !(error.is_connect() || error.is_builder()),
    }
}

/// What the words of a lost connection tell: reqwest and rustls give no types to go by.
fn by_words(causes: &str, host: &str, proxy: Option<&str>) -> (Error, Cause) {
    let has = |words: &[&str]| words.iter().any(|word| causes.contains(word));
    if has(&["proxy authorization required"]) {
        return (proxy_wants_a_password(proxy_name(proxy)), Cause::Certain);
    }
    if has(&["tunnel error"]) {
        let why = if has(&["failed to create underlying connection"]) {
            "could not be reached"
        } else {
            "did not connect to it"
        };
        let fault = Error::new(
            ErrorCode::ProxyFailed,
            format!("{host} is reached by a proxy, and {} {why}.", proxy_name(proxy)),
        )
        .hint("Check the proxy's address and that it allows this host, then start Rheostat again. Sample replies still work.");
        return (fault, Cause::Connection);
    }
    if has(&["certificate"]) {
        return (of_certificate(causes, host), Cause::Certain);
    }
    if has(&["handshake", "tls", "ssl"]) {
        let fault = Error::new(
            ErrorCode::TlsFailed,
            format!("The secure connection to {host} could not be made."),
        )
        .hint("A proxy that inspects traffic, or a server without TLS at this port, causes this.");
        return (fault, Cause::Connection);
    }
    let why = if has(&["dns", "resolve", "lookup"]) {
        "its name could not be found"
    } else if has(&["refused"]) {
        "nothing listens there"
    } else if has(&["reset", "closed", "incomplete"]) {
        "it closed the connection without an answer"
    } else {
        "the connection failed"
    };
    let fault = Error::new(
        ErrorCode::Offline,
        format!("{host} could not be reached: {why}."),
    );
    (fault.hint(OFFLINE_HINT), Cause::Connection)
}

fn of_certificate(causes: &str, host: &str) -> Error {
    let has = |words: &[&str]| words.iter().any(|word| causes.contains(word));
    let (what, hint) = if has(&["expired"]) {
        (
            "has expired",
            "Check this computer's clock. Otherwise the server's owner has to renew it.",
        )
    } else if has(&["not valid yet", "notvalidyet"]) {
        ("is not valid yet", "Check this computer's clock.")
    } else if has(&["not valid for name", "notvalidforname"]) {
        (
            "is for another name",
            "Check the base URL. A sign-in page of a network causes this, too.",
        )
    } else if has(&["revoked"]) {
        (
            "was revoked",
            "Do not send a key there. The server's owner has to replace it.",
        )
    } else if has(&[
        "unknownissuer",
        "unknown issuer",
        "causedasendentity",
        "self-signed",
        "self signed",
    ]) {
        (
            "is self-signed or from an authority that this computer does not know",
            "Where that is meant, such as in a company network, name the authority's PEM file in RHEOSTAT_CA_FILE and start Rheostat again.",
        )
    } else {
        (
            "was not accepted",
            "A proxy that inspects traffic, an expired certificate or a wrong clock causes this.",
        )
    };
    Error::new(
        ErrorCode::TlsFailed,
        format!("The certificate of {host} {what}. Nothing was sent."),
    )
    .hint(hint)
}

fn proxy_name(proxy: Option<&str>) -> &str {
    proxy.unwrap_or("the system's proxy")
}

fn proxy_wants_a_password(name: &str) -> Error {
    Error::new(
        ErrorCode::ProxyFailed,
        format!("{name} asks for a name and a password, or does not accept those given."),
    )
    .hint(
        "Give them in RHEOSTAT_PROXY as http://name:password@host:port, and start Rheostat again.",
    )
}

/// No head of an answer within the limit.
pub fn no_answer(limit: Duration, host: &str) -> Lost {
    let error = Error::new(
        ErrorCode::TimedOut,
        format!("{host} did not begin to answer within {}.", in_words(limit)),
    )
    .hint("Run it again, as a stream or in the background where it thinks for long. It may be charged.");
    Lost {
        error,
        cause: Cause::Timeout,
        reached: true,
    }
}

/// The limit for a whole run has passed.
pub fn over_time(limit: Duration, host: &str) -> Error {
    Error::new(
        ErrorCode::TimedOut,
        format!(
            "The run took longer than the {} that a run may take; {host} was not done.",
            in_words(limit)
        ),
    )
    .hint("Lower the level, or raise the limit. What had arrived is kept and may be charged.")
}

/// An answer without a stream that could not be read to its end.
pub fn of_body(error: &BodyError, idle_limit: Duration, host: &str) -> Error {
    match error {
        BodyError::Connection(cause) => Error::new(
            ErrorCode::StreamCut,
            format!("The connection to {host} was lost within the answer."),
        )
        .hint("Run it again. It may be charged.")
        .detail(with_causes(cause)),
        BodyError::Idle => Error::new(
            ErrorCode::StreamIdle,
            format!(
                "{host} sent nothing for {} within the answer.",
                in_words(idle_limit)
            ),
        )
        .hint("Run it again. It may be charged."),
        BodyError::TooLarge(_) => Error::new(
            ErrorCode::StreamInvalid,
            format!("The answer of {host} was not read: it is {error}."),
        )
        .hint("No answer of this API is that large. Check the base URL."),
    }
}

/// A background response that is no longer there to be resumed or asked for (API.md 6.3).
pub fn response_gone(host: &str) -> Error {
    Error::new(
        ErrorCode::ResponseExpired,
        format!("{host} no longer has this response."),
    )
    .hint("Run it again. What had arrived is kept and may be charged. Responses that are not stored are kept for some minutes only.")
}

/// The fault of a stream that could not be read on. `event` is the number of the event it broke at.
pub fn of_stream(error: &SseError, event: u32, host: &str) -> Error {
    match error {
        SseError::Connection(cause) => Error::new(
            ErrorCode::StreamCut,
            format!("The connection to {host} was lost after {event} events."),
        )
        .hint(MAY_BE_CHARGED)
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
    .hint(MAY_BE_CHARGED)
}

/// Nothing came for the idle limit.
pub fn idle(limit: Duration, event: u32, host: &str) -> Error {
    Error::new(
        ErrorCode::StreamIdle,
        format!(
            "{host} sent nothing for {} after {event} events.",
            in_words(limit)
        ),
    )
    .hint(MAY_BE_CHARGED)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HOST: &str = "api.example";

    fn answer(status: u16, kind: &str, code: &str) -> Error {
        let body =
            json!({"error": {"message": "Said so", "type": kind, "param": "x", "code": code}});
        let head = AnswerHead {
            status,
            content_type: "application/json".into(),
            request_id: Some("req_1".into()),
            ..AnswerHead::default()
        };
        of_answer(&head, &body.to_string(), HOST, 0)
    }

    #[test]
    fn every_answer_of_the_table_is_explained() {
        use Charged::{Maybe, No};
        use ErrorCode as Code;
        let invalid = "invalid_request_error";
        let rows: &[(u16, &str, &str, Code, Charged)] = &[
            (
                400,
                invalid,
                "unsupported_parameter",
                Code::RequestRejected,
                No,
            ),
            (400, invalid, "unknown_parameter", Code::RequestRejected, No),
            (400, invalid, "unsupported_value", Code::RequestRejected, No),
            (
                400,
                invalid,
                "missing_required_parameter",
                Code::RequestRejected,
                No,
            ),
            (
                400,
                invalid,
                "previous_response_not_found",
                Code::RequestRejected,
                No,
            ),
            (400, invalid, "", Code::RequestRejected, No),
            (400, invalid, "invalid_json_schema", Code::SchemaRefused, No),
            (
                400,
                invalid,
                "context_length_exceeded",
                Code::ContextTooLong,
                No,
            ),
            (400, invalid, "invalid_prompt", Code::PromptDeclined, Maybe),
            (400, invalid, "cyber_policy", Code::PromptDeclined, Maybe),
            (401, invalid, "invalid_api_key", Code::KeyRejected, No),
            (401, invalid, "", Code::KeyRejected, No),
            (403, invalid, "", Code::PermissionDenied, No),
            (404, invalid, "model_not_found", Code::ModelNotFound, No),
            (404, invalid, "", Code::RequestRejected, No),
            (408, "", "", Code::ServerError, Maybe),
            (409, "", "", Code::ServerError, Maybe),
            (413, invalid, "", Code::RequestRejected, No),
            (422, invalid, "", Code::RequestRejected, No),
            (
                429,
                "requests",
                "rate_limit_exceeded",
                Code::RateLimited,
                No,
            ),
            (429, "rate_limit_error", "slow_down", Code::RateLimited, No),
            (429, "", "resource_unavailable", Code::RateLimited, No),
            (
                429,
                "insufficient_quota",
                "insufficient_quota",
                Code::QuotaExceeded,
                No,
            ),
            (
                429,
                "insufficient_quota",
                "credit_balance_exhausted",
                Code::QuotaExceeded,
                No,
            ),
            (
                429,
                "insufficient_quota",
                "organization_spend_limit_exceeded",
                Code::QuotaExceeded,
                No,
            ),
            (
                429,
                "insufficient_quota",
                "project_spend_limit_exceeded",
                Code::QuotaExceeded,
                No,
            ),
            (
                429,
                "insufficient_quota",
                "organization_usage_limit_exceeded",
                Code::QuotaExceeded,
                No,
            ),
            (
                429,
                "insufficient_quota",
                "rate_limit_exceeded",
                Code::QuotaExceeded,
                No,
            ),
            (
                500,
                "server_error",
                "server_error",
                Code::ServerError,
                Maybe,
            ),
            (500, "server_error", "", Code::ServerError, Maybe),
            (
                503,
                "service_unavailable_error",
                "server_is_overloaded",
                Code::Overloaded,
                Maybe,
            ),
            (503, "", "", Code::Overloaded, Maybe),
        ];
        for (status, kind, code, ours, charge) in rows {
            let fault = answer(*status, kind, code);
            assert_eq!(fault.code, *ours, "{status} {kind} {code}");
            assert_eq!(
                charged(&fault, Stage::Answered),
                *charge,
                "{status} {kind} {code}"
            );
            assert_eq!(fault.message, "Said so");
            assert_eq!(fault.http_status, Some(*status));
            assert_eq!(fault.request_id.as_deref(), Some("req_1"));
            let hint = fault.hint.unwrap_or_default();
            assert!(
                hint.ends_with('.'),
                "{status} {code}: a next step: {hint:?}"
            );
        }
    }

    #[test]
    fn a_failure_within_a_stream_may_be_charged_once_something_came() {
        let within = |kind: &str, code: &str| {
            of_error_object(&json!({"type": kind, "code": code, "message": "m"}), None)
        };
        let none = Stage::Begun { output: false };
        let quota = within("insufficient_quota", "insufficient_quota");
        assert_eq!(quota.code, ErrorCode::QuotaExceeded);
        assert_eq!(charged(&quota, none), Charged::No);
        assert_eq!(
            charged(&quota, Stage::Begun { output: true }),
            Charged::Maybe
        );
        let busy = within("service_unavailable_error", "server_is_overloaded");
        assert_eq!(busy.code, ErrorCode::Overloaded);
        assert_eq!(charged(&busy, none), Charged::Maybe);
        assert_eq!(within("", "new_code").code, ErrorCode::ServerError);
    }

    #[test]
    fn the_wait_that_is_asked_for_is_in_the_fault() {
        let head = AnswerHead {
            status: 429,
            retry: RetryHeaders {
                retry_after: Some("Thu, 01 Jan 1970 00:00:09 GMT".into()),
                ..RetryHeaders::default()
            },
            ..AnswerHead::default()
        };
        assert_eq!(of_answer(&head, "", HOST, 2000).retry_after_ms, Some(7000));
    }

    #[test]
    fn other_servers_are_told_from_the_api() {
        let of = |status: u16, content_type: &str, body: &str, location: Option<&str>| {
            let head = AnswerHead {
                status,
                content_type: content_type.into(),
                location: location.map(str::to_owned),
                ..AnswerHead::default()
            };
            of_answer(&head, body, HOST, 0)
        };
        let redirect = of(302, "", "", Some("https://login.example/"));
        assert_eq!(redirect.code, ErrorCode::NotTheApi);
        assert_eq!(charged(&redirect, Stage::Answered), Charged::No);
        let page = of(502, "text/html", "<html>", None);
        assert_eq!(page.code, ErrorCode::NotTheApi);
        assert_eq!(charged(&page, Stage::Answered), Charged::Maybe);
        assert_eq!(
            of(404, "text/plain", "nope", None).code,
            ErrorCode::NotTheApi
        );
        assert_eq!(
            of(407, "text/html", "<html>", None).code,
            ErrorCode::ProxyFailed
        );
    }

    #[test]
    fn lost_connections_are_told_apart_by_their_words() {
        let rows = [
            (
                "invalid peer certificate: expired",
                "has expired",
                Cause::Certain,
            ),
            (
                "invalid peer certificate: certificate expired: verification time 1 (unix)",
                "has expired",
                Cause::Certain,
            ),
            (
                "invalid peer certificate: certificate not valid for name \"a\"",
                "for another name",
                Cause::Certain,
            ),
            (
                "invalid peer certificate: notvalidforname",
                "for another name",
                Cause::Certain,
            ),
            (
                "invalid peer certificate: unknownissuer",
                "self-signed",
                Cause::Certain,
            ),
            (
                "invalid peer certificate: other(causedasendentity)",
                "self-signed",
                Cause::Certain,
            ),
            (
                "invalid peer certificate: badsignature",
                "was not accepted",
                Cause::Certain,
            ),
            ("tls handshake eof", "secure connection", Cause::Connection),
            (
                "tunnel error: proxy authorization required",
                "name and a password",
                Cause::Certain,
            ),
            (
                "tunnel error: failed to create underlying connection: connection refused",
                "could not be reached",
                Cause::Connection,
            ),
            (
                "tunnel error: unsuccessful",
                "did not connect",
                Cause::Connection,
            ),
            (
                "dns error: failed to lookup address",
                "name could not be found",
                Cause::Connection,
            ),
            (
                "tcp connect error: connection refused",
                "nothing listens",
                Cause::Connection,
            ),
            (
                "connection closed before message completed",
                "without an answer",
                Cause::Connection,
            ),
            ("something else", "the connection failed", Cause::Connection),
        ];
        for (causes, words, cause) in rows {
            let (fault, known) = by_words(causes, HOST, Some("http://proxy:3128"));
            assert!(fault.message.contains(words), "{causes}: {}", fault.message);
            assert_eq!(known, cause, "{causes}");
            assert!(fault.hint.is_some(), "{causes}");
        }
        let (fault, _) = by_words("tunnel error: unsuccessful", HOST, None);
        assert!(fault.message.contains("the system's proxy"));
    }
}
