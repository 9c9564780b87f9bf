//! `callCenterSettings`: the eight sections (crm-connector.md §5). On the wire all values are texts; here they have types.

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::{Number, NumberError};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    lenient,
    limits::{DEBOUNCE_MS_MAX, FIELDS_MAX, HISTORY_MAX, RESPONSE_S_MAX, RESPONSE_WITHIN_S},
};

/// The settings that the CRM page sends to the connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// `ReqGeneralInfo`.
    pub general: General,
    /// `ServerConfig`.
    pub server: Server,
    /// `DialingOptions`. Without it numbers are dialed unchanged.
    pub dialing: Option<DialPlan>,
    /// `LogOptions`.
    pub log: LogOptions,
    /// `SoftphoneOptions`.
    pub softphone: Softphone,
    /// `CallScreenPopOptions`.
    pub pop: PopOptions,
    /// `ReasonCodesEnabled`.
    pub reasons: Reasons,
    /// `LabelOptions`: labels of the connector page, by the vendor's names. Empty ones are left out.
    pub labels: BTreeMap<CompactString, CompactString>,
}

/// Names and sizes. Sizes are in pixels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct General {
    /// `reqInternalName`.
    pub name: CompactString,
    /// `reqDisplayName`.
    pub title: CompactString,
    /// `activeSoftphoneWidth`, or else `reqSoftphoneWidth`.
    pub width: u64,
    /// `activeSoftphoneHeight`, or else `reqSoftphoneHeight`.
    pub height: u64,
    /// `idleSoftphoneHeight`.
    pub idle_height: u64,
}

/// The platform, and how the tabs of a browser share a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Server {
    /// `serverHostName`. The connector uses the server that it was loaded from. The console of the browser gets a warning if this is another one.
    pub host: CompactString,
    /// `useLocalSessionSharing`: the tabs of a browser share one sign-in. Without it, they do.
    pub shared: Option<bool>,
}

/// How numbers are dialed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DialPlan {
    /// `reqOutsidePrefix`.
    pub outside: CompactString,
    /// `reqLongDistPrefix`.
    pub long_distance: CompactString,
    /// `reqInternationalPrefix`.
    pub international: CompactString,
    /// `dialCountryCode`.
    pub country: CompactString,
    /// `dialInternalLength`. Digits.
    pub internal_length: usize,
    /// `dialLocalLength`. Digits.
    pub local_length: usize,
    /// `dialLongDistanceLength`. Digits.
    pub long_distance_length: usize,
    /// `emergencyCodes`, separated by commas or spaces.
    pub emergency: Vec<CompactString>,
}

/// Settings of logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogOptions {
    /// `callLogEnabled`.
    pub enabled: bool,
    /// `transactionLogCustomField1`, `…2`, …: names of the CRM's fields.
    pub voice_fields: Vec<CompactString>,
    /// `transactionLogDigitalCustomField1`, …. If there are none, the same fields as for calls.
    pub digital_fields: Vec<CompactString>,
    /// `interactionHistorySize`.
    pub history: usize,
}

/// Settings of the softphone: what the agent can do, and automatic actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Softphone {
    /// `language`.
    pub language: Option<CompactString>,
    /// `startWorkState` is not `NR`: ready after signing in.
    pub starts_ready: bool,
    /// `autoStartWorkEnabled`.
    pub starts_work: bool,
    /// `autoSignOutEnabled`: leaving the page signs the agent out.
    pub signs_out: bool,
    /// `clickToDial`.
    pub click_to_dial: bool,
    /// `clickToConsultEnabled`: a click during a call starts a consultation.
    pub click_to_consult: bool,
    /// `manualNotReadySelectionEnabled`.
    pub not_ready: bool,
    /// `manualAfterContactWorkEnabled`.
    pub after_contact_work: bool,
    /// `transferButtonEnabled`.
    pub transfer: bool,
    /// `conferenceButtonEnabled`.
    pub conference: bool,
    /// `autoAcceptInteraction`.
    pub answers: bool,
    /// `dropIncomingInteraction`: the agent may reject calls.
    pub reject: bool,
    /// `manualOutboundInteraction`: show a dial pad.
    pub dial_pad: bool,
    /// `customerJourneyButtonEnabled` or `advancedCustomerHistoryEnabled`: show earlier interactions.
    pub history: bool,
    /// `reportsEnabled`.
    pub reports: bool,
    /// `notificationsEnabled`.
    pub notifications: bool,
    /// `voicemailNumber`.
    pub voicemail: Option<CompactString>,
    /// `debounceTime`: a click or request of the same kind within this time of the last one is ignored. Milliseconds.
    pub debounce_ms: u64,
    /// `serverResponseTimeout`: how long the hub or the switch may take to answer. Seconds.
    pub timeout_s: u64,
}

/// Settings of screen pops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PopOptions {
    /// `screenPopOnAni`.
    pub ani: bool,
    /// `screenPopOnDnis`.
    pub dnis: bool,
    /// `internationalAnisearch`: the number with plus and country comes first.
    pub international: bool,
    /// `suppressScreenPop`.
    pub suppressed: bool,
    /// `waitBeforePerformScreenpop`: at the answer instead of the ring.
    pub on_answer: bool,
    /// `screenPopOnConsultOrCompleted`: a call that a colleague transfers shows its record when the colleague consults, instead of when the
    /// transfer is complete.
    pub on_consult: bool,
    /// `customParam1` … `customParam10`: names in the call data.
    pub params: Vec<CompactString>,
}

/// Which codes the agent must choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reasons {
    /// `auxReasonEnabled`: a reason for not being ready.
    pub not_ready: bool,
    /// `dispositionCodesEnabled`.
    pub disposition: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self::read(&Value::Null)
    }
}

impl Settings {
    /// Parses the sections, with or without a `parameters` wrapper. A missing or empty value has the default of crm-connector.md §5.
    pub fn read(settings: &Value) -> Self {
        let settings = settings.get("parameters").unwrap_or(settings);
        let section = |name: &str| Section(settings.get(name).and_then(Value::as_object));
        let labels = section("LabelOptions").0.into_iter().flatten();
        Self {
            general: General::read(section("ReqGeneralInfo")),
            server: Server::read(section("ServerConfig")),
            dialing: Some(section("DialingOptions"))
                .filter(|dialing| dialing.0.is_some())
                .map(DialPlan::read),
            log: LogOptions::read(section("LogOptions")),
            softphone: Softphone::read(section("SoftphoneOptions")),
            pop: PopOptions::read(section("CallScreenPopOptions")),
            reasons: Reasons::read(section("ReasonCodesEnabled")),
            labels: labels
                .filter_map(|(name, label)| Some((name.as_str().into(), lenient::text(label)?)))
                .take(FIELDS_MAX)
                .collect(),
        }
    }

    /// Prints the eight sections with every key that Cordboard reads. All values are texts.
    pub fn print(&self) -> Value {
        let General { name, title, width, height, idle_height } = &self.general;
        let mut server = json!({ "serverHostName": self.server.host });
        if let Some(shared) = self.server.shared {
            server["useLocalSessionSharing"] = json!(yes(shared));
        }
        json!({
            "ReqGeneralInfo": {
                "reqInternalName": name, "reqDisplayName": title, "reqAdapterUrl": self.server.host,
                "reqSoftphoneHeight": height.to_string(), "reqSoftphoneWidth": width.to_string(),
                "activeSoftphoneHeight": height.to_string(), "activeSoftphoneWidth": width.to_string(),
                "idleSoftphoneHeight": idle_height.to_string(),
            },
            "ServerConfig": server,
            "DialingOptions": self.dialing.as_ref().map(DialPlan::print).unwrap_or_else(|| json!({})),
            "LogOptions": self.log.print(),
            "SoftphoneOptions": self.softphone.print(),
            "CallScreenPopOptions": self.pop.print(),
            "ReasonCodesEnabled": {
                "auxReasonEnabled": yes(self.reasons.not_ready),
                "dispositionCodesEnabled": yes(self.reasons.disposition),
            },
            "LabelOptions": self.labels,
        })
    }
}

/// A flag as the vendor's pages write it.
fn yes(on: bool) -> &'static str {
    if on { "Y" } else { "N" }
}

/// `name1`, `name2`, … with their values.
fn number(section: &mut Value, name: &str, values: &[CompactString]) {
    for (index, value) in values.iter().enumerate() {
        section[format!("{name}{}", index + 1)] = json!(value);
    }
}

/// One section, or nothing if it is missing.
#[derive(Clone, Copy)]
struct Section<'a>(Option<&'a Map<String, Value>>);

impl Section<'_> {
    fn text(self, name: &str) -> Option<CompactString> {
        lenient::text(self.0?.get(name)?)
    }

    /// The digits of a text. An empty text is a valid value.
    fn prefix(self, name: &str) -> CompactString {
        self.text(name).unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
    }

    fn optional_flag(self, name: &str) -> Option<bool> {
        lenient::flag(self.0?.get(name)?)
    }

    fn flag(self, name: &str, default: bool) -> bool {
        self.optional_flag(name).unwrap_or(default)
    }

    fn count(self, name: &str, default: u64) -> u64 {
        self.0.and_then(|section| lenient::count(section.get(name)?)).unwrap_or(default)
    }

    fn length(self, name: &str, default: u8) -> usize {
        usize::try_from(self.count(name, default.into())).unwrap_or(usize::MAX)
    }

    /// The texts of `name1`, `name2`, … in order.
    fn numbered(self, name: &str) -> Vec<CompactString> {
        (1..=FIELDS_MAX).filter_map(|number| self.text(&format!("{name}{number}"))).collect()
    }
}

impl General {
    fn read(section: Section<'_>) -> Self {
        let size = |active, required, default| section.count(active, section.count(required, default));
        Self {
            name: section.text("reqInternalName").unwrap_or_default(),
            title: section.text("reqDisplayName").unwrap_or_default(),
            width: size("activeSoftphoneWidth", "reqSoftphoneWidth", 300),
            height: size("activeSoftphoneHeight", "reqSoftphoneHeight", 640),
            idle_height: section.count("idleSoftphoneHeight", 520),
        }
    }
}

impl Server {
    fn read(section: Section<'_>) -> Self {
        let host = section.text("serverHostName").unwrap_or_default();
        Self { host, shared: section.optional_flag("useLocalSessionSharing") }
    }
}

impl LogOptions {
    fn read(section: Section<'_>) -> Self {
        let voice = section.numbered("transactionLogCustomField");
        let digital = section.numbered("transactionLogDigitalCustomField");
        Self {
            enabled: section.flag("callLogEnabled", false),
            digital_fields: if digital.is_empty() { voice.clone() } else { digital },
            voice_fields: voice,
            history: section.length("interactionHistorySize", 5).min(HISTORY_MAX),
        }
    }
}

impl LogOptions {
    fn print(&self) -> Value {
        let mut section = json!({
            "callLogEnabled": yes(self.enabled), "interactionHistorySize": self.history.to_string(),
        });
        number(&mut section, "transactionLogCustomField", &self.voice_fields);
        section
    }
}

impl PopOptions {
    fn print(&self) -> Value {
        let mut section = json!({
            "screenPopOnAni": yes(self.ani), "screenPopOnDnis": yes(self.dnis),
            "screenPopOnConsultOrCompleted": if self.on_consult { "Consult" } else { "C" },
            "internationalAnisearch": yes(self.international), "suppressScreenPop": yes(self.suppressed),
            "waitBeforePerformScreenpop": yes(self.on_answer),
        });
        number(&mut section, "customParam", &self.params);
        section
    }
}

impl Softphone {
    fn print(&self) -> Value {
        json!({
            "language": self.language.clone().unwrap_or_default(),
            "startWorkState": if self.starts_ready { "R" } else { "NR" },
            "autoStartWorkEnabled": yes(self.starts_work), "autoSignOutEnabled": yes(self.signs_out),
            "clickToDial": yes(self.click_to_dial), "clickToConsultEnabled": yes(self.click_to_consult),
            "manualNotReadySelectionEnabled": yes(self.not_ready),
            "manualAfterContactWorkEnabled": yes(self.after_contact_work),
            "transferButtonEnabled": yes(self.transfer), "conferenceButtonEnabled": yes(self.conference),
            "autoAcceptInteraction": yes(self.answers), "dropIncomingInteraction": yes(self.reject),
            "manualOutboundInteraction": yes(self.dial_pad), "customerJourneyButtonEnabled": yes(self.history),
            "advancedCustomerHistoryEnabled": yes(self.history), "reportsEnabled": yes(self.reports),
            "notificationsEnabled": yes(self.notifications),
            "voicemailNumber": self.voicemail.clone().unwrap_or_default(),
            "debounceTime": self.debounce_ms.to_string(), "serverResponseTimeout": self.timeout_s.to_string(),
        })
    }

    fn read(section: Section<'_>) -> Self {
        let flag = |name, default| section.flag(name, default);
        Self {
            language: section.text("language"),
            starts_ready: section.text("startWorkState").is_some_and(|state| state != "NR"),
            starts_work: flag("autoStartWorkEnabled", false),
            signs_out: flag("autoSignOutEnabled", false),
            click_to_dial: flag("clickToDial", false),
            click_to_consult: flag("clickToConsultEnabled", true),
            not_ready: flag("manualNotReadySelectionEnabled", true),
            after_contact_work: flag("manualAfterContactWorkEnabled", true),
            transfer: flag("transferButtonEnabled", true),
            conference: flag("conferenceButtonEnabled", true),
            answers: flag("autoAcceptInteraction", false),
            reject: flag("dropIncomingInteraction", true),
            dial_pad: flag("manualOutboundInteraction", true),
            history: flag("customerJourneyButtonEnabled", true)
                || flag("advancedCustomerHistoryEnabled", true),
            reports: flag("reportsEnabled", false),
            notifications: flag("notificationsEnabled", true),
            voicemail: section.text("voicemailNumber"),
            debounce_ms: section.count("debounceTime", 0).min(DEBOUNCE_MS_MAX),
            timeout_s: section.count("serverResponseTimeout", RESPONSE_WITHIN_S).clamp(1, RESPONSE_S_MAX),
        }
    }
}

impl PopOptions {
    fn read(section: Section<'_>) -> Self {
        Self {
            ani: section.flag("screenPopOnAni", true),
            dnis: section.flag("screenPopOnDnis", false),
            international: section.flag("internationalAnisearch", false),
            suppressed: section.flag("suppressScreenPop", false),
            on_answer: section.flag("waitBeforePerformScreenpop", false),
            // The sample's `C` fits both words. Cordboard reads it as `Completed`.
            on_consult: section
                .text("screenPopOnConsultOrCompleted")
                .is_some_and(|moment| moment.eq_ignore_ascii_case("consult")),
            params: section.numbered("customParam"),
        }
    }
}

impl Reasons {
    fn read(section: Section<'_>) -> Self {
        Self {
            not_ready: section.flag("auxReasonEnabled", false),
            disposition: section.flag("dispositionCodesEnabled", false),
        }
    }
}

impl DialPlan {
    fn read(section: Section<'_>) -> Self {
        let codes = section.text("emergencyCodes").unwrap_or_default();
        Self {
            outside: section.prefix("reqOutsidePrefix"),
            long_distance: section.prefix("reqLongDistPrefix"),
            international: section.prefix("reqInternationalPrefix"),
            country: section.prefix("dialCountryCode"),
            internal_length: section.length("dialInternalLength", 4),
            local_length: section.length("dialLocalLength", 7),
            long_distance_length: section.length("dialLongDistanceLength", 10),
            emergency: codes.split([',', ';', ' ']).filter(|code| !code.is_empty()).map(Into::into).collect(),
        }
    }

    fn print(&self) -> Value {
        json!({
            "reqOutsidePrefix": self.outside, "reqLongDistPrefix": self.long_distance,
            "reqInternationalPrefix": self.international, "dialCountryCode": self.country,
            "dialInternalLength": self.internal_length.to_string(), "dialLocalLength": self.local_length.to_string(),
            "dialLongDistanceLength": self.long_distance_length.to_string(), "emergencyCodes": self.emergency.join(","),
        })
    }

    /// The number to dial where the switch takes international numbers in the form `+…`: no prefix is dialed, and a national number gets its
    /// country (crm-connector.md §5.3; a proposal).
    pub fn international(&self, number: &Number) -> Result<Number, NumberError> {
        let text = number.as_str();
        let is_short = text.len() == self.internal_length || self.emergency.iter().any(|code| code == text);
        if text.starts_with('+') || is_short {
            return Ok(number.clone());
        }
        let without = |prefix: &CompactString, length: Option<usize>| {
            let rest = text.strip_prefix(prefix.as_str()).filter(|_| !prefix.is_empty())?;
            (length.is_none_or(|length| rest.len() == length) && rest.len() > self.local_length)
                .then_some(rest)
        };
        let national = Some(text).filter(|text| text.len() == self.long_distance_length);
        let national = national.or_else(|| without(&self.long_distance, Some(self.long_distance_length)));
        match national.filter(|_| !self.country.is_empty()) {
            Some(national) => Number::new(format!("+{}{national}", self.country)),
            None => match without(&self.international, None) {
                Some(abroad) => Number::new(format!("+{abroad}")),
                None => Ok(number.clone()),
            },
        }
    }

    /// The digits to dial for a number where the switch takes the prefixes of the plan (crm-connector.md §5.3; a proposal).
    pub fn prefixed(&self, number: &Number) -> Result<Number, NumberError> {
        let text = number.as_str();
        let (abroad, digits) = match text.strip_prefix('+') {
            None => (false, text),
            // Without prefixes, nothing can replace the plus.
            Some(_) if self.outside.is_empty() && self.international.is_empty() => return Ok(number.clone()),
            Some(rest) => match rest.strip_prefix(self.country.as_str()).filter(|_| !self.country.is_empty())
            {
                Some(national) => (false, national),
                None => (true, rest),
            },
        };
        let is_emergency = self.emergency.iter().any(|code| code == digits);
        if !abroad && (is_emergency || digits.len() == self.internal_length && !text.starts_with('+')) {
            return Ok(number.clone());
        }
        let trunk = match digits.len() {
            _ if abroad => self.international.as_str(),
            length if length == self.long_distance_length => self.long_distance.as_str(),
            _ => "",
        };
        Number::new(format!("{}{trunk}{digits}", self.outside))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan() -> DialPlan {
        let options = json!({"DialingOptions": {
            "reqOutsidePrefix": "9", "reqLongDistPrefix": "1", "reqInternationalPrefix": "011", "dialInternalLength": "4",
            "dialCountryCode": "1", "dialLocalLength": "7", "dialLongDistanceLength": "10", "emergencyCodes": "911, 112",
        }});
        Settings::read(&options).dialing.unwrap()
    }

    #[test]
    fn numbers_are_dialled_by_plan() {
        for (number, wanted) in [
            ("1002", "1002"),
            ("911", "911"),
            ("112", "112"),
            ("5550100", "95550100"),
            ("(415) 555-0100", "914155550100"),
            ("+1 415 555 0100", "914155550100"),
            ("+49 30 123456", "90114930123456"),
        ] {
            let dialled = plan().prefixed(&Number::new(number).unwrap()).unwrap();
            assert_eq!(dialled.as_str(), wanted, "{number}");
        }
    }

    #[test]
    fn numbers_get_no_prefix_where_the_switch_takes_international_ones() {
        for (number, wanted) in [
            ("1002", "1002"),
            ("911", "911"),
            ("5550100", "5550100"),
            ("(415) 555-0100", "+14155550100"),
            ("1 415 555 0100", "+14155550100"),
            ("+1 415 555 0100", "+14155550100"),
            ("011 49 30 123456", "+4930123456"),
            ("+49 30 123456", "+4930123456"),
        ] {
            let dialled = plan().international(&Number::new(number).unwrap()).unwrap();
            assert_eq!(dialled.as_str(), wanted, "{number}");
        }
    }

    #[test]
    fn without_settings_there_are_the_defaults() {
        let settings = Settings::default();
        assert!(settings.dialing.is_none() && !settings.softphone.click_to_dial && settings.pop.ani);
        assert_eq!(settings.log.history, 5);
    }

    #[test]
    fn settings_may_stand_in_a_wrapper_and_flags_in_any_form() {
        let settings = json!({"parameters": {"SoftphoneOptions": {"clickToDial": "Y", "transferButtonEnabled": false},
            "LogOptions": {"transactionLogCustomField1": "case_id", "transactionLogCustomField2": ""}}});
        let settings = Settings::read(&settings);
        assert!(settings.softphone.click_to_dial && !settings.softphone.transfer);
        assert_eq!(settings.log.voice_fields, ["case_id"]);
        assert_eq!(settings.log.digital_fields, ["case_id"]);
    }
}
