//! Both ends of each dialect: the dialect that each agent uses, and the sessions.

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

/// The prefix of the paths of Talisma's service.
pub(super) const TALISMA_MOUNT: &str = "/TalismaWebNotificationServer";

/// The URL at which the desks' hub receives notifications.
const TALISMA_URL: &str = "http://desks.example/TalismaWebNotificationServer/PostNotification.svc";

/// The machine of the desks' hub, and the port of its listener for UWQ's events.
pub(super) const DESKS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)), 8_888);

/// The name of the call data that identifies a call, and of the Talisma property that carries it.
pub(super) const CALL_NAME: &str = "Call";
const CALL_PROPERTY: i32 = 2_000_106;

/// The origin of the pages of the hub with the phones.
pub(super) const PHONES_ORIGIN: &str = "https://phones.example";

/// The origin of the pages of the desks' hub.
pub(super) const DESKS_ORIGIN: &str = "https://desks.example";

/// The ID of the page for MAX, which the desks' hub serves, on the floor of the hub with the phones.
pub(super) const DESKS_PAGE: &str = "desks";

/// A dialect between the two hubs, with one end at each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dialect {
    Uwq,
    Harmony,
    Max,
    Connector,
    /// Notifications only: its desk end has no calls. An agent can use it in addition to another dialect.
    Talisma,
}

impl Dialect {
    /// The dialects whose desk end is a switch.
    pub(super) const SWITCHES: [Self; 4] = [Self::Uwq, Self::Harmony, Self::Max, Self::Connector];

    fn as_str(self) -> &'static str {
        match self {
            Self::Uwq => "uwq",
            Self::Harmony => "harmony",
            Self::Max => "max",
            Self::Connector => "connector",
            Self::Talisma => "talisma",
        }
    }

    /// The ID that the desks' hub uses for the hub with the phones as a switch.
    pub(super) fn switch(self) -> SwitchId {
        SwitchId::new(self.as_str()).expect("a short id")
    }
}

/// The sessions of one hub's ends.
type Sessions = Vec<(Dialect, AnySession)>;

/// The dialect of each agent, chosen by the seed.
#[derive(Debug)]
pub(super) struct Ends {
    /// The dialect that connects each agent of the desks' hub to the agent's phone at the other hub.
    by: BTreeMap<&'static str, Dialect>,
    /// The agents whose calls cause notifications.
    notified: Vec<&'static str>,
    talisma: talisma::TelephonyConfig,
}

impl Ends {
    pub(super) fn new(random: &mut ChaCha8Rng) -> Self {
        let mut by = BTreeMap::new();
        for (index, agent) in AGENTS.into_iter().enumerate() {
            // An agent with an EBS client cannot use UWQ as well: the client uses the agent's line.
            let first = usize::from(index < CLIENTS);
            by.insert(agent, Dialect::SWITCHES[random.random_range(first..Dialect::SWITCHES.len())]);
        }
        let notified = AGENTS.into_iter().filter(|_| random.random_bool(0.6)).collect();
        Self { by, notified, talisma: talisma_config(random) }
    }

    /// The dialect that an agent of the desks' hub uses.
    pub(super) fn dialect_of(&self, agent: &str) -> Dialect {
        self.by.get(agent).copied().unwrap_or(Dialect::Harmony)
    }

    /// The agent's user ID at Talisma, the same at both hubs. `None` if the agent gets no notifications.
    pub(super) fn user(&self, agent: &str) -> Option<String> {
        self.notified.contains(&agent).then(|| format!("9{}", &agent[1..]))
    }

    /// Whether the server can recognize a notification that is posted twice.
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
    /// Attaches the sessions of a hub's ends to its node.
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
