//! What can be seen in a story.

use model::{AgentId, ConversationState, DeviceId, InteractionState, QueueId, VerbName};
use serde::Deserialize;
use serde_json::Value;

/// Something that is seen. A part that is not given does not matter.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// What an agent is doing.
    Agent(AgentIs),
    /// One of an agent's interactions, live or completed.
    Interaction(Box<InteractionIs>),
    /// How many live interactions an agent has.
    Work(Work),
    /// The last interactions of these agents grew out of one customer call.
    Linked(Vec<AgentId>),
    /// What happened since the step began.
    Events(EventsSeen),
    /// Who waits.
    Queue(QueueHas),
    /// Whether the switch can be reached.
    SwitchUp(bool),
    /// What the switch itself says of its calls.
    Calls(CallsAtSwitch),
    /// A phone as the switch sees it.
    Phone(PhoneHas),
    /// The tones that a party of a call has heard.
    Heard(Heard),
    /// What an agent's EBS client was told since the step began: this and nothing else.
    Posts(Posted),
    /// What history has of an agent.
    History(HistoryHas),
    /// Something that is seen at the hub with the phones, when it is another one than that of the agents.
    AtPhones(Box<Expected>),
}

/// What an agent is doing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentIs {
    /// Who.
    pub id: AgentId,
    /// The word of the state.
    pub is: Option<String>,
    /// Why the agent is not ready.
    pub reason: Option<String>,
    /// The word of what the agent will be afterwards; `none` when nothing was asked for.
    pub next: Option<String>,
    /// Verbs that are legal now.
    #[serde(default)]
    pub can: Vec<VerbName>,
    /// Verbs that are not.
    #[serde(default)]
    pub cannot: Vec<VerbName>,
}

/// One of an agent's interactions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InteractionIs {
    /// Whose.
    pub of: AgentId,
    /// Which, counted from 1 in the order in which they were opened; the last when not given.
    pub nth: Option<usize>,
    /// Where it is in its life.
    pub is: Option<InteractionState>,
    /// The leg with the customer.
    pub primary: Option<LegIs>,
    /// The leg with whom the agent asks meanwhile.
    pub consult: Option<LegIs>,
    /// What else is so, as the interaction's JSON has it: each value that is named has to be the same, `null` stands for none.
    #[serde(default)]
    pub has: Value,
    /// Verbs that are legal now.
    #[serde(default)]
    pub can: Vec<VerbName>,
    /// Verbs that are not.
    #[serde(default)]
    pub cannot: Vec<VerbName>,
}

/// A leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegIs {
    /// There is none.
    None,
    /// There is one.
    #[serde(untagged)]
    State(ConversationState),
}

/// How many live interactions an agent has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Who.
    pub of: AgentId,
    /// How many.
    pub count: usize,
}

/// What happened.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsSeen {
    /// Only what concerns this agent.
    #[serde(default)]
    pub of: Option<AgentId>,
    /// These, in this order, others between them or not: each a word, or a part of the event's JSON.
    #[serde(default)]
    pub in_order: Vec<Value>,
    /// None of these: each a word, or a part of the event's JSON.
    #[serde(default)]
    pub never: Vec<Value>,
}

/// Who waits in a queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueHas {
    /// Which queue.
    pub id: QueueId,
    /// How many calls.
    pub waiting: usize,
    /// To whom the first of them is offered; `none` when to nobody.
    pub offered: Option<String>,
    /// The number of the first caller.
    pub first: Option<String>,
}

/// How many calls there are at the switch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallsAtSwitch {
    /// How many.
    pub count: usize,
}

/// A phone as the switch sees it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneHas {
    /// Which.
    pub device: DeviceId,
    /// How many calls it has.
    pub calls: usize,
    /// Whether it is muted in any of them.
    pub muted: Option<bool>,
    /// How its side of the last of them is recorded: `off`, `on` or `paused`.
    pub recording: Option<String>,
}

/// The tones that a party has heard.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    /// Its number.
    pub by: String,
    /// All of them.
    pub digits: String,
}

/// What an EBS client was told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    /// Whose client.
    pub to: AgentId,
    /// Names of the events; or an object of one name and a part of its data, where `null` stands for a pair that is not there.
    pub are: Vec<Value>,
}

/// What history has of an agent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryHas {
    /// Who.
    pub of: AgentId,
    /// How many completed interactions.
    pub count: usize,
    /// A part of the last one's JSON.
    #[serde(default)]
    pub last: Value,
}
