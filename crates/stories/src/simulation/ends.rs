//! Both ends of each dialect: who works by which, and the sessions.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use model::{Secret, SwitchId};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use session::transport::any::{AnySession, erase};
use uuid::Uuid;

use super::{
    Broken,
    hub::Side,
    plan::{AGENTS, CLIENTS},
    world::World,
};
use crate::node::{LineId, Node, PASSWORD, PROGRAM};

/// What stands before the paths of Talisma's service.
pub(super) const TALISMA_MOUNT: &str = "/TalismaWebNotificationServer";

/// Where the desks' hub takes notifications.
const TALISMA_URL: &str = "http://desks.example/TalismaWebNotificationServer/PostNotification.svc";

/// The machine of the desks' hub, and its listener for UWQ's events.
pub(super) const DESKS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)), 8_888);

/// The data of a call that say which one it is, and the property that they are told as.
pub(super) const CALL_NAME: &str = "Call";
const CALL_PROPERTY: i32 = 2_000_106;

/// Where pages of the hub with the phones are.
pub(super) const PHONES_ORIGIN: &str = "https://phones.example";

/// Where pages of the desks' hub are.
pub(super) const DESKS_ORIGIN: &str = "https://desks.example";

/// The page of the floor's with the phones that is the desks' hub's page for MAX.
pub(super) const DESKS_PAGE: &str = "desks";

/// A dialect that both hubs speak, one end each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dialect {
    Uwq,
    Harmony,
    Max,
    Connector,
    /// It has no calls at its desk end, and goes beside the others.
    Talisma,
}

impl Dialect {
    /// Those whose desk end is a switch.
    pub(super) const SWITCHES: [Self; 4] = [Self::Uwq, Self::Harmony, Self::Max, Self::Connector];

    fn word(self) -> &'static str {
        match self {
            Self::Uwq => "uwq",
            Self::Harmony => "harmony",
            Self::Max => "max",
            Self::Connector => "connector",
            Self::Talisma => "talisma",
        }
    }

    /// The switch that the hub with the phones is for the desks' hub.
    pub(super) fn switch(self) -> SwitchId {
        SwitchId::new(self.word()).expect("a short id")
    }
}

/// The sessions of one hub's ends.
type Sessions = Vec<(Dialect, AnySession)>;

/// Who works by which dialect, out of the seed.
#[derive(Debug)]
pub(super) struct Ends {
    /// By which the phone of an agent of the desks' hub is at the other one.
    by: BTreeMap<&'static str, Dialect>,
    /// Whose calls are notified of.
    notified: Vec<&'static str>,
    talisma: talisma::TelephonyConfig,
}

impl Ends {
    pub(super) fn new(random: &mut ChaCha8Rng) -> Self {
        let mut by = BTreeMap::new();
        for (index, agent) in AGENTS.into_iter().enumerate() {
            // The line of whoever has an EBS client is taken.
            let first = usize::from(index < CLIENTS);
            by.insert(agent, Dialect::SWITCHES[random.random_range(first..Dialect::SWITCHES.len())]);
        }
        let notified = AGENTS.into_iter().filter(|_| random.random_bool(0.6)).collect();
        Self { by, notified, talisma: talisma_config(random) }
    }

    /// By which dialect an agent of the desks' hub works.
    pub(super) fn dialect_of(&self, agent: &str) -> Dialect {
        self.by.get(agent).copied().unwrap_or(Dialect::Harmony)
    }

    /// The agent's user id at Talisma: the same at both hubs.
    pub(super) fn user(&self, agent: &str) -> Option<String> {
        self.notified.contains(&agent).then(|| format!("9{}", &agent[1..]))
    }

    /// Whether the server knows a notification again that is posted twice.
    pub(super) fn knows_repeats(&self) -> bool {
        self.talisma.session_ids
    }

    fn sessions(&self, side: Side, life: u64) -> Result<Sessions, Broken> {
        let instance = |dialect: Dialect| {
            Uuid::from_u128(u128::from(life) << 64 | (side as u128) << 32 | (dialect as u128 + 1) << 16)
        };
        match side {
            Side::Phones => self.telephony(instance),
            Side::Desks => self.desks(instance),
        }
    }

    fn telephony(&self, instance: impl Fn(Dialect) -> Uuid) -> Result<Sessions, Broken> {
        let text = |error: &dyn std::error::Error| error.to_string();
        let uwq = uwq::TelephonySession::new(uwq::TelephonyConfig::default(), instance(Dialect::Uwq));
        let harmony =
            harmony::TelephonyConfig { processor: "DEMO".into(), ..harmony::TelephonyConfig::default() };
        let harmony = harmony::TelephonySession::new(harmony, instance(Dialect::Harmony));
        let max = max::TelephonySession::new(max::TelephonyConfig::default(), instance(Dialect::Max));
        let connector = crm_connector::TelephonySession::new(instance(Dialect::Connector), 100);
        let talisma = talisma::TelephonySession::new(self.talisma.clone(), instance(Dialect::Talisma));
        Ok(vec![
            (Dialect::Uwq, erase(uwq.map_err(|error| text(&error))?)),
            (Dialect::Harmony, erase(harmony.map_err(|error| text(&error))?)),
            (Dialect::Max, erase(max)),
            (Dialect::Connector, erase(connector)),
            (Dialect::Talisma, erase(talisma.map_err(|error| text(&error))?)),
        ])
    }

    fn desks(&self, instance: impl Fn(Dialect) -> Uuid) -> Result<Sessions, Broken> {
        let text = |error: &dyn std::error::Error| error.to_string();
        let uwq = uwq::DeskConfig {
            listener: DESKS.to_string().try_into().expect("an address and a port"),
            agents: AGENTS.into_iter().map(uwq_credentials).collect(),
            ..uwq::DeskConfig::default()
        };
        let uwq = uwq::DeskSession::new(uwq, Dialect::Uwq.switch());
        let harmony = harmony::DeskConfig {
            agents: AGENTS.into_iter().map(harmony_credentials).collect(),
            ..harmony::DeskConfig::default()
        };
        let harmony =
            harmony::DeskSession::new(harmony, Dialect::Harmony.switch(), instance(Dialect::Harmony));
        let max = max::DeskConfig {
            origins: vec![PHONES_ORIGIN.to_owned().try_into().expect("an origin")],
            ..max::DeskConfig::default()
        };
        let max = max::DeskSession::new(max, Dialect::Max.switch(), instance(Dialect::Max));
        let url = format!("{PHONES_ORIGIN}/connector/").into();
        let connector = crm_connector::DeskConfig { url, ..crm_connector::DeskConfig::default() };
        let switch = Dialect::Connector.switch();
        let connector = crm_connector::DeskSession::new(connector, switch, instance(Dialect::Connector));
        let config = talisma::DeskConfig {
            properties: vec![talisma::NamedId { id: CALL_PROPERTY, name: CALL_NAME.into() }],
            ..talisma::DeskConfig::default()
        };
        let talisma = talisma::DeskSession::new(config, instance(Dialect::Talisma));
        Ok(vec![
            (Dialect::Uwq, erase(uwq.map_err(|error| text(&error))?)),
            (Dialect::Harmony, erase(harmony.map_err(|error| text(&error))?)),
            (Dialect::Max, erase(max.map_err(|error| text(&error))?)),
            (Dialect::Connector, erase(connector.map_err(|error| text(&error))?)),
            (Dialect::Talisma, erase(talisma.map_err(|error| text(&error))?)),
        ])
    }
}

impl World {
    /// Runs the sessions of a hub's ends at its node.
    pub(super) fn attach_ends(&mut self, side: Side, node: &mut Node) -> Result<(), Broken> {
        let sessions = self.ends.sessions(side, self.hubs[side].life)?;
        let is_switch = |dialect: &Dialect| side == Side::Desks && Dialect::SWITCHES.contains(dialect);
        let attach = |(dialect, session): (Dialect, AnySession)| {
            let switch = Some(dialect).filter(is_switch).map(Dialect::switch);
            (dialect, node.attach(switch, session))
        };
        let lines: BTreeMap<Dialect, LineId> = sessions.into_iter().map(attach).collect();
        self.hubs[side].lines = lines;
        Ok(())
    }
}

fn acd_id(agent: &str) -> String {
    format!("7{}", &agent[1..])
}

fn uwq_credentials(agent: &str) -> uwq::Credentials {
    let password = Secret::new(PASSWORD);
    uwq::Credentials { acd_id: acd_id(agent).into(), password, queue: Some("7700".into()) }
}

fn harmony_credentials(agent: &str) -> harmony::Credentials {
    harmony::Credentials { acd_id: acd_id(agent).into(), password: Secret::new(PASSWORD) }
}

fn talisma_config(random: &mut ChaCha8Rng) -> talisma::TelephonyConfig {
    let one = |yes: bool| if yes { talisma::Soap::Soap12 } else { talisma::Soap::Soap11 };
    let soap = one(random.random_bool(0.5));
    let auth = if random.random_bool(0.5) { talisma::Auth::Basic } else { talisma::Auth::Wsse };
    let at_answer = random.random_bool(0.3);
    talisma::TelephonyConfig {
        url: TALISMA_URL.to_owned(),
        soap,
        auth,
        user: Some(PROGRAM.into()),
        password: Some(Secret::new(PASSWORD)),
        notify_on: if at_answer { talisma::NotifyOn::Answer } else { talisma::NotifyOn::Ring },
        session_ids: random.random_bool(0.5),
        properties: vec![talisma::PropertyPair { id: CALL_PROPERTY, from: CALL_NAME.into() }],
        ..talisma::TelephonyConfig::default()
    }
}
