//! Every failure that is known has its code, its hint and its word on the charge.

use serde_json::json;

use super::connection::by_words;
use super::*;

const HOST: &str = "api.example";

fn answer(status: u16, kind: &str, code: &str) -> Error {
    let body = json!({"error": {"message": "Said so", "type": kind, "param": "x", "code": code}});
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
