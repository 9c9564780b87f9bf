//! The switch port: what the hub asks of a phone system and what it hears from one, in CSTA's words (ECMA-269).
//!
//! The switch is right about calls. A request is an effect with an id: it is run at least once, and a switch that sees one twice
//! must do it once.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use compact_str::CompactString;

use crate::{AgentId, CallId, Cause, Data, DeviceId, Number, Party, PartyKind, QueueId, Tones};

/// What a switch may be able to do; what it cannot is never offered to a desk.
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
    /// Everything.
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

/// Where a call that has not been answered is to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeflectTo {
    /// Ring at this phone.
    Device(DeviceId),
    /// Wait in this queue.
    Queue(QueueId),
}

/// What the hub asks of a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "service", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum SwitchRequest {
    /// Call `to` from `device`. Answered with the new call.
    MakeCall {
        /// The caller's phone.
        device: DeviceId,
        /// What to dial: a phone, a queue or a number outside.
        to: Number,
        /// Data for the call.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        data: Data,
    },
    /// Pick up.
    AnswerCall {
        /// The call that rings.
        call: CallId,
        /// Where.
        device: DeviceId,
    },
    /// Hang up, or refuse when it still rings.
    ClearConnection {
        /// The call.
        call: CallId,
        /// Whose connection.
        device: DeviceId,
    },
    /// Park.
    HoldCall {
        /// The call.
        call: CallId,
        /// By whom.
        device: DeviceId,
    },
    /// Take back from hold.
    RetrieveCall {
        /// The call.
        call: CallId,
        /// By whom.
        device: DeviceId,
    },
    /// Park `call` and call `to`. Answered with the new call.
    ConsultationCall {
        /// The call to park.
        call: CallId,
        /// By whom.
        device: DeviceId,
        /// Whom to call.
        to: Number,
        /// Data for the new call.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        data: Data,
    },
    /// Park the active call and take back the held one.
    AlternateCall {
        /// Whose calls.
        device: DeviceId,
        /// The one that talks.
        active: CallId,
        /// The one that is parked.
        held: CallId,
    },
    /// Join the others of both calls and leave.
    TransferCall {
        /// Who leaves.
        device: DeviceId,
        /// The customer's call.
        primary: CallId,
        /// The consult call.
        consult: CallId,
    },
    /// Join all of both calls.
    ConferenceCall {
        /// Who joins them.
        device: DeviceId,
        /// The customer's call.
        primary: CallId,
        /// The consult call.
        consult: CallId,
    },
    /// Send the others of a call to `to` and leave, without asking first.
    SingleStepTransfer {
        /// The call.
        call: CallId,
        /// Who leaves.
        device: DeviceId,
        /// Where to: a phone, a queue or a number outside.
        to: Number,
    },
    /// Send a call that waits or rings elsewhere.
    DeflectCall {
        /// The call.
        call: CallId,
        /// The phone at which it rings; none when it waits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<DeviceId>,
        /// Where to.
        to: DeflectTo,
    },
    /// Send tones into a call.
    GenerateDigits {
        /// The call.
        call: CallId,
        /// From whose phone.
        device: DeviceId,
        /// How many tones; the digits themselves are never written.
        #[serde(alias = "digits")]
        #[schema(value_type = usize)]
        tones: Tones,
    },
    /// Stop or resume hearing the agent.
    SetMute {
        /// The call.
        call: CallId,
        /// Whose microphone.
        device: DeviceId,
        /// Whether the others cannot hear it.
        on: bool,
    },
    /// Start recording.
    StartRecording {
        /// The call.
        call: CallId,
        /// For whom.
        device: DeviceId,
    },
    /// Stop recording for a while.
    PauseRecording {
        /// The call.
        call: CallId,
        /// For whom.
        device: DeviceId,
    },
    /// Go on recording.
    ResumeRecording {
        /// The call.
        call: CallId,
        /// For whom.
        device: DeviceId,
    },
    /// Say all that is going on: answered by [`SwitchEvent::LinkUp`].
    Snapshot,
}

impl SwitchRequest {
    /// What the switch must be able to do.
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

    /// The request as it may be written and shown: without the digits of tones.
    #[must_use]
    pub fn without_digits(&self) -> Self {
        let mut written = self.clone();
        if let Self::GenerateDigits { tones, .. } = &mut written {
            *tones = tones.without_digits();
        }
        written
    }

    /// Whether it is for tones whose digits are not known any more: then it cannot be sent.
    pub fn lacks_digits(&self) -> bool {
        matches!(self, Self::GenerateDigits { tones, .. } if tones.digits().is_none())
    }
}

/// What a switch says to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "result", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum SwitchAnswer {
    /// Done, or begun; what comes of it is told by events.
    Done {
        /// The call that was made, where one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<CallId>,
    },
    /// Not done.
    Refused {
        /// Why.
        cause: Cause,
        /// A sentence.
        #[schema(value_type = String)]
        text: CompactString,
    },
}

/// What a switch says of itself. Parties that are named stay in the call until a `ConnectionCleared` or a join takes them out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum SwitchEvent {
    /// The switch can be reached; whatever else was believed of its calls is void.
    LinkUp {
        /// What it can do.
        features: Vec<SwitchFeature>,
        /// Every call it knows.
        calls: Vec<CallPicture>,
    },
    /// The switch cannot be reached. Its calls may well go on.
    LinkDown {
        /// A sentence.
        #[schema(value_type = String)]
        why: CompactString,
    },
    /// A call waits for the hub to route it.
    Queued {
        /// The call.
        call: CallId,
        /// Where.
        queue: QueueId,
        /// Who calls.
        caller: Party,
        /// What the caller dialled.
        dialled: Number,
        /// Higher is served first; the queue's own when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<u8>,
        /// The call out of which this one grew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        linked: Option<CallId>,
        /// Data of the call.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        data: Data,
    },
    /// A phone began to dial, by request or by hand.
    Originated {
        /// The call.
        call: CallId,
        /// Whose phone.
        device: DeviceId,
        /// Who is being called.
        to: Party,
        /// The call out of which this one grew: the parked one of a consultation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        linked: Option<CallId>,
        /// Data of the call.
        #[serde(default, skip_serializing_if = "Data::is_empty")]
        data: Data,
    },
    /// A call is about to ring at a phone.
    Offered(Delivery),
    /// A call rings: at a phone of the floor, or, for a call that a phone dialled, outside.
    Delivered(Delivery),
    /// Somebody picked up; everybody in the call who was dialling talks from here on.
    Established {
        /// The call.
        call: CallId,
        /// Who picked up.
        at: PartyKind,
    },
    /// A phone parked the call.
    Held {
        /// The call.
        call: CallId,
        /// Whose phone.
        device: DeviceId,
    },
    /// A phone took the call back.
    Retrieved {
        /// The call.
        call: CallId,
        /// Whose phone.
        device: DeviceId,
    },
    /// `device` left; the others of both calls go on together in `into`.
    Transferred {
        /// Who left.
        device: DeviceId,
        /// The customer's call.
        primary: CallId,
        /// The consult call; none for a single-step transfer, where the new party joins by its own events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consult: Option<CallId>,
        /// The call that goes on.
        into: CallId,
        /// Everybody in it.
        parties: Vec<Party>,
    },
    /// All of both calls go on together in `into`.
    Conferenced {
        /// Who joined them.
        device: DeviceId,
        /// The customer's call.
        primary: CallId,
        /// The consult call.
        consult: CallId,
        /// The call that goes on.
        into: CallId,
        /// Everybody in it.
        parties: Vec<Party>,
    },
    /// A party is out of the call. A call that waits ends when its caller is out.
    ConnectionCleared {
        /// The call.
        call: CallId,
        /// Who is out.
        at: PartyKind,
        /// Why.
        cause: Cause,
    },
    /// A call that `device` dialled came to nothing; the phone is out of it.
    Failed {
        /// The call.
        call: CallId,
        /// Whose phone.
        device: DeviceId,
        /// Why.
        cause: Cause,
    },
    /// A call is recorded under a name. It may be told again.
    RecordingStarted {
        /// The call.
        call: CallId,
        /// The recording's name at the switch.
        #[schema(value_type = String)]
        name: CompactString,
    },
    /// The switch does not let an agent work there: a wrong password, an unknown agent, no entry in a table (CSTA has no such event; its
    /// Agent Logged Off is the nearest).
    AgentRefused {
        /// Whom.
        agent: AgentId,
        /// What the switch says. A sentence.
        #[schema(value_type = String)]
        text: CompactString,
    },
    /// The data of a call is otherwise (CSTA: Call Information).
    CallInformation {
        /// The call.
        call: CallId,
        /// Pairs set.
        data: Data,
    },
}

/// A call that rings, or is about to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// The call.
    pub call: CallId,
    /// Where it rings.
    pub at: PartyKind,
    /// Who calls.
    pub caller: Party,
    /// What the caller dialled.
    pub dialled: Number,
    /// The queue it came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The call out of which this one grew: the parked one of a consultation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<CallId>,
    /// Data of the call.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

/// A call as a switch sees it when asked for everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallPicture {
    /// The call.
    pub call: CallId,
    /// The queue it waits in or came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// Who called.
    pub caller: Party,
    /// What was dialled.
    pub dialled: Number,
    /// The call out of which this one grew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<CallId>,
    /// Data of the call.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
    /// Who is in it, the caller too.
    pub connections: Vec<ConnectionPicture>,
}

/// A party's place in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConnectionPicture {
    /// Who.
    pub party: Party,
    /// How.
    pub state: ConnectionState,
}

/// How a party is connected (CSTA: local connection state).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    /// Dials, the other end has not answered.
    Initiated,
    /// Is rung.
    Alerting,
    /// Talks or listens.
    Connected,
    /// Parked the call.
    Held,
    /// Waits in a queue.
    Queued,
}
