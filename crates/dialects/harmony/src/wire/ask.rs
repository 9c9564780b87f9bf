//! Queries and requests, from the bridge to its client.

use compact_str::CompactString;
use model::Secret;
use serde_json::Value;

use super::{
    body::{Body, Fault, Writer},
    reply::ChannelEntry,
    vocabulary::Words,
    words::{AskName, Key, ServerStatus},
};

/// A query or a request, by the kind of object it is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// For the processor itself (§5).
    Control(ControlAsk),
    /// For an agent's session (§6).
    Session(SessionAsk),
    /// For a channel group (§7).
    Group(GroupAsk),
    /// For a channel (§8, §9).
    Channel(ChannelAsk),
    /// For an interaction (§10, §11).
    Interaction(InteractionAsk),
    /// For a conversation (§12).
    Conversation(ConversationAsk),
}

/// Prepares an object and names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// The bridge's id for it.
    pub id: CompactString,
    /// The client's id for it.
    pub native: CompactString,
    /// Its target, where the bridge says so. Ours (§3).
    pub target: Option<CompactString>,
}

/// For the processor itself.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum ControlAsk {
    Status,
    Capabilities,
    ServerStatus(ServerStatus),
    ValidateAgent {
        agent: CompactString,
        password: Secret,
    },
    AgentInfo {
        agent: CompactString,
    },
    CreateSession {
        id: CompactString,
        target: Option<CompactString>,
        agent: CompactString,
        password: Secret,
        extension: Option<CompactString>,
    },
}

/// What an agent is to work with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionOptions {
    /// Name of the channel or channel group.
    pub name: Option<CompactString>,
    /// Chat is wanted.
    pub chat: bool,
    /// E-mail is wanted.
    pub email: bool,
    /// Callbacks are wanted.
    pub callback: bool,
}

/// For an agent's session.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum SessionAsk {
    Init(SessionOptions),
    CreateChannelGroup(Create),
    AddChannelGroup { name: CompactString, channels: Vec<ChannelEntry> },
    RemoveChannelGroup { id: CompactString },
    Logout { reason: Option<CompactString> },
    Dispose,
}

/// For a channel group.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum GroupAsk {
    Init,
    CreateChannel { create: Create, kind: CompactString },
    AddChannel(ChannelEntry),
    RemoveChannel { id: CompactString },
    Dispose,
}

/// For a channel.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum ChannelAsk {
    Init,
    Activate,
    Deactivate { reason: Option<CompactString> },
    Ready,
    NotReady { reason: Option<CompactString> },
    CreateInteraction { create: Create, kind: CompactString },
    Dial { to: CompactString },
    Dispose,
}

/// For an interaction.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum InteractionAsk {
    Init,
    Accept,
    Reject,
    Complete { disposition: Option<CompactString> },
    Data,
    SetData(Value),
    CreateConversation(Create),
    Consult { to: CompactString },
    ConsultTransfer,
    ConsultConference,
    Alternate,
    Dispose,
}

/// For a conversation.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each stands for the message of its name")]
pub enum ConversationAsk {
    Init,
    Answer,
    Release,
    Hold,
    Retrieve,
    BlindTransfer { to: CompactString },
    BlindConference { to: CompactString },
    SendDtmf { digits: Secret },
    Dispose,
}

impl Ask {
    /// Its name.
    pub fn name(&self) -> AskName {
        match self {
            Self::Control(ask) => ask.name(),
            Self::Session(ask) => ask.name(),
            Self::Group(ask) => ask.name(),
            Self::Channel(ask) => ask.name(),
            Self::Interaction(ask) => ask.name(),
            Self::Conversation(ask) => ask.name(),
        }
    }

    /// Its body.
    pub fn body(&self, words: &Words) -> Value {
        let writer = Writer::new(words);
        match self {
            Self::Control(ask) => ask.write(writer),
            Self::Session(ask) => ask.write(writer),
            Self::Group(ask) => ask.write(writer),
            Self::Channel(ask) => ask.write(writer),
            Self::Interaction(ask) => ask.write(writer),
            Self::Conversation(ask) => ask.write(writer),
        }
        .done()
    }

    /// Reads one of a name.
    pub fn read(name: AskName, body: Body) -> Result<Self, Fault> {
        use AskName as N;
        Ok(match name {
            N::ControlStatus => Self::Control(ControlAsk::Status),
            N::ControlCapabilities => Self::Control(ControlAsk::Capabilities),
            N::ControlServerStatus => Self::Control(ControlAsk::ServerStatus(body.word(Key::Status)?)),
            N::ControlValidateAgent => {
                let (agent, password) = (body.text(Key::AgentId)?, password(body)?);
                Self::Control(ControlAsk::ValidateAgent { agent, password })
            }
            N::ControlAgentInfo => Self::Control(ControlAsk::AgentInfo { agent: body.text(Key::AgentId)? }),
            N::ControlCreateSession => Self::Control(create_session(body)?),
            N::SessionInit => Self::Session(SessionAsk::Init(SessionOptions {
                name: body.filled(Key::SessionName)?,
                chat: body.flag(Key::SessionChat)?,
                email: body.flag(Key::SessionEmail)?,
                callback: body.flag(Key::SessionCallback)?,
            })),
            N::SessionCreateChannelGroup => Self::Session(SessionAsk::CreateChannelGroup(create(body)?)),
            N::SessionAddChannelGroup => Self::Session(SessionAsk::AddChannelGroup {
                name: body.text(Key::GroupName)?,
                channels: body.list(Key::GroupChannels, ChannelEntry::read)?,
            }),
            N::SessionRemoveChannelGroup => {
                Self::Session(SessionAsk::RemoveChannelGroup { id: body.text(Key::CreateId)? })
            }
            N::SessionLogout => Self::Session(SessionAsk::Logout { reason: body.filled(Key::Reason)? }),
            N::SessionDispose => Self::Session(SessionAsk::Dispose),
            N::GroupInit => Self::Group(GroupAsk::Init),
            N::GroupCreateChannel => {
                let (create, kind) = (create(body)?, body.text(Key::CreateType)?);
                Self::Group(GroupAsk::CreateChannel { create, kind })
            }
            N::GroupAddChannel => Self::Group(GroupAsk::AddChannel(ChannelEntry::read(body)?)),
            N::GroupRemoveChannel => Self::Group(GroupAsk::RemoveChannel { id: body.text(Key::CreateId)? }),
            N::GroupDispose => Self::Group(GroupAsk::Dispose),
            N::ChannelInit => Self::Channel(ChannelAsk::Init),
            N::ChannelActivate => Self::Channel(ChannelAsk::Activate),
            N::ChannelDeactivate => {
                Self::Channel(ChannelAsk::Deactivate { reason: body.filled(Key::Reason)? })
            }
            N::ChannelReady => Self::Channel(ChannelAsk::Ready),
            N::ChannelNotReady => Self::Channel(ChannelAsk::NotReady { reason: body.filled(Key::Reason)? }),
            N::ChannelCreateInteraction => {
                let (create, kind) = (create(body)?, body.text(Key::CreateType)?);
                Self::Channel(ChannelAsk::CreateInteraction { create, kind })
            }
            N::ChannelDial => Self::Channel(ChannelAsk::Dial { to: body.text(Key::Destination)? }),
            N::ChannelDispose => Self::Channel(ChannelAsk::Dispose),
            N::InteractionInit => Self::Interaction(InteractionAsk::Init),
            N::InteractionAccept => Self::Interaction(InteractionAsk::Accept),
            N::InteractionReject => Self::Interaction(InteractionAsk::Reject),
            N::InteractionComplete => {
                Self::Interaction(InteractionAsk::Complete { disposition: body.filled(Key::Disposition)? })
            }
            N::InteractionData => Self::Interaction(InteractionAsk::Data),
            N::InteractionSetData => {
                let data =
                    body.get(Key::InteractionData).ok_or_else(|| body.missing(Key::InteractionData))?;
                Self::Interaction(InteractionAsk::SetData(data.clone()))
            }
            N::InteractionCreateConversation => {
                Self::Interaction(InteractionAsk::CreateConversation(create(body)?))
            }
            N::InteractionConsult => {
                Self::Interaction(InteractionAsk::Consult { to: body.text(Key::Destination)? })
            }
            N::InteractionConsultTransfer => Self::Interaction(InteractionAsk::ConsultTransfer),
            N::InteractionConsultConference => Self::Interaction(InteractionAsk::ConsultConference),
            N::InteractionAlternate => Self::Interaction(InteractionAsk::Alternate),
            N::InteractionDispose => Self::Interaction(InteractionAsk::Dispose),
            N::ConversationInit => Self::Conversation(ConversationAsk::Init),
            N::ConversationAnswer => Self::Conversation(ConversationAsk::Answer),
            N::ConversationRelease => Self::Conversation(ConversationAsk::Release),
            N::ConversationHold => Self::Conversation(ConversationAsk::Hold),
            N::ConversationRetrieve => Self::Conversation(ConversationAsk::Retrieve),
            N::ConversationBlindTransfer => {
                Self::Conversation(ConversationAsk::BlindTransfer { to: body.text(Key::BlindDestination)? })
            }
            N::ConversationBlindConference => {
                Self::Conversation(ConversationAsk::BlindConference { to: body.text(Key::BlindDestination)? })
            }
            N::ConversationSendDtmf => {
                let digits = Secret::new(body.text(Key::Digits)?);
                Self::Conversation(ConversationAsk::SendDtmf { digits })
            }
            N::ConversationDispose => Self::Conversation(ConversationAsk::Dispose),
        })
    }
}

fn password(body: Body) -> Result<Secret, Fault> {
    Ok(Secret::new(body.text(Key::AgentPassword)?))
}

fn create(body: Body) -> Result<Create, Fault> {
    Ok(Create {
        id: body.text(Key::CreateId)?,
        native: body.text(Key::CreateNativeId)?,
        target: body.filled(Key::CreateTarget)?,
    })
}

fn create_session(body: Body) -> Result<ControlAsk, Fault> {
    let agent = body.object(Key::CreateAgent)?.ok_or_else(|| body.missing(Key::CreateAgent))?;
    Ok(ControlAsk::CreateSession {
        id: body.text(Key::CreateId)?,
        target: body.filled(Key::CreateTarget)?,
        agent: agent.text(Key::AgentId)?,
        password: password(agent)?,
        extension: agent.filled(Key::AgentExtension)?,
    })
}

impl Create {
    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        let writer = writer.text(Key::CreateId, &self.id).text(Key::CreateNativeId, &self.native);
        writer.text_if(Key::CreateTarget, self.target.as_ref())
    }
}

impl ControlAsk {
    fn name(&self) -> AskName {
        match self {
            Self::Status => AskName::ControlStatus,
            Self::Capabilities => AskName::ControlCapabilities,
            Self::ServerStatus(_) => AskName::ControlServerStatus,
            Self::ValidateAgent { .. } => AskName::ControlValidateAgent,
            Self::AgentInfo { .. } => AskName::ControlAgentInfo,
            Self::CreateSession { .. } => AskName::ControlCreateSession,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::Status | Self::Capabilities => writer,
            Self::ServerStatus(status) => writer.word(Key::Status, *status),
            Self::ValidateAgent { agent, password } => {
                writer.text(Key::AgentId, agent).text(Key::AgentPassword, password.reveal())
            }
            Self::AgentInfo { agent } => writer.text(Key::AgentId, agent),
            Self::CreateSession { id, target, agent, password, extension } => {
                let inner = writer.again().text(Key::AgentId, agent);
                let inner = inner.text(Key::AgentPassword, password.reveal());
                let agent = inner.text_if(Key::AgentExtension, extension.as_ref()).done();
                let writer = writer.text(Key::CreateId, id).put(Key::CreateAgent, agent);
                writer.text_if(Key::CreateTarget, target.as_ref())
            }
        }
    }
}

impl SessionAsk {
    fn name(&self) -> AskName {
        match self {
            Self::Init(_) => AskName::SessionInit,
            Self::CreateChannelGroup(_) => AskName::SessionCreateChannelGroup,
            Self::AddChannelGroup { .. } => AskName::SessionAddChannelGroup,
            Self::RemoveChannelGroup { .. } => AskName::SessionRemoveChannelGroup,
            Self::Logout { .. } => AskName::SessionLogout,
            Self::Dispose => AskName::SessionDispose,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::Init(options) => {
                let writer = writer.text_if(Key::SessionName, options.name.as_ref());
                let writer = writer.put(Key::SessionChat, options.chat);
                writer.put(Key::SessionEmail, options.email).put(Key::SessionCallback, options.callback)
            }
            Self::CreateChannelGroup(create) => create.write(writer),
            Self::AddChannelGroup { name, channels } => {
                writer
                    .text(Key::GroupName, name)
                    .list(Key::GroupChannels, channels, |words, entry| entry.print(words))
            }
            Self::RemoveChannelGroup { id } => writer.text(Key::CreateId, id),
            Self::Logout { reason } => writer.text_if(Key::Reason, reason.as_ref()),
            Self::Dispose => writer,
        }
    }
}

impl GroupAsk {
    fn name(&self) -> AskName {
        match self {
            Self::Init => AskName::GroupInit,
            Self::CreateChannel { .. } => AskName::GroupCreateChannel,
            Self::AddChannel(_) => AskName::GroupAddChannel,
            Self::RemoveChannel { .. } => AskName::GroupRemoveChannel,
            Self::Dispose => AskName::GroupDispose,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::Init | Self::Dispose => writer,
            Self::CreateChannel { create, kind } => create.write(writer).text(Key::CreateType, kind),
            Self::AddChannel(entry) => entry.write(writer),
            Self::RemoveChannel { id } => writer.text(Key::CreateId, id),
        }
    }
}

impl ChannelAsk {
    fn name(&self) -> AskName {
        match self {
            Self::Init => AskName::ChannelInit,
            Self::Activate => AskName::ChannelActivate,
            Self::Deactivate { .. } => AskName::ChannelDeactivate,
            Self::Ready => AskName::ChannelReady,
            Self::NotReady { .. } => AskName::ChannelNotReady,
            Self::CreateInteraction { .. } => AskName::ChannelCreateInteraction,
            Self::Dial { .. } => AskName::ChannelDial,
            Self::Dispose => AskName::ChannelDispose,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::Init | Self::Ready | Self::Dispose => writer,
            Self::Activate => {
                let options = writer.again().done();
                writer.put(Key::ChannelOptions, options)
            }
            Self::Deactivate { reason } | Self::NotReady { reason } => {
                writer.text_if(Key::Reason, reason.as_ref())
            }
            Self::CreateInteraction { create, kind } => create.write(writer).text(Key::CreateType, kind),
            Self::Dial { to } => writer.text(Key::Destination, to),
        }
    }
}

impl InteractionAsk {
    fn name(&self) -> AskName {
        match self {
            Self::Init => AskName::InteractionInit,
            Self::Accept => AskName::InteractionAccept,
            Self::Reject => AskName::InteractionReject,
            Self::Complete { .. } => AskName::InteractionComplete,
            Self::Data => AskName::InteractionData,
            Self::SetData(_) => AskName::InteractionSetData,
            Self::CreateConversation(_) => AskName::InteractionCreateConversation,
            Self::Consult { .. } => AskName::InteractionConsult,
            Self::ConsultTransfer => AskName::InteractionConsultTransfer,
            Self::ConsultConference => AskName::InteractionConsultConference,
            Self::Alternate => AskName::InteractionAlternate,
            Self::Dispose => AskName::InteractionDispose,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::Init
            | Self::Accept
            | Self::Reject
            | Self::Data
            | Self::ConsultTransfer
            | Self::ConsultConference
            | Self::Alternate
            | Self::Dispose => writer,
            Self::Complete { disposition } => writer.text_if(Key::Disposition, disposition.as_ref()),
            Self::SetData(data) => writer.put(Key::InteractionData, data.clone()),
            Self::CreateConversation(create) => create.write(writer),
            Self::Consult { to } => writer.text(Key::Destination, to),
        }
    }
}

impl ConversationAsk {
    fn name(&self) -> AskName {
        match self {
            Self::Init => AskName::ConversationInit,
            Self::Answer => AskName::ConversationAnswer,
            Self::Release => AskName::ConversationRelease,
            Self::Hold => AskName::ConversationHold,
            Self::Retrieve => AskName::ConversationRetrieve,
            Self::BlindTransfer { .. } => AskName::ConversationBlindTransfer,
            Self::BlindConference { .. } => AskName::ConversationBlindConference,
            Self::SendDtmf { .. } => AskName::ConversationSendDtmf,
            Self::Dispose => AskName::ConversationDispose,
        }
    }

    fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        match self {
            Self::Init | Self::Answer | Self::Release | Self::Hold | Self::Retrieve | Self::Dispose => writer,
            Self::BlindTransfer { to } | Self::BlindConference { to } => {
                writer.text(Key::BlindDestination, to)
            }
            Self::SendDtmf { digits } => writer.text(Key::Digits, digits.reveal()),
        }
    }
}
