//! The events in an envelope (max.md §7). Written as MAX does, parsed leniently: an unknown event becomes [`Event::Other`].

use model::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    Ack, CallContact, ContactId, Status,
    ack::ACK,
    text::{boolean_text, is_true, member, text},
};

/// The names of the member with a contact ID; the first with a value counts (max.md §3.1).
const ID_NAMES: [&str; 5] = ["ContactID", "ContactId", "contactId", "contactID", "senderContactId"];

/// The `messageType` of a session token.
const SESSION_INFO: &str = "SessionInfo";

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The answer to a registration.
    Ack(Ack),
    /// The token of the agent's session.
    SessionInfo(String),
    /// The agent's session began or was joined.
    SessionStart(SessionStart),
    /// The agent's session ended.
    SessionEnd {
        /// Whether it ended as requested.
        success: bool,
        /// Whether somebody else ended it.
        remote: bool,
        /// A sentence, or an empty text.
        message: String,
    },
    /// The agent state has changed.
    AgentState(AgentState),
    /// A call has begun, changed or ended.
    CallContact(Box<CallContact>),
    /// The agent's phone has entered or left a call.
    AgentLeg(AgentLeg),
    /// Whether the agent is muted.
    Mute(bool),
    /// The agent's calls were merged under this number.
    Conference(String),
    /// An unknown event.
    Other {
        /// The `Type` of the event.
        kind: String,
        /// The contact of the event.
        contact: Option<ContactId>,
    },
}

/// Server names in every event of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    /// `IISHost`.
    pub iis: String,
    /// `VCHost`.
    pub vc: String,
}

/// The agent's session (max.md §7.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionStart {
    /// The business unit.
    pub business_unit: String,
    /// The agent.
    pub agent: String,
    /// The session's number, which is not its token.
    pub session: String,
    /// The agent's phone.
    pub phone: String,
}

/// The state of an agent (max.md §7.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentState {
    /// The state.
    pub state: CurrentState,
    /// The name of the reason.
    pub reason: String,
    /// When the state began.
    pub since: Option<Timestamp>,
    /// Whether the agent is in wrap-up.
    pub is_wrap_up: bool,
    /// The wrap-up time. Seconds.
    pub wrap_up_s: u64,
    /// Whether wrap-up follows the call.
    pub next_is_wrap_up: bool,
    /// The states that follow.
    pub next: Vec<Next>,
}

/// A state that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The state.
    pub state: CurrentState,
    /// The name of the reason.
    pub reason: String,
}

/// The states of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "MAX's words")]
pub enum CurrentState {
    Available,
    Unavailable,
    InboundContact,
    OutboundContact,
    InboundConsult,
    OutboundConsult,
    Dialer,
    DialerPending,
    LoggedIn,
    LoggedOut,
}

impl CurrentState {
    /// All states.
    pub const ALL: [Self; 10] = [
        Self::Available,
        Self::Unavailable,
        Self::InboundContact,
        Self::OutboundContact,
        Self::InboundConsult,
        Self::OutboundConsult,
        Self::Dialer,
        Self::DialerPending,
        Self::LoggedIn,
        Self::LoggedOut,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Unavailable => "Unavailable",
            Self::InboundContact => "InboundContact",
            Self::OutboundContact => "OutboundContact",
            Self::InboundConsult => "InboundConsult",
            Self::OutboundConsult => "OutboundConsult",
            Self::Dialer => "Dialer",
            Self::DialerPending => "DialerPending",
            Self::LoggedIn => "LoggedIn",
            Self::LoggedOut => "LoggedOut",
        }
    }

    /// Parses a word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str().eq_ignore_ascii_case(word))
    }
}

/// The agent's phone leg (max.md §7.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentLeg {
    /// The number of the leg.
    pub id: ContactId,
    /// The status of the leg.
    pub status: LegStatus,
}

/// The status of the agent's phone leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegStatus {
    /// The phone is ringing.
    Dialing,
    /// The phone is connected.
    Active,
    /// The phone is disconnected.
    Disconnected,
}

impl LegStatus {
    const ALL: [Self; 3] = [Self::Dialing, Self::Active, Self::Disconnected];

    fn as_str(self) -> &'static str {
        match self {
            Self::Dialing => "Dialing",
            Self::Active => "Active",
            Self::Disconnected => "Disconnected",
        }
    }
}

impl Event {
    /// The contact of the event; `None` if it concerns the agent.
    pub fn contact(&self) -> Option<&ContactId> {
        match self {
            Self::CallContact(contact) => Some(&contact.id),
            Self::Other { contact, .. } => contact.as_ref(),
            Self::Ack(_)
            | Self::SessionInfo(_)
            | Self::SessionStart(_)
            | Self::SessionEnd { .. }
            | Self::AgentState(_)
            | Self::AgentLeg(_)
            | Self::Mute(_)
            | Self::Conference(_) => None,
        }
    }

    /// The event for the state of a call.
    pub fn call(call: CallContact) -> Self {
        Self::CallContact(Box::new(call))
    }

    /// The event for the end of a call of which nothing else is known.
    pub fn gone(id: ContactId) -> Self {
        Self::call(CallContact { is_final: true, ..CallContact::bare(id, Status::Disconnected) })
    }

    /// Prints the event as MAX does.
    pub fn to_value(&self, hosts: &Hosts) -> Value {
        match self {
            Self::Ack(ack) => ack.to_value(),
            Self::SessionInfo(token) => json!({"messageType": SESSION_INFO, "sessionToken": token}),
            Self::SessionStart(session) => platform("AgentSessionStart", hosts, |event| session.write(event)),
            Self::SessionEnd { success, remote, message } => {
                let kind = if *remote { "RemoteAgentSessionEnd" } else { "AgentSessionEnd" };
                platform(kind, hosts, |event| {
                    event.insert("Success".to_owned(), boolean_text(*success));
                    event.insert("Message".to_owned(), message.as_str().into());
                })
            }
            Self::AgentState(state) => platform("AgentState", hosts, |event| state.write(event)),
            Self::CallContact(contact) => platform("CallContactEvent", hosts, |event| contact.write(event)),
            Self::AgentLeg(leg) => platform("AgentLeg", hosts, |event| {
                event.insert("AgentLegId".to_owned(), leg.id.as_str().into());
                event.insert("Status".to_owned(), leg.status.as_str().into());
                event.insert("FinalState".to_owned(), boolean_text(leg.status == LegStatus::Disconnected));
            }),
            Self::Mute(muted) => platform("Mute", hosts, |event| {
                drop(event.insert("AgentMuted".to_owned(), boolean_text(*muted)))
            }),
            Self::Conference(number) => platform("Conference", hosts, |event| {
                event.insert("ConferenceNo".to_owned(), number.as_str().into());
            }),
            Self::Other { kind, contact } => platform(kind, hosts, |event| {
                event.extend(contact.iter().map(|id| ("ContactID".to_owned(), id.as_str().into())));
            }),
        }
    }

    /// Parses an event; `None` if it is invalid.
    pub fn parse(event: &Value) -> Option<Self> {
        let string = |name: &str| text(member(event, name)).unwrap_or_default();
        let Some(kind) = kind_of(event) else {
            // The first version of CXone Agent wrapped its acknowledgement (max.md §4.2).
            return event.get("data").filter(|data| kind_of(data).is_some()).and_then(Self::parse);
        };
        let known = match kind.as_str() {
            ACK => Some(Self::Ack(Ack::parse(event))),
            SESSION_INFO => Some(Self::SessionInfo(string("sessionToken"))),
            "AgentSessionStart" => Some(Self::SessionStart(SessionStart::parse(event))),
            "AgentSessionEnd" | "RemoteAgentSessionEnd" => Some(Self::SessionEnd {
                success: is_true(member(event, "Success")),
                remote: kind == "RemoteAgentSessionEnd",
                message: string("Message"),
            }),
            "AgentState" => AgentState::parse(event).map(Self::AgentState),
            "CallContactEvent" => {
                CallContact::parse(event).map(|contact| Self::CallContact(Box::new(contact)))
            }
            "AgentLeg" | "AgentLegEvent" => AgentLeg::parse(event).map(Self::AgentLeg),
            "Mute" => Some(Self::Mute(is_true(member(event, "AgentMuted")))),
            "Conference" => Some(Self::Conference(string("ConferenceNo"))),
            _ => None,
        };
        Some(known.unwrap_or_else(|| Self::Other { contact: contact_of(event), kind }))
    }
}

/// An event of the platform.
fn platform(kind: &str, hosts: &Hosts, write: impl FnOnce(&mut Map<String, Value>)) -> Value {
    let mut event = Map::new();
    event.insert("Type".to_owned(), kind.into());
    event.insert("IISHost".to_owned(), hosts.iis.as_str().into());
    event.insert("VCHost".to_owned(), hosts.vc.as_str().into());
    write(&mut event);
    Value::Object(event)
}

fn kind_of(event: &Value) -> Option<String> {
    let kind = member(event, "Type").or_else(|| member(event, "messageType"))?;
    kind.as_str().map(str::to_owned)
}

fn contact_of(event: &Value) -> Option<ContactId> {
    ID_NAMES.iter().find_map(|name| ContactId::from_digits(&text(event.get(name))?))
}

impl SessionStart {
    fn write(&self, event: &mut Map<String, Value>) {
        let values = [
            ("BusNo", self.business_unit.as_str()),
            ("AgentId", &self.agent),
            ("SessionId", &self.session),
            ("StationPhoneNumber", &self.phone),
            ("StationId", &self.phone),
            ("StationCallerId", ""),
            ("DialerCampaign", ""),
            ("DialerCampaignStartTime", ""),
            ("SupervisorPermissionLevel", "0"),
            ("CanMask", "True"),
            ("CanRecord", "True"),
            ("AgentSchedulePermission", "False"),
            ("ScoreRecordingsPermission", "False"),
            ("HideAgentStatePermission", "False"),
            ("CanMultiPartyConference", "False"),
        ];
        event.extend(values.map(|(key, value)| (key.to_owned(), value.into())));
    }

    fn parse(event: &Value) -> Self {
        let string = |name: &str| text(member(event, name)).unwrap_or_default();
        Self {
            business_unit: string("BusNo"),
            agent: string("AgentId"),
            session: string("SessionId"),
            phone: string("StationPhoneNumber"),
        }
    }
}

impl AgentState {
    fn write(&self, event: &mut Map<String, Value>) {
        let since = self.since.map_or_else(String::new, |at| wire::soap::rfc3339(at.0));
        let next =
            self.next.iter().map(|next| json!({"State": next.state.as_str(), "OutReason": next.reason}));
        let mut put = |key: &str, value: Value| drop(event.insert(key.to_owned(), value));
        put("CurrentState", self.state.as_str().into());
        put("CurrentOutReason", self.reason.as_str().into());
        put("StartTime", since.as_str().into());
        put("StartTimeUTC", since.as_str().into());
        put("IsAcw", boolean_text(self.is_wrap_up));
        put("AcwTimeout", self.wrap_up_s.to_string().into());
        put("NextIsAcw", boolean_text(self.next_is_wrap_up));
        put("NextStates", next.collect());
    }

    fn parse(event: &Value) -> Option<Self> {
        let string = |name: &str| text(member(event, name)).unwrap_or_default();
        let since = [string("StartTimeUTC"), string("StartTime")];
        let next = member(event, "NextStates").and_then(Value::as_array);
        Some(Self {
            state: CurrentState::parse(&string("CurrentState"))?,
            reason: string("CurrentOutReason"),
            since: since.iter().find_map(|text| wire::soap::instant(text)).map(Timestamp),
            is_wrap_up: is_true(member(event, "IsAcw")),
            wrap_up_s: string("AcwTimeout").parse().unwrap_or_default(),
            next_is_wrap_up: is_true(member(event, "NextIsAcw")),
            next: next.into_iter().flatten().filter_map(Next::parse).collect(),
        })
    }
}

impl Next {
    fn parse(next: &Value) -> Option<Self> {
        let state = CurrentState::parse(&text(member(next, "State"))?)?;
        Some(Self { state, reason: text(member(next, "OutReason")).unwrap_or_default() })
    }
}

impl AgentLeg {
    fn parse(event: &Value) -> Option<Self> {
        let word = text(member(event, "Status"))?;
        Some(Self {
            id: ContactId::from_digits(&text(member(event, "AgentLegId"))?)?,
            status: LegStatus::ALL.into_iter().find(|status| status.as_str().eq_ignore_ascii_case(&word))?,
        })
    }
}
