//! Accepts HTTP connections, plain or over TLS, within limits.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::body::Body;
use futures_util::future::BoxFuture;
use http::{Request, Response, StatusCode};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use session::dialect::Repair;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::{
    lenient::Lenient,
    request_policy::{Refusal, RequestPolicy},
    stream::Stream,
    tls::ServerTls,
};
use crate::{Error, Handle, throttle::Throttle};

/// Answers a request of a peer.
pub(crate) type Service =
    Arc<dyn Fn(SocketAddr, Request<Body>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;

/// How long to wait after the machine would not accept a connection. Ours: descriptors come free meanwhile.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// What peers may ask for.
#[derive(Debug, Clone)]
pub struct HttpLimits {
    /// Connections at once.
    pub connections_max: usize,
    /// Connections at once from one address.
    pub per_peer_max: usize,
    /// How long a request's head may take, and how long a connection may idle before it.
    pub head_within: Duration,
    /// How long a request's body may take.
    pub body_within: Duration,
    /// How long an answer may take.
    pub answer_within: Duration,
    /// How long a peer may refuse to read.
    pub write_within: Duration,
    /// A request's head. Bytes.
    pub head_bytes_max: usize,
    /// A request's target. Bytes.
    pub target_bytes_max: usize,
    /// Brings request lines into form before HTTP reads them. A target that is too long is cut then and not refused, so that the peer is
    /// answered in its own words.
    pub repair: Option<Repair>,
    /// A request's body. Bytes.
    pub body_bytes_max: usize,
    /// Which requests are accepted at all.
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

/// Listens at an address; says where, when the port was left open.
pub(crate) async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let failed = |error: std::io::Error| Error::Listen { address, error: error.to_string() };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Serves until the node takes no more work.
pub(crate) fn serve(
    listener: TcpListener,
    limits: HttpLimits,
    tls: Option<ServerTls>,
    handle: Handle,
    service: Service,
) {
    let host = Host { limits, tls, handle, service, throttle: Throttle::default() };
    tokio::spawn(Server { host: Arc::new(host), places: Arc::default() }.accept(listener));
}

struct Server {
    host: Arc<Host>,
    places: Arc<Places>,
}

/// What every connection is given.
struct Host {
    limits: HttpLimits,
    tls: Option<ServerTls>,
    handle: Handle,
    service: Service,
    throttle: Throttle,
}

impl Server {
    async fn accept(self, listener: TcpListener) {
        let handle = self.host.handle.clone();
        let closing = handle.closing();
        tokio::pin!(closing);
        loop {
            tokio::select! {
                () = &mut closing => return,
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => self.welcome(stream, peer),
                    Err(error) => {
                        tracing::debug!(%error, "connection not accepted");
                        tokio::time::sleep(ACCEPT_AGAIN).await;
                    }
                },
            }
        }
    }

    /// Serves the connection, or drops it when there are too many.
    fn welcome(&self, stream: TcpStream, peer: SocketAddr) {
        let Some(place) = Place::take(&self.places, peer.ip(), &self.host.limits) else {
            self.host.handle.metrics().connections_refused.inc();
            return;
        };
        let host = Arc::clone(&self.host);
        tokio::spawn(async move {
            host.greet(stream, peer).await;
            drop(place);
        });
    }
}

impl Host {
    /// Sets up TLS where it is wanted, in the time that a request's head has.
    async fn greet(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        // Only latency is lost without it.
        stream.set_nodelay(true).ok();
        let Some(ServerTls(acceptor)) = &self.tls else { return self.attend(stream, peer).await };
        match timeout(self.limits.head_within, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.attend(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no tls with the peer"),
            Err(_) => tracing::debug!(%peer, "no tls with the peer in time"),
        }
    }

    async fn attend(
        self: Arc<Self>,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
    ) {
        let (limits, host) = (&self.limits, Arc::clone(&self));
        let stream = Stream::new(stream, limits.write_within);
        let stream = Lenient::new(stream, limits.repair, limits.target_bytes_max / 2);
        let answer = service_fn(move |request: Request<Incoming>| {
            let answered =
                host.accept(peer, &request).map(|client| (host.service)(client, request.map(Body::new)));
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

    /// Says where the client of a request is, or how it is refused.
    fn accept(
        &self,
        peer: SocketAddr,
        request: &Request<Incoming>,
    ) -> Result<SocketAddr, Box<Response<Body>>> {
        let (limits, secure) = (&self.limits, self.tls.is_some());
        if !is_short(request, limits.target_bytes_max) {
            return Err(Box::new(refusal(StatusCode::URI_TOO_LONG)));
        }
        let client = limits.policy.client(peer, request.headers());
        limits.policy.check(request, secure).map(|()| client).map_err(|refused| {
            self.warn(&refused, client);
            Box::new(explained(&refused))
        })
    }

    fn warn(&self, refused: &Refusal, from: SocketAddr) {
        if let Some(unlogged) = self.throttle.due(refused.cause(), Instant::now()) {
            tracing::warn!(%from, unlogged, "{}: {}", refused.cause(), refused.text());
        }
    }
}

fn is_short(request: &Request<Incoming>, target_max: usize) -> bool {
    request.uri().path_and_query().is_none_or(|target| target.as_str().len() <= target_max)
}

/// An answer of the driver's own: why a request is not accepted.
fn explained(refused: &Refusal) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{}\n", refused.text())));
    *response.status_mut() = refused.status();
    response
}

/// An answer of the driver's own: a status without a body.
pub(super) fn refusal(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// How many connections there are, and from where.
#[derive(Default)]
struct Places(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    all: usize,
    by_peer: HashMap<IpAddr, usize>,
}

impl Places {
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's place; given back when dropped.
struct Place {
    places: Arc<Places>,
    peer: IpAddr,
}

impl Place {
    fn take(places: &Arc<Places>, peer: IpAddr, limits: &HttpLimits) -> Option<Self> {
        let mut taken = places.lock();
        let own = taken.by_peer.get(&peer).copied().unwrap_or_default();
        // Behind a proxy are many clients.
        let own_max = if limits.policy.proxies.trusts(peer) { usize::MAX } else { limits.per_peer_max };
        if taken.all >= limits.connections_max || own >= own_max {
            return None;
        }
        taken.all += 1;
        taken.by_peer.insert(peer, own + 1);
        Some(Self { places: Arc::clone(places), peer })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all -= 1;
        let own = taken.by_peer.get(&self.peer).copied().unwrap_or_default();
        if own > 1 {
            taken.by_peer.insert(self.peer, own - 1);
        } else {
            taken.by_peer.remove(&self.peer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_come_back() {
        let limits = HttpLimits { connections_max: 3, per_peer_max: 2, ..HttpLimits::default() };
        let (places, one, other) =
            (Arc::default(), "192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = Place::take(&places, one, &limits).unwrap();
        let _second = Place::take(&places, one, &limits).unwrap();
        assert!(Place::take(&places, one, &limits).is_none());
        let _third = Place::take(&places, other, &limits).unwrap();
        assert!(Place::take(&places, other, &limits).is_none());
        drop(first);
        assert!(Place::take(&places, other, &limits).is_some());
        assert_eq!(places.lock().by_peer.len(), 2);
    }
}
