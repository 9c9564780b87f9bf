//! `displayErrorNotification`: the page around has something to say to the agent (crm-connector.md §4.11).

use compact_str::CompactString;
use serde::Serialize;
use serde_json::{Value, json};

use super::{lenient, limits::PIECES_MAX};

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Goes by itself.
    #[default]
    Transient,
    /// Stays until the agent has read it.
    OkDialog,
    /// The same with a second way out.
    OkCancelDialog,
    /// Stays until another one of its id takes its place, or a minute has passed.
    FixedDialog,
    /// A notification of the desktop's. Its text is text, whatever the name says.
    Html,
}

impl Kind {
    const ALL: [Kind; 5] =
        [Self::Transient, Self::OkDialog, Self::OkCancelDialog, Self::FixedDialog, Self::Html];

    fn word(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::OkDialog => "okDialog",
            Self::OkCancelDialog => "okCancelDialog",
            Self::FixedDialog => "fixedDialog",
            Self::Html => "html",
        }
    }
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the vendor's words")]
pub enum Severity {
    Event,
    Info,
    Warning,
    #[default]
    Error,
    Critical,
    Success,
}

impl Severity {
    const ALL: [Severity; 6] =
        [Self::Event, Self::Info, Self::Warning, Self::Error, Self::Critical, Self::Success];

    fn word(self) -> &'static str {
        match self {
            Self::Event => "EVENT",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
            Self::Success => "SUCCESS",
        }
    }
}

/// Something to be shown to the agent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Notification {
    /// How; what is not known is transient.
    pub kind: Kind,
    /// How much it matters; what is not known is an error.
    pub severity: Severity,
    /// One line above.
    pub title: CompactString,
    /// The pieces joined by blanks.
    pub text: String,
    /// Another one of the same id takes its place.
    pub dialog_id: Option<CompactString>,
    /// It stays on the screen.
    pub persist: bool,
    /// It is kept in the list of errors.
    pub store: bool,
}

impl Notification {
    /// Reads one. A bare text is its own only piece.
    pub(super) fn read(data: &Value) -> Self {
        if data.is_string() {
            return Self { text: lenient::text(data).unwrap_or_default().into(), ..Self::default() };
        }
        // The vendor's format block has `serverity`, its example `severity` (crm-connector.md §4.11).
        let severity = lenient::member(data, "severity").or_else(|| lenient::member(data, "serverity"));
        let kind = lenient::member(data, "type");
        let flag = |name| data.get(name).and_then(lenient::flag).unwrap_or(false);
        Self {
            kind: kind
                .and_then(|word| Kind::ALL.into_iter().find(|kind| kind.word() == word))
                .unwrap_or_default(),
            severity: severity
                .and_then(|word| Severity::ALL.into_iter().find(|severity| severity.word() == word))
                .unwrap_or_default(),
            title: lenient::member(data, "title").unwrap_or_default(),
            text: lenient::texts(data.get("textArray").unwrap_or(&Value::Null), PIECES_MAX).join(" "),
            dialog_id: lenient::member(data, "dialogId"),
            persist: flag("persist"),
            store: flag("store"),
        }
    }

    pub(super) fn print(&self) -> Value {
        json!({
            "type": self.kind.word(), "severity": self.severity.word(), "textArray": [self.text],
            "title": self.title, "dialogId": self.dialog_id, "persist": self.persist, "store": self.store,
        })
    }
}
