//! The expectations of a story.

use model::{AgentId, ConversationState, DeviceId, InteractionState, QueueId, VerbName};
use serde::Deserialize;
use serde_json::Value;

/// An expectation. A part that is not given is not checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// The state of an agent.
    Agent(AgentIs),
    /// One of an agent's interactions, live or completed.
    Interaction(Box<InteractionIs>),
    /// The number of an agent's live interactions.
    Work(Work),
    /// The last interactions of these agents have the same linkage.
    Linked(Vec<AgentId>),
    /// The events since the step began.
    Events(EventsSeen),
    /// The calls that wait in a queue.
    Queue(QueueHas),
    /// Whether the switch can be reached.
    SwitchUp(bool),
    /// The calls that the switch itself reports.
    Calls(CallsAtSwitch),
    /// The state of a phone at the switch.
    Phone(PhoneHas),
    /// The tones that a party of a call has received.
    #[serde(rename = "heard")]
    Tones(Tones),
    /// Exactly the posts that an agent's EBS client received since the step began.
    Posts(Posted),
    /// The history of an agent.
    History(HistoryHas),
    /// An expectation about the hub with the phones, if that is a separate hub.
    AtPhones(Box<Expected>),
}

/// The expected state of an agent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentIs {
    /// The agent.
    pub id: AgentId,
    /// The agent state.
    pub is: Option<String>,
    /// The reason why the agent is not ready.
    pub reason: Option<String>,
    /// The next state; `none` if there is none.
    pub next: Option<String>,
    /// Verbs that must be possible now.
    #[serde(default)]
    pub can: Vec<VerbName>,
    /// Verbs that must not be possible now.
    #[serde(default)]
    pub cannot: Vec<VerbName>,
}

/// The expected state of one of an agent's interactions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InteractionIs {
    /// The agent.
    pub of: AgentId,
    /// The interaction, counted from 1 in the order in which they were opened; default: the last.
    pub nth: Option<usize>,
    /// The state of the interaction.
    pub is: Option<InteractionState>,
    /// The conversation with the customer.
    pub primary: Option<LegIs>,
    /// The conversation with the person who is consulted.
    pub consult: Option<LegIs>,
    /// A part of the interaction's JSON. Each given value must be the same; `null` means that there is none.
    #[serde(default)]
    pub has: Value,
    /// Verbs that must be possible now.
    #[serde(default)]
    pub can: Vec<VerbName>,
    /// Verbs that must not be possible now.
    #[serde(default)]
    pub cannot: Vec<VerbName>,
}

/// The expected state of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegIs {
    /// There is none.
    None,
    /// There is one.
    #[serde(untagged)]
    State(ConversationState),
}

/// The expected number of an agent's live interactions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// The agent.
    pub of: AgentId,
    /// The number.
    pub count: usize,
}

/// The expected events.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsSeen {
    /// Checks only the events that concern this agent.
    #[serde(default)]
    pub of: Option<AgentId>,
    /// Events that must occur in this order, with or without others between them. Each is a type, or a part of the event's JSON.
    #[serde(default)]
    pub in_order: Vec<Value>,
    /// Events that must not occur. Each is a type, or a part of the event's JSON.
    #[serde(default)]
    pub never: Vec<Value>,
}

/// The expected state of a queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueHas {
    /// The queue.
    pub id: QueueId,
    /// The number of waiting calls.
    pub waiting: usize,
    /// The agent to whom the first call is offered; `none` if it is not offered.
    pub offered: Option<String>,
    /// The number of the first caller.
    pub first: Option<String>,
}

/// The expected number of calls at the switch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallsAtSwitch {
    /// The number.
    pub count: usize,
}

/// The expected state of a phone at the switch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneHas {
    /// The phone.
    pub device: DeviceId,
    /// The number of its calls.
    pub calls: usize,
    /// Whether it is muted in any of them.
    pub muted: Option<bool>,
    /// How its side of the last call is recorded: `off`, `on` or `paused`.
    pub recording: Option<String>,
}

/// The tones that a party must have received.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tones {
    /// The party's number.
    pub by: String,
    /// All digits, in order.
    pub digits: String,
}

/// The expected posts to an EBS client.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    /// The client's agent.
    pub to: AgentId,
    /// The names of the events. An item can also be an object with one name and a part of the event's data, where `null` means that there
    /// is no such pair.
    pub are: Vec<Value>,
}

/// The expected history of an agent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryHas {
    /// The agent.
    pub of: AgentId,
    /// The number of completed interactions.
    pub count: usize,
    /// A part of the JSON of the last one.
    #[serde(default)]
    pub last: Value,
}
