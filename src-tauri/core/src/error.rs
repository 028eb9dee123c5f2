//! Errors are values: a code to match on, words for a person, and what to do next.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of failure this is. The window's copy table is exhaustive over these codes, so a new
/// one does not compile there without words. Match on the code, never on the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Live was asked for and no key is there.
    KeyMissing,
    /// There is no keychain on this system, or it can't be reached.
    KeychainMissing,
    /// The keychain is locked, refused, or has not answered.
    KeychainLocked,
    /// A secret reference, such as `env:NAME`, leads to nothing.
    SecretUnreadable,
    /// The environment is production, and this would be its first live call of the session.
    ConfirmProduction,
    /// A variable of the body has no value; nothing was sent.
    VariableMissing,
    /// HTTP 401 (API.md 4).
    KeyRejected,
    /// HTTP 403: region, permission or programme (API.md 4).
    PermissionDenied,
    /// HTTP 404 `model_not_found`: unknown, or not open to this key.
    ModelNotFound,
    /// HTTP 429 that waiting will cure.
    RateLimited,
    /// HTTP 429 with a billing code: waiting will not help.
    QuotaExceeded,
    /// 400 `context_length_exceeded`.
    ContextTooLong,
    /// 400 `invalid_json_schema`.
    SchemaRefused,
    /// 400 `invalid_prompt` / `cyber_policy`.
    PromptDeclined,
    /// Any other 4xx: the request itself is wrong.
    RequestRejected,
    /// HTTP 5xx or `server_error`.
    ServerError,
    /// HTTP 503 `server_is_overloaded`.
    Overloaded,
    /// The stream ended without a terminal event, or the connection was reset.
    StreamCut,
    /// Nothing arrived for longer than the idle limit.
    StreamIdle,
    /// What arrived is no Responses stream: invalid UTF-8, broken JSON, or an event over the size limit.
    StreamInvalid,
    /// Name resolution or connection failed.
    Offline,
    /// The TLS handshake failed.
    TlsFailed,
    /// The proxy could not be reached, wants a password, or did not connect.
    ProxyFailed,
    /// A limit of ours passed: to connect, to the first byte, or for the whole run.
    TimedOut,
    /// A background response is no longer kept by the server (API.md 6.3).
    ResponseExpired,
    /// The server answered with something that is not this API, such as an HTML page.
    NotTheApi,
    /// A file of the workspace could not be read.
    FileUnreadable,
    /// A file of the workspace is not what it should be; the message names the place.
    FileInvalid,
    /// A file changed on disk since it was opened.
    FileChanged,
    /// A file or folder could not be written.
    FileUnwritable,
    /// An item of this name is there already; nothing is overwritten.
    NameTaken,
    /// Two files of the workspace have the same id.
    IdTaken,
    /// The workspace folder is not there, or can't be read.
    WorkspaceGone,
    /// The model does not offer this effort.
    EffortUnsupported,
    /// The history file is held by another process.
    HistoryLocked,
    /// The history file was written by a newer Rheostat.
    HistoryNewer,
    /// The history cannot be kept in its folder.
    HistoryUnwritable,
    /// The history file is damaged.
    HistoryDamaged,
    /// A spending limit of ours stands in the way; nothing was sent.
    BudgetExceeded,
    /// Stopped by the user. Not an error on screen.
    Cancelled,
    /// The input of a command does not fit.
    BadInput,
    /// No such command in the contract.
    UnknownCommand,
    /// A fault of Rheostat's own.
    Internal,
}

/// A failure, as it crosses every border: window, terminal, history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "EngineError", rename_all = "camelCase")]
#[error("{message}")]
pub struct Error {
    pub code: ErrorCode,
    /// What happened, naming the file, field or address.
    pub message: String,
    /// What to do about it, as a full sentence.
    pub hint: Option<String>,
    /// Where: a path, a line, a field such as `reasoning.effort`.
    pub place: Option<String>,
    /// How long the server asks to wait, in ms.
    pub retry_after_ms: Option<u64>,
    /// OpenAI's `x-request-id`, for their support.
    pub request_id: Option<String>,
    /// HTTP status, where the failure is an answer.
    pub http_status: Option<u16>,
    /// The raw body or cause, for the fold-out; secrets masked, at most 4 KB.
    pub detail: Option<String>,
}

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with a code and what happened.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            place: None,
            retry_after_ms: None,
            request_id: None,
            http_status: None,
            detail: None,
        }
    }

    /// A fault of Rheostat's own, with its cause.
    pub fn internal(message: impl Into<String>, cause: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::Internal, message).detail(cause.to_string())
    }

    /// The user pressed Stop.
    pub fn cancelled() -> Self {
        Self::new(ErrorCode::Cancelled, "Stopped")
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Keeps at most 4 KB of `detail`: enough to see what the server said.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        const LIMIT: usize = 4096;
        let mut detail: String = detail.into();
        if detail.len() > LIMIT {
            let end = (0..=LIMIT)
                .rev()
                .find(|&i| detail.is_char_boundary(i))
                .unwrap_or(0);
            detail.truncate(end);
            detail.push('…');
        }
        self.detail = Some(detail);
        self
    }
}
