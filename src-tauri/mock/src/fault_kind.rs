//! The failures that a rule can ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Billing codes that a 429 can bear; waiting does not help against any of them (API.md 4).
const QUOTA_CODES: [&str; 5] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
];

/// A failure. Those that name an event count from 0, which is the first of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[ts(rename = "MockFault", rename_all = "snake_case", tag = "kind")]
pub enum FaultKind {
    /// 429, with as many of the three waiting headers as are given.
    RateLimited {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
        /// Seconds in `retry-after`; the API sends decimals too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_s: Option<f64>,
        /// An HTTP date in `retry-after`, that many seconds from now, below 0 for one that has passed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_date: Option<i64>,
        #[serde(default)]
        code: RateCode,
        /// The value of `x-should-retry`; no header where it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        should_retry: Option<bool>,
    },
    /// 429 that no waiting helps against.
    InsufficientQuota {
        #[serde(default = "first_quota_code")]
        code: String,
    },
    /// 500.
    ServerError {},
    /// 503.
    Overloaded {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_s: Option<f64>,
    },
    /// 400: the input does not fit.
    ContextLengthExceeded {},
    /// 401.
    InvalidKey {},
    /// 403: a country that is not served.
    Forbidden {},
    /// Any status with the API's error body.
    Status {
        status: u16,
        message: String,
        #[serde(default = "usual_type")]
        r#type: String,
        #[serde(default)]
        param: Option<String>,
        #[serde(default)]
        code: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        should_retry: Option<bool>,
    },
    /// 200 with a refusal in place of the answer.
    Refusal {
        #[serde(default = "usual_refusal")]
        text: String,
    },
    /// `error` and `response.failed` after some events of a stream; a failed response where nothing is streamed.
    ErrorInStream {
        #[serde(default = "two")]
        after_events: usize,
        #[serde(default)]
        code: StreamCode,
        /// The fields of the error beside its type instead of nested, as the SDKs describe it.
        #[serde(default)]
        flat: bool,
    },
    /// The head comes later.
    SlowStart { ms: u64 },
    /// Nothing more comes, and the connection stays open.
    Stall { after_events: usize },
    /// One byte at a time, with so long a wait after each.
    Drip { ms: u64 },
    /// The connection breaks within the next event.
    CutMidEvent { after_events: usize },
    /// The data of one event ends too early.
    MalformedJson { at_event: usize },
    /// Letters of more than one byte are split over two chunks.
    SplitUtf8 {},
    /// Lines end with CR LF.
    Crlf {},
    /// A comment stands before every event, as proxies send to keep a connection open.
    Comments {},
    /// The first delta has that many bytes more, in a field that clients leave unread.
    HugeEvent { bytes: usize },
    /// The body is right, its `content-type` is not.
    WrongContentType {
        #[serde(default = "plain_text")]
        content_type: String,
    },
    /// The body is compressed whether the client takes that or not.
    Gzip {},
    /// Another place is named.
    Redirect {
        to: String,
        #[serde(default = "temporary")]
        status: u16,
    },
    /// 200 with a web page, as a network's log-in answers.
    HtmlPage {},
}

/// The two forms of a rate limit's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockRateCode", rename_all = "snake_case")]
pub enum RateCode {
    #[default]
    RateLimitExceeded,
    SlowDown,
}

/// What a stream can fail of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MockStreamCode", rename_all = "snake_case")]
pub enum StreamCode {
    #[default]
    ServerError,
    ServerIsOverloaded,
    RateLimitExceeded,
    InsufficientQuota,
    ContextLengthExceeded,
}

fn first_quota_code() -> String {
    QUOTA_CODES[0].to_owned()
}

fn usual_type() -> String {
    "invalid_request_error".to_owned()
}

fn usual_refusal() -> String {
    "I'm sorry, but I can't help with that.".to_owned()
}

fn two() -> usize {
    2
}

fn plain_text() -> String {
    "text/plain; charset=utf-8".to_owned()
}

fn temporary() -> u16 {
    307
}

impl FaultKind {
    /// The first field that cannot be, and why.
    pub(crate) fn problem(&self) -> Option<(&'static str, String)> {
        let header = |name: &'static str, value: &str| {
            let fits = axum::http::HeaderValue::from_str(value).is_ok() && !value.is_empty();
            (!fits).then(|| (name, "it must be text that a header can hold".to_owned()))
        };
        let wait = |seconds: &Option<f64>| {
            let wrong = seconds.is_some_and(|seconds| !(seconds.is_finite() && seconds >= 0.0));
            wrong.then(|| ("retry_after_s", "it must be 0 or more".to_owned()))
        };
        match self {
            FaultKind::RateLimited {
                retry_after_s,
                retry_after_date,
                ..
            } => wait(retry_after_s).or_else(|| {
                let both = retry_after_s.is_some() && retry_after_date.is_some();
                let why = "retry_after_s is given as well, and the two share a header".to_owned();
                both.then_some(("retry_after_date", why))
            }),
            FaultKind::Overloaded { retry_after_s } => wait(retry_after_s),
            FaultKind::InsufficientQuota { code } => {
                let known = QUOTA_CODES.contains(&code.as_str());
                (!known).then(|| {
                    (
                        "code",
                        format!("it must be one of {}", QUOTA_CODES.join(", ")),
                    )
                })
            }
            FaultKind::Status { status, .. } => {
                let wrong = !(400..600).contains(status);
                wrong.then(|| ("status", "it must be 400 to 599".to_owned()))
            }
            FaultKind::Redirect { to, status } => header("to", to).or_else(|| {
                let wrong = ![301, 302, 303, 307, 308].contains(status);
                wrong.then(|| ("status", "it must be 301, 302, 303, 307 or 308".to_owned()))
            }),
            FaultKind::WrongContentType { content_type } => header("content_type", content_type),
            FaultKind::HugeEvent { bytes } => {
                let wrong = *bytes > 256 << 20;
                wrong.then(|| ("bytes", "it must be at most 268435456".to_owned()))
            }
            _ => None,
        }
    }
}
