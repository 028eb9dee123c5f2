//! Bytes to frames: the WHATWG event stream, with a limit on the size of one event.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sse_stream::SseByteStream;

/// The largest single event that is taken, in bytes. The largest event known of the API, a
/// generated image, stays well below; a server that never ends a line must not eat the memory.
pub const EVENT_LIMIT: usize = 32 * 1024 * 1024;

/// Why a stream of frames ended early.
#[derive(Debug, thiserror::Error)]
pub enum SseError {
    /// The connection failed; what came before is good.
    #[error("the connection was cut: {0}")]
    Connection(String),
    /// One event grew over [`EVENT_LIMIT`].
    #[error("one event is larger than {} MB", EVENT_LIMIT / 1024 / 1024)]
    TooLarge,
    /// The bytes are no UTF-8 event stream.
    #[error("the stream is not valid: {0}")]
    Invalid(String),
}

/// What the byte stream fails with, told apart again behind the decoder.
#[derive(Debug, thiserror::Error)]
enum ByteError {
    #[error("{0}")]
    Connection(String),
    #[error("too large")]
    TooLarge,
}

/// The `data` of every event in `bytes`, in order. Comments, ids and retry hints are passed over:
/// the JSON repeats the type (API.md 3.2). An unfinished last event is dropped, as the WHATWG text
/// says; the caller learns of the cut from the missing terminal event.
pub fn frames<S, E>(bytes: S) -> Pin<Box<dyn Stream<Item = Result<String, SseError>> + Send>>
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    // Bytes taken since the last whole event. It over-counts by what follows that event in its
    // chunk, which is harmless beside the limit.
    let pending = Arc::new(AtomicUsize::new(0));
    let counted = bytes.map({
        let pending = Arc::clone(&pending);
        move |chunk| {
            let chunk = chunk.map_err(|error| ByteError::Connection(with_causes(&error)))?;
            if pending.fetch_add(chunk.len(), Ordering::Relaxed) + chunk.len() > EVENT_LIMIT {
                return Err(ByteError::TooLarge);
            }
            Ok(chunk)
        }
    });
    Box::pin(SseByteStream::new(counted).filter_map(move |event| {
        let frame = match event {
            Ok(event) => {
                pending.store(0, Ordering::Relaxed);
                event.data.map(Ok)
            }
            Err(sse_stream::Error::Body(cause)) => Some(Err(match cause.downcast::<ByteError>() {
                Ok(cause) => match *cause {
                    ByteError::Connection(text) => SseError::Connection(text),
                    ByteError::TooLarge => SseError::TooLarge,
                },
                Err(cause) => SseError::Connection(cause.to_string()),
            })),
            Err(other) => Some(Err(SseError::Invalid(other.to_string()))),
        };
        std::future::ready(frame)
    }))
}

/// An error with its chain of causes: reqwest keeps the telling part in the source.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
