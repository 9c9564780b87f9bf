//! What the connector says (crm-connector.md §4).

use compact_str::CompactString;
use serde_json::{Value, json};

use super::{FROM_CONNECTOR, LogRecord, envelope, lenient, limits::FIELDS_MAX, open};

/// `direction` of a call that somebody else began; a proposal (crm-connector.md §4.7).
const INBOUND: &str = "INBOUND";
/// `direction` of a call that the agent began.
const OUTBOUND: &str = "OUTBOUND";

/// What the connector says.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectorMessage {
    /// It is there; said until it is answered.
    Ready,
    /// Asks for configuration, user and capabilities.
    RequestCrmData,
    /// Asks who can be called.
    RequestGetCrmDirectory,
    /// Whether clicks on numbers are to be told.
    RequestEnableClickToDial(bool),
    /// Asks for the record of a click to be shown; the click's own result.
    RequestNavigateToClickToDialResult(Value),
    /// Asks for the record of an interaction to be shown.
    RequestPerformInteractionScreenPop(ScreenPop),
    /// Asks for the page of reports.
    RequestOpenReports,
    /// Asks for an interaction to be logged.
    RequestSaveInteractionLog(Box<LogRecord>),
    /// An interaction went on; a proposal, said only to pages that list it (crm-connector.md §8.1).
    InteractionEvent(Progress),
    /// Asks what fields are, by the CRM's names.
    RequestCustomFieldsValues {
        /// Of calls.
        voice: Vec<CompactString>,
        /// Of other media.
        digital: Vec<CompactString>,
    },
}

/// What is known of the one whose record is to be shown (crm-connector.md §4.7).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScreenPop {
    /// Numbers of the caller, the best one first. Clients look at two.
    pub ani: Vec<CompactString>,
    /// Numbers that were dialled.
    pub dnis: Vec<CompactString>,
    /// Data of the call by the names that the configuration lists.
    pub params: Vec<(CompactString, CompactString)>,
    /// Which interaction.
    pub interaction: CompactString,
    /// Whether somebody called the agent.
    pub inbound: bool,
}

/// How an interaction went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What happened.
    pub step: Step,
    /// Which interaction.
    pub interaction: CompactString,
    /// Whether somebody called the agent.
    pub inbound: bool,
    /// Who called.
    pub originating: CompactString,
    /// Who was called.
    pub destination: CompactString,
    /// When it began. Unix milliseconds.
    pub began: u64,
}

/// What can happen to an interaction.
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

    fn word(self) -> &'static str {
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
    /// Reads a message; `None` for what is none, or of an action that is not known.
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

    /// Prints it. What has no payload has no `data`.
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
            step: Step::ALL.into_iter().find(|step| step.word() == word)?,
            interaction: lenient::member(data, "interactionId")?,
            inbound: lenient::member(data, "direction").is_none_or(|direction| direction != OUTBOUND),
            originating: lenient::member(data, "originatingAddress").unwrap_or_default(),
            destination: lenient::member(data, "destinationAddress").unwrap_or_default(),
            began: data.get("startTimestamp").and_then(lenient::count).unwrap_or_default(),
        })
    }

    fn print(&self) -> Value {
        json!({
            "event": self.step.word(),
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
