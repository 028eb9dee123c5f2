//! Sends events as server-sent events, each at its moment.

use std::io;
use std::vec::IntoIter;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::create::now;
use crate::options::Speed;
use crate::script::Timed;

/// The body of a streamed reply. Dropping it, as the server does when the client goes away, ends it.
///
/// `since` is when the request came in: moments are absolute, so small delays do not add up.
pub(crate) fn body(
    events: Vec<Timed>,
    speed: Speed,
    since: Instant,
    stop: CancellationToken,
) -> Body {
    framed(events, speed, since, stop, frame)
}

/// The same for an endpoint that frames its events in another way.
pub(crate) fn framed(
    events: Vec<Timed>,
    speed: Speed,
    since: Instant,
    stop: CancellationToken,
    frame: fn(Value) -> Bytes,
) -> Body {
    let sending = Sending {
        left: events.into_iter(),
        speed,
        since,
        stop,
        frame,
    };
    Body::from_stream(stream::unfold(sending, |mut sending| async move {
        let frame = sending.next().await?;
        Some((frame, sending))
    }))
}

struct Sending {
    left: IntoIter<Timed>,
    speed: Speed,
    since: Instant,
    stop: CancellationToken,
    frame: fn(Value) -> Bytes,
}

impl Sending {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        let timed = self.left.next()?;
        if self.speed != Speed::Instant {
            let due = self.since + self.speed.scale(timed.at);
            tokio::select! {
                () = sleep_until(due) => {}
                () = self.stop.cancelled() => {
                    // The client must see a cut, not an end.
                    self.left = Vec::new().into_iter();
                    return Some(Err(stopped()));
                }
            }
        }
        Some(Ok((self.frame)(timed.event)))
    }
}

/// The body of a reply that the stop of the stand-in broke off.
pub(crate) fn cut_off() -> Body {
    Body::from_stream(stream::iter([Err::<Bytes, _>(stopped())]))
}

fn stopped() -> io::Error {
    io::Error::other("the stand-in stopped")
}

fn frame(event: Value) -> Bytes {
    let event = finished_now(event);
    let kind = event["type"].as_str().unwrap_or("error");
    Bytes::from(format!("event: {kind}\ndata: {event}\n\n"))
}

/// A completed response tells when it was completed.
fn finished_now(mut event: Value) -> Value {
    if event["type"] == "response.completed" && event["response"]["completed_at"].is_null() {
        event["response"]["completed_at"] = json!(now());
    }
    event
}

/// The response object of a whole reply, for a request that does not stream.
pub(crate) fn whole(events: Vec<Timed>) -> Value {
    let last = events
        .into_iter()
        .next_back()
        .map_or(Value::Null, |timed| timed.event);
    finished_now(last)["response"].take()
}
