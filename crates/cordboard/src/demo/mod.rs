//! The demo: a floor with agents, queues and contacts, a simulated switch, and a text with commands to try.

mod crm;
mod welcome;

use std::{
    net::{SocketAddr, SocketAddrV4},
    path::Path,
};

use model::WebAddress;
use settings::{Problems, Span};

use crate::{
    Dialects,
    assemble::Listening,
    config::{self, Config},
    floor::{self, Plan},
};

pub(crate) use self::{crm::Crm, welcome::Welcome};

/// The demo's floor file.
const FLOOR: &str = include_str!("floor.toml");

/// The default port of the sample CRM.
const CRM_PORT: u16 = 8090;

/// The ports of the demo. They listen on the loopback address only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ports {
    /// The native API.
    pub(crate) http: u16,
    /// Callouts of Oracle EBS.
    pub(crate) uwq: u16,
    /// Clients of the Harmony bridge.
    pub(crate) harmony: u16,
    /// The sample CRM.
    pub(crate) crm: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { http: config::HTTP_PORT, uwq: uwq::PORT, harmony: harmony::PORT, crm: CRM_PORT }
    }
}

impl Ports {
    /// The highest value of `--port-base`: the demo uses four ports.
    pub(crate) const BASE_MAX: u16 = u16::MAX - 3;

    /// The ports from `base` upwards.
    pub(crate) fn from_base(base: u16) -> Self {
        Self { http: base, uwq: base + 1, harmony: base + 2, crm: base + 3 }
    }
}

/// The ID of the switch that is a Harmony client.
const HARMONY: &str = "harmony";

/// The ACD IDs of the agents with phones at a Harmony client.
const HARMONY_ACD_IDS: [&str; 3] = ["7101", "7102", "7103"];

/// The ID of the switch that is an Asterisk.
const ASTERISK: &str = "asterisk";

/// The ARI password in the sample configuration (`interop/asterisk/etc/ari.conf`).
const ASTERISK_PASSWORD: &str = "a-long-secret";

/// Environment variables that the demo ignores, because it has options for these keys.
const FLAGS: [&str; 4] = [
    "CORDBOARD_HTTP__LISTEN",
    "CORDBOARD_STORE__PATH",
    "CORDBOARD_UWQ__TELEPHONY__LISTEN",
    "CORDBOARD_LOG__LEVEL",
];

/// The configuration of the demo. Environment variables override it, except keys that have an option. `asterisk` is the address of ARI.
pub(crate) fn config(
    dialects: Dialects,
    ports: Ports,
    data: &Path,
    log: &str,
    asterisk: Option<SocketAddrV4>,
) -> Result<Config, Problems> {
    let mut text = format!(
        "http.listen = \"127.0.0.1:{}\"
uwq.telephony.listen = \"127.0.0.1:{}\"
store.path = {}
log.level = {}
simulated = {{}}
\
         talisma.desk = {{}}
crm_connector.telephony = {{}}
max.telephony = {{}}
[[harmony.desk]]
id = \"{HARMONY}\"
listen = \"127.0.0.1:{}\"
agents = [{}]
",
        ports.http,
        ports.uwq,
        toml::Value::from(data.display().to_string()),
        toml::Value::from(log),
        ports.harmony,
        HARMONY_ACD_IDS.map(|id| format!("{{ acd_id = \"{id}\", password = \"demo\" }}")).join(", "),
    );
    if let Some(server) = asterisk {
        text += &format!(
            "[[ari]]\nid = \"{ASTERISK}\"\nserver = \"{server}\"\npassword = \"{ASTERISK_PASSWORD}\"\n\
             trunk = \"PJSIP/{{number}}@trunk\"\ndata = [\"account\"]\n"
        );
    }
    let variables = config::variables().filter(|(name, _)| !FLAGS.contains(&name.as_str()));
    config::read(dialects, "demo", &text, Path::new("."), variables)
}

/// The floor of the demo. `crm_origins` are those of the sample CRM. The phones are at the simulated switch, or at an Asterisk.
pub(crate) fn floor(
    crm_origins: Vec<WebAddress>,
    wrap_up: Span,
    at_asterisk: bool,
) -> Result<Plan, Problems> {
    let moved = FLOOR.replace("switch = \"simulated\"", &format!("switch = \"{ASTERISK}\""));
    let mut plan = floor::read("demo floor", if at_asterisk { &moved } else { FLOOR }, Path::new(""))?;
    plan.floor.crm_origins = crm_origins;
    plan.floor.wrap_up_ms = wrap_up.as_ms();
    for queue in &mut plan.floor.queues {
        queue.wrap_up_ms = wrap_up.as_ms();
    }
    Ok(plan)
}

/// The options that set the ports of listeners, with their keys.
const PORT_FLAGS: [(&str, &str); 3] = [
    ("http.listen", "--http-port"),
    ("uwq.telephony.listen", "--uwq-port"),
    ("harmony.desk.listen", "--harmony-port"),
];

/// The option that sets the port of a listener.
pub(crate) fn flag(key: &str) -> Option<&'static str> {
    PORT_FLAGS.iter().find(|(moved, _)| *moved == key).map(|(_, flag)| *flag)
}

/// What the floor of the demo has for an end, with its section.
const FLOOR_NOTES: [(&str, &str); 1] = [("harmony.desk", "; agents 1101 to 1103, ACD IDs 7101 to 7103")];

/// A row of the welcome text for an end that listens: the product and the address.
pub(crate) fn row(listening: &Listening) -> (&'static str, String) {
    let Listening { configured, address } = listening;
    let (section, url) = (configured.section(), configured.end.binding().url(*address));
    let note = FLOOR_NOTES.iter().find(|(noted, _)| *noted == section).map_or("", |(_, note)| note);
    (configured.dialect.product, format!("{url}   {}{note}", configured.end.summary()))
}

/// The URL of a listener.
fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

#[cfg(test)]
mod tests {
    use model::SwitchId;

    use super::*;
    use crate::DIALECTS;

    #[test]
    fn the_floor_has_the_documented_agents_and_wrap_up() {
        let plan = floor(Vec::new(), Span::s(30), false).unwrap();
        assert_eq!(plan.floor.check(), Ok(()));
        assert_eq!((plan.floor.agents.len(), plan.floor.queues.len(), plan.contacts.len()), (24, 2, 20));
        for (index, agent) in plan.floor.agents[..20].iter().enumerate() {
            assert_eq!(agent.device.as_str(), (1001 + index).to_string());
            assert_eq!(agent.acd_id.as_deref(), Some((7001 + index).to_string().as_str()));
            assert_eq!(agent.peer_id("talisma"), Some((2 + index).to_string().as_str()));
            assert_eq!(agent.queues[0].as_str(), "7700");
        }
        assert_eq!(plan.accounts.len(), 26);
        assert_eq!(plan.floor.wrap_up_ms, 30_000);
        assert!(plan.floor.queues.iter().all(|queue| queue.wrap_up_ms == 30_000));
    }

    #[test]
    fn with_an_asterisk_the_phones_of_the_agents_are_there() {
        let server = "127.0.0.1:8088".parse().unwrap();
        let config =
            config(DIALECTS, Ports::default(), Path::new("/tmp/demo"), "warn", Some(server)).unwrap();
        let asterisk = SwitchId::new(ASTERISK).unwrap();
        assert!(config.switches().iter().any(|(_, id)| *id == asterisk));
        let plan = floor(Vec::new(), Span::s(30), true).unwrap();
        assert_eq!(plan.floor.agents.iter().filter(|agent| agent.switch == asterisk).count(), 21);
    }

    #[test]
    fn a_base_changes_every_port() {
        let config = config(DIALECTS, Ports::from_base(9000), Path::new("/tmp/demo"), "warn", None).unwrap();
        let ports: Vec<u16> = config.listeners().iter().map(|(_, address)| address.port()).collect();
        assert_eq!(ports, [9000, 9001, 9002]);
        assert_eq!(Ports::from_base(9000).crm, 9003);
    }
}
