//! The settings of the dialect.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use compact_str::CompactString;
use model::{Secret, SwitchId};
use serde::{Deserialize, Serialize};
use session::dialect::{
    Context, Declaration, Dialect, End, Finding, HttpBinding, HttpListener, Listen, PlainLink, TlsFiles,
    calls::{Limit, Step},
    made,
};
use settings::{Address, Span, section};

use crate::{
    DeskSession, Error, TelephonySession,
    wire::{limits::TARGET_BYTES_MAX, names, repair},
};

/// The description of the dialect.
pub const DIALECT: Dialect = Dialect {
    name: "uwq",
    product: "Oracle EBS",
    docs: "uwq.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::once::<TelephonyConfig>(
            "telephony",
            &[
                "Cordboard has the phones: EBS clients send their callouts to it and receive their events from it.",
            ],
        )
        .desk("Oracle EBS", &DESK_LIMITS),
        Declaration::repeated::<DeskConfig>(
            "desk",
            &[
                "Cordboard is the desk (EBS). It sends callouts to a third-party softphone, which is a switch on the floor.",
            ],
        )
        .phones("UWQ softphone", &PHONES_LIMITS),
    ],
};

/// The steps for which the protocol has no callout (uwq.md §4.2).
const WITHOUT_CALLOUT: &[Step] = &[
    Step::Answer,
    Step::Hold,
    Step::BlindTransfer,
    Step::Consult,
    Step::WarmTransfer,
    Step::Conference,
    Step::HangUp,
];

/// What EBS cannot request.
const DESK_LIMITS: [Limit; 1] = [Limit {
    steps: WITHOUT_CALLOUT,
    why: "EBS has a callout to dial, and none for this. The agent uses the phone or Cordboard's desktop.",
}];

/// What a softphone cannot be asked for.
const PHONES_LIMITS: [Limit; 1] = [Limit {
    steps: WITHOUT_CALLOUT,
    why: "A softphone of EBS accepts a callout to dial, and none for this. The agent uses the softphone.",
}];

/// The default port for callouts: the one in Oracle's own example (uwq.md §2).
pub const PORT: u16 = 3107;

/// The longest callout, and the longest event of a softphone. Bytes. Our choice.
const BODY_BYTES_MAX: usize = 64 * 1024;

section! {
    /// The telephony end: Cordboard is the softphone and EBS clients are the peers.
    pub TelephonyConfig {
        /// The address for callouts. Enter it in EBS as the profile option "CCT: Basic Telephony: Third Party URL".
        listen: Address = default(Address::loopback(PORT)),
        /// The body of the answer to a successful callout: "empty", or "envelope" for clients that require XML.
        // Our choice (uwq.md §4.3).
        success_body: SuccessBody = default(SuccessBody::Empty),
        /// When an inbound call is announced: at the "ring" or at the "answer".
        // Our choice (uwq.md §5.6).
        pop_on: PopOn = default(PopOn::Ring),
        /// The content of occtDNIS: the agent's "extension", or the number that was "dialled".
        // The blog has the agent's extension (uwq.md §5.4).
        dnis: Dnis = default(Dnis::Extension),
        /// How numbers are written: "digits" only, or with a leading "plus". Service Requests accept digits only.
        // Source: uwq.md §7.5.
        ani: AniFormat = default(AniFormat::Digits),
        /// Whether an inbound call makes the agent not ready until EBS sends Ready again.
        // Oracle demands it of every integration (uwq.md §3).
        auto_not_ready: bool = default(true),
        /// How often EBS is expected to send CheckStatus. 0s: EBS may be silent for any time.
        // Our choice, as are the next two (uwq.md §6.3).
        status_period: Span = default(Span::s(30)),
        /// The agent becomes not ready after this many silent periods.
        stale_after_periods: u32 = default(5),
        /// The agent is signed out and the registration removed after this many silent periods.
        drop_after_periods: u32 = default(10),
        /// Addresses besides the caller's own to which Register may direct events.
        // Our choice (uwq.md §9).
        event_hosts: Vec<IpAddr> = default(Vec::new()),
        /// Host names besides those of network.allowed_hosts that callouts may use, without a port.
        hosts: Vec<CompactString> = default(Vec::new()),
        /// The listener's certificate chain, PEM. Turns on TLS for callouts and requires tls_key.
        tls_certificate: PathBuf = path("\"callouts.pem\""),
        /// The key of the certificate, PEM.
        tls_key: PathBuf = path("\"callouts.key\""),
        /// With TLS: the authority whose certificates EBS clients need, PEM.
        tls_client_ca: PathBuf = path("\"clients.pem\""),
        /// The authority that signed the certificates of the clients' listeners, PEM. Turns on TLS for events.
        /// The certificates must name the IP address in Register.
        tls_ca: PathBuf = path("\"ca.pem\""),
        /// Whether callouts from browsers are accepted, from any web page.
        cross_origin: bool = default(false),
        /// Whether connections stay open for further messages.
        // Our choice: EBS's client is not known to keep them (uwq.md §4.3).
        keep_alive: bool = default(false),
        /// The most EBS clients that may be registered.
        registrations_max: usize = default(4_096),
        /// The most registrations from one address without a login. One more replaces the oldest.
        unproven_per_address_max: usize = default(256),
        /// The call data that EBS gets, and under which names, the most specific last. Empty: the default mapping, see docs/uwq.md.
        // Document order (uwq.md §7.3).
        mapping: Mapping = list(),
    }
}

section! {
    /// One name in the mapping.
    pub Mapping {
        /// The name in the data of the call, or else of its contact.
        from: CompactString = required("\"AccountCode\""),
        /// The name in EBS.
        to: CompactString = required("\"AccountCode\""),
    }
}

section! {
    /// The desk end: Cordboard is EBS. The peer is a third-party softphone, which is a switch on the floor.
    pub DeskConfig {
        /// The ID of the softphone as a switch on the floor.
        id: SwitchId = required("\"softphone\""),
        /// The address where the softphone accepts callouts.
        url: String = default("http://localhost:3107".to_owned()),
        /// The address for the softphone's events. Cordboard sends it with Register.
        // Oracle's example has port 8888 (uwq.md §2).
        listener: Address = default(Address::loopback(8_888)),
        /// The authority that signed the softphone's certificate, PEM. Needed if url begins with https.
        tls_ca: PathBuf = path("\"ca.pem\""),
        /// The certificate chain for listener, PEM. Turns on TLS for events and requires tls_key.
        /// A softphone that asks for a client certificate gets it too.
        tls_certificate: PathBuf = path("\"events.pem\""),
        /// The key of the certificate, PEM.
        tls_key: PathBuf = path("\"events.key\""),
        /// With TLS: the authority whose certificates softphones need to send events, PEM.
        tls_client_ca: PathBuf = path("\"clients.pem\""),
        /// Addresses from which events are accepted, besides loopback and the host in url.
        event_senders: Vec<IpAddr> = default(Vec::new()),
        /// Whether events from browsers are accepted, from any web page.
        cross_origin: bool = default(false),
        /// How often the softphone is asked for its status: 5s to 5m.
        // Both periods are our choice (uwq.md §6.3).
        status_period: Span = clamped(Span::s(30), Span::s(5)..=Span::s(300)),
        /// How often it is asked while it does not answer.
        status_period_down: Span = clamped(Span::s(5), Span::s(1)..=Span::s(300)),
        /// The agents of the softphone.
        agents: Credentials = list(),
    }
}

section! {
    /// The credentials of an agent at the ACD.
    pub Credentials {
        /// The agent's ID at the ACD.
        acd_id: CompactString = required("\"7001\""),
        /// The agent's password at the ACD.
        // EBS keeps it as ACD_AGENT_PASSWORD, and the queue as ACD_QUEUE (uwq.md §2).
        password: Secret = required_secret("\"…\""),
        /// The agent's queue at the ACD.
        queue: CompactString = option("\"7700\""),
    }
}

impl End for TelephonyConfig {
    type Session = TelephonySession;

    fn binding(&self) -> HttpBinding {
        let listen = Listen { key: "listen", address: self.listen.socket() };
        HttpBinding::Listener(HttpListener {
            tls: self.tls(),
            requests_tls: TlsFiles { authority: self.tls_ca.clone(), ..TlsFiles::default() },
            ..listener(listen, &self.hosts, self.cross_origin)
        })
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("mapping", TelephonySession::new(self.clone(), context.instance))
    }

    fn check(&self) -> Vec<Finding> {
        self.tls().check_listener()
    }

    fn summary(&self) -> String {
        "the profile option \"CCT: Basic Telephony: Third Party URL\"".to_owned()
    }
}

impl End for DeskConfig {
    type Session = DeskSession;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> HttpBinding {
        let listen = Listen { key: "listener", address: self.listener.socket() };
        HttpBinding::Listener(HttpListener {
            tls: self.tls(),
            requests_tls: TlsFiles::new(&self.tls_certificate, &self.tls_key, &self.tls_ca),
            ..listener(listen, &[], self.cross_origin)
        })
    }

    fn session(&self, _: &Context) -> Result<Self::Session, Finding> {
        made("url", DeskSession::new(self.clone(), self.id.clone()))
    }

    fn check(&self) -> Vec<Finding> {
        let is_untrusted = self.url.starts_with("https:") && self.tls_ca.is_none();
        let untrusted = is_untrusted.then(|| Finding::new("url", "an https address needs tls_ca"));
        self.tls().check_listener().into_iter().chain(untrusted).collect()
    }

    fn plain_link(&self) -> Option<PlainLink> {
        self.url.starts_with("http:").then(|| PlainLink { key: "url", address: self.url.clone() })
    }

    fn summary(&self) -> String {
        format!("softphone {} at {}", self.id, self.url)
    }
}

/// The listener's settings. A callout is a `GET` and an event a `POST` that any web page could send.
fn listener(listen: Listen, hosts: &[CompactString], browsers: bool) -> HttpListener {
    HttpListener {
        listen,
        hosts: hosts.to_vec(),
        browsers,
        body_bytes_max: BODY_BYTES_MAX,
        // Targets that are too long for the dialect still reach it, so that it can refuse them with its own error.
        target_bytes_max: 4 * TARGET_BYTES_MAX,
        repair: Some(repair::request_line),
        tls: TlsFiles::default(),
        requests_tls: TlsFiles::default(),
    }
}

impl DeskConfig {
    fn tls(&self) -> TlsFiles {
        TlsFiles::new(&self.tls_certificate, &self.tls_key, &self.tls_client_ca)
    }
}

impl TelephonyConfig {
    fn tls(&self) -> TlsFiles {
        TlsFiles::new(&self.tls_certificate, &self.tls_key, &self.tls_client_ca)
    }

    /// Checks that the mapping does not send names that only EBS may set.
    pub fn check_mapping(&self) -> Result<(), Error> {
        match self.mapping.iter().find(|entry| names::is_forbidden(&entry.to)) {
            Some(entry) => Err(Error::Forbidden { from: entry.from.to_string(), to: entry.to.to_string() }),
            None => Ok(()),
        }
    }

    /// Adds the default mapping if none is configured.
    pub(crate) fn with_mapping(mut self) -> Self {
        if self.mapping.is_empty() {
            self.mapping = names::MAPPING.iter().map(|(from, to)| Mapping::new(from, to)).collect();
        }
        self
    }

    /// How long EBS may be silent before its agent becomes not ready. `None`: no limit.
    pub(crate) fn stale_after(&self) -> Option<Duration> {
        self.periods(self.stale_after_periods)
    }

    /// How long EBS may be silent after that before its registration is removed.
    pub(crate) fn drop_after_stale(&self) -> Option<Duration> {
        self.periods(self.drop_after_periods.saturating_sub(self.stale_after_periods).max(1))
    }

    fn periods(&self, count: u32) -> Option<Duration> {
        let silence = self.status_period.duration().saturating_mul(count);
        Some(silence).filter(|silence| !silence.is_zero())
    }
}

impl Mapping {
    /// Creates an entry of the mapping.
    pub fn new(from: &str, to: &str) -> Self {
        Self { from: from.into(), to: to.into() }
    }
}

/// The body of the answer to a successful callout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessBody {
    /// No body.
    #[default]
    Empty,
    /// `<CCTSDK></CCTSDK>`.
    Envelope,
}

/// When an inbound call is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PopOn {
    /// When the call rings.
    #[default]
    Ring,
    /// When the agent answers.
    Answer,
}

/// What `occtDNIS` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dnis {
    /// The agent's extension.
    #[default]
    Extension,
    /// The number that the caller dialed. TeleSales uses it to find the campaign.
    Dialled,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AniFormat {
    /// Digits only.
    #[default]
    Digits,
    /// Digits, with a leading `+` where the number has one.
    Plus,
}
