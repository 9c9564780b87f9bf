//! `CallContactEvent`: the state of a call (max.md §7.4).

use model::{Data, Timestamp};
use serde_json::{Map, Value};

use super::{
    ContactId, call_data,
    text::{boolean_text, is_true, member, text},
};

/// Keys without a value in Cordboard, with the text that means so.
const NOTHING: [(&str, &str); 16] = [
    ("OriginalState", "False"),
    ("ScreenPopUrl", ""),
    ("Label", ""),
    ("IsLinked", "False"),
    ("TimeZones", ""),
    ("OtherInformation", ""),
    ("OtherInformationNewFormat", ""),
    ("BlendingToSkillName", ""),
    ("DeliveryType", "None"),
    ("ComplianceRecord", "False"),
    ("ConfirmationRequired", "False"),
    ("OmniGroupId", "0"),
    ("ExternalId", ""),
    ("AnsMachineOverride", "False"),
    ("AnsMachineOverrideEndTime", ""),
    ("CustomerCardUrl", ""),
];

/// The call type of a consult.
const CONSULT: &str = "Consult";

/// The state of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallContact {
    /// The contact ID.
    pub id: ContactId,
    /// The first contact of the chain of calls that this one belongs to; its own ID for the first one.
    pub master: ContactId,
    /// The contact of the call for which this consult was made.
    pub parent: Option<ContactId>,
    /// Whether this is a consult: the call of an agent with a colleague about a customer.
    pub is_consult: bool,
    /// The status.
    pub status: Status,
    /// Whether the call is complete. Otherwise a [`Status::Disconnected`] call is still in wrap-up.
    pub is_final: bool,
    /// Whether the customer called.
    pub is_inbound: bool,
    /// The caller's number.
    pub ani: String,
    /// The dialed number.
    pub dnis: String,
    /// The queue; `0` if there is none.
    pub skill: String,
    /// When the call began.
    pub started: Option<Timestamp>,
    /// When its status last changed.
    pub changed: Option<Timestamp>,
    /// Why the call failed; `NA` if it did not.
    pub disconnect_code: String,
    /// Whether the call is recorded.
    pub is_recorded: bool,
    /// How long the agent may refuse the call. Seconds; 0 if not at all.
    pub timeout_s: u64,
    /// The interaction ID, a UUID.
    pub interaction: String,
    /// The call data.
    pub data: Data,
}

/// The status of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "MAX's words")]
pub enum Status {
    Incoming,
    Ringing,
    Dialing,
    Active,
    Holding,
    Masking,
    Joined,
    Preview,
    NaturalCallRinging,
    NaturalCallAmd,
    NaturalCallDialing,
    CallBackDisconnected,
    Disconnected,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 13] = [
        Self::Incoming,
        Self::Ringing,
        Self::Dialing,
        Self::Active,
        Self::Holding,
        Self::Masking,
        Self::Joined,
        Self::Preview,
        Self::NaturalCallRinging,
        Self::NaturalCallAmd,
        Self::NaturalCallDialing,
        Self::CallBackDisconnected,
        Self::Disconnected,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incoming => "Incoming",
            Self::Ringing => "Ringing",
            Self::Dialing => "Dialing",
            Self::Active => "Active",
            Self::Holding => "Holding",
            Self::Masking => "Masking",
            Self::Joined => "Joined",
            Self::Preview => "Preview",
            Self::NaturalCallRinging => "NaturalCallRinging",
            Self::NaturalCallAmd => "NaturalCallAMD",
            Self::NaturalCallDialing => "NaturalCallDialing",
            Self::CallBackDisconnected => "CallBackDisconnected",
            Self::Disconnected => "Disconnected",
        }
    }

    /// Parses a word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str().eq_ignore_ascii_case(word))
    }

    /// Whether the call is disconnected.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Disconnected | Self::CallBackDisconnected)
    }
}

impl CallContact {
    /// A call of which only the status is known.
    pub fn bare(id: ContactId, status: Status) -> Self {
        Self {
            master: id.clone(),
            parent: None,
            is_consult: false,
            id,
            status,
            is_final: false,
            is_inbound: false,
            ani: String::new(),
            dnis: String::new(),
            skill: "0".to_owned(),
            started: None,
            changed: None,
            disconnect_code: "NA".to_owned(),
            is_recorded: false,
            timeout_s: 0,
            interaction: String::new(),
            data: Data::new(),
        }
    }

    pub(super) fn write(&self, event: &mut Map<String, Value>) {
        let mut put = |key: &str, value: Value| drop(event.insert(key.to_owned(), value));
        put("ContactID", self.id.as_str().into());
        put("MasterID", self.master.as_str().into());
        put("ParentContactId", self.parent.as_ref().map_or("0", ContactId::as_str).into());
        put("Status", self.status.as_str().into());
        put("CallType", if self.is_consult { CONSULT } else { "Regular" }.into());
        put("DNIS", self.dnis.as_str().into());
        put("ANI", self.ani.as_str().into());
        put("Skill", self.skill.as_str().into());
        put("IsInbound", boolean_text(self.is_inbound));
        for (key, at) in [("StartTime", self.started), ("LastStateChangeTime", self.changed)] {
            let at = at.map_or_else(String::new, |at| wire::soap::rfc3339(at.0));
            put(&format!("{key}UTC"), at.as_str().into());
            put(key, at.into());
        }
        put("DisconnectCode", self.disconnect_code.as_str().into());
        put("IsLogging", boolean_text(self.is_recorded));
        put("Timeout", self.timeout_s.to_string().into());
        put("AllowDispositions", boolean_text(true));
        put("FinalState", boolean_text(self.is_final));
        put("InteractionId", self.interaction.as_str().into());
        put("CustomData", call_data::custom_data(&self.data).into());
        if !self.data.is_empty() {
            put("ScreenPopUrlVariables", call_data::variables(&self.data));
        }
        NOTHING.iter().for_each(|(key, nothing)| put(key, (*nothing).into()));
    }

    /// Parses the event; `None` without a valid ID and status.
    pub(super) fn parse(event: &Value) -> Option<Self> {
        let string = |name: &str| text(member(event, name)).unwrap_or_default();
        let moment = |name: &str| {
            let text = string(&format!("{name}UTC"));
            let text = if text.is_empty() { string(name) } else { text };
            wire::soap::instant(&text).map(Timestamp)
        };
        let id = ContactId::from_digits(&text(member(event, "ContactID"))?)?;
        let linked = |name: &str| ContactId::from_digits(&string(name));
        Some(Self {
            master: linked("MasterID").unwrap_or_else(|| id.clone()),
            parent: linked("ParentContactId").filter(|parent| *parent != id),
            is_consult: string("CallType").eq_ignore_ascii_case(CONSULT),
            id,
            status: Status::parse(&text(member(event, "Status"))?)?,
            is_final: is_true(member(event, "FinalState")),
            is_inbound: is_true(member(event, "IsInbound")),
            ani: string("ANI"),
            dnis: string("DNIS"),
            skill: string("Skill"),
            started: moment("StartTime"),
            changed: moment("LastStateChangeTime"),
            disconnect_code: string("DisconnectCode"),
            is_recorded: is_true(member(event, "IsLogging")),
            timeout_s: string("Timeout").parse().unwrap_or_default(),
            interaction: string("InteractionId"),
            data: call_data::parse(member(event, "ScreenPopUrlVariables"), &string("CustomData")),
        })
    }
}
