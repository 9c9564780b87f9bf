//! Bodies of responses.

use std::collections::BTreeSet;

use compact_str::CompactString;
use serde_json::Value;

use super::{
    body::{Body, Fault, Writer},
    vocabulary::{Word, Words},
    words::{Availability, Capability, ConversationState, Direction, InteractionState, Key, LoginState},
};

/// What a client is and can do (§5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Who made the client.
    pub vendor: CompactString,
    /// Which version it is.
    pub version: CompactString,
    /// What it can do.
    pub can: BTreeSet<Capability>,
}

impl Capabilities {
    /// Reads one. What is not said a client of telephony can, and of other media it cannot (§5).
    pub fn read(body: Body) -> Result<Self, Fault> {
        let said = body.object(Key::Capabilities)?;
        let can = |capability: &Capability| {
            let said = said.and_then(|said| said.get(*capability)).and_then(Value::as_bool);
            said.unwrap_or_else(|| is_telephony(*capability))
        };
        Ok(Self {
            vendor: body.text_if(Key::Vendor)?.unwrap_or_default(),
            version: body.text_if(Key::Version)?.unwrap_or_default(),
            can: Capability::ALL.iter().copied().filter(can).collect(),
        })
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        let said = Capability::ALL.iter().fold(Writer::new(words), |writer, capability| {
            writer.put(*capability, self.can.contains(capability))
        });
        Writer::new(words)
            .text(Key::Vendor, &self.vendor)
            .text(Key::Version, &self.version)
            .text(Key::CtiVendor, &self.vendor)
            .text(Key::CtiVersion, &self.version)
            .put(Key::Capabilities, said.done())
            .done()
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

/// Who an agent is (§5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The id.
    pub id: CompactString,
    /// The name, as a whole where it is not known in parts.
    pub first_name: Option<CompactString>,
    /// The family name.
    pub last_name: Option<CompactString>,
    /// The phone.
    pub extension: Option<CompactString>,
}

impl Agent {
    /// Reads one.
    pub fn read(body: Body) -> Result<Self, Fault> {
        Ok(Self {
            id: body.text(Key::AgentId)?,
            first_name: body.filled(Key::AgentFirstName)?,
            last_name: body.filled(Key::AgentLastName)?,
            extension: body.filled(Key::AgentExtension)?,
        })
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        Writer::new(words)
            .text(Key::AgentId, &self.id)
            .text_if(Key::AgentFirstName, self.first_name.as_ref())
            .text_if(Key::AgentLastName, self.last_name.as_ref())
            .text_if(Key::AgentExtension, self.extension.as_ref())
            .done()
    }
}

/// The client's id of something that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Native(pub Option<CompactString>);

impl Native {
    /// Reads one.
    pub fn read(body: Body) -> Result<Self, Fault> {
        body.filled(Key::NativeId).map(Self)
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        Writer::new(words).text_if(Key::NativeId, self.0.as_ref()).done()
    }
}

/// A channel as its group lists it (§7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelEntry {
    /// The client's id of it; an extension for telephony.
    pub end_point: CompactString,
    /// Its type, as it stands on the wire: one that is not known makes an unsupported channel.
    pub kind: CompactString,
}

impl ChannelEntry {
    pub(super) fn read(body: Body) -> Result<Self, Fault> {
        Ok(Self { end_point: body.text(Key::ChannelEndPoint)?, kind: body.text(Key::ChannelType)? })
    }

    pub(super) fn write<'a>(&self, writer: Writer<'a>) -> Writer<'a> {
        writer.text(Key::ChannelEndPoint, &self.end_point).text(Key::ChannelType, &self.kind)
    }

    pub(super) fn print(&self, words: &Words) -> Value {
        self.write(Writer::new(words)).done()
    }
}

/// A channel group as its session lists it (§6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupEntry {
    /// The client's id of it.
    pub id: CompactString,
    /// Its name.
    pub name: CompactString,
    /// What is in it.
    pub channels: Vec<ChannelEntry>,
}

/// What an agent works with, once logged in (§6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInit {
    /// Groups of channels; a single one, as a rule.
    pub groups: Vec<GroupEntry>,
}

impl SessionInit {
    /// Reads one. Channels outside groups are passed over: nothing is known of how they are created.
    pub fn read(body: Body) -> Result<Self, Fault> {
        let entry = |body: Body| {
            Ok(GroupEntry {
                id: body.text(Key::GroupId)?,
                name: body.text_if(Key::GroupName)?.unwrap_or_default(),
                channels: body.list(Key::GroupChannels, ChannelEntry::read)?,
            })
        };
        Ok(Self { groups: body.list(Key::SessionGroups, entry)? })
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        let entry = |words, group: &GroupEntry| {
            let writer = Writer::new(words).text(Key::GroupId, &group.id).text(Key::GroupName, &group.name);
            writer.list(Key::GroupChannels, &group.channels, |words, channel| channel.print(words)).done()
        };
        let writer = Writer::new(words).list(Key::SessionGroups, &self.groups, entry);
        writer.put(Key::SessionChannels, Vec::<Value>::new()).done()
    }
}

/// The channels of a group (§7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupInit(pub Vec<ChannelEntry>);

impl GroupInit {
    /// Reads one.
    pub fn read(body: Body) -> Result<Self, Fault> {
        body.list(Key::GroupChannels, ChannelEntry::read).map(Self)
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        Writer::new(words).list(Key::GroupChannels, &self.0, |words, channel| channel.print(words)).done()
    }
}

/// How an agent stands at a channel (§8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentState {
    /// Whether the agent takes calls.
    pub availability: Availability,
    /// Why not.
    pub reason: Option<CompactString>,
}

/// An interaction as its channel lists it (§8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InteractionEntry {
    /// The client's id of it.
    pub id: CompactString,
    /// Its type.
    pub kind: CompactString,
}

/// How a channel stands (§8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelInit {
    /// Who is logged in.
    pub login: LoginState,
    /// How the agent stands, when logged in.
    pub agent: Option<AgentState>,
    /// Why an agent may be not ready: code and name.
    pub reasons: Vec<(CompactString, CompactString)>,
    /// What goes on; nothing for an unsupported channel.
    pub interactions: Vec<InteractionEntry>,
}

impl ChannelInit {
    /// Reads one.
    pub fn read(body: Body) -> Result<Self, Fault> {
        let agent = |body: Body| {
            let availability = body.word(Key::AvailabilityState)?;
            Ok(AgentState { availability, reason: body.filled(Key::AvailabilityReason)? })
        };
        let reason = |body: Body| {
            Ok((body.text(Key::ReasonCode)?, body.text_if(Key::ReasonName)?.unwrap_or_default()))
        };
        let interaction = |body: Body| {
            let kind = body.text_if(Key::InteractionType)?.unwrap_or_default();
            Ok(InteractionEntry { id: body.text(Key::InteractionId)?, kind })
        };
        Ok(Self {
            login: body.word(Key::ChannelLoginState)?,
            agent: body.object(Key::ChannelAgentState)?.map(agent).transpose()?,
            reasons: body.list(Key::ChannelReasons, reason)?,
            interactions: body.list(Key::ChannelInteractions, interaction)?,
        })
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        let reason = |words, (code, name): &(CompactString, CompactString)| {
            Writer::new(words).text(Key::ReasonCode, code).text(Key::ReasonName, name).done()
        };
        let interaction = |words, entry: &InteractionEntry| {
            let writer = Writer::new(words).text(Key::InteractionId, &entry.id);
            writer.text(Key::InteractionType, &entry.kind).done()
        };
        let mut writer = Writer::new(words).word(Key::ChannelLoginState, self.login);
        if let Some(agent) = &self.agent {
            let inner = writer.again().word(Key::AvailabilityState, agent.availability);
            let inner = inner.text(Key::AvailabilityReason, agent.reason.as_deref().unwrap_or_default());
            writer = writer.put(Key::ChannelAgentState, inner.done());
        }
        let writer = writer.list(Key::ChannelReasons, &self.reasons, reason);
        writer.list(Key::ChannelInteractions, &self.interactions, interaction).done()
    }
}

/// How an interaction stands (§10, §11.1).
#[derive(Debug, Clone, PartialEq)]
pub struct InteractionInit {
    /// Where it is in its life.
    pub state: InteractionState,
    /// Its data, as it stands on the wire.
    pub data: Value,
    /// The client's id of the leg with the customer: in `ALERTING`, `DIALING` and `STARTED`.
    pub primary: Option<CompactString>,
    /// The client's id of the leg with the one asked: only in `STARTED`.
    pub consult: Option<CompactString>,
}

impl InteractionInit {
    /// Reads one.
    pub fn read(body: Body) -> Result<Self, Fault> {
        let legs = body.object(Key::Conversations)?;
        let leg = |key| {
            let leg = legs.map(|legs| legs.object(key)).transpose()?.flatten();
            leg.map(|leg| leg.text(Key::ConversationId)).transpose()
        };
        Ok(Self {
            state: body.word(Key::InteractionState)?,
            data: body.get(Key::InteractionData).cloned().unwrap_or_default(),
            primary: leg(Key::Primary)?,
            consult: leg(Key::Consult)?,
        })
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        let leg = |writer: Writer<'_>, id: &CompactString| writer.text(Key::ConversationId, id).done();
        let mut legs = Writer::new(words);
        if let Some(id) = &self.primary {
            let primary = leg(legs.again(), id);
            legs = legs.put(Key::Primary, primary);
        }
        if let Some(id) = &self.consult {
            let consult = leg(legs.again(), id);
            legs = legs.put(Key::Consult, consult);
        }
        let writer = Writer::new(words).word(Key::InteractionState, self.state);
        writer.put(Key::InteractionData, self.data.clone()).put(Key::Conversations, legs.done()).done()
    }
}

/// The data of an interaction, as it stands on the wire (§10).
#[derive(Debug, Clone, PartialEq)]
pub struct InteractionData(pub Value);

impl InteractionData {
    /// Reads one.
    pub fn read(body: Body) -> Result<Self, Fault> {
        let data = body.get(Key::InteractionData).cloned();
        data.map(Self).ok_or_else(|| body.missing(Key::InteractionData))
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        Writer::new(words).put(Key::InteractionData, self.0.clone()).done()
    }
}

/// Another party of a conversation (§12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Number or extension; empty where it is withheld.
    pub id: CompactString,
    /// A name.
    pub name: Option<CompactString>,
}

impl Member {
    pub(super) fn read(body: Body) -> Result<Self, Fault> {
        Ok(Self { id: body.text(Key::MemberId)?, name: body.filled(Key::MemberName)? })
    }

    pub(super) fn print(&self, words: &Words) -> Value {
        let writer = Writer::new(words).text(Key::MemberId, &self.id);
        writer.text_if(Key::MemberName, self.name.as_ref()).done()
    }
}

/// How a conversation stands (§12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationInit {
    /// Where it is in its life.
    pub state: ConversationState,
    /// Who began; nobody says where it is not known.
    pub direction: Option<Direction>,
    /// The others in it.
    pub members: Vec<Member>,
}

impl ConversationInit {
    /// Reads one.
    pub fn read(body: Body) -> Result<Self, Fault> {
        let direction = body.filled(Key::ConversationDirection)?;
        Ok(Self {
            state: body.word(Key::ConversationState)?,
            direction: direction.and_then(|text| body.words.find(&text)),
            members: body.list(Key::ConversationMembers, Member::read)?,
        })
    }

    /// Its body.
    pub fn print(&self, words: &Words) -> Value {
        let mut writer = Writer::new(words).word(Key::ConversationState, self.state);
        if let Some(direction) = self.direction {
            writer = writer.word(Key::ConversationDirection, direction);
        }
        writer.list(Key::ConversationMembers, &self.members, |words, member| member.print(words)).done()
    }
}
