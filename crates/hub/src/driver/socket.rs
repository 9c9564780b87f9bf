//! Links that are WebSockets: each message is one piece of the link.
//!
//! Some peers cut a socket that is not read at once and keep nothing for whoever comes back (Asterisk: after 100 ms). So the socket is read
//! whatever the session does meanwhile, into a queue that has an end; when it is full the link is ended, and the session has to ask how
//! things stand, as after any lost link.

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

use super::links::Happened;

/// Buffers of one socket. Bytes. Ours: the usual ones are 128 KiB each.
const BUFFER_BYTES: usize = 16 << 10;

/// How WebSockets are made and kept.
#[derive(Debug, Clone)]
pub struct WebSocketClient {
    /// Sent as the `Authorization` header.
    pub authorization: Secret,
    /// How many messages may wait for the session; with more the link is ended.
    pub messages_max: usize,
    /// The longest message. Bytes.
    pub message_bytes_max: usize,
    /// How often the peer is pinged; one that said nothing since the last time is gone.
    pub ping_every: Duration,
}

impl WebSocketClient {
    /// With usual bounds.
    pub fn new(authorization: Secret) -> Self {
        let (messages_max, message_bytes_max) = (16_384, 1 << 20);
        Self { authorization, messages_max, message_bytes_max, ping_every: Duration::from_secs(10) }
    }

    /// Makes the socket that a URL names: `ws://host:port/path`.
    pub(super) async fn connect(
        &self,
        url: &str,
    ) -> Result<(WebSocketStream<TcpStream>, SocketAddr), String> {
        let uri: Uri = url.parse().map_err(|error| format!("the address of the socket is none: {error}"))?;
        let place = uri.authority().filter(|_| uri.scheme_str() == Some("ws"));
        let place = place.ok_or("the address of a socket begins with ws:// and names a host")?;
        let stream =
            TcpStream::connect((place.host().trim_matches(['[', ']']), place.port_u16().unwrap_or(80)));
        let stream = stream.await.map_err(|error| error.to_string())?;
        let from = stream.peer_addr().map_err(|error| error.to_string())?;
        // Only latency is lost without it.
        stream.set_nodelay(true).ok();
        let mut request = url.into_client_request().map_err(|error| error.to_string())?;
        let mut authorization =
            HeaderValue::from_str(self.authorization.reveal()).map_err(|error| error.to_string())?;
        authorization.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, authorization);
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(BUFFER_BYTES)
            // Pongs that the peer does not read.
            .max_write_buffer_size(self.message_bytes_max + 2 * BUFFER_BYTES)
            .max_message_size(Some(self.message_bytes_max))
            .max_frame_size(Some(self.message_bytes_max));
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await.map_err(refused)?;
        Ok((socket, from))
    }
}

/// What a refused handshake came to. The answer's body may be anything.
fn refused(error: Error) -> String {
    let Error::Http(response) = error else { return error.to_string() };
    format!("the peer answers {}", response.status())
}

/// What a socket needs of its link.
pub(super) struct Wire<'a> {
    pub(super) link: Link,
    pub(super) outgoing: mpsc::UnboundedReceiver<Bytes>,
    pub(super) unsent: &'a AtomicUsize,
    pub(super) says: &'a mpsc::Sender<Happened>,
    pub(super) write_within: Duration,
}

/// Carries messages both ways until either side ends it; says why it ended.
pub(super) async fn carry(
    socket: WebSocketStream<TcpStream>,
    client: &WebSocketClient,
    wire: Wire<'_>,
) -> String {
    let Wire { link, outgoing, unsent, says, write_within } = wire;
    let (sink, stream) = socket.split();
    let (queue, queued) = mpsc::channel(client.messages_max);
    let heard = AtomicBool::new(true);
    tokio::select! {
        why = read_all(stream, queue, &heard) => why,
        why = pass_on(link, queued, says) => why,
        why = write_all(sink, outgoing, unsent, &heard, client.ping_every, write_within) => why,
    }
}

/// Reads into the queue without ever waiting for it.
async fn read_all(
    mut stream: impl Stream<Item = Result<Message, Error>> + Unpin,
    queue: mpsc::Sender<Bytes>,
    heard: &AtomicBool,
) -> String {
    while let Some(message) = stream.next().await {
        heard.store(true, Ordering::Relaxed);
        let bytes: Bytes = match message {
            Ok(Message::Text(text)) => text.into(),
            Ok(Message::Binary(bytes)) => bytes,
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => continue,
            Ok(Message::Close(_)) => break,
            Err(error) => return error.to_string(),
        };
        if queue.try_send(bytes).is_err() {
            return "more was said than could be taken in".to_owned();
        }
    }
    "the peer has ended it".to_owned()
}

async fn pass_on(link: Link, mut queued: mpsc::Receiver<Bytes>, says: &mpsc::Sender<Happened>) -> String {
    while let Some(bytes) = queued.recv().await {
        if says.send(Happened::Said(FromStream::Received { link, bytes })).await.is_err() {
            return "the session has ended".to_owned();
        }
    }
    // The reader has ended and says why.
    std::future::pending().await
}

async fn write_all(
    mut sink: impl Sink<Message, Error = Error> + Unpin,
    mut outgoing: mpsc::UnboundedReceiver<Bytes>,
    unsent: &AtomicUsize,
    heard: &AtomicBool,
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
                if !heard.swap(false, Ordering::Relaxed) {
                    return "the peer is silent".to_owned();
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
    // A peer that does not take the farewell either is not waited for.
    drop(timeout(within, sink.close()).await);
    "we have ended it".to_owned()
}
