//! One agent's piece of work with one customer, and its one or two legs.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountName, AgentId, CallId, Card, Cause, Contact, ConversationId, Data, DeviceId, DispositionCode,
    InteractionId, LinkageId, LogEntry, Number, Party, Pop, QueueId, SwitchId, Timestamp,
};

/// Where an interaction is in its life.
///
/// ```text
/// alerting ─┐
///           ├─► started ─► ended ─► completed
/// dialing ──┘                ▲
///    └───────────────────────┘  never answered
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InteractionState {
    /// Rings at the agent.
    Alerting,
    /// The agent's call rings elsewhere.
    Dialing,
    /// Was answered.
    Started,
    /// No conversation is left.
    Ended,
    /// Nothing is left to do.
    Completed,
}

impl InteractionState {
    /// Whether a call is going on or about to.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Alerting | Self::Dialing | Self::Started)
    }
}

/// Who began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Somebody outside called.
    Inbound,
    /// The agent called somebody outside.
    Outbound,
    /// Both are at phones of the floor.
    Internal,
}

/// Which leg of an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// With the customer.
    Primary,
    /// With whom the agent asks meanwhile.
    Consult,
}

/// Where a conversation is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConversationState {
    /// Rings at the agent.
    Alerting,
    /// Rings at the other end.
    Dialing,
    /// Connected.
    Talking,
    /// Connected, parked by the agent.
    Held,
    /// Over.
    Ended,
}

/// One leg of an interaction: the agent's connection to one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    /// Its id; of a primary leg the interaction's.
    pub id: ConversationId,
    /// The switch's call behind it.
    pub call: CallId,
    /// Where it is in its life.
    pub state: ConversationState,
    /// Whether the other end has been heard to ring, for a call that the agent dialled.
    #[serde(default)]
    pub delivered: bool,
    /// The others in the call.
    pub parties: Vec<Party>,
    /// When it last began to talk: the later of two says which is the active one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talking_at: Option<Timestamp>,
}

/// A recording of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recording {
    /// Its name at the switch, by which its file is found.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// When it was first heard of.
    pub at: Timestamp,
}

/// One agent's piece of work with one customer, as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Interaction {
    /// Its id.
    pub id: InteractionId,
    /// A small id for peers whose ids are integers: unique, rising from 1, below 2^53.
    pub number: u64,
    /// Shared with the interactions that grew out of the same customer call.
    pub linkage: LinkageId,
    /// Whose it is.
    pub agent: AgentId,
    /// The agent's phone.
    pub device: DeviceId,
    /// The switch that carries its calls; none when a desk opened it without a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<SwitchId>,
    /// Who began.
    pub direction: Direction,
    /// The queue it came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The other end.
    pub customer: Party,
    /// The number that the caller dialled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialled: Option<Number>,
    /// Where it is in its life.
    pub state: InteractionState,
    /// When it was first seen.
    pub opened_at: Timestamp,
    /// When it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When its last conversation was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Who forced its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forced_by: Option<AccountName>,
    /// The leg with the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<Conversation>,
    /// The leg with whom the agent asks meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consult: Option<Conversation>,
    /// The customer cannot hear the agent.
    #[serde(default)]
    pub muted: bool,
    /// The recording is paused.
    #[serde(default)]
    pub masked: bool,
    /// The call is being recorded.
    #[serde(default)]
    pub recording: bool,
    /// Data of the call.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
    /// Who the directory says it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Who it may be, where several contacts of the directory have the number: one is to be chosen by `set-contact`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Contact>,
    /// The directory is being asked who it is; `contact-resolved` follows within 250 ms. A desk that shows a record when a call rings waits for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contact_pending: bool,
    /// How a desk wants it shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// Records that were to be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pops: Vec<Pop>,
    /// What was written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<LogEntry>,
    /// The switch's calls that its legs were behind, in the order in which they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<CallId>,
    /// Recordings of these calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recordings: Vec<Recording>,
    /// The draft of the notes. Of a completed interaction the summary has the notes, and this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The draft of the disposition. Of a completed interaction the summary has the disposition, and this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<DispositionCode>,
}

impl Interaction {
    /// One of its legs.
    pub fn leg(&self, leg: Leg) -> Option<&Conversation> {
        match leg {
            Leg::Primary => self.primary.as_ref(),
            Leg::Consult => self.consult.as_ref(),
        }
    }

    /// Its legs, the primary one first.
    pub fn conversations(&self) -> impl Iterator<Item = (Leg, &Conversation)> {
        let primary = self.primary.iter().map(|conversation| (Leg::Primary, conversation));
        primary.chain(self.consult.iter().map(|conversation| (Leg::Consult, conversation)))
    }

    /// The leg that talks, or else the one that talked last, or else the primary one.
    pub fn active(&self) -> Option<Leg> {
        let talked = self.conversations().max_by_key(|(leg, conversation)| {
            let talks = conversation.state == ConversationState::Talking;
            (talks, conversation.talking_at, *leg == Leg::Primary)
        });
        talked.map(|(leg, _)| leg)
    }

    /// Whether somebody called the agent: from outside, or from another phone of the floor.
    pub fn is_incoming(&self) -> bool {
        match self.direction {
            Direction::Inbound => true,
            Direction::Outbound => false,
            Direction::Internal => self.dialled.is_some(),
        }
    }

    /// A pair of its data, or else of its contact's.
    pub fn pair(&self, name: &str) -> Option<&str> {
        let contact = || self.contact.as_ref().and_then(|contact| contact.data.get(name));
        self.data.get(name).or_else(contact)
    }

    /// Whether a pop asks for a log entry and none was written yet.
    pub fn needs_log(&self) -> bool {
        self.logs.is_empty() && self.pops.iter().any(|pop| pop.log_required)
    }
}

/// What history keeps of an interaction when nothing is left to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InteractionSummary {
    /// The interaction as it was at the end.
    pub interaction: Interaction,
    /// When it was completed.
    pub completed_at: Timestamp,
    /// How it turned out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<DispositionCode>,
    /// What the agent noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn a_call_between_phones_came_in_where_it_was_dialed_to() {
        let incoming = |direction: &str, dialled: Option<&str>| {
            let id = uuid::Uuid::from_u128(1);
            let interaction = serde_json::json!({
                "id": id, "number": 1, "linkage": id, "agent": "1001", "device": "1001", "direction": direction,
                "customer": {"at": "withheld"}, "dialled": dialled, "state": "started", "opened_at": 1,
            });
            serde_json::from_value::<Interaction>(interaction).unwrap().is_incoming()
        };
        assert!(incoming("inbound", None) && incoming("internal", Some("1001")));
        assert!(!incoming("internal", None) && !incoming("outbound", Some("7700")));
    }
}
