//! Byte streams of a session: those that peers make at a listener, and those that the session makes.

use std::{
    collections::{HashMap, HashSet},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
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
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_tungstenite::WebSocketStream;

use super::{
    Lines,
    socket::{self, WebSocketClient, Wire},
    tls::{ClientTls, ServerTls},
};
use crate::Handle;

/// How many things of peers may wait for the session; whoever comes then waits itself. Ours.
const WAITING_MAX: usize = 256;
/// How much is read at once. Bytes. Ours.
const PIECE_BYTES: usize = 16 << 10;
/// How much is written at once, the first piece whatever it is. Bytes. Ours.
const BATCH_BYTES_MAX: usize = 64 << 10;
/// Of how many addresses that may not connect a person is warned; once of each. Ours.
const WARNINGS_MAX: usize = 64;
/// How long to wait after the machine would not accept a connection. Ours: descriptors come free meanwhile.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// What peers may ask for.
#[derive(Debug, Clone)]
pub struct LinkLimits {
    /// Connections at once, those among them whose TLS is being set up.
    pub connections_max: usize,
    /// How long TLS may take to be set up.
    pub handshake_within: Duration,
    /// How long a peer may refuse to read.
    pub write_within: Duration,
    /// How much may wait to be sent on one connection; with more it ends. Bytes.
    pub unsent_bytes_max: usize,
    /// From where peers may come; from anywhere when it is empty.
    pub allow: Vec<IpRange>,
}

impl LinkLimits {
    fn lets_in(&self, from: IpAddr) -> bool {
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

/// How links are made that a session asks for.
#[derive(Clone)]
pub(super) enum Dialling {
    /// As byte streams: encrypted, or not at all.
    Stream(Option<ClientTls>),
    /// As WebSockets, at a URL.
    WebSocket(WebSocketClient),
}

/// A connection, encrypted or not.
trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Something that happened to a link.
#[allow(
    clippy::large_enum_variant,
    reason = "most are the large one: a box would cost each piece an allocation"
)]
pub(super) enum Happened {
    /// A peer came; it has no number yet.
    Came(Arrival),
    Said(FromStream),
}

/// A peer that came.
pub(super) struct Arrival {
    stream: Box<dyn Io>,
    from: SocketAddr,
    place: OwnedSemaphorePermit,
}

/// All byte streams of one session.
pub struct Links {
    limits: LinkLimits,
    dialling: Dialling,
    open: HashMap<Link, Outgoing>,
    /// The last number that was given to a peer that came.
    last: u64,
    says: mpsc::Sender<Happened>,
    hears: mpsc::Receiver<Happened>,
}

/// What is to be sent on one link.
struct Outgoing {
    pieces: mpsc::UnboundedSender<Bytes>,
    /// Ends the link at once when something is sent here.
    cut: oneshot::Sender<()>,
    unsent: Arc<AtomicUsize>,
}

impl Links {
    pub(super) fn new(limits: LinkLimits, dialling: Dialling) -> Self {
        let (says, hears) = mpsc::channel(WAITING_MAX);
        Self { limits, dialling, open: HashMap::new(), last: 0, says, hears }
    }

    /// Lets peers in until the node takes no more work.
    pub(super) fn accept(&self, listener: TcpListener, tls: Option<ServerTls>, handle: Handle) {
        let door = Door {
            places: Arc::new(Semaphore::new(self.limits.connections_max)),
            limits: self.limits.clone(),
            tls,
            says: self.says.clone(),
            turned_away: HashSet::new(),
        };
        tokio::spawn(door.keep(listener, handle));
    }

    /// Gives a peer that came its number.
    fn welcome(&mut self, arrival: Arrival) -> FromStream {
        self.last += 1;
        let link = Link(self.last);
        let Arrival { stream, from, place } = arrival;
        let (carrier, outgoing) = self.carrier(link);
        self.open.insert(link, outgoing);
        tokio::spawn(async move {
            carrier.carry(stream).await;
            drop(place);
        });
        FromStream::Connected { link, from }
    }

    /// Makes a link.
    fn connect(&mut self, link: Link, to: String, timeouts: Duration) {
        let (carrier, outgoing) = self.carrier(link);
        self.open.insert(link, outgoing);
        match self.dialling.clone() {
            Dialling::Stream(tls) => {
                tokio::spawn(async move {
                    match in_time(timeouts, dial(&to, tls)).await {
                        Ok((stream, from)) => {
                            carrier.say(FromStream::Connected { link, from }).await;
                            carrier.carry(stream).await;
                        }
                        Err(why) => carrier.say(FromStream::Disconnected { link, why }).await,
                    }
                });
            }
            Dialling::WebSocket(client) => {
                tokio::spawn(async move {
                    match in_time(timeouts, client.connect(&to)).await {
                        Ok((socket, from)) => {
                            carrier.say(FromStream::Connected { link, from }).await;
                            carrier.carry_messages(socket, &client).await;
                        }
                        Err(why) => carrier.say(FromStream::Disconnected { link, why }).await,
                    }
                });
            }
        }
    }

    /// Sends bytes. A peer that has not read what was sent before for long is cut off.
    fn send(&mut self, link: Link, bytes: Bytes) {
        let Some(outgoing) = self.open.get(&link) else { return };
        let unsent = outgoing.unsent.fetch_add(bytes.len(), Ordering::Relaxed) + bytes.len();
        // The link may have ended meanwhile: the session will hear of it.
        if unsent <= self.limits.unsent_bytes_max {
            return drop(outgoing.pieces.send(bytes));
        }
        tracing::warn!(link = link.0, unsent, "peer does not read: cut off");
        if let Some(outgoing) = self.open.remove(&link) {
            outgoing.cut.send(()).ok();
        }
    }

    /// Ends a link, after what was said before has been sent.
    fn end(&mut self, link: Link) {
        self.open.remove(&link);
    }

    fn carrier(&self, link: Link) -> (Carrier, Outgoing) {
        let (pieces, outgoing) = mpsc::unbounded_channel();
        let unsent = Arc::new(AtomicUsize::new(0));
        let write_within = self.limits.write_within;
        let (cut, is_cut) = oneshot::channel();
        let says = self.says.clone();
        let carrier = Carrier { link, outgoing, is_cut, unsent: Arc::clone(&unsent), says, write_within };
        (carrier, Outgoing { pieces, cut, unsent })
    }
}

impl Lines<Stream> for Links {
    async fn next(&mut self, said: &mut Vec<FromStream>) {
        // There is always one sender: our own.
        said.extend(match self.hears.recv().await {
            Some(Happened::Came(arrival)) => Some(self.welcome(arrival)),
            Some(Happened::Said(said)) => {
                if let FromStream::Disconnected { link, .. } = said {
                    self.end(link);
                }
                Some(said)
            }
            None => None,
        });
    }

    fn say(&mut self, said: ToStream) {
        match said {
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

/// Lets peers in.
struct Door {
    limits: LinkLimits,
    tls: Option<ServerTls>,
    places: Arc<Semaphore>,
    says: mpsc::Sender<Happened>,
    /// Addresses that were warned of.
    turned_away: HashSet<IpAddr>,
}

impl Door {
    async fn keep(mut self, listener: TcpListener, handle: Handle) {
        let closing = handle.closing();
        tokio::pin!(closing);
        loop {
            tokio::select! {
                () = &mut closing => return,
                accepted = listener.accept() => match accepted {
                    Ok((stream, from)) => self.admit(stream, from),
                    Err(error) => {
                        tracing::debug!(%error, "connection not accepted");
                        tokio::time::sleep(ACCEPT_AGAIN).await;
                    }
                },
            }
        }
    }

    /// Sets up TLS where it is wanted. With all places taken the connection is dropped, and so is that of a stranger.
    fn admit(&mut self, stream: TcpStream, from: SocketAddr) {
        if !self.limits.lets_in(from.ip()) {
            return self.turn_away(from);
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return };
        let (tls, says, within) = (self.tls.clone(), self.says.clone(), self.limits.handshake_within);
        tokio::spawn(async move {
            // Only latency is lost without it.
            stream.set_nodelay(true).ok();
            let stream: Box<dyn Io> = match tls {
                None => Box::new(stream),
                Some(ServerTls(acceptor)) => match timeout(within, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => Box::new(stream),
                    Ok(Err(error)) => return tracing::debug!(%from, %error, "no tls with the peer"),
                    Err(_) => return tracing::debug!(%from, "no tls with the peer in time"),
                },
            };
            // The session may have ended.
            drop(says.send(Happened::Came(Arrival { stream, from, place })).await);
        });
    }

    fn turn_away(&mut self, from: SocketAddr) {
        if self.turned_away.len() < WARNINGS_MAX && self.turned_away.insert(from.ip()) {
            tracing::warn!(%from, "connection refused: the address is not in the list of those that may connect");
        } else {
            tracing::debug!(%from, "connection refused: the address is not in the list of those that may connect");
        }
    }
}

async fn in_time<T>(timeouts: Duration, made: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    timeout(timeouts, made).await.unwrap_or_else(|_| Err("no connection in time".to_owned()))
}

async fn dial(to: &str, tls: Option<ClientTls>) -> Result<(Box<dyn Io>, SocketAddr), String> {
    let stream = TcpStream::connect(to).await.map_err(|error| error.to_string())?;
    let from = stream.peer_addr().map_err(|error| error.to_string())?;
    stream.set_nodelay(true).ok();
    let Some(ClientTls(connector)) = tls else { return Ok((Box::new(stream), from)) };
    let host = to.rsplit_once(':').map_or(to, |(host, _)| host).trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|error| error.to_string())?;
    let stream = connector.connect(name, stream).await.map_err(|error| error.to_string())?;
    Ok((Box::new(stream), from))
}

/// Carries the bytes of one link.
struct Carrier {
    link: Link,
    outgoing: mpsc::UnboundedReceiver<Bytes>,
    is_cut: oneshot::Receiver<()>,
    unsent: Arc<AtomicUsize>,
    says: mpsc::Sender<Happened>,
    write_within: Duration,
}

impl Carrier {
    async fn say(&self, said: FromStream) {
        // The session may have ended.
        drop(self.says.send(Happened::Said(said)).await);
    }

    /// Carries bytes both ways until either side ends it.
    async fn carry(self, stream: Box<dyn Io>) {
        let Self { link, outgoing, is_cut, unsent, says, write_within } = self;
        let (reader, writer) = tokio::io::split(stream);
        let why = tokio::select! {
            why = read_all(link, reader, &says) => why,
            why = write_all(writer, outgoing, &unsent, write_within) => why,
            () = cut(is_cut) => "the peer does not read".to_owned(),
        };
        drop(says.send(Happened::Said(FromStream::Disconnected { link, why })).await);
    }
}

impl Carrier {
    /// Carries messages both ways until either side ends it.
    async fn carry_messages(self, socket: WebSocketStream<TcpStream>, client: &WebSocketClient) {
        let Self { link, outgoing, is_cut, unsent, says, write_within } = self;
        let wire = Wire { link, outgoing, unsent: &unsent, says: &says, write_within };
        let why = tokio::select! {
            why = socket::carry(socket, client, wire) => why,
            () = cut(is_cut) => "the peer does not read".to_owned(),
        };
        drop(says.send(Happened::Said(FromStream::Disconnected { link, why })).await);
    }
}

/// Comes to an end when the link is cut; a link that ends as it should drops the other end.
async fn cut(is_cut: oneshot::Receiver<()>) {
    if is_cut.await.is_err() {
        std::future::pending().await
    }
}

async fn read_all(link: Link, mut reader: impl AsyncRead + Unpin, says: &mpsc::Sender<Happened>) -> String {
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(PIECE_BYTES);
        match reader.read_buf(&mut buffer).await {
            Ok(0) => return "the peer has ended it".to_owned(),
            Ok(_) => {}
            Err(error) => return error.to_string(),
        }
        let said = FromStream::Received { link, bytes: buffer.split().freeze() };
        if says.send(Happened::Said(said)).await.is_err() {
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
    // What was written is on its way; a peer that does not take the end of it either is not waited for.
    drop(timeout(within, writer.shutdown()).await);
    "we have ended it".to_owned()
}
