//! The switch interface: the requests that the hub sends to a phone system and the events that it receives, in the
//! terms of CSTA (ECMA-269).
//!
//! The switch is authoritative for calls. Each request has an ID and is delivered at least once; a switch that receives
//! a request twice carries it out once.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use compact_str::CompactString;

use crate::{AgentId, CallId, Cause, Data, DeviceId, Number, Party, PartyKind, QueueId, Tones};

/// A feature that a switch can support. Desks do not offer actions that the switch does not support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SwitchFeature {
    /// [`SwitchRequest::MakeCall`].
    MakeCall,
    /// [`SwitchRequest::AnswerCall`].
    AnswerCall,
    /// [`SwitchRequest::ClearConnection`].
    ClearConnection,
    /// [`SwitchRequest::HoldCall`] and [`SwitchRequest::RetrieveCall`].
    HoldCall,
    /// [`SwitchRequest::ConsultationCall`].
    ConsultationCall,
    /// [`SwitchRequest::AlternateCall`].
    AlternateCall,
    /// [`SwitchRequest::TransferCall`].
    TransferCall,
    /// [`SwitchRequest::ConferenceCall`].
    ConferenceCall,
    /// [`SwitchRequest::SingleStepTransfer`].
    SingleStepTransfer,
    /// [`SwitchRequest::DeflectCall`]: the hub may route.
    DeflectCall,
    /// [`SwitchRequest::GenerateDigits`].
    GenerateDigits,
    /// [`SwitchRequest::SetMute`].
    SetMute,
    /// [`SwitchRequest::StartRecording`].
    Recording,
    /// [`SwitchRequest::PauseRecording`] and [`SwitchRequest::ResumeRecording`].
    PauseRecording,
}

impl SwitchFeature {
    /// All features.
    pub const ALL: [SwitchFeature; 14] = [
        Self::MakeCall,
        Self::AnswerCall,
        Self::ClearConnection,
        Self::HoldCall,
        Self::ConsultationCall,
        Self::AlternateCall,
        Self::TransferCall,
        Self::ConferenceCall,
        Self::SingleStepTransfer,
        Self::DeflectCall,
        Self::GenerateDigits,
        Self::SetMute,
        Self::Recording,
        Self::PauseRecording,
    ];
}

/// The destination of a call that has not been answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeflectTo {
    /// Ring at this phone.
    Device(DeviceId),
    /// Wait in this queue.
    Queue(QueueId),
}

/// A request from the hub to a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "service", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum SwitchRequest {
    /// Call `to` from `device`. The answer has the new call.
    MakeCall {
        /// The phone that calls.
        device: DeviceId,
        /// The number to dial: a phone, a queue or an outside number.
        to: Number,
        /// Data for the new call.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        data: Data,
    },
    /// Answer a ringing call.
    AnswerCall {
        /// The ringing call.
        call: CallId,
        /// The phone that answers.
        device: DeviceId,
    },
    /// Hang up, or reject a ringing call.
    ClearConnection {
        /// The call.
        call: CallId,
        /// The phone that leaves the call.
        device: DeviceId,
    },
    /// Put a call on hold.
    HoldCall {
        /// The call.
        call: CallId,
        /// The phone that holds the call.
        device: DeviceId,
    },
    /// Take a call off hold.
    RetrieveCall {
        /// The call.
        call: CallId,
        /// The phone that resumes the call.
        device: DeviceId,
    },
    /// Put `call` on hold and call `to`. The answer has the new call.
    ConsultationCall {
        /// The call to hold.
        call: CallId,
        /// The phone that consults.
        device: DeviceId,
        /// The number to call.
        to: Number,
        /// Data for the new call.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        data: Data,
    },
    /// Hold the active call and resume the held call.
    AlternateCall {
        /// The phone.
        device: DeviceId,
        /// The active call.
        active: CallId,
        /// The held call.
        held: CallId,
    },
    /// Connect the other parties of both calls and leave.
    TransferCall {
        /// The phone that leaves.
        device: DeviceId,
        /// The call with the customer.
        primary: CallId,
        /// The consultation call.
        consult: CallId,
    },
    /// Merge both calls into one.
    ConferenceCall {
        /// The phone that merges them.
        device: DeviceId,
        /// The call with the customer.
        primary: CallId,
        /// The consultation call.
        consult: CallId,
    },
    /// Send the other parties of a call to `to` and leave, without a consultation.
    SingleStepTransfer {
        /// The call.
        call: CallId,
        /// The phone that leaves.
        device: DeviceId,
        /// The destination: a phone, a queue or an outside number.
        to: Number,
    },
    /// Redirect a waiting or ringing call.
    DeflectCall {
        /// The call.
        call: CallId,
        /// The phone at which the call rings; absent when it waits in a queue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<DeviceId>,
        /// The destination.
        to: DeflectTo,
    },
    /// Send DTMF digits into a call.
    GenerateDigits {
        /// The call.
        call: CallId,
        /// The phone that sends them.
        device: DeviceId,
        /// The number of digits. The digits themselves are never written.
        #[serde(alias = "digits")]
        #[schema(value_type = usize)]
        tones: Tones,
    },
    /// Mute or unmute a phone.
    SetMute {
        /// The call.
        call: CallId,
        /// The phone.
        device: DeviceId,
        /// Whether the phone is muted.
        on: bool,
    },
    /// Start recording a call.
    StartRecording {
        /// The call.
        call: CallId,
        /// The phone of the agent who asked.
        device: DeviceId,
    },
    /// Pause a recording.
    PauseRecording {
        /// The call.
        call: CallId,
        /// The phone of the agent who asked.
        device: DeviceId,
    },
    /// Resume a paused recording.
    ResumeRecording {
        /// The call.
        call: CallId,
        /// The phone of the agent who asked.
        device: DeviceId,
    },
    /// Report the complete state. The switch replies with [`SwitchEvent::LinkUp`].
    Snapshot,
}

impl SwitchRequest {
    /// The feature that the request needs; `None` when every switch supports it.
    pub fn feature(&self) -> Option<SwitchFeature> {
        match self {
            Self::MakeCall { .. } => Some(SwitchFeature::MakeCall),
            Self::AnswerCall { .. } => Some(SwitchFeature::AnswerCall),
            Self::ClearConnection { .. } => Some(SwitchFeature::ClearConnection),
            Self::HoldCall { .. } | Self::RetrieveCall { .. } => Some(SwitchFeature::HoldCall),
            Self::ConsultationCall { .. } => Some(SwitchFeature::ConsultationCall),
            Self::AlternateCall { .. } => Some(SwitchFeature::AlternateCall),
            Self::TransferCall { .. } => Some(SwitchFeature::TransferCall),
            Self::ConferenceCall { .. } => Some(SwitchFeature::ConferenceCall),
            Self::SingleStepTransfer { .. } => Some(SwitchFeature::SingleStepTransfer),
            Self::DeflectCall { .. } => Some(SwitchFeature::DeflectCall),
            Self::GenerateDigits { .. } => Some(SwitchFeature::GenerateDigits),
            Self::SetMute { .. } => Some(SwitchFeature::SetMute),
            Self::StartRecording { .. } => Some(SwitchFeature::Recording),
            Self::PauseRecording { .. } | Self::ResumeRecording { .. } => Some(SwitchFeature::PauseRecording),
            Self::Snapshot => None,
        }
    }

    /// A copy without DTMF digits, for journals and logs.
    #[must_use]
    pub fn without_digits(&self) -> Self {
        let mut written = self.clone();
        if let Self::GenerateDigits { tones, .. } = &mut written {
            *tones = tones.without_digits();
        }
        written
    }

    /// Whether the digits of the request are missing, so that it cannot be sent.
    pub fn lacks_digits(&self) -> bool {
        matches!(self, Self::GenerateDigits { tones, .. } if tones.digits().is_none())
    }
}

/// The answer of a switch to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "result", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum SwitchAnswer {
    /// The request was carried out or started. Events report its effects.
    Done {
        /// The new call; absent when the request creates none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<CallId>,
    },
    /// The request was refused.
    Refused {
        /// The cause.
        cause: Cause,
        /// The reason, one sentence.
        #[schema(value_type = String)]
        text: CompactString,
    },
}

/// An event from a switch. A party stays in its call until `ConnectionCleared`, `Transferred` or `Conferenced` removes
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum SwitchEvent {
    /// The switch can be reached. Its list of calls replaces everything known before.
    LinkUp {
        /// The features that the switch supports.
        features: Vec<SwitchFeature>,
        /// All calls at the switch.
        calls: Vec<CallPicture>,
    },
    /// All phones of the switch. Only switches that can list them send it, after [`SwitchEvent::LinkUp`] and after a
    /// change.
    PhonesListed {
        /// The phones.
        phones: Vec<DeviceId>,
    },
    /// The switch cannot be reached. Its calls can continue.
    LinkDown {
        /// The reason, one sentence.
        #[schema(value_type = String)]
        why: CompactString,
    },
    /// A call waits in a queue for the hub to route it.
    Queued {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// The caller.
        caller: Party,
        /// The number that the caller dialed.
        dialled: Number,
        /// The priority; the priority of the queue when absent. Higher priorities are offered first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<u8>,
        /// The call that this call grew out of; absent when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        linked: Option<CallId>,
        /// The call data.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        data: Data,
    },
    /// A phone started to dial, on request or by hand.
    Originated {
        /// The call.
        call: CallId,
        /// The phone that dials.
        device: DeviceId,
        /// The called party.
        to: Party,
        /// The call that this call grew out of: for a consultation, the held call.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        linked: Option<CallId>,
        /// The call data.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        data: Data,
    },
    /// A call is about to ring at a phone.
    Offered(Delivery),
    /// A call rings: at a phone of the floor, or outside when a phone of the floor dialed it.
    Delivered(Delivery),
    /// A party answered. All parties in the call that were dialing are now connected.
    Established {
        /// The call.
        call: CallId,
        /// The party that answered.
        at: PartyKind,
    },
    /// A phone put the call on hold.
    Held {
        /// The call.
        call: CallId,
        /// The phone.
        device: DeviceId,
    },
    /// A phone took the call off hold.
    Retrieved {
        /// The call.
        call: CallId,
        /// The phone.
        device: DeviceId,
    },
    /// `device` transferred and left. The other parties of both calls continue in the call `into`.
    Transferred {
        /// The phone that left.
        device: DeviceId,
        /// The call with the customer.
        primary: CallId,
        /// The consultation call; absent for a single-step transfer, where the new party joins with its own events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consult: Option<CallId>,
        /// The call that continues.
        into: CallId,
        /// All parties in it.
        parties: Vec<Party>,
    },
    /// Both calls were merged and continue in the call `into`.
    Conferenced {
        /// The phone that merged them.
        device: DeviceId,
        /// The call with the customer.
        primary: CallId,
        /// The consultation call.
        consult: CallId,
        /// The call that continues.
        into: CallId,
        /// All parties in it.
        parties: Vec<Party>,
    },
    /// A party left the call. A waiting call ends when its caller leaves.
    ConnectionCleared {
        /// The call.
        call: CallId,
        /// The party that left.
        at: PartyKind,
        /// Why the party left.
        cause: Cause,
    },
    /// A call that `device` dialed failed; the phone is no longer in the call.
    Failed {
        /// The call.
        call: CallId,
        /// The phone.
        device: DeviceId,
        /// Why the call failed.
        cause: Cause,
    },
    /// The recording of a call started. The event can repeat.
    RecordingStarted {
        /// The call.
        call: CallId,
        /// The name of the recording at the switch.
        #[schema(value_type = String)]
        name: CompactString,
    },
    /// The switch refused an agent's sign-in: a wrong password, an unknown agent, or a missing table entry. CSTA has no
    /// such event; Agent Logged Off is the closest.
    AgentRefused {
        /// The agent.
        agent: AgentId,
        /// The reason that the switch gives, one sentence.
        #[schema(value_type = String)]
        text: CompactString,
    },
    /// The data of a call changed (CSTA: Call Information).
    CallInformation {
        /// The call.
        call: CallId,
        /// The pairs that were set.
        data: Data,
    },
}

/// A call that rings or is about to ring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// The call.
    pub call: CallId,
    /// The party at which it rings.
    pub at: PartyKind,
    /// The caller.
    pub caller: Party,
    /// The number that the caller dialed.
    pub dialled: Number,
    /// The queue that the call came from; absent when it did not come from a queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The call that this call grew out of: for a consultation, the held call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<CallId>,
    /// The call data.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

/// A call in a complete report of a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallPicture {
    /// The call.
    pub call: CallId,
    /// The queue that the call waits in or came from; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The caller.
    pub caller: Party,
    /// The dialed number.
    pub dialled: Number,
    /// The call that this call grew out of; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<CallId>,
    /// The call data.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
    /// All parties, including the caller.
    pub connections: Vec<ConnectionPicture>,
}

/// The connection of one party to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConnectionPicture {
    /// The party.
    pub party: Party,
    /// The state of the connection.
    pub state: ConnectionState,
}

/// The state of a connection (CSTA: local connection state).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    /// The party dialed, and the other end has not answered.
    Initiated,
    /// The call rings at the party.
    Alerting,
    /// The party is connected.
    Connected,
    /// The party put the call on hold.
    Held,
    /// The party waits in a queue.
    Queued,
}
