//! Runs sessions: passes inputs from peers and the hub to each session and carries out its outputs.
//!
//! Each session has its own task. HTTP requests come in at the session's own listener or under a path of the API's server. Any session can
//! send HTTP requests. Byte streams come in at the session's own listener or are made by the session, over TCP or TLS. Connections that the
//! session makes can be WebSockets instead. Cordboard's pages connect over WebSockets of the API's server.

mod accept;
mod client;
mod exchanges;
mod filtered;
mod forwarder;
mod fragments;
mod lenient;
mod links;
mod pages;
mod proxies;
mod redact;
mod request_policy;
mod running;
mod serve;
mod socket;
mod stream;
mod tls;

use std::net::SocketAddr;

use model::SwitchId;
use session::{
    FromHttp, FromStream, Http, HttpAndStream, Pages, Session, Stream, Transport, transport::Either,
};

pub(crate) use accept::bind;
pub(crate) use client::Client;
pub use forwarder::HttpForwarder;
pub(crate) use fragments::{Fragments, FrameCount};
pub use links::LinkLimits;
pub(crate) use pages::Message;
pub use pages::{PageLimits, Relay};
pub use proxies::{ProxyHeader, TrustedProxies};
pub use request_policy::{Browsers, RequestPolicy};
pub use serve::HttpLimits;
pub(crate) use serve::{Service, serve};
pub use settings::IpRange;
pub use socket::WebSocketClient;
pub use tls::{ClientTls, ServerTls, valid_until};

use crate::{Error, Node};
use exchanges::Exchanges;
use links::{Connector, Links};
use running::RunningSession;

/// How many inputs of one kind are taken at a time. Our choice.
const ROUND: usize = 64;

/// A transport that the hub can carry.
pub trait HubTransport: Transport {
    /// How peers connect.
    type Way: Send;
    /// What the caller gets when the session is attached, such as its address.
    type Attached: Send;
    /// Carries messages between the session and its peers.
    type Channel: PeerChannel<Self> + 'static;

    /// Opens the listener, or prepares the client.
    fn open(node: &Node, way: Self::Way) -> impl Future<Output = Result<Opened<Self>, Error>> + Send;
}

/// The channel to the peers, and what the caller gets.
pub type Opened<T> = (<T as HubTransport>::Channel, <T as HubTransport>::Attached);

/// Carries messages between a session and its peers.
pub trait PeerChannel<T: Transport>: Send {
    /// Waits for inputs from peers and appends them. Cancel-safe.
    fn next(&mut self, inputs: &mut Vec<T::FromPeer>) -> impl Future<Output = ()> + Send;

    /// Sends an output to a peer.
    fn send(&mut self, output: T::ToPeer);

    /// Whether no exchange is open that must still be completed.
    fn is_idle(&self) -> bool {
        true
    }
}

/// How HTTP peers connect. In each case the session can also send requests.
#[derive(Debug, Clone)]
pub enum HttpTransport {
    /// To a listener of the session.
    Listen {
        /// The address. Port 0 chooses a free port.
        address: SocketAddr,
        /// The limits for peers.
        limits: HttpLimits,
        /// The TLS settings; without them connections are not encrypted.
        tls: Option<ServerTls>,
        /// The authorities that are trusted for `https` addresses of the session's requests.
        requests: Option<ClientTls>,
    },
    /// Through an [`HttpForwarder`] only: under a path of the API's server, or not at all.
    Forwarded(HttpLimits),
    /// Not at all: the session only sends requests.
    Client {
        /// The authorities that are trusted for `https` addresses. Without them, such addresses are refused.
        tls: Option<ClientTls>,
    },
}

/// How byte streams are made.
#[derive(Debug, Clone)]
pub enum StreamTransport {
    /// Peers connect to a listener of the session.
    Accept {
        /// The address. Port 0 chooses a free port.
        address: SocketAddr,
        /// The limits for peers.
        limits: LinkLimits,
        /// The TLS settings; without them connections are not encrypted.
        tls: Option<ServerTls>,
    },
    /// The session connects to its peers.
    Dial {
        /// The limits for the peer.
        limits: LinkLimits,
        /// The TLS settings; without them connections are not encrypted.
        tls: Option<ClientTls>,
    },
}

/// WebSockets that the session makes to a URL. Each message is one piece of the link.
#[derive(Debug, Clone)]
pub struct WebSocketTransport {
    /// The limits for the peer.
    pub limits: LinkLimits,
    /// The settings of the WebSocket client.
    pub client: WebSocketClient,
}

/// A running session with HTTP.
#[derive(Debug, Clone)]
pub struct AttachedHttp {
    /// The address of its listener.
    pub address: Option<SocketAddr>,
    /// Passes requests to it.
    pub forwarder: HttpForwarder,
}

impl HubTransport for Http {
    type Way = HttpTransport;
    type Attached = AttachedHttp;
    type Channel = Exchanges;

    async fn open(node: &Node, way: HttpTransport) -> Result<Opened<Self>, Error> {
        let (limits, listen, requests) = match way {
            HttpTransport::Listen { address, limits, tls, requests } => {
                (limits, Some((address, tls)), requests)
            }
            HttpTransport::Forwarded(limits) => (limits, None, None),
            HttpTransport::Client { tls } => (HttpLimits::default(), None, tls),
        };
        let (forwarder, inbound) = HttpForwarder::new(limits.clone());
        let channel = Exchanges::new(inbound, requests);
        let Some((address, tls)) = listen else {
            return Ok((channel, AttachedHttp { address: None, forwarder }));
        };
        let (listener, bound) = bind(address)?;
        serve(listener, limits, tls, node.handle(), forwarder.service());
        Ok((channel, AttachedHttp { address: Some(bound), forwarder }))
    }
}

impl HubTransport for Stream {
    type Way = StreamTransport;
    /// The address of the listener.
    type Attached = Option<SocketAddr>;
    type Channel = Links;

    async fn open(node: &Node, way: StreamTransport) -> Result<Opened<Self>, Error> {
        match way {
            StreamTransport::Accept { address, limits, tls } => {
                let (listener, bound) = bind(address)?;
                let links = Links::new(limits, Connector::Stream(None));
                links.accept(listener, tls, node.handle());
                Ok((links, Some(bound)))
            }
            StreamTransport::Dial { limits, tls } => Ok((Links::new(limits, Connector::Stream(tls)), None)),
        }
    }
}

impl HubTransport for HttpAndStream {
    type Way = WebSocketTransport;
    type Attached = ();
    type Channel = (Exchanges, Links);

    async fn open(
        node: &Node,
        WebSocketTransport { limits, client }: WebSocketTransport,
    ) -> Result<Opened<Self>, Error> {
        let (exchanges, _) = Http::open(node, HttpTransport::Client { tls: client.tls.clone() }).await?;
        Ok(((exchanges, Links::new(limits, Connector::WebSocket(client))), ()))
    }
}

impl PeerChannel<HttpAndStream> for (Exchanges, Links) {
    async fn next(&mut self, inputs: &mut Vec<Either<FromHttp, FromStream>>) {
        let (mut http, mut stream) = (Vec::new(), Vec::new());
        tokio::select! {
            () = self.0.next(&mut http) => inputs.extend(http.into_iter().map(Either::First)),
            () = self.1.next(&mut stream) => inputs.extend(stream.into_iter().map(Either::Second)),
        }
    }

    fn send(&mut self, output: <HttpAndStream as Transport>::ToPeer) {
        match output {
            Either::First(output) => self.0.send(output),
            Either::Second(output) => self.1.send(output),
        }
    }

    fn is_idle(&self) -> bool {
        self.0.is_idle()
    }
}

impl HubTransport for Pages {
    type Way = PageLimits;
    type Attached = Relay;
    type Channel = pages::Pages;

    async fn open(_: &Node, limits: PageLimits) -> Result<Opened<Self>, Error> {
        let (relay, pages) = Relay::new(limits);
        Ok((pages, relay))
    }
}

impl Node {
    /// Runs a session.
    pub async fn attach<T: HubTransport>(
        &self,
        name: &str,
        session: Box<dyn Session<Transport = T>>,
        way: T::Way,
    ) -> Result<T::Attached, Error> {
        self.attach_as(name, None, session, way).await
    }

    /// Runs a session that is a switch: it gets the switch's requests, and its switch events count as the switch's.
    pub async fn attach_switch<T: HubTransport>(
        &self,
        switch: SwitchId,
        session: Box<dyn Session<Transport = T>>,
        way: T::Way,
    ) -> Result<T::Attached, Error> {
        let name = switch.to_string();
        self.attach_as(&name, Some(switch), session, way).await
    }

    /// Runs a session. With `switch`, the session is that switch.
    pub async fn attach_as<T: HubTransport>(
        &self,
        name: &str,
        switch: Option<SwitchId>,
        session: Box<dyn Session<Transport = T>>,
        way: T::Way,
    ) -> Result<T::Attached, Error> {
        let (channel, attached) = T::open(self, way).await?;
        let running = RunningSession::<T>::new(name, self.handle(), switch, session, channel);
        self.keep(tokio::spawn(running.run_guarded()));
        tracing::info!(session = name, "session attached");
        Ok(attached)
    }
}
