//! An interaction: one agent's work with one customer, with one or two legs.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountName, AgentId, CallId, Card, Cause, Contact, ConversationId, Data, DeviceId, DispositionCode,
    InteractionId, LinkageId, LogEntry, Number, Party, Pop, QueueId, SwitchId, Timestamp,
};

/// The state of an interaction.
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
    /// The call rings at the agent's phone.
    Alerting,
    /// The agent dialed, and the called phone has not answered.
    Dialing,
    /// The call was answered.
    Started,
    /// All conversations have ended; wrap-up remains.
    Ended,
    /// The interaction is finished.
    Completed,
}

impl InteractionState {
    /// Whether a call is in progress or about to start.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Alerting | Self::Dialing | Self::Started)
    }
}

/// The direction of the first call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// A caller outside called.
    Inbound,
    /// The agent called a number outside.
    Outbound,
    /// Both parties use phones of the floor.
    Internal,
}

/// A leg of an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// The leg with the customer.
    Primary,
    /// The leg with the person whom the agent consults.
    Consult,
}

/// The state of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConversationState {
    /// The call rings at the agent's phone.
    Alerting,
    /// The agent dialed, and the called phone has not answered.
    Dialing,
    /// The agent is connected.
    Talking,
    /// The agent put the call on hold.
    Held,
    /// The conversation has ended.
    Ended,
}

/// One leg of an interaction: the agent's connection to one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    /// The ID of the conversation. A primary leg has the ID of its interaction.
    pub id: ConversationId,
    /// The call at the switch.
    pub call: CallId,
    /// The state of the conversation.
    pub state: ConversationState,
    /// For a call that the agent dialed: whether the called phone rings.
    #[serde(default)]
    pub delivered: bool,
    /// The other parties in the call.
    pub parties: Vec<Party>,
    /// When the conversation last became `talking`. The active leg is the one with the later time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talking_at: Option<Timestamp>,
}

/// A recording of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recording {
    /// The name of the recording at the switch. It identifies the file.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// When the hub first learned of the recording.
    pub at: Timestamp,
}

/// An interaction: one agent's work with one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Interaction {
    /// The ID of the interaction.
    pub id: InteractionId,
    /// A small ID for peers that require integers: unique, ascending from 1, below 2^53.
    pub number: u64,
    /// The ID that all interactions share that grew out of the same customer call.
    pub linkage: LinkageId,
    /// The agent.
    pub agent: AgentId,
    /// The agent's phone.
    pub device: DeviceId,
    /// The switch that carries the calls; absent when a desk opened the interaction without a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<SwitchId>,
    /// The direction of the first call.
    pub direction: Direction,
    /// The queue that the call came from; absent when it did not come from a queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The customer: the party at the other end.
    pub customer: Party,
    /// How often the customer has changed, by transfers and conferences. A desk shows a record once for each customer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub customer_changes: u32,
    /// Who the agent transferred the customer to; absent when the agent did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred_to: Option<Party>,
    /// The other parties of the conference; empty when there was none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conference: Vec<Party>,
    /// How long the customer was on hold until now, without a present hold. Milliseconds.
    #[serde(default, skip_serializing_if = "is_zero_ms")]
    pub held_ms: u64,
    /// When the present hold of the customer began; absent when the customer is not on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_at: Option<Timestamp>,
    /// The number that the caller dialed; absent when it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialled: Option<Number>,
    /// The state of the interaction.
    pub state: InteractionState,
    /// When the interaction was opened.
    pub opened_at: Timestamp,
    /// When the call was answered; absent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When the last conversation ended; absent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Why the interaction ended; absent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The account that forced the end; absent when nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forced_by: Option<AccountName>,
    /// The leg with the customer; absent when it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<Conversation>,
    /// The leg with the consulted person; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consult: Option<Conversation>,
    /// Whether the agent is muted.
    #[serde(default)]
    pub muted: bool,
    /// Whether the recording is paused.
    #[serde(default)]
    pub masked: bool,
    /// Whether the call is being recorded.
    #[serde(default)]
    pub recording: bool,
    /// The call data.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
    /// The contact, set by the directory or by a desk; absent when it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The contacts that share the caller's number. Choose one of them with `set-contact`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Contact>,
    /// Whether the directory is looking up the caller. `contact-resolved` follows within 250 ms. Desks that open a
    /// record when a call rings wait for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contact_pending: bool,
    /// How a desk asked to display the contact; absent when no desk did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The records that were sent to the desk (screen pops).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pops: Vec<Pop>,
    /// The log entries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<LogEntry>,
    /// The calls at the switch that the legs have used, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<CallId>,
    /// The recordings of these calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recordings: Vec<Recording>,
    /// The draft of the notes. Absent when there is none and after completion, when the summary has the notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The draft of the disposition. Absent when there is none and after completion, when the summary has the
    /// disposition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<DispositionCode>,
}

/// Whether a number is left out of the JSON.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Whether a duration is left out of the JSON.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero_ms(ms: &u64) -> bool {
    *ms == 0
}

impl Interaction {
    /// Returns one leg.
    pub fn leg(&self, leg: Leg) -> Option<&Conversation> {
        match leg {
            Leg::Primary => self.primary.as_ref(),
            Leg::Consult => self.consult.as_ref(),
        }
    }

    /// Iterates over the legs, the primary leg first.
    pub fn conversations(&self) -> impl Iterator<Item = (Leg, &Conversation)> {
        let primary = self.primary.iter().map(|conversation| (Leg::Primary, conversation));
        primary.chain(self.consult.iter().map(|conversation| (Leg::Consult, conversation)))
    }

    /// The active leg: the one that is talking, otherwise the one that talked last, otherwise the primary leg.
    pub fn active(&self) -> Option<Leg> {
        let talked = self.conversations().max_by_key(|(leg, conversation)| {
            let talks = conversation.state == ConversationState::Talking;
            (talks, conversation.talking_at, *leg == Leg::Primary)
        });
        talked.map(|(leg, _)| leg)
    }

    /// Whether the agent was called, by a caller outside or from another phone of the floor.
    pub fn is_incoming(&self) -> bool {
        match self.direction {
            Direction::Inbound => true,
            Direction::Outbound => false,
            Direction::Internal => self.dialled.is_some(),
        }
    }

    /// Looks up a name in the call data, then in the data of the contact.
    pub fn pair(&self, name: &str) -> Option<&str> {
        let contact = || self.contact.as_ref().and_then(|contact| contact.data.get(name));
        self.data.get(name).or_else(contact)
    }

    /// Whether a screen pop requires a log entry and none was written yet.
    pub fn needs_log(&self) -> bool {
        self.logs.is_empty() && self.pops.iter().any(|pop| pop.log_required)
    }
}

/// The record of a completed interaction that the history keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InteractionSummary {
    /// The interaction at its end.
    pub interaction: Interaction,
    /// When it was completed.
    pub completed_at: Timestamp,
    /// The disposition; absent when none was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<DispositionCode>,
    /// The agent's notes; absent when there are none.
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
