//! Bodies of responses.

use std::collections::BTreeSet;

use compact_str::CompactString;
use serde_json::Value;

use super::{
    body::{Body, Fault, Field, Object, Writer, field, object},
    vocabulary::Word,
    words::{Availability, Capability, ConversationState, Direction, InteractionState, Key, LoginState},
};

/// The capabilities of a client (harmony.md §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// The vendor of the client.
    pub vendor: CompactString,
    /// The version of the client.
    pub version: CompactString,
    /// The supported capabilities.
    pub can: BTreeSet<Capability>,
}

impl Object for Capabilities {
    /// Missing values: a client supports telephony and no other media (harmony.md §5).
    fn read(body: Body) -> Result<Self, Fault> {
        let capabilities = body.object(Key::Capabilities)?;
        let can = |capability: &Capability| {
            let capabilities =
                capabilities.and_then(|capabilities| capabilities.get(*capability)).and_then(Value::as_bool);
            capabilities.unwrap_or_else(|| capability.is_telephony())
        };
        Ok(Self {
            vendor: field!(read body, Vendor or default),
            version: field!(read body, Version or default),
            can: Capability::ALL.iter().copied().filter(can).collect(),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.put(Key::Vendor, self.vendor.as_str());
        writer.put(Key::Version, self.version.as_str());
        writer.put(Key::CtiVendor, self.vendor.as_str());
        writer.put(Key::CtiVersion, self.version.as_str());
        let mut capabilities = writer.again();
        Capability::ALL
            .iter()
            .for_each(|capability| capabilities.put(*capability, self.can.contains(capability)));
        writer.put(Key::Capabilities, capabilities.done());
    }
}

impl Capabilities {
    /// The capabilities of a client that does not report any: telephony (harmony.md §5).
    pub fn assumed() -> Self {
        let can = Capability::ALL.iter().copied().filter(|capability| capability.is_telephony()).collect();
        Self { vendor: CompactString::default(), version: CompactString::default(), can }
    }
}

impl Capability {
    /// Whether it is about telephony, and not about other media.
    pub fn is_telephony(self) -> bool {
        match self {
            Capability::Chat | Capability::Email | Capability::Callback => false,
            Capability::Dial
            | Capability::Consult
            | Capability::ConsultTransfer
            | Capability::ConsultConference
            | Capability::Alternate
            | Capability::BlindTransfer
            | Capability::BlindConference
            | Capability::Dtmf
            | Capability::Hold
            | Capability::Ready
            | Capability::NotReadyReasons
            | Capability::InteractionData
            | Capability::ModifyInteractionData => true,
        }
    }
}

object! {
    /// Information about an agent (harmony.md §5).
    Agent {
        /// The agent's ID.
        id: CompactString = AgentId,
        /// The first name, or the whole name if its parts are not known.
        first_name: Option<CompactString> = AgentFirstName,
        /// The last name.
        last_name: Option<CompactString> = AgentLastName,
        /// The agent's phone.
        extension: Option<CompactString> = AgentExtension,
    }
}

object! {
    /// The ID of a created object.
    Native {
        /// The client's ID of the object.
        id: Option<CompactString> = NativeId,
    }
}

object! {
    /// A channel in the list of its group (harmony.md §7).
    ChannelEntry {
        /// The client's ID of the channel: an extension for telephony.
        end_point: CompactString = ChannelEndPoint,
        /// The type, as on the wire. An unknown type makes an unsupported channel.
        kind: CompactString = ChannelType,
    }
}

object! {
    /// A channel group in the list of its session (harmony.md §6).
    GroupEntry {
        /// The client's ID of the group.
        id: CompactString = GroupId,
        /// The name of the group.
        name: CompactString = GroupName or default,
        /// The channels of the group.
        channels: Vec<ChannelEntry> = GroupChannels,
    }
}

object! {
    /// The state of a session (harmony.md §6). Channels outside groups are ignored, because it is not known how they are created.
    SessionInit {
        /// The channel groups; usually there is one.
        groups: Vec<GroupEntry> = SessionGroups,
    } with SessionChannels = Vec::<Value>::new()
}

object! {
    /// The state of a channel group (harmony.md §7).
    GroupInit {
        /// The channels of the group.
        channels: Vec<ChannelEntry> = GroupChannels,
    }
}

object! {
    /// The state of an agent at a channel (harmony.md §8).
    AgentState {
        /// Whether the agent is ready.
        availability: Availability = AvailabilityState,
        /// The reason for not being ready; empty if there is none.
        reason: CompactString = AvailabilityReason or default,
    }
}

object! {
    /// A reason for not being ready (harmony.md §8).
    ReasonEntry {
        /// The code of the reason.
        code: CompactString = ReasonCode,
        /// The name of the reason.
        name: CompactString = ReasonName or default,
    }
}

object! {
    /// An interaction in the list of its channel (harmony.md §8).
    InteractionEntry {
        /// The client's ID of the interaction.
        id: CompactString = InteractionId,
        /// The type of the interaction.
        kind: CompactString = InteractionType or default,
    }
}

object! {
    /// The state of a channel (harmony.md §8).
    ChannelInit {
        /// The login state.
        login: LoginState = ChannelLoginState,
        /// The state of the agent, if logged in.
        agent: Option<AgentState> = ChannelAgentState,
        /// The reasons for not being ready.
        reasons: Vec<ReasonEntry> = ChannelReasons,
        /// The interactions; none for an unsupported channel.
        interactions: Vec<InteractionEntry> = ChannelInteractions,
    }
}

object! {
    /// A conversation in the list of its interaction (harmony.md §10).
    ConversationEntry {
        /// The client's ID of the conversation.
        id: CompactString = ConversationId,
    }
}

object! {
    /// The conversations of an interaction (harmony.md §10, §11.1).
    #[derive(Default)]
    ConversationEntries {
        /// The leg with the customer: in `ALERTING`, `DIALING` and `STARTED`.
        primary: Option<ConversationEntry> = Primary,
        /// The leg with the consulted person: only in `STARTED`.
        consult: Option<ConversationEntry> = Consult,
    }
}

object! {
    /// The state of an interaction (harmony.md §10, §11.1).
    InteractionInit {
        /// The state of the interaction.
        state: InteractionState = InteractionState,
        /// The data, as on the wire.
        data: Value = InteractionData or default,
        /// The conversations.
        conversations: ConversationEntries = Conversations or default,
    }
}

object! {
    /// The data of an interaction (harmony.md §10).
    InteractionData {
        /// The data, as on the wire.
        data: Value = InteractionData,
    }
}

object! {
    /// Another party of a conversation (harmony.md §12).
    Member {
        /// The number or extension; empty if withheld.
        id: CompactString = MemberId,
        /// The name.
        name: Option<CompactString> = MemberName,
    }
}

object! {
    /// The state of a conversation (harmony.md §12).
    ConversationInit {
        /// The state of the conversation.
        state: ConversationState = ConversationState,
        /// The direction; `None` if it is not known.
        direction: Option<Direction> = ConversationDirection,
        /// The other parties.
        members: Vec<Member> = ConversationMembers,
    }
}
