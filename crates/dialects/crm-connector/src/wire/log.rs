//! `requestSaveInteractionLog`: the log of a completed interaction (crm-connector.md §4.8).

use compact_str::CompactString;
use serde_json::{Value, json};

use super::{
    lenient,
    limits::{COMMENTS_MAX, FIELDS_MAX},
};

/// The log of an interaction. Times are in the agent's time zone, because the public client does not convert them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogRecord {
    /// The ID of the interaction. The CRM uses it for what it saves.
    pub interaction: CompactString,
    /// The caller.
    pub originating: CompactString,
    /// The called party.
    pub destination: CompactString,
    /// The name of the queue.
    pub topic: CompactString,
    /// When the interaction began. Unix milliseconds.
    pub began: u64,
    /// When the interaction ended. Unix milliseconds.
    pub ended: u64,
    /// How far the agent's clock is ahead of UTC. Minutes.
    pub offset_min: i32,
    /// Whether the agent was called.
    pub inbound: bool,
    /// Whether the call was answered.
    pub answered: bool,
    /// The agent.
    pub agent: CompactString,
    /// The disposition.
    pub disposition: Option<CompactString>,
    /// The subject.
    pub subject: CompactString,
    /// The agent's notes.
    pub comments: String,
    /// Custom fields, by the CRM's names.
    pub fields: Vec<(CompactString, CompactString)>,
    /// The related objects that came with a click.
    pub related: Value,
    /// The data of the message as it came, to be sent back with the history item.
    pub source: Value,
}

impl LogRecord {
    /// Parses the known parts; `None` without an interaction ID.
    pub(super) fn read(data: &Value) -> Option<Self> {
        let body = data.pointer("/message/body")?;
        let text = |path: &str| body.pointer(path).and_then(lenient::text);
        let moment = |path: &str| body.pointer(path).and_then(lenient::count).unwrap_or_default();
        let fields = body.pointer("/interactionData/logDetails/customFields").and_then(Value::as_array);
        let fields = fields.map(Vec::as_slice).unwrap_or_default().iter();
        let interaction = "/interactionData/interaction";
        Some(Self {
            interaction: lenient::member(body, "interactionId")?,
            originating: text("/interactionData/updatedOriginatingAddress").unwrap_or_default(),
            destination: text("/interactionData/updatedDestinationAddress").unwrap_or_default(),
            topic: text(&format!("{interaction}/topic")).unwrap_or_default(),
            began: moment(&format!("{interaction}/startTimestamp")),
            ended: moment(&format!("{interaction}/endTimestamp")),
            offset_min: 0,
            inbound: text(&format!("{interaction}/direction"))
                .is_none_or(|direction| direction != "OUTBOUND"),
            answered: body
                .pointer(&format!("{interaction}/answered"))
                .and_then(lenient::flag)
                .unwrap_or(true),
            agent: text(&format!("{interaction}/agentId")).unwrap_or_default(),
            disposition: text(&format!("{interaction}/dispositionCode")),
            subject: text("/interactionData/logDetails/subject").unwrap_or_default(),
            comments: body
                .pointer("/interactionData/logDetails/comments")
                .and_then(|comments| lenient::long_text(comments, COMMENTS_MAX))
                .unwrap_or_default(),
            fields: fields.filter_map(field).take(FIELDS_MAX).collect(),
            related: body.pointer("/interactionData/logDetails/relatedTo").cloned().unwrap_or_default(),
            source: data.clone(),
        })
    }

    /// Whether the agent wrote nothing. Connectors send every interaction.
    pub fn is_blank(&self) -> bool {
        let nothing = self.subject.is_empty() && self.comments.is_empty() && self.disposition.is_none();
        nothing && self.fields.iter().all(|(_, value)| value.is_empty())
    }

    /// Prints the log. `interactionId`, `interaction` and `customFields` are always present: the public client fails without them.
    pub fn print(&self) -> Value {
        let (date, time) = self.local(self.began);
        let talked = if self.answered { self.ended.saturating_sub(self.began) } else { 0 };
        let fields: Vec<Value> = self
            .fields
            .iter()
            .map(|(name, value)| json!({ "logFieldName": name, "currentValue": value }))
            .collect();
        json!({ "message": { "body": {
            "interactionId": self.interaction,
            "interactionData": {
                "updatedOriginatingAddress": self.originating,
                "updatedDestinationAddress": self.destination,
                "interaction": {
                    "id": self.interaction,
                    "topic": self.topic,
                    "channelType": "VOICE",
                    "direction": if self.inbound { "INBOUND" } else { "OUTBOUND" },
                    "answered": self.answered,
                    "startTimestamp": self.began,
                    "endTimestamp": self.ended,
                    "agentId": self.agent,
                    "dispositionCode": self.disposition,
                    "intrinsics": {
                        "START_TIME": time,
                        "START_DATE": date,
                        "END_TIME": self.local(self.ended).1,
                        "DURATION": talked / 1_000,
                    },
                },
                "logDetails": {
                    "subject": self.subject,
                    "comments": self.comments,
                    "customFields": fields,
                    "relatedTo": self.related,
                },
            },
        } } })
    }

    /// The date and time in the agent's time zone: `2026-11-21`, `14:05:33(GMT+02:00)`.
    fn local(&self, at: u64) -> (String, String) {
        let there = at.saturating_add_signed(i64::from(self.offset_min) * 60_000);
        let text = wire::soap::rfc3339(there);
        let (date, time) = text.split_once('T').unwrap_or((&text, ""));
        let time = time.get(..8).unwrap_or(time);
        let (sign, ahead) = (if self.offset_min < 0 { '-' } else { '+' }, self.offset_min.unsigned_abs());
        (date.to_owned(), format!("{time}(GMT{sign}{:02}:{:02})", ahead / 60, ahead % 60))
    }
}

fn field(field: &Value) -> Option<(CompactString, CompactString)> {
    Some((
        lenient::member(field, "logFieldName")?,
        field.get("currentValue").map(lenient::any_text).unwrap_or_default(),
    ))
}
