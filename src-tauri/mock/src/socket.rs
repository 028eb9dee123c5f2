//! `/v1/responses` as a WebSocket: turns that continue from what the connection remembers (API.md 5).

mod frame;
mod lane;
mod memory;
mod steer;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::check::parameter::{invalid_value, missing};
use crate::create::{check_key, read};
use crate::fault::Fault;
use crate::routes::{House, LARGEST_BODY, wrong_method};
use memory::Memory;

/// How long a connection lives.
pub(crate) const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Responses at work at the same time; a further one waits its turn.
const MOST_AT_ONCE: usize = 16;
/// Lanes with a name; the one without does not count.
const MOST_LANES: usize = 32;
/// Requests that wait in one lane before the connection stops reading.
const MOST_WAITING: usize = 64;
const LONGEST_NAME: usize = 256;

/// What the lanes of one connection share.
struct Session {
    house: House,
    frames: mpsc::Sender<Value>,
    seats: Semaphore,
    memory: Memory,
    ended: CancellationToken,
}

pub(crate) async fn open(
    State(house): State<House>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return wrong_method(method, uri).await.into_response();
    };
    if let Err(fault) = check_key(&headers) {
        return fault.into_response();
    }
    upgrade
        .max_message_size(LARGEST_BODY)
        .max_frame_size(LARGEST_BODY)
        .on_upgrade(move |socket| converse(house, socket))
}

async fn converse(house: House, mut socket: WebSocket) {
    let end = Instant::now() + LIFETIME;
    let stop = house.stop.clone();
    let ended = CancellationToken::new();
    let _guard = ended.clone().drop_guard();
    let (frames, mut to_send) = mpsc::channel(MOST_WAITING);
    let session = Arc::new(Session {
        house,
        frames,
        seats: Semaphore::new(MOST_AT_ONCE),
        memory: Memory::default(),
        ended,
    });
    let mut lanes = HashMap::new();
    loop {
        tokio::select! {
            Some(frame) = to_send.recv() => {
                if socket.send(text(&frame)).await.is_err() {
                    return;
                }
            }
            heard = socket.recv() => {
                let answer = match heard {
                    Some(Ok(Message::Text(words))) => hear(&session, &mut lanes, words.as_bytes()),
                    Some(Ok(Message::Binary(bytes))) => hear(&session, &mut lanes, &bytes),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                };
                if let Some(frame) = answer && socket.send(text(&frame)).await.is_err() {
                    return;
                }
            }
            () = sleep_until(end) => {
                // Either may fail where the client is gone already.
                let _ = socket.send(text(&frame::too_old())).await;
                let _ = socket.send(Message::Close(None)).await;
                return;
            }
            () = stop.cancelled() => return,
        }
    }
}

fn text(frame: &Value) -> Message {
    Message::Text(frame.to_string().into())
}

type Lanes = HashMap<Option<String>, mpsc::Sender<Value>>;

/// Takes up one message; what can be answered at once comes back.
fn hear(session: &Arc<Session>, lanes: &mut Lanes, bytes: &[u8]) -> Option<Value> {
    let event = match read(&bytes.to_vec().into()) {
        Ok(event) => event,
        Err(fault) => return Some(frame::error(&fault, None)),
    };
    match event["type"].as_str() {
        Some("response.create") => take_up(session, lanes, event).err(),
        Some("response.steer") => steer::hear(session, &event).err(),
        Some(other) => {
            let known = ["response.create", "response.steer"];
            Some(frame::error(&invalid_value("type", other, &known), None))
        }
        None => Some(frame::error(&missing("type"), None)),
    }
}

fn take_up(session: &Arc<Session>, lanes: &mut Lanes, event: Value) -> Result<(), Value> {
    let name = lane_name(&event).map_err(|fault| frame::error(&fault, None))?;
    let shown = name.as_deref();
    if !lanes.contains_key(&name) {
        let named = lanes.keys().flatten().count();
        if name.is_some() && named >= MOST_LANES {
            let message = format!(
                "This WebSocket connection has reached its maximum number of distinct stream IDs ({MOST_LANES}). Reuse \
                 an existing stream_id or open a new WebSocket connection."
            );
            let fault = Fault::about("stream_id", message).code("websocket_stream_limit_reached");
            return Err(frame::error(&fault, shown));
        }
        let (jobs, to_do) = mpsc::channel(MOST_WAITING);
        tokio::spawn(lane::work(Arc::clone(session), name.clone(), to_do));
        lanes.insert(name.clone(), jobs);
    }
    let taken = lanes.get(&name).map(|jobs| jobs.try_send(event));
    match taken {
        Some(Ok(())) => Ok(()),
        _ => {
            let message = format!(
                "Rheostat's stand-in holds at most {MOST_WAITING} waiting requests in one lane."
            );
            Err(frame::error(&Fault::about("stream_id", message), shown))
        }
    }
}

fn lane_name(event: &Value) -> Result<Option<String>, Fault> {
    let fits = |name: &str| {
        (1..=LONGEST_NAME).contains(&name.len())
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
    };
    match event.get("stream_id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) if fits(name) => Ok(Some(name.clone())),
        Some(_) => {
            let message = format!(
                "The 'stream_id' field must be a non-empty string with at most {LONGEST_NAME} characters and may only \
                 contain letters, numbers, underscores, hyphens, and periods."
            );
            Err(Fault::about("stream_id", message).code("invalid_stream_id"))
        }
    }
}
