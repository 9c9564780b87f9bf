//! The actions of a story.

use std::{collections::BTreeMap, time::Duration};

use model::{AgentId, Code, DeviceId, Verb};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value};
use simulated::{Caller, Fault, PhoneAction};

/// An action.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Somebody outside calls.
    Call(Box<Called>),
    /// The caller of a call hangs up. The value is the call's `Called::name`.
    HangsUp(String),
    /// Somebody sends a command.
    Do(Box<Do>),
    /// Somebody uses a phone by hand.
    Phone {
        /// The phone.
        device: DeviceId,
        /// The action at the phone.
        action: PhoneAction,
    },
    /// Time passes, such as `20s` or `500ms`.
    Pass(Span),
    /// A fault happens at the switch.
    Fault(Fault),
    /// A call disappears from the switch without an event.
    Vanish(String),
    /// An agent's EBS client sends a callout.
    Ebs(Callout),
    /// An agent's EBS client opens or closes its listener.
    Listener {
        /// The client's agent.
        agent: AgentId,
        /// Whether it listens.
        up: bool,
    },
    /// A desk of an agent opens or closes.
    Desk {
        /// The desk's agent.
        agent: AgentId,
        /// Whether it opens.
        attended: bool,
    },
    /// The network between two hubs is cut, goes down or comes up.
    Network(Network),
    /// The hub is killed and started again. The switch and its calls continue.
    Restart {},
    /// The floor changes. The value is a merge patch (RFC 7396).
    Floor(Value),
}

/// A change of the network between two hubs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// Every stream ends. Another one can be connected immediately.
    Cut,
    /// Every stream ends, and none can be connected.
    Down,
    /// Streams can be connected again.
    Up,
}

/// A call from outside.
#[derive(Debug, Clone)]
pub struct Called {
    /// The name of the call in the story, if later steps refer to it.
    pub name: Option<String>,
    /// The caller.
    pub caller: Caller,
}

/// A command, and the answer that is expected.
#[derive(Debug, Clone)]
pub struct Do {
    /// The agent that the command is for.
    pub agent: AgentId,
    /// The account that sends the command; default: the agent's.
    pub by: By,
    /// The idempotency key. If an action repeats the key, the answer must be the same, or the story fails.
    pub key: Option<String>,
    /// The agent's interaction that the command is about, counted from 1 in the order in which they were opened.
    pub about: Option<usize>,
    /// The code of the expected refusal. Without it, the command must be accepted.
    pub refused: Option<Code>,
    /// The verb, with its fields.
    pub verb: Verb,
}

/// The account that sends a command.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The agent that the command is for.
    #[default]
    Own,
    /// A supervisor.
    Supervisor,
    /// An administrator.
    Admin,
    /// A program, with the role `integration`.
    Integration,
    /// Another agent.
    #[serde(untagged)]
    Agent(AgentId),
}

/// A callout of an EBS client.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callout {
    /// The client's agent.
    pub agent: AgentId,
    /// The value of `FunctionName`.
    #[serde(rename = "says")]
    pub function: String,
    /// Additional parameters, or replacements for those that the client would send.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// The token of the expected refusal. Without it, the callout must be accepted.
    #[serde(default)]
    pub refused: Option<String>,
}

/// A length of time.
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
            D::Error::custom(format!("span {text:?} is invalid: expected a number with `s` or `ms`"))
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
    /// Reads a command. Its own fields are next to the fields of the verb: what remains belongs to the verb.
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
