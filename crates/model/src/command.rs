//! What can be asked.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AgentId, Card, CommandId, Contact, Data, DeviceId, Digits, DispositionCode, InteractionId, Leg, Number,
    Principal, QueueId, ReasonCode, Timestamp,
};

/// Something asked, by whom and for which agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Makes it safe to repeat.
    pub id: CommandId,
    /// Who asks.
    pub by: Principal,
    /// For whom.
    pub agent: AgentId,
    /// About what; the agent's only fitting interaction when not given.
    pub interaction: Option<InteractionId>,
    /// What.
    pub verb: Verb,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "verb", rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Verb {
    /// Come to work. Asked again with the same phone and queues it changes nothing, except after the switch refused the agent: then the
    /// switch is asked again.
    SignIn {
        /// At which phone; the floor's own for the agent when not given.
        #[serde(default)]
        device: Option<DeviceId>,
        /// Whose calls to take; the floor's own for the agent when not given.
        #[serde(default)]
        queues: Option<Vec<QueueId>>,
    },
    /// Leave; a live call goes on and the agent leaves after it.
    SignOut {
        /// Why.
        #[serde(default)]
        reason: Option<ReasonCode>,
    },
    /// Wait for calls; while busy: afterwards. In wrap-up it completes what is left.
    Ready,
    /// Take no routed calls; while busy: afterwards. In wrap-up it completes what is left.
    NotReady {
        /// Why.
        #[serde(default)]
        reason: Option<ReasonCode>,
    },
    /// Call somebody.
    Dial {
        /// Whom.
        to: Number,
        /// Data for the call.
        #[serde(default)]
        data: Data,
    },
    /// Pick up.
    Answer,
    /// Refuse what rings.
    Reject,
    /// Hang up a leg.
    #[serde(alias = "release")]
    HangUp {
        /// Which; without one the primary leg, and a consult with it.
        #[serde(default)]
        leg: Option<Leg>,
    },
    /// Close every leg at the hub. Use it for a call whose end the switch never reports. A supervisor, an admin or an integration may use it
    /// at any time, the agent only after a release that had no effect. The switch is still asked to hang up.
    ForceEnd,
    /// Park a leg.
    Hold {
        /// Which; the active one when not given.
        #[serde(default)]
        leg: Option<Leg>,
    },
    /// Take a leg back.
    #[serde(alias = "retrieve")]
    Resume {
        /// Which; the only one on hold when not given.
        #[serde(default)]
        leg: Option<Leg>,
    },
    /// Be heard no longer, or again.
    Mute {
        /// Whether the others cannot hear the agent.
        on: bool,
    },
    /// Pause the recording, or go on.
    Mask {
        /// Whether it is paused.
        on: bool,
    },
    /// Start recording.
    Record,
    /// Send tones.
    SendDigits {
        /// Which.
        digits: Digits,
    },
    /// Send the customer on without asking first.
    Transfer {
        /// Where to.
        to: Number,
    },
    /// Park the customer and ask somebody.
    Consult {
        /// Whom.
        to: Number,
        /// Data for the new call.
        #[serde(default)]
        data: Data,
    },
    /// Swap the two legs.
    Alternate,
    /// Join the customer with the one asked, and leave.
    CompleteTransfer,
    /// Join all three.
    #[serde(alias = "complete-conference")]
    Merge,
    /// Hang up on the one asked and go back to the customer.
    CancelConsult,
    /// Set or take out pairs.
    SetData {
        /// Pairs to set.
        #[serde(default)]
        set: Data,
        /// Names to take out.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        unset: Vec<CompactString>,
    },
    /// Say who it is.
    SetContact {
        /// Who; nobody takes it back.
        contact: Option<Contact>,
    },
    /// Say how the contact is to be shown. A part that is not given stays; an empty one is reset.
    SetCard {
        /// How.
        #[serde(flatten)]
        card: Card,
    },
    /// Write something down.
    Log {
        /// What it is about.
        #[serde(default)]
        #[schema(value_type = String)]
        subject: CompactString,
        /// What was said and done.
        #[serde(default)]
        text: String,
        /// More, by the desk's own names.
        #[serde(default)]
        fields: Data,
    },
    /// Set the draft of the notes and of the disposition. A part that is not given stays; an empty one is cleared. Whatever
    /// completes the interaction keeps the draft, unless `complete` gives others. Also legal for a minute after completion.
    SetNotes {
        /// Free text.
        #[serde(default)]
        notes: Option<String>,
        /// How it turned out.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        disposition: Option<CompactString>,
    },
    /// Say that nothing is left to do.
    Complete {
        /// How it turned out; the draft when not given.
        #[serde(default)]
        disposition: Option<DispositionCode>,
        /// Free text; the draft when not given.
        #[serde(default)]
        notes: Option<String>,
    },
    /// Have a record shown: with the live interaction it belongs to, else with one of its own.
    Notify {
        /// The record.
        pop: Box<Pop>,
    },
}

/// A verb without what it carries.
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
    /// Every verb.
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

    /// Its word, as JSON has it.
    pub fn word(self) -> &'static str {
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
    /// The verb alone.
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

/// Something written down about an interaction.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// When.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: crate::AccountName,
    /// What it is about.
    #[schema(value_type = String)]
    pub subject: CompactString,
    /// What was said and done.
    pub text: String,
    /// More, by the desk's own names.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub fields: Data,
}

impl std::fmt::Debug for LogEntry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LogEntry({:?} by {})", self.at, self.by)
    }
}

/// A record that a desk is to show.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pop {
    /// The record to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<PopRecord>,
    /// Records to choose from where the right one is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Data>,
    /// What is known of the contact where the record is not: the desk shows it, and searches with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolve: Vec<Clue>,
    /// The number of the caller; joins the pop to the call that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ani: Option<Number>,
    /// The number that the caller dialled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialled: Option<Number>,
    /// What the agent is to say: the name of a script of the floor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub script: Option<CompactString>,
    /// The interaction may not be completed before something was logged.
    #[serde(default)]
    pub log_required: bool,
    /// Values to start a log entry with.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub log_fields: Data,
    /// More, by the sender's own names.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

/// Something known of a contact. Unlike the names of [`Data`], keys may stand twice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Clue {
    /// What it is, in the sender's words: `Phone`, `Email`, …
    #[schema(value_type = String)]
    pub key: CompactString,
    /// Personal data: its `Debug` form is not shown.
    #[schema(value_type = String)]
    pub value: CompactString,
}

impl std::fmt::Debug for Clue {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Clue({:?})", self.key)
    }
}

/// A record of the CRM's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PopRecord {
    /// What kind of record, in the CRM's words.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: CompactString,
    /// Which one.
    #[schema(value_type = String)]
    pub id: CompactString,
}

/// What is said to a command that was taken: its events are in the journal up to `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Accepted {
    /// The last event in the journal when it was taken.
    pub seq: crate::Seq,
    /// The interaction that it was about or that it opened, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction: Option<InteractionId>,
}
