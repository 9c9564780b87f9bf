//! Links that are WebSockets: each message is one piece of the link.
//!
//! Some peers close a socket that is not read immediately and keep nothing for a client that reconnects (Asterisk: after 100 ms). So the
//! socket is always read, into a bounded queue. When the queue is full, the link ends. The session must then query the state again, as
//! after any lost link.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use http::{HeaderValue, Uri, header::AUTHORIZATION};
use model::Secret;
use session::{FromStream, Link};
use tokio::{net::TcpStream, sync::mpsc, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Error, Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

use super::{
    links::{Io, StreamInput},
    tls::ClientTls,
};

/// The size of a socket's buffers. Bytes. Our choice: the default is 128 KiB each.
const BUFFER_BYTES: usize = 16 << 10;

/// The settings of the WebSocket client.
#[derive(Debug, Clone)]
pub struct WebSocketClient {
    /// The value of the `Authorization` header.
    pub authorization: Secret,
    /// The authorities that are trusted for `wss` and `https` addresses. Without them, such addresses are refused.
    pub tls: Option<ClientTls>,
    /// How many messages may wait for the session. With more, the link ends.
    pub messages_max: usize,
    /// The longest message. Bytes.
    pub message_bytes_max: usize,
    /// How often the peer is pinged. A peer that sent nothing since the last ping is disconnected.
    pub ping_every: Duration,
}

impl WebSocketClient {
    /// Creates settings with the default limits.
    pub fn new(authorization: Secret) -> Self {
        let (messages_max, message_bytes_max) = (16_384, 1 << 20);
        let ping_every = Duration::from_secs(10);
        Self { authorization, tls: None, messages_max, message_bytes_max, ping_every }
    }

    /// Connects to a URL of the form `ws://host:port/path` or `wss://host:port/path`.
    pub(super) async fn connect(&self, url: &str) -> Result<(Socket, SocketAddr), String> {
        let (stream, from) = self.dial(url).await?;
        let mut request = url.into_client_request().map_err(|error| error.to_string())?;
        let mut authorization =
            HeaderValue::from_str(self.authorization.reveal()).map_err(|error| error.to_string())?;
        authorization.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, authorization);
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(BUFFER_BYTES)
            // Room for pongs that the peer does not read.
            .max_write_buffer_size(self.message_bytes_max + 2 * BUFFER_BYTES)
            .max_message_size(Some(self.message_bytes_max))
            .max_frame_size(Some(self.message_bytes_max));
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await.map_err(refused)?;
        Ok((socket, from))
    }

    async fn dial(&self, url: &str) -> Result<(Box<dyn Io>, SocketAddr), String> {
        let uri: Uri = url.parse().map_err(|error| format!("the WebSocket address is invalid: {error}"))?;
        let secure = match uri.scheme_str() {
            Some("ws") => Some(false),
            Some("wss") => Some(true),
            _ => None,
        };
        let (place, secure) = uri.authority().zip(secure).ok_or_else(|| {
            format!(
                "the WebSocket address {url} is not of the form ws://host:port/path or wss://host:port/path"
            )
        })?;
        let (host, port) = (place.host().trim_matches(['[', ']']), place.port_u16());
        let stream = TcpStream::connect((host, port.unwrap_or(if secure { 443 } else { 80 })));
        let stream = stream.await.map_err(|error| error.to_string())?;
        let from = stream.peer_addr().map_err(|error| error.to_string())?;
        // This only improves latency, so an error does not matter.
        stream.set_nodelay(true).ok();
        if !secure {
            return Ok((Box::new(stream), from));
        }
        let tls = self
            .tls
            .as_ref()
            .ok_or("the address is wss, but no authority is configured for it; set tls_ca")?;
        Ok((Box::new(tls.encrypt(host, stream).await?), from))
    }
}

/// A WebSocket, with or without TLS.
pub(super) type Socket = WebSocketStream<Box<dyn Io>>;

/// The reason of a failed handshake. A refused request's body is not shown, because it can contain anything.
fn refused(error: Error) -> String {
    let Error::Http(response) = error else { return error.to_string() };
    format!("the peer answered {}", response.status())
}

/// The parts of a link that its socket needs.
pub(super) struct SocketLink<'a> {
    pub(super) link: Link,
    pub(super) outgoing: mpsc::UnboundedReceiver<Bytes>,
    pub(super) unsent: &'a AtomicUsize,
    pub(super) sender: &'a mpsc::Sender<StreamInput>,
    pub(super) write_within: Duration,
}

/// Carries messages in both directions until either side ends the connection. Returns why it ended.
pub(super) async fn carry(socket: Socket, client: &WebSocketClient, wire: SocketLink<'_>) -> String {
    let SocketLink { link, outgoing, unsent, sender, write_within } = wire;
    let (sink, stream) = socket.split();
    let (queue, queued) = mpsc::channel(client.messages_max);
    let is_alive = AtomicBool::new(true);
    tokio::select! {
        why = read_all(stream, queue, &is_alive) => why,
        why = pass_on(link, queued, sender) => why,
        why = write_all(sink, outgoing, unsent, &is_alive, client.ping_every, write_within) => why,
    }
}

/// Reads messages into the queue without waiting for it.
async fn read_all(
    mut stream: impl Stream<Item = Result<Message, Error>> + Unpin,
    queue: mpsc::Sender<Bytes>,
    is_alive: &AtomicBool,
) -> String {
    while let Some(message) = stream.next().await {
        is_alive.store(true, Ordering::Relaxed);
        let bytes: Bytes = match message {
            Ok(Message::Text(text)) => text.into(),
            Ok(Message::Binary(bytes)) => bytes,
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => continue,
            Ok(Message::Close(_)) => break,
            Err(error) => return error.to_string(),
        };
        if queue.try_send(bytes).is_err() {
            return "the session is too slow for the messages of the peer".to_owned();
        }
    }
    "the peer closed the connection".to_owned()
}

async fn pass_on(
    link: Link,
    mut queued: mpsc::Receiver<Bytes>,
    sender: &mpsc::Sender<StreamInput>,
) -> String {
    while let Some(bytes) = queued.recv().await {
        if sender.send(StreamInput::FromPeer(FromStream::Received { link, bytes })).await.is_err() {
            return "the session has ended".to_owned();
        }
    }
    // The reader has ended and returns the reason.
    std::future::pending().await
}

async fn write_all(
    mut sink: impl Sink<Message, Error = Error> + Unpin,
    mut outgoing: mpsc::UnboundedReceiver<Bytes>,
    unsent: &AtomicUsize,
    is_alive: &AtomicBool,
    ping_every: Duration,
    within: Duration,
) -> String {
    let mut pings = tokio::time::interval_at(tokio::time::Instant::now() + ping_every, ping_every);
    loop {
        let message = tokio::select! {
            bytes = outgoing.recv() => match bytes {
                None => break,
                Some(bytes) => {
                    unsent.fetch_sub(bytes.len(), Ordering::Relaxed);
                    String::from_utf8(bytes.into()).map_or_else(|error| Message::Binary(error.into_bytes().into()), Message::text)
                }
            },
            _ = pings.tick() => {
                if !is_alive.swap(false, Ordering::Relaxed) {
                    return "the peer does not answer pings".to_owned();
                }
                Message::Ping(Bytes::new())
            }
        };
        match timeout(within, sink.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "the peer does not read".to_owned(),
        }
    }
    // A peer that does not read the closing message is not waited for.
    drop(timeout(within, sink.close()).await);
    "closed by this side".to_owned()
}
