//! The byte streams of a session: connections that peers make to its listener, and connections that it makes.

use std::{
    collections::{HashMap, HashSet},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use session::{FromStream, Link, Stream, ToStream};
use settings::IpRange;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::timeout,
};

use super::{
    PeerChannel,
    accept::Acceptor,
    socket::{self, Socket, SocketLink, WebSocketClient},
    tls::{self, ClientTls, ServerTls},
};
use crate::{Handle, throttle::Throttle};

/// How many inputs from peers may wait for the session. Further readers wait until there is room. Our choice.
const WAITING_MAX: usize = 256;
/// How many bytes are read at a time. Our choice.
const PIECE_BYTES: usize = 16 << 10;
/// How many bytes are written at a time. A single larger piece is written whole. Our choice.
const BATCH_BYTES_MAX: usize = 64 << 10;
/// For how many refused addresses a warning is logged, once for each. Our choice.
const WARNINGS_MAX: usize = 64;

/// The limits for the peers of a session.
#[derive(Debug, Clone)]
pub struct LinkLimits {
    /// The most simultaneous connections, including those whose TLS handshake is running.
    pub connections_max: usize,
    /// How long a TLS handshake may take.
    pub handshake_within: Duration,
    /// How long a write may wait for a peer that does not read.
    pub write_within: Duration,
    /// How many bytes may wait to be sent on one connection. With more, the connection ends.
    pub unsent_bytes_max: usize,
    /// The addresses from which peers may connect. Empty: any.
    pub allow: Vec<IpRange>,
}

impl LinkLimits {
    fn is_allowed(&self, from: IpAddr) -> bool {
        self.allow.is_empty() || self.allow.iter().any(|range| range.contains(from))
    }
}

impl Default for LinkLimits {
    fn default() -> Self {
        Self {
            connections_max: 64,
            handshake_within: Duration::from_secs(10),
            write_within: Duration::from_secs(30),
            unsent_bytes_max: 4 << 20,
            allow: Vec::new(),
        }
    }
}

/// How the connections of a session are made.
#[derive(Clone)]
pub(super) enum Connector {
    /// As byte streams, with or without TLS.
    Stream(Option<ClientTls>),
    /// As WebSockets to a URL.
    WebSocket(WebSocketClient),
}

/// A connection, with or without TLS.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// An input for the session's links.
#[allow(
    clippy::large_enum_variant,
    reason = "most values are the large one; a box would cost an allocation for each piece"
)]
pub(super) enum StreamInput {
    /// A peer has connected. It has no number yet.
    Connected(IncomingConnection),
    FromPeer(FromStream),
}

/// A connection that a peer has made.
pub(super) struct IncomingConnection {
    stream: Box<dyn Io>,
    from: SocketAddr,
    place: OwnedSemaphorePermit,
}

/// All byte streams of one session.
pub struct Links {
    limits: LinkLimits,
    connector: Connector,
    open: HashMap<Link, Outgoing>,
    /// The last number that was given to a peer's connection.
    last: u64,
    sender: mpsc::Sender<StreamInput>,
    receiver: mpsc::Receiver<StreamInput>,
}

/// The sending side of one link.
struct Outgoing {
    pieces: mpsc::UnboundedSender<Bytes>,
    /// Ends the link immediately when a value is sent.
    cut: oneshot::Sender<()>,
    unsent: Arc<AtomicUsize>,
}

impl Links {
    pub(super) fn new(limits: LinkLimits, connector: Connector) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        Self { limits, connector, open: HashMap::new(), last: 0, sender, receiver }
    }

    /// Accepts peers until the node stops.
    pub(super) fn accept(&self, listener: TcpListener, tls: Option<ServerTls>, handle: Handle) {
        let gate = LinkGate {
            places: Arc::new(Semaphore::new(self.limits.connections_max)),
            limits: self.limits.clone(),
            tls,
            sender: self.sender.clone(),
            warned: HashSet::new(),
            throttle: Arc::default(),
            handle: handle.clone(),
        };
        tokio::spawn(gate.keep(listener, handle));
    }

    /// Gives a peer's connection its number.
    fn welcome(&mut self, incoming: IncomingConnection) -> FromStream {
        self.last += 1;
        let link = Link(self.last);
        let IncomingConnection { stream, from, place } = incoming;
        let (link_task, outgoing) = self.link_task(link);
        self.open.insert(link, outgoing);
        tokio::spawn(async move {
            link_task.carry(stream).await;
            drop(place);
        });
        FromStream::Connected { link, from }
    }

    /// Makes a connection.
    fn connect(&mut self, link: Link, to: String, timeouts: Duration) {
        let (link_task, outgoing) = self.link_task(link);
        self.open.insert(link, outgoing);
        match self.connector.clone() {
            Connector::Stream(tls) => {
                tokio::spawn(async move {
                    match in_time(timeouts, dial(&to, tls)).await {
                        Ok((stream, from)) => {
                            link_task.send(FromStream::Connected { link, from }).await;
                            link_task.carry(stream).await;
                        }
                        Err(why) => link_task.send(FromStream::Disconnected { link, why }).await,
                    }
                });
            }
            Connector::WebSocket(client) => {
                tokio::spawn(async move {
                    match in_time(timeouts, client.connect(&to)).await {
                        Ok((socket, from)) => {
                            link_task.send(FromStream::Connected { link, from }).await;
                            link_task.carry_messages(socket, &client).await;
                        }
                        Err(why) => link_task.send(FromStream::Disconnected { link, why }).await,
                    }
                });
            }
        }
    }

    /// Sends bytes. A peer that reads too slowly is disconnected.
    fn send(&mut self, link: Link, bytes: Bytes) {
        let Some(outgoing) = self.open.get(&link) else { return };
        let unsent = outgoing.unsent.fetch_add(bytes.len(), Ordering::Relaxed) + bytes.len();
        // The link may have ended meanwhile. The session gets that as an input.
        if unsent <= self.limits.unsent_bytes_max {
            return drop(outgoing.pieces.send(bytes));
        }
        tracing::warn!(link = link.0, unsent, "peer reads too slowly; disconnected");
        if let Some(outgoing) = self.open.remove(&link) {
            outgoing.cut.send(()).ok();
        }
    }

    /// Ends a link after all earlier bytes have been sent.
    fn end(&mut self, link: Link) {
        self.open.remove(&link);
    }

    fn link_task(&self, link: Link) -> (LinkTask, Outgoing) {
        let (pieces, outgoing) = mpsc::unbounded_channel();
        let unsent = Arc::new(AtomicUsize::new(0));
        let write_within = self.limits.write_within;
        let (cut, is_cut) = oneshot::channel();
        let sender = self.sender.clone();
        let link_task =
            LinkTask { link, outgoing, is_cut, unsent: Arc::clone(&unsent), sender, write_within };
        (link_task, Outgoing { pieces, cut, unsent })
    }
}

impl PeerChannel<Stream> for Links {
    async fn next(&mut self, inputs: &mut Vec<FromStream>) {
        // `self` holds a sender, so the channel is never closed.
        inputs.extend(match self.receiver.recv().await {
            Some(StreamInput::Connected(incoming)) => Some(self.welcome(incoming)),
            Some(StreamInput::FromPeer(input)) => {
                if let FromStream::Disconnected { link, .. } = input {
                    self.end(link);
                }
                Some(input)
            }
            None => None,
        });
    }

    fn send(&mut self, output: ToStream) {
        match output {
            ToStream::Connect { link, to, timeout } => self.connect(link, to, timeout),
            ToStream::Send { link, bytes } => {
                tracing::trace!(link = link.0, bytes = bytes.len(), "bytes out");
                self.send(link, bytes);
            }
            ToStream::Disconnect { link, why } => {
                tracing::debug!(link = link.0, why, "link ended");
                self.end(link);
            }
        }
    }
}

/// Admits the connections of peers.
struct LinkGate {
    limits: LinkLimits,
    tls: Option<ServerTls>,
    places: Arc<Semaphore>,
    sender: mpsc::Sender<StreamInput>,
    /// Addresses for which a warning was logged.
    warned: HashSet<IpAddr>,
    throttle: Arc<Throttle>,
    handle: Handle,
}

impl LinkGate {
    async fn keep(mut self, listener: TcpListener, handle: Handle) {
        let acceptor = Acceptor::new(listener, handle.clone());
        let closing = handle.closing();
        tokio::pin!(closing);
        loop {
            tokio::select! {
                () = &mut closing => return,
                (stream, from) = acceptor.next() => self.admit(stream, from),
            }
        }
    }

    /// Runs the TLS handshake where it is configured. Drops the connection if its address is not allowed or no slot is free.
    fn admit(&mut self, stream: TcpStream, from: SocketAddr) {
        if !self.limits.is_allowed(from.ip()) {
            return self.refuse(from);
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return self.crowded(from) };
        let (tls, sender, within) = (self.tls.clone(), self.sender.clone(), self.limits.handshake_within);
        let throttle = Arc::clone(&self.throttle);
        tokio::spawn(async move {
            // This only improves latency, so an error does not matter.
            stream.set_nodelay(true).ok();
            let stream: Box<dyn Io> = match tls {
                None => Box::new(stream),
                Some(tls) => match timeout(within, tls.acceptor().accept(stream)).await {
                    Ok(Ok(stream)) => Box::new(stream),
                    Ok(Err(error)) => return tls::refused(&throttle, from, &error),
                    Err(_) => return tracing::debug!(%from, "tls handshake timed out"),
                },
            };
            // The session may have ended.
            drop(sender.send(StreamInput::Connected(IncomingConnection { stream, from, place })).await);
        });
    }

    fn crowded(&self, from: SocketAddr) {
        self.handle.metrics().connections_refused.inc();
        if let Some(unlogged) = self.throttle.due("too many connections", Instant::now()) {
            tracing::warn!(%from, unlogged, "connection closed: only {} are allowed", self.limits.connections_max);
        }
    }

    fn refuse(&mut self, from: SocketAddr) {
        if self.warned.len() < WARNINGS_MAX && self.warned.insert(from.ip()) {
            tracing::warn!(%from, "connection refused: the address is not in `allow`");
        } else {
            tracing::debug!(%from, "connection refused: the address is not in `allow`");
        }
    }
}

async fn in_time<T>(limit: Duration, made: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    timeout(limit, made).await.unwrap_or_else(|_| Err(format!("no connection within {limit:?}")))
}

async fn dial(to: &str, tls: Option<ClientTls>) -> Result<(Box<dyn Io>, SocketAddr), String> {
    let stream = TcpStream::connect(to).await.map_err(|error| error.to_string())?;
    let from = stream.peer_addr().map_err(|error| error.to_string())?;
    stream.set_nodelay(true).ok();
    let Some(tls) = tls else { return Ok((Box::new(stream), from)) };
    let host = to.rsplit_once(':').map_or(to, |(host, _)| host).trim_matches(['[', ']']);
    Ok((Box::new(tls.encrypt(host, stream).await?), from))
}

/// The task of one link.
struct LinkTask {
    link: Link,
    outgoing: mpsc::UnboundedReceiver<Bytes>,
    is_cut: oneshot::Receiver<()>,
    unsent: Arc<AtomicUsize>,
    sender: mpsc::Sender<StreamInput>,
    write_within: Duration,
}

impl LinkTask {
    async fn send(&self, input: FromStream) {
        // The session may have ended.
        drop(self.sender.send(StreamInput::FromPeer(input)).await);
    }

    /// Carries bytes in both directions until either side ends the connection.
    async fn carry(self, stream: Box<dyn Io>) {
        let Self { link, outgoing, is_cut, unsent, sender, write_within } = self;
        let (reader, writer) = tokio::io::split(stream);
        let why = tokio::select! {
            why = read_all(link, reader, &sender) => why,
            why = write_all(writer, outgoing, &unsent, write_within) => why,
            () = cut(is_cut) => "the peer does not read".to_owned(),
        };
        drop(sender.send(StreamInput::FromPeer(FromStream::Disconnected { link, why })).await);
    }
}

impl LinkTask {
    /// Carries messages in both directions until either side ends the connection.
    async fn carry_messages(self, socket: Socket, client: &WebSocketClient) {
        let Self { link, outgoing, is_cut, unsent, sender, write_within } = self;
        let wire = SocketLink { link, outgoing, unsent: &unsent, sender: &sender, write_within };
        let why = tokio::select! {
            why = socket::carry(socket, client, wire) => why,
            () = cut(is_cut) => "the peer does not read".to_owned(),
        };
        drop(sender.send(StreamInput::FromPeer(FromStream::Disconnected { link, why })).await);
    }
}

/// Returns when the link is cut. Never returns for a link that ends normally.
async fn cut(is_cut: oneshot::Receiver<()>) {
    if is_cut.await.is_err() {
        std::future::pending().await
    }
}

async fn read_all(
    link: Link,
    mut reader: impl AsyncRead + Unpin,
    sender: &mpsc::Sender<StreamInput>,
) -> String {
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(PIECE_BYTES);
        match reader.read_buf(&mut buffer).await {
            Ok(0) => return "the peer closed the connection".to_owned(),
            Ok(_) => {}
            Err(error) => return error.to_string(),
        }
        let input = FromStream::Received { link, bytes: buffer.split().freeze() };
        if sender.send(StreamInput::FromPeer(input)).await.is_err() {
            return "the session has ended".to_owned();
        }
    }
}

async fn write_all(
    mut writer: impl AsyncWrite + Unpin,
    mut outgoing: mpsc::UnboundedReceiver<Bytes>,
    unsent: &AtomicUsize,
    within: Duration,
) -> String {
    let mut batch = BytesMut::new();
    while let Some(first) = outgoing.recv().await {
        batch.extend_from_slice(&first);
        while batch.len() < BATCH_BYTES_MAX
            && let Ok(next) = outgoing.try_recv()
        {
            batch.extend_from_slice(&next);
        }
        match timeout(within, writer.write_all(&batch)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "the peer does not read".to_owned(),
        }
        unsent.fetch_sub(batch.len(), Ordering::Relaxed);
        batch.clear();
    }
    // All bytes are written. A peer that does not accept the end of the stream is not waited for.
    drop(timeout(within, writer.shutdown()).await);
    "closed by this side".to_owned()
}
