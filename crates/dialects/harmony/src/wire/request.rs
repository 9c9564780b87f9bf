//! Queries and requests, from the bridge to its client.

use compact_str::CompactString;
use model::Secret;
use serde_json::{Map, Value};

use super::{
    body::{Body, Fault, Field, Object, Writer, field, object},
    messages::messages,
    reply::ChannelEntry,
    vocabulary::{Kind, Mark, Vocabulary, Word, Words},
    words::{Key, ServerStatus, words},
};

messages! {
    /// A query or a request, by the kind of its object.
    BridgeRequest,
    /// The names of queries and requests. The slot says which of the two it is.
    RequestName in requests;

    /// For the processor itself (harmony.md §5).
    Control(ControlRequest) {
        "control.request.status" Proposed ControlStatus => Status,
        "control.query.capabilities" Proposed ControlCapabilities => Capabilities,
        "control.request.serverstatus" Proposed ControlServerStatus => ServerStatus(status: ServerStatus = Status),
        "control.query.validateagent" Proposed ControlValidateAgent =>
            ValidateAgent { agent: CompactString = AgentId, password: Secret = AgentPassword },
        "control.query.agentinfo" Proposed ControlAgentInfo => AgentInfo { agent: CompactString = AgentId },
        "control.request.createsession" Proposed ControlCreateSession =>
            CreateSession { agent: SessionAgent = CreateAgent, id: CompactString = CreateId, target: Option<CompactString> = CreateTarget },
    }

    /// For an agent's session (harmony.md §6).
    Session(SessionRequest) {
        "session.query.init" Known SessionInit => Init(options: SessionOptions = inline),
        "session.request.createchannelgroup" Proposed SessionCreateChannelGroup => CreateChannelGroup(create: Create = inline),
        "session.request.addchannelgroup" Proposed SessionAddChannelGroup =>
            AddChannelGroup { name: CompactString = GroupName, channels: Vec<ChannelEntry> = GroupChannels },
        "session.request.removechannelgroup" Proposed SessionRemoveChannelGroup => RemoveChannelGroup { id: CompactString = CreateId },
        "session.request.logout" Proposed SessionLogout => Logout { reason: Option<CompactString> = Reason },
        "session.request.dispose" Proposed SessionDispose => Dispose,
    }

    /// For a channel group (harmony.md §7).
    Group(GroupRequest) {
        "channelgroup.query.init" Known GroupInit => Init,
        "channelgroup.request.createchannel" Proposed GroupCreateChannel =>
            CreateChannel { create: Create = inline, kind: CompactString = CreateType },
        "channelgroup.request.addchannel" Proposed GroupAddChannel => AddChannel(entry: ChannelEntry = inline),
        "channelgroup.request.removechannel" Proposed GroupRemoveChannel => RemoveChannel { id: CompactString = CreateId },
        "channelgroup.request.dispose" Proposed GroupDispose => Dispose,
    }

    /// For a channel (harmony.md §8, §9).
    Channel(ChannelRequest) {
        "channel.query.init" Known ChannelInit => Init,
        "channel.request.activate" Proposed ChannelActivate => Activate with ChannelOptions = Map::new(),
        "channel.request.deactivate" Proposed ChannelDeactivate => Deactivate { reason: Option<CompactString> = Reason },
        "channel.request.ready" Proposed ChannelReady => Ready,
        "channel.request.notready" Proposed ChannelNotReady => NotReady { reason: Option<CompactString> = Reason },
        "channel.request.createinteraction" Proposed ChannelCreateInteraction =>
            CreateInteraction { create: Create = inline, kind: CompactString = CreateType },
        "channel.request.dial" Known ChannelDial => Dial { to: CompactString = Destination },
        "channel.request.dispose" Known ChannelDispose => Dispose,
    }

    /// For an interaction (harmony.md §10, §11).
    Interaction(InteractionRequest) {
        "interaction.query.init" Known InteractionInit => Init,
        "interaction.request.accept" Proposed InteractionAccept => Accept,
        "interaction.request.reject" Known InteractionReject => Reject,
        "interaction.request.complete" Proposed InteractionComplete => Complete { disposition: Option<CompactString> = Disposition },
        "interaction.query.data" Proposed InteractionData => Data,
        "interaction.request.setdata" Proposed InteractionSetData => SetData(data: Value = InteractionData),
        "interaction.request.createconversation" Known InteractionCreateConversation => CreateConversation(create: Create = inline),
        "interaction.request.consult" Known InteractionConsult => Consult { to: CompactString = Destination },
        "interaction.request.consulttransfer" Known InteractionConsultTransfer => ConsultTransfer,
        "interaction.request.consultconference" Known InteractionConsultConference => ConsultConference,
        "interaction.request.alternate" Known InteractionAlternate => Alternate,
        "interaction.request.dispose" Proposed InteractionDispose => Dispose,
    }

    /// For a conversation (harmony.md §12).
    Conversation(ConversationRequest) {
        "conversation.query.init" Known ConversationInit => Init,
        "conversation.request.answer" Proposed ConversationAnswer => Answer,
        "conversation.request.release" Proposed ConversationRelease => Release,
        "conversation.request.hold" Proposed ConversationHold => Hold,
        "conversation.request.retrieve" Proposed ConversationRetrieve => Retrieve,
        "conversation.request.blindtransfer" Proposed ConversationBlindTransfer => BlindTransfer { to: CompactString = BlindDestination },
        "conversation.request.blindconference" Proposed ConversationBlindConference =>
            BlindConference { to: CompactString = BlindDestination },
        "conversation.request.senddtmf" Proposed ConversationSendDtmf => SendDtmf { digits: Secret = Digits },
        "conversation.request.dispose" Proposed ConversationDispose => Dispose,
    }
}

impl RequestName {
    /// Whether it is a query, which changes nothing.
    pub fn is_query(self) -> bool {
        self.slot().split('.').nth(1) == Some("query")
    }
}

object! {
    /// Creates an object.
    Create {
        /// The bridge's ID of the object.
        id: CompactString = CreateId,
        /// The client's ID of the object.
        native: CompactString = CreateNativeId,
        /// The target of the object, if the bridge names it. Our choice (harmony.md §3).
        target: Option<CompactString> = CreateTarget,
    }
}

object! {
    /// The agent of a new session (harmony.md §5).
    SessionAgent {
        /// The agent's ID.
        id: CompactString = AgentId,
        /// The agent's password.
        password: Secret = AgentPassword,
        /// The agent's phone.
        extension: Option<CompactString> = AgentExtension,
    }
}

object! {
    /// The options of a session.
    #[derive(Default)]
    SessionOptions {
        /// The name of the channel or channel group.
        name: Option<CompactString> = SessionName,
        /// Whether the session includes chat.
        chat: bool = SessionChat,
        /// Whether the session includes e-mail.
        email: bool = SessionEmail,
        /// Whether the session includes callbacks.
        callback: bool = SessionCallback,
    }
}
