//! How a dialect describes itself: its name, its ends, and of each end the settings, the transport and the checks.
//!
//! A dialect declares one [`Dialect`]. The settings of an end are a section ([`settings::section!`]) that implements [`End`]. A program
//! that has a list of dialects reads, checks, explains and runs them all without a word about any one of them.

use std::{fmt, net::SocketAddr, path::PathBuf, sync::Arc};

use compact_str::CompactString;
use model::{Floor, Role, Secret, SwitchId};
use settings::{IpRange, Key, Maybe, Reader, Section, Shown};
use uuid::Uuid;

use crate::Session;

/// One integration protocol.
#[derive(Debug)]
pub struct Dialect {
    /// Its section in the configuration.
    pub name: &'static str,
    /// The product whose protocol it is, in a few words.
    pub product: &'static str,
    /// Its page in `docs/`.
    pub docs: &'static str,
    /// The crate it is in: `env!("CARGO_PKG_NAME")`.
    pub package: &'static str,
    /// Its ends, in the order of the example.
    pub ends: &'static [Declaration],
}

/// One end of a dialect, as the configuration has it.
#[derive(Debug)]
pub struct Declaration {
    /// Its section within the dialect's; empty when the dialect's section is the end's own.
    pub key: &'static str,
    /// What it is for, line by line.
    pub doc: &'static [&'static str],
    keys: fn() -> Shown,
    read: ReadEnds,
    example: fn() -> Arc<dyn End>,
}

/// Reads the ends at a key, each with its section.
type ReadEnds = fn(&mut Reader<'_>, &'static str) -> Option<Vec<(String, Arc<dyn End>)>>;

impl Declaration {
    /// An end that may be configured once.
    pub const fn once<E: End + Section + Default + 'static>(
        key: &'static str,
        doc: &'static [&'static str],
    ) -> Self {
        let read: ReadEnds = |reader, key| {
            let part: Maybe<E> = reader.part(key);
            Some(part?.into_iter().map(|end| (reader.path_of(key), shared(end))).collect())
        };
        Self { key, doc, keys: || Shown::Part(E::keys()), read, example: || shared(E::default()) }
    }

    /// An end that may be configured any number of times.
    pub const fn repeated<E: End + Section + Default + 'static>(
        key: &'static str,
        doc: &'static [&'static str],
    ) -> Self {
        let read: ReadEnds = |reader, key| {
            let ends = reader.list::<E>(key)?.into_iter().enumerate();
            let path = |index: usize| format!("{}.{index}", reader.path_of(key));
            Some(ends.map(|(index, end)| (path(index), shared(end))).collect())
        };
        Self { key, doc, keys: || Shown::List(E::keys()), read, example: || shared(E::default()) }
    }

    /// Its section in the configuration.
    pub fn section(&self, dialect: &Dialect) -> String {
        match self.key {
            "" => dialect.name.to_owned(),
            key => format!("{}.{key}", dialect.name),
        }
    }

    /// Whether it may be configured any number of times.
    pub fn is_repeated(&self) -> bool {
        matches!((self.keys)(), Shown::List(_))
    }

    /// The end with its defaults, and examples for what has none.
    pub fn example(&self) -> Arc<dyn End> {
        (self.example)()
    }
}

fn shared<E: End + 'static>(end: E) -> Arc<dyn End> {
    Arc::new(end)
}

impl Dialect {
    /// Its part of the example.
    pub fn key(&self) -> Key {
        match self.ends {
            [end] if end.key.is_empty() => Key { name: self.name, doc: end.doc, shown: (end.keys)() },
            ends => {
                let keys = ends.iter().map(|end| Key { name: end.key, doc: end.doc, shown: (end.keys)() });
                Key { name: self.name, doc: &[], shown: Shown::Section(keys.collect()) }
            }
        }
    }

    /// The ends that a file asks for.
    pub fn read(&'static self, reader: &mut Reader<'_>) -> Option<Vec<Configured>> {
        let configure = |declaration: &'static Declaration, ends: Vec<(String, Arc<dyn End>)>| {
            let one = move |(path, end)| Configured { dialect: self, declaration, path, end };
            ends.into_iter().map(one)
        };
        if let [end] = self.ends
            && end.key.is_empty()
        {
            return Some(configure(end, (end.read)(reader, self.name)?).collect());
        }
        reader.nested(self.name, |reader| {
            // Every end is read before any is missed, so that everything wrong is told at once.
            let ends: Vec<_> =
                self.ends.iter().map(|end| Some(configure(end, (end.read)(reader, end.key)?))).collect();
            reader.finish();
            Some(ends.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }
}

/// An end that a configuration asks for.
#[derive(Debug, Clone)]
pub struct Configured {
    /// Its dialect.
    pub dialect: &'static Dialect,
    /// Which end of it.
    pub declaration: &'static Declaration,
    /// Its section in the file: `uwq.desk.0`.
    pub path: String,
    /// Its settings.
    pub end: Arc<dyn End>,
}

impl Configured {
    /// The section without the number of a repeated one: `uwq.desk`.
    pub fn section(&self) -> String {
        self.declaration.section(self.dialect)
    }

    /// The name of its session in logs.
    pub fn name(&self) -> String {
        let usual = || match (self.end.switch(), self.end.transport()) {
            (Some(switch), _) => switch.to_string(),
            (None, Transport::PageRelay { name, .. }) => name.to_owned(),
            (None, _) => format!("{}-{}", self.dialect.name, self.declaration.key),
        };
        self.end.name().unwrap_or_else(usual)
    }

    /// The name of one of its keys from the top; of the section itself where the key is empty.
    pub fn key(&self, key: &str) -> String {
        if key.is_empty() { self.path.clone() } else { format!("{}.{key}", self.path) }
    }
}

/// The settings of one end, and what they make of it.
pub trait End: fmt::Debug + Send + Sync {
    /// The name of its session in logs, where the end may run several times and is not a switch.
    fn name(&self) -> Option<String> {
        None
    }

    /// The switch that the end is; `None` when it is not a switch.
    fn switch(&self) -> Option<&SwitchId> {
        None
    }

    /// How its peers come in.
    fn transport(&self) -> Transport;

    /// Makes the session.
    fn session(&self, context: &Context) -> Result<Box<dyn Session>, Finding>;

    /// What is wrong although a session can be made.
    fn check(&self) -> Vec<Finding> {
        Vec::new()
    }

    /// What is wrong although every value could be read.
    fn findings(&self) -> Vec<Finding> {
        self.session(&Context::default()).err().into_iter().chain(self.check()).collect()
    }

    /// What a person wants to know about this end beside its transport; a few words.
    fn summary(&self) -> String;
}

/// A session that was made, or what is wrong with `key` of its settings; for [`End::session`].
pub fn made<S: Session + 'static>(
    key: &str,
    session: Result<S, impl fmt::Display>,
) -> Result<Box<dyn Session>, Finding> {
    session.map(|session| Box::new(session) as Box<dyn Session>).map_err(|error| Finding::new(key, error))
}

/// What a session is made with beside its settings.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// For ids of the session's own; each process and each session has another one.
    pub instance: Uuid,
    /// The floor with which the node starts.
    pub floor: Arc<Floor>,
}

/// Something wrong with the settings of an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The key, from the end's section on; empty when it is the section as a whole.
    pub key: String,
    /// A sentence.
    pub text: String,
}

impl Finding {
    /// A finding.
    pub fn new(key: impl Into<String>, text: impl fmt::Display) -> Self {
        Self { key: key.into(), text: text.to_string() }
    }
}

/// How the peers of an end come in. Every session may send HTTP requests of its own.
#[derive(Debug, Clone)]
pub enum Transport {
    /// As HTTP requests, at a listener of the end's own.
    HttpListener(HttpListener),
    /// As HTTP requests, under a path of the API's listener.
    HttpPath(HttpPath),
    /// Not at all: the session sends HTTP requests.
    HttpClient {
        /// What is shown and trusted at `https` addresses.
        tls: TlsFiles,
    },
    /// As byte streams, at a listener of the end's own.
    StreamListener {
        /// Where.
        listen: Listen,
        /// From where peers may connect; empty: from anywhere.
        allow: Vec<IpRange>,
        /// With a certificate: encrypted from the first byte.
        tls: TlsFiles,
    },
    /// As byte streams that the session opens.
    StreamClient {
        /// With an authority: encrypted from the first byte.
        tls: TlsFiles,
    },
    /// As WebSockets that the session opens.
    WebSocketClient {
        /// The header `Authorization` of the handshake.
        authorization: Secret,
    },
    /// As pages of ours, each of which relays what its frames post.
    PageRelay {
        /// The name by which pages find the relay.
        name: &'static str,
        /// Origins beside our own that the page shows, or that show it.
        origins: Vec<String>,
    },
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
    /// Whether targets with characters that HTTP forbids are repaired.
    pub lenient_targets: bool,
}

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

impl Transport {
    /// Its kind, in two or three words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::HttpListener(_) => "HTTP listener",
            Self::HttpPath(_) => "path of the API's listener",
            Self::HttpClient { .. } => "HTTP client",
            Self::StreamListener { .. } => "byte stream listener",
            Self::StreamClient { .. } => "byte stream client",
            Self::WebSocketClient { .. } => "WebSocket client",
            Self::PageRelay { .. } => "page relay",
        }
    }

    /// The listener of the end's own, where it has one.
    pub fn listen(&self) -> Option<Listen> {
        if let Self::HttpListener(HttpListener { listen, .. }) | Self::StreamListener { listen, .. } = self {
            return Some(*listen);
        }
        None
    }

    /// What peers write to reach the listener at `address`.
    pub fn url(&self, address: SocketAddr) -> String {
        let scheme = if matches!(self, Self::HttpListener(_)) { "http://" } else { "" };
        format!("{scheme}{address}")
    }
}
