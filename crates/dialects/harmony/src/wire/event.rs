//! Events, from the client to its bridge.

use compact_str::CompactString;
use serde_json::Value;

use super::{
    body::{Body, Fault, Writer},
    reply::{ChannelEntry, Member},
    vocabulary::Words,
    words::{ConversationState, EventName, InteractionState, Key, Status},
};

/// An event, by the kind of object it is from.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// From the processor itself (§5).
    Control(ControlEvent),
    /// From an agent's session (§6).
    Session(SessionEvent),
    /// From a channel group (§7).
    Group(GroupEvent),
    /// From a channel (§8, §9).
    Channel(ChannelEvent),
    /// From an interaction (§10, §11.4).
    Interaction(InteractionEvent),
    /// From a conversation (§12).
    Conversation(ConversationEvent),
}

/// From the processor itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlEvent {
    /// How the client stands.
    Status {
        /// One of five.
        status: Status,
        /// A sentence.
        message: Option<CompactString>,
    },
}

/// From an agent's session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum SessionEvent {
    ChannelGroup { native: CompactString, name: CompactString },
    LoggedOut { reason: Option<CompactString> },
    Disposed,
}

/// From a channel group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum GroupEvent {
    Channel(ChannelEntry),
    Disposed,
}

/// From a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum ChannelEvent {
    Activated,
    Deactivated,
    Unavailable,
    Available,
    Ready,
    NotReady { reason: Option<CompactString> },
    Interaction { native: CompactString, kind: CompactString },
    Disposed,
}

/// From an interaction.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum InteractionEvent {
    State(InteractionState),
    /// With the whole data, as it stands on the wire; without where the client sent none.
    DataChanged(Option<Value>),
    Consult {
        native: CompactString,
    },
    Disposed,
}

/// From a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum ConversationEvent {
    State(ConversationState),
    MemberAdded(Member),
    MemberRemoved(Member),
    Disposed,
}

impl Event {
    /// Its name.
    pub fn name(&self) -> EventName {
        match self {
            Self::Control(ControlEvent::Status { .. }) => EventName::ControlStatus,
            Self::Session(event) => event.name(),
            Self::Group(GroupEvent::Channel(_)) => EventName::GroupChannel,
            Self::Group(GroupEvent::Disposed) => EventName::GroupDisposed,
            Self::Channel(event) => event.name(),
            Self::Interaction(event) => event.name(),
            Self::Conversation(event) => event.name(),
        }
    }

    /// Its body.
    pub fn body(&self, words: &Words) -> Value {
        let writer = Writer::new(words);
        match self {
            Self::Control(ControlEvent::Status { status, message }) => {
                writer.word(Key::Status, *status).text_if(Key::StatusMessage, message.as_ref())
            }
            Self::Session(event) => event.write(writer),
            Self::Group(GroupEvent::Channel(entry)) => entry.write(writer),
            Self::Group(GroupEvent::Disposed) => writer,
            Self::Channel(event) => event.write(writer),
            Self::Interaction(event) => event.write(writer),
            Self::Conversation(event) => event.write(writer),
        }
        .done()
    }

    /// Reads one of a name.
    pub fn read(name: EventName, body: Body) -> Result<Self, Fault> {
        use EventName as N;
        Ok(match name {
            N::ControlStatus => Self::Control(ControlEvent::Status {
                status: body.word(Key::Status)?,
                message: body.filled(Key::StatusMessage)?,
            }),
            N::SessionChannelGroup => Self::Session(SessionEvent::ChannelGroup {
                native: body.text(Key::NativeId)?,
                name: body.text_if(Key::NativeName)?.unwrap_or_default(),
            }),
            N::SessionLoggedOut => {
                Self::Session(SessionEvent::LoggedOut { reason: body.filled(Key::Reason)? })
            }
            N::SessionDisposed => Self::Session(SessionEvent::Disposed),
            N::GroupChannel => Self::Group(GroupEvent::Channel(ChannelEntry::read(body)?)),
            N::GroupDisposed => Self::Group(GroupEvent::Disposed),
            N::ChannelActivated => Self::Channel(ChannelEvent::Activated),
            N::ChannelDeactivated => Self::Channel(ChannelEvent::Deactivated),
            N::ChannelUnavailable => Self::Channel(ChannelEvent::Unavailable),
            N::ChannelAvailable => Self::Channel(ChannelEvent::Available),
            N::ChannelReady => Self::Channel(ChannelEvent::Ready),
            N::ChannelNotReady => Self::Channel(ChannelEvent::NotReady { reason: body.filled(Key::Reason)? }),
            N::ChannelInteraction => Self::Channel(ChannelEvent::Interaction {
                native: body.text(Key::NativeId)?,
                kind: body.text_if(Key::NativeType)?.unwrap_or_default(),
            }),
            N::ChannelDisposed => Self::Channel(ChannelEvent::Disposed),
            N::InteractionAlerting => interaction(InteractionState::Alerting),
            N::InteractionDialing => interaction(InteractionState::Dialing),
            N::InteractionStarted => interaction(InteractionState::Started),
            N::InteractionEnded => interaction(InteractionState::Ended),
            N::InteractionCompleted => interaction(InteractionState::Completed),
            N::InteractionDataChanged => {
                let data = body.get(Key::InteractionData).cloned();
                Self::Interaction(InteractionEvent::DataChanged(data))
            }
            N::InteractionConsult => {
                Self::Interaction(InteractionEvent::Consult { native: body.text(Key::NativeId)? })
            }
            N::InteractionDisposed => Self::Interaction(InteractionEvent::Disposed),
            N::ConversationAlerting => conversation(ConversationState::Alerting),
            N::ConversationDialing => conversation(ConversationState::Dialing),
            N::ConversationTalking => conversation(ConversationState::Talking),
            N::ConversationHeld => conversation(ConversationState::Held),
            N::ConversationEnded => conversation(ConversationState::Ended),
            N::ConversationMemberAdded => Self::Conversation(ConversationEvent::MemberAdded(member(body)?)),
            N::ConversationMemberRemoved => {
                Self::Conversation(ConversationEvent::MemberRemoved(member(body)?))
            }
            N::ConversationDisposed => Self::Conversation(ConversationEvent::Disposed),
        })
    }
}

fn interaction(state: InteractionState) -> Event {
    Event::Interaction(InteractionEvent::State(state))
}

fn conversation(state: ConversationState) -> Event {
    Event::Conversation(ConversationEvent::State(state))
}

fn member(body: Body) -> Result<Member, Fault> {
    let member = body.object(Key::Member)?.ok_or_else(|| body.missing(Key::Member))?;
    Member::read(member)
}

impl SessionEvent {
    fn name(&self) -> EventName {
        match self {
            Self::ChannelGroup { .. } => EventName::SessionChannelGroup,
            Self::LoggedOut { .. } => EventName::SessionLoggedOut,
            Self::Disposed => EventName::SessionDisposed,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::ChannelGroup { native, name } => {
                writer.text(Key::NativeId, native).text(Key::NativeName, name)
            }
            Self::LoggedOut { reason } => writer.text_if(Key::Reason, reason.as_ref()),
            Self::Disposed => writer,
        }
    }
}

impl ChannelEvent {
    fn name(&self) -> EventName {
        match self {
            Self::Activated => EventName::ChannelActivated,
            Self::Deactivated => EventName::ChannelDeactivated,
            Self::Unavailable => EventName::ChannelUnavailable,
            Self::Available => EventName::ChannelAvailable,
            Self::Ready => EventName::ChannelReady,
            Self::NotReady { .. } => EventName::ChannelNotReady,
            Self::Interaction { .. } => EventName::ChannelInteraction,
            Self::Disposed => EventName::ChannelDisposed,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::Activated
            | Self::Deactivated
            | Self::Unavailable
            | Self::Available
            | Self::Ready
            | Self::Disposed => writer,
            Self::NotReady { reason } => writer.text_if(Key::Reason, reason.as_ref()),
            Self::Interaction { native, kind } => {
                writer.text(Key::NativeId, native).text(Key::NativeType, kind)
            }
        }
    }
}

impl InteractionEvent {
    fn name(&self) -> EventName {
        match self {
            Self::State(InteractionState::Alerting) => EventName::InteractionAlerting,
            Self::State(InteractionState::Dialing) => EventName::InteractionDialing,
            Self::State(InteractionState::Started) => EventName::InteractionStarted,
            Self::State(InteractionState::Ended) => EventName::InteractionEnded,
            Self::State(InteractionState::Completed) => EventName::InteractionCompleted,
            Self::DataChanged(_) => EventName::InteractionDataChanged,
            Self::Consult { .. } => EventName::InteractionConsult,
            Self::Disposed => EventName::InteractionDisposed,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::State(_) | Self::DataChanged(None) | Self::Disposed => writer,
            Self::DataChanged(Some(data)) => writer.put(Key::InteractionData, data.clone()),
            Self::Consult { native } => writer.text(Key::NativeId, native),
        }
    }
}

impl ConversationEvent {
    fn name(&self) -> EventName {
        match self {
            Self::State(ConversationState::Alerting) => EventName::ConversationAlerting,
            Self::State(ConversationState::Dialing) => EventName::ConversationDialing,
            Self::State(ConversationState::Talking) => EventName::ConversationTalking,
            Self::State(ConversationState::Held) => EventName::ConversationHeld,
            Self::State(ConversationState::Ended) => EventName::ConversationEnded,
            Self::MemberAdded(_) => EventName::ConversationMemberAdded,
            Self::MemberRemoved(_) => EventName::ConversationMemberRemoved,
            Self::Disposed => EventName::ConversationDisposed,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::State(_) | Self::Disposed => writer,
            Self::MemberAdded(member) | Self::MemberRemoved(member) => {
                let member = member.print(writer.words());
                writer.put(Key::Member, member)
            }
        }
    }
}
