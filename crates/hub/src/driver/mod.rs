//! Runs sessions: feeds each with what its peer and the hub say, and carries out what it wants done.
//!
//! A session has one task of its own. HTTP comes in at a listener of its own, or under a path of the API's server; HTTP goes out
//! from any session. Byte streams come in at a listener of its own or are made by the session, over TCP or TLS; links that the session
//! makes may be WebSockets instead. Pages of ours come over WebSockets of the API's server.

mod client;
mod exchanges;
mod inlet;
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

pub use inlet::Inlet;
pub use links::LinkLimits;
pub(crate) use pages::Message;
pub use pages::{PageLimits, Relay};
pub use proxies::{ProxyHeader, TrustedProxies};
pub use request_policy::{Browsers, RequestPolicy};
pub use serve::HttpLimits;
pub(crate) use serve::{Service, bind, serve};
pub use settings::IpRange;
pub use socket::WebSocketClient;
pub use tls::{ClientTls, ServerTls};

use crate::{Error, Node};
use exchanges::Exchanges;
use links::{Dialling, Links};
use running::Running;

/// How many things of one kind are taken in one go. Ours.
const ROUND: usize = 64;

/// A transport that the hub carries.
pub trait Carry: Transport {
    /// How peers come in.
    type Way: Send;
    /// What is known of a session that runs.
    type Attached: Send;
    /// The way of its words.
    type Lines: Lines<Self> + 'static;

    /// Opens the way.
    fn open(node: &Node, way: Self::Way) -> impl Future<Output = Result<Opened<Self>, Error>> + Send;
}

/// A session's way to its peers, and what is known of it.
pub type Opened<T> = (<T as Carry>::Lines, <T as Carry>::Attached);

/// A session's way to its peers and back.
pub trait Lines<T: Transport>: Send {
    /// Waits until a peer has said something, and adds it. May be dropped while it waits.
    fn next(&mut self, said: &mut Vec<T::FromPeer>) -> impl Future<Output = ()> + Send;

    /// Says something to a peer.
    fn say(&mut self, said: T::ToPeer);

    /// Whether nothing is begun that still has to come to its end.
    fn is_idle(&self) -> bool {
        true
    }
}

/// How HTTP peers come in. Whatever it is, the session may send requests of its own.
#[derive(Debug, Clone)]
pub enum HttpWay {
    /// At a listener of the session's own.
    Listen {
        /// Where; port 0 takes a free one.
        address: SocketAddr,
        /// What one peer, and all of them, may ask for.
        limits: HttpLimits,
    },
    /// Through an [`Inlet`] only: under a path of the API's server, or not at all.
    Inlet(HttpLimits),
    /// Not at all: the session asks its peers.
    Ask {
        /// Whom peers at `https` addresses are trusted by; without it there are none.
        tls: Option<ClientTls>,
    },
}

/// How byte streams come to be.
#[derive(Debug, Clone)]
pub enum StreamWay {
    /// At a listener of the session's own.
    Accept {
        /// Where; port 0 takes a free one.
        address: SocketAddr,
        /// What peers may ask for.
        limits: LinkLimits,
        /// Encrypted from the first byte, or not at all.
        tls: Option<ServerTls>,
    },
    /// The session makes them itself.
    Dial {
        /// What the peer may ask for.
        limits: LinkLimits,
        /// Encrypted from the first byte, or not at all.
        tls: Option<ClientTls>,
    },
}

/// WebSockets that the session makes itself: a link leads to a URL, and each message is one piece of it.
#[derive(Debug, Clone)]
pub struct SocketWay {
    /// What the peer may ask for.
    pub limits: LinkLimits,
    /// How sockets are made and kept.
    pub client: WebSocketClient,
}

/// A session with HTTP that runs.
#[derive(Debug, Clone)]
pub struct AttachedHttp {
    /// Where it listens.
    pub address: Option<SocketAddr>,
    /// The way in for requests.
    pub inlet: Inlet,
}

impl Carry for Http {
    type Way = HttpWay;
    type Attached = AttachedHttp;
    type Lines = Exchanges;

    async fn open(node: &Node, way: HttpWay) -> Result<Opened<Self>, Error> {
        let (limits, address, tls) = match way {
            HttpWay::Listen { address, limits } => (limits, Some(address), None),
            HttpWay::Inlet(limits) => (limits, None, None),
            HttpWay::Ask { tls } => (HttpLimits::default(), None, tls),
        };
        let (inlet, inbound) = Inlet::new(limits.clone());
        let lines = Exchanges::new(inbound, tls);
        let Some(address) = address else { return Ok((lines, AttachedHttp { address, inlet })) };
        let (listener, bound) = bind(address).await?;
        serve(listener, limits, None, node.handle(), inlet.service());
        Ok((lines, AttachedHttp { address: Some(bound), inlet }))
    }
}

impl Carry for Stream {
    type Way = StreamWay;
    /// Where it listens.
    type Attached = Option<SocketAddr>;
    type Lines = Links;

    async fn open(node: &Node, way: StreamWay) -> Result<Opened<Self>, Error> {
        match way {
            StreamWay::Accept { address, limits, tls } => {
                let (listener, bound) = bind(address).await?;
                let links = Links::new(limits, Dialling::Stream(None));
                links.accept(listener, tls, node.handle());
                Ok((links, Some(bound)))
            }
            StreamWay::Dial { limits, tls } => Ok((Links::new(limits, Dialling::Stream(tls)), None)),
        }
    }
}

impl Carry for HttpAndStream {
    type Way = SocketWay;
    type Attached = ();
    type Lines = (Exchanges, Links);

    async fn open(node: &Node, SocketWay { limits, client }: SocketWay) -> Result<Opened<Self>, Error> {
        let (exchanges, _) = Http::open(node, HttpWay::Ask { tls: None }).await?;
        Ok(((exchanges, Links::new(limits, Dialling::WebSocket(client))), ()))
    }
}

impl Lines<HttpAndStream> for (Exchanges, Links) {
    async fn next(&mut self, said: &mut Vec<Either<FromHttp, FromStream>>) {
        let (mut http, mut stream) = (Vec::new(), Vec::new());
        tokio::select! {
            () = self.0.next(&mut http) => said.extend(http.into_iter().map(Either::First)),
            () = self.1.next(&mut stream) => said.extend(stream.into_iter().map(Either::Second)),
        }
    }

    fn say(&mut self, said: <HttpAndStream as Transport>::ToPeer) {
        match said {
            Either::First(said) => self.0.say(said),
            Either::Second(said) => self.1.say(said),
        }
    }

    fn is_idle(&self) -> bool {
        self.0.is_idle()
    }
}

impl Carry for Pages {
    type Way = PageLimits;
    type Attached = Relay;
    type Lines = pages::Pages;

    async fn open(_: &Node, limits: PageLimits) -> Result<Opened<Self>, Error> {
        let (relay, pages) = Relay::new(limits);
        Ok((pages, relay))
    }
}

impl Node {
    /// Runs a session.
    pub async fn attach<T: Carry>(
        &self,
        name: &str,
        session: Box<dyn Session<Transport = T>>,
        way: T::Way,
    ) -> Result<T::Attached, Error> {
        self.attach_as(name, None, session, way).await
    }

    /// Runs a session that is a switch: requests to the switch go to it, and what it says of its calls comes from the switch.
    pub async fn attach_switch<T: Carry>(
        &self,
        switch: SwitchId,
        session: Box<dyn Session<Transport = T>>,
        way: T::Way,
    ) -> Result<T::Attached, Error> {
        let name = switch.to_string();
        self.attach_as(&name, Some(switch), session, way).await
    }

    /// Runs a session: the switch of that name, where there is one.
    pub async fn attach_as<T: Carry>(
        &self,
        name: &str,
        switch: Option<SwitchId>,
        session: Box<dyn Session<Transport = T>>,
        way: T::Way,
    ) -> Result<T::Attached, Error> {
        let (lines, attached) = T::open(self, way).await?;
        let running = Running::<T>::new(name, self.handle(), switch, session, lines);
        self.keep(tokio::spawn(running.run_guarded()));
        tracing::info!(session = name, "attached");
        Ok(attached)
    }
}
