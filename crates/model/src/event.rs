//! What can have happened: the facts that the journal keeps.

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
/// Each event says whom it concerns ([`Event::agent`], [`Event::interaction`]), so that a subscriber gets what is its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Event {
    /// The floor is another one.
    FloorChanged {
        /// The floor as it is from here on.
        floor: Arc<Floor>,
    },
    /// A switch can or can no longer be reached.
    SwitchLinkChanged {
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
    /// An agent came to work; the state is `not-ready`.
    AgentSignedIn {
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
    AgentStateChanged {
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
    AgentNextChanged {
        /// Who.
        agent: AgentId,
        /// What; `ready` when nothing is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<NextState>,
    },
    /// An agent left.
    AgentSignedOut {
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
    AgentDeskChanged {
        /// Who.
        agent: AgentId,
        /// Whether the agent has a desk.
        attended: bool,
    },
    /// Something rings, is being dialled, or was opened by a desk. Carries its first conversation.
    InteractionOpened {
        /// The interaction as a whole.
        interaction: Box<Interaction>,
    },
    /// An interaction went on in its life.
    InteractionStateChanged {
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
    ReleaseOverdue {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
    },
    /// Somebody forces the end of an interaction: its legs are closed next.
    InteractionForced {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// Who asked for it.
        by: AccountName,
    },
    /// An interaction has another leg.
    ConversationOpened {
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
    ConversationStateChanged {
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
    ConversationClosed {
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
    /// Pairs were set or taken out.
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
    CardChanged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// How.
        card: Card,
    },
    /// A record is to be shown.
    Popped {
        /// To whom.
        agent: AgentId,
        /// For what.
        interaction: InteractionId,
        /// The record.
        pop: Box<Pop>,
    },
    /// Something was written down.
    Logged {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// What.
        log: Box<LogEntry>,
    },
    /// A call of the interaction is recorded under this name.
    RecordingStarted {
        /// Whose.
        agent: AgentId,
        /// Which.
        interaction: InteractionId,
        /// The recording.
        recording: Recording,
    },
    /// The draft of the notes or of the disposition changed. Within a minute after completion: the record was amended.
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
    /// Nothing is left to do.
    InteractionCompleted {
        /// Whose.
        agent: AgentId,
        /// What history keeps.
        summary: Box<InteractionSummary>,
    },
    /// A call came to a queue, moved or left.
    QueueChanged {
        /// Which queue.
        queue: QueueId,
        /// What happened.
        #[serde(flatten)]
        change: QueueChange,
    },
    /// A person should read something.
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
    /// Something was asked of a switch.
    SwitchRequested {
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
    SwitchAnswered {
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

impl Event {
    /// Whom it concerns; `None` concerns everybody.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::AgentSignedIn { agent, .. }
            | Self::AgentStateChanged { agent, .. }
            | Self::AgentNextChanged { agent, .. }
            | Self::AgentSignedOut { agent, .. }
            | Self::AgentDeskChanged { agent, .. }
            | Self::ReleaseOverdue { agent, .. }
            | Self::InteractionForced { agent, .. }
            | Self::InteractionStateChanged { agent, .. }
            | Self::ConversationOpened { agent, .. }
            | Self::ConversationStateChanged { agent, .. }
            | Self::ConversationClosed { agent, .. }
            | Self::PartiesChanged { agent, .. }
            | Self::ControlsChanged { agent, .. }
            | Self::DataChanged { agent, .. }
            | Self::ContactResolved { agent, .. }
            | Self::CardChanged { agent, .. }
            | Self::Popped { agent, .. }
            | Self::Logged { agent, .. }
            | Self::RecordingStarted { agent, .. }
            | Self::NotesChanged { agent, .. }
            | Self::InteractionCompleted { agent, .. } => Some(agent),
            Self::InteractionOpened { interaction } => Some(&interaction.agent),
            Self::NoticeRaised { agent, .. }
            | Self::SwitchRequested { agent, .. }
            | Self::SwitchAnswered { agent, .. } => agent.as_ref(),
            Self::QueueChanged { change, .. } => change.agent(),
            Self::FloorChanged { .. } | Self::SwitchLinkChanged { .. } => None,
        }
    }

    /// The interaction it concerns.
    pub fn interaction(&self) -> Option<InteractionId> {
        match self {
            Self::InteractionStateChanged { interaction, .. }
            | Self::ReleaseOverdue { interaction, .. }
            | Self::InteractionForced { interaction, .. }
            | Self::ConversationOpened { interaction, .. }
            | Self::ConversationStateChanged { interaction, .. }
            | Self::ConversationClosed { interaction, .. }
            | Self::PartiesChanged { interaction, .. }
            | Self::ControlsChanged { interaction, .. }
            | Self::DataChanged { interaction, .. }
            | Self::ContactResolved { interaction, .. }
            | Self::CardChanged { interaction, .. }
            | Self::Popped { interaction, .. }
            | Self::Logged { interaction, .. }
            | Self::RecordingStarted { interaction, .. }
            | Self::NotesChanged { interaction, .. } => Some(*interaction),
            Self::InteractionOpened { interaction } => Some(interaction.id),
            Self::InteractionCompleted { summary, .. } => Some(summary.interaction.id),
            Self::NoticeRaised { interaction, .. }
            | Self::SwitchRequested { interaction, .. }
            | Self::SwitchAnswered { interaction, .. } => *interaction,
            Self::FloorChanged { .. }
            | Self::SwitchLinkChanged { .. }
            | Self::AgentSignedIn { .. }
            | Self::AgentStateChanged { .. }
            | Self::AgentNextChanged { .. }
            | Self::AgentSignedOut { .. }
            | Self::AgentDeskChanged { .. }
            | Self::QueueChanged { .. } => None,
        }
    }

    /// Its word, as JSON has it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::FloorChanged { .. } => "floor-changed",
            Self::SwitchLinkChanged { .. } => "switch-link-changed",
            Self::AgentSignedIn { .. } => "agent-signed-in",
            Self::AgentStateChanged { .. } => "agent-state-changed",
            Self::AgentNextChanged { .. } => "agent-next-changed",
            Self::AgentSignedOut { .. } => "agent-signed-out",
            Self::AgentDeskChanged { .. } => "agent-desk-changed",
            Self::InteractionOpened { .. } => "interaction-opened",
            Self::InteractionStateChanged { .. } => "interaction-state-changed",
            Self::ReleaseOverdue { .. } => "release-overdue",
            Self::InteractionForced { .. } => "interaction-forced",
            Self::ConversationOpened { .. } => "conversation-opened",
            Self::ConversationStateChanged { .. } => "conversation-state-changed",
            Self::ConversationClosed { .. } => "conversation-closed",
            Self::PartiesChanged { .. } => "parties-changed",
            Self::ControlsChanged { .. } => "controls-changed",
            Self::DataChanged { .. } => "data-changed",
            Self::ContactResolved { .. } => "contact-resolved",
            Self::CardChanged { .. } => "card-changed",
            Self::Popped { .. } => "popped",
            Self::Logged { .. } => "logged",
            Self::RecordingStarted { .. } => "recording-started",
            Self::NotesChanged { .. } => "notes-changed",
            Self::InteractionCompleted { .. } => "interaction-completed",
            Self::QueueChanged { .. } => "queue-changed",
            Self::NoticeRaised { .. } => "notice-raised",
            Self::SwitchRequested { .. } => "switch-requested",
            Self::SwitchAnswered { .. } => "switch-answered",
        }
    }
}
