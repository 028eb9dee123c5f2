//! A server on loopback that answers every request with given bytes: for what no good server sends.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is done after the answer has been written.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// Close in good order.
    Close,
    /// Reset the connection.
    Reset,
    /// Keep it open and say nothing more.
    Stall,
}

/// A running server. It ends with the runtime of its test.
pub struct Scripted {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Starts a server that answers with `pieces`, each in a write of its own.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn start(pieces: Vec<Vec<u8>>, then: Then) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (pieces, seen) = (pieces.clone(), Arc::clone(&seen));
                tokio::spawn(async move {
                    let _ = answer(stream, &pieces, then, &seen).await;
                });
            }
        });
        Ok(Self { address, requests })
    }

    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Every request as it came: head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

async fn answer(
    mut stream: TcpStream,
    pieces: &[Vec<u8>],
    then: Then,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let request = read_request(&mut stream).await?;
    seen.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(request);
    for piece in pieces {
        stream.write_all(piece).await?;
        stream.flush().await?;
        // Gives the reader the piece by itself; a test must not depend on it.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    match then {
        Then::Close => stream.shutdown().await,
        Then::Reset => stream.set_zero_linger(),
        Then::Stall => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            Ok(())
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0u8; 4096];
    loop {
        let read = stream.read(&mut chunk).await?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, value)| value.trim().parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return Ok(text);
            }
        }
        if read == 0 {
            return Ok(text);
        }
    }
}

/// An HTTP answer with a body of known length.
pub fn http(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The head of an event stream that lasts until the connection ends.
pub fn stream_head() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nx-request-id: req_scripted\r\nconnection: close\r\n\r\n".to_vec()
}

/// One event as a frame.
pub fn frame(event: &serde_json::Value) -> Vec<u8> {
    let kind = event["type"].as_str().unwrap_or_default();
    format!("event: {kind}\ndata: {event}\n\n").into_bytes()
}
