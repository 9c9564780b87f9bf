//! What can happen in a story.

use std::{collections::BTreeMap, time::Duration};

use model::{AgentId, Code, DeviceId, Verb};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value};
use simulated::{Caller, Fault, PhoneAction};

/// Something that happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Somebody outside calls.
    Call(Box<Called>),
    /// The caller of a call hangs up. Names it as `Called::name` did.
    HangsUp(String),
    /// A command.
    Do(Box<Do>),
    /// A hand at a phone.
    Phone {
        /// Which phone.
        device: DeviceId,
        /// What it does.
        action: PhoneAction,
    },
    /// Time passes, as `20s` or `500ms`.
    Pass(Span),
    /// Something goes wrong at the switch.
    Fault(Fault),
    /// A call is gone from the switch, and nothing says so.
    Vanish(String),
    /// An agent's EBS client sends a callout.
    Ebs(Callout),
    /// An agent's EBS client opens or closes its listener.
    Listener {
        /// Whose.
        agent: AgentId,
        /// Whether it listens.
        up: bool,
    },
    /// A desk of an agent is there, or gone.
    Desk {
        /// Whose.
        agent: AgentId,
        /// Whether it is there.
        attended: bool,
    },
    /// The network between two hubs is cut, goes down or comes up.
    Network(Network),
    /// The hub is killed and started again; the switch and its calls go on.
    Restart {},
    /// The floor is otherwise: a merge patch (RFC 7396).
    Floor(Value),
}

/// What happens to the network between two hubs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// Every stream ends; another one can be made at once.
    Cut,
    /// Every stream ends, and none can be made.
    Down,
    /// Streams can be made.
    Up,
}

/// Somebody outside calls.
#[derive(Debug, Clone)]
pub struct Called {
    /// What the story calls it, when it has to say so again.
    pub name: Option<String>,
    /// The caller.
    pub caller: Caller,
}

/// A command.
#[derive(Debug, Clone)]
pub struct Do {
    /// For whom.
    pub agent: AgentId,
    /// Who asks; the agent when not given.
    pub by: By,
    /// Makes it safe to repeat: the answer to one key is the same each time, or the story fails.
    pub key: Option<String>,
    /// About which of the agent's interactions, counted from 1 in the order in which they were opened.
    pub about: Option<usize>,
    /// The code of the refusal that is expected; without one the command has to be taken.
    pub refused: Option<Code>,
    /// What.
    pub verb: Verb,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The agent for whom it is asked.
    #[default]
    Own,
    /// A supervisor.
    Supervisor,
    /// An administrator.
    Admin,
    /// A program.
    Integration,
    /// Another agent.
    #[serde(untagged)]
    Agent(AgentId),
}

/// A callout of an EBS client.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callout {
    /// Whose client.
    pub agent: AgentId,
    /// `FunctionName`.
    pub says: String,
    /// More parameters, or others than the client would send.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// The token of the refusal that is expected; without one the callout has to be accepted.
    #[serde(default)]
    pub refused: Option<String>,
}

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let (count, unit) = match text.strip_suffix("ms") {
            Some(count) => (count, 1),
            None => (text.strip_suffix('s').unwrap_or_default(), 1_000),
        };
        let count: u64 = count.parse().map_err(|_| {
            D::Error::custom(format!("span {text:?} is neither a count of `s` nor one of `ms`"))
        })?;
        Ok(Self(Duration::from_millis(count * unit)))
    }
}

impl<'de> Deserialize<'de> for Called {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(from)?;
        let name = take(&mut fields, "as").map_err(D::Error::custom)?;
        let caller = serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)?;
        Ok(Self { name, caller })
    }
}

impl<'de> Deserialize<'de> for Do {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(Map::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl Do {
    /// Who, by whom and so on stand beside the fields of the verb; what is left over is the verb's.
    fn read(mut fields: Map<String, Value>) -> serde_json::Result<Self> {
        let agent = fields.remove("agent").unwrap_or_default();
        Ok(Self {
            agent: serde_json::from_value(agent)?,
            by: take(&mut fields, "by")?.unwrap_or_default(),
            key: take(&mut fields, "key")?,
            about: take(&mut fields, "about")?,
            refused: take(&mut fields, "refused")?,
            verb: serde_json::from_value(Value::Object(fields))?,
        })
    }
}

fn take<T: serde::de::DeserializeOwned>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> serde_json::Result<Option<T>> {
    fields.remove(name).map(serde_json::from_value).transpose()
}
