//! Events: the facts that the journal keeps.

mod read;

use std::sync::Arc;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountName, AgentId, AgentState, Card, Contact, Conversation, ConversationId, ConversationState, Data,
    DeviceId, DispositionCode, Floor, Interaction, InteractionId, InteractionState, InteractionSummary, Leg,
    LogEntry, NextState, Notice, Party, Pop, QueueChange, QueueId, ReasonCode, Recording, RequestId,
    SwitchAnswer, SwitchFeature, SwitchId, SwitchRequest, Timestamp,
};

/// Why a connection, a conversation or an interaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A party hung up.
    Normal,
    /// The caller hung up before anyone answered.
    Abandoned,
    /// Nobody answered in time.
    NoAnswer,
    /// The agent rejected the call.
    Rejected,
    /// The called party is busy.
    Busy,
    /// The dialed number does not exist.
    InvalidNumber,
    /// The call was transferred.
    Transferred,
    /// The call was merged with another call.
    Conferenced,
    /// The call was redirected before it was answered.
    Deflected,
    /// The switch refused the call, or the call failed there.
    Failed,
    /// The link to the switch was lost, and afterwards the switch no longer reported the call.
    Lost,
    /// A user forced the end because the switch did not report it.
    Forced,
}

/// An event: one fact that the journal keeps.
///
/// In JSON an event is one flat object whose `type` names the event. [`Event::agent`] and [`Event::interaction`] say
/// which agent and interaction an event belongs to, so that each subscriber gets only its own events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Event {
    /// An event about the floor as a whole.
    Floor(FloorEvent),
    /// An event between the hub and a switch.
    Link(LinkEvent),
    /// An event about an agent.
    Agent(AgentEvent),
    /// A step in the life of an interaction.
    Interaction(InteractionEvent),
    /// An event about one leg of an interaction.
    Conversation(ConversationEvent),
    /// An event about the details of an interaction: its data, contact, records, notes and recordings.
    Detail(DetailEvent),
}

/// An event about the floor as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum FloorEvent {
    /// The floor configuration was replaced.
    #[serde(rename = "floor-changed")]
    Changed {
        /// The complete floor after the change.
        floor: Arc<Floor>,
    },
    /// A call entered a queue, was offered to an agent, or left the queue.
    #[serde(rename = "queue-changed")]
    QueueChanged {
        /// The queue.
        queue: QueueId,
        /// What happened to the call.
        #[serde(flatten)]
        change: QueueChange,
    },
    /// The hub raised a notice.
    #[serde(rename = "notice-raised")]
    NoticeRaised {
        /// The agent to show it to; all agents when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
        /// The interaction that the notice is about; absent when it is about none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interaction: Option<InteractionId>,
        /// The notice.
        notice: Notice,
    },
}

/// An event between the hub and a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum LinkEvent {
    /// The connection to a switch went up or down.
    #[serde(rename = "switch-link-changed")]
    Changed {
        /// The switch.
        switch: SwitchId,
        /// Whether the switch can be reached.
        up: bool,
        /// The features that the switch supports; empty when it is down.
        features: Vec<SwitchFeature>,
        /// Whether the switch has been down for longer than the grace time. Its agents become not ready.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lost: bool,
    },
    /// A switch listed its phones. A sign-in at another phone of the switch is refused, except at the agent's own phone.
    /// Agents do not get this event.
    #[serde(rename = "switch-phones-listed")]
    PhonesListed {
        /// The switch.
        switch: SwitchId,
        /// All phones of the switch, sorted.
        phones: Vec<DeviceId>,
    },
    /// The hub sent a request to a switch.
    #[serde(rename = "switch-requested")]
    Requested {
        /// The number of the request.
        request: RequestId,
        /// The switch.
        switch: SwitchId,
        /// The agent on whose behalf the request was sent; absent when the hub sent it on its own initiative.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
        /// The interaction that the request is about; absent when it is about none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interaction: Option<InteractionId>,
        /// The request.
        #[serde(rename = "asked")]
        requested: Box<SwitchRequest>,
    },
    /// The switch answered a request.
    #[serde(rename = "switch-answered")]
    Answered {
        /// The number of the request.
        request: RequestId,
        /// The switch.
        switch: SwitchId,
        /// The agent on whose behalf the request was sent; absent when the hub sent it on its own initiative.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
        /// The interaction that the request is about; absent when it is about none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interaction: Option<InteractionId>,
        /// The answer of the switch.
        answer: SwitchAnswer,
    },
}

/// An event about an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum AgentEvent {
    /// An agent signed in. The agent's state is now `not-ready`.
    #[serde(rename = "agent-signed-in")]
    SignedIn {
        /// The agent.
        agent: AgentId,
        /// The phone that the agent uses.
        device: DeviceId,
        /// The switch that the phone is connected to.
        switch: SwitchId,
        /// The queues whose calls the agent takes.
        queues: Vec<QueueId>,
    },
    /// The state of an agent changed.
    #[serde(rename = "agent-state-changed")]
    StateChanged {
        /// The agent.
        agent: AgentId,
        /// The state before the change.
        from: AgentState,
        /// When the previous state began.
        from_since: Timestamp,
        /// The state after the change.
        to: AgentState,
        /// The state that follows the new one; `ready` when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<NextState>,
    },
    /// The next state of an agent changed.
    #[serde(rename = "agent-next-changed")]
    NextChanged {
        /// The agent.
        agent: AgentId,
        /// The next state; `ready` when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<NextState>,
    },
    /// An agent signed out.
    #[serde(rename = "agent-signed-out")]
    SignedOut {
        /// The agent.
        agent: AgentId,
        /// The state before the agent signed out.
        from: AgentState,
        /// When that state began.
        from_since: Timestamp,
        /// The reason for signing out; absent when none was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ReasonCode>,
    },
    /// An agent's first desk connected, or its last desk disconnected. When the event repeats `attended: false`, the
    /// grace time starts over.
    #[serde(rename = "agent-desk-changed")]
    DeskChanged {
        /// The agent.
        agent: AgentId,
        /// Whether at least one desk is connected for the agent.
        attended: bool,
    },
}

/// A step in the life of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum InteractionEvent {
    /// An interaction began: a call rings or is being dialed, or a desk opened it without a call. It includes its first
    /// conversation. It is sent again, with the same ID, when a call joins an interaction that a notification has opened;
    /// then it replaces the interaction.
    #[serde(rename = "interaction-opened")]
    Opened {
        /// The complete interaction.
        interaction: Box<Interaction>,
    },
    /// The state of an interaction changed.
    #[serde(rename = "interaction-state-changed")]
    StateChanged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The state before the change.
        from: InteractionState,
        /// The state after the change.
        to: InteractionState,
        /// Why the interaction ended; absent unless `to` is `ended`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Cause>,
    },
    /// The switch did not hang up although it was asked to. The agent can now force the end.
    #[serde(rename = "release-overdue")]
    ReleaseOverdue {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
    },
    /// A user forced the end of an interaction. Events that close its legs follow.
    #[serde(rename = "interaction-forced")]
    Forced {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The account that forced the end.
        by: AccountName,
    },
    /// An interaction was completed.
    #[serde(rename = "interaction-completed")]
    Completed {
        /// The agent of the interaction.
        agent: AgentId,
        /// The record that the history keeps.
        summary: Box<InteractionSummary>,
    },
}

/// An event about one leg of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum ConversationEvent {
    /// An interaction has another leg.
    #[serde(rename = "conversation-opened")]
    Opened {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The leg.
        leg: Leg,
        /// The complete conversation.
        conversation: Box<Conversation>,
    },
    /// The state of a conversation changed.
    #[serde(rename = "conversation-state-changed")]
    StateChanged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The leg.
        leg: Leg,
        /// The ID of the conversation.
        conversation: ConversationId,
        /// The state before the change.
        from: ConversationState,
        /// The state after the change.
        to: ConversationState,
        /// Whether the called party's phone rings.
        #[serde(default)]
        delivered: bool,
    },
    /// A leg ended.
    #[serde(rename = "conversation-closed")]
    Closed {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The leg.
        leg: Leg,
        /// The ID of the conversation.
        conversation: ConversationId,
        /// Why it ended.
        cause: Cause,
        /// Who the customer was transferred to; absent when the leg was not transferred, or when it is unknown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Box<Party>>,
    },
    /// The other parties of a leg changed, or the leg moved to another call.
    #[serde(rename = "parties-changed")]
    PartiesChanged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The leg.
        leg: Leg,
        /// The ID of the conversation.
        conversation: ConversationId,
        /// The call at the switch that the leg belongs to.
        call: crate::CallId,
        /// All other parties in the call.
        parties: Vec<Party>,
    },
    /// Mute, pause of recording or recording changed.
    #[serde(rename = "controls-changed")]
    ControlsChanged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// Whether the agent is muted.
        muted: bool,
        /// Whether the recording is paused.
        masked: bool,
        /// Whether the call is being recorded.
        recording: bool,
    },
}

/// An event about the details of an interaction: its data, contact, records, notes and recordings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum DetailEvent {
    /// Pairs of the call data were set or removed.
    #[serde(rename = "data-changed")]
    DataChanged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The pairs that were set.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        set: Data,
        /// The names of the pairs that were removed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<String>)]
        unset: Vec<CompactString>,
    },
    /// The contact of an interaction was set or removed, by the directory or by a desk.
    #[serde(rename = "contact-resolved")]
    ContactResolved {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The contact; null when the contact was removed, or when no contact or more than one contact has the number.
        contact: Option<Box<Contact>>,
        /// The contacts that share the caller's number. Choose one of them with `set-contact`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Contact>,
    },
    /// The customer of an interaction changed: a transfer or a conference connected the agent with another person, or
    /// the customer left a conference. Desks show the record of the new customer.
    #[serde(rename = "customer-changed")]
    CustomerChanged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The new customer.
        customer: Party,
        /// The contact of the new customer; null when it is unknown or is being looked up.
        contact: Option<Box<Contact>>,
        /// The contacts that share the new customer's number. Choose one of them with `set-contact`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Contact>,
        /// Whether the directory is looking up the new customer. `contact-resolved` follows within 250 ms.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        contact_pending: bool,
    },
    /// A desk changed how the contact is displayed.
    #[serde(rename = "card-changed")]
    CardChanged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// How to display the contact.
        card: Card,
    },
    /// A record should open at the agent's desk (screen pop).
    #[serde(rename = "popped")]
    Popped {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// What to open.
        pop: Box<Pop>,
    },
    /// A log entry was written.
    #[serde(rename = "logged")]
    Logged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The log entry.
        log: Box<LogEntry>,
    },
    /// The recording of a call of the interaction started.
    #[serde(rename = "recording-started")]
    RecordingStarted {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The recording.
        recording: Recording,
    },
    /// The draft of the notes or of the disposition changed. Up to one minute after completion this event amends the
    /// record.
    #[serde(rename = "notes-changed")]
    NotesChanged {
        /// The agent of the interaction.
        agent: AgentId,
        /// The interaction.
        interaction: InteractionId,
        /// The notes after the change; absent when there are none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notes: Option<String>,
        /// The disposition after the change; absent when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disposition: Option<DispositionCode>,
    },
}

impl Event {
    /// The agent that the event is about; `None` when it is about all agents.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::Agent(event) => Some(event.agent()),
            Self::Interaction(event) => Some(event.subject().0),
            Self::Conversation(event) => Some(event.subject().0),
            Self::Detail(event) => Some(event.subject().0),
            Self::Link(event) => event.subject().0,
            Self::Floor(FloorEvent::NoticeRaised { agent, .. }) => agent.as_ref(),
            Self::Floor(FloorEvent::QueueChanged { change, .. }) => change.agent(),
            Self::Floor(FloorEvent::Changed { .. }) => None,
        }
    }

    /// The interaction that the event is about.
    pub fn interaction(&self) -> Option<InteractionId> {
        match self {
            Self::Interaction(event) => Some(event.subject().1),
            Self::Conversation(event) => Some(event.subject().1),
            Self::Detail(event) => Some(event.subject().1),
            Self::Link(event) => event.subject().1,
            Self::Floor(FloorEvent::NoticeRaised { interaction, .. }) => *interaction,
            Self::Floor(FloorEvent::QueueChanged { .. } | FloorEvent::Changed { .. }) | Self::Agent(_) => {
                None
            }
        }
    }

    /// The name of the event, as in the `type` field of its JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Floor(event) => event.as_str(),
            Self::Link(event) => event.as_str(),
            Self::Agent(event) => event.as_str(),
            Self::Interaction(event) => event.as_str(),
            Self::Conversation(event) => event.as_str(),
            Self::Detail(event) => event.as_str(),
        }
    }
}

impl FloorEvent {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "floor-changed",
            Self::QueueChanged { .. } => "queue-changed",
            Self::NoticeRaised { .. } => "notice-raised",
        }
    }
}

impl LinkEvent {
    fn subject(&self) -> (Option<&AgentId>, Option<InteractionId>) {
        match self {
            Self::Requested { agent, interaction, .. } | Self::Answered { agent, interaction, .. } => {
                (agent.as_ref(), *interaction)
            }
            Self::Changed { .. } | Self::PhonesListed { .. } => (None, None),
        }
    }

    fn as_str(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "switch-link-changed",
            Self::PhonesListed { .. } => "switch-phones-listed",
            Self::Requested { .. } => "switch-requested",
            Self::Answered { .. } => "switch-answered",
        }
    }
}

impl AgentEvent {
    /// The agent that the event is about.
    pub fn agent(&self) -> &AgentId {
        match self {
            Self::SignedIn { agent, .. }
            | Self::StateChanged { agent, .. }
            | Self::NextChanged { agent, .. }
            | Self::SignedOut { agent, .. }
            | Self::DeskChanged { agent, .. } => agent,
        }
    }

    fn as_str(&self) -> &'static str {
        match self {
            Self::SignedIn { .. } => "agent-signed-in",
            Self::StateChanged { .. } => "agent-state-changed",
            Self::NextChanged { .. } => "agent-next-changed",
            Self::SignedOut { .. } => "agent-signed-out",
            Self::DeskChanged { .. } => "agent-desk-changed",
        }
    }
}

impl InteractionEvent {
    /// The agent and the interaction that the event is about.
    pub fn subject(&self) -> (&AgentId, InteractionId) {
        match self {
            Self::StateChanged { agent, interaction, .. }
            | Self::ReleaseOverdue { agent, interaction, .. }
            | Self::Forced { agent, interaction, .. } => (agent, *interaction),
            Self::Opened { interaction } => (&interaction.agent, interaction.id),
            Self::Completed { agent, summary } => (agent, summary.interaction.id),
        }
    }

    fn as_str(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "interaction-opened",
            Self::StateChanged { .. } => "interaction-state-changed",
            Self::ReleaseOverdue { .. } => "release-overdue",
            Self::Forced { .. } => "interaction-forced",
            Self::Completed { .. } => "interaction-completed",
        }
    }
}

impl ConversationEvent {
    /// The agent and the interaction that the event is about.
    pub fn subject(&self) -> (&AgentId, InteractionId) {
        match self {
            Self::Opened { agent, interaction, .. }
            | Self::StateChanged { agent, interaction, .. }
            | Self::Closed { agent, interaction, .. }
            | Self::PartiesChanged { agent, interaction, .. }
            | Self::ControlsChanged { agent, interaction, .. } => (agent, *interaction),
        }
    }

    fn as_str(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "conversation-opened",
            Self::StateChanged { .. } => "conversation-state-changed",
            Self::Closed { .. } => "conversation-closed",
            Self::PartiesChanged { .. } => "parties-changed",
            Self::ControlsChanged { .. } => "controls-changed",
        }
    }
}

impl DetailEvent {
    /// Whose, and of which interaction.
    pub fn subject(&self) -> (&AgentId, InteractionId) {
        match self {
            Self::DataChanged { agent, interaction, .. }
            | Self::ContactResolved { agent, interaction, .. }
            | Self::CustomerChanged { agent, interaction, .. }
            | Self::CardChanged { agent, interaction, .. }
            | Self::Popped { agent, interaction, .. }
            | Self::Logged { agent, interaction, .. }
            | Self::RecordingStarted { agent, interaction, .. }
            | Self::NotesChanged { agent, interaction, .. } => (agent, *interaction),
        }
    }

    fn as_str(&self) -> &'static str {
        match self {
            Self::DataChanged { .. } => "data-changed",
            Self::ContactResolved { .. } => "contact-resolved",
            Self::CustomerChanged { .. } => "customer-changed",
            Self::CardChanged { .. } => "card-changed",
            Self::Popped { .. } => "popped",
            Self::Logged { .. } => "logged",
            Self::RecordingStarted { .. } => "recording-started",
            Self::NotesChanged { .. } => "notes-changed",
        }
    }
}
