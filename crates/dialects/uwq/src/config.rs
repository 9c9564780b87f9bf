//! What can be configured. Every key has a default; a key that is unknown is an error.

use std::{collections::BTreeMap, net::IpAddr, net::SocketAddr, time::Duration};

use compact_str::CompactString;
use model::Secret;
use serde::{Deserialize, Serialize};

use crate::{Error, wire::names};

/// The telephony end: EBS clients are our peers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelephonyConfig {
    /// What a callout that was done is answered with. Ours (uwq.md §4.3).
    pub success_body: SuccessBody,
    /// When an inbound call is announced. Ours (uwq.md §5.6).
    pub pop_on: PopOn,
    /// What `occtDNIS` holds. The blog has the agent's extension (uwq.md §5.4).
    pub dnis: Dnis,
    /// How numbers are written. Service Request can take digits only (uwq.md §7.5).
    pub ani: AniFormat,
    /// Whether an inbound call makes the agent not ready until the next `Ready`. Oracle demands it of every integration (uwq.md §3).
    pub auto_not_ready: bool,
    /// How often EBS is expected to send `CheckStatus`. Seconds; 0: its silence means nothing. Ours (uwq.md §6.3).
    pub status_period_s: u64,
    /// After how many silent periods the agent is made not ready. Ours (uwq.md §6.3).
    pub stale_after_periods: u32,
    /// After how many silent periods the agent is signed out and the registration dropped. Ours (uwq.md §6.3).
    pub drop_after_periods: u32,
    /// Addresses beside the caller's own to which `Register` may send our events. Ours (uwq.md §9).
    pub event_hosts: Vec<IpAddr>,
    /// Whether connections are kept for the next message. Ours: off, as EBS's client is not known to keep them (uwq.md §4.3).
    pub keep_alive: bool,
    /// The most registrations. Ours.
    pub registrations_max: usize,
    /// The most registrations of one address at which nobody has logged in; the oldest goes when there is one more. Ours.
    pub unproven_per_address_max: usize,
    /// Which data of a call is sent under which name, in document order: the most specific last (uwq.md §7.3).
    pub mapping: Vec<Mapping>,
}

impl Default for TelephonyConfig {
    fn default() -> Self {
        Self {
            success_body: SuccessBody::Empty,
            pop_on: PopOn::Ring,
            dnis: Dnis::Extension,
            ani: AniFormat::Digits,
            auto_not_ready: true,
            status_period_s: 30,
            stale_after_periods: 5,
            drop_after_periods: 10,
            event_hosts: Vec::new(),
            keep_alive: false,
            registrations_max: 4_096,
            unproven_per_address_max: 256,
            mapping: names::MAPPING.iter().map(|(from, to)| Mapping::new(from, to)).collect(),
        }
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

    /// How long EBS may be silent before its agent is made not ready; `None`: for ever.
    pub(crate) fn stale_after(&self) -> Option<Duration> {
        self.periods(self.stale_after_periods)
    }

    /// How long EBS may be silent after that before its registration is dropped.
    pub(crate) fn drop_after_stale(&self) -> Option<Duration> {
        self.periods(self.drop_after_periods.saturating_sub(self.stale_after_periods).max(1))
    }

    fn periods(&self, count: u32) -> Option<Duration> {
        let silence = Duration::from_secs(self.status_period_s).saturating_mul(count);
        Some(silence).filter(|silence| !silence.is_zero())
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

/// One pair that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The name in the data of the call, or else of its contact.
    pub from: CompactString,
    /// The name at EBS.
    pub to: CompactString,
}

impl Mapping {
    /// Makes one.
    pub fn new(from: &str, to: &str) -> Self {
        Self { from: from.into(), to: to.into() }
    }
}

/// The desk end: a third party's softphone is our peer and a switch of ours.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskConfig {
    /// Where the softphone takes callouts, as in `CCT: Basic Telephony: Third Party URL` (uwq.md §2).
    pub url: String,
    /// Where we take its events: told to it in `Register`. Oracle's example has port 8888 (uwq.md §2).
    pub listener: SocketAddr,
    /// The agents that the softphone serves, by their ids at the ACD.
    pub agents: BTreeMap<CompactString, Credentials>,
    /// Addresses beside loopback, and beside the one in `url`, from which events are taken. Ours.
    pub event_senders: Vec<IpAddr>,
    /// How often to ask whether the softphone lives. Seconds, 5 to 300. Ours (uwq.md §6.3).
    pub status_period_s: u64,
    /// How often to ask while it does not. Seconds. Ours (uwq.md §6.3).
    pub status_period_down_s: u64,
}

impl Default for DeskConfig {
    fn default() -> Self {
        Self {
            url: "http://localhost:3107".to_owned(),
            listener: SocketAddr::from(([127, 0, 0, 1], 8888)),
            agents: BTreeMap::new(),
            event_senders: Vec::new(),
            status_period_s: 30,
            status_period_down_s: 5,
        }
    }
}

impl DeskConfig {
    pub(crate) fn status_period(&self) -> Duration {
        Duration::from_secs(self.status_period_s.clamp(5, 300))
    }

    pub(crate) fn status_period_down(&self) -> Duration {
        Duration::from_secs(self.status_period_down_s.clamp(1, 300))
    }
}

/// What an agent signs in with at the ACD.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// `agentPassword`; EBS keeps it as `ACD_AGENT_PASSWORD` (uwq.md §2).
    pub password: Secret,
    /// `agentQueue`; EBS keeps it as `ACD_QUEUE` (uwq.md §2).
    #[serde(default)]
    pub queue: Option<CompactString>,
}
