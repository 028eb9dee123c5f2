//! What sets a background response apart: it is queued before it runs (API.md 3.2).

use serde_json::{Value, json};

use crate::script::Timed;

/// Puts `response.created` and `response.queued` in front, both queued and both at once.
pub(crate) fn queued_first(events: Vec<Timed>) -> Vec<Timed> {
    let mut events = events.into_iter();
    let Some(mut created) = events.next() else {
        return Vec::new();
    };
    created.at = 0.0;
    created.event["response"]["status"] = json!("queued");
    let mut queued = created.clone();
    queued.event["type"] = json!("response.queued");
    let mut all: Vec<Timed> = [created, queued].into_iter().chain(events).collect();
    for (number, timed) in all.iter_mut().enumerate() {
        timed.event["sequence_number"] = json!(number);
    }
    all
}

/// Without the padding that hides how long a delta is.
pub(crate) fn bare(mut events: Vec<Timed>) -> Vec<Timed> {
    for timed in &mut events {
        if let Value::Object(event) = &mut timed.event {
            event.shift_remove("obfuscation");
        }
    }
    events
}
