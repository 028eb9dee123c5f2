//! Sends events as server-sent events, each at its moment.

use std::io;
use std::time::Duration;
use std::vec::IntoIter;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::create::now;
use crate::options::Speed;
use crate::schedule::{self, Beat};
use crate::script::Timed;

/// The server drops what it has not written when a body breaks, so what came before must get out first.
pub(crate) const BEFORE_CUT: Duration = Duration::from_millis(20);

/// One event to send, and when it is due after the request.
#[derive(Debug)]
pub(crate) struct Due {
    pub after: Duration,
    pub what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    /// An event, and how its endpoint frames it.
    Event(Value, fn(Value) -> Bytes),
    /// Bytes as they are.
    Raw(Bytes),
    /// The connection breaks here.
    Cut,
}

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
    let due = schedule::due(speed, &beats(&events, speed)).into_iter();
    let pieces = due.zip(events).map(|(after, timed)| Due {
        after,
        what: What::Event(timed.event, frame),
    });
    sent(pieces.collect(), since, stop)
}

fn beats(events: &[Timed], speed: Speed) -> Vec<Beat> {
    // Only a profile needs them.
    let counted = matches!(speed, Speed::Profile(_));
    let beats = events.iter().map(|timed| Beat {
        at: timed.at,
        tokens: match counted {
            true => schedule::tokens_of(&timed.event),
            false => None,
        },
    });
    beats.collect()
}

/// The body that sends each piece when it is due.
pub(crate) fn sent(pieces: Vec<Due>, since: Instant, stop: CancellationToken) -> Body {
    let sending = Sending {
        left: pieces.into_iter(),
        since,
        stop,
    };
    Body::from_stream(stream::unfold(sending, |mut sending| async move {
        let frame = sending.next().await?;
        Some((frame, sending))
    }))
}

struct Sending {
    left: IntoIter<Due>,
    since: Instant,
    stop: CancellationToken,
}

impl Sending {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        let due = self.left.next()?;
        if !due.after.is_zero() {
            tokio::select! {
                () = sleep_until(self.since + due.after) => {}
                () = self.stop.cancelled() => {
                    // The client must see a cut, not an end.
                    self.left = Vec::new().into_iter();
                    return Some(Err(stopped()));
                }
            }
        }
        Some(match due.what {
            What::Event(event, frame) => Ok(frame(event)),
            What::Raw(bytes) => Ok(bytes),
            What::Cut => {
                sleep(BEFORE_CUT).await;
                Err(io::Error::other("the answer was cut here"))
            }
        })
    }
}

/// The body of a reply that the stop of the stand-in broke off.
pub(crate) fn cut_off() -> Body {
    Body::from_stream(stream::iter([Err::<Bytes, _>(stopped())]))
}

pub(crate) fn stopped() -> io::Error {
    io::Error::other("the stand-in stopped")
}

fn frame(event: Value) -> Bytes {
    let event = finished_now(event);
    let kind = event["type"].as_str().unwrap_or("error");
    let mut out = format!("event: {kind}\ndata: ").into_bytes();
    // Memory takes all that is written; printing a value letter by letter takes far longer.
    if let Err(error) = serde_json::to_writer(&mut out, &event) {
        tracing::error!(%error, "an event could not be written");
    }
    out.extend_from_slice(b"\n\n");
    Bytes::from(out)
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
