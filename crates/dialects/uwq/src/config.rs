//! What can be configured.

use std::{net::IpAddr, time::Duration};

use compact_str::CompactString;
use model::{Secret, SwitchId};
use serde::{Deserialize, Serialize};
use session::dialect::{
    Context, Declaration, Dialect, End, Finding, HttpBinding, HttpListener, Listen, made,
};
use settings::{Address, Span, section};

use crate::{
    Desk, Error, Telephony,
    wire::{limits::TARGET_BYTES_MAX, names, repair},
};

/// The dialect as programs configure and run it.
pub const DIALECT: Dialect = Dialect {
    name: "uwq",
    product: "Oracle EBS",
    docs: "uwq.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::once::<TelephonyConfig>(
            "telephony",
            &["We have the phones: EBS clients send their callouts here, and get their events from here."],
        ),
        Declaration::repeated::<DeskConfig>(
            "desk",
            &[
                "Cordboard is the desk. A third-party softphone receives its callouts and is a switch on the floor.",
            ],
        ),
    ],
};

/// Where callouts are taken when nothing else is said: the port of Oracle's own example (uwq.md §2).
pub const PORT: u16 = 3107;

/// The longest callout, and the longest event of a softphone. Bytes. Ours.
const BODY_BYTES_MAX: usize = 64 * 1024;

section! {
    /// The telephony end: EBS clients are our peers.
    pub TelephonyConfig {
        /// Where callouts are taken. It is EBS's profile option "CCT: Basic Telephony: Third Party URL".
        listen: Address = default(Address::loopback(PORT)),
        /// What a callout that was done is answered with: "empty", or "envelope" for clients that insist on XML.
        // Ours (uwq.md §4.3).
        success_body: SuccessBody = default(SuccessBody::Empty),
        /// When an inbound call is announced: at the "ring", or at the "answer".
        // Ours (uwq.md §5.6).
        pop_on: PopOn = default(PopOn::Ring),
        /// What occtDNIS holds: the agent's "extension", or the number "dialled".
        // The blog has the agent's extension (uwq.md §5.4).
        dnis: Dnis = default(Dnis::Extension),
        /// How numbers are written: "digits" alone, or with the "plus" in front. Service Requests take digits only.
        // Source: uwq.md §7.5.
        ani: AniFormat = default(AniFormat::Digits),
        /// Whether an inbound call makes the agent not ready until EBS sends the next Ready.
        // Oracle demands it of every integration (uwq.md §3).
        auto_not_ready: bool = default(true),
        /// How often EBS is expected to send CheckStatus; 0s: its silence means nothing.
        // This and the two that follow are ours (uwq.md §6.3).
        status_period: Span = default(Span::s(30)),
        /// After how many silent periods the agent is made not ready.
        stale_after_periods: u32 = default(5),
        /// After how many silent periods the agent is signed out and the registration dropped.
        drop_after_periods: u32 = default(10),
        /// Addresses beside the caller's own to which Register may send our events.
        // Ours (uwq.md §9).
        event_hosts: Vec<IpAddr> = default(Vec::new()),
        /// Names beside those of network.allowed_hosts by which callouts may reach us, without a port.
        hosts: Vec<CompactString> = default(Vec::new()),
        /// Whether callouts that a browser sends are taken, whatever page makes it do so.
        cross_origin: bool = default(false),
        /// Whether connections are kept for the next message.
        // Ours: EBS's client is not known to keep them (uwq.md §4.3).
        keep_alive: bool = default(false),
        /// How many EBS clients may be registered.
        registrations_max: usize = default(4_096),
        /// How many of one address may be registered without a login; the oldest goes when there is one more.
        unproven_per_address_max: usize = default(256),
        /// Which data of a call EBS gets and under which name, the most specific last. None: the usual ones, see docs/uwq.md.
        // Document order (uwq.md §7.3).
        mapping: Mapping = list(),
    }
}

section! {
    /// One pair that is sent.
    pub Mapping {
        /// The name in the data of the call, or else of its contact.
        from: CompactString = required("\"AccountCode\""),
        /// The name at EBS.
        to: CompactString = required("\"AccountCode\""),
    }
}

section! {
    /// The desk end: the peer is a third-party softphone, which is a switch on the floor.
    pub DeskConfig {
        /// The softphone's name on the floor, as a switch.
        id: SwitchId = required("\"softphone\""),
        /// Where it takes callouts.
        url: String = default("http://localhost:3107".to_owned()),
        /// Where we take its events; Register tells it.
        // Oracle's example has port 8888 (uwq.md §2).
        listener: Address = default(Address::loopback(8_888)),
        /// Addresses beside loopback, and beside the one in url, from which events are taken.
        event_senders: Vec<IpAddr> = default(Vec::new()),
        /// Whether events that a browser sends are taken, whatever page makes it do so.
        cross_origin: bool = default(false),
        /// How often to ask whether it lives: 5s to 5m.
        // Both periods are ours (uwq.md §6.3).
        status_period: Span = clamped(Span::s(30), Span::s(5)..=Span::s(300)),
        /// How often to ask while it does not.
        status_period_down: Span = clamped(Span::s(5), Span::s(1)..=Span::s(300)),
        /// The agents that it serves.
        agents: Credentials = list(),
    }
}

section! {
    /// What an agent signs in with at the ACD.
    pub Credentials {
        /// The agent's id at the ACD.
        acd_id: CompactString = required("\"7001\""),
        /// The password at the ACD.
        // EBS keeps it as ACD_AGENT_PASSWORD, and the queue as ACD_QUEUE (uwq.md §2).
        password: Secret = required_secret("\"…\""),
        /// The queue at the ACD.
        queue: CompactString = option("\"7700\""),
    }
}

impl End for TelephonyConfig {
    type Session = Telephony;

    fn binding(&self) -> HttpBinding {
        let listen = Listen { key: "listen", address: self.listen.socket() };
        HttpBinding::Listener(listener(listen, &self.hosts, self.cross_origin))
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("mapping", Telephony::new(self.clone(), context.instance))
    }

    fn summary(&self) -> String {
        "the profile option \"CCT: Basic Telephony: Third Party URL\"".to_owned()
    }
}

impl End for DeskConfig {
    type Session = Desk;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> HttpBinding {
        let listen = Listen { key: "listener", address: self.listener.socket() };
        HttpBinding::Listener(listener(listen, &[], self.cross_origin))
    }

    fn session(&self, _: &Context) -> Result<Self::Session, Finding> {
        made("url", Desk::new(self.clone(), self.id.clone()))
    }

    fn summary(&self) -> String {
        format!("softphone {} at {}", self.id, self.url)
    }
}

/// A callout is a `GET`, and an event a `POST` that any page could have sent.
fn listener(listen: Listen, hosts: &[CompactString], browsers: bool) -> HttpListener {
    HttpListener {
        listen,
        hosts: hosts.to_vec(),
        browsers,
        body_bytes_max: BODY_BYTES_MAX,
        // Longer ones than the dialect allows reach it, so that it refuses them in its own words.
        target_bytes_max: 4 * TARGET_BYTES_MAX,
        repair: Some(repair::request_line),
    }
}

impl TelephonyConfig {
    /// Checks that no pair is sent that only EBS may set.
    pub fn check(&self) -> Result<(), Error> {
        match self.mapping.iter().find(|entry| names::is_forbidden(&entry.to)) {
            Some(entry) => Err(Error::Forbidden { from: entry.from.to_string(), to: entry.to.to_string() }),
            None => Ok(()),
        }
    }

    /// The same with the usual mapping where none is given.
    pub(crate) fn with_mapping(mut self) -> Self {
        if self.mapping.is_empty() {
            self.mapping = names::MAPPING.iter().map(|(from, to)| Mapping::new(from, to)).collect();
        }
        self
    }

    /// How long EBS may be silent before its agent is made not ready; `None`: for ever.
    pub(crate) fn stale_after(&self) -> Option<Duration> {
        self.periods(self.stale_after_periods)
    }

    /// How long EBS may be silent after that before its registration is dropped.
    pub(crate) fn drop_after_stale(&self) -> Option<Duration> {
        self.periods(self.drop_after_periods.saturating_sub(self.stale_after_periods).max(1))
    }

    fn periods(&self, count: u32) -> Option<Duration> {
        let silence = self.status_period.duration().saturating_mul(count);
        Some(silence).filter(|silence| !silence.is_zero())
    }
}

impl Mapping {
    /// Makes one.
    pub fn new(from: &str, to: &str) -> Self {
        Self { from: from.into(), to: to.into() }
    }
}

/// What a callout that was done is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessBody {
    /// Nothing.
    #[default]
    Empty,
    /// `<CCTSDK></CCTSDK>`.
    Envelope,
}

/// When an inbound call is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PopOn {
    /// When it rings.
    #[default]
    Ring,
    /// When the agent picks up.
    Answer,
}

/// What `occtDNIS` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dnis {
    /// The agent's extension.
    #[default]
    Extension,
    /// What the caller dialled; TeleSales finds the campaign by it.
    Dialled,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AniFormat {
    /// Digits and nothing else.
    #[default]
    Digits,
    /// Digits, and the `+` in front where there is one.
    Plus,
}
