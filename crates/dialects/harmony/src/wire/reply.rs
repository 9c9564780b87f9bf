//! Bodies of responses.

use std::collections::BTreeSet;

use compact_str::CompactString;
use serde_json::Value;

use super::{
    body::{Body, Fault, Field, Object, Writer, field, object},
    vocabulary::Word,
    words::{Availability, Capability, ConversationState, Direction, InteractionState, Key, LoginState},
};

/// What a client is and can do (harmony.md §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Who made the client.
    pub vendor: CompactString,
    /// Which version it is.
    pub version: CompactString,
    /// What it can do.
    pub can: BTreeSet<Capability>,
}

impl Object for Capabilities {
    /// What is not said a client of telephony can, and of other media it cannot (harmony.md §5).
    fn read(body: Body) -> Result<Self, Fault> {
        let said = body.object(Key::Capabilities)?;
        let can = |capability: &Capability| {
            let said = said.and_then(|said| said.get(*capability)).and_then(Value::as_bool);
            said.unwrap_or_else(|| is_telephony(*capability))
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
        let mut said = writer.again();
        Capability::ALL.iter().for_each(|capability| said.put(*capability, self.can.contains(capability)));
        writer.put(Key::Capabilities, said.done());
    }
}

fn is_telephony(capability: Capability) -> bool {
    match capability {
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

object! {
    /// Who an agent is (harmony.md §5).
    Agent {
        /// The id.
        id: CompactString = AgentId,
        /// The name, as a whole where it is not known in parts.
        first_name: Option<CompactString> = AgentFirstName,
        /// The family name.
        last_name: Option<CompactString> = AgentLastName,
        /// The phone.
        extension: Option<CompactString> = AgentExtension,
    }
}

object! {
    /// Something that was made.
    Native {
        /// The client's id of it.
        id: Option<CompactString> = NativeId,
    }
}

object! {
    /// A channel as its group lists it (harmony.md §7).
    ChannelEntry {
        /// The client's id of it; an extension for telephony.
        end_point: CompactString = ChannelEndPoint,
        /// Its type, as it stands on the wire: one that is not known makes an unsupported channel.
        kind: CompactString = ChannelType,
    }
}

object! {
    /// A channel group as its session lists it (harmony.md §6).
    GroupEntry {
        /// The client's id of it.
        id: CompactString = GroupId,
        /// Its name.
        name: CompactString = GroupName or default,
        /// What is in it.
        channels: Vec<ChannelEntry> = GroupChannels,
    }
}

object! {
    /// What an agent works with, once logged in (harmony.md §6). Channels outside groups are passed over: nothing is known of how they are created.
    SessionInit {
        /// Groups of channels; a single one, as a rule.
        groups: Vec<GroupEntry> = SessionGroups,
    } with SessionChannels = Vec::<Value>::new()
}

object! {
    /// How a channel group stands (harmony.md §7).
    GroupInit {
        /// What is in it.
        channels: Vec<ChannelEntry> = GroupChannels,
    }
}

object! {
    /// How an agent stands at a channel (harmony.md §8).
    AgentState {
        /// Whether the agent takes calls.
        availability: Availability = AvailabilityState,
        /// Why not; empty where no reason is given.
        reason: CompactString = AvailabilityReason or default,
    }
}

object! {
    /// Why an agent may be not ready (harmony.md §8).
    ReasonEntry {
        /// Its code.
        code: CompactString = ReasonCode,
        /// Its name.
        name: CompactString = ReasonName or default,
    }
}

object! {
    /// An interaction as its channel lists it (harmony.md §8).
    InteractionEntry {
        /// The client's id of it.
        id: CompactString = InteractionId,
        /// Its type.
        kind: CompactString = InteractionType or default,
    }
}

object! {
    /// How a channel stands (harmony.md §8).
    ChannelInit {
        /// Who is logged in.
        login: LoginState = ChannelLoginState,
        /// How the agent stands, when logged in.
        agent: Option<AgentState> = ChannelAgentState,
        /// Why an agent may be not ready.
        reasons: Vec<ReasonEntry> = ChannelReasons,
        /// What goes on; nothing for an unsupported channel.
        interactions: Vec<InteractionEntry> = ChannelInteractions,
    }
}

object! {
    /// A conversation as its interaction lists it (harmony.md §10).
    ConversationEntry {
        /// The client's id of it.
        id: CompactString = ConversationId,
    }
}

object! {
    /// The conversations of an interaction (harmony.md §10, §11.1).
    #[derive(Default)]
    ConversationEntries {
        /// The leg with the customer: in `ALERTING`, `DIALING` and `STARTED`.
        primary: Option<ConversationEntry> = Primary,
        /// The leg with the one asked: only in `STARTED`.
        consult: Option<ConversationEntry> = Consult,
    }
}

object! {
    /// How an interaction stands (harmony.md §10, §11.1).
    InteractionInit {
        /// Where it is in its life.
        state: InteractionState = InteractionState,
        /// Its data, as it stands on the wire.
        data: Value = InteractionData or default,
        /// Its legs.
        conversations: ConversationEntries = Conversations or default,
    }
}

object! {
    /// The data of an interaction (harmony.md §10).
    InteractionData {
        /// As it stands on the wire.
        data: Value = InteractionData,
    }
}

object! {
    /// Another party of a conversation (harmony.md §12).
    Member {
        /// Number or extension; empty where it is withheld.
        id: CompactString = MemberId,
        /// A name.
        name: Option<CompactString> = MemberName,
    }
}

object! {
    /// How a conversation stands (harmony.md §12).
    ConversationInit {
        /// Where it is in its life.
        state: ConversationState = ConversationState,
        /// Who began; nobody says where it is not known.
        direction: Option<Direction> = ConversationDirection,
        /// The others in it.
        members: Vec<Member> = ConversationMembers,
    }
}
