//! The sections of the configuration.

use std::{net::SocketAddr, path::PathBuf};

use hub::{NodeConfig, engine::MailboxLimits};
use model::SwitchId;
use serde::{Deserialize, Serialize};
use session::dialect::Configured;
use settings::{Address, Origin, Reader, Section, Span, section};

use super::Network;
use crate::Dialects;

/// Where the native API listens when nothing else is said.
pub(crate) const HTTP_PORT: u16 = 8080;

section! {
    /// What every node has.
    pub(crate) NodeSettings {
        /// The native API.
        http: Http = section(),
        /// Names of this server, and proxies in front of it.
        network: Network = section(),
        /// Where the journal, the directory and the history are kept.
        store: Store = section(),
        /// Agents, queues and all that is planned.
        floor: FloorSource = section(),
        /// How much of what; the usual is right for most.
        limits: Limits = section(),
        /// What is written to standard error.
        log: Log = section(),
    }
}

section! {
    /// The native API.
    pub(crate) Http {
        /// Where to listen. Without TLS: beyond this machine, use tls, or put a proxy that speaks it in front.
        listen: Address = default(Address::loopback(HTTP_PORT)),
        /// The same over TLS, at an address of its own; tools of this machine use the plain one.
        tls: HttpTls = part(),
        /// Pages of which origins may open a WebSocket, such as `"https://crm.example.com"`; programs that are no browsers always may.
        origins: Vec<Origin> = default(Vec::new()),
        /// How many connections may be open at once.
        connections_max: usize = default(16_384),
        /// How many of them from one address.
        connections_per_peer_max: usize = default(8_192),
        /// How long a request may take to arrive: so long the head, and so long again the body.
        request_timeout: Span = default(Span::s(30)),
    }
}

section! {
    /// The native API, and what is served beside it, over TLS.
    pub(crate) HttpTls {
        /// Where to listen.
        listen: Address = required("\"0.0.0.0:8443\""),
        /// Our certificate chain, PEM.
        certificate: PathBuf = required_path("\"cordboard.pem\""),
        /// Its key, PEM.
        key: PathBuf = required_path("\"cordboard.key\""),
    }
}

section! {
    /// What is kept.
    pub(crate) Store {
        /// The folder; made when it is not there. A relative path begins at this file.
        path: PathBuf = default_path(PathBuf::from("data")),
    }
}

section! {
    /// Where the floor comes from.
    pub(crate) FloorSource {
        /// The floor file. When it is given, the node takes it on at every start; else the floor is what was last applied.
        file: PathBuf = path("\"floor.toml\""),
    }
}

section! {
    /// How much of what.
    pub(crate) Limits {
        /// How many events may wait for a subscriber; with more it falls back to a snapshot.
        subscriber_events_max: usize = default(4_096),
        /// How many bytes of JSON they may be.
        subscriber_bytes_max: usize = default(4 << 20),
        /// How many events a subscriber that comes back may catch up with; with more it gets a snapshot.
        catch_up_max: u64 = default(100_000),
        /// How many events stay in the journal for subscribers that come back. History stays whatever this says.
        journal_kept: u64 = default(1_000_000),
        /// After how many events the state is kept, so that the next start need not read them all.
        checkpoint_every: u64 = default(50_000),
        /// How long peers have to finish what is begun when the node stops.
        stop_grace: Span = default(Span::s(2)),
    }
}

section! {
    /// Logging.
    pub(crate) Log {
        /// "text" for people, "json" for programs.
        format: LogFormat = default(LogFormat::Text),
        /// "error", "warn", "info", "debug" or "trace", or for each part its own, such as "info,cordboard_hub=debug".
        level: String = default("info".to_owned()),
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Limits {
    /// As the node takes them.
    pub(crate) fn node(&self) -> NodeConfig {
        let mailbox =
            MailboxLimits { events_max: self.subscriber_events_max, bytes_max: self.subscriber_bytes_max };
        NodeConfig {
            mailbox,
            catch_up_max: self.catch_up_max,
            journal_kept: self.journal_kept,
            checkpoint_every: self.checkpoint_every,
            grace: self.stop_grace.duration(),
            ..NodeConfig::default()
        }
    }
}

/// A node's whole configuration.
#[derive(Debug)]
pub(crate) struct Config {
    /// What every node has.
    pub(crate) node: NodeSettings,
    /// The ends of dialects, in the order of the list.
    pub(crate) ends: Vec<Configured>,
}

impl Config {
    /// Reads it from the top of a file.
    pub(super) fn read(dialects: Dialects, reader: &mut Reader<'_>) -> Option<Self> {
        let node = NodeSettings::read_keys(reader);
        let ends: Vec<_> = dialects.iter().map(|dialect| dialect.read(reader)).collect();
        reader.finish();
        let ends = ends.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Self { node: node?, ends: ends.into_iter().flatten().collect() })
    }

    /// Every switch, by the key that names it.
    pub(crate) fn switches(&self) -> Vec<(String, SwitchId)> {
        let switch = |end: &Configured| Some((end.key("id"), end.end.switch()?.clone()));
        self.ends.iter().filter_map(switch).collect()
    }

    /// Everything that listens, by its key.
    pub(crate) fn listeners(&self) -> Vec<(String, SocketAddr)> {
        let http = ("http.listen".to_owned(), self.node.http.listen.socket());
        let https = self.node.http.tls.iter().map(|tls| ("http.tls.listen".to_owned(), tls.listen.socket()));
        let ends = self.ends.iter().filter_map(|end| {
            let listen = end.end.binding().listen()?;
            Some((end.key(listen.key), listen.address))
        });
        [http].into_iter().chain(https).chain(ends).collect()
    }
}
