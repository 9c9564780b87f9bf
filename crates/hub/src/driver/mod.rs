//! Runs sessions: feeds each with what its peer and the hub say, and carries out what it wants done.
//!
//! A session has one task of its own. HTTP comes in at a listener of its own, or under a path of the API's server; HTTP goes out
//! from any session. Byte streams come in at a listener of its own or are made by the session, over TCP or TLS; links that the session
//! makes may be WebSockets instead. Pages of ours come over WebSockets of the API's server.

mod client;
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

use std::{net::SocketAddr, sync::Arc};

use model::SwitchId;
use session::Session;

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
use client::Client;
use links::{Dialling, Links};
use running::{Lines, Running};

/// How a session's peers come in. Whatever it is, the session may send HTTP requests of its own.
#[derive(Debug, Clone)]
pub enum Transport {
    /// At a listener of the session's own.
    Listen {
        /// Where; port 0 takes a free one.
        address: SocketAddr,
        /// What one peer, and all of them, may ask for.
        limits: HttpLimits,
    },
    /// Through an [`Inlet`] only: under a path of the API's server, or not at all.
    Inlet(HttpLimits),
    /// Not at all: the session asks its peers, by HTTP.
    Ask {
        /// Whom peers at `https` addresses are trusted by; without it there are none.
        tls: Option<ClientTls>,
    },
    /// As byte streams, at a listener of the session's own.
    Accept {
        /// Where; port 0 takes a free one.
        address: SocketAddr,
        /// What peers may ask for.
        limits: LinkLimits,
        /// Encrypted from the first byte, or not at all.
        tls: Option<ServerTls>,
    },
    /// As byte streams that the session makes itself.
    Dial {
        /// What the peer may ask for.
        limits: LinkLimits,
        /// Encrypted from the first byte, or not at all.
        tls: Option<ClientTls>,
    },
    /// As WebSockets that the session makes itself: a link leads to a URL, and each message is one piece of it.
    WebSocket {
        /// What the peer may ask for.
        limits: LinkLimits,
        /// How sockets are made and kept.
        client: WebSocketClient,
    },
    /// As pages of ours, through a [`Relay`].
    Relay(PageLimits),
}

/// A session that runs.
#[derive(Debug, Clone)]
pub struct Attached {
    /// Where it listens.
    pub address: Option<SocketAddr>,
    /// The way in for HTTP requests.
    pub inlet: Inlet,
    /// The way in for pages, where they are its transport.
    pub relay: Option<Relay>,
}

impl Node {
    /// Runs a session.
    pub async fn attach(
        &self,
        name: &str,
        session: Box<dyn Session>,
        transport: Transport,
    ) -> Result<Attached, Error> {
        self.attach_as(name, None, session, transport).await
    }

    /// Runs a session that is a switch: requests to the switch go to it, and what it says of its calls comes from the switch.
    pub async fn attach_switch(
        &self,
        switch: SwitchId,
        session: Box<dyn Session>,
        transport: Transport,
    ) -> Result<Attached, Error> {
        let name = switch.to_string();
        self.attach_as(&name, Some(switch), session, transport).await
    }

    async fn attach_as(
        &self,
        name: &str,
        switch: Option<SwitchId>,
        session: Box<dyn Session>,
        transport: Transport,
    ) -> Result<Attached, Error> {
        let limits = match &transport {
            Transport::Listen { limits, .. } | Transport::Inlet(limits) => limits.clone(),
            Transport::Ask { .. }
            | Transport::Accept { .. }
            | Transport::Dial { .. }
            | Transport::WebSocket { .. }
            | Transport::Relay(_) => HttpLimits::default(),
        };
        let (inlet, inbound) = Inlet::new(limits.clone());
        let mut lines = Lines::new(inbound);
        let mut relay = None;
        let address = match transport {
            Transport::Listen { address, .. } => {
                let (listener, bound) = bind(address).await?;
                serve(listener, limits, None, self.handle(), inlet.service());
                Some(bound)
            }
            Transport::Accept { address, limits, tls } => {
                let (listener, bound) = bind(address).await?;
                let links = Links::new(limits, Dialling::Stream(None));
                links.accept(listener, tls, self.handle());
                lines.links = Some(links);
                Some(bound)
            }
            Transport::Dial { limits, tls } => {
                lines.links = Some(Links::new(limits, Dialling::Stream(tls)));
                None
            }
            Transport::WebSocket { limits, client } => {
                lines.links = Some(Links::new(limits, Dialling::WebSocket(client)));
                None
            }
            Transport::Relay(limits) => {
                let (way_in, pages) = Relay::new(limits);
                relay = Some(way_in);
                lines.pages = Some(pages);
                None
            }
            Transport::Ask { tls } => {
                lines.client = Arc::new(Client::new(tls));
                None
            }
            Transport::Inlet(_) => None,
        };
        let running = Running::new(name, self.handle(), switch, session, lines);
        self.keep(tokio::spawn(running.run_guarded()));
        tracing::info!(session = name, ?address, "attached");
        Ok(Attached { address, inlet, relay })
    }
}
