//! The HTTP client of sessions, over TCP or TLS. It follows no redirects and uses no proxy. It keeps connections open for further requests.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header::HOST};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use session::{ConnectionReuse, Failure, Timeouts};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use super::tls::ClientTls;

/// The largest body of a response. Bytes. Our choice.
const BODY_BYTES_MAX: usize = 4 << 20;

/// The largest head of a response. Bytes. Our choice.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// How many idle connections to one peer are kept. Our choice.
const IDLE_MAX: usize = 64;

/// To how many peers idle connections are kept. Our choice.
const PEERS_MAX: usize = 256;

/// How long an idle connection is kept. Our choice: less than most servers keep it.
const IDLE_LIFE: Duration = Duration::from_secs(15);

/// How long a connection may take to become ready again after a response. Our choice.
const READY_WITHIN: Duration = Duration::from_millis(100);

type Sender = SendRequest<Full<Bytes>>;

/// An HTTP client with a pool of idle connections.
pub(crate) struct Client {
    /// The authorities that are trusted for `https` addresses. Without them, such addresses are refused.
    tls: Option<ClientTls>,
    idle: Mutex<HashMap<Peer, Vec<(Sender, Instant)>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Peer {
    secure: bool,
    host: String,
    port: u16,
}

impl Client {
    /// Creates a client. Without `tls` it refuses `https` addresses.
    pub(crate) fn new(tls: Option<ClientTls>) -> Self {
        Self { tls, idle: Mutex::default() }
    }

    /// Sends a request and waits for the whole response.
    pub(crate) async fn send(
        self: Arc<Self>,
        request: Request<Bytes>,
        timeouts: Timeouts,
    ) -> Result<Response<Bytes>, Failure> {
        let peer = Peer::of(request.uri()).map_err(Failure::NotSent)?;
        let mut request = relative(request, &peer).map_err(Failure::NotSent)?;
        while let Some(mut sender) = self.kept(&peer, timeouts.reuse) {
            match timeout(timeouts.answer, exchange(&mut sender, request.clone())).await {
                Ok(Ok(response)) => return Ok(self.keep(peer, sender, response).await),
                // The connection was closed before any of the request was sent.
                Ok(Err(Lost::Unsent(back))) => request = *back,
                Ok(Err(Lost::Closed(error))) if timeouts.reuse == ConnectionReuse::Resend => {
                    tracing::debug!(
                        host = peer.host,
                        port = peer.port,
                        error,
                        "the peer had closed an idle connection; the request is sent again"
                    );
                    break;
                }
                Ok(Err(Lost::Closed(error) | Lost::Sent(error))) => return Err(Failure::NoAnswer(error)),
                Err(_) => return Err(late(timeouts)),
            }
        }
        let mut sender = self.connect(&peer, timeouts.connect).await.map_err(Failure::NotSent)?;
        match timeout(timeouts.answer, exchange(&mut sender, request)).await {
            Ok(Ok(response)) => Ok(self.keep(peer, sender, response).await),
            Ok(Err(Lost::Unsent(_))) => {
                Err(Failure::NotSent("the peer closed the connection before the request was sent".into()))
            }
            Ok(Err(Lost::Closed(error) | Lost::Sent(error))) => Err(Failure::NoAnswer(error)),
            Err(_) => Err(late(timeouts)),
        }
    }

    fn kept(&self, peer: &Peer, reuse: ConnectionReuse) -> Option<Sender> {
        match reuse {
            ConnectionReuse::Resend | ConnectionReuse::Use => self.take(peer),
            ConnectionReuse::Avoid => None,
        }
    }

    async fn connect(&self, peer: &Peer, within: Duration) -> Result<Sender, String> {
        let connected = timeout(within, connect(peer, self.tls.as_ref())).await;
        connected.map_err(|_| format!("no connection within {within:?}"))?
    }

    /// Takes an idle connection that can still be used.
    fn take(&self, peer: &Peer) -> Option<Sender> {
        let mut idle = self.lock();
        let kept = idle.get_mut(peer)?;
        while let Some((sender, since)) = kept.pop() {
            if since.elapsed() < IDLE_LIFE && sender.is_ready() {
                return Some(sender);
            }
        }
        None
    }

    async fn keep(&self, peer: Peer, mut sender: Sender, response: Response<Bytes>) -> Response<Bytes> {
        if matches!(timeout(READY_WITHIN, sender.ready()).await, Ok(Ok(()))) {
            let mut idle = self.lock();
            if idle.len() >= PEERS_MAX {
                idle.retain(|_, kept| kept.iter().any(|(_, since)| since.elapsed() < IDLE_LIFE));
            }
            if idle.len() < PEERS_MAX || idle.contains_key(&peer) {
                let kept = idle.entry(peer).or_default();
                kept.retain(|(_, since)| since.elapsed() < IDLE_LIFE);
                if kept.len() < IDLE_MAX {
                    kept.push((sender, Instant::now()));
                }
            }
        }
        response
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Peer, Vec<(Sender, Instant)>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Peer {
    fn of(uri: &Uri) -> Result<Self, String> {
        let secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(scheme) => return Err(format!("scheme {scheme} is not supported, only http and https")),
            None => return Err("the address is not an absolute URL".into()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or("the address has no host")?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { secure, host, port: uri.port_u16().unwrap_or(usual_port(secure)) })
    }
}

fn usual_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

/// The request as it is sent: without scheme and host, with a `Host` header.
fn relative(mut request: Request<Bytes>, peer: &Peer) -> Result<Request<Full<Bytes>>, String> {
    let host = request.uri().host().unwrap_or(&peer.host);
    let host =
        if peer.port == usual_port(peer.secure) { host.to_owned() } else { format!("{host}:{}", peer.port) };
    let host = HeaderValue::from_str(&host).map_err(|error| error.to_string())?;
    request.headers_mut().insert(HOST, host);
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    *request.uri_mut() = target.parse().map_err(|error: http::uri::InvalidUri| error.to_string())?;
    Ok(request.map(Full::new))
}

async fn connect(peer: &Peer, tls: Option<&ClientTls>) -> Result<Sender, String> {
    let stream = TcpStream::connect((peer.host.as_str(), peer.port)).await;
    let stream = stream.map_err(|error| error.to_string())?;
    // This only improves latency, so an error does not matter.
    stream.set_nodelay(true).ok();
    if !peer.secure {
        return handshake(stream).await;
    }
    let tls = tls.ok_or("the address is https, but no authority is configured for it; set tls_ca")?;
    handshake(tls.encrypt(&peer.host, stream).await?).await
}

async fn handshake(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Result<Sender, String> {
    let made = Builder::new().max_buf_size(HEAD_BYTES_MAX).handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(|error| error.to_string())?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection ended");
        }
    });
    Ok(sender)
}

/// How an exchange failed.
enum Lost {
    /// Nothing was sent. Contains the request.
    Unsent(Box<Request<Full<Bytes>>>),
    /// The connection closed before the first byte of a response. The peer may have got the request.
    Closed(String),
    /// The peer may have got some of the request, and a part of a response came.
    Sent(String),
}

async fn exchange(sender: &mut Sender, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Lost> {
    let response = match sender.try_send_request(request).await {
        Ok(response) => response,
        Err(mut error) => {
            return Err(match error.take_message() {
                Some(request) => Lost::Unsent(Box::new(request)),
                None => lost(&error.into_error()),
            });
        }
    };
    let (head, body) = response.into_parts();
    let body =
        Limited::new(body, BODY_BYTES_MAX).collect().await.map_err(|error| Lost::Sent(error.to_string()))?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

/// A response that cannot be parsed counts as sent; every other error is a closed connection.
fn lost(error: &hyper::Error) -> Lost {
    if error.is_parse() { Lost::Sent(error.to_string()) } else { Lost::Closed(error.to_string()) }
}

fn late(timeouts: Timeouts) -> Failure {
    Failure::NoAnswer(format!("no answer within {:?}", timeouts.answer))
}
