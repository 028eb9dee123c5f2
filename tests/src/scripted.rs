//! A server on loopback that answers with given bytes, request by request: for what no good server sends.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

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

/// What one request is answered with.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Each is sent in a write of its own.
    pub pieces: Vec<Vec<u8>>,
    pub then: Then,
}

impl Reply {
    /// A whole answer.
    pub fn whole(answer: Vec<u8>) -> Self {
        Self {
            pieces: vec![answer],
            then: Then::Close,
        }
    }
}

/// A running server. It ends with the runtime of its test.
pub struct Scripted {
    address: SocketAddr,
    tls: bool,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// What a server shows over TLS: two PEM files.
pub struct Certificate {
    pub chain: PathBuf,
    pub key: PathBuf,
}

/// A request as it came, and when; and when each piece of its answer left.
#[derive(Debug, Clone)]
struct Request {
    text: String,
    at: Instant,
    sent: Vec<Instant>,
}

impl Scripted {
    /// Starts a server that answers every request with `pieces`.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn start(pieces: Vec<Vec<u8>>, then: Then) -> std::io::Result<Self> {
        Self::in_turn(vec![Reply { pieces, then }]).await
    }

    /// Starts a server that answers the first request with the first reply and so on, and all that
    /// come later with the last one.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn in_turn(replies: Vec<Reply>) -> std::io::Result<Self> {
        Self::serve(replies, None).await
    }

    /// [`Self::in_turn`] over TLS, as `localhost`.
    ///
    /// # Errors
    /// No port could be had, or the certificate can't be used.
    pub async fn over_tls(replies: Vec<Reply>, certificate: &Certificate) -> std::io::Result<Self> {
        let chain = CertificateDer::pem_file_iter(&certificate.chain)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(std::io::Error::other)?;
        let key = PrivateKeyDer::from_pem_file(&certificate.key).map_err(std::io::Error::other)?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(std::io::Error::other)?;
        Self::serve(replies, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn serve(replies: Vec<Reply>, tls: Option<TlsAcceptor>) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let server = Self {
            address: listener.local_addr()?,
            tls: tls.is_some(),
            requests: Arc::default(),
        };
        let seen = Arc::clone(&server.requests);
        let replies = Arc::new(replies);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (replies, seen, tls) = (Arc::clone(&replies), Arc::clone(&seen), tls.clone());
                tokio::spawn(async move {
                    let _ = match tls {
                        None => answer(stream, &replies, &seen).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => answer(stream, &replies, &seen).await,
                            Err(refused) => Err(refused),
                        },
                    };
                });
            }
        });
        Ok(server)
    }

    pub fn base_url(&self) -> String {
        if self.tls {
            return format!("https://localhost:{}/v1", self.address.port());
        }
        format!("http://{}/v1", self.address)
    }

    /// The address and the port.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Every request as it came: head and body.
    pub fn requests(&self) -> Vec<String> {
        self.seen(|request| request.text.clone())
    }

    /// When each request had come.
    pub fn arrivals(&self) -> Vec<Instant> {
        self.seen(|request| request.at)
    }

    /// For each request, the moments just before each piece of its answer was written.
    pub fn departures(&self) -> Vec<Vec<Instant>> {
        self.seen(|request| request.sent.clone())
    }

    fn seen<T>(&self, part: impl Fn(&Request) -> T) -> Vec<T> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.iter().map(part).collect()
    }
}

/// A connection, plain or under TLS.
trait Connection: AsyncRead + AsyncWrite + Unpin {
    fn socket(&self) -> &TcpStream;
}

impl Connection for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Connection for tokio_rustls::server::TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

async fn answer(
    mut stream: impl Connection,
    replies: &[Reply],
    seen: &Mutex<Vec<Request>>,
) -> std::io::Result<()> {
    stream.socket().set_nodelay(true)?;
    let text = read_request(&mut stream).await?;
    let number = {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(Request {
            text,
            at: Instant::now(),
            sent: Vec::new(),
        });
        seen.len() - 1
    };
    let Some(reply) = replies.get(number).or(replies.last()) else {
        return Ok(());
    };
    for piece in &reply.pieces {
        let leaving = Instant::now();
        stream.write_all(piece).await?;
        stream.flush().await?;
        if let Some(request) = seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_mut(number)
        {
            request.sent.push(leaving);
        }
        // Gives the reader the piece by itself; a test must not depend on it.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    match reply.then {
        Then::Close => stream.shutdown().await,
        Then::Reset => stream.socket().set_zero_linger(),
        Then::Stall => {
            // For good: also where a test's clock runs ahead.
            std::future::pending::<()>().await;
            Ok(())
        }
    }
}

async fn read_request(stream: &mut impl Connection) -> std::io::Result<String> {
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
    http_with(status, &[("content-type", content_type)], body)
}

/// An HTTP answer with headers of its own and a body of known length.
pub fn http_with(status: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
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
