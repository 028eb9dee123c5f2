//! What a server says on a socket beside the events of a stream.

use serde_json::{Value, json};

use super::LIFETIME;
use crate::fault::Fault;

/// A refusal: the body that HTTP would send, its status, and the lane where there is one.
pub(super) fn error(fault: &Fault, lane: Option<&str>) -> Value {
    let mut frame = json!({"type": "error", "status": fault.status.as_u16()});
    in_lane(&mut frame, lane);
    frame["error"] = json!({
        "type": "invalid_request_error",
        "code": fault.code,
        "message": fault.message,
        "param": fault.param,
    });
    frame
}

/// The end of a connection that has lived its time.
pub(super) fn too_old() -> Value {
    let message = format!(
        "Responses websocket connection limit reached ({} minutes). Create a new websocket connection to continue.",
        LIFETIME.as_secs() / 60
    );
    json!({
        "type": "error",
        "status": 400,
        "error": {
            "type": "invalid_request_error",
            "code": "websocket_connection_limit_reached",
            "message": message,
            "param": null,
        },
    })
}

pub(super) fn in_lane(frame: &mut Value, lane: Option<&str>) {
    if let Some(lane) = lane {
        frame["stream_id"] = json!(lane);
    }
}
