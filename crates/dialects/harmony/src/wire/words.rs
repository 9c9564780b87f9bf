//! The keys and values of message bodies, each with a mark that says whether the vendor documents it. The tables of
//! [`BridgeRequest`](super::BridgeRequest) and [`Event`](super::Event) list the names of messages.
//!
//! `Known` words were read in a page of the vendor. `Proposed` words are our choice, following the pattern of known words, and may differ on a
//! real Harmony server. The configuration can override each word by its slot, the text in this table. See
//! docs/protocols/harmony.md.

use super::vocabulary::{Kind, Mark, Vocabulary, Word, Words};
pub use super::{event::EventName, request::RequestName};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $kind:ident in $field:ident { $($variant:ident = $slot:literal $mark:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each variant is the word beside it in the table")]
        pub enum $name {
            $($variant,)*
        }

        impl Word for $name {
            const KIND: Kind = Kind::$kind;
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn slot(self) -> &'static str {
                match self {
                    $(Self::$variant => $slot,)*
                }
            }

            fn mark(self) -> Mark {
                match self {
                    $(Self::$variant => Mark::$mark,)*
                }
            }

            fn index(self) -> usize {
                self as usize
            }

            fn vocabulary(words: &Words) -> &Vocabulary<Self> {
                &words.$field
            }
        }
    };
}

pub(super) use words;

words! {
    /// Keys of bodies.
    Key: Key in keys {
        Status = "key.control.status" Proposed,
        StatusMessage = "key.control.message" Proposed,
        Vendor = "key.capabilities.vendor" Proposed,
        Version = "key.capabilities.version" Proposed,
        CtiVendor = "key.capabilities.cti-vendor" Proposed,
        CtiVersion = "key.capabilities.cti-version" Proposed,
        Capabilities = "key.capabilities.capabilities" Proposed,
        AgentId = "key.agent.id" Proposed,
        AgentPassword = "key.agent.password" Proposed,
        AgentExtension = "key.agent.extension" Proposed,
        AgentFirstName = "key.agent.first-name" Proposed,
        AgentLastName = "key.agent.last-name" Proposed,
        CreateId = "key.create.id" Known,
        CreateNativeId = "key.create.nativeid" Known,
        CreateTarget = "key.create.target" Proposed,
        CreateType = "key.create.type" Proposed,
        CreateAgent = "key.create.agent" Proposed,
        NativeId = "key.native.nativeid" Known,
        NativeType = "key.native.type" Proposed,
        NativeName = "key.native.name" Proposed,
        SessionName = "key.session.name" Known,
        SessionChat = "key.session.chat" Known,
        SessionEmail = "key.session.email" Known,
        SessionCallback = "key.session.callback" Known,
        SessionGroups = "key.session.channel-groups" Proposed,
        SessionChannels = "key.session.channels" Proposed,
        GroupId = "key.group.id" Proposed,
        GroupName = "key.group.name" Proposed,
        GroupChannels = "key.group.channels" Known,
        ChannelEndPoint = "key.channel.end-point" Known,
        ChannelType = "key.channel.type" Known,
        ChannelLoginState = "key.channel.login-state" Proposed,
        ChannelAgentState = "key.channel.agent-state" Proposed,
        ChannelReasons = "key.channel.reasons" Proposed,
        ChannelInteractions = "key.channel.interactions" Proposed,
        ChannelOptions = "key.channel.options" Proposed,
        AvailabilityState = "key.agent-state.state" Proposed,
        AvailabilityReason = "key.agent-state.reason" Proposed,
        ReasonCode = "key.reason.code" Proposed,
        ReasonName = "key.reason.name" Proposed,
        Reason = "key.steer.reason" Proposed,
        InteractionId = "key.interaction.id" Proposed,
        InteractionType = "key.interaction.type" Proposed,
        InteractionState = "key.interaction.interaction-state" Known,
        InteractionData = "key.interaction.interaction-data" Known,
        Conversations = "key.interaction.conversations" Known,
        Primary = "key.conversations.primary" Known,
        Consult = "key.conversations.consult" Known,
        ConversationId = "key.leg.id" Known,
        Disposition = "key.complete.disposition" Proposed,
        ConversationState = "key.conversation.conversation-state" Proposed,
        ConversationDirection = "key.conversation.direction" Proposed,
        ConversationMembers = "key.conversation.members" Proposed,
        Member = "key.conversation.member" Proposed,
        MemberId = "key.member.id" Proposed,
        MemberName = "key.member.name" Proposed,
        Destination = "key.dial.destination" Known,
        BlindDestination = "key.blind.destination" Proposed,
        Digits = "key.dtmf.digits" Proposed,
    }
}

words! {
    /// The capabilities of a client (harmony.md §5): keys of the object `capabilities`.
    Capability: Key in capabilities {
        Dial = "key.capability.dial" Proposed,
        Consult = "key.capability.consult" Proposed,
        ConsultTransfer = "key.capability.consult-transfer" Proposed,
        ConsultConference = "key.capability.consult-conference" Proposed,
        Alternate = "key.capability.alternate" Proposed,
        BlindTransfer = "key.capability.blind-transfer" Proposed,
        BlindConference = "key.capability.blind-conference" Proposed,
        Dtmf = "key.capability.dtmf" Proposed,
        Hold = "key.capability.hold" Proposed,
        Ready = "key.capability.ready" Proposed,
        NotReadyReasons = "key.capability.notready-reasons" Proposed,
        InteractionData = "key.capability.interaction-data" Proposed,
        ModifyInteractionData = "key.capability.modify-interaction-data" Proposed,
        Chat = "key.capability.chat" Proposed,
        Email = "key.capability.email" Proposed,
        Callback = "key.capability.callback" Proposed,
    }
}

words! {
    /// The status of the client and its phone system (harmony.md §5).
    Status: Value in statuses {
        Starting = "status.STARTING" Proposed,
        Started = "status.STARTED" Proposed,
        Stopping = "status.STOPPING" Proposed,
        Stopped = "status.STOPPED" Proposed,
        Disconnected = "status.DISCONNECTED" Proposed,
    }
}

words! {
    /// The status of the server (harmony.md §5).
    ServerStatus: Value in server_statuses {
        Started = "server-status.STARTED" Proposed,
        Shutdown = "server-status.SHUTDOWN" Proposed,
    }
}

words! {
    /// The media type of a channel (harmony.md §7). Any other makes an unsupported channel (harmony.md §9.3).
    MediaType: Value in media_types {
        Telephony = "channel-type.TELEPHONY" Proposed,
        Chat = "channel-type.CHAT" Proposed,
        Email = "channel-type.EMAIL" Proposed,
        Callback = "channel-type.CALLBACK" Proposed,
    }
}

words! {
    /// The login state of a channel (harmony.md §4): nobody, somebody else, this agent.
    LoginState: Value in login_states {
        Inactive = "login-state.INACTIVE" Proposed,
        Unavailable = "login-state.UNAVAILABLE" Proposed,
        Active = "login-state.ACTIVE" Proposed,
    }
}

words! {
    /// The availability of an agent (harmony.md §8).
    Availability: Value in availabilities {
        Ready = "agent-state.READY" Proposed,
        NotReady = "agent-state.NOT_READY" Proposed,
    }
}

words! {
    /// The state of an interaction (harmony.md §10).
    InteractionState: Value in interaction_states {
        Alerting = "interaction-state.ALERTING" Known,
        Dialing = "interaction-state.DIALING" Known,
        Started = "interaction-state.STARTED" Known,
        Ended = "interaction-state.ENDED" Known,
        Completed = "interaction-state.COMPLETED" Known,
    }
}

words! {
    /// The state of a conversation (harmony.md §12).
    ConversationState: Value in conversation_states {
        Alerting = "conversation-state.ALERTING" Proposed,
        Dialing = "conversation-state.DIALING" Proposed,
        Talking = "conversation-state.TALKING" Proposed,
        Held = "conversation-state.HELD" Proposed,
        Ended = "conversation-state.ENDED" Proposed,
    }
}

words! {
    /// The direction of a conversation (harmony.md §12).
    Direction: Value in directions {
        Inbound = "direction.INBOUND" Proposed,
        Outbound = "direction.OUTBOUND" Proposed,
        Internal = "direction.INTERNAL" Proposed,
    }
}
