//! The sections of the configuration.

use std::{net::SocketAddr, path::PathBuf};

use hub::{NodeConfig, engine::MailboxLimits};
use model::SwitchId;
use serde::{Deserialize, Serialize};
use session::dialect::{Configured, TlsFiles};
use settings::{Address, Given, Origin, Reader, Section, Span, section};

use super::{Network, Oidc};
use crate::Dialects;

/// The default port of the native API.
pub(crate) const HTTP_PORT: u16 = 8080;

section! {
    /// The settings of a node that are independent of dialects.
    pub(crate) NodeSettings {
        /// The agent desktop and the API.
        http: Http = section(),
        /// The host names of this server, and the proxies in front of it.
        network: Network = section(),
        /// Sign-in through a provider, with OpenID Connect. See docs/sign-in.md.
        oidc: Oidc = part(),
        /// The storage of the journal, the directory and the history.
        store: Store = section(),
        /// The floor: agents, queues, accounts and so on.
        floor: FloorSource = section(),
        /// How accounts sign in.
        sign_in: SignIn = section(),
        /// The audit trail: who changed or looked at what.
        audit: Audit = section(),
        /// Limits. The defaults suit most installations.
        limits: Limits = section(),
        /// Log lines, which go to standard error.
        log: Log = section(),
    }
}

section! {
    /// The agent desktop and the API.
    pub(crate) Http {
        /// The address to listen on, without TLS. For other machines use http.tls, or a proxy with TLS in front.
        listen: Address = default(Address::loopback(HTTP_PORT)),
        /// The same with TLS, on another address. Commands on this machine use the address without TLS.
        tls: HttpTls = part(),
        /// Origins of web pages that may open a WebSocket, such as `"https://crm.example.com"`. Programs other than browsers always may.
        origins: Vec<Origin> = default(Vec::new()),
        /// How many connections can be open at the same time.
        connections_max: usize = default(16_384),
        /// How many of them can be from one IP address.
        connections_per_peer_max: usize = default(8_192),
        /// How long the headers of a request may take to arrive, and how long its body may take.
        request_timeout: Span = default(Span::s(30)),
    }
}

section! {
    /// The agent desktop and the API with TLS.
    pub(crate) HttpTls {
        /// The address to listen on.
        listen: Address = required("\"0.0.0.0:8443\""),
        /// A PEM file with the certificate chain of this server.
        certificate: PathBuf = required_path("\"cordboard.pem\""),
        /// A PEM file with the private key.
        key: PathBuf = required_path("\"cordboard.key\""),
    }
}

impl HttpTls {
    /// The PEM files.
    pub(crate) fn files(&self) -> TlsFiles {
        TlsFiles { certificate: Some(self.certificate.clone()), key: Some(self.key.clone()), authority: None }
    }
}

section! {
    /// The storage.
    pub(crate) Store {
        /// The folder of the database. It is created if necessary. A relative path starts at the folder of this file.
        path: PathBuf = default_path(PathBuf::from("data")),
        /// With fewer free bytes on the disk of the folder, the node warns in the log, at /readyz and in the metrics. 0: never.
        // Our choice: 1 GiB is days of calls.
        low_bytes: u64 = default(1 << 30),
    }
}

section! {
    /// The source of the floor.
    pub(crate) FloorSource {
        /// The floor file, which the node applies at every start. Without it the node keeps the floor that was last applied.
        file: PathBuf = path("\"floor.toml\""),
    }
}

section! {
    /// How accounts sign in.
    pub(crate) SignIn {
        /// Whether accounts with the role admin need a second factor. Without one they cannot sign in; `cordboard second-factor enroll` makes one.
        second_factor_required: bool = default(false),
    }
}

section! {
    /// The audit trail.
    pub(crate) Audit {
        /// How long entries are kept. Older ones are deleted, and an entry with their last hash keeps the rest verifiable.
        keep: Span = default(Span::s(400 * 24 * 60 * 60)),
        /// How many entries are kept at most, about 400 bytes each.
        entries_max: u64 = default(10_000_000),
    }
}

section! {
    /// Limits.
    pub(crate) Limits {
        /// How many events can wait for a slow subscriber. When there are more, it gets a new snapshot instead.
        subscriber_events_max: usize = default(4_096),
        /// How many bytes of JSON these events can have.
        subscriber_bytes_max: usize = default(4 << 20),
        /// How many missed events a subscriber gets after a reconnect. When there are more, it gets a snapshot instead.
        catch_up_max: u64 = default(100_000),
        /// How many commands a second one account may send for long; for a short time ten seconds' worth at once. More get `too-many`.
        /// Accounts with the role integration have no limit, because they act for all agents.
        commands_per_second: u32 = default(20),
        /// How many events stay in the journal for subscribers that reconnect. This does not limit the history.
        journal_kept: u64 = default(1_000_000),
        /// After how many events the node stores its state. The next start reads only the events after that.
        checkpoint_every: u64 = default(50_000),
        /// How long the node continues to work after SIGTERM, while /readyz says that it is draining, so that a load balancer sends no more clients.
        drain: Span = default(Span::s(0)),
        /// How long the node waits for peers to finish when it stops.
        stop_grace: Span = default(Span::s(2)),
    }
}

section! {
    /// Log lines.
    pub(crate) Log {
        /// The format: "text" for people, "json" for programs.
        format: LogFormat = default(LogFormat::Text),
        /// The lowest level to write: "error", "warn", "info", "debug" or "trace". Parts can have different levels: "info,cordboard_hub=debug".
        level: String = default("info".to_owned()),
    }
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Text for people.
    Text,
    /// One JSON object for each line.
    Json,
}

impl NodeSettings {
    /// The settings for the node.
    pub(crate) fn node(&self) -> NodeConfig {
        let Audit { keep, entries_max } = &self.audit;
        NodeConfig {
            second_factor_required: self.sign_in.second_factor_required,
            audit_kept: keep.duration(),
            audit_entries_max: *entries_max,
            ..self.limits.node()
        }
    }
}

impl Limits {
    /// The limits for the node.
    fn node(&self) -> NodeConfig {
        let mailbox =
            MailboxLimits { events_max: self.subscriber_events_max, bytes_max: self.subscriber_bytes_max };
        NodeConfig {
            mailbox,
            catch_up_max: self.catch_up_max,
            commands_per_s: self.commands_per_second,
            journal_kept: self.journal_kept,
            checkpoint_every: self.checkpoint_every,
            grace: self.stop_grace.duration(),
            ..NodeConfig::default()
        }
    }
}

/// The complete configuration of a node.
#[derive(Debug)]
pub(crate) struct Config {
    /// The settings that are independent of dialects.
    pub(crate) node: NodeSettings,
    /// The ends of dialects, in the order of the list.
    pub(crate) ends: Vec<Configured>,
    /// The keys that are set, without secrets.
    pub(crate) given: Given,
}

impl Config {
    /// Reads the configuration from the top of a file.
    pub(super) fn read(dialects: Dialects, reader: &mut Reader<'_>) -> Option<Self> {
        let node = NodeSettings::read_keys(reader);
        let ends: Vec<_> = dialects.iter().map(|dialect| dialect.read(reader)).collect();
        reader.finish();
        let ends = ends.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Self { node: node?, ends: ends.into_iter().flatten().collect(), given: Given::default() })
    }

    /// All switches, with the keys of their IDs.
    pub(crate) fn switches(&self) -> Vec<(String, SwitchId)> {
        let switch = |end: &Configured| Some((end.key("id"), end.end.switch()?.clone()));
        self.ends.iter().filter_map(switch).collect()
    }

    /// All listeners, with their keys.
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
