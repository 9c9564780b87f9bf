//! Messages from the connector (crm-connector.md §4).

use compact_str::CompactString;
use serde_json::{Value, json};

use super::{FROM_CONNECTOR, LogRecord, envelope, lenient, limits::FIELDS_MAX, open};

/// `direction` of a call to the agent; a proposal (crm-connector.md §4.7).
const INBOUND: &str = "INBOUND";
/// `direction` of a call from the agent.
const OUTBOUND: &str = "OUTBOUND";

/// A message from the connector.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectorMessage {
    /// The connector is running. Repeated until it is answered.
    Ready,
    /// Requests configuration, user and capabilities.
    RequestCrmData,
    /// Requests the directory.
    RequestGetCrmDirectory,
    /// Whether the connector accepts clicks.
    RequestEnableClickToDial(bool),
    /// Requests to show the record of a click. Contains the click's result.
    RequestNavigateToClickToDialResult(Value),
    /// Requests to show the record of an interaction.
    RequestPerformInteractionScreenPop(ScreenPop),
    /// Requests to show the reports.
    RequestOpenReports,
    /// Requests to log an interaction.
    RequestSaveInteractionLog(Box<LogRecord>),
    /// Reports the progress of an interaction; a proposal, sent only to pages that support it (crm-connector.md §8.1).
    InteractionEvent(Progress),
    /// Requests the definitions of custom fields, by the CRM's names.
    RequestCustomFieldsValues {
        /// The fields of calls.
        voice: Vec<CompactString>,
        /// The fields of other media.
        digital: Vec<CompactString>,
    },
}

/// The data of a screen pop (crm-connector.md §4.7).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScreenPop {
    /// The caller's numbers, the best one first. Clients look at two.
    pub ani: Vec<CompactString>,
    /// The dialed numbers.
    pub dnis: Vec<CompactString>,
    /// Data of the call, by the names in the configuration.
    pub params: Vec<(CompactString, CompactString)>,
    /// The ID of the interaction.
    pub interaction: CompactString,
    /// Whether the agent was called.
    pub inbound: bool,
}

/// The progress of an interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub step: Step,
    /// The ID of the interaction.
    pub interaction: CompactString,
    /// Whether the agent was called.
    pub inbound: bool,
    /// The caller.
    pub originating: CompactString,
    /// The called party.
    pub destination: CompactString,
    /// When it began. Unix milliseconds.
    pub began: u64,
}

/// A step of an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of crm-connector.md §8.1")]
pub enum Step {
    Alerting,
    Connected,
    Held,
    Resumed,
    Transferred,
    Ended,
}

impl Step {
    const ALL: [Step; 6] =
        [Self::Alerting, Self::Connected, Self::Held, Self::Resumed, Self::Transferred, Self::Ended];

    fn as_str(self) -> &'static str {
        match self {
            Self::Alerting => "ALERTING",
            Self::Connected => "CONNECTED",
            Self::Held => "HELD",
            Self::Resumed => "RESUMED",
            Self::Transferred => "TRANSFERRED",
            Self::Ended => "ENDED",
        }
    }
}

impl ConnectorMessage {
    /// Parses a message. `None` if it is invalid or its action is unknown.
    pub fn read(message: &Value) -> Option<Self> {
        let envelope = open(message, FROM_CONNECTOR)?;
        let data = envelope.data;
        Some(match envelope.action {
            "ready" => Self::Ready,
            "requestCrmData" => Self::RequestCrmData,
            // The vendor's prose has the second spelling (crm-connector.md §4.3).
            "requestGetCrmDirectory" | "requestGetCRMDirectory" => Self::RequestGetCrmDirectory,
            "requestEnableClickToDial" => {
                Self::RequestEnableClickToDial(data.get("isEnabled").and_then(lenient::flag).unwrap_or(false))
            }
            "requestNavigateToClickToDialResult" => Self::RequestNavigateToClickToDialResult(data.clone()),
            "requestPerformInteractionScreenPop" => {
                Self::RequestPerformInteractionScreenPop(ScreenPop::read(data))
            }
            "requestOpenReports" => Self::RequestOpenReports,
            "requestSaveInteractionLog" => Self::RequestSaveInteractionLog(Box::new(LogRecord::read(data)?)),
            "interactionEvent" => Self::InteractionEvent(Progress::read(data)?),
            "requestCustomFieldsValues" => {
                let side = |name| data.pointer(name).map(|names| lenient::texts(names, FIELDS_MAX));
                Self::RequestCustomFieldsValues {
                    voice: side("/object/voice").unwrap_or_default(),
                    digital: side("/object/digital").unwrap_or_default(),
                }
            }
            _ => return None,
        })
    }

    /// Prints the message. Without a payload it has no `data`.
    pub fn print(&self) -> Value {
        let (action, data) = match self {
            Self::Ready => ("ready", None),
            Self::RequestCrmData => ("requestCrmData", None),
            Self::RequestGetCrmDirectory => ("requestGetCrmDirectory", None),
            Self::RequestEnableClickToDial(on) => {
                ("requestEnableClickToDial", Some(json!({ "isEnabled": on })))
            }
            Self::RequestNavigateToClickToDialResult(result) => {
                ("requestNavigateToClickToDialResult", Some(result.clone()))
            }
            Self::RequestPerformInteractionScreenPop(pop) => {
                ("requestPerformInteractionScreenPop", Some(pop.print()))
            }
            Self::RequestOpenReports => ("requestOpenReports", None),
            Self::RequestSaveInteractionLog(log) => ("requestSaveInteractionLog", Some(log.print())),
            Self::InteractionEvent(progress) => ("interactionEvent", Some(progress.print())),
            Self::RequestCustomFieldsValues { voice, digital } => (
                "requestCustomFieldsValues",
                Some(json!({ "object": { "voice": voice, "digital": digital } })),
            ),
        };
        envelope(FROM_CONNECTOR, action, data)
    }
}

impl Progress {
    fn read(data: &Value) -> Option<Self> {
        let word = lenient::member(data, "event")?;
        Some(Self {
            step: Step::ALL.into_iter().find(|step| step.as_str() == word)?,
            interaction: lenient::member(data, "interactionId")?,
            inbound: lenient::member(data, "direction").is_none_or(|direction| direction != OUTBOUND),
            originating: lenient::member(data, "originatingAddress").unwrap_or_default(),
            destination: lenient::member(data, "destinationAddress").unwrap_or_default(),
            began: data.get("startTimestamp").and_then(lenient::count).unwrap_or_default(),
        })
    }

    fn print(&self) -> Value {
        json!({
            "event": self.step.as_str(),
            "interactionId": self.interaction,
            "channelType": "VOICE",
            "direction": if self.inbound { INBOUND } else { OUTBOUND },
            "originatingAddress": self.originating,
            "destinationAddress": self.destination,
            "startTimestamp": self.began,
        })
    }
}

impl ScreenPop {
    fn read(data: &Value) -> Self {
        let list =
            |name: &str| data.get(name).map(|list| lenient::texts(list, FIELDS_MAX)).unwrap_or_default();
        let params = data.get("customParams").and_then(Value::as_object).into_iter().flatten();
        Self {
            ani: list("aniValues"),
            dnis: list("dnisValues"),
            params: params
                .filter_map(|(name, value)| Some((name.as_str().into(), lenient::text(value)?)))
                .take(FIELDS_MAX)
                .collect(),
            interaction: lenient::member(data, "interactionId").unwrap_or_default(),
            inbound: lenient::member(data, "direction").is_none_or(|direction| direction != OUTBOUND),
        }
    }

    /// `aniValues` always; the other keys are proposals (crm-connector.md §4.7).
    fn print(&self) -> Value {
        let mut pop = json!({
            "aniValues": self.ani,
            "interactionId": self.interaction,
            "interactionType": "VOICE",
            "direction": if self.inbound { INBOUND } else { OUTBOUND },
        });
        if !self.dnis.is_empty() {
            pop["dnisValues"] = json!(self.dnis);
        }
        if !self.params.is_empty() {
            let params = self.params.iter().map(|(name, value)| (name.to_string(), json!(value)));
            pop["customParams"] = Value::Object(params.collect());
        }
        pop
    }
}
