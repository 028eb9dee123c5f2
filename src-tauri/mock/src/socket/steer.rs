//! `response.steer`: a word to a response that is still being written.

use serde_json::{Value, json};
use tokio::sync::mpsc::error::TrySendError;

use super::Session;
use super::memory::Standing;

/// Hands the word on to the response, or says why it cannot.
pub(super) fn hear(session: &Session, event: &Value) -> Result<(), Value> {
    let spoken = match &event["input"] {
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty() && items.iter().all(Value::is_object),
        _ => false,
    };
    if !spoken {
        let message = "'input' must be a non-empty string or array of input items.";
        return Err(failed(event, "invalid_input", message));
    }
    let id = event["previous_response_id"].as_str().unwrap_or_default();
    let (code, message) = match session.memory.standing(id) {
        Standing::Running(steers) => match steers.try_send(event["input"].clone()) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Full(_)) => (
                "too_many_pending_steers",
                format!("Response '{id}' has a steer to take up already."),
            ),
            Err(TrySendError::Closed(_)) => (
                "response_not_active",
                format!("Response '{id}' is not active."),
            ),
        },
        Standing::Ended(status) if status == "completed" => (
            "response_already_completed",
            format!("Response '{id}' is completed already."),
        ),
        Standing::Ended(_) => (
            "response_not_active",
            format!("Response '{id}' is not active."),
        ),
        Standing::Unknown => (
            "response_not_found",
            format!("Response with id '{id}' not found on this connection."),
        ),
    };
    Err(failed(event, code, &message))
}

pub(super) fn failed(event: &Value, code: &str, message: &str) -> Value {
    let id = event["previous_response_id"].as_str().unwrap_or_default();
    json!({
        "type": "response.steer.failed",
        "sequence_number": 0,
        "error": {"type": "invalid_request_error", "code": code, "message": message},
        "steer": {"input": event["input"], "previous_response_id": id},
    })
}

pub(super) fn accepted(id: &str, steer_id: &str, number: usize) -> Value {
    json!({
        "type": "response.steer.accepted",
        "sequence_number": number,
        "steer": {"id": steer_id, "previous_response_id": id},
    })
}
