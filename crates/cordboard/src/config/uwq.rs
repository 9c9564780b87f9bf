//! Oracle EBS Basic Telephony, both ends.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

use compact_str::CompactString;
use model::{Secret, SwitchId};
use uwq::{AniFormat, Credentials, DeskConfig, Dnis, Mapping, PopOn, SuccessBody, TelephonyConfig};

use settings::{Address, Span, section};

/// Where callouts are taken when nothing else is said: the port of Oracle's own example (uwq.md §2).
pub(crate) const UWQ_PORT: u16 = 3107;

section! {
    /// Oracle EBS Basic Telephony.
    pub(crate) Uwq {
        /// We have the phones: EBS clients send their callouts here, and get their events from here.
        telephony: Telephony = part(),
        /// We are the desk: a third party's softphone takes our callouts, and is a switch of ours.
        desk: Desk = list(),
    }
}

section! {
    /// We have the phones.
    pub(crate) Telephony {
        /// Where callouts are taken. It is EBS's profile option "CCT: Basic Telephony: Third Party URL".
        listen: Address = default(Address::loopback(UWQ_PORT)),
        /// What a callout that was done is answered with: "empty", or "envelope" for clients that insist on XML.
        success_body: SuccessBody = default(SuccessBody::Empty),
        /// When an inbound call is announced: at the "ring", or at the "answer".
        pop_on: PopOn = default(PopOn::Ring),
        /// What occtDNIS holds: the agent's "extension", or the number "dialled".
        dnis: Dnis = default(Dnis::Extension),
        /// How numbers are written: "digits" alone, or with the "plus" in front. Service Requests take digits only.
        ani: AniFormat = default(AniFormat::Digits),
        /// Whether an inbound call makes the agent not ready until EBS sends the next Ready.
        auto_not_ready: bool = default(true),
        /// How often EBS is expected to send CheckStatus; 0s: its silence means nothing.
        status_period: Span = default(Span::s(30)),
        /// After how many silent periods the agent is made not ready.
        stale_after_periods: u32 = default(5),
        /// After how many silent periods the agent is signed out and the registration dropped.
        drop_after_periods: u32 = default(10),
        /// Addresses beside the caller's own to which Register may send our events.
        event_hosts: Vec<IpAddr> = default(Vec::new()),
        /// Names beside those of network.allowed_hosts by which callouts may reach us, without a port.
        hosts: Vec<CompactString> = default(Vec::new()),
        /// Whether callouts that a browser sends are taken, whatever page makes it do so.
        cross_origin: bool = default(false),
        /// Whether connections are kept for the next message.
        keep_alive: bool = default(false),
        /// How many EBS clients may be registered.
        registrations_max: usize = default(4_096),
        /// How many of one address may be registered without a login; the oldest goes when there is one more.
        unproven_per_address_max: usize = default(256),
        /// Which data of a call EBS gets and under which name, the most specific last. None: the usual ones, see docs/uwq.md.
        mapping: MappingEntry = list(),
    }
}

section! {
    /// One pair that is sent.
    pub(crate) MappingEntry {
        /// The name in the data of the call, or else of its contact.
        from: CompactString = required("\"AccountCode\""),
        /// The name at EBS.
        to: CompactString = required("\"AccountCode\""),
    }
}

section! {
    /// We are the desk.
    pub(crate) Desk {
        /// The softphone's name on the floor, as a switch.
        id: SwitchId = required("\"softphone\""),
        /// Where it takes callouts.
        url: String = default("http://localhost:3107".to_owned()),
        /// Where we take its events; Register tells it.
        listener: Address = default(Address::loopback(8_888)),
        /// Addresses beside loopback, and beside the one in url, from which events are taken.
        event_senders: Vec<IpAddr> = default(Vec::new()),
        /// Whether events that a browser sends are taken, whatever page makes it do so.
        cross_origin: bool = default(false),
        /// How often to ask whether it lives: 5s to 5m.
        status_period: Span = default(Span::s(30)),
        /// How often to ask while it does not.
        status_period_down: Span = default(Span::s(5)),
        /// The agents that it serves.
        agents: DeskAgent = list(),
    }
}

section! {
    /// An agent that a softphone serves.
    pub(crate) DeskAgent {
        /// The agent's id at the ACD.
        acd_id: CompactString = required("\"7001\""),
        /// The password at the ACD.
        password: Secret = secret("\"…\""),
        /// The queue at the ACD.
        queue: CompactString = option("\"7700\""),
    }
}

impl Telephony {
    /// As the session takes it.
    pub(crate) fn session(&self) -> TelephonyConfig {
        let mut config = TelephonyConfig {
            success_body: self.success_body,
            pop_on: self.pop_on,
            dnis: self.dnis,
            ani: self.ani,
            auto_not_ready: self.auto_not_ready,
            status_period_s: self.status_period.duration().as_secs(),
            stale_after_periods: self.stale_after_periods,
            drop_after_periods: self.drop_after_periods,
            event_hosts: self.event_hosts.clone(),
            keep_alive: self.keep_alive,
            registrations_max: self.registrations_max,
            unproven_per_address_max: self.unproven_per_address_max,
            ..TelephonyConfig::default()
        };
        if !self.mapping.is_empty() {
            config.mapping = self.mapping.iter().map(|entry| Mapping::new(&entry.from, &entry.to)).collect();
        }
        config
    }
}

impl Desk {
    /// As the session takes it.
    pub(crate) fn session(&self) -> DeskConfig {
        DeskConfig {
            url: self.url.clone(),
            listener: self.listener.socket(),
            agents: self.agents.iter().map(DeskAgent::credentials).collect::<BTreeMap<_, _>>(),
            event_senders: self.event_senders.clone(),
            status_period_s: self.status_period.duration().as_secs(),
            status_period_down_s: self.status_period_down.duration().as_secs(),
        }
    }

    /// Where events are taken.
    pub(crate) fn listener(&self) -> SocketAddr {
        self.listener.socket()
    }
}

impl DeskAgent {
    fn credentials(&self) -> (CompactString, Credentials) {
        // A configuration in which one has none is refused before it gets here.
        let password = self.password.clone().unwrap_or_else(|| Secret::new(""));
        (self.acd_id.clone(), Credentials { password, queue: self.queue.clone() })
    }
}
