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

/// A name of call data that EBS has, and the Talisma property that carries it.
pub(super) const SERVICE_NAME: &str = "ServiceRequestNum";
const SERVICE_PROPERTY: i32 = 2_000_107;

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
    const ALL: [Self; 5] = [Self::Uwq, Self::Harmony, Self::Max, Self::Connector, Self::Talisma];

    /// The dialects whose desk end is a switch.
    pub(super) const SWITCHES: [Self; 4] = [Self::Uwq, Self::Harmony, Self::Max, Self::Connector];

    /// The dialect with a name in the configuration; `None` for those whose peer is not a hub.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| match dialect {
            Self::Connector => name == "crm_connector",
            Self::Uwq | Self::Harmony | Self::Max | Self::Talisma => name == dialect.as_str(),
        })
    }

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

/// An end of a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    Telephony,
    Desk,
}

impl End {
    pub(super) const ALL: [Self; 2] = [Self::Telephony, Self::Desk];

    pub(super) fn other(self) -> Self {
        match self {
            Self::Telephony => Self::Desk,
            Self::Desk => Self::Telephony,
        }
    }
}

/// Two hubs that a dialect joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joint {
    pub(super) dialect: Dialect,
    /// The hubs with the two ends, indexed by [`End`].
    pub(super) hubs: [Side; 2],
}

impl Joint {
    /// The end of the joint at a hub.
    pub(super) fn end_at(&self, side: Side) -> Option<End> {
        End::ALL.into_iter().find(|end| self.hubs[*end as usize] == side)
    }
}

/// The sessions of one hub's ends.
type Sessions = Vec<((Dialect, End), AnySession)>;

/// The dialect of each agent, chosen by the seed.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) joints: Vec<Joint>,
    /// The dialect that connects each agent of a hub without phones to the agent's phone at the hub before it.
    by: BTreeMap<(Side, &'static str), Dialect>,
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
            by.insert(
                (Side::Desks, agent),
                Dialect::SWITCHES[random.random_range(first..Dialect::SWITCHES.len())],
            );
        }
        let notified = AGENTS.into_iter().filter(|_| random.random_bool(0.6)).collect();
        let joint = |dialect| Joint { dialect, hubs: Side::TWO };
        Self { joints: Dialect::ALL.map(joint).to_vec(), by, notified, talisma: talisma_config(random) }
    }

    /// The ends of a pair: the dialect of the phones, and the desks of the first agents at the hub after `hub`.
    pub(super) fn of_pair(phones: Option<Dialect>, hub: Side, desks: &[Option<Dialect>]) -> Self {
        let (mut joints, mut by, mut notified) = (Vec::new(), BTreeMap::new(), Vec::new());
        if let Some(dialect) = phones {
            joints.push(Joint { dialect, hubs: Side::TWO });
            by.extend(AGENTS.map(|agent| ((Side::Desks, agent), dialect)));
        }
        let far = if hub == Side::Phones { Side::Desks } else { Side::Beyond };
        for (agent, dialect) in AGENTS.into_iter().zip(desks) {
            let Some(dialect) = *dialect else { continue };
            let joint = Joint { dialect, hubs: [hub, far] };
            if !joints.contains(&joint) {
                joints.push(joint);
            }
            match dialect {
                Dialect::Talisma => notified.push(agent),
                Dialect::Uwq | Dialect::Harmony | Dialect::Max | Dialect::Connector => {
                    by.insert((far, agent), dialect);
                }
            }
        }
        let talisma = talisma::TelephonyConfig {
            url: TALISMA_URL.to_owned(),
            user: Some(PROGRAM.into()),
            password: Some(Secret::new(PASSWORD)),
            session_ids: true,
            properties: vec![
                talisma::PropertyPair { id: CALL_PROPERTY, from: CALL_NAME.into() },
                talisma::PropertyPair { id: SERVICE_PROPERTY, from: SERVICE_NAME.into() },
            ],
            ..talisma::TelephonyConfig::default()
        };
        Self { joints, by, notified, talisma }
    }

    /// The dialect that an agent of a hub without phones uses. `None` if the agent has no phone there.
    pub(super) fn dialect_of(&self, side: Side, agent: &str) -> Option<Dialect> {
        self.by.iter().find_map(|((at, id), dialect)| ((*at, *id) == (side, agent)).then_some(*dialect))
    }

    /// The hubs of the run.
    pub(super) fn sides(&self) -> Vec<Side> {
        let is_joined = |side: &Side| self.joints.iter().any(|joint| joint.end_at(*side).is_some());
        Side::ALL.into_iter().filter(|side| *side == Side::Phones || is_joined(side)).collect()
    }

    /// The other hub of an end's dialect.
    pub(super) fn across(&self, side: Side, dialect: Dialect, end: End) -> Option<Side> {
        let is_it = |joint: &&Joint| joint.dialect == dialect && joint.hubs[end as usize] == side;
        self.joints.iter().find(is_it).map(|joint| joint.hubs[end.other() as usize])
    }

    /// The agent's user ID at Talisma, the same at both hubs. `None` if the agent gets no notifications.
    pub(super) fn user(&self, agent: &str) -> Option<String> {
        self.notified.contains(&agent).then(|| format!("9{}", &agent[1..]))
    }

    /// Whether the server can recognize a notification that is posted twice.
    pub(super) fn knows_repeats(&self) -> bool {
        self.talisma.session_ids
    }

    /// Creates the sessions of a hub's ends.
    fn sessions(&self, side: Side, life: u64) -> Result<Sessions, Broken> {
        let one = |joint: &Joint| {
            let end = joint.end_at(side)?;
            let (kind, end_kind) = (joint.dialect as u128 + 1, end as u128);
            let instance =
                Uuid::from_u128(u128::from(life) << 64 | (side as u128) << 32 | kind << 16 | end_kind << 8);
            let session = match end {
                End::Telephony => self.telephony(joint.dialect, instance),
                End::Desk => desk(joint.dialect, instance),
            };
            Some(session.map(|session| ((joint.dialect, end), session)))
        };
        self.joints.iter().filter_map(one).collect()
    }

    fn telephony(&self, dialect: Dialect, instance: Uuid) -> Result<AnySession, Broken> {
        let text = |error: &dyn std::error::Error| error.to_string();
        Ok(match dialect {
            Dialect::Uwq => {
                let uwq = uwq::TelephonySession::new(uwq::TelephonyConfig::default(), instance);
                erase(uwq.map_err(|error| text(&error))?)
            }
            Dialect::Harmony => {
                let config = harmony::TelephonyConfig {
                    processor: "DEMO".into(),
                    ..harmony::TelephonyConfig::default()
                };
                let harmony = harmony::TelephonySession::new(config, instance);
                erase(harmony.map_err(|error| text(&error))?)
            }
            Dialect::Max => erase(max::TelephonySession::new(max::TelephonyConfig::default(), instance)),
            Dialect::Connector => erase(crm_connector::TelephonySession::new(instance, 100)),
            Dialect::Talisma => {
                let talisma = talisma::TelephonySession::new(self.talisma.clone(), instance);
                erase(talisma.map_err(|error| text(&error))?)
            }
        })
    }
}

fn desk(dialect: Dialect, instance: Uuid) -> Result<AnySession, Broken> {
    let text = |error: &dyn std::error::Error| error.to_string();
    Ok(match dialect {
        Dialect::Uwq => {
            let config = uwq::DeskConfig {
                listener: DESKS.to_string().try_into().expect("an address and a port"),
                agents: AGENTS.into_iter().map(uwq_credentials).collect(),
                ..uwq::DeskConfig::default()
            };
            let uwq = uwq::DeskSession::new(config, dialect.switch());
            erase(uwq.map_err(|error| text(&error))?)
        }
        Dialect::Harmony => {
            let config = harmony::DeskConfig {
                agents: AGENTS.into_iter().map(harmony_credentials).collect(),
                ..harmony::DeskConfig::default()
            };
            let harmony = harmony::DeskSession::new(config, dialect.switch(), instance);
            erase(harmony.map_err(|error| text(&error))?)
        }
        Dialect::Max => {
            let config = max::DeskConfig {
                origins: vec![PHONES_ORIGIN.to_owned().try_into().expect("an origin")],
                ..max::DeskConfig::default()
            };
            let max = max::DeskSession::new(config, dialect.switch(), instance);
            erase(max.map_err(|error| text(&error))?)
        }
        Dialect::Connector => {
            let url = format!("{PHONES_ORIGIN}/connector/").into();
            let custom_params = vec![CALL_NAME.into(), SERVICE_NAME.into()];
            let config =
                crm_connector::DeskConfig { url, custom_params, ..crm_connector::DeskConfig::default() };
            let connector = crm_connector::DeskSession::new(config, dialect.switch(), instance);
            erase(connector.map_err(|error| text(&error))?)
        }
        Dialect::Talisma => {
            let config = talisma::DeskConfig {
                properties: vec![
                    talisma::NamedId { id: CALL_PROPERTY, name: CALL_NAME.into() },
                    talisma::NamedId { id: SERVICE_PROPERTY, name: SERVICE_NAME.into() },
                ],
                ..talisma::DeskConfig::default()
            };
            let talisma = talisma::DeskSession::new(config, instance);
            erase(talisma.map_err(|error| text(&error))?)
        }
    })
}

impl World {
    /// Attaches the sessions of a hub's ends to its node.
    pub(super) fn attach_ends(&mut self, side: Side, node: &mut Node) -> Result<(), Broken> {
        let sessions = self.ends.sessions(side, self.hubs[side].life)?;
        let attach = |((dialect, end), session): ((Dialect, End), AnySession)| {
            let is_switch = end == End::Desk && Dialect::SWITCHES.contains(&dialect);
            ((dialect, end), node.attach(is_switch.then(|| dialect.switch()), session))
        };
        let lines: BTreeMap<(Dialect, End), LineId> = sessions.into_iter().map(attach).collect();
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
