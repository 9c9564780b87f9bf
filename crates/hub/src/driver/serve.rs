//! Accepts HTTP connections, plain or over TLS, within limits.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::body::Body;
use futures_util::future::BoxFuture;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use session::dialect::Repair;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::{
    accept::Acceptor,
    lenient::{Lenient, RequestRepair},
    request_policy::{Refusal, RequestPolicy},
    stream::Stream,
    tls::{self, ServerTls},
};
use crate::{Handle, throttle::Throttle};

/// Handles a request of a peer and returns the response.
pub(crate) type Service =
    Arc<dyn Fn(SocketAddr, Request<Body>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;

/// The limits for HTTP peers.
#[derive(Debug, Clone)]
pub struct HttpLimits {
    /// The most simultaneous connections.
    pub connections_max: usize,
    /// The most simultaneous connections from one address.
    pub per_peer_max: usize,
    /// How long the head of a request may take, and how long a connection may be idle before it.
    pub head_within: Duration,
    /// How long the body of a request may take.
    pub body_within: Duration,
    /// How long a response may take.
    pub answer_within: Duration,
    /// How long a write may wait for a peer that does not read.
    pub write_within: Duration,
    /// The longest head of a request. Bytes.
    pub head_bytes_max: usize,
    /// The longest target of a request. Bytes.
    pub target_bytes_max: usize,
    /// Repairs request lines before the HTTP parser reads them. A target that is too long is then cut instead of refused, so that the
    /// dialect can answer it.
    pub repair: Option<Repair>,
    /// The largest body of a request. Bytes.
    pub body_bytes_max: usize,
    /// Which requests are accepted.
    pub policy: RequestPolicy,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connections_max: 16_384,
            per_peer_max: 8_192,
            head_within: Duration::from_secs(30),
            body_within: Duration::from_secs(30),
            answer_within: Duration::from_secs(60),
            write_within: Duration::from_secs(30),
            head_bytes_max: 32 << 10,
            target_bytes_max: 8 << 10,
            repair: None,
            body_bytes_max: 1 << 20,
            policy: RequestPolicy::default(),
        }
    }
}

/// Serves requests until the node stops.
pub(crate) fn serve(
    listener: TcpListener,
    limits: HttpLimits,
    tls: Option<ServerTls>,
    handle: Handle,
    service: Service,
) {
    let context = ServerContext { limits, tls, handle, service, throttle: Throttle::default() };
    tokio::spawn(Server { context: Arc::new(context), slots: Arc::default() }.accept(listener));
}

struct Server {
    context: Arc<ServerContext>,
    slots: Arc<ConnectionSlots>,
}

/// What all connections of a server share.
struct ServerContext {
    limits: HttpLimits,
    tls: Option<ServerTls>,
    handle: Handle,
    service: Service,
    throttle: Throttle,
}

impl Server {
    async fn accept(self, listener: TcpListener) {
        let handle = self.context.handle.clone();
        let acceptor = Acceptor::new(listener, handle.clone());
        let closing = handle.closing();
        tokio::pin!(closing);
        loop {
            tokio::select! {
                () = &mut closing => return,
                (stream, peer) = acceptor.next() => self.serve_connection(stream, peer),
            }
        }
    }

    /// Serves the connection, or drops it if there are too many.
    fn serve_connection(&self, stream: TcpStream, peer: SocketAddr) {
        let Some(slot) = ConnectionSlot::take(&self.slots, peer.ip(), &self.context.limits) else {
            return self.context.refuse(peer);
        };
        let context = Arc::clone(&self.context);
        tokio::spawn(async move {
            context.set_up_tls(stream, peer).await;
            drop(slot);
        });
    }
}

impl ServerContext {
    fn refuse(&self, peer: SocketAddr) {
        self.handle.metrics().connections_refused.inc();
        if let Some(unlogged) = self.throttle.due("too many connections", Instant::now()) {
            let (all, each) = (self.limits.connections_max, self.limits.per_peer_max);
            tracing::warn!(%peer, unlogged, "connection closed: {all} are allowed, and {each} from one address");
        }
    }

    /// Runs the TLS handshake where it is configured, within the time limit for a request's head.
    async fn set_up_tls(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        // This only improves latency, so an error does not matter.
        stream.set_nodelay(true).ok();
        let Some(acceptor) = self.tls.as_ref().map(ServerTls::acceptor) else {
            return self.serve_requests(stream, peer).await;
        };
        match timeout(self.limits.head_within, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.serve_requests(stream, peer).await,
            Ok(Err(error)) => tls::refused(&self.throttle, peer, &error),
            Err(_) => tracing::debug!(%peer, "tls handshake timed out"),
        }
    }

    async fn serve_requests(
        self: Arc<Self>,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
    ) {
        let (limits, context) = (&self.limits, Arc::clone(&self));
        let stream = Stream::new(stream, limits.write_within);
        let repair = RequestRepair::new(limits.repair, limits.target_bytes_max / 2);
        let stream = Lenient::new(stream, repair);
        let answer = service_fn(move |request: Request<Incoming>| {
            let answered = context
                .accept(peer, &request)
                .map(|client| (context.service)(client, request.map(Body::new)));
            async move {
                match answered {
                    Ok(answered) => Ok::<_, std::convert::Infallible>(answered.await),
                    Err(refused) => Ok(*refused),
                }
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head_within)
            .max_buf_size(limits.head_bytes_max)
            .serve_connection(TokioIo::new(stream), answer)
            .with_upgrades();
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.handle.closing() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "connection ended");
        }
    }

    /// Checks a request. Returns the client's address, or the response that refuses it.
    fn accept(
        &self,
        peer: SocketAddr,
        request: &Request<Incoming>,
    ) -> Result<SocketAddr, Box<Response<Body>>> {
        let (limits, secure) = (&self.limits, self.tls.is_some());
        if !is_short(request, limits.target_bytes_max) {
            return Err(Box::new(refusal(StatusCode::URI_TOO_LONG)));
        }
        if head_bytes(request) > limits.head_bytes_max {
            return Err(Box::new(refusal(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)));
        }
        let client = limits.policy.client(peer, request.headers());
        limits.policy.check(request, secure).map(|()| client).map_err(|refused| {
            self.warn(&refused, client);
            Box::new(refusal_response(&refused))
        })
    }

    fn warn(&self, refused: &Refusal, from: SocketAddr) {
        if let Some(unlogged) = self.throttle.due(refused.cause(), Instant::now()) {
            tracing::warn!(%from, unlogged, "{}: {}", refused.cause(), refused.text());
        }
    }
}

/// The size of a request's head: the parser's own limit is the size of its buffer, which may hold more than one read.
fn head_bytes(request: &Request<Incoming>) -> usize {
    /// The two spaces, the version and the line ends of a head with only a request line.
    const LINE_BYTES: usize = "  HTTP/1.1\r\n\r\n".len();
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let field =
        |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + ": \r\n".len();
    LINE_BYTES + request.method().as_str().len() + target + request.headers().iter().map(field).sum::<usize>()
}

fn is_short(request: &Request<Incoming>, target_max: usize) -> bool {
    request.uri().path_and_query().is_none_or(|target| target.as_str().len() <= target_max)
}

/// The driver's own response to a request that is not accepted, with the reason.
fn refusal_response(refused: &Refusal) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{}\n", refused.text())));
    *response.status_mut() = refused.status();
    response
}

/// The driver's own response: a status without a body.
pub(super) fn refusal(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Counts open connections, in total and by address.
#[derive(Default)]
struct ConnectionSlots(Mutex<SlotCounts>);

#[derive(Default)]
struct SlotCounts {
    all: usize,
    by_peer: HashMap<IpAddr, usize>,
}

impl ConnectionSlots {
    fn lock(&self) -> MutexGuard<'_, SlotCounts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The slot of one connection; free again when dropped.
struct ConnectionSlot {
    slots: Arc<ConnectionSlots>,
    peer: IpAddr,
}

impl ConnectionSlot {
    fn take(slots: &Arc<ConnectionSlots>, peer: IpAddr, limits: &HttpLimits) -> Option<Self> {
        let mut counts = slots.lock();
        let own = counts.by_peer.get(&peer).copied().unwrap_or_default();
        // A proxy's address stands for many clients.
        let own_max = if limits.policy.proxies.trusts(peer) { usize::MAX } else { limits.per_peer_max };
        if counts.all >= limits.connections_max || own >= own_max {
            return None;
        }
        counts.all += 1;
        counts.by_peer.insert(peer, own + 1);
        Some(Self { slots: Arc::clone(slots), peer })
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut counts = self.slots.lock();
        counts.all -= 1;
        let own = counts.by_peer.get(&self.peer).copied().unwrap_or_default();
        if own > 1 {
            counts.by_peer.insert(self.peer, own - 1);
        } else {
            counts.by_peer.remove(&self.peer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_come_back() {
        let limits = HttpLimits { connections_max: 3, per_peer_max: 2, ..HttpLimits::default() };
        let (slots, one, other) =
            (Arc::default(), "192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = ConnectionSlot::take(&slots, one, &limits).unwrap();
        let _second = ConnectionSlot::take(&slots, one, &limits).unwrap();
        assert!(ConnectionSlot::take(&slots, one, &limits).is_none());
        let _third = ConnectionSlot::take(&slots, other, &limits).unwrap();
        assert!(ConnectionSlot::take(&slots, other, &limits).is_none());
        drop(first);
        assert!(ConnectionSlot::take(&slots, other, &limits).is_some());
        assert_eq!(slots.lock().by_peer.len(), 2);
    }
}
