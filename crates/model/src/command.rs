//! Commands: what clients can ask the core to do.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AgentId, Card, CommandId, Contact, Data, DeviceId, Digits, DispositionCode, InteractionId, Leg, Number,
    Principal, QueueId, ReasonCode, Timestamp,
};

/// A command: who asks for what, for which agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The ID of the command. A command that is sent again with the same ID is carried out only once.
    pub id: CommandId,
    /// The account that sends the command.
    pub by: Principal,
    /// The agent that the command is for.
    pub agent: AgentId,
    /// The interaction that the command is about. When absent, the agent's only interaction for which the verb is
    /// possible.
    pub interaction: Option<InteractionId>,
    /// The verb and its parameters.
    pub verb: Verb,
}

/// A verb and its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "verb", rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Verb {
    /// Sign in an agent. An agent who is signed in moves to the phone and the queues, and keeps the agent state. Signing
    /// in again with the same phone and queues changes nothing, unless the switch refused the agent; then the hub asks
    /// the switch again.
    SignIn {
        /// The phone to use; the agent's default phone when absent.
        #[serde(default)]
        device: Option<DeviceId>,
        /// The queues whose calls to take; the agent's default queues when absent.
        #[serde(default)]
        queues: Option<Vec<QueueId>>,
    },
    /// Sign out. During a call, the agent is signed out after the call.
    SignOut {
        /// Why the agent signs out.
        #[serde(default)]
        reason: Option<ReasonCode>,
    },
    /// Accept calls from queues. While the agent is busy, this sets the next state. In wrap-up, it also completes the
    /// interaction.
    Ready,
    /// Accept no calls from queues. While the agent is busy, this sets the next state. In wrap-up, it also completes
    /// the interaction.
    NotReady {
        /// Why the agent is not ready.
        #[serde(default)]
        reason: Option<ReasonCode>,
    },
    /// Start an outbound call.
    Dial {
        /// The number to call.
        to: Number,
        /// Data for the call.
        #[serde(default)]
        data: Data,
    },
    /// Answer a ringing call.
    Answer,
    /// Reject a ringing call.
    Reject,
    /// Leave a call.
    #[serde(alias = "release")]
    HangUp {
        /// The leg to hang up. When absent: the primary leg, and the consult leg if there is one.
        #[serde(default)]
        leg: Option<Leg>,
    },
    /// End an interaction that the switch no longer reports. The hub closes all legs and still asks the switch to hang
    /// up. Supervisors, admins and integrations can use it at any time; an agent only after `hang-up` had no effect.
    ForceEnd,
    /// Put a leg on hold.
    Hold {
        /// The leg to hold; the active leg when absent.
        #[serde(default)]
        leg: Option<Leg>,
    },
    /// Take a leg off hold. While the agent talks on another call, the two are swapped, if the switch supports it.
    #[serde(alias = "retrieve")]
    Resume {
        /// The leg to resume; the only held leg when absent.
        #[serde(default)]
        leg: Option<Leg>,
    },
    /// Turn the agent's microphone off or on.
    Mute {
        /// Whether to mute.
        on: bool,
    },
    /// Pause or resume the recording.
    Mask {
        /// Whether to pause.
        on: bool,
    },
    /// Start recording.
    Record,
    /// Send DTMF tones.
    SendDigits {
        /// The digits to send.
        digits: Digits,
    },
    /// Send the customer to another number without talking to anyone there first (blind transfer).
    Transfer {
        /// The number to transfer to.
        to: Number,
    },
    /// Call another person while the customer is on hold.
    Consult {
        /// The number to call.
        to: Number,
        /// Data for the new call.
        #[serde(default)]
        data: Data,
    },
    /// Switch between the customer and the consulted person.
    Alternate,
    /// Connect the customer with the consulted person and leave.
    CompleteTransfer,
    /// Connect the customer, the consulted person and the agent.
    #[serde(alias = "complete-conference")]
    Merge,
    /// Hang up the consultation and return to the customer.
    CancelConsult,
    /// Set or remove pairs of the call data.
    SetData {
        /// The pairs to set.
        #[serde(default)]
        set: Data,
        /// The names of the pairs to remove.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        unset: Vec<CompactString>,
    },
    /// Set or remove the contact of the interaction.
    SetContact {
        /// The contact; null removes it.
        contact: Option<Contact>,
    },
    /// Change how the contact is displayed. A field that is absent stays; an empty field is reset.
    SetCard {
        /// The display name and picture.
        #[serde(flatten)]
        card: Card,
    },
    /// Add a log entry.
    Log {
        /// What the entry is about.
        #[serde(default)]
        #[schema(value_type = String)]
        subject: CompactString,
        /// What was said or done.
        #[serde(default)]
        text: String,
        /// Additional fields, with names that the desk chooses.
        #[serde(default)]
        fields: Data,
    },
    /// Set the draft of the notes and of the disposition. A field that is absent stays; an empty field is cleared. When
    /// the interaction is completed, the draft is kept unless `complete` gives other values. Also possible for one
    /// minute after completion.
    SetNotes {
        /// The notes.
        #[serde(default)]
        notes: Option<String>,
        /// The code of the disposition.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        disposition: Option<CompactString>,
    },
    /// Finish an interaction after wrap-up.
    Complete {
        /// The disposition; the draft when absent.
        #[serde(default)]
        disposition: Option<DispositionCode>,
        /// The notes; the draft when absent.
        #[serde(default)]
        notes: Option<String>,
    },
    /// Open a record at the agent's desk (screen pop): for the live interaction that it belongs to, otherwise for a new
    /// interaction.
    Notify {
        /// The record and its details.
        pop: Box<Pop>,
    },
}

/// The name of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each stands for the verb of its name")]
pub enum VerbName {
    SignIn,
    SignOut,
    Ready,
    NotReady,
    Dial,
    Answer,
    Reject,
    HangUp,
    ForceEnd,
    Hold,
    Resume,
    Mute,
    Mask,
    Record,
    SendDigits,
    Transfer,
    Consult,
    Alternate,
    CompleteTransfer,
    Merge,
    CancelConsult,
    SetData,
    SetContact,
    SetCard,
    Log,
    SetNotes,
    Complete,
    Notify,
}

impl VerbName {
    /// All verbs.
    pub const ALL: [VerbName; 28] = [
        Self::SignIn,
        Self::SignOut,
        Self::Ready,
        Self::NotReady,
        Self::Dial,
        Self::Answer,
        Self::Reject,
        Self::HangUp,
        Self::ForceEnd,
        Self::Hold,
        Self::Resume,
        Self::Mute,
        Self::Mask,
        Self::Record,
        Self::SendDigits,
        Self::Transfer,
        Self::Consult,
        Self::Alternate,
        Self::CompleteTransfer,
        Self::Merge,
        Self::CancelConsult,
        Self::SetData,
        Self::SetContact,
        Self::SetCard,
        Self::Log,
        Self::SetNotes,
        Self::Complete,
        Self::Notify,
    ];

    /// The name of the verb, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
            Self::Ready => "ready",
            Self::NotReady => "not-ready",
            Self::Dial => "dial",
            Self::Answer => "answer",
            Self::Reject => "reject",
            Self::HangUp => "hang-up",
            Self::ForceEnd => "force-end",
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::Mute => "mute",
            Self::Mask => "mask",
            Self::Record => "record",
            Self::SendDigits => "send-digits",
            Self::Transfer => "transfer",
            Self::Consult => "consult",
            Self::Alternate => "alternate",
            Self::CompleteTransfer => "complete-transfer",
            Self::Merge => "merge",
            Self::CancelConsult => "cancel-consult",
            Self::SetData => "set-data",
            Self::SetContact => "set-contact",
            Self::SetCard => "set-card",
            Self::Log => "log",
            Self::SetNotes => "set-notes",
            Self::Complete => "complete",
            Self::Notify => "notify",
        }
    }
}

impl Verb {
    /// The name of the verb.
    pub fn name(&self) -> VerbName {
        match self {
            Self::SignIn { .. } => VerbName::SignIn,
            Self::SignOut { .. } => VerbName::SignOut,
            Self::Ready => VerbName::Ready,
            Self::NotReady { .. } => VerbName::NotReady,
            Self::Dial { .. } => VerbName::Dial,
            Self::Answer => VerbName::Answer,
            Self::Reject => VerbName::Reject,
            Self::HangUp { .. } => VerbName::HangUp,
            Self::ForceEnd => VerbName::ForceEnd,
            Self::Hold { .. } => VerbName::Hold,
            Self::Resume { .. } => VerbName::Resume,
            Self::Mute { .. } => VerbName::Mute,
            Self::Mask { .. } => VerbName::Mask,
            Self::Record => VerbName::Record,
            Self::SendDigits { .. } => VerbName::SendDigits,
            Self::Transfer { .. } => VerbName::Transfer,
            Self::Consult { .. } => VerbName::Consult,
            Self::Alternate => VerbName::Alternate,
            Self::CompleteTransfer => VerbName::CompleteTransfer,
            Self::Merge => VerbName::Merge,
            Self::CancelConsult => VerbName::CancelConsult,
            Self::SetData { .. } => VerbName::SetData,
            Self::SetContact { .. } => VerbName::SetContact,
            Self::SetCard { .. } => VerbName::SetCard,
            Self::Log { .. } => VerbName::Log,
            Self::SetNotes { .. } => VerbName::SetNotes,
            Self::Complete { .. } => VerbName::Complete,
            Self::Notify { .. } => VerbName::Notify,
        }
    }
}

/// A log entry of an interaction.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// When it was written.
    pub at: Timestamp,
    /// The account that wrote it.
    pub by: crate::AccountName,
    /// What the entry is about.
    #[schema(value_type = String)]
    pub subject: CompactString,
    /// What was said or done.
    pub text: String,
    /// Additional fields, with names that the desk chooses.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub fields: Data,
}

impl std::fmt::Debug for LogEntry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LogEntry({:?} by {})", self.at, self.by)
    }
}

/// A screen pop: a record to open at the agent's desk.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pop {
    /// The record to open; absent when it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<PopRecord>,
    /// Records to choose from when the right one is unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Data>,
    /// Search terms for the contact when the record is unknown. The desk shows them and searches with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolve: Vec<SearchTerm>,
    /// The caller's number. Without `interaction` in the command, the pop joins the agent's newest live call with this
    /// number. If there is none, a call with this number that follows within 10 seconds joins the pop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ani: Option<Number>,
    /// The number that the caller dialed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialled: Option<Number>,
    /// The name of a script in the floor that the agent should read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub script: Option<CompactString>,
    /// Whether a log entry is required before the interaction can be completed.
    #[serde(default)]
    pub log_required: bool,
    /// Whether an interaction without a call that shows this pop keeps the agent busy until it is completed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub occupies: bool,
    /// Initial values for the fields of the log entry. `subject` and `text` are its subject and its text.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub log_fields: Data,
    /// Additional fields, with names that the sender chooses.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

/// A known detail of a contact, used to search for it. Unlike the names in [`Data`], a key can occur more than once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchTerm {
    /// The kind of detail, in the sender's terms: `Phone`, `Email`, …
    #[schema(value_type = String)]
    pub key: CompactString,
    /// The value. Personal data: `Debug` does not show it.
    #[schema(value_type = String)]
    pub value: CompactString,
}

impl std::fmt::Debug for SearchTerm {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SearchTerm({:?})", self.key)
    }
}

/// A reference to a record in the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PopRecord {
    /// The type of record, in the CRM's terms.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: CompactString,
    /// The ID of the record in the CRM.
    #[schema(value_type = String)]
    pub id: CompactString,
}

/// The reply to an accepted command. Its events are in the journal at or before `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Accepted {
    /// The sequence number of the last event when the command was accepted.
    pub seq: crate::Seq,
    /// The interaction that the command was about or that it opened; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction: Option<InteractionId>,
}
