//! The faults of a connection: none came about, it was lost, or nothing came over it.

use std::time::Duration;

use super::super::retry::Cause;
use super::super::sse::{SseError, with_causes};
use super::super::timeouts::in_words;
use super::super::transport::BodyError;
use super::Lost;
use crate::error::{Error, ErrorCode};

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
pub(super) fn by_words(causes: &str, host: &str, proxy: Option<&str>) -> (Error, Cause) {
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

pub(super) fn proxy_wants_a_password(name: &str) -> Error {
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
