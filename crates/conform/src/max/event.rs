//! Events, as MAX sends them (max.md §7).

use serde_json::{Value, json};

/// The acknowledgement.
pub(super) const ACK: &str = "ClientEventSubscriptionAcknowledge";

/// The event about a contact.
pub(super) const CALL: &str = "CallContactEvent";

/// Every `Status` of a contact.
pub(super) const STATUSES: [&str; 13] = [
    "Incoming",
    "Ringing",
    "Dialing",
    "Active",
    "Holding",
    "Masking",
    "Joined",
    "Preview",
    "NaturalCallRinging",
    "NaturalCallAMD",
    "NaturalCallDialing",
    "CallBackDisconnected",
    "Disconnected",
];

/// Every `CurrentState` of an agent.
pub(super) const STATES: [&str; 10] = [
    "Available",
    "Unavailable",
    "InboundContact",
    "OutboundContact",
    "InboundConsult",
    "OutboundConsult",
    "Dialer",
    "DialerPending",
    "LoggedIn",
    "LoggedOut",
];

/// The keys of the event about a contact that are texts.
pub(super) const CALL_KEYS: [&str; 13] = [
    "ContactID",
    "MasterID",
    "Status",
    "CallType",
    "ANI",
    "DNIS",
    "Skill",
    "IsInbound",
    "StartTimeUTC",
    "LastStateChangeTimeUTC",
    "FinalState",
    "IsLogging",
    "ParentContactId",
];

/// Keys whose values are `True` or `False`.
pub(super) const BOOLEANS: [&str; 7] =
    ["FinalState", "IsInbound", "IsLogging", "IsAcw", "NextIsAcw", "AgentMuted", "IsLinked"];

/// Keys whose values are lists.
pub(super) const LISTS: [&str; 2] = ["NextStates", "ScreenPopUrlVariables"];

/// The name of an event.
pub(super) fn name(event: &Value) -> &str {
    event["Type"].as_str().or(event["messageType"].as_str()).unwrap_or_default()
}

/// Whether an event is about a contact.
pub(super) fn is_of_contact(event: &Value) -> bool {
    event["ContactID"].is_string() || event["ContactId"].is_string()
}

/// Whether a text is a time as ISO 8601 has it, in UTC.
pub(super) fn is_time(text: &str) -> bool {
    text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
}

/// A contact ID as it is in an envelope.
pub(super) fn number(contact: &str) -> Value {
    contact.parse::<u64>().map_or_else(|_| json!(contact), |number| json!(number))
}

/// A contact of the run.
pub(super) struct Contact<'a> {
    pub(super) id: &'a str,
    pub(super) customer: &'a str,
}

/// A moment: both keys of a time.
const TIME: &str = "2023-11-14T22:13:22.000Z";

impl Contact<'_> {
    /// The event with this status.
    pub(super) fn event(&self, status: &str, logging: bool, complete: bool) -> Value {
        let word = |yes: bool| if yes { "True" } else { "False" };
        json!({
            "Type": CALL, "IISHost": "conform", "VCHost": "conform", "ContactID": self.id, "MasterID": self.id,
            "Status": status, "CallType": "Regular", "ANI": self.customer, "DNIS": "7700", "Skill": "7700",
            "IsInbound": "True", "StartTime": TIME, "StartTimeUTC": TIME, "LastStateChangeTime": TIME,
            "LastStateChangeTimeUTC": TIME, "DisconnectCode": "NA", "IsLogging": word(logging),
            "Timeout": "20", "AllowDispositions": "True", "FinalState": word(complete), "OriginalState": "False",
            "ScreenPopUrl": "", "Label": "", "IsLinked": "False", "TimeZones": "", "OtherInformation": "",
            "OtherInformationNewFormat": "", "BlendingToSkillName": "", "DeliveryType": "None",
            "ComplianceRecord": "False", "ConfirmationRequired": "False", "ParentContactId": "0",
            "OmniGroupId": "0", "ExternalId": "", "AnsMachineOverride": "False",
            "AnsMachineOverrideEndTime": "", "CustomerCardUrl": "", "CustomData": ""
        })
    }
}

/// The agent's state.
pub(super) fn agent_state(state: &str) -> Value {
    json!({
        "Type": "AgentState", "IISHost": "conform", "VCHost": "conform", "CurrentState": state,
        "CurrentOutReason": "", "StartTime": TIME, "StartTimeUTC": TIME, "IsAcw": "False", "AcwTimeout": "0",
        "NextIsAcw": "False", "NextStates": []
    })
}

/// The agent's leg.
pub(super) fn agent_leg(id: &str, status: &str) -> Value {
    let complete = if status == "Disconnected" { "True" } else { "False" };
    json!({
        "Type": "AgentLeg", "IISHost": "conform", "VCHost": "conform", "AgentLegId": id, "Status": status,
        "FinalState": complete
    })
}

/// Whether the agent is muted.
pub(super) fn mute(muted: bool) -> Value {
    let muted = if muted { "True" } else { "False" };
    json!({ "Type": "Mute", "IISHost": "conform", "VCHost": "conform", "AgentMuted": muted })
}
