//! What can have happened: the facts that the journal keeps.

mod read;

use std::sync::Arc;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountName, AgentId, AgentState, Card, Code, Contact, Conversation, ConversationId, ConversationState,
    Data, DeviceId, DispositionCode, Floor, Interaction, InteractionId, InteractionState, InteractionSummary,
    Leg, LogEntry, NextState, Party, Pop, QueueChange, QueueId, ReasonCode, Recording, RequestId,
    SwitchAnswer, SwitchFeature, SwitchId, SwitchRequest, Timestamp,
};

/// Why a connection, a conversation or an interaction is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Somebody hung up.
    Normal,
    /// The caller hung up before anybody answered.
    Abandoned,
    /// Nobody answered in time.
    NoAnswer,
    /// The agent refused.
    Rejected,
    /// The other end is busy.
    Busy,
    /// There is no such number.
    InvalidNumber,
    /// It went on somewhere else.
    Transferred,
    /// It was joined with another.
    Conferenced,
    /// It was sent on before it was answered.
    Deflected,
    /// The switch refused or failed.
    Failed,
    /// After a lost link the switch no longer knows it.
    Lost,
    /// Somebody closed it at the hub, as the switch did not report its end.
    Forced,
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeLevel {
    /// Good to know.
    Info,
    /// Unusual, still working.
    Warning,
    /// Something that was asked did not happen.
    Error,
}

/// Something a person should read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// How much it matters.
    pub level: NoticeLevel,
    /// What kind of thing it is.
    pub code: Code,
    /// A sentence.
    #[schema(value_type = String)]
    pub text: CompactString,
}

/// What can have happened.
///
/// JSON has all events flat, each with its word as `type`. Each event says whom it concerns ([`Event::agent`],
/// [`Event::interaction`]), so that a subscriber gets what is its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Event {
    /// Something about the floor as a whole.
    Floor(FloorEvent),
    /// Something between the hub and a switch.
    Link(LinkEvent),
    /// Something about an agent.
    Agent(AgentEvent),
    /// A step in the life of an interaction.
    Interaction(InteractionEvent),
    /// Something about a leg of an interaction.
    Conversation(ConversationEvent),
    /// Something that is known of an interaction: its data, its contact, its records.
    Detail(DetailEvent),
}

/// Something about the floor as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum FloorEvent {
    /// The floor is another one.
    #[serde(rename = "floor-changed")]
    Changed {
        /// The floor as it is from here on.
        floor: Arc<Floor>,
    },
    /// A call came to a queue, moved or left.
    #[serde(rename = "queue-changed")]
    QueueChanged {
        /// Which queue.
        queue: QueueId,
        /// What happened.
        #[serde(flatten)]
        change: QueueChange,
    },
    /// A person should read something.
    #[serde(rename = "notice-raised")]
    NoticeRaised {
        /// Who; everybody when nobody is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
        /// For what.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interaction: Option<InteractionId>,
        /// What.
        notice: Notice,
    },
}

/// Something between the hub and a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum LinkEvent {
    /// A switch can or can no longer be reached.
    #[serde(rename = "switch-link-changed")]
    Changed {
        /// Which.
        switch: SwitchId,
        /// Whether it can.
        up: bool,
        /// What it can do; empty when down.
        features: Vec<SwitchFeature>,
        /// It has been down for longer than the grace time: its agents are not ready.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lost: bool,
    },
    /// Something was asked of a switch.
    #[serde(rename = "switch-requested")]
    Requested {
        /// Number of the request.
        request: RequestId,
        /// Which switch.
        switch: SwitchId,
        /// For whom; nobody when the hub asks for itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
        /// For what.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interaction: Option<InteractionId>,
        /// What was asked.
        asked: Box<SwitchRequest>,
    },
    /// The switch answered.
    #[serde(rename = "switch-answered")]
    Answered {
        /// Number of the request.
        request: RequestId,
        /// Which switch.
        switch: SwitchId,
        /// For whom; nobody when the hub asked for itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
        /// For what.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interaction: Option<InteractionId>,
        /// What it said.
        answer: SwitchAnswer,
    },
}

/// Something about an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum AgentEvent {
    /// An agent came to work; the state is `not-ready`.
    #[serde(rename = "agent-signed-in")]
    SignedIn {
        /// Who.
        agent: AgentId,
        /// At which phone.
        device: DeviceId,
        /// On which switch.
        switch: SwitchId,
        /// Whose calls the agent takes.
        queues: Vec<QueueId>,
    },
    /// An agent does something else.
    #[serde(rename = "agent-state-changed")]
    StateChanged {
        /// Who.
        agent: AgentId,
        /// What before.
        from: AgentState,
        /// Since when.
        from_since: Timestamp,
        /// What from here on.
        to: AgentState,
        /// What the agent will be afterwards, where that is not `ready`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<NextState>,
    },
    /// A busy agent will be something else afterwards.
    #[serde(rename = "agent-next-changed")]
    NextChanged {
        /// Who.
        agent: AgentId,
        /// What; `ready` when nothing is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<NextState>,
    },
    /// An agent left.
    #[serde(rename = "agent-signed-out")]
    SignedOut {
        /// Who.
        agent: AgentId,
        /// What before.
        from: AgentState,
        /// Since when.
        from_since: Timestamp,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ReasonCode>,
    },
    /// An agent's first desk is there, or the last one is gone. Said again of a desk that is gone, it starts the grace time again.
    #[serde(rename = "agent-desk-changed")]
    DeskChanged {
        /// Who.
        agent: AgentId,
        /// Whether the agent has a desk.
        attended: bool,
    },
}

/// A step in the life of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum InteractionEvent {
    /// Something rings, is being dialled, or was opened by a desk. Carries its first conversation.
    #[serde(rename = "interaction-opened")]
    Opened {
        /// The interaction as a whole.
        interaction: Box<Interaction>,
    },
    /// An interaction went on in its life.
    #[serde(rename = "interaction-state-changed")]
    StateChanged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// What before.
        from: InteractionState,
        /// What from here on.
        to: InteractionState,
        /// Why, when it ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Cause>,
    },
    /// The switch was asked to hang up and has not done so. The agent may now force the end.
    #[serde(rename = "release-overdue")]
    ReleaseOverdue {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
    },
    /// Somebody forces the end of an interaction: its legs are closed next.
    #[serde(rename = "interaction-forced")]
    Forced {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// Who asked for it.
        by: AccountName,
    },
    /// Nothing is left to do.
    #[serde(rename = "interaction-completed")]
    Completed {
        /// Whose.
        agent: AgentId,
        /// What history keeps.
        summary: Box<InteractionSummary>,
    },
}

/// Something about a leg of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum ConversationEvent {
    /// An interaction has another leg.
    #[serde(rename = "conversation-opened")]
    Opened {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// Which leg.
        leg: Leg,
        /// The conversation as a whole.
        conversation: Box<Conversation>,
    },
    /// A conversation went on in its life.
    #[serde(rename = "conversation-state-changed")]
    StateChanged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// Which leg.
        leg: Leg,
        /// Its id.
        conversation: ConversationId,
        /// What before.
        from: ConversationState,
        /// What from here on.
        to: ConversationState,
        /// Whether the other end has been heard to ring.
        #[serde(default)]
        delivered: bool,
    },
    /// A leg is gone.
    #[serde(rename = "conversation-closed")]
    Closed {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// Which leg.
        leg: Leg,
        /// Its id.
        conversation: ConversationId,
        /// Why.
        cause: Cause,
    },
    /// Others are in the call, or the leg's call is another one.
    #[serde(rename = "parties-changed")]
    PartiesChanged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// Which leg.
        leg: Leg,
        /// Its id.
        conversation: ConversationId,
        /// The switch's call behind it.
        call: crate::CallId,
        /// The others, all of them.
        parties: Vec<Party>,
    },
    /// Mute, mask or recording is otherwise.
    #[serde(rename = "controls-changed")]
    ControlsChanged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// The customer cannot hear the agent.
        muted: bool,
        /// The recording is paused.
        masked: bool,
        /// The call is being recorded.
        recording: bool,
    },
}

/// Something that is known of an interaction: its data, its contact, its records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
pub enum DetailEvent {
    /// Pairs were set or taken out.
    #[serde(rename = "data-changed")]
    DataChanged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// Pairs set.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        set: Data,
        /// Names taken out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<String>)]
        unset: Vec<CompactString>,
    },
    /// The directory, or a desk, says who it is.
    #[serde(rename = "contact-resolved")]
    ContactResolved {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// Who it is; nobody when taken back, when the directory knows nobody, and when it knows several.
        contact: Option<Box<Contact>>,
        /// Who it may be, where several contacts have the number: one is to be chosen by `set-contact`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Contact>,
    },
    /// A desk wants the contact shown otherwise.
    #[serde(rename = "card-changed")]
    CardChanged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// How.
        card: Card,
    },
    /// A record is to be shown.
    #[serde(rename = "popped")]
    Popped {
        /// To whom.
        agent: AgentId,
        /// For what.
        interaction: InteractionId,
        /// The record.
        pop: Box<Pop>,
    },
    /// Something was written down.
    #[serde(rename = "logged")]
    Logged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// What.
        log: Box<LogEntry>,
    },
    /// A call of the interaction is recorded under this name.
    #[serde(rename = "recording-started")]
    RecordingStarted {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// The recording.
        recording: Recording,
    },
    /// The draft of the notes or of the disposition changed. Within a minute after completion: the record was amended.
    #[serde(rename = "notes-changed")]
    NotesChanged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// The notes after the change; none when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notes: Option<String>,
        /// The disposition after the change; none when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disposition: Option<DispositionCode>,
    },
}

impl Event {
    /// Whom it concerns; `None` concerns everybody.
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

    /// The interaction it concerns.
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

    /// Its word, as JSON has it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Floor(event) => event.word(),
            Self::Link(event) => event.word(),
            Self::Agent(event) => event.word(),
            Self::Interaction(event) => event.word(),
            Self::Conversation(event) => event.word(),
            Self::Detail(event) => event.word(),
        }
    }
}

impl FloorEvent {
    fn word(&self) -> &'static str {
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
            Self::Changed { .. } => (None, None),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "switch-link-changed",
            Self::Requested { .. } => "switch-requested",
            Self::Answered { .. } => "switch-answered",
        }
    }
}

impl AgentEvent {
    /// Whom it concerns.
    pub fn agent(&self) -> &AgentId {
        match self {
            Self::SignedIn { agent, .. }
            | Self::StateChanged { agent, .. }
            | Self::NextChanged { agent, .. }
            | Self::SignedOut { agent, .. }
            | Self::DeskChanged { agent, .. } => agent,
        }
    }

    fn word(&self) -> &'static str {
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
    /// Whose, and of which interaction.
    pub fn subject(&self) -> (&AgentId, InteractionId) {
        match self {
            Self::StateChanged { agent, interaction, .. }
            | Self::ReleaseOverdue { agent, interaction, .. }
            | Self::Forced { agent, interaction, .. } => (agent, *interaction),
            Self::Opened { interaction } => (&interaction.agent, interaction.id),
            Self::Completed { agent, summary } => (agent, summary.interaction.id),
        }
    }

    fn word(&self) -> &'static str {
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
    /// Whose, and of which interaction.
    pub fn subject(&self) -> (&AgentId, InteractionId) {
        match self {
            Self::Opened { agent, interaction, .. }
            | Self::StateChanged { agent, interaction, .. }
            | Self::Closed { agent, interaction, .. }
            | Self::PartiesChanged { agent, interaction, .. }
            | Self::ControlsChanged { agent, interaction, .. } => (agent, *interaction),
        }
    }

    fn word(&self) -> &'static str {
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
            | Self::CardChanged { agent, interaction, .. }
            | Self::Popped { agent, interaction, .. }
            | Self::Logged { agent, interaction, .. }
            | Self::RecordingStarted { agent, interaction, .. }
            | Self::NotesChanged { agent, interaction, .. } => (agent, *interaction),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::DataChanged { .. } => "data-changed",
            Self::ContactResolved { .. } => "contact-resolved",
            Self::CardChanged { .. } => "card-changed",
            Self::Popped { .. } => "popped",
            Self::Logged { .. } => "logged",
            Self::RecordingStarted { .. } => "recording-started",
            Self::NotesChanged { .. } => "notes-changed",
        }
    }
}
