//! Bindings: how the session of an end and its peers connect, for each transport.

use std::{net::SocketAddr, path::PathBuf};

use compact_str::CompactString;
use model::{Role, Secret};
use settings::IpRange;

use super::Finding;
use crate::{Http, HttpAndStream, Pages, Session, Stream, Transport};

/// A transport with its binding.
pub trait Bind: Transport {
    /// How sessions with this transport connect to their peers.
    type Binding: Into<Binding>;

    /// Combines a session with its binding.
    fn bind(binding: Self::Binding, session: Box<dyn Session<Transport = Self>>) -> BoundSession;
}

/// A session with its binding. The types ensure that the binding belongs to the transport of the session.
pub enum BoundSession {
    /// With HTTP.
    Http(HttpBinding, Box<dyn Session<Transport = Http>>),
    /// With byte streams.
    Stream(StreamBinding, Box<dyn Session<Transport = Stream>>),
    /// With WebSockets and HTTP.
    WebSocket(WebSocketClient, Box<dyn Session<Transport = HttpAndStream>>),
    /// With browser pages.
    Pages(PageRelay, Box<dyn Session<Transport = Pages>>),
}

/// How the session of an end and its peers connect.
#[derive(Debug, Clone)]
pub enum Binding {
    /// With HTTP.
    Http(HttpBinding),
    /// With byte streams.
    Stream(StreamBinding),
    /// With WebSockets that the session opens, and HTTP requests of the session.
    WebSocket(WebSocketClient),
    /// With Cordboard's own browser pages. Each page relays the messages that its frames post.
    Pages(PageRelay),
}

/// How a session and its HTTP peers connect. In each case the session can also send requests.
#[derive(Debug, Clone)]
pub enum HttpBinding {
    /// Peers connect to a listener of the end.
    Listener(HttpListener),
    /// Peers use a path of the API's listener.
    Path(HttpPath),
    /// Peers do not connect; only the session sends requests.
    Client {
        /// The certificate to present, and the authority to trust, for `https` addresses.
        tls: TlsFiles,
    },
}

/// How a session and its peers open byte streams.
#[derive(Debug, Clone)]
pub enum StreamBinding {
    /// Peers connect to a listener of the end.
    Listener {
        /// The address of the listener.
        listen: Listen,
        /// The addresses that peers can connect from; any when empty.
        allow: Vec<IpRange>,
        /// The certificate and key. With them, all connections are encrypted.
        tls: TlsFiles,
    },
    /// The session connects to its peers.
    Client {
        /// The authority to trust. With it, all connections are encrypted.
        tls: TlsFiles,
    },
}

/// WebSockets that the session opens, and its HTTP requests to the same peer.
#[derive(Debug, Clone)]
pub struct WebSocketClient {
    /// The header `Authorization` of the handshake.
    pub authorization: Secret,
    /// The certificate to present, and the authority to trust, for `wss` and `https` addresses.
    pub tls: TlsFiles,
}

/// A relay for browser pages.
#[derive(Debug, Clone)]
pub struct PageRelay {
    /// The name by which pages find the relay.
    pub name: &'static str,
    /// Origins, besides Cordboard's own, that the page shows or that show the page.
    pub origins: Vec<String>,
}

macro_rules! bindings {
    ($($transport:ident: $variant:ident($binding:ident);)+) => {$(
        impl Bind for $transport {
            type Binding = $binding;

            fn bind(binding: $binding, session: Box<dyn Session<Transport = Self>>) -> BoundSession {
                BoundSession::$variant(binding, session)
            }
        }

        impl From<$binding> for Binding {
            fn from(binding: $binding) -> Self {
                Self::$variant(binding)
            }
        }
    )+};
}

bindings! {
    Http: Http(HttpBinding);
    Stream: Stream(StreamBinding);
    HttpAndStream: WebSocket(WebSocketClient);
    Pages: Pages(PageRelay);
}

/// The address that an end listens on.
#[derive(Debug, Clone, Copy)]
pub struct Listen {
    /// The configuration key of the address.
    pub key: &'static str,
    /// The address; port 0 selects a free port.
    pub address: SocketAddr,
}

/// A listener for HTTP requests.
#[derive(Debug, Clone)]
pub struct HttpListener {
    /// The address.
    pub listen: Listen,
    /// Host names that peers use, in addition to those that every listener accepts.
    pub hosts: Vec<CompactString>,
    /// Whether requests from browsers are accepted.
    pub browsers: bool,
    /// The longest request body, in bytes.
    pub body_bytes_max: usize,
    /// The longest request target, in bytes.
    pub target_bytes_max: usize,
    /// Corrects request lines whose target contains characters that HTTP does not allow, before they are parsed.
    pub repair: Option<Repair>,
    /// The certificate and key. With them, all connections to the listener are encrypted.
    pub tls: TlsFiles,
    /// The certificate to present, and the authority to trust, for requests of the session to `https` addresses.
    pub requests_tls: TlsFiles,
}

/// Corrects a request line, including its line end, to be valid HTTP.
pub type Repair = fn(&[u8]) -> Vec<u8>;

/// A path of the API's listener.
#[derive(Debug, Clone)]
pub struct HttpPath {
    /// The path. The session sees only the part after it.
    pub path: &'static str,
    /// Whether the path is valid in any letter case.
    pub any_case: bool,
    /// The roles that can use the path; `None` when the session authenticates its peers itself.
    pub roles: Option<&'static [Role]>,
    /// Host names that peers use, in addition to those that every listener accepts.
    pub hosts: Vec<CompactString>,
    /// The longest request body, in bytes; `None` for the limit of the API.
    pub body_bytes_max: Option<usize>,
}

/// PEM files for TLS.
#[derive(Debug, Clone, Default)]
pub struct TlsFiles {
    /// The certificate chain to present.
    pub certificate: Option<PathBuf>,
    /// The private key of the certificate.
    pub key: Option<PathBuf>,
    /// The authority whose certificates are trusted.
    pub authority: Option<PathBuf>,
}

impl TlsFiles {
    /// The files of an end.
    pub fn new(certificate: &Option<PathBuf>, key: &Option<PathBuf>, authority: &Option<PathBuf>) -> Self {
        Self { certificate: certificate.clone(), key: key.clone(), authority: authority.clone() }
    }

    /// Problems with the settings of a listener: `tls_certificate`, `tls_key` and `tls_client_ca`.
    pub fn check_listener(&self) -> Vec<Finding> {
        let unused = self.authority.is_some() && self.certificate.is_none();
        let unused =
            unused.then_some("tls_client_ca has no effect without tls_certificate; set both or neither");
        self.check_pair(unused)
    }

    /// Problems with the settings of a client: `tls_ca`, `tls_certificate` and `tls_key`.
    pub fn check_client(&self) -> Vec<Finding> {
        let unused = self.certificate.is_some() && self.authority.is_none();
        let unused = unused.then_some("tls_certificate has no effect without tls_ca; set both or neither");
        self.check_pair(unused)
    }

    fn check_pair(&self, unused: Option<&str>) -> Vec<Finding> {
        let is_half = self.certificate.is_some() != self.key.is_some();
        let half = is_half.then_some("tls_certificate and tls_key must be set together");
        half.into_iter().chain(unused).map(|text| Finding::new("", text)).collect()
    }
}

/// A peer that the session connects to without TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainLink {
    /// The configuration key of its address.
    pub key: &'static str,
    /// Its address: a host and a port, or a URL.
    pub address: String,
}

impl Binding {
    /// The kind of binding, in a few words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Http(HttpBinding::Listener(_)) => "HTTP listener",
            Self::Http(HttpBinding::Path(_)) => "path of the API's listener",
            Self::Http(HttpBinding::Client { .. }) => "HTTP client",
            Self::Stream(StreamBinding::Listener { .. }) => "byte stream listener",
            Self::Stream(StreamBinding::Client { .. }) => "byte stream client",
            Self::WebSocket(_) => "WebSocket client",
            Self::Pages(_) => "page relay",
        }
    }

    /// The listener of the end, if it has one.
    pub fn listen(&self) -> Option<Listen> {
        match self {
            Self::Http(HttpBinding::Listener(HttpListener { listen, .. }))
            | Self::Stream(StreamBinding::Listener { listen, .. }) => Some(*listen),
            Self::Http(_) | Self::Stream(_) | Self::WebSocket(_) | Self::Pages(_) => None,
        }
    }

    /// What peers use to reach the listener at `address`.
    pub fn url(&self, address: SocketAddr) -> String {
        let scheme = match self {
            Self::Http(HttpBinding::Listener(http)) if http.tls.certificate.is_some() => "https://",
            Self::Http(_) => "http://",
            Self::Stream(_) | Self::WebSocket(_) | Self::Pages(_) => "",
        };
        format!("{scheme}{address}")
    }

    /// The TLS files of the listener, and those for connections of the session.
    pub fn tls(&self) -> Vec<&TlsFiles> {
        match self {
            Self::Http(HttpBinding::Listener(http)) => vec![&http.tls, &http.requests_tls],
            Self::Http(HttpBinding::Client { tls })
            | Self::Stream(StreamBinding::Listener { tls, .. } | StreamBinding::Client { tls })
            | Self::WebSocket(WebSocketClient { tls, .. }) => vec![tls],
            Self::Http(HttpBinding::Path(_)) | Self::Pages(_) => Vec::new(),
        }
    }
}
