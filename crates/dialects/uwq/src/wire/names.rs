//! Names of data pairs. EBS compares them case-sensitively (uwq.md §7).

/// The softphone's ID of the call (uwq.md §7.1).
pub const SOURCE_ID: &str = "occtSourceID";
/// The caller's number (uwq.md §7.1).
pub const ANI: &str = "occtANI";
/// The dialed number; by default the agent's extension (uwq.md §5.4).
pub const DNIS: &str = "occtDNIS";
/// The text of an error (uwq.md §7.1).
pub const ERROR_MESSAGE: &str = "occtErrorMsg";
/// Marks a call that was announced before. Our choice (uwq.md §6.4).
pub const REANNOUNCE: &str = "reannounce";

/// Pairs whose value is a telephone number: digits only (uwq.md §7.5).
pub const NUMBERS: [&str; 2] = [ANI, "PhoneNumber"];

/// The default mapping of call data, as (name in the call data, name in EBS). Later entries are more specific: Service Request
/// takes the last one (uwq.md §7.3).
pub const MAPPING: [(&str, &str); 35] = [
    ("occtClassification", "occtClassification"),
    ("occtScreenPopAction", "occtScreenPopAction"),
    ("ScreenPopType", "ScreenPopType"),
    ("language", "language"),
    ("lastOperationCode", "lastOperationCode"),
    ("CAMPAIGN_SCHEDULE_ID", "CAMPAIGN_SCHEDULE_ID"),
    ("CAMPAIGN_SCHEDULE_NAME", "COMPAIGN_SCHEDULE_NAME"),
    ("COMPAIGN_SCHEDULE_NAME", "COMPAIGN_SCHEDULE_NAME"),
    ("PromotionCode", "PromotionCode"),
    ("CountryCode", "CountryCode"),
    ("AreaCode", "AreaCode"),
    ("PhoneNumber", "PhoneNumber"),
    ("PARTY_ID", "PARTY_ID"),
    ("CustomerID", "CustomerID"),
    ("ContactNum", "ContactNum"),
    ("CustomerNum", "CustomerNum"),
    ("AccountNum", "AccountNum"),
    ("AccountNum", "AccountCode"),
    ("AccountCode", "AccountCode"),
    ("ServiceKey", "ServiceKey"),
    ("MarketingPIN", "MarketingPIN"),
    ("CollateralReq", "CollateralReq"),
    ("EventCode", "EventCode"),
    ("SystemName", "SystemName"),
    ("InstanceName", "InstanceName"),
    ("InstanceNum", "InstanceNum"),
    ("TagNumber", "TagNumber"),
    ("SerialNum", "SerialNum"),
    ("ContractNum", "ContractNum"),
    ("ContractNumModifier", "ContractNumModifier"),
    ("InvoiceNum", "InvoiceNum"),
    ("OrderNum", "OrderNum"),
    ("QuoteNum", "QuoteNum"),
    ("RMANum", "RMANum"),
    ("ServiceRequestNum", "ServiceRequestNum"),
];

/// Pairs that EBS passes from agent to agent, sent unchanged (uwq.md §7.2).
const CARRIED: [&str; 24] = [
    "ACTION_ID",
    "INTERACTION_ID",
    "SERVICE_KEY_NAME",
    "SERVICE_KEY_VALUE",
    "CALL_REASON",
    "EMPLOYEE_ID",
    "CUST_PARTY_ID",
    "REL_PARTY_ID",
    "PER_PARTY_ID",
    "CUST_PHONE_ID",
    "CUST_EMAIL_ID",
    "REL_PHONE_ID",
    "REL_EMAIL_ID",
    "CUST_ACCOUNT_ID",
    "XFR_PARTY_ID",
    "XFR_SOURCE_CODE_ID",
    "SubjectID",
    "ObjectID",
    "ContactPointID",
    "PrimaryEmailID",
    "CustomerAccountID",
    "LocationID",
    "InteractionID",
    "ActionID",
];

/// Pairs that EBS or its servers set (uwq.md §7.1, §7.2).
const EBS_OWN: [&str; 18] = [
    "occtErrorMsg",
    "occtMediaItemID",
    "occtAgentID",
    "occtEventName",
    "occtMediaType",
    "workItemID",
    "occtCreationTime",
    "occtRoutePoint",
    "occtReroute",
    "occtAppID",
    "occtRespID",
    "occtURL",
    "occtWithCallback",
    "WhichIVR",
    "MatchFlag",
    "ProcessedFlag",
    "FromEBC",
    "reannounce",
];

/// Prefixes of names that EBS or its servers set (uwq.md §7.1, §7.2).
const EBS_OWN_PREFIXES: [&str; 5] =
    ["SKEY_", "uwq_", "occtServerGroup", "occtLocalServerGroup", "occtSuperServerGroup"];

/// The longest value that all forms accept for a pair. Characters. Known: Contact Center takes 240, Service Request takes 50 of the
/// numbers it looks for, a few have columns of their own (uwq.md §7.5).
pub fn value_length_max(name: &str) -> usize {
    match name {
        "ServiceRequestNum" | "AccountCode" | "SerialNum" | "TagNumber" | "CustomerNum" | "PhoneNumber"
        | "RMANum" | "ContractNum" => 50,
        "CALL_REASON" | "occtScreenPopAction" => 40,
        "CountryCode" | "AreaCode" => 10,
        _ => 240,
    }
}

/// Whether a pair is sent with the call regardless of the mapping.
pub fn is_carried(name: &str) -> bool {
    CARRIED.contains(&name)
}

/// Whether a softphone must not set this name. EBS accepts some names in any case, so case is ignored here.
pub fn is_forbidden(name: &str) -> bool {
    let starts =
        |prefix: &&str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    [SOURCE_ID, ANI, DNIS].iter().chain(&EBS_OWN).any(|own| own.eq_ignore_ascii_case(name))
        || EBS_OWN_PREFIXES.iter().any(starts)
}
