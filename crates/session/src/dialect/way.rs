//! How the peers of an end come in: what a dialect declares, and what belongs to which transport.

use std::{net::SocketAddr, path::PathBuf};

use compact_str::CompactString;
use model::{Role, Secret};
use settings::IpRange;

use crate::{Http, HttpAndStream, Pages, Session, Stream, Transport};

/// A transport, and how peers come in over it.
pub trait Plug: Transport {
    /// How peers come in.
    type Way: Into<Way>;

    /// A session with the way of its peers.
    fn plug(way: Self::Way, session: Box<dyn Session<Transport = Self>>) -> Plugged;
}

/// A session with the way of its peers. No session is paired with a way that its transport does not have.
pub enum Plugged {
    /// By HTTP.
    Http(HttpWay, Box<dyn Session<Transport = Http>>),
    /// Over byte streams.
    Stream(StreamWay, Box<dyn Session<Transport = Stream>>),
    /// Over WebSockets and by HTTP.
    WebSocket(WebSocketClient, Box<dyn Session<Transport = HttpAndStream>>),
    /// Through pages.
    Pages(PageRelay, Box<dyn Session<Transport = Pages>>),
}

/// How the peers of an end come in.
#[derive(Debug, Clone)]
pub enum Way {
    /// By HTTP.
    Http(HttpWay),
    /// Over byte streams.
    Stream(StreamWay),
    /// Over WebSockets that the session opens, and by HTTP requests of the session.
    WebSocket(WebSocketClient),
    /// Through Cordboard's own pages. Each page relays the messages that its frames post.
    Pages(PageRelay),
}

/// How HTTP peers come in. Every such session may send requests of its own.
#[derive(Debug, Clone)]
pub enum HttpWay {
    /// At a listener of the end's own.
    Listener(HttpListener),
    /// Under a path of the API's listener.
    Path(HttpPath),
    /// Not at all: the session sends requests.
    Client {
        /// What is shown and trusted at `https` addresses.
        tls: TlsFiles,
    },
}

/// How byte streams come to be.
#[derive(Debug, Clone)]
pub enum StreamWay {
    /// Peers make them, at a listener of the end's own.
    Listener {
        /// Where.
        listen: Listen,
        /// From where peers may connect; empty: from anywhere.
        allow: Vec<IpRange>,
        /// With a certificate: encrypted from the first byte.
        tls: TlsFiles,
    },
    /// The session makes them.
    Client {
        /// With an authority: encrypted from the first byte.
        tls: TlsFiles,
    },
}

/// WebSockets that the session opens.
#[derive(Debug, Clone)]
pub struct WebSocketClient {
    /// The header `Authorization` of the handshake.
    pub authorization: Secret,
}

/// A relay of pages.
#[derive(Debug, Clone)]
pub struct PageRelay {
    /// The name by which pages find it.
    pub name: &'static str,
    /// Origins beside our own that the page shows, or that show it.
    pub origins: Vec<String>,
}

macro_rules! ways {
    ($($transport:ident: $variant:ident($way:ident);)+) => {$(
        impl Plug for $transport {
            type Way = $way;

            fn plug(way: $way, session: Box<dyn Session<Transport = Self>>) -> Plugged {
                Plugged::$variant(way, session)
            }
        }

        impl From<$way> for Way {
            fn from(way: $way) -> Self {
                Self::$variant(way)
            }
        }
    )+};
}

ways! {
    Http: Http(HttpWay);
    Stream: Stream(StreamWay);
    HttpAndStream: WebSocket(WebSocketClient);
    Pages: Pages(PageRelay);
}

/// Where an end listens.
#[derive(Debug, Clone, Copy)]
pub struct Listen {
    /// The key that holds the address.
    pub key: &'static str,
    /// The address; port 0 takes a free one.
    pub address: SocketAddr,
}

/// A listener for HTTP requests.
#[derive(Debug, Clone)]
pub struct HttpListener {
    /// Where.
    pub listen: Listen,
    /// Names by which peers address it, beside those that every listener accepts.
    pub hosts: Vec<CompactString>,
    /// Whether requests of browsers are accepted.
    pub browsers: bool,
    /// The longest body. Bytes.
    pub body_bytes_max: usize,
    /// The longest target. Bytes.
    pub target_bytes_max: usize,
    /// Brings a request line into form whose target has characters that HTTP forbids, before HTTP reads it.
    pub repair: Option<Repair>,
}

/// Gives a request line, its end included, as HTTP wants it.
pub type Repair = fn(&[u8]) -> Vec<u8>;

/// A path of the API's listener.
#[derive(Debug, Clone)]
pub struct HttpPath {
    /// The path; the session sees what stands behind it.
    pub path: &'static str,
    /// The roles that may use it; `None`: the session checks its peers itself.
    pub roles: Option<&'static [Role]>,
    /// Names by which peers address the listener, beside those that every listener accepts.
    pub hosts: Vec<CompactString>,
    /// The longest body. Bytes; `None`: what the API's own requests may have.
    pub body_bytes_max: Option<usize>,
}

/// Files of PEM.
#[derive(Debug, Clone, Default)]
pub struct TlsFiles {
    /// Our certificate chain.
    pub certificate: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
    /// The authority whose certificates are trusted.
    pub authority: Option<PathBuf>,
}

impl Way {
    /// Its kind, in two or three words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Http(HttpWay::Listener(_)) => "HTTP listener",
            Self::Http(HttpWay::Path(_)) => "path of the API's listener",
            Self::Http(HttpWay::Client { .. }) => "HTTP client",
            Self::Stream(StreamWay::Listener { .. }) => "byte stream listener",
            Self::Stream(StreamWay::Client { .. }) => "byte stream client",
            Self::WebSocket(_) => "WebSocket client",
            Self::Pages(_) => "page relay",
        }
    }

    /// The listener of the end's own, where it has one.
    pub fn listen(&self) -> Option<Listen> {
        match self {
            Self::Http(HttpWay::Listener(HttpListener { listen, .. }))
            | Self::Stream(StreamWay::Listener { listen, .. }) => Some(*listen),
            Self::Http(_) | Self::Stream(_) | Self::WebSocket(_) | Self::Pages(_) => None,
        }
    }

    /// What peers write to reach the listener at `address`.
    pub fn url(&self, address: SocketAddr) -> String {
        let scheme = if matches!(self, Self::Http(_)) { "http://" } else { "" };
        format!("{scheme}{address}")
    }
}
