//! Lets something watch a body as it is sent, without holding it up.

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt, stream};

pub(crate) trait Watcher: Send + 'static {
    fn chunk(&mut self, bytes: &Bytes);
    /// Called once. `whole` is false where the body broke off or nobody wanted the rest.
    fn ended(&mut self, whole: bool);
}

pub(crate) fn watched(response: Response, mut watcher: impl Watcher) -> Response {
    let bodiless = [
        StatusCode::SWITCHING_PROTOCOLS,
        StatusCode::NO_CONTENT,
        StatusCode::NOT_MODIFIED,
    ];
    if bodiless.contains(&response.status()) {
        watcher.ended(true);
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // A body of known length must not become one of unknown length.
    if let Some(size) = body.size_hint().exact()
        && !parts.headers.contains_key(header::CONTENT_LENGTH)
    {
        parts
            .headers
            .insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    }
    let length = parts.headers.get(header::CONTENT_LENGTH);
    let left = length.and_then(|value| value.to_str().ok()?.parse().ok());
    let mut watching = Watching {
        from: body.into_data_stream(),
        watcher,
        left,
        over: false,
    };
    // A server asks for nothing beyond the last byte, so the end may never be asked for.
    if left == Some(0) {
        watching.end(true);
    }
    let body = Body::from_stream(stream::unfold(watching, |mut watching| async move {
        let chunk = watching.next().await?;
        Some((chunk, watching))
    }));
    Response::from_parts(parts, body)
}

struct Watching<W: Watcher> {
    from: BodyDataStream,
    watcher: W,
    /// Bytes to come, where that is known.
    left: Option<u64>,
    over: bool,
}

impl<W: Watcher> Watching<W> {
    async fn next(&mut self) -> Option<Result<Bytes, axum::Error>> {
        if self.over {
            return None;
        }
        let chunk = self.from.next().await;
        match &chunk {
            Some(Ok(bytes)) => {
                self.watcher.chunk(bytes);
                self.left = self
                    .left
                    .map(|left| left.saturating_sub(bytes.len() as u64));
                if self.left == Some(0) {
                    self.end(true);
                }
            }
            Some(Err(_)) => self.end(false),
            None => self.end(true),
        }
        chunk
    }

    fn end(&mut self, whole: bool) {
        if !std::mem::replace(&mut self.over, true) {
            self.watcher.ended(whole);
        }
    }
}

impl<W: Watcher> Drop for Watching<W> {
    fn drop(&mut self) {
        self.end(false);
    }
}
