//! `displayErrorNotification`: a notification from the CRM page for the agent (crm-connector.md §4.11).

use compact_str::CompactString;
use serde::Serialize;
use serde_json::{Value, json};

use super::{lenient, limits::PIECES_MAX};

/// How a notification is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Disappears by itself.
    #[default]
    Transient,
    /// Stays until the agent confirms it.
    OkDialog,
    /// Stays until the agent confirms or cancels it.
    OkCancelDialog,
    /// Stays until a notification with the same ID replaces it, or for one minute.
    FixedDialog,
    /// A notification of the operating system. It is shown as plain text, despite its name.
    Html,
}

impl Kind {
    const ALL: [Kind; 5] =
        [Self::Transient, Self::OkDialog, Self::OkCancelDialog, Self::FixedDialog, Self::Html];

    fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::OkDialog => "okDialog",
            Self::OkCancelDialog => "okCancelDialog",
            Self::FixedDialog => "fixedDialog",
            Self::Html => "html",
        }
    }
}

/// The severity of a notification.
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

    fn as_str(self) -> &'static str {
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

/// A notification for the agent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Notification {
    /// How it is shown. An unknown kind is transient.
    pub kind: Kind,
    /// The severity. An unknown one is an error.
    pub severity: Severity,
    /// The title.
    pub title: CompactString,
    /// The pieces of the text, joined by spaces.
    pub text: String,
    /// A later notification with the same ID replaces it.
    pub dialog_id: Option<CompactString>,
    /// Whether it stays on the screen.
    pub persist: bool,
    /// Whether it is kept in the list of errors.
    pub store: bool,
}

impl Notification {
    /// Parses a notification. A bare text is its only piece.
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
                .and_then(|word| Kind::ALL.into_iter().find(|kind| kind.as_str() == word))
                .unwrap_or_default(),
            severity: severity
                .and_then(|word| Severity::ALL.into_iter().find(|severity| severity.as_str() == word))
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
            "type": self.kind.as_str(), "severity": self.severity.as_str(), "textArray": [self.text],
            "title": self.title, "dialogId": self.dialog_id, "persist": self.persist, "store": self.store,
        })
    }
}
