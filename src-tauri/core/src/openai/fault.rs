//! Every failure explained: from an HTTP answer, an event, or a connection to an error with a code.

mod connection;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::retry::{Cause, RetryHeaders};
use crate::error::{Error, ErrorCode};
use connection::proxy_wants_a_password;

pub use connection::{
    idle, no_answer, no_terminal_event, of_body, of_connection, of_stream, over_time, response_gone,
};

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

#[cfg(test)]
mod tests;
