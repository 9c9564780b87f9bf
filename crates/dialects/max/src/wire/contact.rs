//! `CallContactEvent`: a call as MAX tells of it (max.md §7.4).

use model::Timestamp;
use serde_json::{Map, Value};

use super::{
    ContactId,
    text::{is_true, member, text, truth},
};

/// Keys that a call of ours has nothing for, with what stands for nothing there.
const NOTHING: [(&str, &str); 18] = [
    ("OriginalState", "False"),
    ("ScreenPopUrl", ""),
    ("Label", ""),
    ("IsLinked", "False"),
    ("TimeZones", ""),
    ("OtherInformation", ""),
    ("OtherInformationNewFormat", ""),
    ("BlendingToSkillName", ""),
    ("DeliveryType", "None"),
    ("CustomData", ""),
    ("ComplianceRecord", "False"),
    ("ConfirmationRequired", "False"),
    ("ParentContactId", "0"),
    ("OmniGroupId", "0"),
    ("ExternalId", ""),
    ("AnsMachineOverride", "False"),
    ("AnsMachineOverrideEndTime", ""),
    ("CustomerCardUrl", ""),
];

/// A call as MAX tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallContact {
    /// Which.
    pub id: ContactId,
    /// How it stands.
    pub status: Status,
    /// Whether it is over for good: without it a call that is [`Status::Disconnected`] is still being worked on.
    pub is_final: bool,
    /// Whether the customer called.
    pub is_inbound: bool,
    /// The caller's number.
    pub ani: String,
    /// The number that was dialled.
    pub dnis: String,
    /// The queue it came through; `0`: none.
    pub skill: String,
    /// Since when there is the call.
    pub started: Option<Timestamp>,
    /// Since when it stands so.
    pub changed: Option<Timestamp>,
    /// Why it came to nothing; `NA`: it did not.
    pub disconnect_code: String,
    /// Whether the agent has it recorded.
    pub is_recorded: bool,
    /// For how long the agent may refuse it. Seconds; 0: not at all.
    pub timeout_s: u64,
    /// Another name for it, a UUID.
    pub interaction: String,
}

/// How a call stands.
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
    /// Every status.
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

    /// Its word.
    pub fn word(self) -> &'static str {
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

    /// Reads a word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word().eq_ignore_ascii_case(word))
    }

    /// Whether the call's voice is gone.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Disconnected | Self::CallBackDisconnected)
    }
}

impl CallContact {
    /// A call of which nothing is known but how it stands.
    pub fn bare(id: ContactId, status: Status) -> Self {
        Self {
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
        }
    }

    pub(super) fn write(&self, event: &mut Map<String, Value>) {
        let mut put = |key: &str, value: Value| drop(event.insert(key.to_owned(), value));
        put("ContactID", self.id.as_str().into());
        put("MasterID", self.id.as_str().into());
        put("Status", self.status.word().into());
        put("CallType", "Regular".into());
        put("DNIS", self.dnis.as_str().into());
        put("ANI", self.ani.as_str().into());
        put("Skill", self.skill.as_str().into());
        put("IsInbound", truth(self.is_inbound));
        for (key, at) in [("StartTime", self.started), ("LastStateChangeTime", self.changed)] {
            let at = at.map_or_else(String::new, |at| wire::soap::rfc3339(at.0));
            put(&format!("{key}UTC"), at.as_str().into());
            put(key, at.into());
        }
        put("DisconnectCode", self.disconnect_code.as_str().into());
        put("IsLogging", truth(self.is_recorded));
        put("Timeout", self.timeout_s.to_string().into());
        put("AllowDispositions", truth(true));
        put("FinalState", truth(self.is_final));
        put("InteractionId", self.interaction.as_str().into());
        NOTHING.iter().for_each(|(key, nothing)| put(key, (*nothing).into()));
    }

    /// Reads the event; `None` without an id or a status that is one.
    pub(super) fn parse(event: &Value) -> Option<Self> {
        let string = |name: &str| text(member(event, name)).unwrap_or_default();
        let moment = |name: &str| {
            let text = string(&format!("{name}UTC"));
            let text = if text.is_empty() { string(name) } else { text };
            wire::soap::instant(&text).map(Timestamp)
        };
        Some(Self {
            id: ContactId::from_digits(&text(member(event, "ContactID"))?)?,
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
        })
    }
}
